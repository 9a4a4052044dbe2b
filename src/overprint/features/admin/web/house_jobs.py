"""``/admin/jobs``: what became of the jobs of all teams, what they cost, and giving back what they were paid."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Problem
from overprint.features.admin.service import HouseJobs, Upkeep
from overprint.features.admin.web.forms import SHOWN, Cursor, Said, after, count, is_first, page
from overprint.features.admin.web.kinds import STEP_KINDS
from overprint.features.billing import JobFilters, JobStanding
from overprint.features.jobs import KINDS
from overprint.http.asked import read_day, read_id
from overprint.http.responses import next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.wording import N_

_STATES = {
    JobStanding.QUEUED: N_("waiting"),
    JobStanding.RUNNING: N_("running"),
    JobStanding.COMPLETED: N_("completed"),
    JobStanding.FAILED: N_("failed"),
    JobStanding.CANCELLED: N_("stopped"),
    JobStanding.DELETED: N_("deleted"),
}
_STEPS = {
    "waiting": N_("waiting"),
    "ready": N_("waiting"),
    "running": N_("running"),
    "completed": N_("completed"),
    "reused": N_("reused"),
    "failed": N_("failed"),
    "skipped": N_("skipped"),
    "cancelled": N_("stopped"),
}
_KIND = re.compile(r"[a-z0-9_.@-]{1,60}")


class Looked:
    """What somebody looks for, as a plain form sends it: what is empty or means nothing filters nothing."""

    def __init__(
        self,
        team: Annotated[str, Query(max_length=60)] = "",
        state: Annotated[str, Query(max_length=20)] = "",
        kind: Annotated[str, Query(max_length=60)] = "",
        since: Annotated[str, Query(max_length=10)] = "",
        until: Annotated[str, Query(max_length=10)] = "",
    ) -> None:
        self.team = read_id(team)
        self.filters = JobFilters(
            self.team,
            JobStanding(state) if state in set(JobStanding) else None,
            kind if _KIND.fullmatch(kind) else None,
            read_day(since),
            read_day(until, 1),
        )
        asked = {"team": team, "state": state, "kind": kind, "since": since, "until": until}
        self.asked = asked
        self.query = urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_any(self) -> bool:
        return bool(self.query)


def router(upkeep: Upkeep, jobs: HouseJobs) -> APIRouter:
    """Pages over ``jobs``."""
    web = Router(include_in_schema=False, prefix="/admin/jobs")

    @web.get("")
    async def show_jobs(who: Who, looked: Annotated[Looked, Depends()], cursor: Cursor = None) -> Response:
        rows = await jobs.list_jobs(who, looked.filters, SHOWN, read_cursor(cursor))
        following = next_cursor(rows, SHOWN)
        told = {"rows": rows, "looked": looked, "cursor": following}
        return page("jobs_of_all.html", None, "", tab="jobs", states=_STATES, kinds=KINDS, **told)

    async def job(who: Principal, job_id: UUID, problem: Problem | None = None, said: str = "") -> Response:
        found = await jobs.get_job(who, job_id)
        words = {"states": _STATES, "step_states": _STEPS, "kinds": KINDS, "step_kinds": STEP_KINDS, "once": new_id()}
        return page("job_of_all.html", problem, said, tab="jobs", job=found, **words)

    @web.get("/{job_id}")
    async def show_job(who: Who, job_id: UUID, said: Said = "") -> Response:
        return await job(who, job_id, said=said)

    @web.post("/{job_id}/cancel")
    async def cancel_job(request: Request, who: Who, job_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            await jobs.cancel(who, job_id, form.get("reason", ""))
            return "cancel"

        return await after(request, f"/admin/jobs/{job_id}", act, lambda problem: job(who, job_id, problem))

    @web.post("/{job_id}/refund")
    async def refund_job(request: Request, who: Who, job_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            upkeep.permit(who)
            credits = count(form) if form.get("credits") else None
            async with upkeep.acting_for(who, await upkeep.credits.team_of_job(job_id)) as transaction:
                if await is_first(transaction, form):
                    await upkeep.credits.refund_job(transaction, who, job_id, form.get("reason", ""), credits=credits)
            return "refund"

        return await after(request, f"/admin/jobs/{job_id}", act, lambda problem: job(who, job_id, problem))

    return web
