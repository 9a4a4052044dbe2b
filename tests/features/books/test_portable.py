"""Books that travel between teams that know nothing of each other, and files that lie."""

import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotFound, Problem
from overprint.core.story import Age
from overprint.db.database import Database
from overprint.engine.job import JobState
from overprint.features.billing import FREE
from overprint.features.books import Portables
from overprint.features.books.pipeline import MAKE
from overprint.features.jobs import arriving, brought_archive, send_parcel
from overprint.features.jobs.portable.waiting import WAITING_MAX, let_wait
from tests.support.database import TestDatabase
from tests.support.made import database_urls, studio
from tests.support.studio import BRIEF, Studio, open_studio
from tests.support.zips import Members, members_of, zipped

__all__ = ["database_urls", "studio"]

TABLES = ("books", "jobs", "assets", "step_edits", "audit_log")


@pytest.fixture
async def elsewhere(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    """Another team with storage of its own. Its illustrator is the same, so a book could be drawn there too."""
    async with open_studio(database, database_urls) as opened:
        yield opened


async def _sent(studio: Studio, book_id: UUID) -> bytes:
    portables = Portables(studio.books)
    async with studio.transaction() as transaction:
        parcel = await portables.pack(transaction, book_id)
    return b"".join([piece async for piece in await send_parcel(studio.storage, parcel)])


async def _taken_in(studio: Studio, data: bytes, most_credits: int | None = 1000) -> tuple[UUID, UUID]:
    """Ids of the book and its job, which nobody works on yet."""
    portables, file = Portables(studio.books), io.BytesIO(data)
    async with arriving(portables, studio.owner, studio.transaction, file) as work:
        async with work.stored(most_credits) as (_, keep):
            job = await keep()
        return work.arrived.book_id, job["id"]


async def test_for_a_book_that_comes_less_is_held_than_for_one_that_is_made(
    studio: Studio, database: Database, database_urls: TestDatabase
) -> None:
    data = await _sent(studio, await studio.make())
    async with open_studio(database, database_urls, plan=FREE) as paying:
        with pytest.raises(Conflict, match="nobody agreed"):
            await _taken_in(paying, data, most_credits=None)
        _, job_id = await _taken_in(paying, data)
        async with paying.transaction() as transaction:
            job = await paying.jobs.get(transaction, job_id)
            whole = await paying.jobs.quotes.quote(transaction, MAKE, job["request"])
        written = {"books.plan@1", "books.write@1", "books.scenes@1", "books.illustrate@1"}
        brought = sum(line.count * line.price_credits for line in whole.lines if line.kind in written)
        assert 0 < job["quote_credits"] <= whole.credits - brought < whole.credits


async def _hashes(studio: Studio, book_id: UUID) -> dict[str, str]:
    return {file["slot"]: file["unsigned_hash"] for file in (await studio.book(book_id))["files"]}


async def _ran(studio: Studio, job_id: UUID) -> set[str]:
    """Keys of the steps that a worker ran."""
    rows = await studio.engine.database.system.fetch("SELECT key FROM steps WHERE job_id = $1 AND attempt > 0", job_id)
    return {row["key"] for row in rows if not row["key"].startswith(("signed/", "cast/"))}


def _changed(members: Members, name: str, change: Callable[[Any], Any]) -> Members:
    """The members with one piece of JSON changed: ``change`` works on it in place, or answers another."""
    said = json.loads(members[name])
    answer = change(said)
    return {**members, name: json.dumps(said if answer is None else answer).encode()}


async def _traces(studio: Studio) -> dict[str, int]:
    return {table: await studio.count(table) for table in TABLES}


async def test_a_book_comes_out_elsewhere_byte_for_byte_and_nothing_is_written_or_drawn(
    studio: Studio, elsewhere: Studio
) -> None:
    book_id = await studio.make(replace(BRIEF, dedication="To Bo"))
    arrived, job_id = await _taken_in(elsewhere, await _sent(studio, book_id))
    assert await elsewhere.finish(job_id) is JobState.COMPLETED
    assert await _hashes(elsewhere, arrived) == await _hashes(studio, book_id)
    assert await _ran(elsewhere, job_id) == {"compose", "pdf", "epub", "fixed-layout"}
    assert elsewhere.images.requests == []
    here, there = await studio.book(book_id), await elsewhere.book(arrived)
    for part in ("title", "brief", "state"):
        assert here[part] == there[part]
    for part in ("chapters", "characters"):
        assert [_without_ids(row) for row in here[part]] == [_without_ids(row) for row in there[part]]


def _without_ids(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("book_id", "team_id")}


async def test_a_book_that_is_read_aloud_is_heard_elsewhere_without_a_word_spoken(
    studio: Studio, elsewhere: Studio
) -> None:
    book_id = await studio.make(replace(BRIEF, age=Age.EARLY), is_aloud=True)
    arrived, job_id = await _taken_in(elsewhere, await _sent(studio, book_id))
    assert await elsewhere.finish(job_id) is JobState.COMPLETED
    assert await _hashes(elsewhere, arrived) == await _hashes(studio, book_id)
    assert await _ran(elsewhere, job_id) == {
        *("compose", "pdf", "epub", "fixed-layout"),
        *("read-aloud", "read-aloud-fixed", "audiobook"),
    }


async def test_what_a_person_wrote_travels_and_stays_the_persons(studio: Studio, elsewhere: Studio) -> None:
    book_id = await studio.make()
    who = (await studio.book(book_id))["characters"][0]["id"]
    async with studio.transaction() as transaction:
        pages = [["Mira waved."], ["Soot slept."], ["The end of the first part."]]
        await studio.books.edit_chapter(transaction, studio.owner, book_id, 1, pages)
        await studio.books.edit_chapter(transaction, studio.owner, book_id, 2, title="Home")
        await studio.books.edit_character(transaction, studio.owner, book_id, who, {"body": "#3344aa"})
        job = await studio.books.make(transaction, studio.owner, book_id)
    await studio.finish(job["id"])
    arrived, job_id = await _taken_in(elsewhere, await _sent(studio, book_id))
    await elsewhere.finish(job_id)
    assert await _hashes(elsewhere, arrived) == await _hashes(studio, book_id)
    assert await _ran(elsewhere, job_id) == {"compose", "pdf", "epub", "fixed-layout"}
    book = await elsewhere.book(arrived)
    assert (book["chapters"][0]["is_edited"], book["chapters"][1]["is_edited"]) == (True, False)
    assert book["chapters"][1]["title"] == "Home"
    assert next(row for row in book["characters"] if row["id"] == who)["sheet"]["body"] == "#3344aa"


async def test_a_book_that_came_can_be_changed_and_only_what_depends_on_that_is_made(
    studio: Studio, elsewhere: Studio
) -> None:
    arrived, job_id = await _taken_in(elsewhere, await _sent(studio, await studio.make()))
    await elsewhere.finish(job_id)
    before = await _hashes(elsewhere, arrived)
    who = (await elsewhere.book(arrived))["characters"][0]["id"]
    async with elsewhere.transaction() as transaction:
        await elsewhere.books.edit_character(transaction, elsewhere.owner, arrived, who, {"body": "#3344aa"})
        job = await elsewhere.books.make(transaction, elsewhere.owner, arrived)
    assert await elsewhere.finish(job["id"]) is JobState.COMPLETED
    after, ran = await _hashes(elsewhere, arrived), await _ran(elsewhere, job["id"])
    assert "picture/cover" in ran and not any(key.startswith(("plan", "text/", "scenes/")) for key in ran)
    assert {slot for slot in after if slot.startswith("picture/") and after[slot] != before[slot]} == {
        key for key in ran if key.startswith("picture/")
    }


async def test_a_book_travels_on_from_where_it_came_to(studio: Studio, elsewhere: Studio) -> None:
    book_id = await studio.make()
    first = await _sent(studio, book_id)
    arrived, job_id = await _taken_in(elsewhere, first)
    await elsewhere.finish(job_id)
    second = await _sent(elsewhere, arrived)
    assert second == first
    again, job_id = await _taken_in(studio, second)
    await studio.finish(job_id)
    assert await _hashes(studio, again) == await _hashes(studio, book_id)


async def test_a_lie_in_a_file_is_never_taken_for_what_this_team_made(studio: Studio, elsewhere: Studio) -> None:
    """The file claims another text for the very recipe that an honest book of the team has."""
    members = members_of(await _sent(studio, await studio.make()))

    def lie(text: Any) -> None:
        text["pages"][0]["paragraphs"] = ["Buy gold at once."]

    arrived, job_id = await _taken_in(elsewhere, zipped(_changed(members, "steps/text/1.json", lie)))
    await elsewhere.finish(job_id)
    lying = await elsewhere.book(arrived)
    assert lying["chapters"][0]["pages"][0]["paragraphs"] == ["Buy gold at once."]
    honest = await elsewhere.book(await elsewhere.make())
    assert "gold" not in json.dumps([row["pages"] for row in honest["chapters"]])
    recipes = "SELECT count(*) FROM steps WHERE job_id = $1 AND origin = 'imported' AND recipe IS NOT NULL"
    assert await elsewhere.engine.database.system.fetchval(recipes, job_id) == 0
    made_here = "SELECT recipe FROM assets WHERE lineage = $1 AND storage_key LIKE '%/imported/%'"
    brought = await elsewhere.engine.database.system.fetch(made_here, arrived)
    assert brought and {row["recipe"] for row in brought} == {None}


async def test_an_answer_to_another_question_is_not_used(studio: Studio, elsewhere: Studio) -> None:
    members = members_of(await _sent(studio, await studio.make()))

    def forget(header: Any) -> None:
        header["steps"]["text/1"]["made_of"] = "ab" * 32

    arrived, job_id = await _taken_in(elsewhere, zipped(_changed(members, "overprint.json", forget)))
    await elsewhere.finish(job_id)
    assert "text/1" in await _ran(elsewhere, job_id)
    assert (await elsewhere.book(arrived))["state"] == "ready"


def _drop_a_page(said: Any) -> None:
    said["pages"].pop()


def _other_bytes(members: Members) -> Members:
    name = next(name for name in members if name.startswith("files/"))
    return {**members, name: members[name] + b"x"}


def _a_drawing_that_runs(members: Members) -> Members:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
    return _in_place_of_the_cover(members, drawing, "image/svg+xml")


def _a_drawing_of_endless_depth(members: Members) -> Members:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">' + b"<g>" * 100_000 + b"</g>" * 100_000
    return _in_place_of_the_cover(members, drawing + b"</svg>", "image/svg+xml")


def _a_drawing_that_is_endless(members: Members) -> Members:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    told = _in_place_of_the_cover(members, drawing, "image/svg+xml")
    return _changed(told, "steps/picture/cover.json", lambda said: said["file"].update(kind="other", width_px=2**31))


def _a_picture_that_is_huge(members: Members) -> Members:
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + b"\0" * 64
    return _in_place_of_the_cover(members, png, "image/png")


def _a_program(members: Members) -> Members:
    return _in_place_of_the_cover(members, b"MZ" + b"\0" * 200, "image/png")


def _in_place_of_the_cover(members: Members, data: bytes, media_type: str) -> Members:
    content_hash = hashlib.sha256(data).hexdigest()
    name = "steps/picture/cover.json"
    before = json.loads(members[name])["file"]["content_hash"]

    def swap(said: Any) -> None:
        told = {"content_hash": content_hash, "key": f"files/{content_hash}", "size_bytes": len(data)}
        said["file"] |= {**told, "media_type": media_type}

    kept = {key: content for key, content in members.items() if key != f"files/{before}"}
    return {**_changed(kept, name, swap), f"files/{content_hash}": data}


def _header(change: Callable[[Any], Any]) -> Callable[[Members], Members]:
    return lambda members: _changed(members, "overprint.json", change)


def _set(**values: Any) -> Callable[[Any], Any]:
    return lambda said: said.update(values)


LIES: dict[str, Callable[[Members], Members]] = {
    "too few pages": lambda members: _changed(members, "steps/text/1.json", _drop_a_page),
    "a step that is deep": lambda members: {**members, "steps/text/1.json": b"[" * 600 + b"]" * 600},
    "a step of another shape": lambda members: _changed(members, "steps/plan.json", lambda said: {"a": 1}),
    "no plan": lambda members: _without_a_step(members, "plan"),
    "a step that no book has": _header(lambda said: said["steps"].update({"pdf": said["steps"].pop("plan")})),
    "another kind": _header(lambda said: said["steps"]["plan"].update(kind="books.pdf@1")),
    "a brief without a story": _header(lambda said: said["brief"].update(premise="...")),
    "a brief of another length": _header(lambda said: said["brief"].update(pages=60)),
    "a printer that nobody knows": _header(_set(printer="gutenberg")),
    "bytes of another file": _other_bytes,
    "a file that is no part": lambda members: {**members, f"files/{hashlib.sha256(b'x').hexdigest()}": b"x"},
    "a file that is missing": lambda members: dict(list(members.items())[:-1]),
    "a place elsewhere": lambda members: _changed(
        members, "steps/picture/cover.json", lambda said: said["file"].update(key="../../secrets/signing")
    ),
    "a quiet place that is none": lambda members: _changed(members, "steps/picture/cover.json", _set(quiet="nowhere")),
    "a drawing that runs": _a_drawing_that_runs,
    "a drawing that is endless": _a_drawing_that_is_endless,
    "a drawing of endless depth": _a_drawing_of_endless_depth,
    "a picture that is huge": _a_picture_that_is_huge,
    "a program": _a_program,
}


def _without_a_step(members: Members, key: str) -> Members:
    kept = {name: content for name, content in members.items() if name != f"steps/{key}.json"}
    return _changed(kept, "overprint.json", lambda said: said["steps"].pop(key) and None)


async def test_a_book_without_a_picture_arrives_and_is_drawn(members: Members, elsewhere: Studio) -> None:
    bare = {name: content for name, content in members.items() if not name.startswith("files/")}
    for key in [key for key in json.loads(members["overprint.json"])["steps"] if key.startswith("picture/")]:
        bare = _without_a_step(bare, key)
    arrived, job_id = await _taken_in(elsewhere, zipped(bare))
    assert await elsewhere.finish(job_id) is JobState.COMPLETED
    assert (await elsewhere.book(arrived))["state"] == "ready"
    assert "text/1" not in await _ran(elsewhere, job_id)


@pytest.fixture
async def members(studio: Studio) -> Members:
    return members_of(await _sent(studio, await studio.make()))


async def test_what_no_step_could_have_answered_is_refused_and_leaves_nothing(
    members: Members, elsewhere: Studio
) -> None:
    before = await _traces(elsewhere)
    refused: dict[str, Problem] = {}
    for name, lie in LIES.items():
        try:
            await _taken_in(elsewhere, zipped(lie(members)))
        except (Invalid, LimitReached) as problem:
            refused[name] = problem
    assert [name for name in LIES if name not in refused] == []
    assert [name for name, problem in refused.items() if len(str(problem)) > 400 or not problem.next_step] == []
    assert await _traces(elsewhere) == before
    assert [blob async for blob in elsewhere.storage.list("")] == []


async def test_an_import_that_ends_half_way_leaves_bytes_for_the_sweep_and_nothing_else(
    members: Members, elsewhere: Studio
) -> None:
    portables, file = Portables(elsewhere.books), io.BytesIO(zipped(members))
    async with arriving(portables, elsewhere.owner, elsewhere.transaction, file) as work, work.stored(1000):
        pass
    assert [blob async for blob in elsewhere.storage.list("")]
    assert set((await _traces(elsewhere)).values()) == {0}
    await elsewhere.sweep()
    assert [blob async for blob in elsewhere.storage.list("")] == []


async def test_a_deleted_book_takes_with_it_all_that_it_brought(members: Members, elsewhere: Studio) -> None:
    arrived, job_id = await _taken_in(elsewhere, zipped(members))
    await elsewhere.finish(job_id)
    async with elsewhere.transaction() as transaction:
        await elsewhere.books.delete(transaction, elsewhere.owner, arrived)
    await elsewhere.sweep()
    assert [blob async for blob in elsewhere.storage.list("")] == []
    assert await elsewhere.count("step_edits") == 0
    async with elsewhere.transaction() as transaction:
        assert await transaction.driver.fetchval("SELECT used_bytes FROM storage_usage") == 0


async def test_who_may_not_write_or_has_no_room_brings_no_book(
    members: Members, elsewhere: Studio, database: Database, database_urls: TestDatabase
) -> None:
    portables, file = Portables(elsewhere.books), io.BytesIO(zipped(members))
    with pytest.raises(Denied):
        async with arriving(portables, elsewhere.viewer, elsewhere.transaction, file):
            pass
    async with open_studio(database, database_urls, quota_bytes=1000) as small:
        with pytest.raises(LimitReached):
            await _taken_in(small, zipped(members))


async def test_of_archives_that_wait_for_a_yes_the_newest_few_stay_and_take_room_of_their_team(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_studio(database, database_urls, quota_bytes=1000) as small:
        library, who = small.books.library, small.owner
        names = [
            await let_wait(library, who, small.transaction, io.BytesIO(bytes([number]) * 250)) for number in range(5)
        ]
        with pytest.raises(LimitReached, match="may keep"):
            await let_wait(library, who, small.transaction, io.BytesIO(bytes(600)))
        kept = {blob.key.rpartition("/")[2] async for blob in small.storage.list("")}
        assert len(kept) == WAITING_MAX and names[-1] in kept
        async with brought_archive(library, who, None, names[-1]) as file:
            assert file.read() == bytes([4]) * 250
        with pytest.raises(NotFound, match="waited too long"):
            async with brought_archive(library, who, None, min(set(names) - kept)):
                pass
        await small.sweep()
        assert [blob async for blob in small.storage.list("")] == []


async def test_a_book_that_is_being_made_is_not_sent(studio: Studio) -> None:
    book_id, _ = await studio.start(replace(BRIEF, seed=2))
    with pytest.raises(Conflict, match="being made right now"):
        await _sent(studio, book_id)


async def test_a_book_goes_out_and_in_over_the_api(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    sent = await client.get(f"/api/books/{book_id}/archive")
    assert sent.status_code == 200 and sent.content == await _sent(studio, book_id)
    assert sent.headers["content-disposition"].endswith(".overprint")
    file, key = {"file": ("book.overprint", sent.content)}, {"Idempotency-Key": "once"}
    taken = await client.post("/api/books/import", files=file, headers=key)
    assert taken.status_code == 202, taken.text
    await studio.finish(UUID(taken.json()["job_id"]))
    assert (await client.post("/api/books/import", files=file, headers=key)).json() == taken.json()
    pressed = [await client.post("/books/import", files=file, data={"once": once}) for once in ("a", "a", "b")]
    first, second, another = [answer.headers["location"] for answer in pressed]
    assert f"/books/{taken.json()['book_id']}" != first == second != another, "a button pressed twice takes in one book"
    at, key = f"/api/books/{taken.json()['book_id']}", {"Idempotency-Key": "again"}
    again, said_twice = [(await client.post(f"{at}/make", headers=key)) for _ in range(2)]
    assert again.status_code == 202 and said_twice.json() == again.json()
    assert (await client.post(f"{at}/pdf", headers=key)).json()["code"] == "conflict"
    await studio.finish(UUID(again.json()["job_id"]))
    assert await _hashes(studio, UUID(taken.json()["book_id"])) == await _hashes(studio, book_id)
    refused = await client.post("/api/books/import", files={"file": ("book.overprint", sent.content[:-40])})
    assert refused.status_code == 422
    assert "cut short" in refused.text


async def test_a_book_goes_out_and_in_over_the_pages(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    assert f"/api/books/{book_id}/archive" in (await client.get(f"/books/{book_id}")).text
    sent = await _sent(studio, book_id)
    taken = await client.post("/books/import", files={"file": ("book.overprint", sent)})
    assert taken.status_code == 303
    assert (await client.get(taken.headers["location"])).status_code == 200
    refused = await client.post("/books/import", files={"file": ("book.overprint", b"no book")})
    assert refused.status_code == 422
    assert "was cut short" in refused.text
