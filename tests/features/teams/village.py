"""The use cases of teams over a real database, with people who have addresses, and mail that is read at once."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.db.database import Database
from overprint.features.teams.service.invitations import Invitations
from overprint.features.teams.service.members import Members
from overprint.features.teams.service.personal import PersonalTeams
from overprint.features.teams.service.teams import Teams
from tests.support.clock import SetClock


@dataclass
class Village:
    """``mail``: the newest link that each address was sent."""

    database: Database
    clock: SetClock = field(default_factory=SetClock)
    mail: dict[str, str] = field(default_factory=dict)
    closed: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.personal = PersonalTeams(self.clock)
        self.teams = Teams(self.database, self.clock, (self._close,))
        self.members = Members(self.database, self.clock)
        self.invitations = Invitations(self.database, self.clock, self._post, str.lower, lambda: None)

    async def _close(self, transaction: Any, _: Principal) -> None:
        self.closed.append(transaction.team_id)

    async def _post(
        self, connection: asyncpg.Connection, kind: str, recipient: str, *, link: str = "", **values: Any
    ) -> None:
        assert connection.is_in_transaction() and kind == "invitation" and values["team"] and values["inviter"]
        self.mail[recipient] = link.partition("token=")[2]

    async def person(self, name: str) -> Principal:
        """Somebody with an account, signed in just now, in their personal team."""
        person_id, now = new_id(), self.clock.now()
        async with self.database.system_transaction() as connection:
            await connection.execute(
                "INSERT INTO people (id, email, name, verified_at) VALUES ($1, $2, $3, $4)",
                person_id,
                f"{name}@example.org",
                name,
                now,
            )
            team_id = await self.personal.make(connection, person_id, name, is_guest=False)
        return Principal(person_id, team_id, Role.OWNER, via=Via.SESSION, confirmed_at=now + timedelta(days=365))

    async def team(self, owner: Principal, name: str = "Moon Press", slug: str | None = None) -> Principal:
        """The owner in a new team of theirs."""
        made = await self.teams.make(owner, name, slug, None)
        return await self.teams.enter(owner, made["id"])

    async def invite(self, who: Principal, name: str, role: Role = Role.MEMBER) -> str:
        """The link that came by mail."""
        async with self.database.transaction(who.team_id) as transaction:
            await self.invitations.invite(transaction, who, f"{name}@example.org", role)
        return self.mail[f"{name}@example.org"]

    async def join(self, who: Principal, person: Principal, name: str, role: Role = Role.MEMBER) -> Principal:
        """The person in the team that they were invited to."""
        await self.invitations.accept(person, await self.invite(who, name, role))
        return await self.teams.enter(person, who.team_id)

    async def put(self, who: Principal, member: Principal, role: Role) -> None:
        async with self.database.transaction(who.team_id) as transaction:
            await self.members.change_role(transaction, who, member.person_id, role)

    async def remove(self, who: Principal, member: Principal) -> None:
        async with self.database.transaction(who.team_id) as transaction:
            await self.members.remove(transaction, who, member.person_id)

    async def leave(self, who: Principal) -> None:
        async with self.database.transaction(who.team_id) as transaction:
            await self.members.leave(transaction, who)

    async def transfer(self, who: Principal, to: Principal) -> None:
        async with self.database.transaction(who.team_id) as transaction:
            await self.members.transfer(transaction, who, to.person_id)

    async def close(self, who: Principal) -> None:
        async with self.database.transaction(who.team_id) as transaction:
            await self.teams.close(transaction, who)

    async def roles(self, team_id: UUID) -> dict[UUID, Role]:
        rows = await self.database.system.fetch("SELECT person_id, role FROM memberships WHERE team_id = $1", team_id)
        return {row["person_id"]: Role(row["role"]) for row in rows}

    async def audited(self, team_id: UUID) -> list[str]:
        query = "SELECT action FROM audit_log WHERE team_id = $1 ORDER BY seq"
        return [row["action"] for row in await self.database.system.fetch(query, team_id)]
