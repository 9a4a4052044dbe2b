"""Connections whose requests never quite come, on a real server: each is ended, whatever else is asked meanwhile."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from overprint.core.tasks import end_tasks
from overprint.http.guard import HEAD_MAX_BYTES
from overprint.main.heads import BoundedHttp

ASK = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = ASK + b"Transfer-Encoding: chunked\r\n\r\n"
FLOOD_BYTES = 20 * HEAD_MAX_BYTES


async def _count(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    await PlainTextResponse(str(len(await request.body())))(scope, receive, send)


@dataclass
class Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, *pieces: bytes) -> bytes:
        """The status and the body of the answer; nothing if the connection is ended without a word."""
        try:
            for piece in pieces:
                self.writer.write(piece)
                await self.writer.drain()
                await asyncio.sleep(0)
            head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)
        except (ConnectionResetError, BrokenPipeError, asyncio.IncompleteReadError):
            return b""
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        return head.split()[1] + b" " + await self.reader.readexactly(length)


class Impatient(BoundedHttp):
    head_seconds = 0.1


@pytest.fixture
def http() -> type[BoundedHttp]:
    return BoundedHttp


@pytest.fixture
async def port(http: type[BoundedHttp]) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(_count, http=http, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield int(listening.getsockname()[1])
    server.should_exit = True
    await end_tasks(serving)


async def _line(port: int) -> Line:
    return Line(*await asyncio.open_connection("127.0.0.1", port))


def _flood(before: bytes) -> list[bytes]:
    """Far more than may come, in pieces, and no end of it."""
    piece = HEAD_MAX_BYTES // 2
    return [before, *[b"a" * piece] * (FLOOD_BYTES // piece)]


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(ASK + b"Cookie: ", id="a header"),
        pytest.param(b"GET /", id="a path"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\nTrailer: ", id="what follows a body"),
        pytest.param(CHUNKED + b"1;x=", id="what is said of a piece of a body"),
    ],
)
async def test_what_does_not_end_is_ended(port: int, begun: bytes) -> None:
    answer = await (await _line(port)).say(*_flood(begun))
    assert answer[:3] in (b"", b"431", b"400")
    assert await (await _line(port)).say(ASK + b"\r\n") == b"200 0"


async def test_a_large_body_passes_in_whatever_pieces_it_comes_and_so_does_what_is_asked_next(port: int) -> None:
    line = await _line(port)
    long = ASK + b"Content-Length: %d\r\n\r\n" % FLOOD_BYTES
    assert await line.say(*_flood(long)) == b"200 %d" % FLOOD_BYTES
    chunk = b"200\r\n" + b"x" * 512 + b"\r\n"
    assert await line.say(CHUNKED, *[chunk * 64] * 10, b"0\r\n\r\n") == b"200 %d" % (512 * 640)


@pytest.mark.parametrize("http", [Impatient])
async def test_who_begins_no_request_or_does_not_end_its_head_is_not_waited_for_long(port: int) -> None:
    assert await asyncio.gather((await _line(port)).say(), (await _line(port)).say(ASK)) == [b"", b""]
    line = await _line(port)
    assert await line.say(ASK + b"\r\n") == b"200 0"
    assert await line.say(ASK) == b""
