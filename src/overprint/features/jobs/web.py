"""Pages of the jobs room: what is being made, what was, one job with its steps, and doing it again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.ids import new_id
from overprint.core.problems import Problem
from overprint.engine.job import STEP_DELIVERED, JobState, StepState
from overprint.features.jobs.rules import KINDS, Sums
from overprint.features.jobs.service import Jobs, is_going
from overprint.features.jobs.store import Row
from overprint.features.library import Library, Wanted, works
from overprint.features.teams import Action, is_allowed
from overprint.http.once import lead_once
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import cursor_after, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope
from overprint.http.wording import N_

Names = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, str]]]

PER_PAGE, QUEUED_SHOWN = 30, 10
LOG_LINES_PER_STEP, LOG_LINES_SHOWN = 40, 400
FILES_SHOWN = 100
STATES = {
    JobState.QUEUED: N_("Waiting"),
    JobState.RUNNING: N_("Being made"),
    JobState.COMPLETED: N_("Made"),
    JobState.FAILED: N_("Not everything was made"),
    JobState.CANCELLED: N_("Stopped"),
}
STEP_STATES = {
    StepState.PENDING: N_("waits for others"),
    StepState.READY: N_("waits"),
    StepState.RUNNING: N_("is being made"),
    StepState.COMPLETED: N_("made"),
    StepState.FAILED: N_("failed"),
    StepState.CANCELLED: N_("stopped"),
    StepState.REUSED: N_("taken from before"),
    StepState.SKIPPED: N_("left out"),
}
_INKS = {"text-generation": "text", "image-generation": "image"}
_INK_ORDER = ("text", "image", "layout")


def router(jobs: Jobs, library: Library, names: Names) -> APIRouter:
    """Routes over ``jobs``. ``names``: what people are called."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    async def show(scope: Scope, job_id: UUID, problem: Problem | None = None) -> Response:
        job = await jobs.get(scope.transaction, job_id)
        values = await _of_job(jobs, library, names, scope, job)
        return pages.render("job.html", status_of(problem) if problem else 200, problem=problem, **values)

    @web.get("/jobs")
    async def list_jobs(scope: InScope, request: Request) -> Response:
        asked = request.query_params
        state = asked["state"] if asked.get("state") in STATES else None
        kind = asked["kind"] if asked.get("kind") in KINDS else None
        before = _before(asked.get("cursor"))
        rows = await jobs.list_jobs(
            scope.transaction,
            limit=PER_PAGE + 1,
            before=before,
            state=JobState(state) if state else None,
            kind=kind,
        )
        going = await jobs.list_going(scope.transaction, QUEUED_SHOWN + 1) if before is None else []
        kept = {name: value for name, value in (("state", state), ("kind", kind)) if value}
        more = {**kept, "cursor": cursor_after(rows[PER_PAGE - 1]["id"])} if len(rows) > PER_PAGE else None
        values: dict[str, Any] = {
            "rows": await _told(jobs, names, scope, [row for row in rows[:PER_PAGE] if state or not is_going(row)]),
            "going": await _queued(jobs, names, scope, going[:QUEUED_SHOWN]),
            "has_more_going": len(going) > QUEUED_SHOWN,
            "here": f"/jobs?{urlencode(kept)}" if kept else "/jobs",
            "next": f"/jobs?{urlencode(more)}" if more else None,
            "state": state,
            "kind": kind,
            "is_later": before is not None,
        }
        return pages.render("jobs.html", **values, **_words(scope))

    @web.get("/jobs/{job_id}")
    async def get_job(scope: InScope, job_id: UUID) -> Response:
        return await show(scope, job_id)

    @web.get("/jobs/{job_id}/again")
    async def ask_again(
        scope: InScope, job_id: UUID, step: str = Query("", max_length=200, pattern=r"^[\w/.-]*$")
    ) -> Response:
        """What would be made again, and its price, before anything is."""
        job = await jobs.get(scope.transaction, job_id)
        try:
            found, quote = await jobs.forecast_again(scope.transaction, job, step or None)
        except Problem as problem:
            return await show(scope, job_id, problem)
        titles = {one["key"]: one["title"] for one in await jobs.list_steps(scope.transaction, job_id)}
        work = (await works.find(scope.transaction, [job["lineage"]])).get(job["lineage"])
        values: dict[str, Any] = {
            "job": job,
            "work": _linked(work),
            "step": step,
            "runs": [titles.get(key, key) for key in found.runs],
            "reused": len(found.reused),
            "credits": quote.credits,
            "once": new_id(),
        }
        return pages.render("again.html", **values, **_words(scope))

    @web.post("/jobs/{job_id}/again")
    async def make_again(
        scope: InScope,
        request: Request,
        job_id: UUID,
        step: str = Form("", max_length=200, pattern=r"^[\w/.-]*$"),
        once: str = Form("", max_length=100),
    ) -> Response:
        async def begin() -> str:
            if step:
                made = await jobs.rerun_from(scope.transaction, scope.principal, job_id, step)
            else:
                made = await jobs.rerun(scope.transaction, scope.principal, job_id)
            return f"/jobs/{made['id']}"

        try:
            async with scope.transaction.savepoint():
                place = await lead_once(scope.transaction, request, [("once", once), ("step", step)], begin)
        except Problem as problem:
            return await show(scope, job_id, problem)
        return RedirectResponse(place, status_code=303)

    def deed(name: str, do: Callable[..., Awaitable[Row]]) -> None:
        @web.post(f"/jobs/{{job_id}}/{name}", name=f"{name}_job_page")
        async def act(scope: InScope, job_id: UUID) -> Response:
            await do(scope.transaction, scope.principal, job_id)
            return RedirectResponse(f"/jobs/{job_id}", status_code=303)

    for name, do in (("cancel", jobs.cancel), ("pause", jobs.pause), ("resume", jobs.resume)):
        deed(name, do)
    return web


def _words(scope: Scope) -> dict[str, Any]:
    """What all pages of the room say, and whether who reads them may do anything."""
    may = is_allowed(scope.principal, Action.MAKE_WORK)
    return {"kinds": KINDS, "states": STATES, "step_states": STEP_STATES, "may_change": may}


async def _told(jobs: Jobs, names: Names, scope: Scope, rows: Sequence[Row]) -> list[Row]:
    """Jobs with their work, who began them, and what they came to."""
    found = await works.find(scope.transaction, [row["lineage"] for row in rows])
    sums = await jobs.sum_up(scope.transaction, rows)
    people = await names([row["created_by"] for row in rows if row["created_by"]])
    return [
        {
            **row,
            "work": _linked(found.get(row["lineage"])),
            "is_thrown_away": bool(found.get(row["lineage"], {}).get("discarded_at")),
            "who": people.get(row["created_by"], ""),
            "sums": sums.get(row["id"], Sums(("", "", "", ""), 0, 0)),
            "seconds": _seconds(row),
            "is_going": is_going(row),
        }
        for row in rows
    ]


async def _queued(jobs: Jobs, names: Names, scope: Scope, rows: Sequence[Row]) -> list[Row]:
    """With what each can expect."""
    told = await _told(jobs, names, scope, rows)
    return [{**row, "waiting": await jobs.find_outlook(scope.transaction, row)} for row in told]


async def _of_job(jobs: Jobs, library: Library, names: Names, scope: Scope, job: Row) -> dict[str, Any]:
    """What the page of a job shows."""
    newest = await jobs.find_newest(scope.transaction, job["lineage"])
    logs = _logs(await jobs.list_logs(scope.transaction, job["id"]))
    wanted = Wanted(job_id=job["id"])
    made = await library.list_assets(scope.transaction, limit=FILES_SHOWN, wanted=wanted, with_unsigned=True)
    steps = [
        {
            **step,
            "ink": _INKS.get(step["queue"], "layout"),
            "seconds": _seconds(step),
            "logs": logs.get(step["key"], []),
            "files": [file for file in made if file["step_key"] == step["key"]],
            "is_delivered": StepState(step["state"]) in STEP_DELIVERED,
        }
        for step in await jobs.list_steps(scope.transaction, job["id"])
    ]
    (told,) = await _queued(jobs, names, scope, [job])
    may_repeat = newest is not None and newest["id"] == job["id"] and not told["is_going"] and told["work"] is not None
    steps.sort(key=lambda step: _INK_ORDER.index(step["ink"]))  # words, pictures, then how they are set
    return {"job": told, "steps": steps, "may_repeat": may_repeat, **_words(scope)}


def _logs(lines: Sequence[Row]) -> dict[str, list[Row]]:
    """The last lines of each step, and not too many of all."""
    by: dict[str, list[Row]] = {}
    for line in lines[-LOG_LINES_SHOWN:]:
        by.setdefault(line["key"], []).append(line)
    return {key: said[-LOG_LINES_PER_STEP:] for key, said in by.items()}


def _linked(work: Row | None) -> Row | None:
    """A work that can be opened, with the path of its page."""
    usable = work is not None and work["discarded_at"] is None
    return {**work, "path": works.path_of(work)} if work is not None and usable else None


def _seconds(row: Row) -> float | None:
    began, ended = row["started_at"], row["ended_at"]
    return (ended - began).total_seconds() if began and ended else None


def _before(cursor: str | None) -> UUID | None:
    try:
        return read_cursor(cursor)
    except Problem:
        return None
