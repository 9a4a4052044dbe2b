"""Lost leases, dead workers, and steps that kill theirs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest

from overprint.db.database import Database, Transaction
from overprint.engine import claims, graph, ledger, queue
from overprint.engine.endings import Ended, Ending
from overprint.engine.job import JOB_ENDED, JobState, StepState
from overprint.engine.participants import JobInfo, StepDone
from overprint.engine.runner import Runner
from overprint.engine.spec import InDoubt, Queue
from overprint.engine.store import lock_job
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


_ROOT_OUTPUT = '{"name": "a", "parts": {"0": "x"}}'


def _runner(engine: Engine) -> Runner:
    return Runner(engine.database, engine.rules, engine.ports, "test", engine.poker.poke)


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
            await runner._commits.record(Ended(delivery, job, zombie.attempt, ending, zombie))
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
            ending = Ending(StepState.COMPLETED, output=_ROOT_OUTPUT)
            await runner._commits.record(Ended(delivery, job, claim.attempt, ending, claim))
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


_RUNS_WITHOUT_ENTRY = """
SELECT count(*) FROM steps WHERE state = 'running'
AND NOT EXISTS (SELECT FROM pgqueuer WHERE dedupe_key = job_id || ':' || key AND status = 'picked')
"""


async def test_a_step_tried_again_at_once_by_the_same_worker_keeps_its_entry(engine: Engine, counter: Counter) -> None:
    """The queue's own clean-up of the first delivery must not take the lease of the second."""
    async with engine.worker() as runner:
        job = await engine.submit(Order("a", width=1, slow_seconds=1.0))
        await engine.until(job, "leaf/0", "running")
        async with asyncio.timeout(10):
            while not counter.of("leaf"):  # the database knew it before the worker did
                await asyncio.sleep(0.01)
        runner.hand_back_all()
        async with asyncio.timeout(20):
            while await engine.state(job) not in JOB_ENDED:
                assert await engine.database.system.fetchval(_RUNS_WITHOUT_ENTRY) == 0
        assert await engine.state(job) is JobState.COMPLETED
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


async def _taken_over(engine: Engine) -> tuple[JobInfo, queue.Delivery, queue.Delivery, claims.Claim]:
    """A step that was delivered to a worker that froze, given to another one, and is run by that now."""
    job = await engine.submit(Order("a", width=1))
    (stale,) = await _deliver(engine, [job])
    living = queue.Delivery(stale.id, uuid4(), job.id, "root")
    await engine.database.system.execute(_MOVE_ENTRY, living.holder)
    claim = await claims.claim(engine.database.system, job.id, "root", worker="b", team_limit=9, delivery=living)
    assert isinstance(claim, claims.Claim)
    return job, stale, living, claim


_MOVE_ENTRY = "UPDATE pgqueuer SET status = 'picked', queue_manager_id = $1"


async def test_a_stale_delivery_of_a_cancelled_job_does_not_end_the_step_of_the_worker_that_has_it(
    engine: Engine,
) -> None:
    job, stale, living, claim = await _taken_over(engine)
    await engine.cancel(job)
    runner = _runner(engine)
    await runner.run(stale)
    assert (await engine.steps(job))["root"]["state"] == "running"
    ending = Ending(StepState.COMPLETED, output=_ROOT_OUTPUT)
    await runner._commits.record(Ended(living, job, claim.attempt, ending, claim))
    assert (await engine.steps(job))["root"]["state"] == "completed", "what was paid for is kept"
    assert await engine.state(job) is JobState.CANCELLED


async def test_who_was_told_of_a_cancelled_job_and_lost_its_entry_since_then_ends_no_step(engine: Engine) -> None:
    job, stale, living, _ = await _taken_over(engine)
    await engine.cancel(job)
    runner = _runner(engine)
    await runner._decline(stale, claims.Refusal.CANCELLED)
    assert (await engine.steps(job))["root"]["state"] == "running"
    await runner._decline(living, claims.Refusal.CANCELLED)
    assert await engine.state(job) is JobState.CANCELLED


async def test_who_loses_its_entry_while_it_waits_for_the_job_does_not_claim(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    (late,) = await _deliver(engine, [job])
    living = queue.Delivery(late.id, uuid4(), job.id, "root")
    desk = claims.Desk(engine.database, "worker", team_limit=9)
    async with engine.database.transaction(engine.team_id) as transaction:
        await lock_job(transaction.driver, job.id)
        waiting = asyncio.create_task(desk.claim(late))
        await _somebody_waits_for_a_lock(engine)
        await engine.database.system.execute(_MOVE_ENTRY, living.holder)
    assert await waiting is claims.Refusal.GONE
    assert (await engine.steps(job))["root"]["attempt"] == 0
    assert isinstance(await desk.claim(living), claims.Claim)


async def test_a_step_that_is_claimed_between_a_claims_look_and_its_write_is_not_claimed_over(engine: Engine) -> None:
    job = await engine.submit(Order("a", width=1))
    (late,) = await _deliver(engine, [job])
    desk = claims.Desk(engine.database, "worker", team_limit=9)
    async with engine.database.system.acquire() as connection:
        async with connection.transaction():
            await connection.execute("UPDATE steps SET state = 'running', attempt = attempt + 1 WHERE key = 'root'")
            await connection.execute(_MOVE_ENTRY, uuid4())
            waiting = asyncio.create_task(desk.claim(late))
            await _somebody_waits_for_a_lock(engine)
    assert await waiting is claims.Refusal.GONE
    assert (await engine.steps(job))["root"]["attempt"] == 1


class _Raises:
    """A participant that fails a few times."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.seen: list[str] = []

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        return None

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        for step in steps:
            await transaction.driver.execute(
                "INSERT INTO doomed_blobs (team_id, key) VALUES ($1, $2)", step.job.team_id, step.key
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
            assert await transaction.driver.fetchval("SELECT count(*) FROM doomed_blobs") == lines
    assert raises.seen[-1] == f"toy.make@1 {state}"


async def _deliver(engine: Engine, jobs: Sequence[JobInfo]) -> list[queue.Delivery]:
    """The entries of the jobs' first steps, given to one worker."""
    rows = await engine.database.system.fetch(
        "UPDATE pgqueuer SET status = 'picked', queue_manager_id = $1 RETURNING id, dedupe_key", engine.team_id
    )
    entries = {row["dedupe_key"]: row["id"] for row in rows}
    lane = tuple(str(name) for name in Queue)
    return [queue.Delivery(entries[f"{job.id}:root"], engine.team_id, job.id, "root", lane) for job in jobs]


async def test_steps_that_are_delivered_together_are_claimed_up_to_their_teams_limit(engine: Engine) -> None:
    jobs = [await engine.submit(Order(f"a-{n}")) for n in range(4)]
    first, *others = await _deliver(engine, jobs)
    desk = claims.Desk(engine.database, "worker", team_limit=3)
    assert isinstance(await desk.claim(first), claims.Claim)
    answers = await asyncio.gather(*(desk.claim(delivery) for delivery in [*others, first]))
    assert [isinstance(answer, claims.Claim) for answer in answers] == [True, True, False, True], "one more is too many"
    assert answers[2] is claims.Refusal.BUSY
    assert [(await engine.steps(job))["root"]["attempt"] for job in jobs] == [2, 1, 1, 0]
    for job in jobs:
        events = await engine.events(job)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def test_a_job_that_is_held_by_a_transaction_holds_up_no_claim_but_its_own(engine: Engine) -> None:
    jobs = [await engine.submit(Order(name)) for name in ("held", "free")]
    held, free = await _deliver(engine, jobs)
    desk = claims.Desk(engine.database, "worker", team_limit=10)
    async with engine.database.transaction(engine.team_id) as transaction:
        await lock_job(transaction.driver, jobs[0].id)
        waiting, claimed = (asyncio.create_task(desk.claim(delivery)) for delivery in (held, free))
        assert isinstance(await claimed, claims.Claim)
        assert not waiting.done()
    assert isinstance(await waiting, claims.Claim)


class _Waits:
    """A participant that takes its time with one step."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.reached, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        return None

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        if self.key in [step.key for step in steps]:
            self.reached.set()
            await self.may_go_on.wait()

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        return None


async def test_two_needs_of_a_step_that_end_at_the_same_moment_set_it_going(
    database: Database, database_urls: TestDatabase, counter: Counter
) -> None:
    """The statement that ends the second began before the first was committed, and does not see it ended."""
    slow = _Waits("leaf/0")
    async with open_engine(database, database_urls.system, toy_pipeline(counter), participants=(slow,)) as engine:

        async def settle(claim: claims.Claim, output: str) -> None:
            """By a worker of its own: one worker records steps of a job one after the other."""
            delivery = queue.Delivery(0, engine.team_id, claim.job.id, claim.key)
            ending = Ending(StepState.COMPLETED, output=output)
            await _runner(engine)._commits.record(Ended(delivery, claim.job, claim.attempt, ending, claim))

        job = await engine.submit(Order("a", width=2))
        await settle(await _claim(engine, job), '{"name": "a", "parts": {"0": "x", "1": "y"}}')
        leaves = [await _claim(engine, job, key) for key in ("leaf/0", "leaf/1")]
        first = asyncio.create_task(settle(leaves[0], '{"text": "X"}'))
        await slow.reached.wait()
        second = asyncio.create_task(settle(leaves[1], '{"text": "Y"}'))
        await _somebody_waits_for_a_lock(engine)
        slow.may_go_on.set()
        await asyncio.gather(first, second)
        assert (await engine.steps(job))["join"]["state"] == "ready"


async def _somebody_waits_for_a_lock(engine: Engine) -> None:
    async with asyncio.timeout(10):
        while not await engine.database.system.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)


async def test_an_entry_of_one_team_does_not_start_a_step_of_another(engine: Engine) -> None:
    job = await engine.submit(Order("a"))
    (delivery,) = await _deliver(engine, [job])
    desk = claims.Desk(engine.database, "worker", team_limit=3)
    await engine.database.system.execute("UPDATE pgqueuer SET team_id = gen_random_uuid()")
    assert await desk.claim(delivery) is claims.Refusal.GONE
    await engine.database.system.execute("UPDATE pgqueuer SET team_id = $1", engine.team_id)
    assert isinstance(await desk.claim(delivery), claims.Claim)
