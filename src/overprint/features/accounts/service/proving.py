"""Showing once more that it is them: before what can do harm, whoever is signed in already."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.principal import Visitor
from overprint.core.problems import Denied, Invalid, NotConfirmed
from overprint.features.accounts import rules
from overprint.features.accounts.service.codes import limit_codes, use_code
from overprint.features.accounts.service.office import Office, Rate, note
from overprint.features.accounts.store import factors, passkeys, people, sessions

_OWN = Rate(5, 60)
NO_PASSWORD = ("Your account has no password.", "Use a passkey, or your provider: /confirm leads there.")


@dataclass(frozen=True, slots=True)
class Proofs:
    """Use cases of people who are signed in."""

    office: Office

    async def confirm(
        self, session_id: UUID, person_id: UUID, password: str, visitor: Visitor, *, code: str = ""
    ) -> None:
        """By the password, and by a code where there is a second factor; it holds for ten minutes.

        Raises ``Denied`` for a wrong one, ``Invalid`` for a missing code, ``TooOften``.
        """
        office = self.office
        await office.limit("confirm", str(person_id), _OWN)
        person = await self._by_password(person_id, password)
        wants_code = await factors.has_factor(office.database.system, person_id)
        if wants_code:
            if not code:
                raise Invalid("Your account wants a code too.", "Open the app that makes them.", field="code")
            await limit_codes(office, person_id, visitor)
        elif await self._wants_passkey(person):
            raise Denied("Whoever runs this house shows two things.", "Use your passkey in place of the password.")
        async with office.database.system_transaction() as connection:
            await hold_proven(connection, person)
            if await factors.has_factor(connection, person_id) != wants_code:
                raise Denied("Your second factor was changed a moment ago.", "Try once more.")
            is_right = not wants_code or await use_code(office, connection, person, code, visitor)
            if is_right:
                await sessions.confirm_session(connection, session_id, office.clock.now(), factors=1 + wants_code)
            await note(connection, visitor, "person.confirmed" if is_right else "person.code_failed", person_id)
        office.poke_mail()
        if not is_right:
            raise Denied(*WRONG_CODE)

    async def prove(self, person_id: UUID, password: str, visitor: Visitor) -> dict[str, Any]:
        """The person, who this is: by the password where that is all that they have, else by a confirmed session.

        Raises ``Denied`` for a wrong password, ``NotConfirmed``.
        """
        person = await people.get_person(self.office.database.system, person_id)
        if not person["password_hash"] or await factors.has_factor(self.office.database.system, person_id):
            await self._require_confirmed(person_id, visitor)
        return await self._by_password(person_id, password) if person["password_hash"] else person

    async def prove_once(self, person_id: UUID, password: str, visitor: Visitor) -> dict[str, Any]:
        """The same where a second factor was asked for already: the password alone, if there is one."""
        person = await people.get_person(self.office.database.system, person_id)
        if person["password_hash"]:
            return await self._by_password(person_id, password)
        await self._require_confirmed(person_id, visitor)
        return person

    async def _require_confirmed(self, person_id: UUID, visitor: Visitor) -> None:
        database, now = self.office.database.system, self.office.clock.now()
        session_id = visitor.session_id
        confirmed_at = await sessions.find_confirmed_at(database, session_id, person_id) if session_id else None
        if confirmed_at is None or now - confirmed_at > rules.CONFIRMED_FOR:
            raise NotConfirmed("Please show once more that it is you.", "Go to /confirm, then try again.")

    async def _by_password(self, person_id: UUID, password: str) -> dict[str, Any]:
        person = await people.get_person(self.office.database.system, person_id)
        if not await self.office.passwords.verify(password, person["password_hash"]):
            if not person["password_hash"]:
                raise Denied(*NO_PASSWORD)
            raise Denied("This is not your password.", "Type it once more.")
        return person

    async def _wants_passkey(self, person: dict[str, Any]) -> bool:
        """Whether the password would not do, as they are a site admin and have passkeys."""
        if not (person["is_site_admin"] and self.office.admin_second_factor):
            return False
        return await passkeys.count_passkeys(self.office.database.system, person["id"]) > 0


WRONG_CODE = ("This code is not good, or was used before.", "Wait for the app's next one, or use a recovery code.")


async def hold_proven(connection: asyncpg.Connection, person: dict[str, Any]) -> None:
    """Nobody changes it before this transaction ends. Raises ``Denied`` if somebody did since they were proven.

    Who resets a password so shuts out what was on its way with the old one.
    """
    held = await people.get_person(connection, person["id"], holds=True)
    if held["password_hash"] != person["password_hash"]:
        raise Denied("Your password was changed a moment ago.", "Sign in with the new one.")
