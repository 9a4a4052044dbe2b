"""What whoever runs the house does for people: by addresses from its command line, by ids from its pages."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.principal import Via
from overprint.core.problems import Conflict, NotFound
from overprint.db.database import Database
from overprint.features.accounts import rules
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.letters import Letters
from overprint.features.accounts.service.office import PersonalTeams
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import factors, letters, passkeys, people, sessions, tickets
from overprint.features.audit import Actor, record_by_system

PEOPLE_MAX = 1000
_NOBODY = ("There is nobody here of this id.", "Look for them among all people.")


@dataclass(frozen=True, slots=True)
class Admission:
    """Who it is. ``link``: where somebody new chooses their password, within the hour."""

    person_id: UUID
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Admissions:
    """``site`` is our address, ``brand`` what the house is called."""

    database: Database
    clock: Clock
    teams: PersonalTeams
    site: str
    brand: str = "Overprint"

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
            person_id = person["id"]
            await self._take_factors(connection, await people.get_person(connection, person_id, holds=True))
            link = "" if person["password_hash"] else await self._link(connection, person_id, known)
            await record_by_system(connection, Actor(None, Via.LOCAL), "person.unlocked", "person", person_id)
        return Admission(person_id, link)

    async def search(self, words: str, *, limit: int, before: UUID | None = None) -> list[dict[str, Any]]:
        """Who has ``words`` in their name or address, the newest first."""
        limit = max(1, min(limit, PEOPLE_MAX))
        return await people.search_people(self.database.system, words, self.clock.now(), limit=limit, before=before)

    async def get(self, person_id: UUID) -> dict[str, Any]:
        """The person as ``search`` finds them, with their ``teams``. Raises ``NotFound``."""
        pool = self.database.system
        found = await people.search_people(pool, "", self.clock.now(), limit=1, only=person_id)
        if not found:
            raise NotFound(*_NOBODY)
        return {**found[0], "teams": await people.list_teams(pool, person_id)}

    async def appoint(self, person_id: UUID, *, is_admin: bool, by: Actor, reason: str) -> None:
        """They are a site admin from now on, or none any more. Raises ``Conflict``, ``NotFound``."""
        _refuse_oneself(by, person_id)
        async with self.database.system_transaction() as connection:
            if not await people.appoint(connection, person_id, is_admin):
                raise NotFound("Nobody who is registered here has this id.", "Guests register first.")
            action = "person.made_site_admin" if is_admin else "person.no_site_admin_any_more"
            await record_by_system(connection, by, action, "person", person_id, {"reason": reason})

    async def unlock_person(self, person_id: UUID, *, by: Actor, reason: str) -> None:
        """As ``unlock``, but who has no password asks for a link themselves: nobody else is shown one. Raises
        ``Conflict``, ``NotFound``."""
        _refuse_oneself(by, person_id)
        async with self.database.system_transaction() as connection:
            await self._take_factors(connection, await self._held(connection, person_id))
            await record_by_system(connection, by, "person.unlocked", "person", person_id, {"reason": reason})

    async def end_sessions(self, person_id: UUID, *, by: Actor, reason: str) -> None:
        """They are signed out everywhere, but not where ``by`` does this. Raises ``NotFound``."""
        async with self.database.system_transaction() as connection:
            await self._held(connection, person_id)
            await sessions.end_sessions(connection, person_id, "revoked", self.clock.now(), but=by.session_id)
            await record_by_system(connection, by, "person.signed_out", "person", person_id, {"reason": reason})

    async def _held(self, connection: asyncpg.Connection, person_id: UUID) -> dict[str, Any]:
        """Who is still here, so that nobody else changes them meanwhile."""
        person = await people.find_here(connection, person_id)
        if person is None:
            raise NotFound(*_NOBODY)
        return person

    async def _take_factors(self, connection: asyncpg.Connection, person: dict[str, Any]) -> None:
        """Nothing but the password is asked for any more; all sessions end, and a mail tells them."""
        person_id, now = person["id"], self.clock.now()
        await factors.end_factor(connection, person_id)
        await passkeys.remove_passkeys(connection, person_id)
        await tickets.drop_tickets(connection, person_id)
        await sessions.end_sessions(connection, person_id, "revoked", now)
        if person["email"]:
            mail = Letters(self.site, (), self.brand).write(
                "unlocked", person["email"], language=person["language"], link="/account", name=person["name"]
            )
            await letters.post(connection, "unlocked", mail, now)

    async def _link(self, connection: asyncpg.Connection, person_id: UUID, email: str) -> str:
        """Where they choose a password, within the hour."""
        now, token = self.clock.now(), new_secret()
        until = now + rules.LINK_LIFETIME["reset"]
        await letters.add_link(connection, hash_of(token), "reset", person_id, email, {}, now=now, expires_at=until)
        return f"{self.site}/reset?token={token}"


def _refuse_oneself(by: Actor, person_id: UUID) -> None:
    """Raises ``Conflict``: nobody locks themselves out, or takes their own second factor away."""
    if by.person_id == person_id:
        raise Conflict("Nobody does this to themselves.", "Ask another site admin, or use `overprint people`.")
