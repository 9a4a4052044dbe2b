"""Bytes that are nobody's leave the storage, and nobody's else do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.engine import blobs
from overprint.engine.schedule import ScheduleContext
from overprint.features.books import Target
from overprint.features.library import Library, store
from overprint.ports.errors import ProviderError, Unavailable
from overprint.ports.storage import BlobInfo
from tests.support.studio import GRACE, Studio, upload

PNG = b"\x89PNG\r\n\x1a\n" + bytes(92)
ROWS = "SELECT key FROM doomed_blobs ORDER BY key"


async def _upload(studio: Studio, library: Library | None = None, data: bytes = PNG) -> dict[str, Any]:
    async with studio.transaction() as transaction:
        return await upload(library or studio.library, transaction, studio.owner, data, "a.png", None)


async def _delete(studio: Studio, asset_id: UUID) -> None:
    async with studio.transaction() as transaction:
        await studio.library.delete_asset(transaction, studio.owner, asset_id)


async def _sweep(studio: Studio, passed: timedelta = GRACE, library: Library | None = None) -> None:
    await studio.age_doomed(passed)
    context = ScheduleContext(studio.engine.database, SystemClock(), 60.0)
    async with asyncio.timeout(30):
        await (library or studio.library).sweep(context, GRACE)


async def _doomed(studio: Studio) -> list[str]:
    return [row["key"] for row in await studio.engine.database.system.fetch(ROWS)]


async def test_deleted_bytes_stay_for_the_grace_and_then_go(studio: Studio) -> None:
    asset = await _upload(studio)
    await _delete(studio, asset["id"])
    await _sweep(studio, GRACE - timedelta(minutes=1))
    assert await studio.storage.find(asset["storage_key"])
    await _sweep(studio, timedelta(minutes=1))
    assert await studio.storage.find(asset["storage_key"]) is None
    assert await _doomed(studio) == []


async def test_what_a_failed_upload_stored_is_swept(studio: Studio) -> None:
    with pytest.raises(RuntimeError):
        async with studio.transaction() as transaction:
            asset = await upload(studio.library, transaction, studio.owner, PNG, "a.png", None)
            raise RuntimeError
    assert await studio.storage.find(asset["storage_key"])
    await _sweep(studio)
    assert await studio.storage.find(asset["storage_key"]) is None


async def test_what_became_an_asset_is_struck_off_the_list(studio: Studio) -> None:
    asset = await _upload(studio)
    assert await _doomed(studio) == [asset["storage_key"]]
    await _sweep(studio)
    assert await _doomed(studio) == []
    assert await studio.storage.get(asset["storage_key"]) == PNG


async def test_what_became_an_asset_since_the_list_was_cleared_is_not_removed(studio: Studio) -> None:
    asset = await _upload(studio)
    await studio.age_doomed(GRACE)
    assert await store.remove_doomed(studio.engine.database.system, GRACE, studio.storage.delete)
    assert await studio.storage.get(asset["storage_key"]) == PNG
    assert await _doomed(studio) == []


async def test_what_a_step_stored_waits_for_its_job_and_then_goes(studio: Studio) -> None:
    book_id, job_id = await studio.start()
    key = f"teams/{studio.owner.team_id}/books/{book_id}/left-over"
    await blobs.put(
        studio.engine.database.system,
        studio.storage,
        key,
        PNG,
        media_type="image/png",
        team_id=studio.owner.team_id,
        lineage=book_id,
    )
    await _sweep(studio)
    assert await studio.storage.find(key)
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, job_id)
    await _sweep(studio)
    assert await studio.storage.find(key) is None


async def test_a_made_book_keeps_every_file_and_preview_and_counts_them(studio: Studio) -> None:
    book_id = await studio.make(target=Target.ILLUSTRATIONS)
    assert await _doomed(studio) != []
    await _sweep(studio)
    assert await _doomed(studio) == []
    kept = 0
    for row in (await studio.book(book_id))["files"]:
        file = row["file"]
        for key, size_bytes in (
            (file["key"], file["size_bytes"]),
            (file["thumbnail_key"], file["thumbnail_size_bytes"]),
        ):
            info = await studio.storage.find(key)
            assert info is not None and info.size_bytes == size_bytes > 0
            kept += size_bytes
    async with studio.transaction() as transaction:
        assert await transaction.driver.fetchval("SELECT used_bytes FROM storage_usage") == kept
        await studio.books.delete(transaction, studio.owner, book_id)
        assert await transaction.driver.fetchval("SELECT used_bytes FROM storage_usage") == 0


@dataclass
class Door(MemoryStorage):
    """A storage whose deletions stand at a door until it is opened, or are refused."""

    inner: MemoryStorage
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    refused: frozenset[str] = frozenset()

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        return await self.inner.put(key, data, media_type=media_type, content_hash=content_hash)

    async def delete(self, key: str) -> None:
        self.reached.set()
        await self.opened.wait()
        if key in self.refused:
            raise Unavailable("The disk is asleep.", provider="local storage")
        await self.inner.delete(key)


@asynccontextmanager
async def _sweeping(studio: Studio, library: Library) -> AsyncIterator["asyncio.Task[None]"]:
    """A sweep that stands at its storage's door."""
    door = library.storage
    assert isinstance(door, Door)
    task = asyncio.create_task(_sweep(studio, library=library))
    try:
        await asyncio.wait_for(door.reached.wait(), 10)
        yield task
    finally:
        door.opened.set()
        await asyncio.wait({task})


async def test_an_upload_of_what_is_being_swept_in_that_very_moment_keeps_its_bytes(studio: Studio) -> None:
    asset = await _upload(studio)
    await _delete(studio, asset["id"])
    door = Door(studio.storage)
    library = replace(studio.library, storage=door)
    async with _sweeping(studio, library) as sweeping:
        uploading = asyncio.create_task(_upload(studio, library))
        await asyncio.sleep(0.2)
        assert not uploading.done()
        door.opened.set()
        await sweeping
    again = await uploading
    assert again["storage_key"] == asset["storage_key"]
    assert await studio.storage.get(again["storage_key"]) == PNG


async def test_a_sweep_that_is_stopped_ends_the_removal_it_is_at(studio: Studio) -> None:
    assets = [await _upload(studio, data=PNG + bytes([n])) for n in range(2)]
    for asset in assets:
        await _delete(studio, asset["id"])
    door = Door(studio.storage)
    async with _sweeping(studio, replace(studio.library, storage=door)) as sweeping:
        sweeping.cancel()
        await asyncio.sleep(0.05)
        assert not sweeping.done()
        door.opened.set()
        with pytest.raises(asyncio.CancelledError):
            await sweeping
    assert len(await _doomed(studio)) == 1
    assert [await studio.storage.find(asset["storage_key"]) for asset in assets].count(None) == 1


async def test_what_storage_refuses_is_told_and_holds_up_nothing_else(studio: Studio) -> None:
    assets = [await _upload(studio, data=PNG + bytes([n])) for n in range(3)]
    for asset in assets:
        await _delete(studio, asset["id"])
    stuck = assets[0]["storage_key"]
    door = Door(studio.storage, refused=frozenset({stuck}))
    door.opened.set()
    library = replace(studio.library, storage=door)
    with pytest.raises(ProviderError, match="asleep"):
        await _sweep(studio, library=library)
    await _sweep(studio, timedelta(), library)
    assert await _doomed(studio) == [stuck]
    await _sweep(studio)
    assert await studio.storage.find(stuck) is None


async def test_the_same_content_in_two_places_of_a_book_is_two_assets(studio: Studio) -> None:
    """Whoever reuses the older step finds its file, and so does who reuses the newer."""
    row = {
        "team_id": studio.owner.team_id,
        "lineage": new_id(),
        "step_key": "cover",
        "name": "cover",
        "kind": "image",
        "media_type": "image/png",
        "content_hash": "0" * 64,
        "size_bytes": 1,
    }
    insert = (
        "INSERT INTO assets (id, team_id, lineage, step_key, name, kind, media_type, content_hash, size_bytes,"
        " storage_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
    )
    async with studio.transaction() as transaction:
        for key in ("a/cover", "b/cover", "a/cover"):
            await transaction.driver.execute(insert, new_id(), *row.values(), key)
    assert await studio.count("assets") == 2
