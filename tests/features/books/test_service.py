"""What people do with books, on a real database."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Denied, Invalid, NotFound
from overprint.craft.press import printers
from overprint.db.database import Transaction
from overprint.engine.job import JobState
from overprint.features.books import Target
from overprint.features.books.steps import COMPOSE
from overprint.ports.errors import Refused
from tests.features.photos.people import CONSENT, MIA
from tests.features.photos.people import photo as portrait_of_mia
from tests.support.studio import BRIEF, Studio

Change = Callable[[Studio, Transaction, Principal, UUID], Awaitable[Any]]

CHANGES: dict[str, Change] = {
    "make": lambda studio, t, who, book: studio.books.make(t, who, book),
    "change the brief": lambda studio, t, who, book: studio.books.change_brief(t, who, book, {"title": "New"}),
    "edit a chapter": lambda studio, t, who, book: studio.books.edit_chapter(t, who, book, 1, [["A."], ["B."], ["C."]]),
    "edit a character": lambda studio, t, who, book: studio.books.edit_character(
        t, who, book, "mira", {"body": "#112233"}
    ),
    "move": lambda studio, t, who, book: studio.books.move(t, who, book, None),
    "discard": lambda studio, t, who, book: studio.books.discard(t, who, book),
    "delete": lambda studio, t, who, book: studio.books.delete(t, who, book),
}
TABLES = ("books", "jobs", "assets", "audit_log", "step_edits")


async def _tables(studio: Studio) -> dict[str, int]:
    return {table: await studio.count(table) for table in TABLES}


async def test_a_book_that_is_being_made_cannot_be_changed(studio: Studio) -> None:
    book_id, _ = await studio.start()
    before = await _tables(studio)
    for name, change in CHANGES.items():
        with pytest.raises(Conflict, match="being made right now"):
            async with studio.transaction() as transaction:
                await change(studio, transaction, studio.owner, book_id)
        assert await _tables(studio) == before, name


async def test_what_does_not_exist_or_is_another_teams_cannot_be_seen_or_changed(studio: Studio) -> None:
    book_id, _ = await studio.start()
    stranger = replace(studio.owner, team_id=new_id())
    for change in CHANGES.values():
        with pytest.raises(NotFound):
            async with studio.transaction() as transaction:
                await change(studio, transaction, studio.owner, new_id())
        with pytest.raises(NotFound):
            async with studio.engine.database.transaction(stranger.team_id) as transaction:
                await change(studio, transaction, stranger, book_id)
    async with studio.engine.database.transaction(stranger.team_id) as transaction:
        assert await studio.books.list_books(transaction) == []


async def test_viewers_look_and_change_nothing(studio: Studio) -> None:
    book_id = await studio.make(target=Target.CHAPTERS)
    before = await _tables(studio)
    for name, change in CHANGES.items():
        with pytest.raises(Denied):
            async with studio.transaction() as transaction:
                await change(studio, transaction, studio.viewer, book_id)
        assert await _tables(studio) == before, name
    with pytest.raises(Denied):
        async with studio.transaction() as transaction:
            await studio.books.start(transaction, studio.viewer, BRIEF)
    assert await _tables(studio) == before
    assert (await studio.book(book_id))["title"]


async def test_a_whole_book_is_ready_and_has_all_its_parts(studio: Studio) -> None:
    book = await studio.book(await studio.make())
    assert book["state"] == "ready"
    assert {row["slot"] for row in book["files"]} >= {"pdf", "epub", "picture/cover", "picture/1/1", "picture/2/3"}
    assert [(row["number"], row["state"], row["is_edited"]) for row in book["chapters"]] == [
        (1, "written", False),
        (2, "written", False),
    ]
    assert {"Mira", "Soot"} <= {row["name"] for row in book["characters"]}
    assert book["job_id"] is not None


async def test_a_book_with_a_failed_picture_is_incomplete_and_keeps_the_rest(studio: Studio) -> None:
    studio.images.fail_next(Refused("Not this one.", provider="fake"))
    book_id, job_id = await studio.start()
    assert await studio.finish(job_id) is JobState.FAILED
    book = await studio.book(book_id)
    assert book["state"] == "incomplete"
    slots = {row["slot"] for row in book["files"]}
    assert {"pdf", "epub"} <= slots
    assert sum(slot.startswith("picture/") for slot in slots) == 6


async def test_a_book_of_which_only_a_part_was_asked_for_is_incomplete(studio: Studio) -> None:
    book = await studio.book(await studio.make(target=Target.CHAPTERS))
    assert (book["state"], book["files"]) == ("incomplete", [])
    assert all(row["pages"] for row in book["chapters"])


async def test_a_book_whose_job_was_cancelled_says_so_and_can_be_changed_again(studio: Studio) -> None:
    book_id, job_id = await studio.start()
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, job_id)
    assert (await studio.book(book_id))["state"] == "cancelled"
    async with studio.transaction() as transaction:
        await studio.books.change_brief(transaction, studio.owner, book_id, {"author": "Ann"})
    assert (await studio.book(book_id))["brief"]["author"] == "Ann"


async def test_edits_say_what_is_wrong_with_them(studio: Studio) -> None:
    book_id = await studio.make(target=Target.CHAPTERS)
    books, owner = studio.books, studio.owner
    who = (await studio.book(book_id))["characters"][0]["id"]
    before = await _tables(studio)

    async def refused(change: Callable[[Transaction], Awaitable[None]], kind: type[Exception]) -> Any:
        with pytest.raises(kind) as caught:
            async with studio.transaction() as transaction:
                await change(transaction)
        return caught.value

    for number in (0, 3, -1, 10**6):
        await refused(lambda t, n=number: books.edit_chapter(t, owner, book_id, n, [["A."]]), NotFound)  # type: ignore[misc]
    few = await refused(lambda t: books.edit_chapter(t, owner, book_id, 1, [["A."]]), Invalid)
    assert (few.field, few.message) == ("pages", "Chapter 1 has 3 pages; this text has 1.")
    blank = await refused(lambda t: books.edit_chapter(t, owner, book_id, 1, [["A."], ["\u202a"], ["C."]]), Invalid)
    assert blank.field == "pages[1].paragraphs"
    for title in (" ", "…!", "x" * 121):
        await refused(lambda t, title=title: books.edit_chapter(t, owner, book_id, 1, title=title), Invalid)  # type: ignore[misc]
    await refused(lambda t: books.edit_character(t, owner, book_id, "nobody", {}), NotFound)
    looks = {
        "body": "red",
        "hair": "blue",
        "height": 9,
        "accessories": ["scarf"] * 5,
        "tail": "long",
        "eye_colour": None,
        "species": {},
    }
    for field, value in looks.items():
        look = {field: value}
        problem = await refused(lambda t, look=look: books.edit_character(t, owner, book_id, who, look), Invalid)  # type: ignore[misc]
        assert problem.field == field
    assert await _tables(studio) == before


async def test_an_edited_chapter_is_kept_as_the_persons_own(studio: Studio) -> None:
    book_id = await studio.make(target=Target.CHAPTERS)
    async with studio.transaction() as transaction:
        pages = [["Mira\x00 waved.", " "], ["B."], ["C."]]
        await studio.books.edit_chapter(transaction, studio.owner, book_id, 1, pages)
    edited = (await studio.book(book_id))["chapters"][0]
    assert (edited["state"], edited["is_edited"]) == ("stale", True)
    assert edited["pages"][0] == {"paragraphs": ["Mira waved."]}
    async with studio.transaction() as transaction:
        job = await studio.books.make(transaction, studio.owner, book_id, Target.CHAPTERS)
    await studio.finish(job["id"])
    made = (await studio.book(book_id))["chapters"][0]
    assert (made["state"], made["is_edited"], made["pages"]) == ("written", True, edited["pages"])


async def test_a_chapters_title_is_the_persons_own_and_only_the_books_are_set_again(studio: Studio) -> None:
    book_id = await studio.make()
    async with studio.transaction() as transaction:
        await studio.books.edit_chapter(transaction, studio.owner, book_id, 2, title="The  Long Way\x00 Home")
        book = await studio.books.get(transaction, book_id)
        newest = await studio.jobs.find_newest(transaction, book_id)
        ahead = await studio.books.forecast(transaction, book, newest)
    first, second = (await studio.book(book_id))["chapters"]
    assert (second["title"], second["state"], second["is_edited"]) == ("The Long Way Home", "stale", False)
    assert {key.removeprefix("signed/") for key in ahead.runs} == {"compose", "pdf", "epub", "fixed-layout"}
    async with studio.transaction() as transaction:
        job = await studio.books.make(transaction, studio.owner, book_id)
    assert await studio.finish(job["id"]) is JobState.COMPLETED
    made = (await studio.book(book_id))["chapters"]
    assert [(row["title"], row["state"]) for row in made] == [
        (first["title"], "written"),
        ("The Long Way Home", "written"),
    ]
    async with studio.transaction() as transaction:
        pages = (await studio.jobs.find_output(transaction, book_id, COMPOSE))["doc"]["pages"]
    assert [page["heading"] for page in pages if page["kind"] == "story" and page["heading"]] == [
        first["title"],
        "The Long Way Home",
    ]


async def test_a_new_look_is_kept_and_forecast(studio: Studio) -> None:
    book_id = await studio.make(target=Target.ILLUSTRATIONS)
    who = (await studio.book(book_id))["characters"][0]["id"]
    async with studio.transaction() as transaction:
        await studio.books.edit_character(transaction, studio.owner, book_id, who, {"body": "#3344aa"})
    sheets = {row["id"]: row["sheet"] for row in (await studio.book(book_id))["characters"]}
    assert sheets[who]["body"] == "#3344aa"
    async with studio.transaction() as transaction:
        book = await studio.books.get(transaction, book_id)
        newest = await studio.jobs.find_newest(transaction, book_id)
        ahead = await studio.books.forecast(transaction, book, newest, Target.ILLUSTRATIONS)
    assert "picture/cover" in ahead.runs
    assert {"plan", "text/1", "scenes/2"} <= set(ahead.reused)


async def test_a_book_is_begun_once_a_key_and_only_in_a_project_that_exists(studio: Studio) -> None:
    with pytest.raises(NotFound, match="no such project"):
        await studio.start(project_id=new_id())
    assert await studio.count("books") == 0
    first = await studio.start(idempotency_key="once")
    assert await studio.start(idempotency_key="once") == first
    async with studio.transaction() as transaction:
        project = (await studio.library.make_project(transaction, studio.owner, "Bedtime"))["id"]
    others: list[dict[str, Any]] = [
        {"brief": replace(BRIEF, seed=2)},
        {"target": Target.CHAPTERS},
        {"printer": next(iter(printers()))},
        {"project_id": project},
    ]
    for other in others:
        with pytest.raises(Conflict, match="another request"):
            await studio.start(**other, idempotency_key="once")
    assert (await studio.count("books"), await studio.count("jobs")) == (1, 1)


async def test_a_request_with_a_photo_is_known_again_when_the_photo_is_gone(studio: Studio) -> None:
    photos, owner = studio.books.photos, studio.owner
    photo = (await photos.upload(studio.transaction, owner, portrait_of_mia(), CONSENT.version))["id"]
    async with studio.transaction() as transaction:
        await photos.confirm(transaction, owner, photo, MIA)
    brief = replace(BRIEF, premise="Mia and her cat look for an echo")
    first = await studio.start(brief, photos=[photo], idempotency_key="once")
    assert (await studio.book(first[0]))["brief"]["looks"][0]["name"] == "Mia"
    await photos.delete(studio.transaction, owner, photo)
    assert await studio.start(brief, photos=[photo], idempotency_key="once") == first
    with pytest.raises(Conflict, match="another request"):
        await studio.start(brief, photos=[], idempotency_key="once")
    with pytest.raises(NotFound, match="no such photo"):
        await studio.start(brief, photos=[new_id()], idempotency_key="once")
    with pytest.raises(Conflict, match="Nobody has said yet"):
        await studio.start(brief, photos=[photo], idempotency_key="another")
    assert await studio.count("books") == 1


async def test_a_deleted_book_takes_its_files_along(studio: Studio) -> None:
    book_id = await studio.make(target=Target.ILLUSTRATIONS)
    assert await studio.count("assets") == 7
    async with studio.transaction() as transaction:
        await studio.books.delete(transaction, studio.owner, book_id)
    await studio.sweep()
    assert [info async for info in studio.storage.list("teams")] == []
    assert await studio.count("book_files") == await studio.count("assets") == 0
