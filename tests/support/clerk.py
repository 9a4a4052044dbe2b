"""Who makes, empties and drops databases for tests: over connections that stay, on a loop of their own, whichever loop
asks."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TypeVar

import asyncpg

T = TypeVar("T")


class Clerk:
    """One superuser's connection to the database at ``url``, made when it is first needed or was lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._one_at_a_time = asyncio.Lock()

    async def execute(self, statement: str) -> None:
        await self.work(lambda connection: connection.execute(statement))

    async def work(self, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """The answer of ``work``, which is done in the clerks' own thread. Raises what it raises."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._work(work), _loop()))

    async def _work(self, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        async with self._one_at_a_time:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._url)
            return await work(self._connection)


@cache
def clerk_at(url: str) -> Clerk:
    """The same one for everybody in this process."""
    return Clerk(url)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop
