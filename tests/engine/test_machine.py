"""Random lives of a job against the rules of ``job.py``: no forbidden move, right counters, and it always ends."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from overprint.db.database import open_database
from overprint.engine import claims, queue
from overprint.engine.claims import Claim
from overprint.engine.diagnosis import Failure
from overprint.engine.endings import Ended, Ending
from overprint.engine.graph import cancel
from overprint.engine.job import JOB_ENDED, STEP_ENDED, JobState, StepState, outcome
from overprint.engine.participants import JobInfo
from overprint.engine.runner import Runner
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline

T = TypeVar("T")
WIDTH = 3


def test_any_life_of_a_job_keeps_the_rules(database_urls: TestDatabase) -> None:
    loop = asyncio.new_event_loop()
    stack = AsyncExitStack()
    try:
        engine = loop.run_until_complete(_open(stack, database_urls))
        machine = type("Bound", (Life,), {"engine": engine, "loop": loop})
        run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=25))
    finally:
        loop.run_until_complete(stack.aclose())
        loop.close()


async def _open(stack: AsyncExitStack, urls: TestDatabase) -> Engine:
    database = await open_database(urls.app, urls.system, pool_size=2)
    stack.push_async_callback(database.aclose)
    return await stack.enter_async_context(open_engine(database, urls.system, toy_pipeline(Counter())))


class Life(RuleBasedStateMachine):
    """Workers that claim, complete, fail, hand back and die, and a person who cancels, in any order."""

    engine: Engine
    loop: asyncio.AbstractEventLoop

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(fails=st.sets(st.integers(0, WIDTH - 1)))
    def submit(self, fails: set[int]) -> None:
        self.job: JobInfo = self.wait(self.engine.submit(Order(f"life-{id(self)}", WIDTH)))
        self.fails = {f"leaf/{n}" for n in fails}
        self.held: dict[str, list[Claim]] = {}
        self.before: dict[str, StepState] = {}
        self.runner = Runner(
            self.engine.database,
            self.engine.rules,
            self.engine.ports,
            "life",
            lambda: None,
        )

    def delivery(self, key: str) -> queue.Delivery:
        return queue.Delivery(0, self.engine.team_id, self.job.id, key)

    async def held_delivery(self, key: str) -> queue.Delivery:
        """The step's entry, given to us by the queue."""
        holder = self.engine.team_id
        entry = await self.engine.database.system.fetchval(
            "UPDATE pgqueuer SET status = 'picked', queue_manager_id = $2 WHERE dedupe_key = $1 RETURNING id",
            f"{self.job.id}:{key}",
            holder,
        )
        return queue.Delivery(entry or 0, holder, self.job.id, key)

    def states(self) -> dict[str, StepState]:
        return {key: StepState(step["state"]) for key, step in self.wait(self.engine.steps(self.job)).items()}

    @rule(choice=st.integers(0, 10))
    def claim_or_take_over(self, choice: int) -> None:
        keys = sorted(key for key, state in self.states().items() if state in (StepState.READY, StepState.RUNNING))
        if keys:
            key = keys[choice % len(keys)]
            pool = self.engine.database.system
            claimed = self.wait(claims.claim(pool, self.job.id, key, worker="life", team_limit=100))
            if isinstance(claimed, Claim):
                self.held.setdefault(key, []).append(claimed)

    @rule(choice=st.integers(0, 10), stale=st.booleans())
    def complete(self, choice: int, stale: bool) -> None:
        self.settle(choice, stale, fails=False)

    @rule(choice=st.integers(0, 10), stale=st.booleans())
    def fail(self, choice: int, stale: bool) -> None:
        self.settle(choice, stale, fails=True)

    def settle(self, choice: int, stale: bool, *, fails: bool) -> None:
        if not self.held:
            return
        key = sorted(self.held)[choice % len(self.held)]
        claimed = self.held[key][0 if stale else -1]
        output = '{"name": "x", "parts": {"0": "a", "1": "b", "2": "c"}}' if key == "root" else '{"text": "x"}'
        if fails:
            ending = Ending(StepState.FAILED, error_kind="invalid", error="No.")
        else:
            ending = Ending(StepState.COMPLETED, output=output)
        state = self.states()[key]
        is_mine = claimed is self.held[key][-1]
        try:
            self.wait(
                self.runner._commits.record(Ended(self.delivery(key), self.job, claimed.attempt, ending, claimed))
            )
        except claims.LostLease:
            assert state is not StepState.RUNNING or not is_mine
        else:
            assert is_mine, "a stale attempt wrote"

    @rule(choice=st.integers(0, 10))
    def hand_back(self, choice: int) -> None:
        if self.held:
            key = sorted(self.held)[choice % len(self.held)]
            failure = Failure("unavailable", "Later.", 0.0)
            try:
                self.wait(self.runner._hand_back(self.delivery(key), self.held[key][-1], failure))
            except claims.LostLease:
                assert self.states()[key] is not StepState.RUNNING

    @rule()
    def ask_to_stop(self) -> None:
        async def stop() -> None:
            async with self.engine.database.transaction(self.engine.team_id) as transaction:
                await cancel(transaction, self.engine.rules, self.job.id)

        self.wait(stop())

    @invariant()
    def moves_are_allowed_and_counters_right(self) -> None:
        if not hasattr(self, "job"):
            return
        states = self.states()
        for key, after in states.items():
            before = self.before.get(key, StepState.PENDING)
            assert before is after or _reaches(before, after), f"{key} went from {before} to {after}"
        self.before = states
        row = self.wait(self._job_row())
        assert row["steps_total"] == len(states)
        assert row["steps_ended"] == sum(state in STEP_ENDED for state in states.values())
        expected = outcome(list(states.values()), cancel_requested=row["cancel_requested_at"] is not None)
        assert (JobState(row["state"]) if row["state"] in JOB_ENDED else None) is expected
        events = self.wait(self.engine.events(self.job))
        assert [event.seq for event in events] == list(range(1, row["last_seq"] + 1))
        assert sum(event.ends_job for event in events) == (expected is not None)

    async def _job_row(self) -> Any:
        return await self.engine.database.system.fetchrow("SELECT * FROM jobs WHERE id = $1", self.job.id)

    def teardown(self) -> None:
        """Whatever happened: a worker that does its duty brings the job to an end."""
        if not hasattr(self, "job"):
            return
        for _ in range(4 * (WIDTH + 2)):
            for key, state in self.states().items():
                if state in (StepState.READY, StepState.RUNNING):
                    self.wait(self.runner.run(self.wait(self.held_delivery(key))))
        assert self.wait(self.engine.state(self.job)) in JOB_ENDED


# Running to running is a take-over. What is not named here stays as it is.
MOVES = {
    StepState.PENDING: {StepState.READY, *STEP_ENDED},
    StepState.READY: {StepState.RUNNING, StepState.CANCELLED},
    StepState.RUNNING: {
        StepState.RUNNING,
        StepState.READY,
        StepState.COMPLETED,
        StepState.FAILED,
        StepState.CANCELLED,
    },
}


def _reaches(before: StepState, after: StepState) -> bool:
    """In one move or two: a rule may make a step ready that another part of it then cancels."""
    next_states = MOVES.get(before, set())
    return after in next_states or any(after in MOVES.get(over, set()) for over in next_states)


@pytest.mark.parametrize(
    ("steps", "cancelled", "expected"),
    [
        (["completed", "reused"], False, JobState.COMPLETED),
        (["completed", "reused"], True, JobState.COMPLETED),
        (["completed", "cancelled"], True, JobState.CANCELLED),
        (["failed", "cancelled"], True, JobState.CANCELLED),
        (["completed", "failed"], True, JobState.FAILED),
        (["completed", "skipped"], False, JobState.FAILED),
        (["completed", "running"], True, None),
        (["pending"], False, None),
    ],
)
def test_what_a_job_ends_as(steps: list[str], cancelled: bool, expected: JobState | None) -> None:
    assert outcome([StepState(step) for step in steps], cancel_requested=cancelled) is expected
