"""A model provider on this machine: OpenAI's chat, images and speech, Anthropic's messages, ElevenLabs' speech.

It speaks the published wire formats (``test_model_server.py`` lets the vendors' own clients judge that), checks
requests as the real ones do, keeps every request, and can be told to misbehave: ``server.plan(Fails(429), Says("…"))``
sets what the next requests get. Without a plan it answers with ``server.text``, a plain picture or a tone.
"""

import asyncio
import email.parser
import email.policy
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.support import model_wire as wire

HEAD_MAX_BYTES = 64 * 1024
BODY_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Says:
    """A streamed answer in ``pieces``; ``finish`` is the wire format's own word for why it ended.

    ``breaks_after`` pieces the connection is dropped, ``hangs_after`` pieces nothing more comes. ``cached_tokens`` of
    the prompt were read from the provider's cache.
    """

    text: str
    finish: str = ""
    piece_characters: int = 40
    breaks_after: int | None = None
    hangs_after: int | None = None
    counts_tokens: bool = True
    cached_tokens: int = 0


@dataclass(frozen=True)
class Refuses:
    """An answer in which the model itself says no."""


@dataclass(frozen=True)
class FailsInStream:
    """A good beginning, then an error event."""

    kind: str = "overloaded_error"


@dataclass(frozen=True)
class Fails:
    """An error status with the error body of the wire format."""

    status: int
    code: str = ""
    message: str = "Something is wrong."
    headers: Mapping[str, str] = field(default_factory=dict)
    param: str | None = None


@dataclass(frozen=True)
class Sends:
    """Status 200 with exactly these bytes."""

    body: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Floods:
    """Status 200 and ``piece`` over and over, ``size_bytes`` in all, which the head may tell."""

    piece: bytes
    size_bytes: int = 100_000_000
    media_type: str = "text/event-stream"
    is_announced: bool = False


@dataclass(frozen=True)
class Hangs:
    """Nothing at all, until the other side hangs up."""


@dataclass(frozen=True)
class Drops:
    """The connection ends without an answer."""


Behaviour = Says | Refuses | FailsInStream | Fails | Sends | Floods | Hangs | Drops


@dataclass(frozen=True)
class Recorded:
    """One request. ``body`` is its JSON or the text fields of its form, ``files`` its files by name of field.

    ``path`` begins with ``/v1``; ``prefix`` is what stood before it.
    """

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    files: tuple[tuple[str, bytes], ...] = ()
    prefix: str = ""
    method: str = "POST"


class ModelServer:
    """Listens on 127.0.0.1. ``key`` is the only one it accepts; ``url`` may get a path before its ``/v1``."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.text = "{}"
        self.writes: Callable[[Mapping[str, Any]], str] | None = None  # the answer to a request, instead of ``text``
        self.output_tokens_max = 1_000_000
        self.picture: bytes | None = None  # None: a plain one of the asked size
        self.sound: bytes | None = None  # None: a tone as long as the text
        self.requests: list[Recorded] = []
        self.hanging = asyncio.Event()  # set when a client waits for an answer that does not come, or not on
        self.hung_up = asyncio.Event()  # set when a client leaves an answer that hangs or floods
        self.sent_bytes = 0
        self.url = ""
        self._plan: list[Behaviour] = []
        self._open: set[asyncio.StreamWriter] = set()

    def plan(self, *behaviours: Behaviour) -> None:
        self._plan.extend(behaviours)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = await _read_request(reader)
                self.requests.append(request)
                await self._answer(request, reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    def hang_up(self) -> None:
        """On everybody who still listens."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _answer(self, request: Recorded, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wrong = wire.complaint(request.path, request.headers, request.body, self.key)
        wrong = wrong or wire.length_complaint(request.path, request.body, self.output_tokens_max)
        wrong = wrong or wire.files_complaint(request.path, request.files)
        if wrong:
            behaviour: Behaviour = Fails(*wrong)
        else:
            behaviour = self._plan.pop(0) if self._plan else Says(self._written(request))
        match behaviour:
            case Fails():
                body = wire.error_body(request.path, behaviour.code, behaviour.message, behaviour.param)
                await self._whole(writer, behaviour.status, body, "application/json", behaviour.headers)
            case Sends():
                await self._whole(writer, 200, behaviour.body, behaviour.media_type, behaviour.headers)
            case Floods():
                await self._flood(writer, behaviour)
            case Hangs():
                await self._wait_for_hang_up(reader)
            case Drops():
                writer.transport.abort()
            case _ if request.path.startswith("/v1/images/"):
                body = wire.picture_body(request.body, self.picture)
                await self._whole(writer, 200, body, "application/json", {})
            case _ if wire.is_spoken(request.path):
                body, media_type = wire.spoken_body(request.path, request.body, self.sound)
                await self._whole(writer, 200, body, media_type, {})
            case _:
                await self._stream(request, behaviour, reader, writer)

    def _written(self, request: Recorded) -> str:
        is_text = self.writes is not None and not request.path.startswith(wire.IMAGES)
        return self.writes(request.body) if is_text and self.writes else self.text

    async def _stream(
        self, request: Recorded, behaviour: Says | Refuses | FailsInStream, reader: Any, writer: asyncio.StreamWriter
    ) -> None:
        says = behaviour if isinstance(behaviour, Says) else Says('{"title": "A fox')
        ending = wire.REFUSED if isinstance(behaviour, Refuses) else says.finish
        error = behaviour.kind if isinstance(behaviour, FailsInStream) else ""
        text, size = says.text, says.piece_characters
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        await self._head(writer, 200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        told = 0
        counts = wire.Counts(says.counts_tokens, says.cached_tokens)
        for event, is_piece in wire.events(request.path, request.body, pieces, ending, error, counts):
            told += is_piece
            if says.breaks_after is not None and told > says.breaks_after:
                await writer.drain()
                writer.transport.abort()
                return
            if says.hangs_after is not None and told > says.hangs_after:
                await self._wait_for_hang_up(reader)
                return
            await self._chunk(writer, event.encode())
        await self._chunk(writer, b"")

    async def _flood(self, writer: asyncio.StreamWriter, behaviour: Floods) -> None:
        announced = {"Content-Length": str(behaviour.size_bytes)} if behaviour.is_announced else {}
        await self._head(writer, 200, behaviour.media_type, announced)
        try:
            while self.sent_bytes < behaviour.size_bytes:
                writer.write(behaviour.piece)
                await writer.drain()
                self.sent_bytes += len(behaviour.piece)
        except ConnectionError:
            self.hung_up.set()

    async def _wait_for_hang_up(self, reader: asyncio.StreamReader) -> None:
        self.hanging.set()
        with suppress(ConnectionError):
            while await reader.read(1024):
                pass
        self.hung_up.set()

    async def _whole(
        self, writer: asyncio.StreamWriter, status: int, body: bytes, media_type: str, headers: Mapping[str, str]
    ) -> None:
        await self._head(writer, status, media_type, {"Content-Length": str(len(body)), **headers})
        writer.write(body)
        await writer.drain()

    async def _head(
        self, writer: asyncio.StreamWriter, status: int, media_type: str, headers: Mapping[str, str]
    ) -> None:
        lines = [f"HTTP/1.1 {status} Status", f"Content-Type: {media_type}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()

    async def _chunk(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()


async def _read_request(reader: asyncio.StreamReader) -> Recorded:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    size_bytes = int(headers.get("content-length", "0"))
    assert size_bytes <= BODY_MAX_BYTES
    raw = await reader.readexactly(size_bytes)
    prefix, version, call = first.split(" ")[1].partition("?")[0].rpartition("/v1/")
    path, method = f"{version}{call}", first.split(" ")[0]
    if headers.get("content-type", "").startswith("multipart/form-data"):
        fields, files = _read_form(headers["content-type"], raw)
        return Recorded(path, headers, fields, files, prefix, method)
    return Recorded(path, headers, json.loads(raw or b"{}"), (), prefix, method)


def _read_form(content_type: str, raw: bytes) -> tuple[dict[str, Any], tuple[tuple[str, bytes], ...]]:
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        f"Content-Type: {content_type}\r\n\r\n".encode() + raw
    )
    fields: dict[str, Any] = {}
    files: list[tuple[str, bytes]] = []
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename():
            files.append((name, content))
        else:
            fields[name] = content.decode()
    return fields, tuple(files)


@asynccontextmanager
async def model_server(key: str = "sk-test-0123456789abcdef") -> AsyncIterator[ModelServer]:
    server = ModelServer(key)
    async with listening(server) as origin:
        server.url = f"{origin}/v1"
        yield server


@asynccontextmanager
async def listening(server: ModelServer) -> AsyncIterator[str]:
    """While the block runs, at the origin that it gets."""
    socket = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=HEAD_MAX_BYTES)
    try:
        yield f"http://127.0.0.1:{socket.sockets[0].getsockname()[1]}"
    finally:
        socket.close()
        server.hang_up()
        await socket.wait_closed()
