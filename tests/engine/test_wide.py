"""Jobs that fan out and in: what an end costs does not grow with the number of steps beside it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from overprint.core.codec import encode
from overprint.core.ids import new_id
from overprint.db.database import Database, Transaction
from overprint.engine import graph
from overprint.engine.job import JobState
from overprint.engine.participants import JobInfo, StepDone
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline

WIDTH = 2 * graph.TOGETHER_MAX + 1


@dataclass
class Audience:
    """A participant that notes what it is told at once."""

    told: list[list[str]] = field(default_factory=list)

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        return None

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        self.told.append([step.key for step in steps])

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        self.told.append([str(state)])


@pytest.fixture
def audience() -> Audience:
    return Audience()


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
async def engine(
    database: Database, database_urls: TestDatabase, audience: Audience, counter: Counter
) -> AsyncIterator[Engine]:
    async with open_engine(database, database_urls.system, toy_pipeline(counter), participants=(audience,)) as opened:
        yield opened


async def made(engine: Engine, order: Order) -> JobInfo:
    async with engine.worker():
        job = await engine.submit(order)
        assert await engine.ended(job) is JobState.COMPLETED
    return job


async def reused(engine: Engine, order: Order) -> tuple[JobInfo, int]:
    """A job that was made before, and how many statements it took to submit it."""
    said: list[Any] = []
    job = JobInfo(new_id(), engine.team_id, "toy.make@1", new_id(), None, encode(order), None)
    async with engine.database.transaction(engine.team_id) as transaction:
        with transaction.driver.query_logger(said.append):
            await graph.submit(transaction, engine.rules, job)
    assert await engine.state(job) is JobState.COMPLETED
    return job, len(said)


async def test_what_is_reused_is_ended_together(engine: Engine) -> None:
    counts = []
    for width in (2, graph.TOGETHER_MAX):
        order = Order(f"of {width}", width=width)
        await made(engine, order)
        counts.append((await reused(engine, order))[1])
    few, many = counts
    assert many < few + 5, "a connection that is new asks for a few types"


async def test_all_that_is_reused_is_there_with_an_event_each_and_told_once(engine: Engine, audience: Audience) -> None:
    order = Order("a", width=WIDTH)
    await made(engine, order)
    audience.told.clear()
    job, _ = await reused(engine, order)
    leaves = [f"leaf/{n}" for n in range(WIDTH)]
    assert audience.told == [["root", *leaves, "join"], ["completed"]]
    steps, events = await engine.steps(job), await engine.events(job)
    assert {step["state"] for step in steps.values()} == {"reused"}
    assert steps["join"]["output"] == {"text": " ".join(sorted((f"A-{n}" for n in range(WIDTH)), key=_by_key))}
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.data["key"] for event in events if event.type == "step.reused"] == audience.told[0]
    assert (events[-1].type, events[-1].data["steps"]) == ("job.completed", {"reused": WIDTH + 2})


def _by_key(text: str) -> str:
    return text.removeprefix("A-")


def _let_the_rest_pass(counter: Counter) -> None:
    assert counter.passes is not None
    for _ in range(2):
        counter.passes.release()


async def test_a_fan_in_remembers_one_of_the_steps_that_it_waits_for(engine: Engine, counter: Counter) -> None:
    counter.passes = asyncio.Semaphore(2)
    async with engine.worker(limit=1):
        job = await engine.submit(Order("a", width=4))
        await engine.until(job, "leaf/1", "completed")
        assert (await engine.steps(job))["join"]["waits_for"] == "leaf/3"
        _let_the_rest_pass(counter)
        assert await engine.ended(job) is JobState.COMPLETED


async def test_a_wrong_memory_of_it_harms_nobody(engine: Engine, counter: Counter) -> None:
    counter.passes = asyncio.Semaphore(2)
    async with engine.worker(limit=1):
        job = await engine.submit(Order("a", width=4))
        await engine.until(job, "leaf/1", "completed")
        await engine.database.system.execute("UPDATE steps SET waits_for = 'leaf/0' WHERE job_id = $1", job.id)
        _let_the_rest_pass(counter)
        assert await engine.ended(job) is JobState.COMPLETED
    assert (await engine.steps(job))["join"]["output"] == {"text": "A-0 A-1 A-2 A-3"}
