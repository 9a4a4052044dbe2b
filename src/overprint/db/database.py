"""Connections and transactions.

``Database.transaction(team)`` is the unit of work: one transaction as the *app* role with the team set, so that
row-level security lets it see that team's rows and no others. It commits when the block ends well and rolls back
otherwise; nobody else commits. ``Database.system`` is a pool of the *system* role for claiming work, listening and
sweeping; what it may touch is named in policies.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from overprint.core.problems import Unavailable

T = TypeVar("T")

CONNECT_TIMEOUT_SECONDS = 10
PATIENCE_SECONDS = 60.0
STATEMENT_TIMEOUT_MS = 60_000
LOCK_TIMEOUT_MS = 10_000
DRIVER_ERRORS = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # "cannot switch to state …": the connection broke while a query was on its way
    asyncpg.CannotConnectNowError,
)

_PASSING = (
    *DRIVER_ERRORS,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
)
_RETRY_FIRST_SECONDS, _RETRY_MAX_SECONDS = 0.05, 2.0

_SET_TEAM = text("SELECT set_config('overprint.team_id', :team, true)")
_SERVER_SETTINGS = {
    "application_name": "overprint",
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": "120000",
    "jit": "off",
}


class DatabaseAway(Exception):
    """The database did not answer for longer than anybody waits."""


def is_passing(error: BaseException) -> bool:
    """Whether a database error goes away by itself: a lost connection, a deadlock, a restart."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _PASSING):
            return True
        cause = cause.__cause__ or getattr(cause, "orig", None)
    return False


async def patiently(work: Callable[[], Awaitable[T]], *, patience_seconds: float = PATIENCE_SECONDS) -> T:
    """The answer of ``work``, tried again while the database is away. Raises ``DatabaseAway`` after a while.

    ``work`` may have happened although its answer got lost, so it has to bear being done twice.
    """
    deadline = time.monotonic() + patience_seconds
    wait_seconds = _RETRY_FIRST_SECONDS
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_passing(error):
                raise
            if time.monotonic() > deadline:
                raise DatabaseAway(f"The database did not answer for {patience_seconds:g} seconds.") from error
        await asyncio.sleep(wait_seconds)
        wait_seconds = min(wait_seconds * 2, _RETRY_MAX_SECONDS)


@dataclass(slots=True)
class Transaction:
    """One open transaction. ``sql`` speaks SQLAlchemy, ``driver`` is asyncpg on the very same connection."""

    team_id: UUID
    sql: AsyncConnection
    driver: asyncpg.Connection
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once the transaction is durable; never if it is rolled back."""
        self._after_commit.append(action)


class Database:
    """The two roles a running process uses. Made by ``open_database``."""

    def __init__(self, app: AsyncEngine, system: asyncpg.Pool) -> None:
        self._app = app
        self.system = system

    @asynccontextmanager
    async def transaction(self, team_id: UUID) -> AsyncIterator[Transaction]:
        """A transaction that sees the rows of one team."""
        connection = await self._begin(team_id)
        try:
            raw = await connection.get_raw_connection()
            transaction = Transaction(team_id, connection, _driver_of(raw))
            yield transaction
            await connection.commit()
        finally:
            await asyncio.shield(connection.close())  # rolls back what was not committed
        for action in transaction._after_commit:
            action()

    async def _begin(self, team_id: UUID) -> AsyncConnection:
        """An open transaction of the team.

        Its first statement doubles as the test whether a pooled connection still lives, which saves a round trip:
        if it does not, SQLAlchemy drops all that are as old, and the second try gets a new one.
        """
        try:
            return await self._try_begin(team_id)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await self._try_begin(team_id)

    async def _try_begin(self, team_id: UUID) -> AsyncConnection:
        connection = await self._app.connect()
        try:
            await connection.execute(_SET_TEAM, {"team": str(team_id)})
        except BaseException:
            await asyncio.shield(connection.close())
            raise
        return connection

    async def check(self) -> None:
        """Raises ``Unavailable`` unless both roles can reach the database."""
        try:
            await self.system.fetchval("SELECT 1")
            async with self._app.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (*DRIVER_ERRORS, TimeoutError) as error:
            raise Unavailable("The database does not answer.", "Look at `overprint doctor`.") from error

    async def aclose(self) -> None:
        await self._app.dispose()
        await self.system.close()


def _driver_of(raw: Any) -> asyncpg.Connection:
    return raw.driver_connection


async def open_database(app_url: str, system_url: str, *, pool_size: int = 10) -> Database:
    """Connect as the app and system roles. Refuses roles that could bypass row-level security."""
    app = create_async_engine(
        make_url(app_url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=CONNECT_TIMEOUT_SECONDS,
        connect_args={"timeout": CONNECT_TIMEOUT_SECONDS, "server_settings": _SERVER_SETTINGS},
    )
    try:
        system = await open_system_pool(system_url, size=pool_size)
        database = Database(app, system)
        await _refuse_powerful_roles(database)
    except (*DRIVER_ERRORS, TimeoutError) as error:
        await app.dispose()
        raise Unavailable("The database does not answer.", "Is it running? See `overprint doctor`.") from error
    return database


async def open_system_pool(system_url: str, *, size: int) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        system_url,
        min_size=1,
        max_size=size,
        timeout=CONNECT_TIMEOUT_SECONDS,
        server_settings=_SERVER_SETTINGS,
        init=_speak_json,
    )


async def _speak_json(connection: asyncpg.Connection) -> None:
    """JSONB as SQLAlchemy has it on its connections: text in, decoded values out."""
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda text: b"\x01" + text.encode(),
        decoder=lambda data: json.loads(data[1:]),
        schema="pg_catalog",
        format="binary",
    )


_POWERS = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


async def _refuse_powerful_roles(database: Database) -> None:
    async with database._app.connect() as connection:
        app_is_powerful = (await connection.execute(text(_POWERS))).scalar_one()
    system_is_powerful = await database.system.fetchval(_POWERS)
    for role, is_powerful in (("DATABASE_URL", app_is_powerful), ("DATABASE_SYSTEM_URL", system_is_powerful)):
        if is_powerful:
            await database.aclose()
            raise Unavailable(
                f"The role of {role} could bypass row-level security, so teams would not be kept apart.",
                "Give it a plain role: `overprint migrate --print-roles` shows how.",
            )
