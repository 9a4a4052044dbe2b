"""What whoever runs the house does for people, from its command line."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.principal import Via
from overprint.core.problems import NotFound
from overprint.db.database import Database
from overprint.features.accounts import rules
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.letters import Letters
from overprint.features.accounts.service.office import PersonalTeams
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import factors, letters, passkeys, people, sessions, tickets
from overprint.features.audit import Actor, record_by_system

PEOPLE_MAX = 1000


@dataclass(frozen=True, slots=True)
class Admission:
    """Who it is. ``link``: where somebody new chooses their password, within the hour."""

    person_id: UUID
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Admissions:
    """``site`` is our address."""

    database: Database
    clock: Clock
    teams: PersonalTeams
    site: str

    async def list_people(self, limit: int) -> list[dict[str, Any]]:
        """The newest first."""
        return await people.list_people(self.database.system, min(limit, PEOPLE_MAX))

    async def set_site_admin(self, email: str, *, is_admin: bool) -> Admission:
        """Who has this address is a site admin from now on, or is none any more. Raises ``Invalid``, ``NotFound``.

        Nobody has it: then a new admin is made, which is how a house for the invited begins.
        """
        known = normal_email(email)
        async with self.database.system_transaction() as connection:
            person_id = await people.set_site_admin(connection, known, is_admin)
            link = ""
            if person_id is None:
                if not is_admin:
                    raise NotFound(f"Nobody has the address {known}.", "`overprint people list` shows who is here.")
                now, name = self.clock.now(), known.partition("@")[0]
                person_id = await people.add_person(connection, email=known, name=name, password_hash=None, now=now)
                assert person_id is not None  # nobody had the address a statement ago, or the transaction fails
                await people.set_site_admin(connection, known, True)
                await self.teams.make(connection, person_id, name, is_guest=False)
                link = await self._link(connection, person_id, known)
            action = "person.made_site_admin" if is_admin else "person.no_site_admin_any_more"
            await record_by_system(connection, Actor(None, Via.LOCAL), action, "person", person_id)
        return Admission(person_id, link)

    async def unlock(self, email: str) -> Admission:
        """For who lost their phone and their recovery codes: neither a code nor a passkey is asked for any more.

        All their sessions end, and a mail tells them. Raises ``Invalid``, ``NotFound``.
        """
        known = normal_email(email)
        async with self.database.system_transaction() as connection:
            person = await people.find_by_email(connection, known)
            if person is None:
                raise NotFound(f"Nobody has the address {known}.", "`overprint people list` shows who is here.")
            person_id, now = person["id"], self.clock.now()
            await people.get_person(connection, person_id, holds=True)
            await factors.end_factor(connection, person_id)
            await passkeys.remove_passkeys(connection, person_id)
            await tickets.drop_tickets(connection, person_id)
            await sessions.end_sessions(connection, person_id, "revoked", now)
            link = "" if person["password_hash"] else await self._link(connection, person_id, known)
            mail = Letters(self.site).write("unlocked", known, link="/account", name=person["name"])
            await letters.post(connection, "unlocked", mail, now)
            await record_by_system(connection, Actor(None, Via.LOCAL), "person.unlocked", "person", person_id)
        return Admission(person_id, link)

    async def _link(self, connection: asyncpg.Connection, person_id: UUID, email: str) -> str:
        """Where they choose a password, within the hour."""
        now, token = self.clock.now(), new_secret()
        until = now + rules.LINK_LIFETIME["reset"]
        await letters.add_link(connection, hash_of(token), "reset", person_id, email, {}, now=now, expires_at=until)
        return f"{self.site}/reset?token={token}"
