"""Pages of the teams room: choosing a team, its members, answering an invitation. They work without JavaScript."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Principal, Role
from overprint.core.problems import Invalid, NotFound, Problem
from overprint.db.database import Database, Transaction
from overprint.features.teams.rules import ALLOWED, Action, is_allowed
from overprint.features.teams.service import TeamRooms
from overprint.http.cookies import choose_team
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.wording import N_

_TOKEN_MAX_CHARACTERS = 200
_FIELD_MAX_CHARACTERS = 300
_ROLES = tuple(role for role in Role if role is not Role.OWNER)
_ROLE_NAMES = (N_("owner"), N_("admin"), N_("member"), N_("viewer"))
# What each role may do, as people say it; one line for actions that the same roles may.
_DEEDS = {
    N_("see what the team makes"): Action.SEE_WORK,
    N_("make books and films, change and delete them"): Action.MAKE_WORK,
    N_("see credits and what they went to"): Action.SEE_BILLING,
    N_("buy credits, change the plan"): Action.MANAGE_BILLING,
    N_("invite people, change roles"): Action.MANAGE_MEMBERS,
    N_("make API keys"): Action.MANAGE_KEYS,
    N_("read who did what"): Action.SEE_AUDIT,
    N_("give the team away, delete it"): Action.GIVE_TEAM_AWAY,
}
# What a page says after a deed whose only trace is a line somewhere on it.
_SAID = {
    "invited": N_("The invitation is on its way by mail."),
    "withdrawn": N_("The invitation was withdrawn: its link leads nowhere any more."),
    "changed": N_("The role was changed."),
    "removed": N_("They are no longer in this team."),
}
_TABLE = {
    "roles": [role.value for role in Role],
    "lines": [(words, [role in ALLOWED[action] for role in Role]) for words, action in _DEEDS.items()],
}

Said = Annotated[str, Query(max_length=40)]
Token = Annotated[str, Query(max_length=_TOKEN_MAX_CHARACTERS)]
TokenField = Annotated[str, Form(max_length=_TOKEN_MAX_CHARACTERS)]
Field = Annotated[str, Form(max_length=_FIELD_MAX_CHARACTERS)]
Deed = Callable[[Transaction, Principal], Awaitable[object]]


def router(rooms: TeamRooms, *, is_secure: bool) -> APIRouter:
    """Routes over ``rooms``. ``is_secure``: people come over https."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")
    teams, members, invitations = rooms.teams, rooms.members, rooms.invitations

    async def teams_page(principal: Principal, problem: Problem | None = None) -> Response:
        found = await teams.list_mine(principal)
        status = status_of(problem) if problem else 200
        return pages.render("teams.html", status, teams=found, current=principal.team_id, problem=problem)

    async def team_page(
        request: Request, principal: Principal, team_id: UUID, problem: Problem | None = None, said: str = ""
    ) -> Response:
        who = await teams.enter(principal, team_id)
        async with _database(request).transaction(team_id) as transaction:
            team = await teams.get(transaction)
            people = await members.list_members(transaction, who)
            may = {action.name: is_allowed(who, action) for action in Action}
            is_open = await invitations.list_open(transaction, who) if may["MANAGE_MEMBERS"] else []
        shown = {
            "team": team,
            "people": people,
            "invitations": is_open,
            "who": who,
            "may": may,
            "roles": _ROLES,
            "table": _TABLE,
            "said": _SAID.get(said, ""),
        }
        status = status_of(problem) if problem else 200
        return pages.render("team.html", status, **shown, is_current=principal.team_id == team_id, problem=problem)

    async def act(
        request: Request, principal: Principal, team_id: UUID, deed: Deed, then: str = "", said: str = ""
    ) -> Response:
        """Do it in a transaction of the team; what cannot be done is said on the team's page, and ``said`` where it
        was done."""
        who = await teams.enter(principal, team_id)
        try:
            async with _database(request).transaction(team_id) as transaction:
                await deed(transaction, who)
        except NotFound:
            raise
        except Problem as problem:
            return await team_page(request, principal, team_id, problem)
        here = f"/teams/{team_id}?said={said}" if said else f"/teams/{team_id}"
        return RedirectResponse(then or here, status_code=303)

    @web.get("/teams")
    async def list_teams(principal: Who) -> Response:
        return await teams_page(principal)

    @web.post("/teams")
    async def make_team(principal: Who, name: Field = "") -> Response:
        try:
            made = await teams.make(principal, name, None, None)
        except Problem as problem:
            return await teams_page(principal, problem)
        response = RedirectResponse(f"/teams/{made['id']}", status_code=303)
        choose_team(response, made["id"], is_secure=is_secure)
        return response

    @web.get("/teams/{team_id}")
    async def show_team(request: Request, principal: Who, team_id: UUID, said: Said = "") -> Response:
        return await team_page(request, principal, team_id, said=said)

    @web.post("/teams/{team_id}/switch")
    async def switch(principal: Who, team_id: UUID) -> Response:
        await teams.enter(principal, team_id)
        response = RedirectResponse("/", status_code=303)
        choose_team(response, team_id, is_secure=is_secure)
        return response

    @web.post("/teams/{team_id}/name")
    async def rename(request: Request, principal: Who, team_id: UUID, name: Field = "", slug: Field = "") -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            team = await teams.get(transaction, holds=True)
            await teams.change(transaction, who, team, name=name, slug=slug or None)

        return await act(request, principal, team_id, deed)

    @web.post("/teams/{team_id}/invite")
    async def invite(request: Request, principal: Who, team_id: UUID, email: Field = "", role: Field = "") -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            await invitations.invite(transaction, who, email, _role(role) if role else None)

        return await act(request, principal, team_id, deed, said="invited")

    @web.post("/teams/{team_id}/invitations/{invitation_id}/resend")
    async def resend(request: Request, principal: Who, team_id: UUID, invitation_id: UUID) -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            await invitations.send_again(transaction, who, invitation_id)

        return await act(request, principal, team_id, deed, said="invited")

    @web.post("/teams/{team_id}/invitations/{invitation_id}/withdraw")
    async def withdraw(request: Request, principal: Who, team_id: UUID, invitation_id: UUID) -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            await invitations.withdraw(transaction, who, invitation_id)

        return await act(request, principal, team_id, deed, said="withdrawn")

    @web.post("/teams/{team_id}/members/{member_id}/role")
    async def change_role(
        request: Request, principal: Who, team_id: UUID, member_id: UUID, role: Field = ""
    ) -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            await members.change_role(transaction, who, member_id, _role(role))

        return await act(request, principal, team_id, deed, said="changed")

    @web.post("/teams/{team_id}/members/{member_id}/remove")
    async def remove(request: Request, principal: Who, team_id: UUID, member_id: UUID) -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            await members.remove(transaction, who, member_id)

        then = "/teams" if member_id == principal.person_id else ""
        return await act(request, principal, team_id, deed, then, said="removed")

    @web.post("/teams/{team_id}/members/{member_id}/own")
    async def transfer(request: Request, principal: Who, team_id: UUID, member_id: UUID) -> Response:
        async def deed(transaction: Transaction, who: Principal) -> None:
            await members.transfer(transaction, who, member_id)

        return await act(request, principal, team_id, deed)

    @web.post("/teams/{team_id}/delete")
    async def delete(request: Request, principal: Who, team_id: UUID) -> Response:
        return await act(request, principal, team_id, teams.close, "/teams")

    async def invitation_page(token: str, problem: Problem | None = None) -> Response:
        invitation = await invitations.look(token)
        status = status_of(problem) if problem else 200
        answer = pages.render("invitation.html", status, invitation=invitation, token=token, problem=problem)
        answer.headers.update(UNKEPT)
        return answer

    @web.get("/invitations")
    async def show_invitation(_: Who, token: Token = "") -> Response:
        return await invitation_page(token)

    @web.post("/invitations/accept")
    async def accept(principal: Who, token: TokenField = "") -> Response:
        try:
            joined = await invitations.accept(principal, token)
        except Problem as problem:
            return await invitation_page(token, problem)
        response = RedirectResponse("/", status_code=303)
        choose_team(response, joined["team_id"], is_secure=is_secure)
        return response

    @web.post("/invitations/decline")
    async def decline(principal: Who, token: TokenField = "") -> Response:
        try:
            await invitations.decline(principal, token)
        except Problem as problem:
            return await invitation_page(token, problem)
        return RedirectResponse("/", status_code=303)

    return web


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise Invalid(f"{text[:40]!r} is no role.", f"There are {', '.join(Role)}.", field="role") from None
