"""Billing as a participant of the engine: a job that begins is counted and held for, each delivered step captures its
price, and what is left is released when the job ends.

A team's rows are taken in this order: its purse, then everything else of billing. Steps that cost nothing cost no
statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.codec import Json
from overprint.core.ids import new_id
from overprint.db.database import Transaction
from overprint.engine.job import JobState, Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.engine.spec import StepSpec
from overprint.features.billing.rules import lots, plans
from overprint.features.billing.rules.lots import Account, Delivered, Entry, Grant, Hold, Kind, Source, moved
from overprint.features.billing.rules.plans import FreeOnes
from overprint.features.billing.rules.prices import Prices, terms_of
from overprint.features.billing.store import ledger
from overprint.features.billing.store.ledger import Posting
from overprint.features.billing.store.purses import Purse, change_purse, find_renewed_plan, hold_purse


@dataclass(frozen=True, slots=True)
class BillingProjection:
    """``default_plan`` is that of a team which nobody gave another. ``uncounted``: kinds of jobs that a day's quota
    does not know, and how many of each a team may begin a day instead."""

    clock: Clock
    default_plan: str = plans.FREE
    uncounted: Mapping[str, FreeOnes] = field(default_factory=dict)

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        """Raises ``TooOften`` over the day's quota, ``OutOfCredits`` if the team has fewer than the quote."""
        terms, now, driver = terms_of(job.terms), self.clock.now(), transaction.driver
        purse = await self.hold_purse(transaction)
        standing = await ledger.standing(driver, job.team_id, now.date())
        counted = int(job.kind not in self.uncounted)
        if counted:
            plans.refuse_over_quota(purse.plan, standing.jobs, now)
        else:
            begun = await ledger.jobs_begun(driver, job.kind, plans.midnight_before(now))
            plans.refuse_over_bound(self.uncounted[job.kind].bound(purse.plan), begun, now)
        quote = terms.quote_credits if terms else 0
        posting = Posting(now, jobs=counted)
        if quote:
            lent = await _lend(driver, job, quote, now) if purse.plan.is_own else None
            parts = lots.hold(standing.lots, quote, now) if lent is None else {lent.lines[0].lot_id: quote}
            lines = moved(parts, Account.AVAILABLE, Account.HELD)
            entry = Entry(f"hold:job:{job.id}", Kind.HOLD, lines, job.id)
            entries = (entry,) if lent is None else (lent, entry)
            posting = Posting(now, entries, holds=(Hold(job.id, quote, parts),), jobs=counted)
        await ledger.post(driver, job.team_id, posting)

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        priced = [step for step in steps if _is_paid(step)]
        if not priced:
            return
        now, driver = self.clock.now(), transaction.driver
        await self.hold_purse(transaction)
        holds = await ledger.find_holds(driver, sorted({step.job.id for step in priced}))
        known = await ledger.known_keys(driver, [lots.capture_key(step.job.id, step.key) for step in priced])
        entries: list[Entry] = []
        for job_id, held in holds.items():
            delivered = [
                Delivered(step.key, step.price_credits, _paid_for(step))
                for step in priced
                if step.job.id == job_id and lots.capture_key(job_id, step.key) not in known
            ]
            holds[job_id], captures = lots.captured(held, delivered)
            entries += captures
        if entries:
            earned = sum(line.amount_credits for entry in entries for line in entry.lines if _is_earned(line))
            posting = Posting(now, entries, holds=tuple(holds.values()), credits=earned)
            await ledger.post(driver, transaction.team_id, posting)

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        terms = terms_of(job.terms)
        if terms is not None and terms.quote_credits:
            await self.settle(transaction, [job.id])

    async def settle(self, transaction: Transaction, job_ids: Iterable[UUID]) -> None:
        """Release what is still held for these jobs. What is released already stays so."""
        await self.hold_purse(transaction)
        driver, entries, after = transaction.driver, [], []
        holds = await ledger.find_holds(driver, list(job_ids))
        house = await ledger.house_lots(driver, [lot_id for held in holds.values() for lot_id in held.parts])
        for held in holds.values():
            settled, releases = lots.released(held, house)
            entries += releases
            after += [settled] if releases else []
        if entries:
            await ledger.post(driver, transaction.team_id, Posting(self.clock.now(), entries, holds=after))

    async def hold_purse(self, transaction: Transaction) -> Purse:
        """The team's purse, kept to this transaction, with the credits of this month in it."""
        now, driver = self.clock.now(), transaction.driver
        purse = await hold_purse(driver, transaction.team_id, self.default_plan, now)
        if purse.renews_at is None or purse.renews_at > now:
            return purse
        return await _renew(driver, purse, purse.renews_at, now)


async def _renew(driver: asyncpg.Connection, purse: Purse, due_at: datetime, now: datetime) -> Purse:
    """The next month of a plan that renews by itself, in the newest version that costs the same."""
    start, end = plans.period_of(due_at, now)
    plan = await find_renewed_plan(driver, purse.plan)
    if plan.monthly_credits:
        key = f"grant:plan:{purse.team_id}:{start.isoformat()}"
        grant = Grant(new_id(), Source.PLAN, plan.monthly_credits, key, expires_at=end)
        await ledger.post(driver, purse.team_id, Posting(now, grants=(grant,)))
    await change_purse(driver, purse.team_id, plan, end)
    return Purse(purse.team_id, plan, end)


async def _lend(driver: asyncpg.Connection, job: JobInfo, credits: int, now: datetime) -> Entry:
    """What the house grants for a job of the machine's owner: just what is held."""
    lot_id = await ledger.find_house_lot(driver, job.team_id, now)
    lines = moved({lot_id: credits}, Account.ISSUED, Account.AVAILABLE)
    return Entry(f"grant:house:job:{job.id}", Kind.GRANT, lines, job.id)


def _is_paid(step: StepDone) -> bool:
    """What ran here and delivered something."""
    return step.origin is Origin.RUN and step.price_credits > 0 and lots.delivered_something(step.output)


def _paid_for(step: StepDone) -> tuple[Json, ...]:
    return tuple({"name": file.name, "content_hash": file.content_hash, "key": file.key} for file in step.files)


def _is_earned(line: lots.Line) -> bool:
    return line.account is Account.EARNED


def pricing(prices: Prices) -> Callable[[JobInfo, StepSpec], int]:
    """The engine's ``Rules.price``: what a step costs by its job's terms; nothing, if that was the quote."""

    def price(job: JobInfo, step: StepSpec) -> int:
        terms = terms_of(job.terms)
        return prices.price(terms, step.kind, step.units, step.seconds) if terms and terms.quote_credits else 0

    return price
