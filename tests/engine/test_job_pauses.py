"""Jobs that a person pauses: what runs ends, nothing more begins, nobody looks in vain, and nothing is made twice."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from overprint.db.database import Database
from overprint.engine import job_pauses, queue
from overprint.engine.job import JobState
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


async def _pause(engine: Engine, job: JobInfo) -> bool:
    async with engine.database.transaction(engine.team_id) as transaction:
        transaction.after_commit(engine.poker.poke)
        return await job_pauses.pause(transaction, job.id)


async def _resume(engine: Engine, job: JobInfo) -> bool:
    async with engine.database.transaction(engine.team_id) as transaction:
        transaction.after_commit(engine.poker.poke)
        return await job_pauses.resume(transaction, engine.rules, job.id)


async def _entries(engine: Engine) -> int:
    return int(await engine.database.system.fetchval("SELECT count(*) FROM pgqueuer"))


async def test_what_runs_ends_nothing_more_begins_and_going_on_makes_the_rest(engine: Engine, counter: Counter) -> None:
    counter.passes = asyncio.Semaphore(0)
    async with engine.worker(limit=1):
        job = await engine.submit(Order("a", width=4))
        await engine.until(job, "leaf/0", "running")
        assert await _pause(engine, job)
        for _ in range(4):
            counter.passes.release()
        await engine.until(job, "leaf/0", "completed")
        begun = counter.of("leaf")
        await asyncio.sleep(0.4)
        assert (counter.of("leaf"), await _entries(engine)) == (begun, 0)
        assert {step["state"] for key, step in (await engine.steps(job)).items() if key != "leaf/0"} == {
            "completed",
            "pending",
        }
        assert await _resume(engine, job)
        assert await engine.ended(job) is JobState.COMPLETED
    assert counter.of("leaf") == 4
    assert (await engine.steps(job))["join"]["output"] == {"text": "A-0 A-1 A-2 A-3"}
    told = [event.type for event in await engine.events(job)]
    assert (told.count("job.paused"), told.count("job.resumed")) == (1, 1)


async def test_a_job_that_is_paused_before_anybody_came_stands_in_no_queue(engine: Engine, counter: Counter) -> None:
    job = await engine.submit(Order("a"))
    assert await _pause(engine, job)
    await engine.database.system.execute("UPDATE steps SET ready_at = now() - interval '1 h'")
    assert (await _entries(engine), await queue.adopt_orphans(engine.database.system)) == (0, 0)
    async with engine.worker():
        other = await engine.submit(Order("b"))
        assert await engine.ended(other) is JobState.COMPLETED
        assert await engine.state(job) is JobState.QUEUED
        assert await _resume(engine, job)
        assert await engine.ended(job) is JobState.COMPLETED
    assert counter.of("root") == 2


async def test_pausing_twice_or_after_the_end_changes_nothing(engine: Engine) -> None:
    job = await engine.submit(Order("a"))
    assert [await _resume(engine, job), await _pause(engine, job), await _pause(engine, job)] == [False, True, False]
    assert [await _resume(engine, job), await _resume(engine, job)] == [True, False]
    async with engine.worker():
        await engine.ended(job)
    before = await engine.events(job)
    assert [await _pause(engine, job), await _resume(engine, job)] == [False, False]
    assert await engine.events(job) == before


async def test_a_paused_job_can_be_cancelled_and_cannot_be_paused_any_more(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=2, slow_seconds=30))
        await engine.until(job, "leaf/0", "running")
        assert await _pause(engine, job)
        await engine.cancel(job)
        assert not await _pause(engine, job)
        assert await engine.ended(job, seconds=5) is JobState.CANCELLED
    waiting = await engine.submit(Order("b"))
    assert await _pause(engine, waiting)
    await engine.cancel(waiting)
    assert await engine.state(waiting) is JobState.CANCELLED


async def test_what_a_stopping_worker_hands_back_waits_until_somebody_goes_on(engine: Engine) -> None:
    async with engine.worker("first"):
        job = await engine.submit(Order("a", width=1, slow_seconds=3))
        await engine.until(job, "leaf/0", "running")
        assert await _pause(engine, job)
    assert ((await engine.steps(job))["leaf/0"]["state"], await _entries(engine)) == ("pending", 0)
    async with engine.worker("second"):
        assert await _resume(engine, job)
        assert await engine.ended(job) is JobState.COMPLETED


async def test_a_step_whose_worker_died_is_finished_by_another_one_even_while_its_job_is_paused(
    engine: Engine,
) -> None:
    job = await engine.submit(Order("a", width=1))
    async with engine.worker("first"):
        await engine.until(job, "leaf/0", "completed")
        await engine.ended(job)
    job = await engine.submit(Order("b", width=1))
    await engine.database.system.execute(
        "UPDATE steps SET state = 'running' WHERE job_id = $1 AND key = 'root'", job.id
    )
    await engine.lose_lease(job, "root")
    assert await _pause(engine, job)
    async with engine.worker("second"):
        await engine.until(job, "root", "completed")
        assert (await engine.steps(job))["leaf/0"]["state"] == "pending"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_however_often_it_is_paused_every_step_runs_once(engine: Engine, counter: Counter, seed: int) -> None:
    chance = random.Random(seed)
    job = await engine.submit(Order("a", width=20, slow_seconds=0.02))
    async with engine.worker(limit=3):
        for _ in range(12):
            await asyncio.sleep(chance.random() * 0.05)
            await chance.choice((_pause, _resume))(engine, job)
        await _resume(engine, job)
        assert await engine.ended(job) is JobState.COMPLETED
    assert (counter.of("root"), counter.of("leaf"), counter.of("join")) == (1, 20, 1)
    events = await engine.events(job)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert (await _entries(engine), (await engine.steps(job))["join"]["attempt"]) == (0, 1)
