"""Any OpenID provider: authorization code with PKCE, found by discovery, checked by the keys it publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from overprint.adapters.identity.discovery import PATH, Described, read_description
from overprint.adapters.identity.exchange import Client, ask, challenge_of, code_in, plain_claim, with_query
from overprint.adapters.identity.tokens import KeyUnknown, PublicKey, Unbelievable, read_keys, read_token
from overprint.core.clock import Clock
from overprint.ports.errors import Refused
from overprint.ports.identity import CLAIM_MAX_CHARACTERS, Identity, Round

ACCESS_MAX_CHARACTERS = 16_000
SCOPES = "openid email profile"
KNOWN_FOR = timedelta(hours=1)
"""For how long its description and its keys are believed without asking again."""
NEW_KEYS_EVERY = timedelta(seconds=30)
"""A key that is not known makes us ask for newer ones; not more often than this, whatever is sent."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was learned of the provider, and when."""

    described: Described
    keys: tuple[PublicKey, ...]
    at: datetime


class OidcProvider:
    """One provider, which knows us as ``client``."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: _Known | None = None

    @property
    def name(self) -> str:
        return self._client.name

    @property
    def label(self) -> str:
        return self._client.label

    @property
    def issuer(self) -> str:
        return self._client.issuer

    @property
    def asks_anew(self) -> bool:
        return True

    async def page_for(self, way: Round) -> str:
        known = await self._learn()
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": way.back_url,
            "scope": SCOPES,
            "state": way.state,
            "nonce": way.nonce,
            "code_challenge": challenge_of(way.verifier),
            "code_challenge_method": "S256",
        }
        if way.is_fresh:
            query |= {"prompt": "login", "max_age": "0"}
        return with_query(known.described.page_url, **query)

    async def read_answer(self, way: Round, answer: Mapping[str, str]) -> Identity:
        known = await self._learn()
        named = answer.get("iss")
        if named != known.described.issuer and (named is not None or known.described.names_itself):
            raise self._refused("what came back is of another issuer")
        given = await self._redeem(known.described, code_in(self._client, answer), way)
        claims = await self._claims_in(given.get("id_token"), known, way)
        if not claims.get("email") and known.described.person_url:
            claims = {**await self._about_person(known.described, given, claims["sub"]), **claims}
        is_theirs = claims.get("email_verified") in (True, "true")
        return Identity(
            known.described.issuer,
            claims["sub"],
            plain_claim(claims.get("email"), CLAIM_MAX_CHARACTERS) if is_theirs else "",
            plain_claim(claims.get("name"), CLAIM_MAX_CHARACTERS),
        )

    async def check(self) -> None:
        self._known = None
        await self._learn()

    async def _learn(self) -> _Known:
        known, now = self._known, self._clock.now()
        if known is None or not timedelta() <= now - known.at < KNOWN_FOR:
            described = read_description(self._client, await ask(self._client, f"{self._client.issuer}{PATH}"))
            self._known = known = _Known(described, await self._ask_keys(described), now)
        return known

    async def _ask_keys(self, described: Described) -> tuple[PublicKey, ...]:
        return read_keys(await ask(self._client, described.keys_url))

    async def _redeem(self, described: Described, code: str, way: Round) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": way.back_url,
            "code_verifier": way.verifier,
        }
        headers = self._client.basic if described.takes_basic else None
        form |= {} if described.takes_basic else self._client.posted
        given = await ask(self._client, described.token_url, headers=headers, form=form)
        return given if isinstance(given, dict) else {}

    async def _claims_in(self, token: object, known: _Known, way: Round) -> dict[str, Any]:
        """The claims of the token, with newer keys if it takes them."""
        now, client_id = self._clock.now(), self._client.client_id
        try:
            try:
                return read_token(token, known.keys, known.described, client_id, way, now)
            except KeyUnknown:
                if now - known.at < NEW_KEYS_EVERY:
                    raise
            keys = await self._ask_keys(known.described)
            self._known = _Known(known.described, keys, now)
            return read_token(token, keys, known.described, client_id, way, now)
        except Unbelievable as problem:
            raise self._refused(str(problem)) from None

    async def _about_person(self, described: Described, given: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the provider tells of a person beside the token, if it is of the same one."""
        shown = plain_claim(given.get("access_token"), ACCESS_MAX_CHARACTERS)
        if not shown:
            return {}
        told = await ask(self._client, described.person_url, headers={"Authorization": f"Bearer {shown}"})
        if not isinstance(told, dict) or told.get("sub") != subject:
            raise self._refused("it tells of another person than it signed for")
        return told

    def _refused(self, why: str) -> Refused:
        _log.warning("an identity cannot be believed", provider=self.name, why=why)
        return Refused(f"What {self.label} says of you cannot be believed: {why}.", provider=self.label)
