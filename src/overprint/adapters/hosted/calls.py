"""One HTTP request to a hosted model, and its answer as bounded bytes.

A client lives as long as its call: nothing has to be closed, nothing belongs to an event loop, and a new
connection is nothing beside the seconds a model takes. Nothing is retried here; the engine does that.
"""

import asyncio
import hashlib
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import httpx

from overprint.adapters.hosted.endpoint import Endpoint
from overprint.adapters.hosted.failures import failure_of
from overprint.ports.errors import Misconfigured, ProviderError, Unavailable

ERROR_MAX_BYTES = 64 * 1024
IDEMPOTENCY_KEY_MAX_CHARACTERS = 255
Part = tuple[str, bytes, str]  # file name, content, media type

# The request never left this machine as a whole: nothing can have been billed.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent to ``path``: a JSON body, a form with files, or nothing. At most ``answer_max_bytes`` are read."""

    path: str
    idempotency_key: str
    answer_max_bytes: int
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, Part], ...] = ()
    method: Literal["GET", "POST", "PUT", "DELETE"] = "POST"


async def answer_to(endpoint: Endpoint, call: Call) -> bytes:
    """The whole answer. Raises ``ports.errors`` only."""
    pieces: list[bytes] = []
    async with aclosing(stream_answer_to(endpoint, call)) as stream:
        async for piece in stream:
            pieces.append(piece)
    return b"".join(pieces)


async def stream_answer_to(endpoint: Endpoint, call: Call) -> AsyncGenerator[bytes, None]:
    """The answer piece by piece, as it comes. Raises ``ports.errors`` only; close it to hang up."""
    async with client_of(endpoint, endpoint.headers) as client:
        request = client.build_request(
            call.method,
            f"{endpoint.base_url}/{call.path}",
            headers={"Idempotency-Key": _header_safe(call.idempotency_key)},
            content=None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode(),
            data=call.form or None,
            files=list(call.files) or None,
        )
        if call.body is not None:
            request.headers["Content-Type"] = "application/json"
        async with aclosing(exchange(endpoint, client, request, call.answer_max_bytes)) as pieces:
            async for piece in pieces:
                yield piece


async def exchange(
    endpoint: Endpoint, client: httpx.AsyncClient, request: httpx.Request, answer_max_bytes: int
) -> AsyncGenerator[bytes, None]:
    """Send ``request`` and hear its answer, after its head has said 2xx; anything else is raised."""
    deadline = asyncio.get_running_loop().time() + endpoint.patience.total_seconds
    received_bytes = 0
    response = await _send(endpoint, client, request, deadline)
    try:
        await _check(endpoint, response, deadline)
        if _announced_bytes(response) > answer_max_bytes:
            raise _too_much(endpoint, answer_max_bytes)
        pieces = response.aiter_raw()
        while piece := await _next_piece(endpoint, pieces, deadline):
            received_bytes += len(piece)
            if received_bytes > answer_max_bytes:
                raise _too_much(endpoint, answer_max_bytes)
            yield piece
    finally:
        await response.aclose()


def client_of(endpoint: Endpoint, headers: Mapping[str, str]) -> httpx.AsyncClient:
    """For one exchange, with the patience that its endpoint deserves."""
    patience = endpoint.patience
    return httpx.AsyncClient(
        verify=_trusted_authorities(),
        # Compressed answers could grow without bound between two pieces, so none are accepted.
        headers={"Accept-Encoding": "identity", "User-Agent": "overprint", **headers},
        timeout=httpx.Timeout(patience.silence_seconds, connect=patience.connect_seconds),
        follow_redirects=False,  # a key is never carried to another address
        trust_env=not endpoint.is_on_this_machine,
    )


@cache
def _trusted_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context()


async def _send(
    endpoint: Endpoint, client: httpx.AsyncClient, request: httpx.Request, deadline: float
) -> httpx.Response:
    try:
        async with asyncio.timeout_at(deadline):
            return await client.send(request, stream=True)
    except _NOT_SENT:
        failure: ProviderError = Unavailable(
            f"{endpoint.provider} cannot be reached at {endpoint.host or 'the address in the settings'}.",
            provider=endpoint.provider,
        )
    except (httpx.HTTPError, TimeoutError) as problem:
        failure = _broken(endpoint, problem)
    except (httpx.InvalidURL, ValueError):
        # The message could repeat a header, so it is not shown.
        failure = Misconfigured(
            f"{endpoint.provider} cannot be asked with these settings. Check address and key.",
            provider=endpoint.provider,
        )
    raise failure


async def _check(endpoint: Endpoint, response: httpx.Response, deadline: float) -> None:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unavailable(f"{endpoint.provider} answered in a form nobody asked for.", provider=endpoint.provider)
    if not response.is_success:
        body = await _error_body(endpoint, response, deadline)
        headers = {name.lower(): value for name, value in response.headers.items()}
        raise failure_of(endpoint, response.status_code, headers, body)


def _announced_bytes(response: httpx.Response) -> int:
    """How long the answer says it is; 0 if it does not say."""
    said = response.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def _too_much(endpoint: Endpoint, answer_max_bytes: int) -> Unavailable:
    message = f"{endpoint.provider} answered more than {answer_max_bytes} bytes, which is too much."
    return Unavailable(message, provider=endpoint.provider)


async def _error_body(endpoint: Endpoint, response: httpx.Response, deadline: float) -> bytes:
    """The start of it. An error whose explanation breaks off is still that error."""
    body = b""
    pieces = response.aiter_raw()
    while len(body) < ERROR_MAX_BYTES:
        try:
            piece = await _next_piece(endpoint, pieces, deadline)
        except Unavailable:
            break
        if not piece:
            break
        body += piece
    return body[:ERROR_MAX_BYTES]


async def _next_piece(endpoint: Endpoint, pieces: AsyncIterator[bytes], deadline: float) -> bytes:
    """Empty at the end. The deadline holds for each wait, never over a ``yield``: that would cancel the listener."""
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(pieces, b"")
    except (httpx.HTTPError, httpx.StreamError, TimeoutError) as problem:
        failure = _broken(endpoint, problem)
    raise failure


def _broken(endpoint: Endpoint, problem: Exception) -> Unavailable:
    is_late = isinstance(problem, httpx.TimeoutException | TimeoutError)
    what = "took too long to answer" if is_late else "broke off before its answer was complete"
    message = f"{endpoint.provider} {what}."
    return Unavailable(message, provider=endpoint.provider, in_doubt=True)


def _header_safe(key: str) -> str:
    """The key itself where a header can carry it, else its SHA-256: equal keys stay equal."""
    is_safe = key.isascii() and key.isprintable() and 0 < len(key) <= IDEMPOTENCY_KEY_MAX_CHARACTERS
    return key if is_safe else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
