"""Signing in and out, and staying signed in: sessions and the family of refresh tokens that each of them is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.core.principal import Via, Visitor
from overprint.core.problems import Denied, Invalid, NotFound, NotSignedIn
from overprint.features.accounts import rules
from overprint.features.accounts.rules import Mode, Verdict
from overprint.features.accounts.rules.factors import TICKET_LIFETIME
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.office import Office, Rate, note
from overprint.features.accounts.service.proving import hold_proven
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import factors, people, sessions, tickets

_BY_ADDRESS = Rate(20, 15)
_BY_ACCOUNT_HERE = Rate(5, 60)
_BY_ACCOUNT = Rate(50, 60)
_GUESTS = Rate(3, 3600)
_WRONG = "The address or the password is wrong, or the address is not confirmed yet."
_OVER = "You are not signed in any more."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What shows from now on who somebody is. ``expires_at`` is the refresh token's."""

    person_id: UUID
    session_id: UUID
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """They showed one thing, and their account wants two. ``ticket``: good once, with a code, for this person alone."""

    ticket: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """Use cases of sessions."""

    office: Office

    async def log_in(self, email: str, password: str, visitor: Visitor) -> SignedIn | Asked:
        """By address and password, and the code that may be asked for then.

        Raises ``NotSignedIn`` in the same words and the same time whatever is wrong.
        """
        office = self.office
        try:
            known = normal_email(email)
        except Invalid:
            known = "nobody"
        await office.limit("login", visitor.network, _BY_ADDRESS)
        await office.limit("login", f"{known}@{visitor.network}", _BY_ACCOUNT_HERE)
        await office.limit("login", known, _BY_ACCOUNT)
        person = await people.find_by_email(office.database.system, known)
        if not await office.passwords.verify(password, person["password_hash"] if person else None):
            await self._note_failure(visitor, person)
            raise NotSignedIn(_WRONG, "Check both, or choose a new password at /forgot.")
        assert person is not None  # or no password would have been right
        return await self._enter(person, password, visitor)

    async def start_as_guest(self, visitor: Visitor) -> SignedIn:
        """A guest with a team of their own. Raises ``Denied`` where there are none, ``TooOften``."""
        office = self.office
        if office.mode is not Mode.OPEN:
            raise Denied("Nobody can try this house without an account.", "Ask whoever runs it for an invitation.")
        await office.limit("guest", visitor.network, _GUESTS)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            person_id = await people.add_person(
                connection, email=None, name="Guest", password_hash=None, now=now, is_guest=True
            )
            assert person_id is not None  # without an address there is no other who has it
            await office.teams.make(connection, person_id, "Guest", is_guest=True)
            signed_in = await self.open(connection, person_id, "guest", visitor)
            await note(connection, visitor, "person.came_as_guest", person_id, via=Via.GUEST)
        return signed_in

    async def admit(
        self, connection: asyncpg.Connection, person_id: UUID, way: str, visitor: Visitor, *, is_fresh: bool = True
    ) -> SignedIn | Asked:
        """Somebody showed one thing: a session, or a ticket where their account wants a code too. They are held.

        ``is_fresh``: they showed it just now, so that it counts as shown once more, too.
        """
        if not await factors.has_factor(connection, person_id):
            signed_in = await self.open(connection, person_id, way, visitor, is_fresh=is_fresh)
            await note(connection, visitor, "person.logged_in", person_id, session_id=signed_in.session_id, way=way)
            return signed_in
        ticket, expires_at = new_secret(), self.office.clock.now() + TICKET_LIFETIME
        await tickets.add_ticket(connection, hash_of(ticket), "code", person_id, way=way, expires_at=expires_at)
        await note(connection, visitor, "person.asked_for_code", person_id, way=way)
        return Asked(ticket, expires_at)

    async def open(
        self,
        connection: asyncpg.Connection,
        person_id: UUID,
        way: str,
        visitor: Visitor,
        *,
        factors: int = 1,
        is_fresh: bool = True,
    ) -> SignedIn:
        """A new session of somebody who showed who they are, by so many factors; ``is_fresh``: just now."""
        session_id, refresh, now = new_id(), new_secret(), self.office.clock.now()
        await sessions.open_session(
            connection,
            session_id,
            person_id,
            way,
            visitor,
            now=now,
            confirmed_at=now if is_fresh and way != "guest" else None,
            expires_at=now + rules.SESSION_LIFETIME,
            sessions_max=rules.SESSIONS_MAX,
            factors=factors,
        )
        return await self._give(connection, person_id, session_id, refresh, now)

    async def refresh(self, refresh: str, visitor: Visitor) -> SignedIn:
        """The next tokens of the family. A token that was used before ends its family (``rules.judge_refresh``).

        Raises ``NotSignedIn``.
        """
        if len(refresh) > rules.TOKEN_MAX_CHARACTERS:
            raise NotSignedIn(_OVER, "Sign in again.")
        async with self.office.database.system_transaction() as connection:
            signed_in = await self._refresh(connection, refresh, visitor)
        if signed_in is None:
            raise NotSignedIn(_OVER, "Sign in again.")
        return signed_in

    async def log_out(self, session_id: UUID, person_id: UUID, visitor: Visitor) -> None:
        """End this session. Doing it twice is fine."""
        async with self.office.database.system_transaction() as connection:
            if await sessions.end_session(connection, session_id, person_id, "logout", self.office.clock.now()):
                await note(connection, visitor, "person.logged_out", person_id, session_id=session_id)

    async def list_sessions(self, person_id: UUID) -> list[dict[str, Any]]:
        """Those that live, the last one seen first."""
        async with self.office.database.system_transaction() as connection:
            return await sessions.list_sessions(connection, person_id, self.office.clock.now())

    async def revoke(self, person_id: UUID, session_id: UUID, visitor: Visitor) -> None:
        """End one of one's own sessions. Raises ``NotFound``."""
        async with self.office.database.system_transaction() as connection:
            if not await sessions.end_session(connection, session_id, person_id, "revoked", self.office.clock.now()):
                raise NotFound("There is no such session.", "GET /api/auth/sessions lists those that live.")
            await note(connection, visitor, "session.revoked", person_id, revoked=str(session_id))

    async def _enter(self, person: dict[str, Any], password: str, visitor: Visitor) -> SignedIn | Asked:
        office = self.office
        is_outdated = office.passwords.is_outdated(person["password_hash"])
        anew = await office.passwords.hash(rules.shown_password(password)) if is_outdated else None
        async with office.database.system_transaction() as connection:
            try:
                await hold_proven(connection, person)
            except Denied as problem:
                raise NotSignedIn(_WRONG, problem.next_step) from problem
            if anew is not None:
                await people.change_password(connection, person["id"], anew)
            return await self.admit(connection, person["id"], "password", visitor)

    async def _note_failure(self, visitor: Visitor, person: dict[str, Any] | None) -> None:
        async with self.office.database.system_transaction() as connection:
            await note(connection, visitor, "person.login_failed", person["id"] if person else None)

    async def _give(
        self, connection: asyncpg.Connection, person_id: UUID, session_id: UUID, refresh: str, now: datetime
    ) -> SignedIn:
        """A new refresh token of the session, with an access token beside it."""
        expires_at = now + rules.REFRESH_LIFETIME
        await sessions.add_token(connection, hash_of(refresh), session_id, now, expires_at)
        return SignedIn(
            person_id, session_id, self.office.tokens.access(person_id, session_id, now), refresh, expires_at
        )

    async def _refresh(self, connection: asyncpg.Connection, refresh: str, visitor: Visitor) -> SignedIn | None:
        """None for a token that is good for nothing."""
        tokens, now = self.office.tokens, self.office.clock.now()
        session_id = await sessions.hold_family_of(connection, hash_of(refresh))
        if session_id is None:
            return None
        successors = tokens.successors(session_id, refresh)
        shown, row = await sessions.find_shown(connection, hash_of(refresh), [hash_of(each) for each in successors])
        person_id = row["person_id"]
        match rules.judge_refresh(shown, now):
            case Verdict.ROTATE:
                await sessions.use_token(connection, hash_of(refresh), session_id, now)
                return await self._give(connection, person_id, session_id, successors[0], now)
            case Verdict.REPEAT:
                again = next((each for each in successors if hash_of(each) == row["successor"]), None)
                if again is None:  # the key that made it was taken away a moment ago
                    return None
                access = tokens.access(person_id, session_id, now)
                return SignedIn(person_id, session_id, access, again, now + rules.REFRESH_LIFETIME)
            case Verdict.REVOKE:
                await sessions.end_session(connection, session_id, person_id, "replay", now)
                await note(connection, visitor, "session.replayed", person_id, session_id=session_id)
        return None
