"""The documented WebSocket messages, over a real server and a real client."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from websockets.asyncio.client import ClientConnection, connect

from overprint.core.ids import new_id
from overprint.features.jobs.api.socket import SUBSCRIPTIONS_MAX
from tests.features.jobs.tiny import KIND
from tests.support.studio import Studio

PATIENCE_SECONDS = 20


@pytest.fixture
async def socket(address: str) -> AsyncIterator[ClientConnection]:
    async with connect(f"ws://{address}/api/ws") as opened:
        yield opened


async def _submit(studio: Studio, **wanted: Any) -> UUID:
    async with studio.transaction() as transaction:
        job = await studio.jobs.submit(transaction, studio.owner, KIND, {"name": "a", **wanted})
    job_id: UUID = job["id"]
    return job_id


async def _say(socket: ClientConnection, kind: str, job_id: UUID, **more: Any) -> None:
    await socket.send(json.dumps({"type": kind, "channel": f"job:{job_id}", **more}))


async def _hear(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        message: dict[str, Any] = json.loads(await socket.recv())
    return message


async def _hear_all(socket: ClientConnection) -> list[dict[str, Any]]:
    """Everything up to the end of a job."""
    heard = [await _hear(socket)]
    while heard[-1]["type"] not in ("job.completed", "job.failed"):
        heard.append(await _hear(socket))
    return heard


async def _is_silent_until(socket: ClientConnection, error: str) -> bool:
    """Whether the next thing told is about the nonsense sent now: nothing else waited to be told."""
    await socket.send("nonsense")
    return error in (await _hear(socket)).get("error", "")


async def test_a_subscriber_hears_how_a_job_goes_and_ends(socket: ClientConnection, studio: Studio) -> None:
    job_id = await _submit(studio)
    await _say(socket, "subscribe", job_id)
    await studio.finish(job_id)
    heard = await _hear_all(socket)
    assert {message["jobId"] for message in heard} == {str(job_id)}
    assert [message["seq"] for message in heard] == sorted({message["seq"] for message in heard})
    started = next(message for message in heard if message["type"] == "job.progress")
    assert (started["currentStep"], started["status"]) == ("IMAGE_GENERATION", "RUNNING")
    done = {message["stepId"]: message for message in heard if message["type"] == "step.completed"}
    assert done["picture"]["stepType"] == "IMAGE_GENERATION"
    assert done["picture"]["resultUrl"] == "/files/tiny/a.png?signed"
    assert done["word"]["resultUrl"] is None
    assert 0 < done["picture"]["progress"] < done["word"]["progress"] == 100
    assert heard[-1] == {"type": "job.completed", "jobId": str(job_id), "seq": heard[-1]["seq"]}


async def test_a_subscriber_hears_why_a_job_failed_or_that_it_was_cancelled(
    socket: ClientConnection, studio: Studio
) -> None:
    failing = await _submit(studio, fails=True)
    await _say(socket, "subscribe", failing)
    await studio.finish(failing)
    last = (await _hear_all(socket))[-1]
    assert last["type"] == "job.failed"
    assert "There is no word for it." in last["error"]
    stopped = await _submit(studio)
    await _say(socket, "subscribe", stopped)
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, stopped)
    last = (await _hear_all(socket))[-1]
    assert (last["type"], last["jobId"], last["error"]) == ("job.failed", str(stopped), "It was cancelled.")


async def test_whoever_comes_late_hears_everything_or_only_what_they_missed(
    socket: ClientConnection, studio: Studio
) -> None:
    job_id = await _submit(studio)
    await studio.finish(job_id)
    await _say(socket, "subscribe", job_id)
    everything = await _hear_all(socket)
    await asyncio.sleep(0.05)  # the subscription ends with the job
    await _say(socket, "subscribe", job_id, after=everything[-2]["seq"])
    assert await _hear_all(socket) == everything[-1:]


async def test_whoever_unsubscribes_hears_no_more(socket: ClientConnection, studio: Studio) -> None:
    job_id = await _submit(studio)
    await _say(socket, "subscribe", job_id)
    await _say(socket, "unsubscribe", job_id)
    await _say(socket, "unsubscribe", job_id)
    assert await _is_silent_until(socket, "Send")
    await studio.finish(job_id)
    assert await _is_silent_until(socket, "Send")
    await _say(socket, "subscribe", job_id)
    assert (await _hear_all(socket))[-1]["type"] == "job.completed"


async def test_subscribing_twice_tells_everything_once(socket: ClientConnection, studio: Studio) -> None:
    job_id = await _submit(studio)
    await _say(socket, "subscribe", job_id)
    await _say(socket, "subscribe", job_id)
    await studio.finish(job_id)
    seqs = [message["seq"] for message in await _hear_all(socket)]
    assert len(seqs) == len(set(seqs))


async def test_a_job_that_does_not_exist_is_answered_with_an_error(socket: ClientConnection, studio: Studio) -> None:
    unknown = new_id()
    await _say(socket, "subscribe", unknown)
    assert await _hear(socket) == {"type": "error", "error": "There is no such job.", "jobId": str(unknown)}


async def test_there_are_so_many_subscriptions_and_no_more(socket: ClientConnection, studio: Studio) -> None:
    jobs = [await _submit(studio) for _ in range(SUBSCRIPTIONS_MAX + 1)]
    for job_id in jobs:
        await _say(socket, "subscribe", job_id)
    assert await _hear(socket) == {"type": "error", "error": "At most 50 subscriptions a connection."}
    await _say(socket, "unsubscribe", jobs[0])
    await _say(socket, "subscribe", jobs[-1])
    assert await _is_silent_until(socket, "Send")
    await _until_watched_by(SUBSCRIPTIONS_MAX, studio)
    await socket.close()
    await _until_watched_by(0, studio)


async def _until_watched_by(count: int, studio: Studio) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while studio.engine.hub.watchers != count:
            await asyncio.sleep(0.01)


MALFORMED: list[str | bytes] = [
    "",
    "hello",
    "[]",
    "5",
    "null",
    "{}",
    '{"type": "subscribe"}',
    '{"type": "subscribe", "channel": 5}',
    '{"type": "subscribe", "channel": "job:"}',
    '{"type": "subscribe", "channel": "job:1"}',
    '{"type": "subscribe", "channel": "team:00000000-0000-7000-8000-000000000000"}',
    '{"type": "shout", "channel": "job:00000000-0000-7000-8000-000000000000"}',
    '{"type": ["subscribe"], "channel": "job:00000000-0000-7000-8000-000000000000"}',
    "[" * 9_000,
    "x" * 100_000,
    "9" * 9_000,
    b"\x00\xff",
    b'{"type": "subscribe"}',
]


async def test_whatever_is_sent_is_answered_and_the_connection_lives(socket: ClientConnection, studio: Studio) -> None:
    for frame in MALFORMED:
        await socket.send(frame)
        assert "subscribe" in (await _hear(socket))["error"], frame[:80]
    job_id = await _submit(studio)
    for after in (-1, "x", None, 1.5, [], {}):
        await _say(socket, "subscribe", job_id, after=after)
    await studio.finish(job_id)
    assert (await _hear_all(socket))[-1]["type"] == "job.completed"
