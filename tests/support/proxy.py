"""A network between us and a server that can fall silent: nothing passes any more, and nobody is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from overprint.core.tasks import end_tasks

CHUNK_BYTES = 65_536


@dataclass(eq=False)
class _Pipe:
    """One connection, both ways."""

    is_silent: bool = False


@dataclass
class Network:
    """``url`` leads through it. Connections that are made after ``fall_silent`` work."""

    url: str = ""
    connections: int = 0
    _pipes: list[_Pipe] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def fall_silent(self) -> None:
        """On every connection that there is: they stay open, and whatever is sent on them is swallowed."""
        for pipe in self._pipes:
            pipe.is_silent = True

    async def carry(self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        pipe = _Pipe()
        self._pipes.append(pipe)
        there, back = await asyncio.open_connection(host, port)
        self._tasks += [
            asyncio.create_task(_pass_on(pipe, reader, back)),
            asyncio.create_task(_pass_on(pipe, there, writer)),
        ]

    async def aclose(self) -> None:
        await end_tasks(*self._tasks)


async def _pass_on(pipe: _Pipe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(CHUNK_BYTES):
            if not pipe.is_silent:
                writer.write(data)
                await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


@asynccontextmanager
async def network_to(url: str) -> AsyncIterator[Network]:
    """A way to the server at ``url`` that may fall silent."""
    parts = urlsplit(url)
    network = Network()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await network.carry(parts.hostname or "", parts.port or 0, reader, writer)

    listening = await asyncio.start_server(accept, "127.0.0.1", 0)
    place = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    network.url = urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@{place}"))
    try:
        yield network
    finally:
        listening.close()
        await network.aclose()
