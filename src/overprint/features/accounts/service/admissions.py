"""What whoever runs the house does for people, from its command line."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from overprint.core.clock import Clock
from overprint.core.principal import Via
from overprint.core.problems import NotFound
from overprint.db.database import Database
from overprint.features.accounts import rules
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.office import PersonalTeams
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import letters, people
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
                now, token, name = self.clock.now(), new_secret(), known.partition("@")[0]
                person_id = await people.add_person(connection, email=known, name=name, password_hash=None, now=now)
                assert person_id is not None  # nobody had the address a statement ago, or the transaction fails
                await people.set_site_admin(connection, known, True)
                await self.teams.make(connection, person_id, name, is_guest=False)
                until = now + rules.LINK_LIFETIME["reset"]
                await letters.add_link(
                    connection, hash_of(token), "reset", person_id, known, {}, now=now, expires_at=until
                )
                link = f"{self.site}/reset?token={token}"
            action = "person.made_site_admin" if is_admin else "person.no_site_admin_any_more"
            await record_by_system(connection, Actor(None, Via.LOCAL), action, "person", person_id)
        return Admission(person_id, link)
