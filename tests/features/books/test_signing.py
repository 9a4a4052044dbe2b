"""What a person is given is signed; what was made stays beside it as it is."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.credentials.embedded import EmbeddedCredentials, new_identity
from overprint.core.clock import SystemClock
from overprint.core.credentials import Credentials, State, Statement
from overprint.db.database import Database
from overprint.engine.job import JobState
from overprint.features.books import Target
from overprint.ports.errors import Refused
from overprint.ports.storage import BlobInfo
from tests.support.database import TestDatabase
from tests.support.studio import BRIEF, Studio, open_studio

PDF = "application/pdf"
PICTURES = {"picture/cover", *(f"picture/{n}/{page}" for n in (1, 2) for page in (1, 2, 3))}
SIGNED = {"pdf", "epub", "fixed-layout"} | PICTURES


class CountedCredentials(EmbeddedCredentials):
    """Remembers the hashes of the PDF files that it signed."""

    def __init__(self) -> None:
        super().__init__(InlineCompute(), SystemClock(), new_identity(datetime.now(UTC)))
        self.signed_pdfs: list[str] = []

    async def sign(self, data: bytes, media_type: str, statement: Statement, parts: Mapping[str, bytes]) -> bytes:
        signed = await super().sign(data, media_type, statement, parts)
        if media_type == PDF:
            self.signed_pdfs.append(hashlib.sha256(signed).hexdigest())
        return signed


@pytest.fixture
def credentials() -> CountedCredentials:
    return CountedCredentials()


@pytest.fixture
async def signing(
    database: Database, database_urls: TestDatabase, credentials: CountedCredentials
) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, credentials=credentials) as opened:
        yield opened


async def _files(studio: Studio, book_id: UUID) -> dict[str, dict[str, Any]]:
    return {file["slot"]: file for file in (await studio.book(book_id))["files"]}


async def _read(studio: Studio, credentials: CountedCredentials, file: dict[str, Any]) -> Credentials:
    found = (await credentials.read(await studio.storage.get(file["key"]), file["media_type"])).credentials
    assert found is not None
    return found


async def test_every_picture_and_book_is_given_signed_and_kept_unsigned(
    signing: Studio, credentials: CountedCredentials
) -> None:
    book_id = await signing.make()
    files = await _files(signing, book_id)
    assert set(files) == SIGNED
    for slot, file in files.items():
        found = await _read(signing, credentials, file)
        assert (found.state, found.ours) == (State.INTACT, True), slot
        assert found.facts.content_sha256 == file["unsigned_hash"] == file["file"]["content_hash"]
        kept = await signing.storage.get(file["file"]["key"])
        assert hashlib.sha256(kept).hexdigest() == file["unsigned_hash"]
        assert file["content_hash"] != file["unsigned_hash"]
    for slot in ("pdf", "epub"):
        parts = {part.recipe for part in (await _read(signing, credentials, files[slot])).parts}
        assert len(parts) == 7 and "" not in parts


async def test_an_audiobook_is_given_signed_and_keeps_its_length(
    signing: Studio, credentials: CountedCredentials
) -> None:
    files = await _files(signing, await signing.make(target=Target.AUDIO))
    for slot in ("audiobook", "read-aloud", "read-aloud-fixed"):
        found = await _read(signing, credentials, files[slot])
        assert (found.state, found.facts.content_sha256) == (State.INTACT, files[slot]["unsigned_hash"]), slot
        assert files[slot]["content_hash"] != files[slot]["unsigned_hash"]
    assert files["audiobook"]["duration_seconds"] == files["audiobook"]["file"]["duration_seconds"] > 1


async def test_the_library_lists_the_copy_to_take_and_the_other_when_asked(signing: Studio) -> None:
    files = (await _files(signing, await signing.make())).values()
    async with signing.transaction() as transaction:
        given = {asset["content_hash"] for asset in await signing.library.list_assets(transaction, limit=200)}
        both = await signing.library.list_assets(transaction, limit=200, with_unsigned=True)
    assert given == {file["content_hash"] for file in files}
    assert {asset["content_hash"] for asset in both} == given | {file["unsigned_hash"] for file in files}


async def _dedicated(signing: Studio) -> tuple[UUID, Any]:
    """A finished book, and the job that begins to make it again with a dedication."""
    book_id = await signing.make()
    async with signing.transaction() as transaction:
        await signing.books.change_brief(transaction, signing.owner, book_id, {"dedication": "To Bo"})
        job = await signing.books.make(transaction, signing.owner, book_id)
    return book_id, job


async def test_a_new_file_without_a_signed_copy_is_listed_as_it_is(
    signing: Studio, credentials: CountedCredentials
) -> None:
    book_id, job = await _dedicated(signing)
    broken = _refusing(credentials)
    await signing.finish(job["id"])
    broken.undo()
    unsigned = (await _files(signing, book_id))["pdf"]["content_hash"]
    async with signing.transaction() as transaction:
        listed = {asset["content_hash"] for asset in await signing.library.list_assets(transaction, limit=200)}
    assert unsigned in listed


async def test_the_recipe_in_a_file_is_that_of_the_step_that_made_it(
    signing: Studio, credentials: CountedCredentials
) -> None:
    book_id = await signing.make()
    async with signing.transaction() as transaction:
        book = await signing.books.get(transaction, book_id)
        steps = {step["key"]: step for step in await signing.jobs.list_steps(transaction, book["job_id"])}
    for slot, file in (await _files(signing, book_id)).items():
        assert (await _read(signing, credentials, file)).facts.recipe == steps[slot]["recipe"]


async def test_a_book_made_again_keeps_every_signature(signing: Studio, credentials: CountedCredentials) -> None:
    book_id = await signing.make()
    before = await _files(signing, book_id)
    async with signing.transaction() as transaction:
        job = await signing.books.make(transaction, signing.owner, book_id)
    assert await signing.finish(job["id"]) is JobState.COMPLETED
    other = await signing.make(BRIEF)
    for files in (await _files(signing, book_id), await _files(signing, other)):
        assert {slot: file["content_hash"] for slot, file in files.items()} == {
            slot: file["content_hash"] for slot, file in before.items()
        }
    assert len(credentials.signed_pdfs) == 1


async def test_a_changed_look_signs_only_what_shows_it(signing: Studio) -> None:
    book_id = await signing.make()
    before = await _files(signing, book_id)
    who = (await signing.book(book_id))["characters"][0]["id"]
    async with signing.transaction() as transaction:
        await signing.books.edit_character(transaction, signing.owner, book_id, who, {"body": "#3344aa"})
        job = await signing.books.make(transaction, signing.owner, book_id)
    await signing.finish(job["id"])
    for slot, file in (await _files(signing, book_id)).items():
        is_new = file["unsigned_hash"] != before[slot]["unsigned_hash"]
        assert (file["content_hash"] != before[slot]["content_hash"]) is is_new, slot
        assert file["content_hash"] != file["unsigned_hash"]


async def test_a_file_whose_signing_fails_is_given_as_it_is_and_no_older_one_in_its_place(
    signing: Studio, credentials: CountedCredentials
) -> None:
    book_id, job = await _dedicated(signing)
    broken = _refusing(credentials)
    assert await signing.finish(job["id"]) is JobState.FAILED
    files = await _files(signing, book_id)
    for slot in ("pdf", "epub"):
        assert files[slot]["content_hash"] == files[slot]["unsigned_hash"]
    broken.undo()
    async with signing.transaction() as transaction:
        again = await signing.books.make(transaction, signing.owner, book_id)
    assert await signing.finish(again["id"]) is JobState.COMPLETED
    files = await _files(signing, book_id)
    assert all(file["content_hash"] != file["unsigned_hash"] for file in files.values())


def _refusing(credentials: CountedCredentials) -> pytest.MonkeyPatch:
    async def refuse(*_: Any) -> bytes:
        raise Refused("Not now.", provider="signer")

    patch = pytest.MonkeyPatch()
    patch.setattr(credentials, "sign", refuse)
    return patch


async def test_a_worker_that_ends_before_it_delivers_leaves_one_signed_file_and_no_other(
    signing: Studio, credentials: CountedCredentials
) -> None:
    stored = _standing_still_once(signing)
    book_id, job_id = await signing.start()
    async with signing.engine.worker("first"):
        await stored.wait()
    assert await signing.finish(job_id) is JobState.COMPLETED
    assert len(set(credentials.signed_pdfs)) == 2
    given = (await _files(signing, book_id))["pdf"]
    assert given["content_hash"] == credentials.signed_pdfs[1]
    named = await signing.engine.database.system.fetch("SELECT * FROM assets WHERE step_key = 'signed/pdf'")
    assert [row["content_hash"] for row in named] == [given["content_hash"]]
    assert len(await _signed_pdfs(signing)) == 2
    await signing.sweep()
    assert await _signed_pdfs(signing) == [given["key"]]


def _standing_still_once(studio: Studio) -> asyncio.Event:
    """The first worker that has stored a signed PDF goes no further. Answers what tells of it."""
    stored, put = asyncio.Event(), studio.storage.put

    async def put_and_stand(key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        info = await put(key, data, media_type=media_type, content_hash=content_hash)
        if "/signed/" in key and media_type == PDF and not stored.is_set():
            stored.set()
            await asyncio.Event().wait()
        return info

    studio.storage.put = put_and_stand  # type: ignore[method-assign]
    return stored


async def _signed_pdfs(studio: Studio) -> list[str]:
    keys = [blob.key async for blob in studio.storage.list("")]
    return [key for key in keys if "/signed/" in key and key.endswith(".pdf")]


async def test_without_a_key_everything_is_given_as_it_was_made(studio: Studio) -> None:
    files = await _files(studio, await studio.make())
    assert set(files) == SIGNED
    assert all(file["content_hash"] == file["unsigned_hash"] for file in files.values())
