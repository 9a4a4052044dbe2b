"""A provider of identities on this machine, OpenID's and GitHub's wire alike, which says what a test wants it to say.

Nobody types a password there: ``approve`` is what the person at its page does.
"""

import asyncio
import base64
import hashlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from overprint.core.clock import Clock

CLIENT_ID, CLIENT_SECRET = "overprint-tests", "a secret: of tests & others"
MIRA = {"sub": "m-1", "email": "mira@example.org", "email_verified": True, "name": "Mira Okafor"}
GRANTED = "granted"
_TOKEN_SECONDS = 300


@dataclass
class IdentityServer:
    """``person``: who sits at its page. ``claims`` replace what it signs, ``description`` what it says of itself.

    ``answers`` replace the answer at a path.
    """

    clock: Clock
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(MIRA))
    claims: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[[], Response]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    key: ECKey = field(default_factory=lambda: _new_key())
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self) -> None:
        """From now on another key signs, and the old one is forgotten."""
        self.key = _new_key()

    def approve(self, url: str) -> dict[str, str]:
        """The query of the address to which its page sends the browser back, after the person said yes."""
        assert url.startswith((f"{self.issuer}/authorize?", f"{self.issuer}/login/oauth/authorize?")), url
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["client_id"] == CLIENT_ID and asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def app(self) -> Starlette:
        answers = {
            "/.well-known/openid-configuration": self._describe,
            "/jwks": self._keys,
            "/token": self._token,
            "/me": self._me,
            "/login/oauth/access_token": self._github_token,
            "/api/v3/meta": self._me,
            "/api/v3/user": self._github_user,
            "/api/v3/user/emails": self._github_emails,
        }
        return Starlette(
            routes=[Route(path, self._answering(each), methods=["GET", "POST"]) for path, each in answers.items()]
        )

    def _answering(self, answer: Callable[[Mapping[str, str], str], Any]) -> Any:
        async def respond(request: Request) -> Response:
            path = request.url.path
            self.asked.append(path)
            if path in self.answers:
                return self.answers[path]()
            form = dict(parse_qsl((await request.body()).decode()))
            told = answer(form, request.headers.get("authorization", ""))
            return told if isinstance(told, Response) else JSONResponse(told)

        return respond

    def _describe(self, form: Mapping[str, str], shown: str) -> Any:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.description,
        }

    def _keys(self, form: Mapping[str, str], shown: str) -> Any:
        return {"keys": [self.key.as_dict(private=False)]}

    def _token(self, form: Mapping[str, str], shown: str) -> Any:
        asked = self._redeemed(form)
        if shown != f"Basic {_basic()}" or asked is None:
            return JSONResponse({"error": "invalid_client" if asked else "invalid_grant"}, 401 if asked else 400)
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)
        return {"access_token": GRANTED, "token_type": "Bearer", "id_token": token}

    def _me(self, form: Mapping[str, str], shown: str) -> Any:
        return self.person

    def _github_token(self, form: Mapping[str, str], shown: str) -> Any:
        is_ours = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if self._redeemed(form) is None or not is_ours:
            return {"error": "bad_verification_code"}
        return {"access_token": GRANTED, "token_type": "bearer"}

    def _github_user(self, form: Mapping[str, str], shown: str) -> Any:
        if shown != f"Bearer {GRANTED}":
            return JSONResponse({"message": "Bad credentials"}, 401)
        return {"id": int(self.person["sub"].partition("-")[2]), "login": "mira", "name": self.person["name"]}

    def _github_emails(self, form: Mapping[str, str], shown: str) -> Any:
        own = {"email": self.person["email"], "primary": True, "verified": self.person["email_verified"]}
        return [{"email": "other@example.org", "primary": False, "verified": True}, own]

    def _redeemed(self, form: Mapping[str, str]) -> dict[str, str] | None:
        """What was asked for with this code; None for a code that is not good, or not for who shows it."""
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_good = asked is not None and asked["redirect_uri"] == form.get("redirect_uri")
        return asked if is_good and asked and asked["code_challenge"] == challenge else None


@asynccontextmanager
async def identity_server(clock: Clock) -> AsyncIterator[IdentityServer]:
    listening = socket.create_server(("127.0.0.1", 0))
    provider = IdentityServer(clock, issuer=f"http://127.0.0.1:{listening.getsockname()[1]}")
    config = uvicorn.Config(provider.app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        await serving


def huge() -> Response:
    """An answer that does not end."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 100_000

    return StreamingResponse(pieces(), media_type="application/json")


def slow() -> Response:
    """An answer that begins, and does not go on."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    return StreamingResponse(pieces(), media_type="application/json")


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def _basic() -> str:
    return base64.b64encode(f"{quote_plus(CLIENT_ID)}:{quote_plus(CLIENT_SECRET)}".encode()).decode()
