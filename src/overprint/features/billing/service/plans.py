"""Plans: what there is, what a team has, and new versions of them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Invalid, NotFound
from overprint.db.database import Transaction
from overprint.features import audit
from overprint.features.billing.rules import plans as rules
from overprint.features.billing.rules.lots import check_reason
from overprint.features.billing.rules.offers import Lacking, lacking, refuse_lacking
from overprint.features.billing.rules.plans import Plan
from overprint.features.billing.store import ledger, purses
from overprint.features.billing.store.history import Row
from overprint.features.teams import permit_site

VERSIONS_MAX = 200


@dataclass(frozen=True, slots=True)
class Plans:
    """``default_plan`` is that of a team which nobody gave another; ``pool`` is of the system role."""

    clock: Clock
    pool: asyncpg.Pool
    default_plan: str = rules.FREE

    async def list_offered(self, transaction: Transaction) -> list[Plan]:
        return [plan for plan in await purses.list_plans(transaction.driver) if plan.is_offered]

    async def list_all(self, principal: Principal, transaction: Transaction) -> list[Plan]:
        permit_site(principal)
        return await purses.list_plans(transaction.driver)

    async def of_team(self, transaction: Transaction) -> Plan:
        """The version that the team has; the newest of the default plan where it never began anything."""
        purse = await purses.find_purse(transaction.driver, transaction.team_id)
        return purse.plan if purse else await purses.get_newest_plan(transaction.driver, self.default_plan)

    async def of_teams(self, principal: Principal, team_ids: Sequence[UUID]) -> dict[UUID, str]:
        """What plan each of these teams has, by its key; that of all others where a team never began anything."""
        permit_site(principal)
        found = await purses.list_plans_of(self.pool, team_ids)
        return {team_id: found.get(team_id, self.default_plan) for team_id in team_ids}

    async def lacking(self, transaction: Transaction, plan: Plan, wanted: Collection[str]) -> tuple[Lacking, ...]:
        """What is wanted and the team's ``plan`` does not have, with the plans that do."""
        if set(wanted) <= set(plan.features):
            return ()
        return lacking(plan, wanted, await self.list_offered(transaction))

    async def permit(self, transaction: Transaction, plan: Plan, wanted: Collection[str]) -> None:
        """Raises ``NotInPlan`` unless the team's ``plan`` has all that is wanted."""
        refuse_lacking(plan, await self.lacking(transaction, plan, wanted))

    async def hold(self, transaction: Transaction) -> None:
        """Keep the team's purse to this transaction until it ends."""
        await purses.hold_purse(transaction.driver, transaction.team_id, self.default_plan, self.clock.now())

    async def jobs_left(self, transaction: Transaction, plan: Plan) -> int:
        """How many works the team may begin today (UTC) on its ``plan``."""
        standing = await ledger.standing(transaction.driver, transaction.team_id, self.clock.now().date())
        return max(0, plan.daily_jobs - standing.jobs)

    async def list_public(self) -> list[Plan]:
        """The newest versions of all plans, for who has no team."""
        return await purses.list_plans(self.pool)

    async def storage_limit_bytes(self, transaction: Transaction, otherwise: int) -> int:
        """What the team may keep; ``otherwise`` where its plan sets no limit."""
        return rules.storage_limit_bytes(await self.of_team(transaction), otherwise)

    async def note_storage(self, stored_bytes: Mapping[UUID, int]) -> None:
        """What teams keep today, for their usage by day."""
        await purses.note_storage(self.pool, self.clock.now().date(), stored_bytes)

    async def count_holders(self, principal: Principal) -> dict[str, int]:
        """How many open teams were put on each plan, by its key; who never began anything has no plan yet."""
        permit_site(principal)
        return await purses.count_holders(self.pool)

    async def list_versions(self, principal: Principal, key: str) -> list[Row]:
        """The newest first, each with its ``plan``, how many ``teams`` have it, ``made_at`` and ``made_by_name``.
        Raises ``NotFound``."""
        permit_site(principal)
        found = await purses.list_versions(self.pool, key, VERSIONS_MAX) if key.isprintable() else []
        if not found:
            raise NotFound("There is no such plan.", "GET /api/admin/plans lists them.")
        return found

    async def newest_version(self, key: str) -> int:
        """Raises ``NotFound`` for a plan that there is not."""
        newest = await purses.find_newest_plan(self.pool, key)
        if newest is None:
            raise NotFound("There is no such plan.")
        return newest.version

    async def change(self, principal: Principal, plan: Plan, expected_version: int, reason: str = "") -> Plan:
        """A new version of a plan. Who has an older one keeps it until they renew, and where it costs something else,
        for good. Whoever asks people checks their ``reason`` first.

        Raises ``Conflict`` if somebody else changed it meanwhile.
        """
        permit_site(principal)
        newest_version = await self.newest_version(plan.key)
        if newest_version != expected_version:
            raise Conflict(f"This plan is at version {newest_version} by now.", "Look at it and change it again.")
        made = rules.check_plan(replace(plan, version=expected_version + 1))
        detail, actor = {"plan": made.key, "version": made.version, "reason": reason}, audit.Actor.of(principal)
        async with self.pool.acquire() as connection, connection.transaction():
            if not await purses.insert_plan(connection, made, json.dumps(made.features), principal.person_id):
                raise Conflict("Somebody else changed this plan at this moment.", "Look at it and change it again.")
            await audit.record_by_system(
                connection, actor, "plan.changed", "plan", None, detail, team_id=principal.team_id
            )
        return made

    async def begin_trial(self, connection: asyncpg.Connection, team_id: UUID) -> None:
        """A guest's new team has the plan of guests. System role."""
        await purses.hold_purse(connection, team_id, rules.GUEST, self.clock.now())

    async def end_trial(self, connection: asyncpg.Connection, team_id: UUID) -> None:
        """The guest has registered: their team has the plan of those who pay nothing. System role."""
        now = self.clock.now()
        purse = await purses.hold_purse(connection, team_id, rules.FREE, now)
        if purse.plan.key == rules.GUEST:
            await purses.change_purse(connection, team_id, await purses.get_newest_plan(connection, rules.FREE), now)

    async def put_on(self, transaction: Transaction, principal: Principal, key: str, reason: str) -> Plan:
        """Give the team of this transaction another plan, at its newest version: what is agreed with it by contract."""
        permit_site(principal)
        why = check_reason(reason)
        plan = await purses.find_newest_plan(transaction.driver, key)
        if plan is None:
            raise Invalid("There is no such plan.", "GET /api/admin/plans lists them.", field="plan")
        purse = await purses.hold_purse(transaction.driver, transaction.team_id, self.default_plan, self.clock.now())
        if purse.plan == plan and purse.renews_at is not None:
            return plan  # given twice, it brings no second month
        renews_at = self.clock.now() if plan.monthly_credits else None
        await purses.change_purse(transaction.driver, transaction.team_id, plan, renews_at)
        detail = {"plan": plan.key, "version": plan.version, "reason": why}
        await audit.record(
            transaction, replace(principal, team_id=transaction.team_id), "plan.given", "team", None, detail
        )
        return plan
