"""Lost leases, dead workers, and steps that kill theirs."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from overprint.db.database import Database, Transaction
from overprint.engine import claims, graph, ledger, queue
from overprint.engine.endings import Ending
from overprint.engine.job import JobState, StepState
from overprint.engine.participants import JobInfo, StepDone
from overprint.engine.pipeline import InDoubt
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


async def _claim(engine: Engine, job: JobInfo, key: str = "root", worker: str = "dead") -> claims.Claim:
    claim = await claims.claim(engine.database.system, job.id, key, worker=worker, team_limit=100)
    assert isinstance(claim, claims.Claim)
    return claim


async def test_a_dead_workers_step_is_taken_over(engine: Engine, counter: Counter) -> None:
    job = await engine.submit(Order("a", width=1))
    await _claim(engine, job)
    await engine.lose_lease(job, "root")
    async with engine.worker("living"):
        assert await engine.ended(job) is JobState.COMPLETED
    step = (await engine.steps(job))["root"]
    assert (step["worker"], step["attempt"], step["tries"]) == ("living", 2, 0)


async def test_nothing_that_a_zombie_says_is_written(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    zombie = await _claim(engine, job)
    await _claim(engine, job, worker="living")
    pool = engine.database.system
    before = (await engine.steps(job), await engine.events(job))
    with pytest.raises(claims.LostLease):
        await claims.speak(pool, zombie, "step.progress", {"fraction": 0.9}, fraction=0.9, note="late")
    await claims.log_line(pool, zombie, "info", "late", lines_max=10)
    with pytest.raises(claims.LostLease):
        await ledger.call_once(pool, zombie, ledger.Call("write", "paid", False, InDoubt.RETRY), _never_asked)
    async with engine.worker("not used", limit=1) as runner:
        delivery = queue.Delivery(0, engine.team_id, job.id, "root")
        ending = Ending(StepState.COMPLETED, output='{"name": "late", "parts": {}}')
        with pytest.raises(claims.LostLease):
            await runner._settle(delivery, engine.team_id, zombie.attempt, ending, None)
        assert (await engine.steps(job))["root"]["output"] is None
    assert (before[0]["root"]["progress"], before[0]["root"]["attempt"]) == (0, 2)
    assert await pool.fetchval("SELECT count(*) FROM step_logs") == 0
    assert "late" not in {event.data.get("note") for event in await engine.events(job)}


async def _never_asked(_: ledger.RememberTask) -> ledger.Answered:
    raise AssertionError("a zombie asked a provider")


async def test_a_cancelled_jobs_step_whose_worker_died_is_cancelled(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    await _claim(engine, job)
    await engine.cancel(job)
    assert await engine.state(job) is JobState.RUNNING
    await engine.lose_lease(job, "root")
    async with engine.worker():
        assert await engine.ended(job) is JobState.CANCELLED
    assert {step["state"] for step in (await engine.steps(job)).values()} == {"cancelled"}


async def test_a_step_handed_back_while_its_job_was_cancelled_ends_the_job(engine: Engine) -> None:
    async with engine.worker() as runner:
        job = await engine.submit(Order("a", width=1, slow_seconds=30))
        await engine.until(job, "leaf/0", "running")
        async with engine.database.transaction(engine.team_id) as transaction:
            await graph.cancel(transaction, engine.rules, job.id)
        runner.hand_back_all()
        assert await engine.ended(job, seconds=5) is JobState.CANCELLED


async def test_a_step_that_completes_after_its_job_was_cancelled_sets_nothing_going(
    database: Database, database_urls: TestDatabase, counter: Counter
) -> None:
    """Its body finishes between the request to cancel and the moment the worker hears of it."""
    async with open_engine(database, database_urls.system, toy_pipeline(counter)) as engine:
        job = await engine.submit(Order("a", width=3))
        claim = await _claim(engine, job)
        await engine.cancel(job)
        async with engine.worker("settles", limit=1) as runner:
            delivery = queue.Delivery(0, engine.team_id, job.id, "root")
            kind = engine.rules.registry.get_kind("toy.root@1")
            ending = Ending(StepState.COMPLETED, output='{"name": "a", "parts": {"0": "x"}}')
            await runner._settle(delivery, engine.team_id, claim.attempt, ending, kind)
            assert await engine.ended(job, seconds=5) is JobState.CANCELLED
        steps = await engine.steps(job)
        assert {key: step["state"] for key, step in steps.items()} == {
            "root": "completed",
            "leaf/0": "cancelled",
            "join": "cancelled",
        }


async def test_a_step_that_kills_every_worker_fails_after_so_many_attempts(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    for _ in range(claims.ATTEMPTS_MAX):
        await _claim(engine, job)
    await engine.lose_lease(job, "root")
    async with engine.worker():
        assert await engine.ended(job) is JobState.FAILED
    assert "its worker died" in (await engine.steps(job))["root"]["error"]


async def test_a_step_without_a_queue_entry_is_adopted(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    pool = engine.database.system
    await pool.execute("DELETE FROM pgqueuer")
    assert await queue.adopt_orphans(pool) == 0, "too young: its transaction may be on its way"
    await pool.execute("UPDATE steps SET ready_at = now() - interval '6 s' WHERE state = 'ready'")
    assert await queue.adopt_orphans(pool) == 1
    assert await queue.adopt_orphans(pool) == 0
    async with engine.worker():
        assert await engine.ended(job) is JobState.COMPLETED


async def test_a_step_tried_again_at_once_by_the_same_worker_keeps_its_entry(engine: Engine, counter: Counter) -> None:
    """The queue's own clean-up of the first delivery must not take the lease of the second."""
    async with engine.worker() as runner:
        job = await engine.submit(Order("a", width=1, slow_seconds=1.0))
        await engine.until(job, "leaf/0", "running")
        runner.hand_back_all()
        await asyncio.sleep(0.6)
        assert (await engine.steps(job))["leaf/0"]["state"] == "running"
        assert await engine.database.system.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'picked'") == 1
        assert await engine.ended(job) is JobState.COMPLETED
    assert counter.of("leaf") == 2


async def test_who_lost_its_entry_before_claiming_takes_the_step_from_nobody(engine: Engine) -> None:
    """Frozen between delivery and claim; meanwhile another worker was given the step and runs it."""
    job = await engine.submit(Order("a", width=1))
    pool = engine.database.system
    entry = await pool.fetchval("SELECT id FROM pgqueuer")
    living = await _claim(engine, job, worker="living")
    late = queue.Delivery(entry, engine.team_id, job.id, "root")
    answer = await claims.claim(pool, job.id, "root", worker="late", team_limit=100, delivery=late)
    assert answer is claims.Refusal.GONE
    assert (await engine.steps(job))["root"]["attempt"] == living.attempt


class _Raises:
    """A participant that fails a few times."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.seen: list[str] = []

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        return None

    async def completed(self, transaction: Transaction, step: StepDone) -> None:
        await transaction.driver.execute(
            "INSERT INTO audit_log (id, team_id, action, subject_kind) VALUES (gen_random_uuid(), $1, $2, 'step')",
            step.job.team_id,
            step.key,
        )
        self.seen.append(step.key)
        if step.key == "root" and self.left:
            self.left -= 1
            raise RuntimeError("a bug in billing")

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        self.seen.append(f"{job.kind} {state}")


@pytest.mark.parametrize(("times", "state", "lines"), [(1, JobState.COMPLETED, 3), (99, JobState.FAILED, 0)])
async def test_a_participant_that_raises_rolls_everything_back_and_costs_a_try(
    database: Database, database_urls: TestDatabase, counter: Counter, times: int, state: JobState, lines: int
) -> None:
    raises = _Raises(times)
    pipeline = toy_pipeline(counter)
    async with open_engine(database, database_urls.system, pipeline, participants=(raises,)) as engine:
        async with engine.worker():
            job = await engine.submit(Order("a", width=1))
            assert await engine.ended(job) is state
        owner = engine.database
        async with owner.transaction(engine.team_id) as transaction:
            assert await transaction.driver.fetchval("SELECT count(*) FROM audit_log") == lines
    assert raises.seen[-1] == f"toy.make@1 {state}"
