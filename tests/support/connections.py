"""Connections that stay with a database which tests use one after the other: to make one, and to plan every statement
anew on it, takes longer than what most tests ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
from sqlalchemy.pool import QueuePool

from overprint.db.database import Database, open_database

MOST_KEPT = 16
CLEAN_WITHIN_SECONDS = 5.0

# All that a session can keep, but for what was prepared on it, and the plans of that.
_AS_NEW = "RESET ALL; RESET ROLE; UNLISTEN *; CLOSE ALL; DISCARD TEMP; SELECT pg_advisory_unlock_all()"


class Connections:
    """Of the app and system roles, to the database at these addresses, on the loop that all tests share."""

    def __init__(self, app_url: str, system_url: str) -> None:
        self._urls = app_url, system_url
        self._opened: Database | None = None

    async def database(self) -> Database:
        """What ``open_database`` gives; nobody has to close it."""
        if self._opened is None:
            self._opened = await open_database(*self._urls)
        kept = self._opened
        return Database(kept._app, kept.system, kept.urgent, kept.quick)

    async def clean(self) -> list[int]:
        """The server's processes of those that stay, which are as new. None stays if one is in use or broke."""
        try:
            async with asyncio.timeout(CLEAN_WITHIN_SECONDS), AsyncExitStack() as stack:
                drivers = [driver async for driver in self._idle(stack)]
                for driver in drivers:
                    await driver.execute(_AS_NEW)
                assert len(drivers) <= MOST_KEPT
                return [driver.get_server_pid() for driver in drivers]
        except Exception:  # whatever a test did to them
            await self.close()
            return []

    async def _idle(self, stack: AsyncExitStack) -> AsyncIterator[asyncpg.Connection]:
        """Each of them, held until the end of ``stack``. Raises if somebody holds one."""
        if self._opened is None:
            return
        for pool in (self._opened.system, self._opened.urgent, self._opened.quick):
            assert not pool.is_closing() and pool.get_idle_size() == pool.get_size()
            for _ in range(pool.get_size()):
                yield await stack.enter_async_context(pool.acquire())
        apps = self._opened._app.pool
        assert isinstance(apps, QueuePool) and apps.checkedout() == 0
        for _ in range(apps.checkedin()):
            connection = await stack.enter_async_context(self._opened._app.connect())
            yield (await connection.get_raw_connection()).driver_connection

    async def close(self) -> None:
        """Whoever asks for them next gets others."""
        opened, self._opened = self._opened, None
        if opened is not None:
            for pool in (opened.system, opened.urgent, opened.quick):
                pool.terminate()
            await opened._app.dispose()
