"""How processes tell each other that there is something new to read.

NOTIFY inside a writing transaction would serialise all writers, so nobody does that. Each process has one poker: after
commits it sends an empty notification, at most every 20 ms. Listeners then read the tables; a half-second poll is the
safety net for notifications that got lost.
"""

import asyncio
import contextlib
import time
from typing import Any

import asyncpg
import structlog

from overprint.db.connections import connect
from overprint.db.database import DRIVER_ERRORS, is_passing

CHANNEL = "overprint"
POKE_INTERVAL_SECONDS = 0.02
POLL_INTERVAL_SECONDS = 0.5
CHECK_SECONDS = 10.0
_CHECK_ANSWER_SECONDS = 5.0
_RECONNECT_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Poker:
    """Sends "look again" to all listeners soon after ``poke``; many pokes become one."""

    def __init__(self, pool: asyncpg.Pool, *, also: tuple[str, str] | None = None) -> None:
        """``also``: a second (channel, payload) told at the same time, for the queue's own listeners."""
        self._pool = pool
        self._also = also
        self._wanted = asyncio.Event()

    def poke(self) -> None:
        self._wanted.set()

    async def run(self) -> None:
        """Send pokes until cancelled. A failed one is sent again."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._send()
            except (*DRIVER_ERRORS, asyncpg.PostgresError, TimeoutError) as error:
                _tell("the poker could not send; it sends again", error)
                self._wanted.set()
                await asyncio.sleep(_RECONNECT_SECONDS)
            await asyncio.sleep(POKE_INTERVAL_SECONDS)

    async def _send(self) -> None:
        if self._also is None:
            await self._pool.execute("SELECT pg_notify($1, '')", CHANNEL)
        else:
            await self._pool.execute("SELECT pg_notify($1, ''), pg_notify($2, $3)", CHANNEL, *self._also)


class Listener:
    """Wakes everybody who waits in this process, on a notification or after half a second.

    Nobody asks anything on its connection, so every ``check_seconds`` it looks whether that still leads anywhere.
    """

    def __init__(self, system_url: str, *, check_seconds: float = CHECK_SECONDS) -> None:
        self._url = system_url
        self._check_seconds = check_seconds
        self._news = asyncio.Condition()
        self._count = 0

    async def wait(self, heard: int) -> int:
        """Until there may be something newer than ``heard``, this method's last answer (0 at first).

        What came while the caller was busy reading is not lost: it returns at once.
        """
        async with self._news:
            await self._news.wait_for(lambda: self._count > heard)
            return self._count

    async def run(self) -> None:
        """Listen until cancelled, over lost connections."""
        while True:
            heard = asyncio.Event()
            connection: asyncpg.Connection | None = None
            try:
                connection = await connect(self._url)
                await connection.add_listener(CHANNEL, _setter(heard))
                await self._pass_on(heard, connection)
            except (*DRIVER_ERRORS, asyncpg.PostgresError, TimeoutError) as error:
                _tell("the listener lost its connection; it connects again", error)
                await self._wake()
                await asyncio.sleep(_RECONNECT_SECONDS)
            finally:
                if connection is not None:
                    connection.terminate()

    async def _pass_on(self, heard: asyncio.Event, connection: asyncpg.Connection) -> None:
        checked_at = time.monotonic()
        while not connection.is_closed():
            if time.monotonic() - checked_at >= self._check_seconds:
                checked_at = time.monotonic()
                await connection.execute("SELECT 1", timeout=min(self._check_seconds, _CHECK_ANSWER_SECONDS))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_INTERVAL_SECONDS):
                    await heard.wait()
            heard.clear()
            await self._wake()

    async def _wake(self) -> None:
        async with self._news:
            self._count += 1
            self._news.notify_all()


def _tell(what: str, error: Exception) -> None:
    tell = _log.debug if is_passing(error) else _log.error
    tell(what, error=str(error))


def _setter(heard: asyncio.Event) -> Any:
    def on_notification(*_: object) -> None:
        heard.set()

    return on_notification
