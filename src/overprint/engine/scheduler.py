"""Runs schedules: each by one worker at a time, whatever the number of workers.

A turn is taken in one statement and kept by a lease that is renewed while the body runs, so the turn of a worker that
was killed comes free by itself. Times that were missed while nobody worked are made up for by one run. A run that
failed, or died with its worker, is due again after ``RETRY``, or at its next time if that is sooner. A worker whose
clock is far ahead of the database's takes no turn: whatever is kept for a time would be over at once.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from overprint.core.clock import Clock
from overprint.core.problems import Problem
from overprint.core.tasks import end_tasks
from overprint.db.database import Database, DatabaseAway, is_passing, patiently
from overprint.engine import timetable
from overprint.engine.schedule import Schedule, ScheduleContext
from overprint.engine.timetable import Turn

LOOK_SECONDS = 5.0
# A clock that was ahead for a while left times behind that are far too late.
ENTER_SECONDS = 600.0
LEASE_SECONDS = 30.0
AHEAD_MAX = timedelta(minutes=5)
RETRY = timedelta(minutes=5)
TIME_SHARE = 0.8
_RENEWALS_PER_LEASE = 3

_log = structlog.get_logger(__name__)


class Scheduler:
    """Looks every few seconds whether something is due, until cancelled. Never gives up, whatever a body raises."""

    def __init__(
        self,
        database: Database,
        schedules: Sequence[Schedule],
        clock: Clock,
        worker: str,
        *,
        look_seconds: float = LOOK_SECONDS,
        lease_seconds: float = LEASE_SECONDS,
        enter_seconds: float = ENTER_SECONDS,
        ahead_max: timedelta = AHEAD_MAX,
    ) -> None:
        self._database = database
        self._schedules = {schedule.name: schedule for schedule in schedules}
        if len(self._schedules) < len(schedules):
            raise ValueError("two schedules have the same name")
        self._clock = clock
        self._worker = worker
        self._look_seconds = look_seconds
        self._lease_seconds = lease_seconds
        self._enter_seconds = enter_seconds
        self._ahead_max = ahead_max
        self._was_far_ahead = False
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled; turns that run then are handed back."""
        enter_at = time.monotonic()
        try:
            while True:
                try:
                    if time.monotonic() >= enter_at:
                        await self._enter()
                        enter_at = time.monotonic() + self._enter_seconds
                    await self._look()
                except Exception as error:
                    if not is_passing(error):
                        _log.exception("schedules cannot be looked at")
                await asyncio.sleep(self._look_seconds)
        finally:
            await end_tasks(*self._running)

    async def _enter(self) -> None:
        now = self._clock.now()
        first = {name: schedule.times.after(now) for name, schedule in self._schedules.items()}
        await timetable.enter(self._database.system, first)

    async def _look(self) -> None:
        """Begin what is due."""
        while (turn := await self._take()) is not None:
            task = asyncio.create_task(self._run_turn(self._schedules[turn.name], turn))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _take(self) -> Turn | None:
        now = self._clock.now()
        if await self._is_far_ahead(now):
            return None
        again = {name: min(now + RETRY, schedule.times.after(now)) for name, schedule in self._schedules.items()}
        return await timetable.take(
            self._database.system, again, now=now, holder=self._worker, lease_seconds=self._lease_seconds
        )

    async def _is_far_ahead(self, now: datetime) -> bool:
        ahead = await timetable.ahead(self._database.system, now)
        was_far, self._was_far_ahead = self._was_far_ahead, ahead > self._ahead_max
        if self._was_far_ahead and not was_far:
            _log.error(
                "this clock is far ahead of the database's: no schedule runs here", seconds=ahead.total_seconds()
            )
        return self._was_far_ahead

    async def _run_turn(self, schedule: Schedule, turn: Turn) -> None:
        began = time.monotonic()
        context = ScheduleContext(self._database, self._clock, schedule.timeout_seconds * TIME_SHARE)
        body = asyncio.create_task(schedule.body(context))
        keeping = asyncio.create_task(self._keep(turn))
        try:
            await asyncio.wait((body, keeping), timeout=schedule.timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
            error = _error_of(body, schedule)
            await end_tasks(body)  # still ours while it tidies up
            await self._record(schedule, turn, time.monotonic() - began, error)
        except asyncio.CancelledError:
            await end_tasks(body)
            await asyncio.shield(self._hand_back(turn))
            raise
        finally:
            await end_tasks(body, keeping)

    async def _keep(self, turn: Turn) -> None:
        """Renew the lease until it is lost, or could not be renewed for as long as it lasts."""
        renewed = time.monotonic()
        while time.monotonic() - renewed < self._lease_seconds:
            await asyncio.sleep(self._lease_seconds / _RENEWALS_PER_LEASE)
            asked = time.monotonic()
            try:
                if not await timetable.renew(self._database.system, turn, self._lease_seconds):
                    return
                renewed = asked
            except Exception as error:
                if not is_passing(error):
                    raise

    async def _record(self, schedule: Schedule, turn: Turn, seconds: float, error: str | None) -> None:
        now = self._clock.now()
        if error is None:
            _log.info("a schedule ran", schedule=turn.name, seconds=round(seconds, 3))
        else:
            _log.error("a schedule failed", schedule=turn.name, seconds=round(seconds, 3), error=error)
        due_at = schedule.times.after(now)
        await self._write(turn, due_at, now, seconds, error)

    async def _write(self, turn: Turn, due_at: datetime, now: datetime, seconds: float, error: str | None) -> None:
        pool = self._database.system
        try:
            await patiently(lambda: timetable.end(pool, turn, due_at=due_at, now=now, seconds=seconds, error=error))
        except DatabaseAway:
            _log.warning("the end of a schedule could not be recorded: it will run again", schedule=turn.name)

    async def _hand_back(self, turn: Turn) -> None:
        try:
            await timetable.hand_back(self._database.system, turn)
        except Exception as error:
            _log.debug("a schedule's lease runs out, then", schedule=turn.name, error=str(error))


def _error_of(body: "asyncio.Task[None]", schedule: Schedule) -> str | None:
    """What went wrong, in words for the operator; None if nothing did."""
    if not body.done():
        return f"It did not end within {schedule.timeout_seconds:g} seconds, or its lease was lost, and was stopped."
    if body.cancelled():
        return "It was stopped."
    error = body.exception()
    if error is None:
        return None
    return str(error) if isinstance(error, Problem) else f"{type(error).__name__}: {error}"
