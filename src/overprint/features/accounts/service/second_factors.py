"""The second factor: an app that makes codes, set up, used and turned off, and the recovery codes beside it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pyotp

from overprint.core.principal import Principal, Visitor
from overprint.core.problems import Conflict, Invalid, NotFound, NotSignedIn
from overprint.features.accounts.rules import TOKEN_MAX_CHARACTERS, require_confirmed, require_fresh
from overprint.features.accounts.rules import factors as rules
from overprint.features.accounts.service.codes import (
    find_step,
    hashes_of,
    limit_codes,
    new_recovery_codes,
    open_secret,
    use_code,
)
from overprint.features.accounts.service.office import Office, note
from overprint.features.accounts.service.proving import WRONG_CODE
from overprint.features.accounts.service.registering import refuse_guest
from overprint.features.accounts.service.signing_in import Sessions, SignedIn
from overprint.features.accounts.service.tokens import hash_of
from overprint.features.accounts.store import factors, passkeys, people, sessions, tickets

SETUP_LIFETIME = timedelta(hours=1)
_OVER = ("This took too long, or was used before.", "Sign in once more.")
_NONE = ("Your account has no second factor.", "Set one up at /account.")


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app needs to make codes: ``secret`` to type, or ``uri`` as a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody can show."""

    password: bool
    code: bool
    passkeys: int

    @property
    def two(self) -> bool:
        """Whether that can be two factors."""
        return self.code or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Use cases of second factors."""

    office: Office
    sessions: Sessions

    async def get(self, person_id: UUID) -> dict[str, Any]:
        """Since when there is one, if there is, and how many recovery codes are left."""
        database = self.office.database.system
        row = await factors.find_factor(database, person_id)
        left = await factors.count_recovery_codes(database, person_id)
        since = row["confirmed_at"] if row else None
        return {"is_on": since is not None, "since": since, "recovery_codes_left": left}

    async def begin(self, who: Principal, visitor: Visitor) -> Setup:
        """Make a secret, which counts once a code of it was shown. Raises ``NotConfirmed``, ``Conflict``."""
        office = self.office
        await self.require_standing(who)
        secret = pyotp.random_base32()
        sealed = office.seals.seal(secret, who.person_id)
        async with office.database.system_transaction() as connection:
            person = await people.get_person(connection, who.person_id, holds=True)
            refuse_guest(person)
            if not await factors.begin_factor(
                connection, who.person_id, sealed.data, sealed.key_id, office.clock.now()
            ):
                raise Conflict("Your account has a second factor already.", "Turn it off before you set up another.")
            await note(connection, visitor, "person.began_second_factor", who.person_id)
        return _setup(secret, person, self.office.letters.brand)

    async def resume(self, who: Principal) -> Setup:
        """The same secret once more, after a wrong code. Raises ``NotFound``, ``NotConfirmed``."""
        await self.require_standing(who)
        row = self._refuse_old(await factors.find_factor(self.office.database.system, who.person_id))
        person = await people.get_person(self.office.database.system, who.person_id)
        return _setup(open_secret(self.office, row), person, self.office.letters.brand)

    async def turn_on(self, who: Principal, code: str, visitor: Visitor) -> list[str]:
        """From now on it counts. Answers the recovery codes, this once. Raises ``Invalid`` for a wrong code."""
        office, person_id = self.office, who.person_id
        await self.require_standing(who)
        await limit_codes(office, person_id, visitor)
        recovery = new_recovery_codes()
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            person = await people.get_person(connection, person_id, holds=True)
            row = self._refuse_old(await factors.find_factor(connection, person_id))
            step = find_step(open_secret(office, row), rules.bare_code(code), now, row["last_step"])
            if step is None:
                raise Invalid(*WRONG_CODE, field="code")
            await factors.confirm_factor(connection, person_id, step, now)
            await factors.replace_recovery_codes(connection, person_id, hashes_of(recovery))
            await tickets.drop_tickets(connection, person_id)
            await sessions.forget_confirmations(connection, person_id, but=visitor.session_id)
            if visitor.session_id is not None:
                await sessions.confirm_session(connection, visitor.session_id, now, factors=2)
            await self._tell(connection, person, is_on=True)
            await note(connection, visitor, "person.second_factor_on", person_id)
        office.poke_mail()
        return recovery

    async def turn_off(self, who: Principal, visitor: Visitor) -> None:
        """Only what else signs them in counts from now on. Raises ``NotConfirmed``, ``NotFound``."""
        office = self.office
        require_confirmed(who, office.clock.now())
        async with office.database.system_transaction() as connection:
            person = await people.get_person(connection, who.person_id, holds=True)
            if not await factors.end_factor(connection, who.person_id):
                raise NotFound(*_NONE)
            await tickets.drop_tickets(connection, who.person_id)
            await self._tell(connection, person, is_on=False)
            await note(connection, visitor, "person.second_factor_off", who.person_id)
        office.poke_mail()

    async def renew_recovery_codes(self, who: Principal, visitor: Visitor) -> list[str]:
        """New ones, shown this once; those from before are good for nothing. Raises ``NotConfirmed``, ``NotFound``."""
        require_confirmed(who, self.office.clock.now())
        recovery = new_recovery_codes()
        async with self.office.database.system_transaction() as connection:
            person = await people.get_person(connection, who.person_id, holds=True)
            if not await factors.has_factor(connection, who.person_id):
                raise NotFound(*_NONE)
            await factors.replace_recovery_codes(connection, who.person_id, hashes_of(recovery))
            if person["email"]:
                await self.office.post(
                    connection, "recovery_codes_renewed", person["email"], link="/account", name=person["name"]
                )
            await note(connection, visitor, "person.renewed_recovery_codes", who.person_id)
        self.office.poke_mail()
        return recovery

    async def log_in(self, ticket: str, code: str, visitor: Visitor) -> SignedIn:
        """The second step of signing in. After a wrong code the ticket is still good. Raises ``NotSignedIn``."""
        office, ticket_hash = self.office, hash_of(ticket[:TOKEN_MAX_CHARACTERS])
        found = await tickets.find_ticket(office.database.system, ticket_hash, "code", office.clock.now())
        if found is None:
            raise NotSignedIn(*_OVER)
        await limit_codes(office, found["person_id"], visitor)
        signed_in: SignedIn | None = None
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            person = await people.get_person(connection, found["person_id"], holds=True)
            if await tickets.find_ticket(connection, ticket_hash, "code", now) is None:
                raise NotSignedIn(*_OVER)
            if await use_code(office, connection, person, code, visitor):
                await tickets.use_ticket(connection, ticket_hash, "code", b"", now)
                signed_in = await self.sessions.open(connection, person["id"], found["way"], visitor, factors=2)
            action = "person.logged_in" if signed_in else "person.code_failed"
            session_id = signed_in.session_id if signed_in else None
            await note(connection, visitor, action, person["id"], session_id=session_id, way=found["way"])
        office.poke_mail()
        if signed_in is None:
            raise NotSignedIn(*WRONG_CODE)
        return signed_in

    async def ways_of(self, person_id: UUID) -> Ways:
        """What this person can show."""
        database = self.office.database.system
        person = await people.get_person(database, person_id)
        has_factor = await factors.has_factor(database, person_id)
        return Ways(bool(person["password_hash"]), has_factor, await passkeys.count_passkeys(database, person_id))

    async def is_missing(self, who: Principal) -> bool:
        """Whether they run this house, it wants them to show two things, and they have but one."""
        return who.lacks_factor and not (await self.ways_of(who.person_id)).two

    async def require_standing(self, who: Principal) -> None:
        """Whoever adds what proves who they are has just proven it, by two factors if they have them.

        Raises ``NotConfirmed``.
        """
        has_two = (await self.ways_of(who.person_id)).two
        (require_confirmed if has_two else require_fresh)(who, self.office.clock.now())

    def _refuse_old(self, row: dict[str, Any] | None) -> dict[str, Any]:
        """What is being set up. Raises ``NotFound`` when that is nothing, or counts already, or was long ago."""
        is_open = row is not None and row["confirmed_at"] is None
        if row is None or not is_open or self.office.clock.now() - row["made_at"] > SETUP_LIFETIME:
            raise NotFound("No second factor is being set up.", "Begin once more at /account.")
        return row

    async def _tell(self, connection: asyncpg.Connection, person: dict[str, Any], *, is_on: bool) -> None:
        if person["email"]:
            about = {"name": person["name"], "is_on": is_on}
            await self.office.post(connection, "second_factor", person["email"], link="/account", **about)


def _setup(secret: str, person: dict[str, Any], brand: str) -> Setup:
    maker = pyotp.TOTP(secret, digits=rules.CODE_DIGITS, interval=rules.STEP_SECONDS)
    return Setup(secret, maker.provisioning_uri(name=person["email"] or person["name"], issuer_name=brand))
