"""A job's events on the wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.problems import Invalid
from overprint.engine.events import Event
from overprint.features.jobs.api import router
from overprint.http import streams
from overprint.http.responses import cursor_after, read_cursor
from overprint.http.scope import always
from overprint.http.streams import EventStream, Leave, MayWatch, encode_event, socket_message
from overprint.wiring import House

JOB = UUID(int=7)
AT = datetime(2026, 11, 21, tzinfo=UTC)


def _event(type_: str, seq: int = 1, **data: Any) -> Event:
    return Event(JOB, seq, AT, type_, data)


@given(st.dictionaries(st.text(), st.text()))
def test_whatever_an_event_says_it_is_one_frame_of_four_lines(data: dict[str, str]) -> None:
    frame = encode_event(Event(JOB, 12, AT, "step.progress", data)).decode()
    first, second, third, *rest = frame.split("\n")
    assert (first, second, rest) == ("id: 12", "event: step.progress", ["", ""])
    assert json.loads(third.removeprefix("data: ")) == {
        "seq": 12,
        "at": "2026-11-21T00:00:00+00:00",
        "type": "step.progress",
        "data": data,
    }
    assert "\r" not in frame


class SlowHub:
    """Tells one event at once, and the end when it is let."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.is_closed = False

    async def watch_together(self, job_id: UUID, after: int, *, quiet_seconds: float) -> AsyncIterator[list[Event]]:
        try:
            yield [_event("step.started", after + 1, key="plan")]
            while not self.may_end.is_set():
                await asyncio.sleep(quiet_seconds)
                yield []
            yield [_event("job.completed", after + 2)]
        finally:
            self.is_closed = True


async def _may() -> bool:
    return True


class Browser:
    """Reads a stream, as a server passes it on."""

    def __init__(self, hub: SlowHub, after: int = 0, may_watch: MayWatch = _may) -> None:
        self.head: dict[str, str] = {}
        self.leaves = asyncio.Event()
        self._told = asyncio.Queue[bytes | None]()
        self._stream = EventStream(hub, JOB, after, may_watch)  # type: ignore[arg-type]
        self.reading = asyncio.create_task(self._stream({"type": "http"}, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.head = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._told.put_nowait(message["body"] if message.get("more_body") else None)

    async def frames(self, at_most: int = 100) -> list[bytes]:
        """What is told next, until it ends."""
        told: list[bytes] = []
        async with asyncio.timeout(20):
            while len(told) < at_most and (frame := await self._told.get()) is not None:
                told.append(frame)
        return told


async def test_a_stream_tells_what_happens_and_ends_with_the_job() -> None:
    hub = SlowHub()
    hub.may_end.set()
    browser = Browser(hub, after=4)
    text = b"".join(await browser.frames()).decode()
    assert browser.head == {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
    }
    assert text.startswith("retry: 1000\n\nid: 5\nevent: step.started\n")
    assert "id: 6\nevent: job.completed\n" in text
    await browser.reading
    assert hub.is_closed


async def test_a_quiet_stream_shows_that_it_lives_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.01)
    hub = SlowHub()
    browser = Browser(hub)
    assert (await browser.frames(4))[2:] == [b": still here\n\n", b": still here\n\n"]
    hub.may_end.set()
    assert any(b"job.completed" in frame for frame in await browser.frames())


async def test_a_reader_who_leaves_is_no_longer_watched_for() -> None:
    hub = SlowHub()
    browser = Browser(hub)
    await browser.frames(2)
    browser.leaves.set()
    await browser.reading
    assert hub.is_closed


async def test_who_may_not_watch_any_more_is_told_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.01)
    hub, answers = SlowHub(), [True, False]

    async def may_watch() -> bool:
        return answers.pop(0)

    browser = Browser(hub, may_watch=may_watch)
    assert not any(b"job.completed" in frame for frame in await browser.frames())
    await browser.reading
    assert (answers, hub.is_closed) == ([], True)


async def test_leave_is_asked_for_ahead_so_that_nobody_waits_and_is_never_old(monkeypatch: pytest.MonkeyPatch) -> None:
    now, answers, may_answer = 0.0, [True, True, False], asyncio.Event()
    monkeypatch.setattr(streams.time, "monotonic", lambda: now)

    async def may_watch() -> bool:
        await may_answer.wait()
        return answers.pop(0)

    leave = Leave(may_watch)
    now = streams.KEEP_ALIVE_SECONDS - streams.AHEAD_SECONDS
    assert await leave.holds()
    may_answer.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (await leave.holds(), len(answers)) == (True, 2)
    now *= 100  # nothing was told meanwhile
    assert (await leave.holds(), len(answers)) == (True, 1)
    now += streams.KEEP_ALIVE_SECONDS - streams.AHEAD_SECONDS
    assert await leave.holds()
    await asyncio.sleep(0)
    assert not await leave.holds()


async def test_a_stream_that_broke_off_is_not_ended_as_if_all_were_told() -> None:
    async def may_not_be_found_out() -> bool:
        raise OSError("secret of the house")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(streams, "KEEP_ALIVE_SECONDS", 0.0)
        browser = Browser(SlowHub(), may_watch=may_not_be_found_out)
        with pytest.raises(OSError, match="secret"):
            await browser.reading
    assert await browser.frames(1) == [b"retry: 1000\n\n"]


def _link(key: str) -> str:
    return f"/files/{key}?signed"


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            _event("step.started", key="clip/01", kind="video-synthesis", title="Filming", progress=0.456),
            {
                "type": "job.progress",
                "progress": 46,
                "currentStep": "VIDEO_SYNTHESIS",
                "status": "RUNNING",
                "stepId": "clip/01",
            },
        ),
        (
            _event("step.progress", key="film", kind="post-processing", progress=0.5),
            {
                "type": "job.progress",
                "progress": 50,
                "currentStep": "POST_PROCESSING",
                "status": "RUNNING",
                "stepId": "film",
            },
        ),
        (
            _event("step.completed", key="p/1", kind="image-generation", files=[{"key": "a.png"}], progress=1),
            {
                "type": "step.completed",
                "stepId": "p/1",
                "stepType": "IMAGE_GENERATION",
                "resultUrl": "/files/a.png?signed",
                "progress": 100,
            },
        ),
        (
            _event("step.reused", key="plan", kind="text-generation", files=[]),
            {
                "type": "step.completed",
                "stepId": "plan",
                "stepType": "IMAGE_GENERATION",
                "resultUrl": None,
                "progress": 0,
            },
        ),
        (_event("job.completed"), {"type": "job.completed"}),
        (_event("job.failed", error="No ink."), {"type": "job.failed", "error": "No ink."}),
        (_event("job.cancelled", error=None), {"type": "job.failed", "error": "It was cancelled."}),
    ],
    ids=lambda value: value.type if isinstance(value, Event) else "",
)
def test_events_become_the_documented_messages(event: Event, message: dict[str, Any]) -> None:
    assert socket_message(event, _link, str) == {"jobId": str(JOB), "seq": 1, **message}


@pytest.mark.parametrize("type_", ["job.queued", "job.cancelling", "step.failed", "step.ready"])
def test_events_without_a_documented_message_are_kept_back(type_: str) -> None:
    assert socket_message(_event(type_, key="plan"), _link, str) is None


@given(st.uuids())
def test_a_cursor_leads_back_to_its_row(row_id: UUID) -> None:
    assert read_cursor(cursor_after(row_id)) == row_id


@pytest.mark.parametrize("cursor", ["x", "é" * 22, "A" * 21, "A" * 23, "A" * 10_000, "=" * 22, "\x00"])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_cursor(cursor)
    assert caught.value.field == "cursor"


class BrokenHub:
    """Breaks off whenever somebody watches."""

    def __init__(self) -> None:
        self.times = 0

    async def watch(self, job_id: UUID, after: int = 0) -> AsyncIterator[Event]:
        self.times += 1
        yield _event("step.started", key="plan")
        raise OSError("secret of the house")


async def test_a_subscription_that_broke_off_says_so_and_can_be_made_again(quiet_house: House) -> None:
    broken_hub = BrokenHub()
    async with quiet_house.database.transaction(quiet_house.owner.team_id) as transaction:
        job_id = await transaction.driver.fetchval(
            "INSERT INTO jobs (id, team_id, lineage, kind, state, request)"
            " VALUES ($1, $2, $1, 'a.b@1', 'running', '{}') RETURNING id",
            JOB,
            quiet_house.owner.team_id,
        )
    subscribe = {"type": "subscribe", "channel": f"job:{job_id}"}
    told = await _talk(quiet_house, broken_hub, [subscribe, subscribe])
    assert [message["type"] for message in told] == ["job.progress", "error"] * 2
    assert told[1] == {"type": "error", "error": "The events broke off; subscribe again.", "jobId": str(JOB)}
    assert broken_hub.times == 2


async def _talk(house: House, hub: BrokenHub, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the socket says to ``messages``, each sent when the one before has broken off."""
    told: list[dict[str, Any]] = []
    broken = asyncio.Queue[None]()
    broken.put_nowait(None)
    opening = {"type": "websocket.connect"}
    frames = iter([opening, *({"type": "websocket.receive", "text": json.dumps(message)} for message in messages)])

    async def receive() -> dict[str, Any]:
        if (frame := next(frames, None)) is opening:
            return opening
        await asyncio.wait_for(broken.get(), 10)
        await asyncio.sleep(0.05)  # a subscription ends right after it said so
        return frame or {"type": "websocket.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            told.append(json.loads(message["text"]))
            if told[-1]["type"] == "error":
                broken.put_nowait(None)

    app = FastAPI()
    app.state.identify, app.state.database = always(house.owner), house.database
    app.include_router(router(house.jobs, lambda: hub, dict, {}, _link))  # type: ignore[arg-type,return-value]
    await app({"type": "websocket", "path": "/api/ws", "query_string": b"", "headers": []}, receive, send)
    return told
