"""What a watcher is handed when much happens, or nothing: without a database, whose log is a list here."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from overprint.engine.events import PAGE, WAITING_MAX, Event, Hub, _Silence, _Watcher

JOB = UUID(int=7)
AT = datetime(2026, 11, 22, tzinfo=UTC)


class Log:
    """The events of a job that has ended, in place of a pool."""

    def __init__(self, length: int) -> None:
        self.events = [Event(JOB, seq, AT, "step.progress", {}) for seq in range(1, length)]
        self.events.append(Event(JOB, length, AT, "job.completed", {}))

    async def fetchrow(self, query: str, *_: object) -> dict[str, Any]:
        return {"last_seq": len(self.events), "has_ended": True}

    async def fetch(self, query: str, job_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        names = ("job_id", "seq", "at", "type", "data")
        return [{name: getattr(event, name) for name in names} for event in self.events[after : after + limit]]


def hub_over(log: Log) -> Hub:
    return Hub(log, None)  # type: ignore[arg-type]  # nobody listens: it has ended


async def test_a_history_longer_than_a_page_is_told_to_its_end() -> None:
    log = Log(2 * PAGE + 10)
    async with asyncio.timeout(20):
        assert [event async for event in hub_over(log).watch(JOB)] == log.events


async def test_who_takes_nothing_has_only_so_much_waiting_and_reads_the_rest_later() -> None:
    log = Log(WAITING_MAX + 200)
    watcher = _Watcher(JOB, 0, is_behind=False)
    for event in log.events:
        watcher.offer([event])
    assert len(watcher.waiting) == WAITING_MAX
    told: list[Event] = []
    async with asyncio.timeout(20):
        async for batch in hub_over(log)._follow(watcher, _Silence(watcher, None)):
            told += batch
    assert told == log.events


async def test_each_event_begins_silence_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, log, ahead = asyncio.get_running_loop(), Log(2), 0.0
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + ahead)
    watcher = _Watcher(JOB, 0, is_behind=False)
    silence = _Silence(watcher, 100)
    told = aiter(hub_over(log)._follow(watcher, silence))
    ahead = 60
    watcher.offer(log.events[:1])
    assert await anext(told) == log.events[:1]
    waiting = asyncio.ensure_future(anext(told))
    ahead = 120
    await asyncio.sleep(0.01)
    assert not waiting.done(), "something was told meanwhile"
    ahead = 180
    async with asyncio.timeout(20):
        assert await waiting == ()
    silence.end()
