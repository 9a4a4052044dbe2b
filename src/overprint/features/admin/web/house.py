"""``/admin``: the house, its people, teams and disputes, what comes round. The pages work without JavaScript."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Problem
from overprint.features.admin.rules import WORDS_MAX_CHARACTERS, PersonAct, TeamAct
from overprint.features.admin.service import Upkeep
from overprint.features.admin.web.forms import SHOWN, Cursor, Said, after, chosen, count, is_first, page
from overprint.http.responses import next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.wording import N_

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
Words = Annotated[str, Query(max_length=WORDS_MAX_CHARACTERS)]


def router(upkeep: Upkeep) -> APIRouter:
    """Pages over ``upkeep``."""
    web = Router(include_in_schema=False, prefix="/admin")

    @web.get("")
    async def show_house(who: Who) -> Response:
        return page("house.html", tab="house", condition=await upkeep.condition(who))

    @web.get("/people")
    async def show_people(who: Who, words: Words = "", cursor: Cursor = None) -> Response:
        rows = await upkeep.find_people(who, words, SHOWN, read_cursor(cursor))
        return page("people.html", tab="people", rows=rows, words=words, cursor=next_cursor(rows, SHOWN))

    async def person(who: Principal, person_id: UUID, problem: Problem | None = None, said: str = "") -> Response:
        found = await upkeep.get_person(who, person_id)
        return page("person.html", problem, said, tab="people", person=found, is_me=person_id == who.person_id)

    @web.get("/people/{person_id}")
    async def show_person(who: Who, person_id: UUID, said: Said = "") -> Response:
        return await person(who, person_id, said=said)

    @web.post("/people/{person_id}")
    async def act_on_person(request: Request, who: Who, person_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            act_chosen = chosen(PersonAct, form)
            await upkeep.act_on_person(who, person_id, act_chosen, form.get("reason", ""))
            return act_chosen

        here = f"/admin/people/{person_id}"
        return await after(request, here, act, lambda problem: person(who, person_id, problem))

    @web.get("/teams")
    async def show_teams(who: Who, words: Words = "", cursor: Cursor = None) -> Response:
        rows = await upkeep.find_teams(who, words, SHOWN, read_cursor(cursor))
        return page("teams.html", tab="teams", rows=rows, words=words, cursor=next_cursor(rows, SHOWN))

    async def team(who: Principal, team_id: UUID, problem: Problem | None = None, said: str = "") -> Response:
        found, plans = await upkeep.get_team(who, team_id), await upkeep.list_plans(who)
        return page("team.html", problem, said, tab="teams", team=found, plans=plans, words=_MOVED, once=new_id())

    @web.get("/teams/{team_id}")
    async def show_team(who: Who, team_id: UUID, said: Said = "") -> Response:
        return await team(who, team_id, said=said)

    @web.post("/teams/{team_id}")
    async def act_on_team(request: Request, who: Who, team_id: UUID) -> Response:
        async def act(form: Mapping[str, str]) -> str:
            pressed, reason = chosen(TeamAct, form), form.get("reason", "")
            async with upkeep.acting_for(who, team_id) as transaction:
                if not await is_first(transaction, form):
                    return pressed
                if pressed is TeamAct.PLAN:
                    await upkeep.plans.put_on(transaction, who, form.get("plan", "")[:40], reason)
                elif pressed is TeamAct.GRANT:
                    await upkeep.credits.grant(transaction, who, count(form), reason)
                else:
                    await upkeep.credits.take_back(transaction, who, count(form), reason)
            return pressed

        here = f"/admin/teams/{team_id}"
        return await after(request, here, act, lambda problem: team(who, team_id, problem))

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

        return await after(request, "/admin/schedules", act, lambda problem: schedules(who, problem))

    @web.get("/disputes")
    async def show_disputes(who: Who, cursor: Cursor = None) -> Response:
        rows = await upkeep.list_disputes(who, SHOWN, read_cursor(cursor))
        sent = await upkeep.list_with_banks(who, SHOWN) if cursor is None else ()
        next_one = next_cursor(rows, SHOWN)
        return page("disputes.html", tab="disputes", rows=rows, cursor=next_one, states=_DISPUTES, sent=sent)

    return web
