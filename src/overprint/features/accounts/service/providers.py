"""Signing in by what others say of somebody: to a provider's page and back, and whose account it is then."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from overprint.core.principal import Principal, Via, Visitor
from overprint.core.problems import Conflict, Denied, Invalid, NotFound, Unavailable
from overprint.features.accounts import rules
from overprint.features.accounts.rules import Mode
from overprint.features.accounts.rules.identities import ROUND_LIFETIME, name_of
from overprint.features.accounts.service.addresses import normal_email
from overprint.features.accounts.service.office import Office, Rate, note
from overprint.features.accounts.service.registering import Registrations
from overprint.features.accounts.service.signing_in import Asked, Sessions, SignedIn
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import identities, passkeys, people, sessions
from overprint.ports.errors import Misconfigured, ProviderError, Refused
from overprint.ports.identity import Identity, IdentityProvider, Round

_BY_ADDRESS = Rate(20, 15)
ROUND_IS_OVER = ("This way back was used before, took too long, or began in another browser.", "Begin once more.")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """``url``: the provider's page. ``browser``: what the browser has to show when it comes back."""

    url: str
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """They are signed in, or asked for a code, and go on to ``next_page``."""

    entered: SignedIn | Asked
    next_page: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Nobody has this identity, but there is an account that it may belong to: its person has to say so.

    ``token`` is good once, in the browser that came back.
    """

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who came back: the browser with its secret, and who it shows itself as."""

    browser: str = field(repr=False)
    visitor: Visitor
    who: Principal | None

    @property
    def is_signed_in(self) -> bool:
        return self.who is not None and self.who.via is Via.SESSION

    @property
    def guest_id(self) -> UUID | None:
        return self.who.person_id if self.who is not None and self.who.via is Via.GUEST else None


@dataclass(frozen=True, slots=True)
class Providers:
    """Use cases of signing in by a provider. ``by_name``: those of the settings."""

    office: Office
    sessions: Sessions
    registrations: Registrations
    by_name: Mapping[str, IdentityProvider]

    def label_of(self, name: str) -> str:
        """What people call a provider; one that is not in the settings any more, by its name."""
        return self.by_name[name].label if name in self.by_name else name

    def offered(self) -> dict[str, str]:
        """Whom people may sign in with: what they call them, by name."""
        is_local = self.office.mode is Mode.LOCAL
        return {} if is_local else {name: provider.label for name, provider in self.by_name.items()}

    async def begin(
        self, name: str, wanted: str, visitor: Visitor, *, is_fresh: bool = False, browser: str = ""
    ) -> Begun:
        """Lead somebody to the provider. ``is_fresh``: they have to show there who they are, however lately they did.

        ``browser``: its secret of another round, which goes on beside this one.
        Raises ``NotFound``, ``TooOften``, ``Unavailable``.
        """
        provider, office = self._provider(name), self.office
        await office.limit("provider", visitor.network, _BY_ADDRESS)
        state, now = new_secret(), office.clock.now()
        browser = browser if len(browser) == len(state) else new_secret()
        async with _explained(provider):
            url = await provider.page_for(self._round(name, state, browser, now, is_fresh))
        pool, until = office.database.system, now + ROUND_LIFETIME
        next_page = rules.next_page(wanted)
        await identities.add_round(
            *(pool, hash_of(state), hash_of(browser), name, next_page), is_fresh=is_fresh, now=now, expires_at=until
        )
        return Begun(url, browser)

    async def come_back(self, name: str, answer: Mapping[str, str], caller: Caller) -> Known | Pending:
        """Whose account it is, or may be. A guest stays who they are.

        Raises ``NotFound``, ``Denied``, ``Conflict``, ``Unavailable``.
        """
        provider, database = self._provider(name), self.office.database
        state, now = answer.get("state", "")[: rules.TOKEN_MAX_CHARACTERS], self.office.clock.now()
        begun = await identities.take_round(database.system, hash_of(state), hash_of(caller.browser), name, now)
        if begun is None:
            raise Denied(*ROUND_IS_OVER)
        way = self._round(name, state, caller.browser, begun["began_at"], begun["is_fresh"])
        async with _explained(provider):
            identity = await provider.read_answer(way, answer)
        async with database.system_transaction() as connection:
            owner = await identities.find_owner(connection, identity)
            if owner is None:
                return await self._receive(connection, name, identity, begun, caller)
            if caller.is_signed_in and caller.who is not None and caller.who.person_id != owner:
                raise Conflict(f"This identity at {provider.label} has another account.", "Sign out first.")
            await people.get_person(connection, owner, holds=True)
            if await identities.use_identity(connection, identity, now) != owner:
                raise Conflict(f"This identity at {provider.label} was parted from its account.", "Begin once more.")
            return Known(await self._admit(connection, owner, provider, begun, caller), begun["next_page"])

    async def _receive(
        self, connection: asyncpg.Connection, name: str, identity: Identity, begun: Mapping[str, Any], caller: Caller
    ) -> Known | Pending:
        """Somebody whom we do not know by this identity: a question if there is an account, else a new one."""
        email = _own_address(identity)
        is_known = bool(email) and await people.find_by_email(connection, email) is not None
        if not caller.is_signed_in and not is_known:
            person_id = await self._open_account(connection, name, identity, email, caller)
            await note(connection, caller.visitor, "person.registered", person_id, provider=name)
            entered = await self._admit(connection, person_id, self._provider(name), begun, caller)
            return Known(entered, begun["next_page"])
        token, now = new_secret(), self.office.clock.now()
        await identities.add_round(
            *(connection, hash_of(token), hash_of(caller.browser), name, begun["next_page"]),
            found=asdict(identity),
            now=now,
            expires_at=now + ROUND_LIFETIME,
        )
        return Pending(token)

    async def _open_account(
        self, connection: asyncpg.Connection, name: str, identity: Identity, email: str, caller: Caller
    ) -> UUID:
        """A new person, or the guest who this browser is. Raises ``Denied`` where nobody may come in so."""
        office, label, now = self.office, self.label_of(name), self.office.clock.now()
        if not email:
            raise Denied(
                f"{label} does not say that a mail address is yours.",
                "Confirm your address there. Or register here with an address and a password.",
            )
        if office.mode is not Mode.OPEN and not await office.teams.is_invited(connection, email):
            raise Denied("Nobody was invited here by this address.", "Ask whoever runs this house for an invitation.")
        said: dict[str, Any] = {
            "name": name_of(identity.name, email),
            "password_hash": None,
            "language": caller.visitor.language,
        }
        if caller.guest_id is not None:
            said["guest_id"] = str(caller.guest_id)
        person_id = await self.registrations.make(connection, email, said)
        if await identities.add_identity(connection, person_id, name, identity, now) is None:
            raise Conflict("You opened this account a moment ago.", "Sign in once more.")
        await sessions.end_sessions(connection, person_id, "registered", now)
        return person_id

    async def _admit(
        self,
        connection: asyncpg.Connection,
        person_id: UUID,
        provider: IdentityProvider,
        begun: Mapping[str, Any],
        caller: Caller,
    ) -> SignedIn | Asked:
        """The session that this browser had, if any, gives way to the new one. Providers let in whom they know without
        a word, so only who was asked to show themselves anew has done so. Where a provider asks nobody anew, who has a
        passkey shows that: a click at an open browser is no proof beside it."""
        before, now, is_fresh = caller.visitor.session_id, self.office.clock.now(), begun["is_fresh"]
        if is_fresh and not provider.asks_anew:
            is_fresh = await passkeys.count_passkeys(connection, person_id) == 0
        entered = await self.sessions.admit(connection, person_id, "provider", caller.visitor, is_fresh=is_fresh)
        if before is not None and isinstance(entered, SignedIn):
            await sessions.end_session(connection, before, person_id, "logout", now)
        return entered

    def _provider(self, name: str) -> IdentityProvider:
        if self.office.mode is Mode.LOCAL or name not in self.by_name:
            raise NotFound("Nobody signs in this way here.", "See /login.")
        return self.by_name[name]

    def _round(self, name: str, state: str, browser: str, began_at: datetime, is_fresh: bool) -> Round:
        """What is secret of it comes from what the browser keeps, so that nothing of it has to be kept here."""
        nonce, verifier = (_derived(browser, state, what) for what in ("nonce", "verifier"))
        back_url = f"{self.office.letters.site}/api/auth/oidc/{name}/callback"
        return Round(state, nonce, verifier, back_url, began_at, is_fresh)


def _derived(browser: str, state: str, what: str) -> str:
    """43 characters, fit for PKCE."""
    digest = hmac.digest(
        browser.encode("utf-8", "replace"), f"{what} {state}".encode("utf-8", "replace"), hashlib.sha256
    )
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _own_address(identity: Identity) -> str:
    """The address as it is kept of people; empty where there is none, or none that we can use."""
    try:
        return normal_email(identity.email) if identity.email else ""
    except Invalid:
        return ""


@asynccontextmanager
async def _explained(provider: IdentityProvider) -> AsyncIterator[None]:
    """How a provider fails, in words for who wants to sign in; what the operator has to mend goes to the log."""
    try:
        yield
    except Refused as problem:
        raise Denied(problem.message, "Begin once more.") from problem
    except ProviderError as problem:
        _log.warning("a provider of identities fails", provider=provider.name, error=problem.message)
        if isinstance(problem, Misconfigured):
            message = f"Signing in with {provider.label} is not set up rightly here."
            raise Unavailable(message, "Tell whoever runs this house, or sign in another way.") from problem
        raise Unavailable(f"{provider.label} does not answer now.", "Try again, or sign in another way.") from problem
