"""Watching a job: every event once, in order, from anywhere."""

import asyncio
import random
from collections.abc import AsyncIterator

import asyncpg
import pytest

from overprint.db.database import Database
from overprint.engine.events import Event, Hub
from overprint.engine.participants import JobInfo
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
async def engine(database: Database, database_urls: TestDatabase, counter: Counter) -> AsyncIterator[Engine]:
    async with open_engine(database, database_urls.system, toy_pipeline(counter)) as opened:
        yield opened


async def _watch(hub: Hub, job: JobInfo, after: int = 0) -> list[Event]:
    async with asyncio.timeout(20):
        return [event async for event in hub.watch(job.id, after)]


async def test_two_watchers_see_every_event_once_and_in_order(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=20))
    watching = [asyncio.create_task(_watch(engine.hub, job)) for _ in range(2)]
    async with engine.worker():
        first, second = await asyncio.gather(*watching)
    assert first == second == await engine.events(job)
    assert engine.hub.watchers == 0


async def test_a_watcher_cut_off_a_hundred_times_misses_nothing_and_sees_nothing_twice(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=40))
    chance = random.Random(7)

    async def watch_with_cuts() -> tuple[list[int], int]:
        seen: list[int] = []
        cuts = 0
        while True:
            left = chance.randrange(1, 4) if cuts < 100 else 10_000
            async for event in engine.hub.watch(job.id, seen[-1] if seen else 0):
                seen.append(event.seq)
                left -= 1
                if event.ends_job:
                    return seen, cuts
                if left == 0:
                    cuts += 1
                    break

    async with engine.worker():
        seen, cuts = await asyncio.wait_for(watch_with_cuts(), 30)
    assert seen == list(range(1, len(seen) + 1))
    assert cuts >= 40


async def test_who_comes_late_or_comes_back_after_the_end_is_not_kept_waiting(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=5))
        await engine.ended(job)
    every = await engine.events(job)
    assert await _watch(engine.hub, job) == every
    assert await _watch(engine.hub, job, after=len(every) - 1) == every[-1:]
    assert await _watch(engine.hub, job, after=len(every)) == []
    assert await _watch(engine.hub, job, after=10**12) == []


async def test_watching_from_beyond_the_last_event_begins_with_the_next(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=2))
    known = len(await engine.events(job))
    watching = asyncio.create_task(_watch(engine.hub, job, after=10**12))
    while not engine.hub.watchers:
        await asyncio.sleep(0.01)
    async with engine.worker():
        seen = await watching
    assert [event.seq for event in seen][:1] == [known + 1]


async def test_a_late_watcher_beside_an_early_one_gets_the_beginning_too(engine: Engine) -> None:
    """The hub reads for both from where the lower one is; neither may be handed what it has not reached."""
    async with engine.worker():
        job = await engine.submit(Order("a", width=30, slow_seconds=0.05))
        early = asyncio.create_task(_watch(engine.hub, job))
        late = []
        for _ in range(10):
            await asyncio.sleep(0.02)
            late.append(asyncio.create_task(_watch(engine.hub, job)))
        results = await asyncio.gather(early, *late)
    assert all(result == results[0] for result in results)


async def test_watchers_and_running_steps_outlast_broken_connections(
    engine: Engine, database_urls: TestDatabase, counter: Counter
) -> None:
    job = await engine.submit(Order("a", width=4, slow_seconds=0.4))
    watching = asyncio.create_task(_watch(engine.hub, job))
    async with engine.worker():
        await engine.until(job, "leaf/0", "running")
        admin = await asyncpg.connect(database_urls.superuser)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await admin.close()
        seen = await watching
    assert seen == await engine.events(job)
    assert counter.of("leaf") == 4


async def test_nobody_waits_for_a_job_that_does_not_exist(engine: Engine) -> None:
    assert [event async for event in engine.hub.watch(engine.team_id)] == []


async def test_silence_is_told_of_and_so_is_what_ends_it(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    batches = engine.hub.watch_together(job.id, len(await engine.events(job)), quiet_seconds=0.05)
    async with asyncio.timeout(20):
        assert [await anext(batches) for _ in range(2)] == [(), ()]
        async with engine.worker():
            seen = [event async for batch in batches for event in batch]
    assert seen[-1].ends_job
    assert engine.hub.watchers == 0
