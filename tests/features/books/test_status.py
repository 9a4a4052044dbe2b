"""What a book's status tells, and how little it asks the database for it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from overprint.craft.press import printers
from overprint.engine.forecast import Forecast
from tests.support.made import database_urls, studio
from tests.support.statements import statements
from tests.support.studio import BRIEF, Studio

__all__ = ["database_urls", "studio"]

BOOKS = [f"{before}{book}" for before in ("", "signed/") for book in ("pdf", "epub", "fixed-layout")]


async def _status(client: httpx.AsyncClient, book_id: UUID) -> dict[str, Any]:
    answer = await client.get(f"/api/books/{book_id}/status")
    assert answer.status_code == 200, answer.text
    status: dict[str, Any] = answer.json()
    return status


async def _foreseen(studio: Studio, book_id: UUID) -> tuple[Forecast, int]:
    """What making it again would do, and how many statements it took to say so."""
    async with studio.transaction() as transaction:
        book = await studio.books.get(transaction, book_id)
        newest = await studio.jobs.find_newest(transaction, book_id)
        async with statements(transaction) as sent:
            ahead = await studio.books.forecast(transaction, book, newest)
    return ahead, len(sent)


async def test_while_a_book_is_being_made_nothing_is_foreseen(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, job_id = await studio.start(replace(BRIEF, seed=2))
    status = await _status(client, book_id)
    assert (status["state"], status["job_state"], status["job_id"]) == ("making", "queued", str(job_id))
    assert status["will_run"] is status["will_reuse"] is None


async def test_a_finished_book_would_reuse_everything(client: httpx.AsyncClient, studio: Studio) -> None:
    status = await _status(client, await studio.make())
    assert (status["state"], status["progress"], status["will_run"]) == ("ready", 1.0, [])
    assert {"plan", "text/1", "picture/2/3", "pdf"} <= set(status["will_reuse"])


async def test_what_depends_on_an_edit_would_run_and_nothing_else(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    answer = await client.put(f"/api/books/{book_id}/chapters/1", json={"pages": [["One."], ["Two."], ["Three."]]})
    assert answer.status_code == 200, answer.text
    status = await _status(client, book_id)
    assert set(status["will_run"]) == {"scenes/1", "compose", *BOOKS}
    assert {"text/1", "text/2", "scenes/2", "picture/2/1"} <= set(status["will_reuse"])


async def test_a_book_that_was_printed_foresees_its_print_edition_too(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id = await studio.make(printer=next(iter(printers())))
    assert "print" in (status := await _status(client, book_id))["will_reuse"]
    assert status["will_run"] == []
    assert (await client.patch(f"/api/books/{book_id}", json={"dedication": "To Bo"})).status_code == 200
    assert set((await _status(client, book_id))["will_run"]) == {"compose", "print", *BOOKS}


async def test_foreseeing_asks_as_little_of_a_long_book_as_of_a_short_one(studio: Studio) -> None:
    short, few = await _foreseen(studio, await studio.make())
    long, many = await _foreseen(studio, await studio.make(replace(BRIEF, pages=24, chapters=6)))
    assert short.runs == long.runs == ()
    assert len(long.reused) > len(short.reused) + 18
    assert few == many <= 9


async def test_a_second_look_at_an_unchanged_book_asks_once_and_sees_every_change(studio: Studio) -> None:
    book_id = await studio.make()
    first, asked = await _foreseen(studio, book_id)
    again, asked_again = await _foreseen(studio, book_id)
    assert (again, asked_again) == (first, 1)
    assert asked > 1
    who = (await studio.book(book_id))["characters"][0]["id"]
    for colour in ("#3344aa", "#aa4433"):
        async with studio.transaction() as transaction:
            await studio.books.edit_character(transaction, studio.owner, book_id, who, {"body": colour})
        changed, _ = await _foreseen(studio, book_id)
        assert "picture/cover" in changed.runs
        async with studio.transaction() as transaction:
            job = await studio.books.make(transaction, studio.owner, book_id)
        await studio.finish(job["id"])
        assert (await _foreseen(studio, book_id))[0].runs == ()
    async with studio.transaction() as transaction:
        await studio.books.change_brief(transaction, studio.owner, book_id, {"dedication": "To Bo"})
    assert set((await _foreseen(studio, book_id))[0].runs) == {"compose", *BOOKS}


async def test_links_show_what_browsers_can_show_and_save_the_rest(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    files = {file["slot"]: file for file in (await client.get(f"/api/books/{book_id}")).json()["files"]}

    def saved_as(slot: str) -> str | None:
        path, _, query = files[slot]["url"].partition("?")
        return studio.storage.verify_signed(path, query, datetime.now(UTC)).file_name

    assert saved_as("pdf") is saved_as("picture/cover") is None
    assert saved_as("epub") == files["epub"]["name"]
