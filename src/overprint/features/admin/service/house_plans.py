"""Plans, for site admins: what there is, what it was, and what a change would mean before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from overprint.core.principal import Principal
from overprint.core.problems import Conflict
from overprint.features.admin.service.upkeep import Upkeep
from overprint.features.billing import Plan, PlanChange, changes_of, check_plan, check_reason, follows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A change of a plan before it is made. ``coming`` teams get it when they renew, ``staying`` ones keep what they
    have for good, for it costs something else."""

    plan: Plan
    changes: Sequence[PlanChange]
    coming: int
    staying: int


@dataclass(frozen=True, slots=True)
class HousePlans:
    upkeep: Upkeep

    async def list_plans(self, who: Principal) -> list[tuple[Plan, int]]:
        """The newest version of each, the cheapest first, with how many teams have the plan in whatever version."""
        self.upkeep.permit(who)
        held = await self.upkeep.plans.count_holders(who)
        return [(plan, held.get(plan.key, 0)) for plan in await self.upkeep.plans.list_public()]

    async def get_versions(self, who: Principal, key: str) -> list[Row]:
        """The newest first: ``plan``, ``teams``, ``made_at``, ``made_by_name``. Raises ``NotFound``."""
        self.upkeep.permit(who)
        return await self.upkeep.plans.list_versions(who, key)

    async def weigh(self, who: Principal, wanted: Plan) -> Weighed:
        """What changed for whom. ``wanted`` has the version that it was read at. Raises ``Invalid``, ``NotFound``, and
        ``Conflict`` where somebody changed the plan meanwhile or nothing would change."""
        versions = await self.get_versions(who, wanted.key)
        newest: Plan = versions[0]["plan"]
        if newest.version != wanted.version:
            raise Conflict(f"This plan is at version {newest.version} by now.", "Look at it and change it again.")
        plan = check_plan(wanted)
        changes = changes_of(newest, plan)
        if not changes:
            raise Conflict("Nothing would change.", "Change something first.")
        coming = sum(row["teams"] for row in versions if follows(row["plan"], plan))
        return Weighed(plan, changes, coming, sum(row["teams"] for row in versions) - coming)

    async def change(self, who: Principal, wanted: Plan, reason: str) -> Plan:
        """Make it so, as a new version. Raises what ``weigh`` does."""
        why = check_reason(reason)
        weighed = await self.weigh(who, wanted)
        return await self.upkeep.plans.change(who, weighed.plan, wanted.version, why)
