"""What site admins see of the house, and what they do for people and teams: each act has a reason, and is kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from overprint.core.clock import Clock
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, NotFound
from overprint.db.database import Database, Transaction
from overprint.engine import fleet, queue, timetable
from overprint.engine.schedule import Schedule
from overprint.engine.timetable import Standing
from overprint.features.accounts import require_confirmed
from overprint.features.admin.rules import PAGE_MAX, PersonAct, Waiting, plain_words
from overprint.features.audit import Actor, record_by_system
from overprint.features.billing import Credits, Payments, Plan, Plans, check_reason
from overprint.features.teams import get_any_team, list_all_teams, permit_site
from overprint.observe.findings import Finding

if TYPE_CHECKING:
    from overprint.features.accounts import Admissions

LOOK_MAX_SECONDS = 15.0
_ENTRIES_SHOWN = 50
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """How the house does. ``workers`` are those that said a moment ago that they are there."""

    findings: Sequence[Finding]
    waiting: Sequence[Waiting]
    workers: int
    disputes: int
    income_cents: Mapping[str, int]
    """What came in this month, by currency."""
    cost_microdollars: int
    """What providers took for the jobs begun this month."""

    @property
    def is_well(self) -> bool:
        return all(finding.is_well for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """``look`` examines all that can be looked at while the house is open; ``stored_bytes``: what a team keeps."""

    database: Database
    clock: Clock
    admissions: "Admissions"
    plans: Plans
    credits: Credits
    payments: Payments
    stored_bytes: Callable[[Transaction], Awaitable[int]]
    look: Callable[[], Awaitable[Sequence[Finding]]]
    schedules: Sequence[Schedule]

    def permit(self, who: Principal) -> None:
        """Raises ``Denied`` for who is no site admin, ``NotConfirmed`` for one who did not just show that it is them:
        all of this is about others."""
        permit_site(who)
        require_confirmed(who, self.clock.now())

    async def condition(self, who: Principal) -> Condition:
        """Takes ``LOOK_MAX_SECONDS`` at most; what could not be looked at by then is a finding too."""
        self.permit(who)
        pool = self.database.system
        waiting = [Waiting(*row) for row in await queue.waits(pool)]
        workers, disputes = await fleet.count_workers(pool), await self.payments.count_open_disputes()
        try:
            async with asyncio.timeout(LOOK_MAX_SECONDS):
                findings = [*_of_workers(workers), *await self.look()]
        except TimeoutError:
            findings = [Finding(False, "Looking at everything took too long", "Run `overprint doctor`; it has time.")]
        return Condition(findings, waiting, workers, disputes, *await self.credits.this_month(who))

    async def list_schedules(self, who: Principal) -> list[tuple[Schedule, Standing | None]]:
        """What comes round, by name, and how each ran last; None for what no worker has entered yet."""
        self.permit(who)
        standings = await timetable.read(self.database.system)
        return [(each, standings.get(each.name)) for each in sorted(self.schedules, key=lambda each: each.name)]

    async def run_schedule(self, who: Principal, name: str, reason: str) -> None:
        """Have a worker run it next. Raises ``Invalid``, ``NotFound``."""
        self.permit(who)
        why = check_reason(reason)
        if name not in {each.name for each in self.schedules}:
            raise NotFound("Nothing that comes round is called so.", "The list says what there is.")
        async with self.database.system_transaction() as connection:
            if not await timetable.hasten(connection, name, self.clock.now()):
                raise Conflict("No worker has taken it up yet.", "Start `overprint up` or `overprint worker` first.")
            detail = {"schedule": name, "reason": why}
            await record_by_system(connection, Actor.of(who), "schedule.hastened", "schedule", None, detail)

    async def find_people(self, who: Principal, words: str, limit: int, before: UUID | None) -> list[Row]:
        """By a part of their name or address, the newest first."""
        self.permit(who)
        return await self.admissions.search(plain_words(words), limit=min(limit, PAGE_MAX), before=before)

    async def get_person(self, who: Principal, person_id: UUID) -> Row:
        """With their ``teams``. Raises ``NotFound``."""
        self.permit(who)
        return await self.admissions.get(person_id)

    async def act_on_person(self, who: Principal, person_id: UUID, act: PersonAct, reason: str) -> None:
        """Raises ``Invalid`` without a reason, ``Conflict`` where nobody does that to themselves, ``NotFound``."""
        self.permit(who)
        why, by = check_reason(reason), Actor.of(who)
        match act:
            case PersonAct.APPOINT | PersonAct.DISMISS:
                is_admin = act is PersonAct.APPOINT
                await self.admissions.appoint(person_id, is_admin=is_admin, by=by, reason=why)
            case PersonAct.UNLOCK:
                await self.admissions.unlock_person(person_id, by=by, reason=why)
            case PersonAct.SIGN_OUT:
                await self.admissions.end_sessions(person_id, by=by, reason=why)

    async def find_teams(self, who: Principal, words: str, limit: int, before: UUID | None) -> list[Row]:
        """By a part of their name or slug, the newest first, each with the key of its ``plan``."""
        self.permit(who)
        pool = self.database.system
        found = await list_all_teams(pool, who, plain_words(words), limit=min(limit, PAGE_MAX), before=before)
        plans = await self.plans.of_teams(who, [team["id"] for team in found])
        return [{**team, "plan": plans[team["id"]]} for team in found]

    async def get_team(self, who: Principal, team_id: UUID) -> Row:
        """With its ``plan``, ``balances``, the newest ``entries`` of its ledger and ``stored_bytes``. Raises
        ``NotFound``."""
        self.permit(who)
        found = await get_any_team(self.database.system, who, team_id)
        async with self.database.transaction(team_id) as transaction:
            return {
                **found,
                "balances": await self.credits.balances(transaction),
                "plan": await self.plans.of_team(transaction),
                "entries": await self.credits.list_entries(transaction, limit=_ENTRIES_SHOWN),
                "stored_bytes": await self.stored_bytes(transaction),
            }

    async def list_plans(self, who: Principal) -> list[Plan]:
        """The newest version of each."""
        self.permit(who)
        return await self.plans.list_public()

    async def list_disputes(self, who: Principal, limit: int, before: UUID | None) -> list[Row]:
        """The newest first."""
        self.permit(who)
        return await self.payments.list_disputed(who, limit, before)

    async def list_with_banks(self, who: Principal, limit: int) -> list[Row]:
        """The newest payments that banks work on."""
        self.permit(who)
        return await self.payments.list_with_banks(who, limit, None)

    @asynccontextmanager
    async def acting_for(self, who: Principal, team_id: UUID) -> AsyncIterator[Transaction]:
        """A transaction of a team that need not be one's own. Raises ``NotFound``."""
        self.permit(who)
        await self.credits.check_team(team_id)
        async with self.database.transaction(team_id) as transaction:
            yield transaction


def _of_workers(workers: int) -> Sequence[Finding]:
    if workers:
        return ()
    return (Finding(False, "No worker is there, so nothing is made", "Start `overprint up` or `overprint worker`."),)
