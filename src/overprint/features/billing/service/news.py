"""Mails about money that nobody asked for: to a team whose trial ends, to whoever paid for a team that is gone, and to
whoever runs the house of disputes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from overprint.core.clock import Clock
from overprint.db.database import Database
from overprint.engine.schedule import ScheduleContext
from overprint.features.accounts import Post, find_reachable, list_site_admins
from overprint.features.billing.rules.amounts import money
from overprint.features.billing.rules.paying import TOLD_BEFORE
from overprint.features.billing.rules.plans import FREE
from overprint.features.billing.store import invoices, payments, purses
from overprint.features.billing.store.payments import Row
from overprint.features.teams import list_owners

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What was told is noted in the transaction of its mails: nothing is told twice, and nothing is lost."""

    database: Database
    clock: Clock
    post: Post

    async def tell(self, context: ScheduleContext | None = None) -> None:
        """Write what is to be told by now. What cannot be written keeps the rest from nothing."""
        pool = self.database.system
        for row in await payments.list_ending_trials(pool, self.clock.now() + TOLD_BEFORE):
            await _each(self._tell_of_trial, row)
        for row in await invoices.list_untold_disputes(pool):
            await _each(self._tell_of_dispute, row)
        for row in await invoices.list_given_back(pool):
            await _each(self._tell_of_refund, row)

    async def _tell_of_trial(self, row: Row) -> None:
        owners = await list_owners(self.database.system, row["team_id"])
        async with self.database.transaction(row["team_id"]) as transaction:
            driver = transaction.driver
            plan = await purses.find_plan(driver, row["plan"], row["plan_version"])
            if plan is None or not await payments.note_trial_told(driver, row["team_id"], self.clock.now()):
                return
            follows = await purses.get_newest_plan(driver, row["next_plan"]) if row["next_plan"] else plan
            told = {
                "team": await invoices.team_name(driver, row["team_id"]),
                "plan": plan.name,
                "fallback": (await purses.get_newest_plan(driver, FREE)).name,
                "follows": follows.name,
                "price": money(follows.price_cents, follows.currency),
                "ends_at": f"{row['period_end']:%Y-%m-%d %H:%M} UTC",
            }
            for owner in owners:
                whose = {"language": owner["language"], "name": owner["name"]}
                await self.post(driver, "trial_ends", owner["email"], link="/billing", **whose, **told)

    async def _tell_of_refund(self, row: Row) -> None:
        """To whoever paid for a team that was closed; their own account may be gone by now, too."""
        payer = await find_reachable(self.database.system, row["tell_person"])
        async with self.database.transaction(row["team_id"]) as transaction:
            driver = transaction.driver
            if not await invoices.hold_untold(driver, row["id"]):
                return
            await invoices.tell_person(driver, row["id"], None)
            if payer is not None:
                told = {
                    "team": await invoices.team_name(driver, row["team_id"]),
                    "what": row["description"],
                    "amount": money(row["refunded_cents"], row["currency"]),
                }
                whose = {"language": payer["language"], "name": payer["name"]}
                await self.post(driver, "given_back", payer["email"], **whose, **told)

    async def _tell_of_dispute(self, row: Row) -> None:
        team_id: UUID = row["team_id"]
        admins = await list_site_admins(self.database.system)
        async with self.database.transaction(team_id) as transaction:
            driver = transaction.driver
            if not await invoices.note_dispute_told(driver, row["id"], row["dispute"]):
                return
            told = {
                "team_id": str(team_id),
                "state": row["dispute"],
                "amount": money(row["disputed_cents"], row["currency"]),
                "provider": row["provider"],
                "payment_id": row["charge_id"] or "",
                "owed_credits": row["owed_credits"],
            }
            for admin in admins:
                whose = {"language": admin["language"], "name": admin["name"]}
                await self.post(driver, "dispute", admin["email"], **whose, **told)


async def _each(tell: Callable[[Row], Awaitable[None]], row: Row) -> None:
    try:
        await tell(row)
    except Exception as error:
        _log.warning("a mail about money cannot be written", team_id=str(row["team_id"]), error=repr(error))
