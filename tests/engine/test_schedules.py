"""Work that comes round by itself: at its times, by one worker at a time, whatever happens to workers."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.problems import Conflict
from overprint.core.tasks import end_tasks, to_the_end
from overprint.db.database import Database
from overprint.engine import timetable
from overprint.engine.schedule import Daily, Every, Schedule, ScheduleContext, Times
from overprint.engine.scheduler import AHEAD_MAX, RETRY, Scheduler
from overprint.engine.timetable import Standing
from tests.support.clock import SetClock
from tests.support.database import TestDatabase
from tests.support.schedule_process import NAME as HANGING

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LEASE_SECONDS = 0.6
HOME = Path(__file__).parents[2]
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
TIMES = st.one_of(
    st.integers(1, 10_000).map(lambda minutes: Every(timedelta(minutes=minutes))),
    st.builds(Daily, st.integers(0, 23), st.integers(0, 59)),
)


def _period(times: Times) -> timedelta:
    return times.period if isinstance(times, Every) else DAY


@given(TIMES, INSTANTS)
def test_the_next_time_is_behind_and_no_more_than_one_period_away(times: Times, instant: datetime) -> None:
    following = times.after(instant)
    assert instant < following <= instant + _period(times)
    assert times.after(following - timedelta(microseconds=1)) == following
    assert times.after(following) == following + _period(times)


def test_times_are_those_of_the_clock_on_the_wall_in_utc() -> None:
    evening = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    assert Daily(3, 17).after(evening) == datetime(2026, 11, 22, 3, 17, tzinfo=UTC)
    assert Daily(21).after(evening) == datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert Every(10 * MINUTE).after(evening) == datetime(2026, 11, 21, 20, 40, tzinfo=UTC)
    assert (str(Daily(3, 17)), str(Every(HOUR))) == ("daily at 03:17 UTC", "every hour")
    assert str(Every(10 * MINUTE)) == "every 10 minutes"


@dataclass
class Work:
    """A body that counts its runs, and does what the test says."""

    runs: int = 0
    at_once: int = 0
    most_at_once: int = 0
    seconds: float = 0.0
    errors: list[Exception] = field(default_factory=list)

    async def __call__(self, context: ScheduleContext) -> None:
        self.runs += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
            if self.errors:
                raise self.errors.pop(0)
        finally:
            self.at_once -= 1


@dataclass
class Bench:
    """Schedulers over one database, with one clock."""

    database: Database
    clock: SetClock = field(default_factory=SetClock)

    @asynccontextmanager
    async def workers(
        self, *schedules: Schedule, count: int = 1, ahead_max: timedelta = timedelta.max
    ) -> AsyncIterator[list["asyncio.Task[None]"]]:
        async with AsyncExitStack() as stack:
            tasks = []
            for n in range(count):
                seconds = {"look_seconds": 0.02, "lease_seconds": LEASE_SECONDS, "enter_seconds": 0.1}
                scheduler = Scheduler(self.database, schedules, self.clock, f"w{n}", ahead_max=ahead_max, **seconds)
                tasks.append(asyncio.create_task(scheduler.run()))
                stack.push_async_callback(end_tasks, tasks[-1])
            yield tasks

    async def standing(self, name: str = "toy.work") -> Standing | None:
        return (await timetable.read(self.database.system)).get(name)

    async def until(self, is_so: Callable[[Standing], Any], name: str = "toy.work") -> Standing:
        async with asyncio.timeout(20):
            while (found := await self.standing(name)) is None or not is_so(found):
                await asyncio.sleep(0.01)
        return found

    async def pass_by(self) -> None:
        """Long enough for every worker to have looked several times."""
        await asyncio.sleep(0.25)


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


def _every_day(work: Any, **options: Any) -> Schedule:
    return Schedule("toy.work", Every(DAY), work, **options)


async def test_nothing_runs_before_its_time_and_then_one_of_many_workers_runs_it(bench: Bench) -> None:
    work = Work(seconds=0.1)
    async with bench.workers(_every_day(work), count=4):
        first = await bench.until(lambda found: True)
        assert bench.clock.now() < first.due_at <= bench.clock.now() + DAY
        await bench.pass_by()
        assert work.runs == 0
        bench.clock.ahead += DAY
        ended = await bench.until(lambda found: found.ended_at)
        await bench.pass_by()
    assert (work.runs, work.most_at_once) == (1, 1)
    assert (ended.error, ended.tries, ended.due_at) == (None, 0, first.due_at + DAY)


async def test_times_missed_while_nobody_worked_are_made_up_for_by_one_run(bench: Bench) -> None:
    work = Work()
    async with bench.workers(_every_day(work)):
        first = await bench.until(lambda found: True)
    bench.clock.ahead += 10 * DAY
    async with bench.workers(_every_day(work)):
        ended = await bench.until(lambda found: found.ended_at)
        await bench.pass_by()
    assert work.runs == 1
    assert ended.due_at == first.due_at + 10 * DAY


async def test_a_clock_that_was_far_ahead_for_a_while_leaves_nothing_undone(bench: Bench) -> None:
    work = Work()
    async with bench.workers(_every_day(work)):
        first = await bench.until(lambda found: True)
        bench.clock.ahead += 1000 * DAY
        ended = await bench.until(lambda found: found.ended_at)
        assert ended.due_at == first.due_at + 1000 * DAY
        bench.clock.ahead -= 1000 * DAY
        await bench.until(lambda found: found.due_at == first.due_at)


async def test_a_worker_whose_clock_is_far_ahead_of_the_databases_takes_no_turn(bench: Bench) -> None:
    work = Work()
    async with bench.workers(_every_day(work), ahead_max=AHEAD_MAX):
        first = await bench.until(lambda found: True)
        bench.clock.ahead += 10 * DAY
        await bench.pass_by()
        assert (work.runs, await bench.standing()) == (0, first)
        bench.clock.ahead -= 10 * DAY
        await timetable.enter(bench.database.system, {first.name: bench.clock.now()})
        await bench.until(lambda found: found.ended_at)
    assert work.runs == 1


async def test_a_run_outlasts_its_lease_because_the_lease_is_renewed(bench: Bench) -> None:
    work = Work(seconds=LEASE_SECONDS * 3)
    async with bench.workers(_every_day(work), count=3):
        await bench.until(lambda found: True)
        bench.clock.ahead += DAY
        await bench.until(lambda found: found.ended_at)
    assert (work.runs, work.most_at_once) == (1, 1)


async def test_a_failed_run_is_told_and_tried_again_soon(bench: Bench) -> None:
    work = Work(errors=[Conflict("The moon is full.", "Wait."), ValueError("x" * 1000)])
    async with bench.workers(_every_day(work)):
        await bench.until(lambda found: True)
        bench.clock.ahead += DAY
        failed = await bench.until(lambda found: found.error)
        assert (failed.error, failed.tries) == ("The moon is full. Wait.", 1)
        assert failed.due_at <= bench.clock.now() + RETRY
        bench.clock.ahead += RETRY
        again = await bench.until(lambda found: found.tries == 2 and found.error.startswith("ValueError"))
        assert again.error is not None and len(again.error) == timetable.ERROR_MAX_CHARACTERS
        bench.clock.ahead += RETRY
        well = await bench.until(lambda found: found.error is None)
    assert (well.tries, work.runs) == (0, 3)


async def test_a_run_that_takes_too_long_is_stopped_and_told(bench: Bench) -> None:
    work = Work(seconds=60)
    async with bench.workers(_every_day(work, timeout_seconds=0.2)):
        await bench.until(lambda found: True)
        bench.clock.ahead += DAY
        failed = await bench.until(lambda found: found.error)
    assert "did not end within 0.2 seconds" in (failed.error or "")
    assert work.at_once == 0


async def test_a_worker_that_stops_hands_its_turn_to_the_next(bench: Bench) -> None:
    work = Work(seconds=60)
    async with bench.workers(_every_day(work)):
        await bench.until(lambda found: True)
        bench.clock.ahead += DAY
        await bench.until(lambda found: found.running_at)
    assert work.at_once == 0
    work.seconds = 0
    async with bench.workers(_every_day(work)):
        ended = await bench.until(lambda found: found.ended_at)
    assert (work.runs, ended.tries) == (2, 0)


async def test_one_that_hangs_holds_up_no_other(bench: Bench) -> None:
    slow, quick = Work(seconds=60), Work()
    async with bench.workers(_every_day(slow), Schedule("toy.quick", Every(HOUR), quick)):
        await bench.until(lambda found: True, "toy.quick")
        bench.clock.ahead += DAY
        await bench.until(lambda found: found.ended_at, "toy.quick")
        assert slow.at_once == 1


async def test_who_lost_the_lease_is_stopped_and_writes_nothing(bench: Bench) -> None:
    work = Work(seconds=60)
    async with bench.workers(_every_day(work)):
        await bench.until(lambda found: True)
        bench.clock.ahead += DAY
        await bench.until(lambda found: found.running_at)
        await bench.database.system.execute("UPDATE schedules SET run = run + 1, due_at = now() + interval '9 days'")
        async with asyncio.timeout(10):
            while work.at_once:
                await asyncio.sleep(0.01)
        await bench.pass_by()
        found = await bench.standing()
    assert found is not None
    assert (found.ended_at, found.error) == (None, None)


async def test_the_turn_of_a_killed_worker_is_taken_by_another(bench: Bench, database_urls: TestDatabase) -> None:
    arguments = [database_urls.app, database_urls.system, str(LEASE_SECONDS)]
    work = Work()
    await timetable.enter(bench.database.system, {HANGING: bench.clock.now()})
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.schedule_process", *arguments),
        stdout=asyncio.subprocess.PIPE,
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": f"{HOME / 'src'}{os.pathsep}{HOME}"},
    )
    try:
        assert child.stdout is not None
        assert await asyncio.wait_for(child.stdout.readline(), 30) == b"begun\n"
        bench.clock.ahead += RETRY
        async with bench.workers(Schedule(HANGING, Every(DAY), work), count=2):
            await bench.pass_by()
            assert work.runs == 0
            os.kill(child.pid, signal.SIGKILL)
            ended = await bench.until(lambda found: found.ended_at, HANGING)
            await bench.pass_by()
        assert (work.runs, ended.tries) == (1, 0)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def test_a_scheduler_outlives_whatever_the_database_says(bench: Bench, database_urls: TestDatabase) -> None:
    work = Work()
    superuser = await asyncpg.connect(database_urls.superuser)
    try:
        async with bench.workers(_every_day(work)) as tasks:
            await bench.until(lambda found: True)
            await superuser.execute("ALTER TABLE schedules RENAME TO gone")
            await bench.pass_by()
            await superuser.execute("ALTER TABLE gone RENAME TO schedules")
            bench.clock.ahead += DAY
            await bench.until(lambda found: found.ended_at)
            assert not tasks[0].done()
    finally:
        await superuser.close()


async def test_shorter_times_hold_at_once_and_longer_ones_from_the_next_run(bench: Bench) -> None:
    async with bench.workers(_every_day(Work())):
        daily = await bench.until(lambda found: True)
    async with bench.workers(Schedule("toy.work", Every(MINUTE), Work())):
        await bench.until(lambda found: found.due_at <= bench.clock.now() + MINUTE)
    async with bench.workers(_every_day(Work())):
        await bench.pass_by()
        found = await bench.standing()
    assert found is not None and found.due_at < daily.due_at


def test_two_schedules_of_one_name_are_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="same name"):
        Scheduler(database, [_every_day(Work()), _every_day(Work())], SetClock(), "w")


async def test_what_must_not_be_left_alone_ends_before_a_cancel_counts() -> None:
    done: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        done.append("work")

    task = asyncio.create_task(to_the_end(work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["work"]
