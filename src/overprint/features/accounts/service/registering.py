"""Opening an account: asked for by anybody, made when the address is confirmed. Until then there is no person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.principal import Visitor
from overprint.core.problems import Conflict, Denied, Invalid
from overprint.features.accounts import rules
from overprint.features.accounts.rules import Mode
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.office import Office, Rate, in_even_time, note
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import letters, people, sessions

_BY_ADDRESS = Rate(10, 300)
_BY_EMAIL = Rate(3, 1200)
_BY_LINK = Rate(5, 60)
_DEAD_LINK = ("This link is too old, or was used before.", "Register once more.")
_TAKEN = ("This address has an account already.", "Sign in with it at /login.")


@dataclass(frozen=True, slots=True)
class Registrations:
    """Use cases of opening an account."""

    office: Office

    async def register(
        self, email: str, password: str, name: str, visitor: Visitor, *, guest_id: UUID | None = None
    ) -> None:
        """Send a link that confirms the address. The answer is the same whether somebody has the address or not.

        ``guest_id``: who asks, if they are here as a guest; what they made stays theirs. Raises ``Invalid``,
        ``TooOften``.
        """
        office = self.office
        known = normal_email(email)
        name = rules.checked_name(name)
        plain = rules.checked_password(password, email=known, name=name)
        await office.limit("register", visitor.network, _BY_ADDRESS)
        await office.limit("register", known, _BY_EMAIL)
        detail = {"name": name, "password_hash": await office.passwords.hash(plain), "language": visitor.language}
        if guest_id is not None:
            detail["guest_id"] = str(guest_id)
        async with in_even_time(), office.database.system_transaction() as connection:
            await self._answer(connection, known, detail)
            await note(connection, visitor, "person.asked_to_register", guest_id)
        office.poke_mail()

    async def opens_account(self, token: str) -> bool:
        """Whether the link of this token is one to a new account, and still good."""
        database, now = self.office.database, self.office.clock.now()
        return await letters.find_link(database.system, hash_of(token), "register", now) is not None

    async def verify(
        self, token: str, password: str, visitor: Visitor, *, is_new: bool = False, guest_id: UUID | None = None
    ) -> UUID:
        """Make the account that a confirmed address stands for, with a password that who has the mailbox knows.

        Whoever asked for the account may be another. So ``password`` is the one that was chosen then or, if it
        ``is_new``, replaces it; what the guest made who asked is then theirs only if they are that guest (``guest_id``:
        who is here as one). Other sessions of the guest end. Raises ``Invalid`` for a link that leads nowhere and for a
        new password that cannot be, ``Denied`` for a wrong one, after which the link is still good, ``TooOften``.
        """
        office, token_hash = self.office, hash_of(token)
        found = await letters.find_link(office.database.system, token_hash, "register", office.clock.now())
        if found is None:
            raise Invalid(*_DEAD_LINK, field="token")
        await office.limit("verify", token_hash.hex(), _BY_LINK)
        said = await self._said_with(found, password, is_new=is_new, guest_id=guest_id)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            link = await letters.use_link(connection, token_hash, "register", now)
            if link is None:
                raise Invalid(*_DEAD_LINK, field="token")
            person_id = await self.make(connection, link["email"], said)
            await sessions.end_sessions(connection, person_id, "registered", now, but=visitor.session_id)
            await note(connection, visitor, "person.registered", person_id)
        return person_id

    async def _answer(self, connection: asyncpg.Connection, email: str, detail: dict[str, Any]) -> None:
        """The one mail that the owner of the address gets."""
        office = self.office
        known = await people.find_by_email(connection, email)
        if known is not None:
            await office.post(connection, "registered_already", email, link="/login", name=known["name"])
            return
        if office.mode is Mode.INVITED and not await office.teams.is_invited(connection, email):
            return  # nobody learns by an answer who is invited
        token, now = new_secret(), office.clock.now()
        lifetime = rules.LINK_LIFETIME["register"]
        await letters.add_link(
            connection, hash_of(token), "register", None, email, detail, now=now, expires_at=now + lifetime
        )
        await office.post(connection, "register", email, language=detail["language"], link=f"/verify?token={token}")

    async def _said_with(
        self, link: dict[str, Any], password: str, *, is_new: bool, guest_id: UUID | None
    ) -> dict[str, Any]:
        """What was said at registering, as far as it holds for who shows this password."""
        said, passwords = dict(link["detail"]), self.office.passwords
        if not is_new:
            if not await passwords.verify(password, said["password_hash"]):
                raise Denied(
                    "This is not the password that was chosen at registering.",
                    "Type it once more. If you chose none or forgot it, choose a new one.",
                )
            return said
        plain = rules.checked_password(password, email=link["email"], name=said["name"])
        if guest_id is None or said.get("guest_id") != str(guest_id):
            said.pop("guest_id", None)
        return {**said, "password_hash": await passwords.hash(plain)}

    async def make(self, connection: asyncpg.Connection, email: str, said: dict[str, Any]) -> UUID:
        """The person, whose address this is: the guest that they were, or a new one. Raises ``Conflict``."""
        now = self.office.clock.now()
        if await people.find_by_email(connection, email) is not None:
            raise Conflict(*_TAKEN)
        about = {"email": email, "name": said["name"], "password_hash": said["password_hash"], "now": now}
        about["language"] = said.get("language", "")
        if "guest_id" in said:
            try:
                settled = await people.settle_guest(connection, UUID(said["guest_id"]), **about)
            except asyncpg.UniqueViolationError:  # another link to this address was opened at this moment
                raise Conflict(*_TAKEN) from None
            if settled is not None:
                await self.office.teams.settle(connection, settled, said["name"])
                return settled
        person_id = await people.add_person(connection, **about)
        if person_id is None:
            raise Conflict(*_TAKEN)
        await self.office.teams.make(connection, person_id, said["name"], is_guest=False)
        return person_id


def refuse_guest(person: dict[str, Any]) -> None:
    """Raises ``Denied`` for a guest, who has no address and no password to change."""
    if person["is_guest"]:
        raise Denied("Guests have no account yet.", "Register first; what you made stays yours.")
