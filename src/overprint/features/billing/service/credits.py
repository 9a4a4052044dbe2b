"""A team's credits: what there is, what became of them, and what site admins give and take."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Invalid, NotFound
from overprint.db.database import Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.billing.projection import BillingProjection
from overprint.features.billing.rules import lots
from overprint.features.billing.rules.looking import JobFilters, margin_microdollars
from overprint.features.billing.rules.lots import Account, Entry, Grant, Kind, Source, moved
from overprint.features.billing.store import history, ledger, purses
from overprint.features.billing.store.history import Drift, Row
from overprint.features.billing.store.ledger import Posting
from overprint.features.teams import permit_site

PAGE_MAX = 200
USAGE_DAYS_MAX = 400
EVERY_JOB = JobFilters()

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refunded:
    """``expired_credits`` of them cannot be spent: what they came from has expired since."""

    credits: int
    expired_credits: int


@dataclass(frozen=True, slots=True)
class Credits:
    """``books`` is the participant that holds, captures and releases; ``pool`` is of the system role."""

    books: BillingProjection
    pool: asyncpg.Pool

    async def balances(self, transaction: Transaction) -> dict[str, Any]:
        """What can be spent, what is held, and by which lots. The month's credits are there once they are due."""
        await self.books.hold_purse(transaction)
        now = self.books.clock.now()
        found = await history.list_lots(transaction.driver)
        alive = [lot for lot in found if lot["expires_at"] is None or lot["expires_at"] > now or lot["held_credits"]]
        return {
            "available_credits": sum(lot["available_credits"] for lot in alive if not _is_over(lot, now)),
            "held_credits": sum(lot["held_credits"] for lot in alive),
            "lots": alive,
        }

    async def left(self, transaction: Transaction) -> int | None:
        """What the team can spend; None where nobody pays."""
        purse = await self.books.hold_purse(transaction)
        return None if purse.plan.is_own else int((await self.balances(transaction))["available_credits"])

    async def list_entries(
        self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None, job_id: UUID | None = None
    ) -> list[Row]:
        """The ledger's entries, the newest first; with ``job_id`` those of one job."""
        return await history.list_entries(transaction.driver, max(1, min(PAGE_MAX, limit)), before, job_id)

    async def list_held(self, transaction: Transaction, *, limit: int = 20) -> list[Row]:
        """What credits are set aside for, the newest first."""
        return await history.list_held(transaction.driver, max(1, min(PAGE_MAX, limit)))

    async def list_costs(
        self,
        principal: Principal,
        filters: JobFilters = EVERY_JOB,
        *,
        limit: int = 50,
        before: UUID | None = None,
    ) -> list[Row]:
        """What jobs brought and what they cost, the newest first: for site admins, who see the margin of each."""
        permit_site(principal)
        rows = await history.list_costs(self.pool, max(1, min(PAGE_MAX, limit)), before, filters)
        return [_with_margin(row) for row in rows]

    async def get_cost(self, principal: Principal, job_id: UUID) -> Row:
        """The same of one. Raises ``NotFound``."""
        permit_site(principal)
        rows = await history.list_costs(self.pool, 1, None, EVERY_JOB, job_id)
        if not rows:
            raise NotFound("No paid job has this id.", "GET /api/admin/billing/jobs lists those there are.")
        return _with_margin(rows[0])

    async def by_provider(self, principal: Principal) -> list[Row]:
        """Of the jobs begun this month, by queue and provider: ``answers``, ``answered_at``, ``failed_at``,
        ``cost_microdollars``."""
        permit_site(principal)
        return await history.by_provider(self.pool, self._month_began())

    async def this_month(self, principal: Principal) -> tuple[dict[str, int], int]:
        """Cents that came in this month (UTC) and are here, by currency, and microdollars that providers took for jobs
        begun in it."""
        permit_site(principal)
        return await history.month_since(self.pool, self._month_began())

    def _month_began(self) -> datetime:
        return self.books.clock.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    async def usage(self, transaction: Transaction, days: int) -> list[Row]:
        """What each of the last days used, the newest first. Days without anything are left out."""
        since: date = self.books.clock.now().date() - timedelta(days=min(days, USAGE_DAYS_MAX) - 1)
        return await purses.list_days(transaction.driver, transaction.team_id, since)

    async def grant(
        self,
        transaction: Transaction,
        principal: Principal,
        credits: int,
        reason: str,
        *,
        source: Source = Source.ADMIN,
        expires_at: datetime | None = None,
    ) -> None:
        """Give the team of this transaction credits."""
        permit_site(principal)
        lots.check_amount(credits)
        if expires_at is not None and expires_at <= self.books.clock.now():
            raise Invalid(
                "These credits would have expired already.", "Choose a time to come, or none.", field="expires_at"
            )
        key = f"grant:{source}:{transaction.team_id}:{new_id()}"
        why = lots.check_reason(reason)
        grant = Grant(new_id(), source, credits, key, expires_at, why, principal.person_id)
        await self.books.hold_purse(transaction)
        await ledger.post(transaction.driver, transaction.team_id, Posting(self.books.clock.now(), grants=(grant,)))
        await _audit(transaction, principal, "credits.granted", None, credits, why)

    async def take_back(
        self,
        transaction: Transaction,
        principal: Principal,
        credits: int,
        reason: str,
    ) -> None:
        """Take credits back that the team has not spent. Raises ``Conflict`` if it has fewer."""
        permit_site(principal)
        lots.check_amount(credits)
        why, now = lots.check_reason(reason), self.books.clock.now()
        key = f"take_back:admin:{transaction.team_id}:{new_id()}"
        await self.books.hold_purse(transaction)
        standing = await ledger.standing(transaction.driver, transaction.team_id, now.date())
        there = {lot.id: lot.available_credits for lot in lots.spending_order(standing.lots, now)}
        if sum(there.values()) < credits:
            raise Conflict(f"The team has {sum(there.values())} credits to spend, fewer than {credits}.", "Take fewer.")
        lines = moved(lots.taken(there, credits), Account.AVAILABLE, Account.ISSUED)
        entry = Entry(key, Kind.TAKE_BACK, lines, reason=why, made_by=principal.person_id)
        await ledger.post(transaction.driver, transaction.team_id, Posting(now, (entry,)))
        await _audit(transaction, principal, "credits.taken_back", None, credits, why)

    async def refund_job(
        self,
        transaction: Transaction,
        principal: Principal,
        job_id: UUID,
        reason: str,
        *,
        credits: int | None = None,
    ) -> Refunded:
        """Give back what a job captured, or a part of it, to the lots that it came from: what lasts longest first.
        Raises ``Conflict`` for more than that."""
        permit_site(principal)
        why, now, driver = lots.check_reason(reason), self.books.clock.now(), transaction.driver
        await self.books.hold_purse(transaction)
        held = (await ledger.find_holds(driver, [job_id])).get(job_id)
        if held is None:
            raise NotFound("No paid job has this id.", "GET /api/admin/billing/jobs lists those there are.")
        left = held.captured_credits - held.refunded_credits
        wanted = left if credits is None else lots.check_amount(credits)
        if not 0 < wanted <= left:
            next_step = (
                "Refund at most these." if left else "All that it was paid is given back already, or nothing was."
            )
            raise Conflict(f"Of this job {left} credits are left to be refunded.", next_step)
        rows = await ledger.captured_of(driver, job_id)
        parts = lots.taken({row["lot_id"]: row["credits"] for row in rows}, wanted)
        house, key = await ledger.house_lots(driver, list(parts)), f"refund:job:{job_id}:{new_id()}"
        after, entries = lots.refunded(held, parts, key, why, principal.person_id, house)
        await ledger.post(driver, transaction.team_id, Posting(now, entries, holds=(after,)))
        await _audit(transaction, principal, "job.refunded", job_id, wanted, why)
        return Refunded(wanted, sum(parts.get(row["lot_id"], 0) for row in rows if _is_over(row, now)))

    async def team_of_job(self, job_id: UUID) -> UUID:
        team_id = await history.team_of_job(self.pool, job_id)
        if team_id is None:
            raise NotFound("No paid job has this id.", "GET /api/admin/billing/jobs lists those there are.")
        return team_id

    async def check_team(self, team_id: UUID) -> None:
        """Raises ``NotFound`` if there is no such team."""
        if not await history.is_team(self.pool, team_id):
            raise NotFound("There is no such team.")

    async def find_drift(self) -> list[Drift]:
        return await history.find_drift(self.pool)

    async def look_for_drift(self, context: ScheduleContext) -> None:
        """Say loudly where balances are not what the lines say."""
        for drift in await self.find_drift():
            _log.error(
                "a balance of the credits ledger is not what its lines say",
                team_id=str(drift.team_id),
                what=drift.what,
                derived_credits=drift.derived_credits,
                kept_credits=drift.kept_credits,
            )

    async def tidy(self, context: ScheduleContext) -> None:
        """Expire what has expired, bring the month's credits, and release what is held for jobs that are gone."""
        now = context.clock.now()
        for team_id in await history.teams_with_expired_lots(self.pool, now):
            async with context.database.transaction(team_id) as transaction:
                await self.expire(transaction)
        for team_id in await history.teams_that_renew(self.pool, now):
            async with context.database.transaction(team_id) as transaction:
                await self.books.hold_purse(transaction)
        for team_id, job_id in await history.holds_without_job(self.pool):
            async with context.database.transaction(team_id) as transaction:
                await self.books.settle(transaction, [job_id])

    async def expire(self, transaction: Transaction) -> None:
        """Move what can be spent of expired lots out of reach. What is held of them stays held."""
        now, driver = self.books.clock.now(), transaction.driver
        await self.books.hold_purse(transaction)
        standing = await ledger.standing(driver, transaction.team_id, now.date())
        gone = [lot for lot in standing.lots if lot.expires_at is not None and lot.expires_at <= now]
        entries = [
            Entry(
                f"expire:lot:{lot.id}:{now.isoformat()}",
                Kind.EXPIRE,
                moved({lot.id: lot.available_credits}, Account.AVAILABLE, Account.EXPIRED),
            )
            for lot in gone
        ]
        if entries:
            await ledger.post(driver, transaction.team_id, Posting(now, entries))


def _is_over(lot: Row, now: datetime) -> bool:
    return lot["expires_at"] is not None and lot["expires_at"] <= now


async def _audit(
    transaction: Transaction, principal: Principal, action: str, job_id: UUID | None, credits: int, reason: str
) -> None:
    """Written to the log of the team whose credits they are."""
    who, subject = replace(principal, team_id=transaction.team_id), ("job" if job_id else "team")
    detail = {"credits": credits, "reason": reason}
    await audit.record(transaction, who, action, subject, job_id or transaction.team_id, detail)


def _with_margin(row: Row) -> Row:
    cost = row["cost_microdollars"] + row["possible_cost_microdollars"]
    margin = margin_microdollars(row["captured_credits"] - row["refunded_credits"], cost)
    return {**row, "margin_microdollars": margin}
