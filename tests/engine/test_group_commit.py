"""Steps that end at the same moment are recorded in one transaction, and none of them notices."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from overprint.core.ids import new_id
from overprint.db.database import Database, Transaction
from overprint.engine import claims, queue
from overprint.engine.endings import Ended, Ending
from overprint.engine.group_commit import AT_ONCE, TOGETHER_MAX_CHARACTERS, GroupCommit
from overprint.engine.job import JobState, StepState
from overprint.engine.participants import JobInfo, StepDone
from overprint.engine.store import lock_job
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline

OUTPUT = '{"name": "a", "parts": {"0": "x"}}'


@dataclass
class Witness:
    """A participant that notes in which transaction it was told of which job's step; it refuses some jobs, and is slow
    with others until it ``may_go_on``."""

    refuses: set[UUID] = field(default_factory=set)
    is_slow_with: set[UUID] = field(default_factory=set)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[tuple[UUID, str, int]] = field(default_factory=list)
    projects: list[UUID | None] = field(default_factory=list)

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        return None

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        number = await transaction.driver.fetchval("SELECT pg_current_xact_id()::text::bigint")
        for step in steps:
            if step.job.id in self.refuses:
                raise RuntimeError("a bug in billing")
            if step.job.id in self.is_slow_with:
                await self.may_go_on.wait()
            self.told.append((step.job.id, step.key, number))
            self.projects.append(step.job.project_id)

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        return None

    def transactions(self) -> int:
        return len({number for _, _, number in self.told})


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
async def engine(database: Database, database_urls: TestDatabase, witness: Witness) -> AsyncIterator[Engine]:
    pipeline = toy_pipeline(Counter())
    async with open_engine(database, database_urls.system, pipeline, participants=(witness,)) as opened:
        yield opened


def commits(engine: Engine) -> GroupCommit:
    return GroupCommit(engine.database, engine.rules, engine.poker.poke)


async def end(engine: Engine, job: JobInfo, key: str = "root", output: str = OUTPUT) -> Ended:
    """A claimed step whose body has ended."""
    claim = await claims.claim(engine.database.system, job.id, key, worker="worker", team_limit=100)
    assert isinstance(claim, claims.Claim)
    holder = uuid4()
    entry = await engine.database.system.fetchval(
        "UPDATE pgqueuer SET status = 'picked', queue_manager_id = $2 WHERE dedupe_key = $1 RETURNING id",
        f"{job.id}:{key}",
        holder,
    )
    ending = Ending(StepState.COMPLETED, output=output)
    return Ended(queue.Delivery(entry, holder, job.id, key), job, claim.attempt, ending, claim)


async def begin(engine: Engine, count: int) -> tuple[list[JobInfo], list[Ended]]:
    jobs = [await engine.submit(Order(f"a-{n}", width=1)) for n in range(count)]
    return jobs, [await end(engine, job) for job in jobs]


async def record(recorder: GroupCommit, ended: Sequence[Ended]) -> list[BaseException | None]:
    return await asyncio.gather(*(recorder.record(one) for one in ended), return_exceptions=True)


async def goes_on(engine: Engine, job: JobInfo) -> bool:
    """Whether its first step was recorded, whole and once."""
    steps, events = await engine.steps(job), await engine.events(job)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    states = {key: step["state"] for key, step in steps.items()}
    told = [event.type for event in events if event.data.get("key") == "root"]
    entries = await engine.database.system.fetch("SELECT dedupe_key FROM pgqueuer WHERE dedupe_key ^@ $1", str(job.id))
    if states == {"root": "completed", "leaf/0": "ready", "join": "pending"}:
        assert told == ["step.started", "step.completed"]
        assert [row["dedupe_key"] for row in entries] == [f"{job.id}:leaf/0"]
        return True
    assert states == {"root": "running", "join": "pending"}
    assert told == ["step.started"]
    assert [row["dedupe_key"] for row in entries] == [f"{job.id}:root"]
    return False


async def test_steps_that_end_together_are_recorded_in_one_transaction(engine: Engine, witness: Witness) -> None:
    jobs, ended = await begin(engine, 5)
    assert await record(commits(engine), ended) == [None] * 5
    assert [await goes_on(engine, job) for job in jobs] == [True] * 5
    assert (len(witness.told), witness.transactions()) == (5, 1)
    tags = await engine.database.system.fetch(
        "SELECT tag FROM steps WHERE key = 'leaf/0' AND team_id = $1", jobs[0].team_id
    )
    assert len({row["tag"] for row in tags}) == 5, "each step goes behind the one before"


async def test_what_is_wrong_with_one_step_is_no_harm_to_those_that_ended_with_it(
    engine: Engine, witness: Witness
) -> None:
    jobs, ended = await begin(engine, 4)
    witness.refuses.add(jobs[1].id)
    answers = await record(commits(engine), ended)
    assert [type(answer) for answer in answers] == [type(None), RuntimeError, type(None), type(None)]
    assert [await goes_on(engine, job) for job in jobs] == [True, False, True, True]


async def test_who_lost_its_lease_hears_it_and_those_that_ended_with_it_do_not(engine: Engine) -> None:
    jobs, ended = await begin(engine, 3)
    await claims.claim(engine.database.system, jobs[2].id, "root", worker="other", team_limit=100)
    answers = await record(commits(engine), ended)
    assert [type(answer) for answer in answers] == [type(None), type(None), claims.LostLease]
    steps = await engine.steps(jobs[2])
    assert (steps["root"]["state"], steps["root"]["worker"], steps["root"]["output"]) == ("running", "other", None)
    assert [await goes_on(engine, job) for job in jobs[:2]] == [True, True]


async def test_a_job_that_somebody_holds_holds_up_its_own_step_alone(engine: Engine) -> None:
    jobs, ended = await begin(engine, 3)
    recorder = commits(engine)
    async with engine.database.transaction(engine.team_id) as transaction:
        await lock_job(transaction.driver, jobs[0].id)
        held, *others = (asyncio.create_task(recorder.record(one)) for one in ended)
        await asyncio.gather(*others)
        assert not held.done()
        assert [await goes_on(engine, job) for job in jobs] == [False, True, True]
    await held
    assert await goes_on(engine, jobs[0])


async def test_two_steps_of_a_job_that_end_together_free_what_needs_both(engine: Engine, witness: Witness) -> None:
    job = await engine.submit(Order("a", width=2))
    recorder = commits(engine)
    await recorder.record(await end(engine, job, output='{"name": "a", "parts": {"0": "x", "1": "y"}}'))
    leaves = [await end(engine, job, key, '{"text": "X"}') for key in ("leaf/0", "leaf/1")]
    assert await record(recorder, leaves) == [None, None]
    assert (await engine.steps(job))["join"]["state"] == "ready"
    assert witness.transactions() == 3


async def test_steps_of_two_teams_never_share_a_transaction(
    engine: Engine, witness: Witness, database: Database, database_urls: TestDatabase
) -> None:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter()), participants=(witness,)) as other:
        ours, ended = await begin(engine, 2)
        theirs, also_ended = await begin(other, 2)
        assert await record(commits(engine), [ended[0], also_ended[0], ended[1], also_ended[1]]) == [None] * 4
        assert [await goes_on(engine, job) for job in [*ours, *theirs]] == [True] * 4
    number = {job_id: number for job_id, _, number in witness.told}
    assert number[ours[0].id] == number[ours[1].id] != number[theirs[0].id] == number[theirs[1].id]


async def test_what_is_large_has_a_transaction_of_its_own(engine: Engine, witness: Witness) -> None:
    large = OUTPUT.replace("x", "x" * (TOGETHER_MAX_CHARACTERS - 100))
    jobs = [await engine.submit(Order(f"a-{n}", width=1)) for n in range(4)]
    ended = [await end(engine, job, output=large if n < 2 else OUTPUT) for n, job in enumerate(jobs)]
    assert await record(commits(engine), ended) == [None] * 4
    assert [await goes_on(engine, job) for job in jobs] == [True] * 4
    number = {job_id: number for job_id, _, number in witness.told}
    assert number[jobs[0].id] == number[jobs[2].id] != number[jobs[1].id]


async def test_what_was_recorded_by_an_answer_that_got_lost_is_recorded_once(engine: Engine, witness: Witness) -> None:
    jobs, ended = await begin(engine, 3)
    recorder = commits(engine)
    assert await record(recorder, ended) == [None] * 3
    assert await record(recorder, ended) == [None] * 3
    assert [await goes_on(engine, job) for job in jobs] == [True] * 3
    assert len(witness.told) == 3


async def test_who_is_cancelled_while_it_waits_is_left_out_and_nobody_is_forgotten(
    engine: Engine, witness: Witness
) -> None:
    jobs, ended = await begin(engine, AT_ONCE + 4)
    recorder = commits(engine)
    witness.is_slow_with = {job.id for job in jobs[:AT_ONCE]}
    slow = []
    for one in ended[:AT_ONCE]:
        slow.append(asyncio.create_task(recorder.record(one)))
        await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(recorder.record(one)) for one in ended[AT_ONCE:]]
    await asyncio.sleep(0.05)
    waiting[0].cancel()
    witness.may_go_on.set()
    answers = await asyncio.gather(*slow, *waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None)] * AT_ONCE + [asyncio.CancelledError] + [type(None)] * 3
    assert [await goes_on(engine, job) for job in jobs] == [True] * AT_ONCE + [False] + [True] * 3


async def test_jobs_that_somebody_holds_hold_up_no_other_however_many_they_are(engine: Engine) -> None:
    jobs, ended = await begin(engine, AT_ONCE + 3)
    recorder = commits(engine)
    async with engine.database.transaction(engine.team_id) as transaction:
        for job in jobs[:AT_ONCE]:
            await lock_job(transaction.driver, job.id)
        held = []
        for one in ended[:AT_ONCE]:
            held.append(asyncio.create_task(recorder.record(one)))
            await asyncio.sleep(0.05)
        async with asyncio.timeout(5):
            assert await record(recorder, ended[AT_ONCE:]) == [None] * 3
        assert not any(task.done() for task in held)
    await asyncio.gather(*held)
    assert [await goes_on(engine, job) for job in jobs] == [True] * (AT_ONCE + 3)


async def test_a_step_is_delivered_to_no_project_that_was_deleted_while_it_ran(
    engine: Engine, witness: Witness
) -> None:
    project_id = new_id()
    async with engine.database.transaction(engine.team_id) as transaction:
        await transaction.driver.execute(
            "INSERT INTO projects (id, team_id, name) VALUES ($1, $2, 'Bees')", project_id, engine.team_id
        )
    jobs = [await engine.submit(Order(f"a-{n}", width=1), project_id=project_id) for n in range(2)]
    ended = [await end(engine, job) for job in jobs]
    recorder = commits(engine)
    await recorder.record(ended[0])
    async with engine.database.transaction(engine.team_id) as transaction:
        await transaction.driver.execute("DELETE FROM projects WHERE id = $1", project_id)
    await recorder.record(ended[1])
    assert witness.projects == [project_id, None]
