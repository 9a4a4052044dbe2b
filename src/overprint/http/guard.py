"""Who may call at all: the Host and Origin that this server was told of, and bodies of a bounded size.

These checks keep web pages of other sites (DNS rebinding, cross-site requests) from using the server through somebody's
own browser. There is no token in forms: see ``decisions/0018``.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overprint.http.branding import OURS, Brand, worn
from overprint.http.cookies import expect_cookies, shows_session
from overprint.http.forms import BODY_MAX_BYTES, FILELESS_MAX_BYTES, bound_body, may_have_files
from overprint.http.places import split_url
from overprint.http.problems import answer, answer_bug
from overprint.observe import ids, traces

_log = structlog.get_logger(__name__)

HEAD_MAX_BYTES = 64 * 1024
_PIECE_BYTES = 64 * 1024
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID_MAX = 64
_PATH_MAX_CHARACTERS = 200
_METHOD_MAX_CHARACTERS = 20
_OTHER_ROUTE = "other"
_LENGTH_MAX_DIGITS = 18
_TOO_LONG = (431, f"The head of a request has at most {HEAD_MAX_BYTES // 1024} KiB.", "Send fewer headers or cookies.")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Observe = Callable[[str, str, int, float], None]


class Guard:
    """ASGI middleware: request id, host and origin, size of the body, security headers, timing, one line in the log."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed_hosts: frozenset[str],
        observe: Observe,
        picture_origin: str = "",
        api_origins: frozenset[str] = frozenset(),
        form_origins: str = "",
        is_secure: bool = False,
        brand: Brand = OURS,
    ) -> None:
        """``picture_origin``: where stored pictures are linked to, if not this server.

        ``api_origins``: sites whose pages may call the API, with a key but never with somebody's cookies.
        ``form_origins``: where our forms send people on to, apart by spaces. ``is_secure``: people come over https.
        ``brand``: whose house it is, as pages show it.
        """
        self._app = app
        self._api_origins = api_origins
        self._headers = {**_HEADERS, "Content-Security-Policy": _policy(picture_origin, form_origins)}
        if is_secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._observe = observe
        self._brand = brand

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id", ""))
        with (
            worn(self._brand),
            ids.bound(request_id=request_id),
            traces.continued({"traceparent": headers.get("traceparent", "")}),
            traces.span("request", method=scope.get("method", "WS")),
        ):
            told = {**self._headers, "X-Request-Id": request_id}
            exchange = _Exchange(receive, send, told, _body_max_bytes(headers), expect_cookies(scope))
            bound_body(scope, exchange)
            refusal = self._refusal(scope, headers)
            if refusal is not None:
                _log.warning("request refused", **_line(scope, refusal[0], 0.0), reason=refusal[1])
                await _refuse(scope, exchange, *refusal)
                return
            await self._pass(scope, exchange)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        if _head_bytes(scope) > HEAD_MAX_BYTES:
            return _TOO_LONG
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""  # of two, a proxy may have looked at the other
        if split_url(f"//{host}").hostname not in self._hosts:
            return 421, f"This server does not answer for the host {host[:80]!r}.", "Use its own address."
        origin = headers.get("origin")
        method = scope.get("method", "GET")
        changes = method not in _SAFE or scope["type"] == "websocket"
        is_welcome = origin in self._api_origins and scope["path"].startswith("/api/") and not shows_session(headers)
        if origin and changes and not is_welcome and split_url(origin).netloc != host:
            return 403, "This request comes from another site.", "Use the page of this server."
        if headers.get("sec-fetch-site") == "cross-site" and changes and not is_welcome:
            return 403, "This request comes from another site.", "Use the page of this server."
        is_from_here = bool(origin) or headers.get("sec-fetch-site") in ("same-origin", "none")
        if changes and not is_from_here and shows_session(headers):
            return 403, "This request does not say which page it comes from.", "Send an Origin, or a key instead."
        most_bytes = _body_max_bytes(headers)
        if _length(headers) > most_bytes:
            return _too_large(most_bytes, scope["path"])
        return None

    async def _pass(self, scope: Scope, exchange: "_Exchange") -> None:
        began = time.perf_counter()
        was_refused = False
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            if exchange.status or scope["type"] == "websocket":
                raise
            if not exchange.is_too_large:
                await (await answer_bug(Request(scope), error))(scope, exchange.receive, exchange.send)
        finally:
            if exchange.is_too_large and not exchange.status:
                exchange.is_too_large, was_refused = False, True
                await _refuse(scope, exchange, *_too_large(exchange.most_bytes, scope["path"]))
            seconds = time.perf_counter() - began
            status = exchange.status or 500
            self._observe(scope.get("method", "WS"), _template(scope) or _OTHER_ROUTE, status, seconds)
            tell = _log.warning if was_refused else _log.info
            tell("request refused" if was_refused else "request", **_line(scope, status, seconds))


class _Exchange:
    """One request under way: bounds what comes in, and puts our headers on what goes out.

    ``status`` is 0 until an answer has begun. What a route makes of a body that it did not get whole is not sent.
    """

    def __init__(
        self, receive: Receive, send: Send, headers: Mapping[str, str], most_bytes: int, cookies: Sequence[str]
    ) -> None:
        """``cookies`` are collected while the request is under way, and sent with its answer."""
        self.status = 0
        self.most_bytes = most_bytes
        self._cookies = cookies
        self.is_too_large = False
        self._receive = receive
        self._send = send
        self._headers = headers
        self._got_bytes = 0
        self._is_whole = False
        self._held: bytearray | None = None

    async def receive(self) -> Message:
        """Of what is held one piece at a time, between which others get their turn."""
        if self._held is None:
            return await self._take()
        await asyncio.sleep(0)
        piece = bytes(self._held[:_PIECE_BYTES])
        del self._held[:_PIECE_BYTES]
        has_more = bool(self._held)
        if not has_more:
            self._held = None
        return {"type": "http.request", "body": piece, "more_body": has_more}

    async def hold(self) -> None:
        """Wait until all of the body came, unless it did; ``receive`` gives it then. Raises ``ClientDisconnect``."""
        if self._is_whole:
            return
        self.most_bytes = min(self.most_bytes, FILELESS_MAX_BYTES)
        held = bytearray()
        while not self._is_whole:
            message = await self._take()
            if message["type"] != "http.request":
                raise ClientDisconnect
            held += message.get("body", b"")
        self._held = held

    async def _take(self) -> Message:
        message = await self._receive()
        self._got_bytes += len(message.get("body", b""))
        if self._got_bytes > self.most_bytes:
            self.is_too_large = True
            return {"type": "http.disconnect"}
        self._is_whole = self._is_whole or (message["type"] == "http.request" and not message.get("more_body"))
        return message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.status:
            return
        if message["type"] == "websocket.accept":
            self.status = 101
            message["headers"] = [*message.get("headers", ()), *((b"set-cookie", c.encode()) for c in self._cookies)]
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            for cookie in self._cookies:
                headers.append("Set-Cookie", cookie)
        await self._send(message)


async def _refuse(scope: Scope, exchange: _Exchange, status: int, message: str, next_step: str) -> None:
    if scope["type"] == "websocket":
        await exchange.receive()
        await exchange.send({"type": "websocket.close", "code": 1008, "reason": message})
        return
    response = answer(Request(scope), status, "refused", message, next_step)
    await response(scope, exchange.receive, exchange.send)


def _template(scope: Scope) -> str:
    """The path of the route that answered, empty when none did."""
    return str(getattr(scope.get("route"), "path", ""))


def _line(scope: Scope, status: int, seconds: float) -> dict[str, str | int | float]:
    """What the log says of a request. Never its query, which may hold a signature or somebody's words."""
    return {
        "method": scope.get("method", "WS")[:_METHOD_MAX_CHARACTERS],
        "path": (_template(scope) or scope["path"])[:_PATH_MAX_CHARACTERS],
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }


def _policy(picture_origin: str, form_origins: str) -> str:
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {picture_origin}; "
        f"media-src 'self' {picture_origin}; "
        f"font-src 'self'; connect-src 'self'; form-action 'self' {form_origins}; "
        "worker-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _request_id(given: str) -> str:
    """The caller's id if it is short and plain, so that logs can be joined; else a new one."""
    plain = given.isascii() and given.replace("-", "").replace("_", "").isalnum()
    return given if given and plain and len(given) <= _REQUEST_ID_MAX else uuid4().hex


def _head_bytes(scope: Scope) -> int:
    target: int = len(scope.get("raw_path", b"")) + len(scope.get("query_string", b""))
    return target + sum(len(name) + len(value) for name, value in scope["headers"])


def _body_max_bytes(headers: Headers) -> int:
    return BODY_MAX_BYTES if may_have_files(headers) else FILELESS_MAX_BYTES


def _too_large(most_bytes: int, path: str) -> tuple[int, str, str]:
    """What comes in from elsewhere is as large as it is: who runs this house has another way for it."""
    comes_in = path.endswith(("/import", "/import/quote"))
    next_step = "Ask who runs this server to take it in with `overprint import`." if comes_in else "Send less."
    return 413, f"A request like this may carry at most {most_bytes // 1_000_000} MB.", next_step


def _length(headers: Headers) -> int:
    """The length that a request claims. A number too long to read is too large a body; what is no number, none."""
    given = headers.get("content-length", "0")
    if not (given.isascii() and given.isdigit()):
        return 0
    return int(given) if len(given) <= _LENGTH_MAX_DIGITS else BODY_MAX_BYTES + 1
