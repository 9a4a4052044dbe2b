"""Passkeys: made, listed, removed, and used to sign in without a password or to show once more that it is them.

A passkey counts as both factors, for the authenticator has to know its person by finger, face or PIN.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Visitor
from overprint.core.problems import Conflict, Denied, LimitReached, NotFound, NotSignedIn
from overprint.features.accounts.rules import checked_name, require_confirmed
from overprint.features.accounts.rules import factors as rules
from overprint.features.accounts.service.ceremonies import Credential, RelyingParty, challenge_in, id_in
from overprint.features.accounts.service.office import Office, Rate, note
from overprint.features.accounts.service.registering import refuse_guest
from overprint.features.accounts.service.second_factors import SecondFactors
from overprint.features.accounts.service.signing_in import Sessions, SignedIn
from overprint.features.accounts.service.tokens import SECRET_BYTES, hash_of, new_secret
from overprint.features.accounts.store import identities, passkeys, people, sessions, tickets

_ASKS = Rate(30, 2)
_SHOWS = Rate(20, 15)
_UNKNOWN = ("This passkey is not known here.", "It may have been removed. Sign in another way.")
_OVER = ("This took too long, or was used before.", "Try once more.")
_COPIED = (
    "This passkey was used elsewhere since, so there may be a copy of it.",
    "Sign in another way, and remove it at /account.",
)


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Use cases of passkeys. ``party`` is None where the house has no name that passkeys could be for.

    ``providers``: who may vouch for people here, by name.
    """

    office: Office
    sessions: Sessions
    factors: SecondFactors
    party: RelyingParty | None
    providers: Collection[str]

    async def list_passkeys(self, person_id: UUID) -> list[dict[str, Any]]:
        """The oldest first."""
        return await passkeys.list_passkeys(self.office.database.system, person_id)

    async def ask_new(self, who: Principal) -> dict[str, Any]:
        """What the browser needs to make one. Raises ``NotConfirmed``, ``LimitReached``."""
        party = self._party()
        await self.factors.require_standing(who)
        person = await people.get_person(self.office.database.system, who.person_id)
        refuse_guest(person)
        have = await self.list_passkeys(who.person_id)
        _refuse_too_many(len(have))
        challenge = await self._challenge("register", who.person_id, _holder_of(who))
        account = person["email"] or person["name"]
        return party.creation_options(challenge, who.person_id, account, person["name"], have)

    async def add(self, who: Principal, name: str, credential: Credential, visitor: Visitor) -> dict[str, Any]:
        """Keep the one that the browser made. Raises ``Denied``, ``Conflict``, ``LimitReached``, ``NotConfirmed``."""
        office, party, name = self.office, self._party(), checked_name(name)
        await self.factors.require_standing(who)
        challenge = challenge_in(credential)
        made = party.read_new(credential, challenge)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            person = await people.get_person(connection, who.person_id, holds=True)
            if not await tickets.use_ticket(connection, _hash_of(challenge), "register", _holder_of(who), now):
                raise Denied(*_OVER)
            _refuse_too_many(await passkeys.count_passkeys(connection, who.person_id))
            ours = (new_id(), who.person_id, made.credential_id, made.public_key, made.sign_count)
            row = await passkeys.add_passkey(connection, *ours, name=name, transports=made.transports, now=now)
            if row is None:
                raise Conflict("This passkey is here already.", "Use it to sign in.")
            await self._tell(connection, person, name, is_added=True)
            await note(connection, visitor, "person.added_passkey", who.person_id, passkey=str(row["id"]))
        office.poke_mail()
        return row

    async def remove(self, who: Principal, passkey_id: UUID, visitor: Visitor) -> None:
        """Raises ``NotConfirmed``, ``NotFound``, ``Conflict`` for the last way in."""
        office, person_id = self.office, who.person_id
        require_confirmed(who, office.clock.now())
        async with office.database.system_transaction() as connection:
            person = await people.get_person(connection, person_id, holds=True)
            name = await passkeys.remove_passkey(connection, passkey_id, person_id)
            if name is None:
                raise NotFound("There is no such passkey.", "GET /api/auth/passkeys lists yours.")
            rules.keep_a_way_in(
                has_password=bool(person["password_hash"]),
                passkeys=await passkeys.count_passkeys(connection, person_id),
                identities=await identities.count_identities(connection, person_id, self.providers),
            )
            await self._tell(connection, person, name, is_added=False)
            await note(connection, visitor, "person.removed_passkey", person_id, passkey=str(passkey_id))
        office.poke_mail()

    async def ask_login(self, visitor: Visitor) -> tuple[dict[str, Any], str]:
        """What the browser needs to sign somebody in, and what only this browser keeps until then."""
        party = self._party()
        await self.office.limit("passkey", visitor.network, _ASKS)
        holder = new_secret()
        return party.request_options(await self._challenge("passkey", None, hash_of(holder))), holder

    async def log_in(self, credential: Credential, holder: str, visitor: Visitor) -> SignedIn:
        """Without a password: the browser showed a passkey. Raises ``NotSignedIn``."""
        office = self.office
        await office.limit("passkey_login", visitor.network, _SHOWS)
        async with office.database.system_transaction() as connection:
            try:
                row = await self._show(connection, "passkey", credential, hash_of(holder), visitor)
            except Denied as problem:
                raise NotSignedIn(problem.message, problem.next_step) from problem
            signed_in: SignedIn | None = None
            if row is not None:
                signed_in = await self.sessions.open(connection, row["person_id"], "passkey", visitor, factors=2)
                at = signed_in.session_id
                await note(connection, visitor, "person.logged_in", row["person_id"], session_id=at, way="passkey")
        if signed_in is None:
            raise NotSignedIn(*_COPIED)
        return signed_in

    async def ask_confirmation(self, who: Principal) -> dict[str, Any]:
        """What the browser needs so that they show once more that it is them. Raises ``NotFound`` without a passkey."""
        party, have = self._party(), await self.list_passkeys(who.person_id)
        if not have:
            raise NotFound("You have no passkey here.", "Give your password.")
        return party.request_options(await self._challenge("confirm", who.person_id, _holder_of(who)), have)

    async def confirm(self, who: Principal, session_id: UUID, credential: Credential, visitor: Visitor) -> None:
        """They showed one of their passkeys; it holds for ten minutes. Raises ``Denied``."""
        office = self.office
        async with office.database.system_transaction() as connection:
            row = await self._show(connection, "confirm", credential, _holder_of(who), visitor)
            if row is not None:
                if row["person_id"] != who.person_id:
                    raise Denied(*_UNKNOWN)
                await sessions.confirm_session(connection, session_id, office.clock.now(), factors=2)
                await note(connection, visitor, "person.confirmed", who.person_id, way="passkey")
        if row is None:
            raise Denied(*_COPIED)

    async def _show(
        self, connection: asyncpg.Connection, purpose: str, credential: Credential, holder: bytes, visitor: Visitor
    ) -> dict[str, Any] | None:
        """The passkey, used just now for a challenge of ours; None when its count says that there is a copy.

        Raises ``Denied``.
        """
        party, challenge, now = self._party(), challenge_in(credential), self.office.clock.now()
        owner = await passkeys.find_owner(connection, id_in(credential))
        if owner is None:
            raise Denied(*_UNKNOWN)
        await people.get_person(connection, owner, holds=True)
        row = await passkeys.hold_passkey(connection, id_in(credential))
        if row is None:
            raise Denied(*_UNKNOWN)
        if not await tickets.use_ticket(connection, _hash_of(challenge), purpose, holder, now):
            raise Denied(*_OVER)
        count = party.read_shown(credential, challenge, row["public_key"], row["person_id"])
        if (count or row["sign_count"]) and count <= row["sign_count"]:
            action, copied = "person.showed_copied_passkey", str(row["id"])
            await note(connection, visitor, action, row["person_id"], passkey=copied)
            return None
        await passkeys.use_passkey(connection, row["id"], count, now)
        return row

    async def _challenge(self, purpose: str, person_id: UUID | None, holder: bytes) -> bytes:
        challenge = secrets.token_bytes(SECRET_BYTES)
        expires_at = self.office.clock.now() + rules.TICKET_LIFETIME
        await tickets.add_ticket(
            self.office.database.system, _hash_of(challenge), purpose, person_id, holder=holder, expires_at=expires_at
        )
        return challenge

    def _party(self) -> RelyingParty:
        if self.party is None:
            raise Denied("Passkeys are for names, and this house has none.", "Set OVERPRINT_WEB_PUBLIC_URL to one.")
        return self.party

    async def _tell(
        self, connection: asyncpg.Connection, person: dict[str, Any], passkey: str, *, is_added: bool
    ) -> None:
        if person["email"]:
            about = {"name": person["name"], "passkey": passkey, "is_added": is_added}
            await self.office.post(connection, "passkey", person["email"], link="/account", **about)


def _holder_of(who: Principal) -> bytes:
    """The session that alone may answer a challenge."""
    return who.session_id.bytes if who.session_id else b"nobody"


def _hash_of(challenge: bytes) -> bytes:
    return hash_of(challenge.hex())


def _refuse_too_many(count: int) -> None:
    if count >= rules.PASSKEYS_MAX:
        raise LimitReached(f"An account has at most {rules.PASSKEYS_MAX} passkeys.", "Remove one first.")
