"""The personal team of everybody, for the accounts room below: ``wiring`` hands it down. Each call joins the
transaction of the system role in which the person is made, registers or leaves."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.principal import Role
from overprint.core.problems import Conflict
from overprint.features.audit import record_by_system
from overprint.features.teams import rules, store

_SLUG_ENDING_BYTES = 5


@dataclass(frozen=True, slots=True)
class PersonalTeams:
    clock: Clock

    async def make(self, connection: asyncpg.Connection, person_id: UUID, name: str, *, is_guest: bool) -> UUID:
        """A team of one, which the person owns. ``is_guest``: its slug does not tell their name."""
        slug = rules.slug_from("guest" if is_guest else name, secrets.token_hex(_SLUG_ENDING_BYTES))
        team = await store.insert_team(connection, name, slug, person_id, self.clock.now(), is_personal=True)
        assert team is not None  # the slug ends in forty random bits
        team_id: UUID = team["id"]
        told = {"is_personal": True}  # and no name: the log outlives the account
        await record_by_system(connection, None, "team.made", "team", team_id, told, team_id=team_id)
        return team_id

    async def settle(self, connection: asyncpg.Connection, person_id: UUID, name: str) -> UUID:
        """The guest whose team it is has registered: it is called as they are. Answers which team it is."""
        return await store.rename_personal_team(connection, person_id, name)

    async def part(self, connection: asyncpg.Connection, person_id: UUID) -> None:
        """They leave all teams for good, and their personal team is closed.

        Raises ``Conflict`` while they are the only owner of a team that others are in, and as ``before_closing`` does;
        one that they are alone in is closed with them.
        """
        now = self.clock.now()
        for team in sorted(await store.list_teams_of(connection, person_id), key=lambda row: row["id"]):
            team_id = team["id"]
            if await store.find_team(connection, team_id, holds=True) is None:
                continue
            role = await store.find_member(connection, team_id, person_id)
            members, owners = await store.count_members(connection, team_id)
            if team["is_personal"] or members == 1:
                await self.before_closing(connection, team_id)
                await store.close_team(connection, team_id, now)
                told = {} if team["is_personal"] else {"name": team["name"]}
                await record_by_system(connection, None, "team.deleted", "team", team_id, told, team_id=team_id)
                continue
            if role is Role.OWNER and owners == 1:
                raise Conflict(
                    f"You are the only owner of {team['name']!r}, which others are in.",
                    "Make somebody else its owner, or delete it, then close your account.",
                )
            await store.remove_member(connection, team_id, person_id)
            await store.withdraw_invitations_by(connection, team_id, person_id, now)
            await record_by_system(connection, None, "member.left", "person", person_id, team_id=team_id)

    async def before_closing(self, connection: asyncpg.Connection, team_id: UUID) -> None:
        """What the rooms above have to say to a team that is closed with its person. Raises ``Conflict``."""

    async def is_invited(self, connection: asyncpg.Connection, email: str) -> bool:
        """Whether an invitation to this address is open."""
        return await store.is_invited(connection, email, self.clock.now())
