"""``/admin``: the house, its people, teams, jobs and disputes, as pages. They work without JavaScript."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import digest
from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Invalid, NotConfirmed, Problem
from overprint.db.database import Transaction
from overprint.features.admin.rules import WORDS_MAX_CHARACTERS, PersonAct, TeamAct
from overprint.features.admin.service import Upkeep
from overprint.features.billing import GRANT_MAX_CREDITS, REASON_MAX_CHARACTERS
from overprint.http import kept_answers
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT, next_cursor, read_cursor
from overprint.http.scope import Who
from overprint.http.wording import N_

_SHOWN = 50
_FIELDS_MAX = 10
_DIGITS_MAX = 12
_SAID = {
    PersonAct.APPOINT: N_("They look after the house from now on."),
    PersonAct.DISMISS: N_("They do not look after the house any more."),
    PersonAct.UNLOCK: N_("They sign in by their password alone now, and were told so by mail."),
    PersonAct.SIGN_OUT: N_("They are signed out everywhere."),
    TeamAct.GRANT: N_("The credits are there."),
    TeamAct.TAKE_BACK: N_("The credits are taken back."),
    TeamAct.PLAN: N_("The team has this plan now."),
    "hasten": N_("A worker runs it next."),
    "refund": N_("The credits went back to the team."),
}
_STATES = {
    "queued": N_("waiting"),
    "running": N_("running"),
    "completed": N_("completed"),
    "failed": N_("failed"),
    "cancelled": N_("stopped"),
}
_DISPUTES = {"open": N_("open"), "won": N_("won"), "lost": N_("lost")}
_MOVED = {
    "grant": N_("came"),
    "hold": N_("set aside"),
    "capture": N_("spent"),
    "release": N_("given back"),
    "expire": N_("expired"),
    "refund": N_("refunded"),
    "take_back": N_("taken back"),
}
Act = TypeVar("Act", PersonAct, TeamAct)
Words = Annotated[str, Query(max_length=WORDS_MAX_CHARACTERS)]
Cursor = Annotated[str | None, Query(max_length=100)]
Said = Annotated[str, Query(max_length=40)]


def router(upkeep: Upkeep) -> APIRouter:
    """Pages over ``upkeep``."""
    web = APIRouter(include_in_schema=False, prefix="/admin")
    templates = Pages(Path(__file__).parent / "templates")

    def page(template: str, problem: Problem | None = None, said: str = "", **values: Any) -> Response:
        status = status_of(problem) if problem else 200
        limits = {"reason_max": REASON_MAX_CHARACTERS, "credits_max": GRANT_MAX_CREDITS}
        shown = {**limits, **values, "problem": problem, "outcome": _SAID.get(said, "")}
        answer = templates.render(template, status, **shown)
        answer.headers.update(UNKEPT)
        return answer

    @web.get("")
    async def show_house(who: Who) -> Response:
        return page("house.html", tab="house", condition=await upkeep.condition(who))

    @web.get("/people")
    async def show_people(who: Who, words: Words = "", cursor: Cursor = None) -> Response:
        rows = await upkeep.find_people(who, words, _SHOWN, read_cursor(cursor))
        return page("people.html", tab="people", rows=rows, words=words, cursor=next_cursor(rows, _SHOWN))

    async def person(who: Principal, person_id: UUID, problem: Problem | None = None, said: str = "") -> Response:
        found = await upkeep.get_person(who, person_id)
        return page("person.html", problem, said, tab="people", person=found, is_me=person_id == who.person_id)

    @web.get("/people/{person_id}")
    async def show_person(who: Who, person_id: UUID, said: Said = "") -> Response:
        return await person(who, person_id, said=said)

    @web.post("/people/{person_id}")
    async def act_on_person(request: Request, who: Who, person_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            chosen = _chosen(PersonAct, form)
            await upkeep.act_on_person(who, person_id, chosen, form.get("reason", ""))
            return chosen

        here = f"/admin/people/{person_id}"
        return await _after(request, here, act, lambda problem: person(who, person_id, problem))

    @web.get("/teams")
    async def show_teams(who: Who, words: Words = "", cursor: Cursor = None) -> Response:
        rows = await upkeep.find_teams(who, words, _SHOWN, read_cursor(cursor))
        return page("teams.html", tab="teams", rows=rows, words=words, cursor=next_cursor(rows, _SHOWN))

    async def team(who: Principal, team_id: UUID, problem: Problem | None = None, said: str = "") -> Response:
        found, plans = await upkeep.get_team(who, team_id), await upkeep.list_plans(who)
        return page("team.html", problem, said, tab="teams", team=found, plans=plans, words=_MOVED, once=new_id())

    @web.get("/teams/{team_id}")
    async def show_team(who: Who, team_id: UUID, said: Said = "") -> Response:
        return await team(who, team_id, said=said)

    @web.post("/teams/{team_id}")
    async def act_on_team(request: Request, who: Who, team_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            chosen, reason = _chosen(TeamAct, form), form.get("reason", "")
            async with upkeep.acting_for(who, team_id) as transaction:
                if not await _is_first(transaction, form):
                    return chosen
                if chosen is TeamAct.PLAN:
                    await upkeep.plans.put_on(transaction, who, form.get("plan", "")[:40], reason)
                elif chosen is TeamAct.GRANT:
                    await upkeep.credits.grant(transaction, who, _count(form), reason)
                else:
                    await upkeep.credits.take_back(transaction, who, _count(form), reason)
            return chosen

        here = f"/admin/teams/{team_id}"
        return await _after(request, here, act, lambda problem: team(who, team_id, problem))

    async def jobs(
        who: Principal,
        cursor: str | None = None,
        team_id: UUID | None = None,
        problem: Problem | None = None,
        said: str = "",
    ) -> Response:
        rows = await upkeep.list_jobs(who, _SHOWN, read_cursor(cursor), team_id)
        shown = {"rows": rows, "team_id": team_id, "cursor": next_cursor(rows, _SHOWN)}
        return page("jobs_of_all.html", problem, said, tab="jobs", states=_STATES, once=new_id(), **shown)

    @web.get("/jobs")
    async def show_jobs(who: Who, team: UUID | None = None, cursor: Cursor = None, said: Said = "") -> Response:
        return await jobs(who, cursor, team, said=said)

    @web.post("/jobs/{job_id}/refund")
    async def refund_job(request: Request, who: Who, job_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            upkeep.permit(who)
            credits = _count(form) if form.get("credits") else None
            async with upkeep.acting_for(who, await upkeep.credits.team_of_job(job_id)) as transaction:
                if await _is_first(transaction, form):
                    await upkeep.credits.refund_job(transaction, who, job_id, form.get("reason", ""), credits=credits)
            return "refund"

        return await _after(request, "/admin/jobs", act, lambda problem: jobs(who, problem=problem))

    async def schedules(who: Principal, problem: Problem | None = None, said: str = "") -> Response:
        return page("schedules.html", problem, said, tab="schedules", rows=await upkeep.list_schedules(who))

    @web.get("/schedules")
    async def show_schedules(who: Who, said: Said = "") -> Response:
        return await schedules(who, said=said)

    @web.post("/schedules")
    async def run_schedule(request: Request, who: Who) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            await upkeep.run_schedule(who, form.get("name", ""), form.get("reason", ""))
            return "hasten"

        return await _after(request, "/admin/schedules", act, lambda problem: schedules(who, problem))

    @web.get("/disputes")
    async def show_disputes(who: Who, cursor: Cursor = None) -> Response:
        rows = await upkeep.list_disputes(who, _SHOWN, read_cursor(cursor))
        return page("disputes.html", tab="disputes", rows=rows, cursor=next_cursor(rows, _SHOWN), states=_DISPUTES)

    return web


async def _after(
    request: Request,
    here: str,
    act: Callable[[Mapping[str, str]], Awaitable[str]],
    again: Callable[[Problem], Awaitable[Response]],
) -> Response:
    """On to what it came to, or the same page ``again`` with what went wrong. Who may see neither is told so."""
    form = await request.form(max_files=0, max_fields=_FIELDS_MAX)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        said = await act(given)
    except NotConfirmed:
        return RedirectResponse(f"/confirm?next={here}", status_code=303)
    except Problem as problem:
        return await again(problem)
    return RedirectResponse(f"{here}?said={said}", status_code=303)


async def _is_first(transaction: Transaction, form: Mapping[str, str]) -> bool:
    """Whether this form was not sent before, as when somebody presses twice."""
    once = form.get("once", "")[:100]
    if not once.isascii() or not once.isprintable():
        raise Invalid("This form was changed on its way.", "Load the page again and send it once more.")
    if not once:
        return True
    if await kept_answers.claim(transaction, f"admin:{once}", digest(dict(form))) is not None:
        return False
    await kept_answers.keep(transaction, f"admin:{once}", {})
    return True


def _chosen(acts: type[Act], form: Mapping[str, str]) -> Act:
    """What the pressed button stands for. Raises ``Invalid``."""
    try:
        return acts(form.get("act", ""))
    except ValueError:
        raise Invalid("This is nothing that can be done here.", "Press one of the buttons.", field="act") from None


def _count(form: Mapping[str, str]) -> int:
    """Raises ``Invalid`` for what is no whole number."""
    text = form.get("credits", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise Invalid("Credits are a whole number.", "Write digits only.", field="credits")
    return int(text)
