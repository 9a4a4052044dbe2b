"""Uploads to a storage that takes its time."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.files import FilmSize
from overprint.core.ids import new_id
from overprint.core.problems import Conflict, NotFound, TooOften
from overprint.features.library.room import room
from overprint.features.library.service import Upload
from overprint.features.library.service.library import FILMS_AT_ONCE
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from overprint.ports.storage import BlobInfo
from tests.support.studio import Studio

MP4 = bytes(4) + b"ftypisom" + bytes(92)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(92)
UPLOADS = 15  # more than there are connections


class Slow(MemoryStorage):
    """Takes nothing before ``opened``."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()
        self.waiting = 0

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        self.waiting += 1
        await self.opened.wait()
        return await super().put(key, data, media_type=media_type, content_hash=content_hash)


async def test_uploads_that_wait_for_storage_keep_nobody_from_the_database(studio: Studio) -> None:
    storage = Slow()
    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(studio.owner), studio.engine.database
    for router in room(replace(studio.library, storage=storage)).routers:
        app.include_router(router)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client, asyncio.timeout(30):
        uploads = [
            asyncio.create_task(client.post("/api/assets", files={"file": ("a.png", PNG + bytes([n]))}))
            for n in range(UPLOADS)
        ]
        while storage.waiting < UPLOADS:
            await asyncio.sleep(0.01)
        assert (await client.get("/api/projects")).status_code == 200
        storage.opened.set()
        assert [answer.status_code for answer in await asyncio.gather(*uploads)] == [201] * UPLOADS
    assert await studio.count("assets") == UPLOADS


async def test_few_films_of_a_team_are_judged_at_a_time_and_others_have_theirs_judged(studio: Studio) -> None:
    judged, may_end = Counter[str](), asyncio.Event()

    async def judge(_: bytes | Path) -> FilmSize:
        judged["begun"] += 1
        await may_end.wait()
        return FilmSize(16, 9, 1.0)

    library = replace(studio.library, look_at_film=judge)

    def bring(team_id: UUID) -> asyncio.Task[Upload]:
        who = replace(studio.owner, team_id=team_id)
        return asyncio.create_task(library.read_upload(who, MP4, "a.mp4", None))

    greedy = new_id()
    going = [*(bring(greedy) for _ in range(FILMS_AT_ONCE)), bring(new_id())]
    async with asyncio.timeout(30):
        while judged["begun"] < len(going):
            await asyncio.sleep(0.01)
        with pytest.raises(TooOften):
            await bring(greedy)
        may_end.set()
        assert {each.media_type for each in await asyncio.gather(*going, bring(greedy))} == {"video/mp4"}


async def test_a_large_upload_is_hashed_beside_whatever_else_is_asked(studio: Studio) -> None:
    reading = asyncio.create_task(studio.library.read_upload(studio.owner, PNG + bytes(40_000_000), "a.png", None))
    await asyncio.sleep(0)  # one turn of the loop, in which it begins
    assert not reading.done()
    assert len((await reading).content_hash) == 64


async def test_an_upload_that_stood_still_for_longer_than_its_bytes_are_safe_is_refused(studio: Studio) -> None:
    library = studio.library
    expected = await library.read_upload(studio.owner, PNG, "a.png", None)
    stored_at = await library.store_upload(expected)
    with pytest.raises(Conflict, match="too long"):
        async with studio.transaction() as transaction:
            await library.keep_upload(transaction, studio.owner, expected, stored_at - timedelta(minutes=31))
    assert await studio.count("assets") == 0


async def test_an_upload_whose_project_is_deleted_meanwhile_is_refused_and_its_bytes_are_swept(studio: Studio) -> None:
    library = studio.library
    async with studio.transaction() as transaction:
        project = (await library.make_project(transaction, studio.owner, "Bedtime"))["id"]
    expected = await library.read_upload(studio.owner, PNG, "a.png", project)
    stored_at = await library.store_upload(expected)
    async with studio.transaction() as transaction:
        await library.delete_project(transaction, studio.owner, project)
    with pytest.raises(NotFound):
        async with studio.transaction() as transaction:
            await library.keep_upload(transaction, studio.owner, expected, stored_at)
    await studio.sweep()
    assert await studio.storage.find(expected.storage_key) is None
