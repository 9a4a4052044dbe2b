"""What is thrown away is out of sight, counts as kept, comes back as it was, and goes for good when its time is up."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.problems import Conflict, Denied, NotFound
from overprint.engine.schedule import ScheduleContext
from overprint.features.shelf import Shelf
from overprint.features.shelf.rules import Picked, picked
from tests.features.shelf.conftest import KEPT
from tests.support.made import database_urls, studio
from tests.support.studio import BRIEF, Studio, upload

__all__ = ["database_urls", "studio"]

ANOTHER = replace(BRIEF, seed=2)  # not made yet

PNG = b"\x89PNG\r\n\x1a\n" + bytes(92)


async def _upload(studio: Studio, name: str = "a.png") -> UUID:
    async with studio.transaction() as transaction:
        kept = await upload(studio.library, transaction, studio.owner, PNG, name, None)
    asset_id: UUID = kept["id"]
    return asset_id


async def _throw(studio: Studio, shelf: Shelf, chosen: Picked) -> Any:
    async with studio.transaction() as transaction:
        return await shelf.discard(transaction, studio.owner, chosen)


async def _used_bytes(studio: Studio) -> int:
    async with studio.transaction() as transaction:
        return (await studio.library.room(transaction)).used_bytes


async def _purge(studio: Studio, shelf: Shelf) -> None:
    await shelf.purge_trash(ScheduleContext(studio.engine.database, SystemClock(), 60.0), KEPT)


async def _age(studio: Studio, days: float) -> None:
    async with studio.transaction() as transaction:
        for table in ("books", "assets"):
            await transaction.driver.execute(
                f"UPDATE {table} SET discarded_at = discarded_at - $1 * interval '1 day'", days
            )


async def test_a_book_that_is_thrown_away_and_brought_back_is_what_it_was(studio: Studio, shelf: Shelf) -> None:
    book_id = await studio.make()
    before, used = await studio.book(book_id), await _used_bytes(studio)
    assets = await studio.count("assets WHERE discarded_at IS NULL")
    thrown = await _throw(studio, shelf, picked([book_id], []))
    async with studio.transaction() as transaction:
        with pytest.raises(NotFound, match="in the trash"):
            await studio.books.get(transaction, book_id)
        assert await studio.books.list_books(transaction) == []
        assert await studio.library.list_assets(transaction) == []
        room = await studio.library.room(transaction)
    assert (room.used_bytes, room.trash_things) == (used, 1)
    assert 0 < room.trash_bytes <= used
    async with studio.transaction() as transaction:
        assert await shelf.undo(transaction, studio.owner, thrown.at) == 1
    after = await studio.book(book_id)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"updated_at", "files"}, "links are signed anew"
    assert await studio.count("assets WHERE discarded_at IS NULL") == assets


async def test_what_is_thrown_away_together_is_undone_together_and_nothing_else(studio: Studio, shelf: Shelf) -> None:
    first, second, third = [await _upload(studio, name) for name in ("a.png", "b.png", "c.png")]
    await _throw(studio, shelf, picked([], [first]))
    thrown = await _throw(studio, shelf, picked([], [second, third]))
    assert thrown.things == 2
    async with studio.transaction() as transaction:
        assert await shelf.undo(transaction, studio.owner, thrown.at) == 2
        assert await shelf.undo(transaction, studio.owner, thrown.at) == 0
        kept = {row["id"] for row in await studio.library.list_assets(transaction)}
    assert kept & {first, second, third} == {second, third}


async def test_a_job_of_a_book_in_the_trash_cannot_be_run_again(studio: Studio, shelf: Shelf) -> None:
    book_id = await studio.make()
    await _throw(studio, shelf, picked([book_id], []))
    async with studio.transaction() as transaction:
        job = await studio.jobs.find_newest(transaction, book_id)
        assert job is not None
        with pytest.raises(Conflict, match="in the trash"):
            await studio.jobs.rerun(transaction, studio.owner, job["id"])


async def test_what_is_being_made_cannot_be_thrown_away(studio: Studio, shelf: Shelf) -> None:
    book_id, _ = await studio.start(ANOTHER)
    with pytest.raises(Conflict, match="being made"):
        await _throw(studio, shelf, picked([book_id], []))
    assert await studio.count(f"books WHERE id = '{book_id}' AND discarded_at IS NULL") == 1


async def test_files_of_a_book_stay_with_it(studio: Studio, shelf: Shelf) -> None:
    await studio.make()
    async with studio.transaction() as transaction:
        asset = (await studio.library.list_assets(transaction))[0]
        project = await studio.library.make_project(transaction, studio.owner, "Tales")
        chosen = picked([], [asset["id"]])
        assert (await shelf.discard(transaction, studio.owner, chosen)).things == 0
        assert await shelf.move(transaction, studio.owner, chosen, project["id"]) == 0
        assert (await studio.library.get_asset(transaction, asset["id"]))["project_id"] is None


async def test_a_book_moves_into_a_project_with_all_that_it_made(studio: Studio, shelf: Shelf) -> None:
    book_id = await studio.make()
    async with studio.transaction() as transaction:
        project = await studio.library.make_project(transaction, studio.owner, "Tales")
        assert await shelf.move(transaction, studio.owner, picked([book_id], []), project["id"]) == 1
    assert await studio.count("assets WHERE project_id IS NULL") == 0
    async with studio.transaction() as transaction:
        job = await studio.jobs.find_newest(transaction, book_id)
        assert job is not None
        again = await studio.jobs.rerun(transaction, studio.owner, job["id"])
    assert again["project_id"] == project["id"], "what is made again belongs where the book is now"


async def test_the_trash_is_deleted_for_good_when_its_time_is_up(studio: Studio, shelf: Shelf) -> None:
    book_id, file_id = await studio.make(), await _upload(studio)
    kept = await _upload(studio, "kept.png")
    await _throw(studio, shelf, picked([book_id], [file_id]))
    await _purge(studio, shelf)
    assert await studio.count("books") == 1, "its time is not up"
    await _age(studio, KEPT.days + 1)
    await _purge(studio, shelf)
    assert await studio.count("books") == 0
    assert await studio.count("jobs") == 0
    async with studio.transaction() as transaction:
        assert [row["id"] for row in await studio.library.list_assets(transaction)] == [kept]
    assert await _used_bytes(studio) == len(PNG)
    await studio.sweep()
    assert len([blob async for blob in studio.storage.list("")]) == 1


async def test_what_was_taken_out_at_the_last_moment_is_not_purged(studio: Studio, shelf: Shelf) -> None:
    book_id = await studio.make()
    await _throw(studio, shelf, picked([book_id], []))
    thing = {"sort": "work", "id": book_id, "kind": "book", "team_id": studio.owner.team_id}
    async with studio.transaction() as transaction:
        await shelf.restore(transaction, studio.owner, picked([book_id], []))
        await shelf._purge(transaction, thing)
    assert (await studio.book(book_id))["id"] == book_id


async def test_deleting_from_the_trash_leaves_alone_what_is_not_there(studio: Studio, shelf: Shelf) -> None:
    book_id, file_id = await studio.make(), await _upload(studio)
    async with studio.transaction() as transaction:
        assert await shelf.delete(transaction, studio.owner, picked([book_id], [file_id])) == 0
    await _throw(studio, shelf, picked([], [file_id]))
    async with studio.transaction() as transaction:
        assert await shelf.empty_trash(transaction, studio.owner) == 1
    assert await studio.count("books") == 1


async def test_what_somebody_takes_out_at_this_moment_is_not_deleted_for_good(studio: Studio, shelf: Shelf) -> None:
    book_id = await studio.make()
    await _throw(studio, shelf, picked([book_id], []))

    async def delete() -> int:
        async with studio.transaction() as transaction:
            return await shelf.delete(transaction, studio.owner, picked([book_id], []))

    async with studio.transaction() as transaction:
        await shelf.restore(transaction, studio.owner, picked([book_id], []))
        deleting = asyncio.create_task(delete())
        await asyncio.sleep(0.3)
        assert not deleting.done(), "it waits for who restores"
    assert await deleting == 0
    assert await studio.count("books WHERE discarded_at IS NULL") == 1


async def test_viewers_change_nothing_on_the_shelf(studio: Studio, shelf: Shelf) -> None:
    book_id = await studio.make()
    chosen = picked([book_id], [])
    async with studio.transaction() as transaction:
        for refused in (
            shelf.discard(transaction, studio.viewer, chosen),
            shelf.restore(transaction, studio.viewer, chosen),
            shelf.delete(transaction, studio.viewer, chosen),
            shelf.move(transaction, studio.viewer, chosen, None),
            shelf.empty_trash(transaction, studio.viewer),
        ):
            with pytest.raises(Denied):
                await refused


async def test_programs_throw_away_list_restore_and_delete(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    assert (await client.delete(f"/api/books/{book_id}")).status_code == 204
    assert (await client.get(f"/api/books/{book_id}")).status_code == 404
    listed = (await client.get("/api/trash")).json()
    assert [(row["sort"], row["id"]) for row in listed["items"]] == [("work", str(book_id))]
    assert listed["size_bytes"] == listed["items"][0]["size_bytes"] > 0
    back = await client.post("/api/trash/restore", json={"works": [str(book_id)]})
    assert (back.status_code, back.json()) == (200, {"things": 1})
    assert (await client.get(f"/api/books/{book_id}")).status_code == 200
    await client.delete(f"/api/books/{book_id}")
    assert (await client.delete("/api/trash")).json() == {"things": 1}
    assert await studio.count("books") == 0


async def test_a_file_can_be_deleted_at_once_by_who_says_so(client: httpx.AsyncClient, studio: Studio) -> None:
    asset_id = await _upload(studio)
    assert (await client.delete(f"/api/assets/{asset_id}")).status_code == 204
    assert await studio.count(f"assets WHERE id = '{asset_id}'") == 1
    assert (await client.delete(f"/api/assets/{asset_id}", params={"for_good": True})).status_code == 204
    assert await studio.count(f"assets WHERE id = '{asset_id}'") == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"works": ["x"]}, 422),
        ({"works": [str(new_id())]}, 404),
        ({"works": [str(new_id()) for _ in range(201)]}, 422),
        ({"files": [str(new_id())]}, 200),
    ],
)
async def test_hostile_choices_are_refused_in_words(client: httpx.AsyncClient, sent: Any, status: int) -> None:
    assert (await client.post("/api/trash/restore", json=sent)).status_code == status


async def test_what_cannot_be_deleted_keeps_nothing_else_in_the_trash(studio: Studio, shelf: Shelf) -> None:
    stuck, job_id = await studio.start(ANOTHER)
    async with studio.transaction() as transaction:
        await studio.jobs.pause(transaction, studio.owner, job_id)
    await studio.make()
    async with studio.transaction() as transaction:
        await transaction.driver.execute("UPDATE books SET discarded_at = now() - interval '40 days'")
    for _ in range(2):
        await shelf.purge_trash(ScheduleContext(studio.engine.database, SystemClock(), 60.0), KEPT)
        async with studio.transaction() as transaction:
            left = await transaction.driver.fetch("SELECT id FROM books")
        assert [row["id"] for row in left] == [stuck]
