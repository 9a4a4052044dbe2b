"""Teams themselves: whose there are, making one, changing it, closing it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.codec import canonical, decode, encode
from overprint.core.principal import Principal, Via
from overprint.core.problems import Conflict, Denied, LimitReached, NotFound
from overprint.db.database import Database, Transaction
from overprint.features.accounts import checked_name, require_confirmed
from overprint.features.audit import Actor, record, record_by_system
from overprint.features.teams import rules, store
from overprint.features.teams.rules import Action, TeamSettings, permit
from overprint.features.teams.store import NO_TEAM, Row

_SLUG_ENDING_BYTES = 4


class Closing(Protocol):
    """What a room above does when a team is closed, in the same transaction."""

    async def __call__(self, transaction: Transaction, principal: Principal, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Teams:
    """``closings``: what else is done when a team is closed."""

    database: Database
    clock: Clock
    closings: Sequence[Closing] = ()

    async def enter(self, principal: Principal, team_id: UUID) -> Principal:
        """The same person acting in one of their teams. Raises ``NotFound`` unless it is; a key stays in its own."""
        if team_id == principal.team_id:
            return principal
        is_free = principal.via is not Via.API_KEY
        role = await store.find_role(self.database.system, team_id, principal.person_id) if is_free else None
        if role is None:
            raise NotFound(*NO_TEAM)
        return replace(principal, team_id=team_id, role=role)

    async def list_mine(self, principal: Principal) -> list[Row]:
        """The personal one first. A key sees its own team alone."""
        found = await store.list_teams_of(self.database.system, principal.person_id)
        is_key = principal.via is Via.API_KEY
        return [team for team in found if not is_key or team["id"] == principal.team_id]

    async def make(self, principal: Principal, name: str, slug: str | None, idempotency_key: str | None) -> Row:
        """A team which the person owns. Raises ``Conflict`` for a short name that is taken."""
        if principal.via in (Via.GUEST, Via.API_KEY):
            raise Denied("Guests and API keys make no teams.", "Sign in with an account of your own.")
        name, wanted = checked_name(name), rules.checked_slug(slug) if slug else None
        async with self.database.system_transaction() as connection:
            # One person at a time, so that their teams can be counted and a key is used once.
            await connection.execute("SELECT FROM people WHERE id = $1 FOR UPDATE", principal.person_id)
            first = await self._first(connection, principal, name, wanted, idempotency_key)
            if first is not None:
                return first
            if len(await store.list_teams_of(connection, principal.person_id)) >= rules.TEAMS_MAX:
                raise LimitReached(f"You are in {rules.TEAMS_MAX} teams, which is as many as one can be in.")
            since = self.clock.now() - rules.TEAMS_MADE_WITHIN
            if await store.count_made_by(connection, principal.person_id, since) >= rules.TEAMS_MADE_MAX:
                raise LimitReached(
                    f"You made {rules.TEAMS_MADE_MAX} teams within a month, with those that were deleted again.",
                    "Go on in one of your teams, or make another when the month is over.",
                )
            ending = secrets.token_hex(_SLUG_ENDING_BYTES)
            team = await store.insert_team(
                connection,
                name,
                wanted or rules.slug_from(name, ending),
                principal.person_id,
                self.clock.now(),
                idempotency_key=idempotency_key,
            )
            if team is None:
                raise _slug_taken(wanted or "")
            told = {"name": name, "slug": team["slug"]}
            await record_by_system(
                connection, Actor.of(principal), "team.made", "team", team["id"], told, team_id=team["id"]
            )
        return team

    async def _first(
        self, connection: asyncpg.Connection, principal: Principal, name: str, slug: str | None, key: str | None
    ) -> Row | None:
        """What this very request made when it came before."""
        team = await store.find_by_key(connection, principal.person_id, key) if key else None
        if team is not None and (team["name"] != name or slug not in (None, team["slug"])):
            raise Conflict("This idempotency key was used for another request.", "Use a new key.")
        return team

    async def get(self, transaction: Transaction, *, holds: bool = False) -> Row:
        """The team of this transaction; ``holds``: nobody else changes it or its members meanwhile."""
        team = await store.find_team(transaction.driver, transaction.team_id, holds=holds)
        if team is None:
            raise NotFound(*NO_TEAM)
        return team

    async def change(
        self,
        transaction: Transaction,
        principal: Principal,
        team: Row,
        *,
        name: str | None = None,
        slug: str | None = None,
        settings: TeamSettings | None = None,
    ) -> Row:
        """What is None stays as it is; ``team`` is the row that is held. Raises ``Conflict`` for another's slug."""
        permit(principal, Action.CHANGE_TEAM)
        new_name = team["name"] if name is None else checked_name(name)
        new_slug = team["slug"] if slug in (None, team["slug"]) else rules.checked_slug(str(slug))
        new_settings = settings_of(team) if settings is None else rules.checked_settings(settings)
        changed: dict[str, object] = {}
        if new_name != team["name"]:
            changed["name"] = new_name
        if new_slug != team["slug"]:
            changed["slug"] = new_slug
        if new_settings != settings_of(team):
            changed["settings"] = encode(new_settings)
        if not changed:
            return team
        if "slug" in changed and team["slug"] == store.LOCAL_SLUG:
            raise Conflict("The short name of this machine's own team stays as it is.")
        try:
            row = await store.update_team(
                transaction.driver,
                team["id"],
                name=new_name,
                slug=new_slug,
                settings=canonical(new_settings).decode(),
            )
        except asyncpg.UniqueViolationError:
            raise _slug_taken(new_slug) from None
        await record(transaction, principal, "team.changed", "team", team["id"], changed)
        return row

    async def close(self, transaction: Transaction, principal: Principal) -> None:
        """Delete the team for all its members. What it was making stops; nobody can enter it any more.

        Raises ``Conflict`` for a personal team, which goes with its person's account; ``NotConfirmed``.
        """
        permit(principal, Action.GIVE_TEAM_AWAY)
        require_confirmed(principal, self.clock.now())
        team = await self.get(transaction, holds=True)
        if team["is_personal"]:
            raise Conflict("A personal team cannot be deleted.", "It goes when its person's account is deleted.")
        for closing in self.closings:
            await closing(transaction, principal)
        await store.close_team(transaction.driver, team["id"], self.clock.now())
        await record(transaction, principal, "team.deleted", "team", team["id"], {"name": team["name"]})


def settings_of(team: Row) -> TeamSettings:
    return decode(TeamSettings, team["settings"], at="settings")


def _slug_taken(slug: str) -> Conflict:
    return Conflict(f"Another team has the short name {slug!r}.", "Try another one.")
