"""Invitations: a link in a mail, good once, for a week, and for whoever has the address that it was sent to."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import Conflict, Denied, LimitReached, NotFound
from overprint.db.database import Database, Transaction
from overprint.features.accounts import Post
from overprint.features.audit import Actor, record, record_by_system
from overprint.features.teams import rules, store
from overprint.features.teams.rules import Action, CheckVersion, any_version, permit
from overprint.features.teams.service.teams import settings_of
from overprint.features.teams.store import NO_TEAM, Row

MAIL = "invitation"
_SECRET_BYTES = 32
_DAY = timedelta(days=1)
_NO_INVITATION = ("There is no such invitation, or not any more.", "GET /api/teams/{id}/invitations lists them.")
_DEAD_LINK = ("This invitation is too old, or was answered or withdrawn.", "Ask whoever invited you for a new one.")


async def _anybody(transaction: Transaction) -> None:
    """Whoever may manage members may invite."""


@dataclass(frozen=True, slots=True)
class Invitations:
    """``post`` is None in a house without accounts, where there is nobody to invite. ``normal_email`` reads an address
    as it is kept of people, and raises ``Invalid``. ``poke_mail`` is told that a mail was committed. ``may_invite``
    raises where the team's plan says no."""

    database: Database
    clock: Clock
    post: Post | None
    normal_email: Callable[[str], str]
    poke_mail: Callable[[], None]
    may_invite: Callable[[Transaction], Awaitable[None]] = _anybody

    async def invite(self, transaction: Transaction, principal: Principal, email: str, role: Role | None) -> Row:
        """Raises ``Conflict`` for who is here or invited already, ``LimitReached``, ``Denied``."""
        post = self._post()
        address, now, driver = self.normal_email(email), self.clock.now(), transaction.driver
        principal, team = await self._hold(transaction, principal)
        if team["is_personal"]:
            raise Conflict("A personal team is of one person.", "Make a team, then invite people there.")
        await self.may_invite(transaction)
        settings = settings_of(team)
        role = role or settings.default_role
        rules.refuse_invited_role(principal.role, role)
        rules.refuse_address(address, settings)
        await store.expire_invitations(driver, team["id"], now)
        if await store.find_open_invitation(driver, team["id"], now, email=address) is not None:
            raise Conflict("Somebody invited this address already.", "Send that invitation again, or withdraw it.")
        await self._refuse_too_many(transaction, principal, team["id"])
        await self._refuse_member(transaction, address)
        token = secrets.token_urlsafe(_SECRET_BYTES)
        row = await store.insert_invitation(
            driver,
            {
                "id": new_id(),
                "team_id": team["id"],
                "email": address,
                "role": role.value,
                "hash": _hash(token),
                "invited_by": principal.person_id,
                "created_at": now,
                "expires_at": now + rules.INVITATION_LIFETIME,
                "sent_at": now,
            },
        )
        assert row is not None  # the team is held, and there was none
        await self._send(transaction, post, principal, team, address, token)
        told = {"email": address, "role": role.value}
        await record(transaction, principal, "member.invited", "invitation", row["id"], told)
        return row

    async def list_open(self, transaction: Transaction, principal: Principal) -> list[Row]:
        """The newest first."""
        permit(principal, Action.MANAGE_MEMBERS)
        return await store.list_invitations(transaction.driver, transaction.team_id, self.clock.now())

    async def withdraw(
        self,
        transaction: Transaction,
        principal: Principal,
        invitation_id: UUID,
        check_version: CheckVersion = any_version,
    ) -> None:
        """An invitation's version is how often it was sent."""
        principal, row = await self._hold_open(transaction, principal, invitation_id, check_version)
        await store.end_invitation(transaction.driver, row["id"], "withdrawn", self.clock.now())
        await record(transaction, principal, "invitation.withdrawn", "invitation", row["id"], {"email": row["email"]})

    async def send_again(
        self,
        transaction: Transaction,
        principal: Principal,
        invitation_id: UUID,
        check_version: CheckVersion = any_version,
    ) -> Row:
        """With a new link; the old one is good no more. Raises ``TooOften``, ``Conflict``."""
        post, now = self._post(), self.clock.now()
        principal, row = await self._hold_open(transaction, principal, invitation_id, check_version)
        rules.refuse_resend(row["sends"], row["sent_at"], now)
        team = await store.find_team(transaction.driver, transaction.team_id)
        assert team is not None  # it is held
        token = secrets.token_urlsafe(_SECRET_BYTES)
        row = await store.send_again(transaction.driver, row["id"], _hash(token), now)
        await self._send(transaction, post, principal, team, row["email"], token)
        told = {"email": row["email"], "sends": row["sends"]}
        await record(transaction, principal, "invitation.sent_again", "invitation", row["id"], told)
        return row

    async def look(self, token: str) -> Row:
        """Which team invites whom as what. Raises ``NotFound`` for a link that leads nowhere."""
        row = await store.find_by_token(self.database.system, _hash(token), self.clock.now())
        if row is None:
            raise NotFound(*_DEAD_LINK)
        return row

    async def accept(self, principal: Principal, token: str) -> Row:
        """Join the team. Raises ``NotFound``, ``Denied`` for another address, ``Conflict``, ``LimitReached``."""
        async with self.database.system_transaction() as connection:
            invitation = await self._answer(connection, principal, token)
            team_id, role, now = invitation["team_id"], Role(invitation["role"]), self.clock.now()
            if await store.find_member(connection, team_id, principal.person_id) is not None:
                raise Conflict("You are in this team already.", "Switch to it; there is nothing to accept.")
            members, _ = await store.count_members(connection, team_id)
            if members >= rules.MEMBERS_MAX:
                raise LimitReached(f"This team has {rules.MEMBERS_MAX} members, which is as many as there can be.")
            if len(await store.list_teams_of(connection, principal.person_id)) >= rules.TEAMS_MAX:
                raise LimitReached(f"You are in {rules.TEAMS_MAX} teams.", "Leave one first.")
            await store.add_member(connection, team_id, principal.person_id, role, now)
            await self._end(connection, principal, invitation, "accepted", "member.joined")
        return invitation

    async def decline(self, principal: Principal, token: str) -> None:
        """Raises ``NotFound``, ``Denied`` for who has another address."""
        async with self.database.system_transaction() as connection:
            invitation = await self._answer(connection, principal, token)
            await self._end(connection, principal, invitation, "declined", "invitation.declined")

    async def _answer(self, connection: asyncpg.Connection, principal: Principal, token: str) -> Row:
        """The open invitation of this link, its team and person held. Raises unless it is this person's to answer."""
        if principal.via is Via.API_KEY:
            raise Denied("An API key cannot answer an invitation.", "Sign in to answer it yourself.")
        now, token_hash = self.clock.now(), _hash(token)
        found = await store.find_by_token(connection, token_hash, now)
        team = await store.find_team(connection, found["team_id"], holds=True) if found else None
        # Read again: it may have been answered or withdrawn while the team was waited for.
        invitation = await store.find_by_token(connection, token_hash, now) if team else None
        if invitation is None:
            raise NotFound(*_DEAD_LINK)
        email = await store.find_email(connection, principal.person_id)
        if email != invitation["email"]:
            raise Denied("This invitation was sent to another address than yours.", "Sign in with that address.")
        return invitation

    async def _end(
        self, connection: asyncpg.Connection, principal: Principal, invitation: Row, ending: str, action: str
    ) -> None:
        await store.end_invitation(connection, invitation["id"], ending, self.clock.now())
        told = {"email": invitation["email"], "role": invitation["role"]}
        actor, team_id = Actor.of(principal), invitation["team_id"]
        await record_by_system(connection, actor, action, "person", principal.person_id, told, team_id=team_id)

    async def _hold(self, transaction: Transaction, principal: Principal) -> tuple[Principal, Row]:
        """Who asks as they stand now, and their team, held. Raises ``Denied``, ``NotFound``."""
        driver, team_id = transaction.driver, transaction.team_id
        team = await store.find_team(driver, team_id, holds=True)
        own = await store.find_member(driver, team_id, principal.person_id)
        if team is None or own is None:
            raise NotFound(*NO_TEAM)
        principal = replace(principal, role=own)
        permit(principal, Action.MANAGE_MEMBERS)
        return principal, team

    async def _hold_open(
        self, transaction: Transaction, principal: Principal, invitation_id: UUID, check_version: CheckVersion
    ) -> tuple[Principal, Row]:
        principal, team = await self._hold(transaction, principal)
        now = self.clock.now()
        row = await store.find_open_invitation(transaction.driver, team["id"], now, invitation_id=invitation_id)
        if row is None:
            raise NotFound(*_NO_INVITATION)
        check_version(row["sends"])
        return principal, row

    async def _refuse_too_many(self, transaction: Transaction, principal: Principal, team_id: UUID) -> None:
        members, _ = await store.count_members(transaction.driver, team_id)
        is_open = await store.count_open_invitations(transaction.driver, team_id)
        made = await store.count_invited_by(self.database.system, principal.person_id, self.clock.now() - _DAY)
        if members + is_open >= rules.MEMBERS_MAX:
            raise LimitReached(f"A team has at most {rules.MEMBERS_MAX} members, those who are invited included.")
        if is_open >= rules.INVITATIONS_MAX:
            raise LimitReached(f"{rules.INVITATIONS_MAX} invitations wait for an answer.", "Withdraw some first.")
        if made >= rules.INVITATIONS_DAILY_MAX:
            raise LimitReached(f"You can invite {rules.INVITATIONS_DAILY_MAX} people a day.", "Go on tomorrow.")

    async def _refuse_member(self, transaction: Transaction, email: str) -> None:
        members = await store.list_members(transaction.driver, transaction.team_id)
        people = await store.find_people(self.database.system, [member["person_id"] for member in members])
        if any(person["email"] == email for person in people.values()):
            raise Conflict("Whoever has this address is in the team already.", "There is nothing to do.")

    async def _send(
        self, transaction: Transaction, post: Post, principal: Principal, team: Row, email: str, token: str
    ) -> None:
        people = await store.find_people(self.database.system, [principal.person_id])
        by = people.get(principal.person_id, {})
        # Nobody knows what the one who is invited speaks; most often the same as who invites them.
        about = {"language": by.get("language") or "en", "team": team["name"], "inviter": by.get("name", "Somebody")}
        await post(transaction.driver, MAIL, email, link=f"/invitations?token={token}", **about)
        transaction.after_commit(self.poke_mail)

    def _post(self) -> Post:
        if self.post is None:
            raise Conflict(
                "This Overprint has no accounts, so there is nobody to invite.",
                "Set OVERPRINT_ACCOUNTS to open or invited, and start it again.",
            )
        return self.post


def _hash(token: str) -> bytes:
    """What is kept of a secret that nobody can guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
