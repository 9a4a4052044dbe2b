"""How often one address and one person or key may ask, over all routes, the headers that tell them, and how much an
address may have open.

Each is a generic cell rate: a full minute's allowance at once, then evenly. Counted in this process alone: it keeps one
caller from taking all of it, and needs no round trip. What must be counted exactly is counted in the database: attempts
to sign in, quotas of a plan, calls to a provider. Headers as in draft-ietf-httpapi-ratelimit-headers-10.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overprint.core.crowd import Crowd
from overprint.core.principal import Principal, Via, network_of
from overprint.core.problems import TooOften
from overprint.http.cookies import address_of
from overprint.http.problems import answer, status_of

WINDOW_SECONDS = 60
CALLERS_MAX = 50_000
_ROUNDING_SECONDS = 1e-6
_STANDING = "overprint.rate"
# A page asks for many of these at once, and a class behind one address opens the same page. Files of shared works cost
# the database a question each, so they are counted, for themselves.
_UNCOUNTED = ("/static/", "/files/")
_HEALTH = "/health"
_SHARED = "/shared/"
_FILES_A_PAGE = 20
OPEN_LEAST = 200  # an address may be that of a school


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands: what is left of ``limit`` requests, and in how many seconds all are there again."""

    who: str
    limit: int
    left: int
    full_in_seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{self.who}";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.who}";r={self.left};t={self.full_in_seconds}',
        }


@dataclass(slots=True)
class Rate:
    """``limit`` requests in any minute from each caller of one sort. Callers seen longest ago are forgotten first."""

    who: str
    limit: int
    now: Callable[[], float] = time.monotonic
    _until: "OrderedDict[str, float]" = field(default_factory=OrderedDict)

    def count(self, caller: str) -> Standing:
        """One request more. Raises ``TooOften`` if that is one too many; such a request is not counted."""
        now, gap = self.now(), WINDOW_SECONDS / self.limit
        until = max(self._until.pop(caller, now), now)
        is_too_often = until + gap - now > WINDOW_SECONDS + _ROUNDING_SECONDS
        self._until[caller] = until if is_too_often else until + gap
        while len(self._until) > CALLERS_MAX:
            self._until.popitem(last=False)
        if is_too_often:
            wait = math.ceil(until + gap - now - WINDOW_SECONDS)
            raise TooOften(
                f"That are more than {self.limit} requests a minute.",
                f"Go on in {wait} seconds, and then more slowly.",
                retry_after_seconds=wait,
            )
        taken_seconds = until + gap - now
        return Standing(self.who, self.limit, int((WINDOW_SECONDS - taken_seconds) / gap), math.ceil(taken_seconds))


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of one process."""

    address: Rate
    person: Rate
    key: Rate
    shared: Rate
    open: Crowd

    @staticmethod
    def of(*, address: int, person: int, key: int) -> "Rates":
        """So many requests a minute; from one address, many times as many for files of shared works. As many requests
        as an address may send in a minute it may have open, and 200 at least: streams and sockets last, and the slow
        take their time."""
        shared = Rate("shared", _FILES_A_PAGE * address)
        is_open = Crowd(max(address, OPEN_LEAST), _much_is_open)
        return Rates(Rate("address", address), Rate("person", person), Rate("key", key), shared, is_open)

    def count_address(self, connection: HTTPConnection) -> None:
        rate = self.shared if connection.scope["path"].startswith(_SHARED) else self.address
        connection.scope[_STANDING] = rate.count(network_of(address_of(connection)))

    def count_principal(self, connection: HTTPConnection, principal: Principal) -> None:
        """Who was recognised is told of their own limit."""
        rate = self.key if principal.via is Via.API_KEY else self.person
        caller = principal.session_id if principal.via is Via.API_KEY else principal.person_id
        connection.scope[_STANDING] = rate.count(str(caller))


def _much_is_open() -> TooOften:
    return TooOften(
        "Too much is open from your address.", "Close pages and programs that watch something.", retry_after_seconds=5
    )


class Counting:
    """ASGI middleware: counts addresses and what they have open, and puts on every answer where the caller stands."""

    def __init__(self, app: ASGIApp, *, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Whoever watches over the process may do so from the address of a proxy that has much open.
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(_HEALTH):
            await self._app(scope, receive, send)
            return

        async def send_with_standing(message: Message) -> None:
            standing = scope.get(_STANDING)
            if message["type"] == "http.response.start" and standing is not None:
                headers = MutableHeaders(scope=message)
                for name, value in standing.headers().items():
                    headers.setdefault(name, value)
            await send(message)

        connection = HTTPConnection(scope)
        with ExitStack() as held:
            try:
                held.enter_context(self._rates.open.joined(network_of(address_of(connection))))
                if not scope["path"].startswith(_UNCOUNTED):
                    self._rates.count_address(connection)
            except TooOften as problem:
                await _refuse(problem, scope, receive, send)
                return
            await self._app(scope, receive, send_with_standing)


async def _refuse(problem: TooOften, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1013, "reason": problem.message})  # try again later
        return
    response = answer(Request(scope), status_of(problem), problem.code, problem.message, problem.next_step)
    response.headers["Retry-After"] = str(problem.retry_after_seconds)
    await response(scope, receive, send)
