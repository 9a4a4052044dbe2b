"""Jobs of all teams, for site admins: what became of each, what it cost, what steps logged. Never what is in them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.core.principal import Principal
from overprint.core.problems import NotFound
from overprint.features.admin.rules import without_words
from overprint.features.admin.service.upkeep import Upkeep
from overprint.features.billing import JobFilters
from overprint.features.jobs import Jobs, is_going

Row = dict[str, Any]
# Of a step, what says how it went; its key, title and note are words of the work.
_OF_STEPS = ("kind", "queue", "state", "attempt", "origin", "provider", "error_kind", "started_at", "ended_at")
_SUMS_OF_STEPS = ("input_tokens", "output_tokens", "price_credits", "cost_microdollars", "possible_cost_microdollars")
_OF_JOBS = ("created_at", "started_at", "ended_at", "paused_at", "steps_total", "steps_ended", "request_id")


@dataclass(frozen=True, slots=True)
class HouseJobs:
    upkeep: Upkeep
    jobs: Jobs

    async def list_jobs(self, who: Principal, filters: JobFilters, limit: int, before: UUID | None) -> list[Row]:
        """Paid jobs, the newest first: what each brought and cost."""
        self.upkeep.permit(who)
        return await self.upkeep.credits.list_costs(who, filters, limit=limit, before=before)

    async def get_job(self, who: Principal, job_id: UUID) -> Row:
        """What it brought and cost, with its ``steps``, each with its ``log``, and whether it ``is_going``. One that
        was deleted has none. Raises ``NotFound``."""
        self.upkeep.permit(who)
        found = await self.upkeep.credits.get_cost(who, job_id)
        if found["state"] is None:
            return {**found, **dict.fromkeys(_OF_JOBS), "steps": [], "is_going": False}
        async with self.upkeep.acting_for(who, found["team_id"]) as transaction:
            try:
                job = await self.jobs.get(transaction, job_id)
            except NotFound:  # deleted since
                return {**found, **dict.fromkeys(_OF_JOBS), "state": None, "steps": [], "is_going": False}
            steps, lines = (
                await self.jobs.list_steps(transaction, job_id),
                await self.jobs.list_logs(transaction, job_id),
            )
        shown = {name: job[name] for name in _OF_JOBS}
        return {**found, **shown, "is_going": is_going(job), "steps": [_shown(step, lines) for step in steps]}

    async def cancel(self, who: Principal, job_id: UUID, reason: str) -> None:
        """Stop it; what was delivered stays, and the rest is not paid. Raises ``Conflict`` where it has ended."""
        self.upkeep.permit(who)
        team_id = await self.upkeep.credits.team_of_job(job_id)
        async with self.upkeep.acting_for(who, team_id) as transaction:
            await self.jobs.cancel_for(transaction, who, job_id, reason)


def _shown(step: Row, lines: list[Row]) -> Row:
    log = [
        {"at": line["at"], "level": line["level"], "message": without_words(line["message"])}
        for line in lines
        if line["key"] == step["key"]
    ]
    return {**{name: step[name] for name in (*_OF_STEPS, *_SUMS_OF_STEPS)}, "log": log}
