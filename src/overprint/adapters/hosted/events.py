"""Server-sent events (WHATWG HTML, 9.2) out of bytes, bounded. Of their fields, models need only ``data``.

Some servers answer status 200 and then something else: an error as JSON, or the web page of whatever stands between.
"""

from collections.abc import AsyncIterator

from overprint.adapters.hosted.endpoint import Endpoint
from overprint.adapters.hosted.failures import failure_in_body
from overprint.ports.errors import Unavailable

EVENT_MAX_BYTES = 2_500_000
BODY_MAX_BYTES = 64 * 1024
_BODY_STARTS = (b"{", b"[", b"<")
LINES_MAX = 200_000  # three to an event, an event to a token


async def events_in(endpoint: Endpoint, pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event. Comments and other fields are passed over; an unfinished last event still counts."""
    data: list[bytes] = []
    held_bytes = 0
    async for line in _event_lines(endpoint, _lines_in(endpoint, pieces)):
        if line.startswith(b"data:"):
            data.append(line[len(b"data:") :].removeprefix(b" "))
            held_bytes += len(line)
        elif not line and data:
            yield _text(endpoint, data)
            data, held_bytes = [], 0
        if held_bytes > EVENT_MAX_BYTES:
            raise _senseless(endpoint)
    if data:
        yield _text(endpoint, data)


async def _event_lines(endpoint: Endpoint, lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """``lines`` themselves, unless they are no events at all but one whole body: that is raised as what it says."""
    body = b""
    is_begun = False
    async for line in lines:
        if not is_begun and (body or line.lstrip().startswith(_BODY_STARTS)):
            body += line + b"\n"
            if len(body) > BODY_MAX_BYTES:
                break
        else:
            is_begun = is_begun or bool(line)
            yield line
    if body:
        raise failure_in_body(endpoint, body)


async def _lines_in(endpoint: Endpoint, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines without their ends. A lone carriage return ends none: no provider sends one."""
    pending = bytearray()
    count = 0
    async for piece in pieces:
        pending += piece
        count += piece.count(b"\n")
        if len(pending) - len(piece) > EVENT_MAX_BYTES or count > LINES_MAX:
            raise _senseless(endpoint)
        if b"\n" in piece:
            *lines, rest = bytes(pending).split(b"\n")
            pending = bytearray(rest)
            for line in lines:
                yield line.removesuffix(b"\r")
    yield bytes(pending).removesuffix(b"\r")


def _text(endpoint: Endpoint, data: list[bytes]) -> str:
    try:
        return b"\n".join(data).decode()
    except UnicodeDecodeError:
        raise _senseless(endpoint) from None


def _senseless(endpoint: Endpoint) -> Unavailable:
    message = f"{endpoint.provider} streamed something that makes no sense."
    return Unavailable(message, provider=endpoint.provider)
