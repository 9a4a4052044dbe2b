"""What a house looks like on a bad day: a provider with habits, an impatient worker, and what must never be seen."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from overprint.core.codec import encode
from overprint.core.story import ChapterScenes, ChapterText, Plan
from overprint.ports.storage import BlobMissing
from overprint.wiring import House, lift_pauses, worker_of
from tests.support import stories
from tests.support.model_server import Behaviour, ModelServer, Recorded, Says

RETRY_SECONDS = 0.05
_NO_FIELDS = ("looks", "chapter_titles")  # of a brief, that a request has
BRIEF = {key: value for key, value in encode(stories.BRIEF).items() if key not in _NO_FIELDS} | {"picture_dpi": 72}
_ANSWERS: dict[str, Plan | ChapterText | ChapterScenes] = {
    "plan": stories.PLAN,
    "text": stories.TEXT,
    "scenes": stories.SCENES,
}


class Author(ModelServer):
    """A model that writes ``stories.BRIEF`` well, unless a step's next answers are ``spoiled``."""

    def __init__(self) -> None:
        super().__init__("sk-test-0123456789abcdef")
        self.asked: Counter[str] = Counter()
        self._spoiled: dict[str, list[Behaviour]] = {}

    def spoil(self, step: str, *behaviours: Behaviour) -> None:
        """What the next requests of ``step`` get."""
        self._spoiled[step] = list(behaviours)

    async def _answer(self, request: Recorded, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        step = request.headers["idempotency-key"].split(":")[1]
        self.asked[step] += 1
        spoiled = self._spoiled.get(step)
        self.plan(spoiled.pop(0) if spoiled else Says(good_answer(step)))
        await super()._answer(request, reader, writer)  # takes the plan before it waits for anything


def good_answer(step: str) -> str:
    return json.dumps(stories.in_strict_form(_ANSWERS[step.partition("/")[0]]))


@asynccontextmanager
async def author() -> AsyncIterator[Author]:
    """The server, and how many requests each step made of it."""
    server = Author()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
    try:
        yield server
    finally:
        listening.close()


def asks(server: Author, **changes: str) -> dict[str, str]:
    """Settings that let ``server`` write."""
    return {
        "OVERPRINT_TEXT_PROVIDER": "openai",
        "OVERPRINT_TEXT_BASE_URL": server.url,
        "OVERPRINT_TEXT_MODEL": "gpt-test",
        "OVERPRINT_TEXT_API_KEY": server.key,
        **changes,
    }


@asynccontextmanager
async def working_impatiently(house: House) -> AsyncIterator[None]:
    """A worker that tries again at once, so that tests need not wait as people must."""
    await lift_pauses(house)
    worker = worker_of(house, retry_base_seconds=RETRY_SECONDS)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ended(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    """The job, when it has ended."""
    await client.get(f"/api/jobs/{job_id}/events")
    answer = await client.get(f"/api/jobs/{job_id}")
    job: dict[str, Any] = answer.json()
    return job


async def steps_of(house: House, job_id: str) -> dict[str, dict[str, Any]]:
    rows = await house.database.system.fetch("SELECT * FROM steps WHERE job_id = $1", job_id)
    return {row["key"]: dict(row) for row in rows}


async def assert_every_asset_has_its_bytes(house: House) -> int:
    """Answers how many there are."""
    rows = await house.database.system.fetch("SELECT * FROM assets")
    for row in rows:
        try:
            data = await house.ports.storage.get(row["storage_key"])
        except BlobMissing:
            raise AssertionError(f"the asset {row['name']} has no bytes") from None
        assert hashlib.sha256(data).hexdigest() == row["content_hash"]
    return len(rows)
