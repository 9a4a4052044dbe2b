"""What people change about their own account: password, address, name, and whether there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.editions import CheckEdition, any_edition
from overprint.core.principal import Principal, Via, Visitor
from overprint.core.problems import Conflict, Invalid
from overprint.features.accounts import rules
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.office import Office, Rate, in_even_time, note
from overprint.features.accounts.service.proving import Proofs, hold_proven
from overprint.features.accounts.service.registering import refuse_guest
from overprint.features.accounts.service.signing_in import Sessions
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import factors, identities, keys, letters, passkeys, people, sessions, tickets

_BY_ADDRESS = Rate(10, 300)
_BY_EMAIL = Rate(3, 1200)
_OWN = Rate(5, 60)
_DEAD_LINK = ("This link is too old, or was used before.", "Ask for a new one.")


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Use cases of a person and their account. ``providers``: who may vouch for people, as they call them, by name."""

    office: Office
    sessions: Sessions
    proofs: Proofs
    providers: Mapping[str, str]

    async def forget_password(self, email: str, visitor: Visitor) -> None:
        """Send a link to choose a new password, if somebody has the address. The answer is the same if nobody has."""
        office = self.office
        known = normal_email(email)
        await office.limit("forgot", visitor.network, _BY_ADDRESS)
        await office.limit("forgot", known, _BY_EMAIL)
        async with in_even_time(), office.database.system_transaction() as connection:
            person = await people.find_by_email(connection, known)
            if person is not None:
                token, now = new_secret(), office.clock.now()
                expires_at = now + rules.LINK_LIFETIME["reset"]
                await letters.add_link(
                    connection, hash_of(token), "reset", person["id"], known, {}, now=now, expires_at=expires_at
                )
                await office.post(connection, "reset", known, link=f"/reset?token={token}", name=person["name"])
            await note(connection, visitor, "person.forgot_password", person["id"] if person else None)
        office.poke_mail()

    async def reset_password(self, token: str, password: str, visitor: Visitor) -> None:
        """Set the password of whom the link was sent to; all their sessions end. Raises ``Invalid``."""
        office = self.office
        plain = rules.checked_password(password)
        password_hash = await office.passwords.hash(plain)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            link = await letters.find_link(connection, hash_of(token), "reset", now)
            person = await people.get_person(connection, link["person_id"], holds=True) if link else None
            link = await letters.use_link(connection, hash_of(token), "reset", now)
            if link is None or person is None:
                raise Invalid(*_DEAD_LINK, field="token")
            rules.checked_password(password, email=link["email"], name=person["name"])
            await people.change_password(connection, person["id"], password_hash)
            await letters.drop_links(connection, person["id"])
            await tickets.drop_tickets(connection, person["id"])
            await sessions.end_sessions(connection, person["id"], "password", now)
            await self._tell_of_password(connection, person, link["email"])
            await note(connection, visitor, "person.reset_password", person["id"])
        office.poke_mail()

    async def change_password(self, person_id: UUID, old: str, new: str, visitor: Visitor) -> None:
        """All other sessions end. Raises ``Denied`` when ``old`` is wrong, ``NotConfirmed`` as ``Proofs.prove``."""
        office = self.office
        await office.limit("confirm", str(person_id), _OWN)
        person = await self.proofs.prove(person_id, old, visitor)
        plain = rules.checked_password(new, email=person["email"] or "", name=person["name"])
        password_hash = await office.passwords.hash(plain)
        async with office.database.system_transaction() as connection:
            await hold_proven(connection, person)
            await people.change_password(connection, person_id, password_hash)
            await letters.drop_links(connection, person_id)
            await tickets.drop_tickets(connection, person_id)
            await sessions.end_sessions(connection, person_id, "password", office.clock.now(), but=visitor.session_id)
            await self._tell_of_password(connection, person, person["email"])
            await note(connection, visitor, "person.changed_password", person_id)
        office.poke_mail()

    async def _tell_of_password(self, connection: asyncpg.Connection, person: dict[str, Any], email: str) -> None:
        """With what else leads into the account: whoever was not them may have left a way there."""
        keys_there = await passkeys.list_passkeys(connection, person["id"])
        vouching = {row["provider"] for row in await identities.list_identities(connection, person["id"])}
        ways = [f"the passkey “{row['name']}”" for row in keys_there]
        ways += [label for name, label in self.providers.items() if name in vouching]
        await self.office.post(
            connection, "password_changed", email, link="/forgot", name=person["name"], ways=", ".join(ways)
        )

    async def ask_email(self, person_id: UUID, password: str, email: str, visitor: Visitor) -> None:
        """Send a link to the new address. The answer is the same whether somebody has it.

        Raises ``Denied``, ``NotConfirmed``.
        """
        office = self.office
        wanted = normal_email(email)
        await office.limit("confirm", str(person_id), _OWN)
        person = await self.proofs.prove(person_id, password, visitor)
        async with in_even_time(), office.database.system_transaction() as connection:
            await hold_proven(connection, person)
            owner = await people.find_by_email(connection, wanted)
            if owner is None:
                token, now = new_secret(), office.clock.now()
                expires_at = now + rules.LINK_LIFETIME["change"]
                await letters.add_link(
                    connection, hash_of(token), "change", person_id, wanted, {}, now=now, expires_at=expires_at
                )
                await office.post(
                    connection, "change", wanted, language=person["language"], link=f"/verify?token={token}"
                )
            await note(connection, visitor, "person.asked_for_email", person_id)
        office.poke_mail()

    async def change_email(self, token: str, password: str, visitor: Visitor) -> UUID | None:
        """Use the address that a link was sent to, and tell the old one. None when it is no such link.

        ``password`` is the account's: whoever only has the mailbox does not lend it to the account of another. Raises
        ``Denied`` for a wrong one, ``Conflict`` when somebody has taken the address meanwhile, ``TooOften``.
        """
        office, token_hash = self.office, hash_of(token)
        found = await letters.find_link(office.database.system, token_hash, "change", office.clock.now())
        if found is None:
            return None
        person_id: UUID = found["person_id"]
        await office.limit("verify", token_hash.hex(), _OWN)
        person = await self.proofs.prove_once(person_id, password, visitor)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            await hold_proven(connection, person)
            link = await letters.use_link(connection, token_hash, "change", now)
            if link is None:  # another of their links was used at this moment
                raise Invalid(*_DEAD_LINK, field="token")
            try:
                is_changed = await people.change_email(connection, person_id, link["email"], now)
            except asyncpg.UniqueViolationError:  # somebody else confirmed it at this moment
                is_changed = False
            if not is_changed:
                raise Conflict("This address has an account already.", "Use another one.")
            await letters.drop_links(connection, person_id)
            if person["email"]:
                about = {"language": person["language"], "name": person["name"], "email": link["email"]}
                await office.post(connection, "email_changed", person["email"], **about)
            await note(connection, visitor, "person.changed_email", person_id)
        office.poke_mail()
        return person_id

    async def rename(self, person_id: UUID, name: str, visitor: Visitor, check: CheckEdition = any_edition) -> None:
        name = rules.checked_name(name)
        async with self.office.database.system_transaction() as connection:
            check(rules.edition_of_person(await people.get_person(connection, person_id, holds=True)))
            await people.change_name(connection, person_id, name)
            await note(connection, visitor, "person.renamed", person_id)

    async def keep_language(self, who: Principal, language: str) -> None:
        """Pages and mails of theirs speak it from now on; nothing for an API key, which is nobody's browser."""
        if who.via is not Via.API_KEY:
            await people.choose_language(self.office.database.system, who.person_id, language)

    async def get(self, person_id: UUID) -> dict[str, Any]:
        return await people.get_person(self.office.database.system, person_id)

    async def close(self, person_id: UUID, password: str, visitor: Visitor) -> None:
        """Delete the account: name, address, all that signs in, keys, memberships. The personal team goes with it.

        Raises ``Denied`` for a wrong password, ``NotConfirmed``, ``Conflict`` while others need them as the only owner
        of a team.
        """
        office = self.office
        await office.limit("confirm", str(person_id), _OWN)
        person = await self.get(person_id)
        refuse_guest(person)
        await self.proofs.prove(person_id, password, visitor)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            await office.teams.part(connection, person_id)
            await hold_proven(connection, person)
            await keys.revoke_keys_of(connection, person_id, now)
            await letters.drop_links(connection, person_id)
            await tickets.drop_tickets(connection, person_id)
            await factors.end_factor(connection, person_id)
            await passkeys.remove_passkeys(connection, person_id)
            await sessions.end_sessions(connection, person_id, "closed", now)
            await identities.drop_identities(connection, person_id)
            await people.close_person(connection, person_id, now)
            if person["email"]:
                await office.post(
                    connection, "closed", person["email"], language=person["language"], name=person["name"]
                )
            await note(connection, visitor, "person.closed_account", person_id)
        office.poke_mail()
