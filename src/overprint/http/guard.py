"""Who may call at all: the Host and Origin that this server was told of, and bodies of a bounded size.

Until accounts exist the server is bound to loopback, and these two checks keep web pages of other sites (DNS rebinding,
cross-site requests) from using it through the owner's own browser.
"""

import time
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overprint.http.problems import answer

BODY_MAX_BYTES = 60_000_000
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID_MAX = 64

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Observe = Callable[[str, str, int, float], None]


class Guard:
    """ASGI middleware: request id, host and origin, size of the body, security headers, timing."""

    def __init__(
        self, app: ASGIApp, *, allowed_hosts: frozenset[str], observe: Observe, picture_origin: str = ""
    ) -> None:
        """``picture_origin``: where stored pictures are linked to, if not this server."""
        self._app = app
        self._headers = {**_HEADERS, "Content-Security-Policy": _policy(picture_origin)}
        self._hosts = allowed_hosts
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id", ""))
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            refusal = self._refusal(scope, headers)
            if refusal is not None:
                await self._refuse(scope, receive, send, *refusal)
                return
            await self._pass(scope, receive, send, request_id)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if host not in self._hosts:
            return 421, f"This server does not answer for the host {host[:80]!r}.", "Use its own address."
        origin = headers.get("origin")
        method = scope.get("method", "GET")
        if origin and (method not in _SAFE or scope["type"] == "websocket"):
            parts = urlsplit(origin)
            if parts.netloc != headers.get("host"):
                return 403, "This request comes from another site.", "Use the page of this server."
        if headers.get("sec-fetch-site") == "cross-site" and method not in _SAFE:
            return 403, "This request comes from another site.", "Use the page of this server."
        if _length(headers) > BODY_MAX_BYTES:
            return 413, f"A request may carry at most {BODY_MAX_BYTES // 1_000_000} MB.", "Send less."
        return None

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, status: int, message: str, next_step: str
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": message})
            return
        response = answer(Request(scope), status, "refused", message, next_step)
        await response(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        began = time.perf_counter()
        status = 500
        got_bytes = 0

        async def bounded_receive() -> Message:
            nonlocal got_bytes
            message = await receive()
            got_bytes += len(message.get("body", b""))
            if got_bytes > BODY_MAX_BYTES:
                return {"type": "http.disconnect"}
            return message

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "websocket.accept":
                status = 101
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, bounded_receive, watched_send)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._observe(scope.get("method", "WS"), route, status, time.perf_counter() - began)


def _policy(picture_origin: str) -> str:
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {picture_origin}; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _request_id(given: str) -> str:
    """The caller's id if it is short and plain, so that logs can be joined; else a new one."""
    plain = given.isascii() and given.replace("-", "").replace("_", "").isalnum()
    return given if given and plain and len(given) <= _REQUEST_ID_MAX else uuid4().hex


def _length(headers: Headers) -> int:
    given = headers.get("content-length", "0")
    return int(given) if given.isdigit() else 0
