"""A network between us and a server that can fall silent, nobody being told, or be cut."""

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

    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
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

    def cut(self) -> int:
        """Break every connection that there is; how many there were."""
        living = [end for pipe in self._pipes for end in pipe.ends if not end.is_closing()]
        for end in living:
            end.transport.abort()
        self._pipes.clear()
        return len(living) // 2

    async def carry(self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there, back = await asyncio.open_connection(host, port)
        pipe = _Pipe((writer, back))
        self._pipes.append(pipe)
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
async def network_to(url: str, at_port: int = 0) -> AsyncIterator[Network]:
    """A way to the server at ``url`` that may fall silent or be cut; it begins at this port, or at any free one."""
    parts = urlsplit(url)
    network = Network()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await network.carry(parts.hostname or "", parts.port or 0, reader, writer)

    listening = await asyncio.start_server(accept, "127.0.0.1", at_port)
    place = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    who = f"{parts.username}:{parts.password}@" if parts.username else ""
    network.url = urlunsplit(parts._replace(netloc=f"{who}{place}"))
    try:
        yield network
    finally:
        listening.close()
        await network.aclose()
