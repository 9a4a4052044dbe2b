"""Stored files by signed link: whole, in part, not again, and never without the link."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from overprint.adapters.storage.memory import MemoryStorage
from overprint.http.files import files_router
from overprint.http.problems import answer_problems

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DATA = bytes(range(200))


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def storage() -> MemoryStorage:
    storage = MemoryStorage(clock=StoppedClock())
    await storage.put("teams/1/a.png", DATA, media_type="image/png")
    await storage.put("teams/1/a.html", b"<script>", media_type="text/html")
    await storage.put("teams/1/a.svg", b"<svg>", media_type="image/svg+xml")
    return storage


@pytest.fixture
async def caller(storage: MemoryStorage) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(openapi_url=None)
    answer_problems(app)
    app.include_router(files_router(storage, lambda path, query: storage.verify_signed(path, query, NOW)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


def _link(storage: MemoryStorage, key: str = "teams/1/a.png", file_name: str | None = None) -> str:
    return storage.signed_url(key, expires_at=NOW + timedelta(hours=1), file_name=file_name)


async def test_a_link_gives_the_file_with_its_type_hash_and_length(
    caller: httpx.AsyncClient, storage: MemoryStorage
) -> None:
    answer = await caller.get(_link(storage))
    found = await storage.find("teams/1/a.png")
    assert found is not None
    assert answer.content == DATA
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == "200"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == f'"{found.content_hash}"'
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("wanted", "part", "told"),
    [
        ("bytes=0-9", DATA[:10], "bytes 0-9/200"),
        ("bytes=190-", DATA[190:], "bytes 190-199/200"),
        ("bytes=-5", DATA[-5:], "bytes 195-199/200"),
        ("bytes=199-999", DATA[199:], "bytes 199-199/200"),
    ],
)
async def test_a_part_is_given_when_a_part_is_asked_for(
    caller: httpx.AsyncClient, storage: MemoryStorage, wanted: str, part: bytes, told: str
) -> None:
    answer = await caller.get(_link(storage), headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (206, part)
    assert answer.headers["content-range"] == told
    assert answer.headers["content-length"] == str(len(part))


async def test_a_part_behind_the_end_cannot_be_given(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    answer = await caller.get(_link(storage), headers={"Range": "bytes=200-"})
    assert (answer.status_code, answer.headers["content-type"]) == (416, "application/problem+json")
    assert answer.headers["content-range"] == "bytes */200"
    assert "cache-control" not in answer.headers
    told = answer.json()
    assert (told["status"], told["type"]) == (416, "/problems/range_not_satisfiable")
    assert "200 bytes" in told["title"]


async def test_what_is_no_range_is_refused(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    assert (await caller.get(_link(storage), headers={"Range": "bytes=9-1"})).status_code == 422


async def test_a_file_that_is_known_is_not_sent_again(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    etag = (await caller.get(_link(storage))).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await caller.get(_link(storage), headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b""), known
        assert answer.headers["etag"] == etag
    assert (await caller.get(_link(storage), headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_part_of_another_version_is_not_given(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    etag = (await caller.get(_link(storage))).headers["etag"]
    for known, status in ((etag, 206), ('"other"', 200), (f"W/{etag}", 200)):
        answer = await caller.get(_link(storage), headers={"Range": "bytes=0-9", "If-Range": known})
        assert answer.status_code == status, known


async def test_a_head_request_tells_the_same_without_the_file(
    caller: httpx.AsyncClient, storage: MemoryStorage
) -> None:
    whole = await caller.get(_link(storage))
    head = await caller.head(_link(storage))
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


async def test_pictures_are_shown_and_what_could_run_is_only_ever_downloaded(
    caller: httpx.AsyncClient, storage: MemoryStorage
) -> None:
    for key, kind in (("teams/1/a.png", "inline"), ("teams/1/a.html", "attachment"), ("teams/1/a.svg", "attachment")):
        assert (await caller.get(_link(storage, key))).headers["content-disposition"] == kind


async def test_a_link_with_a_name_downloads_under_it(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    answer = await caller.get(_link(storage, file_name='The Fox’s "Map".pdf'.replace('"', "")))
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''The%20Fox%E2%80%99s%20Map.pdf"


async def test_a_link_that_was_changed_is_refused(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    good = _link(storage)
    for bad in (
        good.replace("a.png", "a.html"),
        good.replace("expires=1", "expires=2"),
        good.replace("signature=", "signature=x"),
        good + "&name=b.png",
        good.partition("?")[0],
        good.replace("/files/teams/1/", "/files/teams/1/..%2f1%2f"),
    ):
        answer = await caller.get(bad)
        assert answer.status_code == 403, bad
        assert answer.json()["code"] == "denied"


async def test_a_file_that_is_gone_says_so(caller: httpx.AsyncClient, storage: MemoryStorage) -> None:
    link = _link(storage)
    await storage.delete("teams/1/a.png")
    answer = await caller.get(link)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "Make it again."
