"""JSON API of teams: /api/teams, their members and invitations, and answering one."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from overprint.core.principal import Principal, Role
from overprint.db.database import Database
from overprint.features.teams.rules import SLUG_MAX_CHARACTERS, Action, TeamSettings, is_allowed, permit
from overprint.features.teams.service import TeamRooms
from overprint.features.teams.service.teams import settings_of
from overprint.features.teams.store import Row
from overprint.http.cookies import choose_team
from overprint.http.once import Once
from overprint.http.responses import IdempotencyKey, IfMatch, In, Out, etag_of, example, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import Scope, Who

_NAME_MAX_CHARACTERS = 120
_EMAIL_MAX_CHARACTERS = 254
_TOKEN_MAX_CHARACTERS = 200

Name = Annotated[str, Field(min_length=1, max_length=_NAME_MAX_CHARACTERS, examples=["Moon Press"])]
Slug = Annotated[str, Field(min_length=1, max_length=SLUG_MAX_CHARACTERS, examples=["moon-press"])]
Email = Annotated[str, Field(min_length=3, max_length=_EMAIL_MAX_CHARACTERS, examples=["mira@example.org"])]
Token = Annotated[str, Field(min_length=1, max_length=_TOKEN_MAX_CHARACTERS)]


class TeamIn(In):
    """Without a ``slug`` one is made from the name."""

    model_config = example(name="Moon Press", slug="moon-press")

    name: Name
    slug: Slug | None = None


class SettingsBody(In):
    """``invite_domains``: mail domains that may be invited; none: anybody."""

    invite_domains: list[Annotated[str, Field(max_length=253, examples=["example.org"])]] = Field([], max_length=20)
    default_role: Role = Role.MEMBER


class TeamChange(In):
    """What is left out stays as it is."""

    model_config = example(name="Moon & Sun Press", settings={"invite_domains": ["example.org"]})

    name: Name | None = None
    slug: Slug | None = None
    settings: SettingsBody | None = None


class TeamOut(Out):
    """``role`` is the caller's; ``is_current``: requests that name no team act in this one."""

    id: UUID
    name: str
    slug: str
    is_personal: bool
    role: Role
    is_current: bool
    created_at: datetime


class TeamDetail(TeamOut):
    settings: SettingsBody
    may: list[str] = Field(description="What the caller may do in it, as scopes of API keys are called.")


class TeamList(Out):
    items: list[TeamOut]


class InviteIn(In):
    """Without a ``role``: the one that the team's settings say."""

    model_config = example(email="ada@example.org", role="viewer")

    email: Email
    role: Role | None = None


class RoleIn(In):
    model_config = example(role="owner")

    role: Role


class TransferIn(In):
    model_config = example(person_id="0199f3a5-1c00-7000-8000-0242ac120002")

    person_id: UUID


class TokenIn(In):
    model_config = example(token="mQ2vTz0eYb1lJ3yGk9wXnR7cUo5aHs4dPf8iVt6KxLE")

    token: Token


class MemberOut(Out):
    """``version`` is the ETag of an edit: If-Match of their role, or of removing them, names it."""

    person_id: UUID
    name: str
    email: str | None
    role: Role
    is_you: bool
    created_at: datetime
    version: int


class MemberList(Out):
    items: list[MemberOut]


class InvitationOut(Out):
    """``sends``, how often it was sent, is the ETag of an edit too."""

    id: UUID
    email: str
    role: Role
    invited_by: UUID
    created_at: datetime
    expires_at: datetime
    sends: int
    sent_at: datetime


class InvitationList(Out):
    items: list[InvitationOut]


class JoinedOut(Out):
    team_id: UUID
    team: str
    slug: str
    role: Role


def router(rooms: TeamRooms, *, is_secure: bool) -> APIRouter:
    """Routes over ``rooms``. ``is_secure``: people come over https."""
    api = Router(prefix="/api", tags=["teams"])
    teams, members, invitations = rooms.teams, rooms.members, rooms.invitations

    async def open_team(request: Request, principal: Who, team_id: Annotated[UUID, Path()]) -> AsyncIterator[Scope]:
        """The team of the path, in a transaction of that team."""
        who = await teams.enter(principal, team_id)
        database: Database = request.app.state.database
        async with database.transaction(team_id) as transaction:
            yield Scope(who, transaction)

    InTeam = Annotated[Scope, Depends(open_team, scope="function")]

    @api.get("/teams")
    async def list_teams(principal: Who) -> TeamList:
        """One's own, the personal one first."""
        found = await teams.list_mine(principal)
        return TeamList(items=[TeamOut(**row, is_current=row["id"] == principal.team_id) for row in found])

    @api.post("/teams", status_code=201)
    async def make_team(
        response: Response, principal: Who, team: TeamIn, idempotency_key: IdempotencyKey = None
    ) -> TeamDetail:
        # Not through ``Once``, which keeps answers in a transaction of the caller's team: the system role makes teams,
        # in another one. The team itself remembers the key that it was made under.
        made = await teams.make(principal, team.name, team.slug, idempotency_key)
        response.headers.update(etag_of(made["version"]))
        return _shown(made, await teams.enter(principal, made["id"]), is_current=False)

    @api.get("/teams/{team_id}")
    async def get_team(response: Response, principal: Who, scope: InTeam) -> TeamDetail:
        team = await teams.get(scope.transaction)
        response.headers.update(etag_of(team["version"]))
        return _shown(team, scope.principal, is_current=principal.team_id == team["id"])

    @api.patch("/teams/{team_id}")
    async def change_team(
        response: Response, principal: Who, scope: InTeam, change: TeamChange, if_match: IfMatch = None
    ) -> TeamDetail:
        permit(scope.principal, Action.CHANGE_TEAM)
        team = await teams.get(scope.transaction, holds=True)
        refuse_outdated(if_match, team["version"])
        asked = change.settings
        settings = TeamSettings(tuple(asked.invite_domains), asked.default_role) if asked else None
        team = await teams.change(
            scope.transaction, scope.principal, team, name=change.name, slug=change.slug, settings=settings
        )
        response.headers.update(etag_of(team["version"]))
        return _shown(team, scope.principal, is_current=principal.team_id == team["id"])

    @api.delete("/teams/{team_id}", status_code=204)
    async def delete_team(scope: InTeam) -> Response:
        """For all its members. What it was making stops."""
        await teams.close(scope.transaction, scope.principal)
        return Response(status_code=204)

    @api.post("/teams/{team_id}/switch", status_code=204)
    async def switch_team(request: Request, scope: InTeam) -> Response:
        """From now on the browser's requests act in this team. Others send `X-Team`."""
        response = Response(status_code=204)
        choose_team(response, scope.transaction.team_id, is_secure=is_secure)
        return response

    @api.post("/teams/{team_id}/transfer", status_code=204)
    async def transfer_team(scope: InTeam, to: TransferIn) -> Response:
        """Make another member an owner, and oneself an admin."""
        await members.transfer(scope.transaction, scope.principal, to.person_id)
        return Response(status_code=204)

    @api.post("/teams/{team_id}/leave", status_code=204)
    async def leave_team(scope: InTeam) -> Response:
        await members.leave(scope.transaction, scope.principal)
        return Response(status_code=204)

    @api.get("/teams/{team_id}/members")
    async def list_members(scope: InTeam) -> MemberList:
        found = await members.list_members(scope.transaction, scope.principal)
        you = scope.principal.person_id
        return MemberList(items=[MemberOut(**row, is_you=row["person_id"] == you) for row in found])

    @api.post("/teams/{team_id}/members/invite", status_code=201)
    @api.post("/teams/{team_id}/members", status_code=201)
    async def invite_member(scope: InTeam, given: InviteIn, once: Once) -> InvitationOut:
        """Send an invitation by mail; who accepts it is a member."""

        async def invite() -> InvitationOut:
            made = await invitations.invite(scope.transaction, scope.principal, given.email, given.role)
            return InvitationOut.model_validate(made)

        return await once.answer(scope.transaction, InvitationOut, given.model_dump(mode="json"), invite)

    @api.patch("/teams/{team_id}/members/{member_id}", status_code=204)
    async def change_role(scope: InTeam, member_id: UUID, given: RoleIn, if_match: IfMatch = None) -> Response:
        check = partial(refuse_outdated, if_match)
        version = await members.change_role(scope.transaction, scope.principal, member_id, given.role, check)
        return Response(status_code=204, headers=etag_of(version))

    @api.delete("/teams/{team_id}/members/{member_id}", status_code=204)
    async def remove_member(scope: InTeam, member_id: UUID, if_match: IfMatch = None) -> Response:
        check = partial(refuse_outdated, if_match)
        await members.remove(scope.transaction, scope.principal, member_id, check)
        return Response(status_code=204)

    @api.get("/teams/{team_id}/invitations")
    async def list_invitations(scope: InTeam) -> InvitationList:
        """Those that wait for an answer."""
        found = await invitations.list_open(scope.transaction, scope.principal)
        return InvitationList(items=[InvitationOut.model_validate(row) for row in found])

    @api.delete("/teams/{team_id}/invitations/{invitation_id}", status_code=204)
    async def withdraw_invitation(scope: InTeam, invitation_id: UUID, if_match: IfMatch = None) -> Response:
        check = partial(refuse_outdated, if_match)
        await invitations.withdraw(scope.transaction, scope.principal, invitation_id, check)
        return Response(status_code=204)

    @api.post("/teams/{team_id}/invitations/{invitation_id}/resend")
    async def send_invitation_again(
        response: Response, scope: InTeam, invitation_id: UUID, if_match: IfMatch = None
    ) -> InvitationOut:
        """With a new link; the one that was sent before is good no more."""
        check = partial(refuse_outdated, if_match)
        row = await invitations.send_again(scope.transaction, scope.principal, invitation_id, check)
        response.headers.update(etag_of(row["sends"]))
        return InvitationOut.model_validate(row)

    @api.post("/invitations/accept")
    async def accept_invitation(principal: Who, given: TokenIn) -> JoinedOut:
        """Join the team. The caller's confirmed address has to be the one that was invited."""
        return JoinedOut.model_validate(await invitations.accept(principal, given.token))

    @api.post("/invitations/decline", status_code=204)
    async def decline_invitation(principal: Who, given: TokenIn) -> Response:
        await invitations.decline(principal, given.token)
        return Response(status_code=204)

    return api


def _shown(team: Row, who: Principal, *, is_current: bool) -> TeamDetail:
    settings = settings_of(team)
    return TeamDetail(
        **{name: team[name] for name in ("id", "name", "slug", "is_personal", "created_at")},
        role=who.role,
        is_current=is_current,
        settings=SettingsBody(invite_domains=list(settings.invite_domains), default_role=settings.default_role),
        may=[action.value for action in Action if is_allowed(who, action)],
    )
