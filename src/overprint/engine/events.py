"""A job's event log, and one reader a process that hands new events to everybody who watches.

The hub asks the database once for all watched jobs whenever the listener wakes it, so a thousand watchers cost one
query, and what a watcher misses it reads again from the sequence it saw last.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from overprint.core.codec import Json
from overprint.db.database import DRIVER_ERRORS, is_passing, patiently
from overprint.engine.job import JOB_ENDED
from overprint.engine.signals import Listener

PAGE = 500
WAITING_MAX = 1000
_ENDS = ("job.completed", "job.failed", "job.cancelled")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a job's history. ``seq`` counts from 1 without gaps."""

    job_id: UUID
    seq: int
    at: datetime
    type: str
    data: Json

    def __hash__(self) -> int:
        return hash((self.job_id, self.seq))

    @property
    def ends_job(self) -> bool:
        return self.type in _ENDS


def _event(row: Any) -> Event:
    return Event(row["job_id"], row["seq"], row["at"], row["type"], row["data"])


_AFTER = "SELECT job_id, seq, at, type, data FROM events WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
_AFTER_MANY = """
SELECT e.job_id, e.seq, e.at, e.type, e.data
FROM unnest($1::uuid[], $2::bigint[]) AS w(job_id, seq)
CROSS JOIN LATERAL (
    SELECT * FROM events WHERE events.job_id = w.job_id AND events.seq > w.seq ORDER BY events.seq LIMIT $3) AS e
ORDER BY e.job_id, e.seq
"""
_BEGUN = "SELECT last_seq, state = ANY($2) AS has_ended FROM jobs WHERE id = $1"


async def read_events(
    driver: asyncpg.Connection | asyncpg.Pool, job_id: UUID, after: int, limit: int = PAGE
) -> list[Event]:
    """The events behind ``after``, oldest first."""
    return [_event(row) for row in await driver.fetch(_AFTER, job_id, after, limit)]


@dataclass(eq=False, slots=True)
class _Watcher:
    """``seq`` is the last event in ``waiting``; one that ``is_behind`` has to read by itself what it missed."""

    job_id: UUID
    seq: int
    is_behind: bool = True
    waiting: deque[Event] = field(default_factory=deque)
    _woken: asyncio.Future[None] | None = None

    def offer(self, events: Sequence[Event]) -> None:
        """Take those that follow, while there is room."""
        for event in events:
            if event.seq <= self.seq:
                continue
            if event.seq > self.seq + 1 or len(self.waiting) >= WAITING_MAX:
                self.is_behind = True
                break
            self.seq = event.seq
            self.waiting.append(event)
        self.wake()

    def take(self) -> Sequence[Event]:
        """What is waiting; nothing of it behind the job's end."""
        batch = list(self.waiting)
        self.waiting.clear()
        ends = next((at for at, event in enumerate(batch, 1) if event.ends_job), len(batch))
        return batch[:ends]

    def wake(self) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    async def woken(self) -> None:
        """A bare future: thousands wait here at the same time, and all of them are told one after the other."""
        self._woken = asyncio.get_running_loop().create_future()
        await self._woken


class _Silence:
    """Wakes a watcher who was told nothing for so long.

    Its one timer is set again when it has run out, not with each event: most come long before.
    """

    def __init__(self, watcher: _Watcher, seconds: float | None) -> None:
        """``seconds`` None: silence may last."""
        self.is_long = False
        self._watcher = watcher
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self.begin()
        if seconds is not None:
            self._timer = self._loop.call_later(seconds, self._look)

    def begin(self) -> None:
        """Something was told."""
        self.is_long = False
        self._began_at = self._loop.time()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        assert self._seconds is not None
        left = self._began_at + self._seconds - self._loop.time()
        if left <= 0:
            self.is_long = True
            self._watcher.wake()
        self._timer = self._loop.call_later(left if left > 0 else self._seconds, self._look)


@dataclass(eq=False, slots=True)
class _Audience:
    """All who watch one job here. ``seq`` is the event up to which the hub has read for them."""

    seq: int
    watchers: set[_Watcher] = field(default_factory=set)


class Hub:
    """Hands events to the watchers of this process."""

    def __init__(self, pool: asyncpg.Pool, listener: Listener) -> None:
        self._pool = pool
        self._listener = listener
        self._audiences: dict[UUID, _Audience] = {}

    @property
    def watchers(self) -> int:
        return sum(len(audience.watchers) for audience in self._audiences.values())

    async def run(self) -> None:
        """Read for all watchers until cancelled, whatever the database says meanwhile."""
        heard = 0
        while True:
            heard = await self._listener.wait(heard)
            try:
                while await self._read():
                    pass
            except (*DRIVER_ERRORS, asyncpg.PostgresError, TimeoutError) as error:
                tell = _log.debug if is_passing(error) else _log.error
                tell("the event hub could not read; it reads again", error=str(error))

    async def watch(self, job_id: UUID, after: int = 0) -> AsyncGenerator[Event, None]:
        """``watch_together``, one event after the other."""
        batches = self.watch_together(job_id, after)
        try:
            async for batch in batches:
                for event in batch:
                    yield event
        finally:
            await batches.aclose()

    async def watch_together(
        self, job_id: UUID, after: int = 0, *, quiet_seconds: float | None = None
    ) -> AsyncGenerator[Sequence[Event], None]:
        """Every event behind ``after``, then new ones as they come, until the job ends. Each exactly once, in order.

        What is there at the same moment comes together; nothing at all after each ``quiet_seconds`` without an event.
        Ends at once if the job does not exist, or had told its end by ``after``. Who may watch was decided by the
        caller.
        """
        row = await patiently(lambda: self._pool.fetchrow(_BEGUN, job_id, [str(state) for state in JOB_ENDED]))
        if row is None or (row["has_ended"] and after >= row["last_seq"]):
            return
        watcher = _Watcher(job_id, max(0, min(after, row["last_seq"])))
        audience = self._audiences.setdefault(job_id, _Audience(row["last_seq"]))
        audience.watchers.add(watcher)
        silence = _Silence(watcher, quiet_seconds)
        try:
            async for batch in self._follow(watcher, silence):
                yield batch
        finally:
            silence.end()
            audience.watchers.discard(watcher)
            if not audience.watchers and self._audiences.get(job_id) is audience:
                del self._audiences[job_id]

    async def _follow(self, watcher: _Watcher, silence: _Silence) -> AsyncIterator[Sequence[Event]]:
        while True:
            if watcher.waiting:
                batch = watcher.take()
                silence.begin()
                yield batch
                if batch[-1].ends_job:
                    return
            elif watcher.is_behind:
                await self._catch_up(watcher)
            elif silence.is_long:
                silence.begin()
                yield ()
            else:
                await watcher.woken()

    async def _catch_up(self, watcher: _Watcher) -> None:
        watcher.is_behind = False
        events = await patiently(lambda: read_events(self._pool, watcher.job_id, watcher.seq))
        if events:  # a gap is what retention forgot: nobody else takes events away
            watcher.seq = max(watcher.seq, events[0].seq - 1)
        watcher.offer(events)
        watcher.is_behind |= len(events) == PAGE

    async def _read(self) -> bool:
        """Read once for everybody; whether there may be more to read at once."""
        if not self._audiences:
            return False
        reached = {job_id: audience.seq for job_id, audience in self._audiences.items()}
        rows = await self._pool.fetch(_AFTER_MANY, list(reached), list(reached.values()), PAGE)
        by_job: dict[UUID, list[Event]] = defaultdict(list)
        for row in rows:
            by_job[row["job_id"]].append(_event(row))
        for job_id, events in by_job.items():
            if audience := self._audiences.get(job_id):
                audience.seq = max(audience.seq, events[-1].seq)
                for watcher in audience.watchers:
                    watcher.offer(events)
        return any(len(events) == PAGE for events in by_job.values())
