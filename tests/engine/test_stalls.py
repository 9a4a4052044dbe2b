"""Busy and stuck neighbours: a job whose row somebody holds, a team that has filled its share, a long backlog."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from overprint.core.tasks import end_tasks
from overprint.db.database import Database, open_database
from overprint.engine import claims, queue
from overprint.engine.context import StepContext
from overprint.engine.job import JobState
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.runner import Runner
from overprint.engine.spec import InDoubt, Queue, StepSpec
from overprint.engine.worker import TIDY_SECONDS, Lane, Worker
from tests.support.database import TestDatabase
from tests.support.engine import LEASE_SECONDS, Engine, open_engine

NETWORK, PROCESSOR = (str(Queue.TEXT),), (str(Queue.LAYOUT),)


@dataclass(frozen=True)
class Order:
    """So many steps of each class, which each run for so long and speak all the time, or not."""

    name: str
    network: int = 0
    processor: int = 0
    seconds: float = 60.0
    speaks: bool = False


@dataclass(frozen=True)
class Work:
    name: str
    seconds: float
    speaks: bool


@dataclass(frozen=True)
class Done:
    name: str


def _pipeline() -> Pipeline:
    async def body(context: StepContext, work: Work) -> Done:
        async with asyncio.timeout(work.seconds) as until:
            while work.speaks:
                await context.progress(0.5, "half way")
                await asyncio.sleep(0.11)
            when = until.when()
            assert when is not None
            until.reschedule(None)
            await asyncio.sleep(when - asyncio.get_running_loop().time())
        return Done(work.name)

    def plan(order: Order) -> list[StepSpec]:
        return [
            StepSpec(f"{kind}/{n}", f"toy.{kind}@1", kind, {"name": f"{order.name}/{n}", **settings}, seed=n)
            for kind, count in (("network", order.network), ("processor", order.processor))
            for n in range(count)
            for settings in ({"seconds": order.seconds, "speaks": order.speaks},)
        ]

    kinds = (
        StepKind("toy.network@1", Work, Done, body, Queue.TEXT),
        StepKind("toy.processor@1", Work, Done, body, Queue.LAYOUT),
    )
    return Pipeline("toy.make@1", Order, plan, kinds)


@pytest.fixture
async def engine(database: Database, database_urls: TestDatabase) -> AsyncIterator[Engine]:
    async with open_engine(database, database_urls.system, _pipeline()) as opened:
        yield opened


def _begin(engine: Engine, database: Database, name: str, *lanes: Lane, team_limit: int = 100) -> "asyncio.Task[None]":
    runner = Runner(database, engine.rules, engine.ports, name, engine.poker.poke, team_limit=team_limit)
    worker = Worker(runner, engine.listener, engine.system_url, lanes, lease_seconds=LEASE_SECONDS)
    return asyncio.create_task(worker.run())


async def _deliver(engine: Engine, job: JobInfo, count: int) -> list[queue.Delivery]:
    """Some entries of the job, given to one worker."""
    rows = await engine.database.system.fetch(
        "UPDATE pgqueuer SET status = 'picked', queue_manager_id = $1 WHERE id IN"
        " (SELECT id FROM pgqueuer WHERE starts_with(dedupe_key, $2) ORDER BY id LIMIT $3) RETURNING id, dedupe_key",
        engine.team_id,
        str(job.id),
        count,
    )
    lane = NETWORK + PROCESSOR
    return [queue.Delivery(row["id"], engine.team_id, job.id, row["dedupe_key"][37:], lane) for row in rows]


async def _running(engine: Engine, job: JobInfo) -> int:
    return sum(1 for step in (await engine.steps(job)).values() if step["state"] == "running")


async def _until_running(engine: Engine, job: JobInfo, count: int) -> None:
    async with asyncio.timeout(30):
        while await _running(engine, job) < count:
            await asyncio.sleep(0.05)


async def test_a_job_that_somebody_holds_costs_no_other_job_its_lease(
    engine: Engine, database: Database, database_urls: TestDatabase
) -> None:
    """Thirty steps that speak, more than there are connections, and a row that is held for two leases."""
    other = await open_database(database_urls.app, database_urls.system)
    tasks = [_begin(engine, database, "first", Lane("network", NETWORK, 40))]
    try:
        held = await engine.submit(Order("held", network=30, speaks=True))
        free = await engine.submit(Order("free", network=1))
        await _until_running(engine, held, 30)
        await _until_running(engine, free, 1)
        tasks.append(_begin(engine, other, "second", Lane("network", NETWORK, 40)))
        await asyncio.sleep(LEASE_SECONDS)  # a worker that just began takes nobody's stale entries
        superuser = await asyncpg.connect(database_urls.superuser)
        async with superuser.transaction():
            await superuser.execute("SELECT FROM jobs WHERE id = $1 FOR UPDATE", held.id)
            await asyncio.sleep(2 * LEASE_SECONDS)
            holders = await superuser.fetch(
                "SELECT queue_manager_id, count(*) FROM pgqueuer WHERE status = 'picked' GROUP BY 1"
            )
        await superuser.close()
        assert [row["count"] for row in holders] == [31]
        for job in (held, free):
            assert {(step["worker"], step["attempt"]) for step in (await engine.steps(job)).values()} == {("first", 1)}
    finally:
        await end_tasks(*tasks, again_seconds=TIDY_SECONDS)
        await other.aclose()


async def test_a_claim_of_a_job_that_somebody_holds_gives_up_soon_and_puts_it_back(
    engine: Engine, database_urls: TestDatabase
) -> None:
    job = await engine.submit(Order("held", network=1))
    (delivery,) = await _deliver(engine, job, 1)
    superuser = await asyncpg.connect(database_urls.superuser)
    async with superuser.transaction():
        await superuser.execute("SELECT FROM jobs WHERE id = $1 FOR UPDATE", job.id)
        desk = claims.Desk(engine.database, "worker", team_limit=9)
        assert await asyncio.wait_for(desk.claim(delivery), 8) is claims.Refusal.BUSY
    assert await superuser.fetchval("SELECT status FROM pgqueuer") == "queued"
    await superuser.close()


async def test_a_team_whose_calls_fill_the_network_still_gets_its_processors(
    engine: Engine, database: Database
) -> None:
    # Claims that come at once do not see each other, so a share is met within a few groups of eight, not exactly.
    lanes = Lane("network", NETWORK, 32), Lane("cpu", PROCESSOR, 1)
    task = _begin(engine, database, "worker", *lanes, team_limit=4)
    try:
        calls = await engine.submit(Order("calls", network=40))
        await _until_running(engine, calls, 4)
        drawn = await engine.submit(Order("drawn", processor=3, seconds=0.05))
        assert await engine.ended(drawn, seconds=20) is JobState.COMPLETED
        assert await _running(engine, calls) < 32, "its share of the network, and no more"
    finally:
        await end_tasks(task, again_seconds=TIDY_SECONDS)


@pytest.mark.parametrize(
    ("waiting", "refused_before", "least", "most"),
    [(50, 9, 0.5, 1.5), (400, 0, 0.5, 1.5), (400, 1, 1.0, 3.0), (400, 9, 1.9, 6.1)],
)
async def test_the_longer_a_teams_backlog_the_less_often_each_step_of_it_is_tried_in_vain(
    engine: Engine, waiting: int, refused_before: int, least: float, most: float
) -> None:
    job = await engine.submit(Order("long", network=waiting))
    refused = await _deliver(engine, job, 8)
    await engine.database.system.execute("UPDATE pgqueuer SET attempts = $1", refused_before)
    await queue.put_back(engine.database.system, refused)
    rows = await engine.database.system.fetch(
        "SELECT extract(epoch FROM execute_after - updated)::float8 AS seconds FROM pgqueuer"
        " WHERE id = ANY($1) AND status = 'queued' AND queue_manager_id IS NULL",
        [delivery.id for delivery in refused],
    )
    assert len(rows) == 8
    assert all(least <= row["seconds"] <= most for row in rows)
    assert len({row["seconds"] for row in rows}) == 8, "not all at once again"


async def test_an_entry_that_somebody_else_holds_by_now_is_not_put_back(engine: Engine) -> None:
    job = await engine.submit(Order("a", network=1))
    (late,) = await _deliver(engine, job, 1)
    await engine.database.system.execute("UPDATE pgqueuer SET queue_manager_id = gen_random_uuid()")
    await queue.put_back(engine.database.system, [late])
    assert await engine.database.system.fetchval("SELECT status FROM pgqueuer") == "picked"


async def test_a_step_that_was_taken_but_has_no_room_pushes_no_newcomer_back(engine: Engine) -> None:
    job = await engine.submit(Order("long", network=20))
    first, *_, last = sorted((await engine.steps(job)).values(), key=lambda step: step["tag"])
    for step in (first, last):
        await engine.database.system.execute(
            "UPDATE pgqueuer SET status = 'picked' WHERE dedupe_key = $1", f"{job.id}:{step['key']}"
        )
    await engine.database.system.execute("UPDATE steps SET state = 'running' WHERE key = $1", first["key"])
    async with engine.database.transaction(engine.team_id) as transaction:
        now = await transaction.driver.fetchval(f"SELECT {queue.VIRTUAL_TIME}")
    assert (now, first["tag"] < last["tag"]) == (first["tag"], True)


async def test_words_that_could_not_be_told_while_somebody_held_the_job_are_told_with_the_next(
    engine: Engine, database_urls: TestDatabase
) -> None:
    job = await engine.submit(Order("told", network=1))
    claim = await claims.claim(engine.database.system, job.id, "network/0", worker="a", team_limit=9)
    assert isinstance(claim, claims.Claim)
    context = StepContext(claim, engine.ports, engine.database.system, InDoubt.RETRY, {})  # type: ignore[arg-type]
    heard = ["Once ", "upon "]
    superuser = await asyncpg.connect(database_urls.superuser)
    async with superuser.transaction():
        await superuser.execute("SELECT FROM jobs WHERE id = $1 FOR UPDATE", job.id)
        await context._tell_text(heard)
    await superuser.close()
    context._silent_until = 0.0
    heard.append("a time")
    await context._tell_text(heard)
    told = [event.data["text"] for event in await engine.events(job) if event.type == "step.text"]
    assert (told, heard) == (["Once upon a time"], [])
