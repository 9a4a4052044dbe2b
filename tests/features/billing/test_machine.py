"""Any order of grants, holds, deliveries, ends, refunds, expiries, retries and deaths: what money promises holds."""

from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from overprint.core.problems import Conflict, OutOfCredits, TooOften
from overprint.engine.job import JobState, Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.billing import FREE, OWN
from overprint.features.billing.service.credits import Refunded
from tests.features.billing.team import Team, step
from tests.support.database import TestDatabase
from tests.support.machines import DatabaseMachine, lives_well

# From which account to which each kind of entry may move credits.
WAYS = {
    ("grant", "issued", "available"),
    ("hold", "available", "held"),
    ("capture", "held", "earned"),
    ("release", "held", "available"),
    ("expire", "available", "expired"),
    ("refund", "refunded", "available"),
    ("take_back", "available", "issued"),
}
_WAYS = """
SELECT DISTINCT e.kind, given.account AS source, got.account AS target FROM ledger_entries e
JOIN ledger_lines given ON given.entry_id = e.id AND given.amount_credits < 0
JOIN ledger_lines got ON got.entry_id = e.id AND got.amount_credits > 0
WHERE e.team_id = $1
"""
# Jobs that gave a lot back more than they took from it.
_ASTRAY = """
SELECT e.job_id, l.lot_id FROM ledger_entries e JOIN ledger_lines l ON l.entry_id = e.id
WHERE e.team_id = $1 AND l.account IN ('earned', 'refunded')
GROUP BY e.job_id, l.lot_id HAVING sum(l.amount_credits) < 0
"""
CREDITS = st.integers(1, 60)
PICK = st.integers(0, 10**6)


@dataclass
class Work:
    """A job as the model knows it: what was delivered at which price, and whether it has ended."""

    job: JobInfo
    quote: int
    delivered: dict[str, int] = field(default_factory=dict)
    is_over: bool = False
    refunded: int = 0

    @property
    def captured(self) -> int:
        return min(self.quote, sum(self.delivered.values()))


class Killed(Exception):
    """The process died before it committed."""


def test_no_life_of_a_team_makes_the_ledger_wrong(database_urls: TestDatabase) -> None:
    lives_well(Life, database_urls, lives=30, steps=25)


class Life(DatabaseMachine):
    """One team on the free plan or the machine owner's. The model counts; the database decides."""

    @initialize(is_own=st.booleans())
    def begin(self, is_own: bool) -> None:
        self.team = Team(self.database, OWN if is_own else FREE)
        self.is_own = is_own
        self.works: list[Work] = []
        self.wait(self.team.found())

    @rule(credits=CREDITS, days=st.none() | st.integers(1, 40))
    def grant(self, credits: int, days: int | None) -> None:
        expires_at = None if days is None else self.team.clock.now() + timedelta(days=days)
        self.wait(self.team.grant(credits, expires_at=expires_at))

    @rule(credits=CREDITS)
    def take_back(self, credits: int) -> None:
        there = self.wait(self.team.spendable())
        try:
            self.wait(self._take_back(credits))
        except Conflict:
            assert there < credits
        else:
            assert self.wait(self.team.spendable()) == there - credits

    async def _take_back(self, credits: int) -> None:
        async with self.team.transaction() as transaction:
            await self.team.credits.take_back(transaction, self.team.admin, credits, "A mistake")

    @rule(quote=st.integers(0, 200))
    def submit(self, quote: int) -> None:
        there = self.wait(self.team.spendable())
        try:
            job = self.wait(self.team.begin(quote))
        except OutOfCredits:
            assert there < quote and not self.is_own
        except TooOften:
            assert not self.is_own
        else:
            self.works.append(Work(job, quote))
            assert self.wait(self.team.spendable()) == there - (0 if self.is_own else quote)

    @precondition(lambda self: self.works)
    @rule(pick=PICK)
    def submit_twice(self, pick: int) -> None:
        """Its commit was answered by nobody, and it was asked again."""
        work = self.works[pick % len(self.works)]
        if not work.quote:
            return
        try:
            self.wait(self._submit_again(work.job))
        except (asyncpg.UniqueViolationError, OutOfCredits, TooOften):
            return
        raise AssertionError("a job was held for twice")

    async def _submit_again(self, job: JobInfo) -> None:
        async with self.team.transaction() as transaction:
            await self.team.books.submitted(transaction, job)

    @precondition(lambda self: self.works)
    @rule(pick=PICK, prices=st.lists(st.integers(0, 30), min_size=1, max_size=4), dies=st.booleans())
    def deliver(self, pick: int, prices: list[int], dies: bool) -> None:
        """Steps end together, of one job; the process may die before it commits. A job that has ended pays no more."""
        work = self.works[pick % len(self.works)]
        steps = [step(work.job, f"s{len(work.delivered) + n}", price) for n, price in enumerate(prices)]
        try:
            self.wait(self._deliver(steps, dies))
        except Killed:
            return
        if not work.is_over:
            work.delivered |= {made.key: made.price_credits for made in steps}

    async def _deliver(self, steps: list[StepDone], dies: bool) -> None:
        async with self.team.transaction() as transaction:
            await self.team.books.completed(transaction, steps)
            if dies:
                raise Killed

    @precondition(lambda self: any(work.delivered for work in self.works))
    @rule(pick=PICK)
    def deliver_twice(self, pick: int) -> None:
        works = [work for work in self.works if work.delivered]
        work = works[pick % len(works)]
        key, price = next(iter(work.delivered.items()))
        self.wait(self.team.deliver(step(work.job, key, price)))

    @precondition(lambda self: self.works)
    @rule(pick=PICK, origin=st.sampled_from([Origin.REUSED, Origin.PERSON, Origin.IMPORTED]))
    def deliver_what_did_not_run(self, pick: int, origin: Origin) -> None:
        work = self.works[pick % len(self.works)]
        self.wait(self.team.deliver(step(work.job, "unrun", 7, origin=origin)))

    @precondition(lambda self: self.works)
    @rule(pick=PICK)
    def deliver_nothing(self, pick: int) -> None:
        work = self.works[pick % len(self.works)]
        self.wait(self.team.deliver(step(work.job, "nothing", 7, output={"file": None}, files=0)))

    @precondition(lambda self: self.works)
    @rule(pick=PICK, state=st.sampled_from([JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED]))
    def end(self, pick: int, state: JobState) -> None:
        """Also once more: what is released stays so."""
        work = self.works[pick % len(self.works)]
        self.wait(self.team.end(work.job, state))
        work.is_over = True

    @precondition(lambda self: self.works)
    @rule(pick=PICK, credits=st.none() | CREDITS)
    def refund(self, pick: int, credits: int | None) -> None:
        work = self.works[pick % len(self.works)]
        left = work.captured - work.refunded
        if not work.quote:
            return
        there = self.wait(self.team.spendable())
        try:
            given = self.wait(self._refund(work.job, credits))
        except Conflict:
            assert left == 0 or (credits or 0) > left
        else:
            assert given.credits == (left if credits is None else credits)
            work.refunded += given.credits
            back = 0 if self.is_own else given.credits - given.expired_credits
            assert self.wait(self.team.spendable()) == there + back

    async def _refund(self, job: JobInfo, credits: int | None) -> Refunded:
        async with self.team.transaction() as transaction:
            return await self.team.credits.refund_job(
                transaction, self.team.admin, job.id, "It was blurred", credits=credits
            )

    @rule(days=st.integers(1, 30), sweeps=st.booleans())
    def time_passes(self, days: int, sweeps: bool) -> None:
        self.team.clock.ahead += timedelta(days=days)
        if sweeps:
            self.wait(self.team.expire())

    @invariant()
    def the_ledger_is_true(self) -> None:
        self.wait(self._look())

    async def _look(self) -> None:
        assert await self.team.credits.find_drift() == []
        pool = self.database.system
        total = await pool.fetchval("SELECT COALESCE(sum(amount_credits), 0) FROM ledger_lines")
        assert total == 0
        holds = {
            row["job_id"]: row for row in await pool.fetch("SELECT * FROM job_holds WHERE team_id = $1", self.team.id)
        }
        for work in self.works:
            if not work.quote:
                assert work.job.id not in holds
                continue
            held = holds[work.job.id]
            assert held["captured_credits"] == work.captured <= work.quote
            assert held["refunded_credits"] == work.refunded
            assert held["held_credits"] == (0 if work.is_over else work.quote - work.captured)
            assert held["captured_credits"] + held["released_credits"] + held["held_credits"] == work.quote
        named = await pool.fetch(
            "SELECT job_id, step_key, paid_for FROM ledger_entries WHERE team_id = $1 AND kind = 'capture'",
            self.team.id,
        )
        delivered = {(work.job.id, key) for work in self.works for key in work.delivered}
        assert {(row["job_id"], row["step_key"]) for row in named} <= delivered
        assert all(row["paid_for"] for row in named)
        assert await pool.fetch(_ASTRAY, self.team.id) == []
        ways = await pool.fetch(_WAYS, self.team.id)
        assert {(row["kind"], row["source"], row["target"]) for row in ways} <= WAYS
        if self.is_own:
            assert await self._owned_by_the_house() == sum(
                work.quote - work.captured for work in self.works if not work.is_over
            )

    async def _owned_by_the_house(self) -> int:
        found = await self.database.system.fetchval(
            "SELECT COALESCE(sum(available_credits + held_credits), 0) FROM credit_lots"
            " WHERE team_id = $1 AND source = 'house'",
            self.team.id,
        )
        return int(found)
