"""The cookies of whoever is signed in. They are collected while a request is under way; the guard sends them.

No script reads them, no other site's form sends them (``SameSite=Lax``), and over https no other host of the same
domain can set them (``__Host-``).
"""

from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

ACCESS, REFRESH, TEAM = "overprint_access", "overprint_refresh", "overprint_team"
TICKET, TICKET_MAX_CHARACTERS = "overprint_ticket", 200
ROUND = "overprint_round"
_TEAM_SECONDS = 365 * 24 * 3600
ADDRESS_MAX_CHARACTERS = 64
_SECURE_PREFIX = "__Host-"
_COLLECTED = "overprint.cookies"


def expect_cookies(scope: Scope) -> list[str]:
    """Where the cookies of this request's answer will be."""
    collected: list[str] = scope.setdefault(_COLLECTED, [])
    return collected


def shows_session(headers: Headers) -> bool:
    """Whether a request comes with the cookies of somebody who is signed in."""
    return any(name in cookie for cookie in headers.getlist("cookie") for name in (ACCESS, REFRESH))


@dataclass(frozen=True, slots=True)
class SessionCookies:
    """``is_secure``: people come over https. The others: for how long a browser keeps each token."""

    is_secure: bool
    access_seconds: int
    refresh_seconds: int

    def read(self, connection: HTTPConnection) -> tuple[str, str]:
        """The access token and the refresh token of a request; empty where there is none."""
        return connection.cookies.get(self._name(ACCESS), ""), connection.cookies.get(self._name(REFRESH), "")

    def give(self, connection: HTTPConnection, access: str, refresh: str) -> None:
        """Have the answer carry both."""
        self._send(connection, (ACCESS, access, self.access_seconds), (REFRESH, refresh, self.refresh_seconds))

    def take_back(self, connection: HTTPConnection) -> None:
        """Have the answer clear both."""
        self._send(connection, (ACCESS, "", 0), (REFRESH, "", 0))

    def lend(self, connection: HTTPConnection, ticket: str, seconds: int, name: str = TICKET) -> None:
        """Have the answer carry a ticket that this browser alone can come back with."""
        expect_cookies(connection.scope).append(self._cookie(name, ticket, seconds))

    def lent(self, connection: HTTPConnection, name: str = TICKET) -> str:
        """The ticket of a request; empty where there is none."""
        return connection.cookies.get(self._name(name), "")[:TICKET_MAX_CHARACTERS]

    def _send(self, connection: HTTPConnection, *cookies: tuple[str, str, int]) -> None:
        """The last word counts: a request that is renewed on the way may sign out in the end."""
        expect_cookies(connection.scope)[:] = [self._cookie(*cookie) for cookie in cookies]

    def _name(self, name: str) -> str:
        return f"{_SECURE_PREFIX}{name}" if self.is_secure else name

    def _cookie(self, name: str, value: str, seconds: int) -> str:
        secure = "; Secure" if self.is_secure else ""
        return f"{self._name(name)}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


def choose_team(response: Response, team_id: UUID, *, is_secure: bool) -> None:
    """Have the browser's further requests act in this team, for as long as they may."""
    response.set_cookie(
        TEAM, str(team_id), max_age=_TEAM_SECONDS, httponly=True, samesite="lax", secure=is_secure, path="/"
    )


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from, as far as it is known."""
    return connection.client.host[:ADDRESS_MAX_CHARACTERS] if connection.client else ""
