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
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def has_room(self) -> bool:
        return len(self.waiting) < WAITING_MAX

    def offer(self, events: Sequence[Event]) -> None:
        """Take those that follow, while there is room."""
        for event in events:
            if event.seq <= self.seq:
                continue
            if event.seq > self.seq + 1 or not self.has_room:
                self.is_behind = True
                break
            self.seq = event.seq
            self.waiting.append(event)
        if self.waiting:
            self.news.set()

    def take(self) -> Sequence[Event]:
        """What is waiting; nothing of it behind the job's end."""
        batch = list(self.waiting)
        self.waiting.clear()
        ends = next((at for at, event in enumerate(batch, 1) if event.ends_job), len(batch))
        return batch[:ends]


class Hub:
    """Hands events to the watchers of this process."""

    def __init__(self, pool: asyncpg.Pool, listener: Listener) -> None:
        self._pool = pool
        self._listener = listener
        self._watchers: dict[UUID, set[_Watcher]] = {}

    @property
    def watchers(self) -> int:
        return sum(len(group) for group in self._watchers.values())

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
        self._watchers.setdefault(job_id, set()).add(watcher)
        try:
            async for batch in self._follow(watcher, quiet_seconds):
                yield batch
        finally:
            self._watchers[job_id].discard(watcher)
            if not self._watchers[job_id]:
                del self._watchers[job_id]

    async def _follow(self, watcher: _Watcher, quiet_seconds: float | None) -> AsyncIterator[Sequence[Event]]:
        while True:
            watcher.news.clear()
            if not watcher.waiting and watcher.is_behind:
                await self._catch_up(watcher)
            elif not watcher.waiting:
                try:
                    async with asyncio.timeout(quiet_seconds):
                        await watcher.news.wait()
                except TimeoutError:
                    yield ()
            else:
                batch = watcher.take()
                yield batch
                if batch[-1].ends_job:
                    return

    async def _catch_up(self, watcher: _Watcher) -> None:
        watcher.is_behind = False
        events = await patiently(lambda: read_events(self._pool, watcher.job_id, watcher.seq))
        if events:  # a gap is what retention forgot: nobody else takes events away
            watcher.seq = max(watcher.seq, events[0].seq - 1)
        watcher.offer(events)
        watcher.is_behind |= len(events) == PAGE

    async def _read(self) -> bool:
        """Read once for everybody who has room; whether there may be more to read at once."""
        lowest = {
            job_id: min(seqs)
            for job_id, group in self._watchers.items()
            if (seqs := [watcher.seq for watcher in group if watcher.has_room])
        }
        if not lowest:
            return False
        rows = await self._pool.fetch(_AFTER_MANY, list(lowest), list(lowest.values()), PAGE)
        by_job: dict[UUID, list[Event]] = defaultdict(list)
        for row in rows:
            by_job[row["job_id"]].append(_event(row))
        for job_id, events in by_job.items():
            for watcher in self._watchers.get(job_id, ()):
                watcher.offer(events)
        return any(len(events) == PAGE for events in by_job.values())
