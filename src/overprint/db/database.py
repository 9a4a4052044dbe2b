"""Connections and transactions.

``Database.transaction(team)`` is the unit of work: one transaction as the *app* role with the team set, so that
row-level security lets it see that team's rows and no others. It commits when the block ends well and rolls back
otherwise; nobody else commits. ``Database.system`` is a pool of the *system* role for running work and sweeping; what
it may touch is named in policies. ``Database.urgent`` is a small one beside it for what keeps leases: what may wait for
a lock has no place there. ``Database.quick`` is a small one of the *app* role for what is asked so often that a
transaction of several round trips is too much: functions of the database that set the team themselves.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from overprint.core.problems import Unavailable
from overprint.db.connections import (
    ANSWER_SECONDS,
    CONNECT_TIMEOUT_SECONDS,
    connect,
    open_pool,
    open_quick_pool,
    open_urgent_pool,
)

T = TypeVar("T")

# Every connection is made by the driver from the address as it is written: two readers of one address could disagree.
DIALECT = "postgresql+asyncpg://"

PATIENCE_SECONDS = 60.0
ROLLBACK_SECONDS = 5.0
DRIVER_ERRORS = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # "cannot switch to state …": the connection broke while a query was on its way
    asyncpg.CannotConnectNowError,
)

# What somebody mends, or what mends itself, while the same statement stays right: nothing may be lost for its sake.
_PASSING = (
    *DRIVER_ERRORS,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.TransactionRollbackError,  # class 40: a deadlock, a serialization failure
    asyncpg.InsufficientResourcesError,  # class 53: disk full, out of memory, too many connections
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,  # the statement's time was over, or somebody cancelled it
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby that is about to take over, or a server kept from writing
    asyncpg.PostgresIOError,
)
_RETRY_FIRST_SECONDS, _RETRY_MAX_SECONDS = 0.05, 2.0

# Wrong password or no such role; no such database; a right that is missing; an address the driver does not take.
_REFUSALS = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ClientConfigurationError,
)

# One message for both. SQLAlchemy's connections are in autocommit mode, so it opens no transaction of its own in ours.
_BEGIN = "BEGIN; SET LOCAL overprint.team_id = '{team_id}'"
_log = structlog.get_logger(__name__)


class DatabaseAway(Exception):
    """The database did not answer for longer than anybody waits."""


def is_passing(error: BaseException) -> bool:
    """Whether a database error goes away without a change to what was asked: a restart, a deadlock, a full disk.

    A value that the driver refuses to send will be refused again.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ValueError):
            return False
        if isinstance(cause, _PASSING):
            return True
        cause = cause.__cause__ or getattr(cause, "orig", None)
    return False


@contextmanager
def passing_over(what: str) -> Iterator[None]:
    """Around what need not happen now, or not at all: that the database is away stops nobody. Errors of ours do."""
    try:
        yield
    except Exception as error:
        if not is_passing(error):
            raise
        _log.debug("the database does not take this now, so it is left out", what=what, error=str(error))


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


class _Undone(Exception):
    """Ends a savepoint whose work nobody wants."""


@dataclass(slots=True)
class Transaction:
    """One open transaction. ``sql`` speaks SQLAlchemy, ``driver`` is asyncpg on the very same connection."""

    team_id: UUID
    sql: AsyncConnection
    driver: asyncpg.Connection
    _before_commit: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def before_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run ``action`` as the last thing in the transaction: for what takes a lock that many others wait for."""
        self._before_commit.append(action)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside is undone, and what it wanted at the commit with it."""
        marks = len(self._before_commit), len(self._after_commit)
        try:
            async with self.sql.begin_nested():
                yield
        except BaseException:
            del self._before_commit[marks[0] :], self._after_commit[marks[1] :]
            raise

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What is done inside is undone at its end: for who asks what would come of it."""
        try:
            async with self.savepoint():
                yield
                raise _Undone
        except _Undone:
            pass

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once the transaction is durable; never if it is rolled back."""
        self._after_commit.append(action)


class Database:
    """The two roles a running process uses. Made by ``open_database``."""

    def __init__(self, app: AsyncEngine, system: asyncpg.Pool, urgent: asyncpg.Pool, quick: asyncpg.Pool) -> None:
        self._app = app
        self.system = system
        self.urgent = urgent
        self.quick = quick

    @asynccontextmanager
    async def transaction(self, team_id: UUID) -> AsyncIterator[Transaction]:
        """A transaction that sees the rows of one team."""
        connection, driver = await self._begin(team_id)
        try:
            transaction = Transaction(team_id, connection, driver)
            yield transaction
            for prepare in transaction._before_commit:
                await prepare()
            await driver.execute("COMMIT")
        finally:
            await asyncio.shield(_give_back(connection, driver))
        for action in transaction._after_commit:
            action()

    @asynccontextmanager
    async def system_transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """A transaction of the system role: for who signs in, and so has no team yet."""
        async with self.system.acquire() as connection, connection.transaction():
            yield connection

    async def _begin(self, team_id: UUID) -> tuple[AsyncConnection, asyncpg.Connection]:
        """An open transaction of the team.

        Its first statement doubles as the test whether a pooled connection still lives, which saves a round trip;
        the next one in the pool is tried if it broke. One that does not answer in time is dropped.
        """
        while True:
            connection = await self._app.connect()
            driver = _driver_of(connection)
            try:
                await driver.execute(_BEGIN.format(team_id=UUID(str(team_id))), timeout=CONNECT_TIMEOUT_SECONDS)
            except BaseException as error:
                is_broken = driver.is_closed()
                if isinstance(error, TimeoutError):
                    driver.terminate()
                await asyncio.shield(_give_back(connection, driver))
                if not (is_broken and isinstance(error, DRIVER_ERRORS)):
                    raise
            else:
                return connection, driver

    async def check(self) -> None:
        """Raises ``Unavailable`` unless both roles can reach the database."""
        try:
            await self.system.fetchval("SELECT 1")
            async with self._app.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:
            if not is_passing(error):
                raise
            raise Unavailable("The database does not answer.", "Look at `overprint doctor`.") from error

    async def aclose(self) -> None:
        await self._app.dispose()
        await self.system.close()
        await self.urgent.close()
        await self.quick.close()


async def _give_back(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    """To the pool: rolled back if it was not committed, dropped if it broke."""
    try:
        if not driver.is_closed() and driver.is_in_transaction():
            await driver.execute("ROLLBACK", timeout=ROLLBACK_SECONDS)
    except (*DRIVER_ERRORS, asyncpg.PostgresError):
        driver.terminate()
    if driver.is_closed():
        await connection.invalidate()
    await connection.close()


def _driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """What ``get_raw_connection`` gives too, but by a detour: nothing is waited for here."""
    assert connection.sync_connection is not None  # it was begun
    return connection.sync_connection.connection.driver_connection


async def open_database(
    app_url: str, system_url: str, *, pool_size: int = 10, answer_seconds: float = ANSWER_SECONDS
) -> Database:
    """Connect as the app and system roles. Refuses roles that could bypass row-level security.

    A connection on which a statement is not answered within ``answer_seconds`` is given up.
    """
    app = create_async_engine(
        DIALECT,
        async_creator=partial(connect, app_url, answer_seconds=answer_seconds),
        pool_size=pool_size,
        max_overflow=0,  # one that overflows is closed after each use, and to connect costs more than any transaction
        pool_use_lifo=True,  # a server process that just worked has its caches warm
        pool_timeout=CONNECT_TIMEOUT_SECONDS,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,  # what people wrote is in them, and errors go to logs
    )
    try:
        with naming("DATABASE_SYSTEM_URL"):
            system = await open_pool(system_url, size=pool_size, answer_seconds=answer_seconds)
    except BaseException:
        await app.dispose()
        raise
    quick = await open_quick_pool(app_url, answer_seconds=answer_seconds)
    database = Database(app, system, await open_urgent_pool(system_url), quick)
    try:
        with naming("DATABASE_URL"):
            await _refuse_powerful_roles(database)
    except BaseException:
        await database.aclose()
        raise
    return database


class AddressUnusable(Unavailable):
    """The address that a setting holds leads to no database, or to one that does not take us."""


@contextmanager
def naming(variable: str) -> Iterator[None]:
    """Turns what keeps us out of a database into ``AddressUnusable``, naming the setting that holds its address."""
    try:
        yield
    except (DBAPIError, asyncpg.PostgresError, *DRIVER_ERRORS, TimeoutError) as error:
        # SQLAlchemy wraps the driver's error twice.
        reason = (error.orig and error.orig.__cause__) if isinstance(error, DBAPIError) else error
        if isinstance(reason, _REFUSALS):
            raise AddressUnusable(
                f"{variable} cannot be used: {reason}.", "Correct it; see docs/settings.md."
            ) from error
        if isinstance(reason, (*DRIVER_ERRORS, TimeoutError)):
            raise AddressUnusable(
                f"The database of {variable} does not answer.", "Is it running? See `overprint doctor`."
            ) from error
        raise


# Who owns the tables, or may become their owner, can lift their policies. An empty database has none yet.
_POWERS = """
SELECT current_user::text AS name,
       rolsuper OR rolbypassrls OR COALESCE(
           (SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('jobs')), false
       ) AS is_powerful
FROM pg_roles WHERE rolname = current_user
"""


async def _refuse_powerful_roles(database: Database) -> None:
    """Raises ``Unavailable`` unless app and system are two roles, and both are bound by row-level security."""
    async with database._app.connect() as connection:
        app = (await connection.execute(text(_POWERS))).one()
    system = await database.system.fetchrow(_POWERS)
    assert system is not None  # everybody who is connected has a role
    for variable, is_powerful in (("DATABASE_URL", app.is_powerful), ("DATABASE_SYSTEM_URL", system["is_powerful"])):
        if is_powerful:
            raise Unavailable(
                f"The role of {variable} could bypass row-level security, so teams would not be kept apart.",
                "Give it a plain role: `overprint migrate --print-roles` shows how.",
            )
    if app.name == system["name"]:
        raise Unavailable(
            "DATABASE_URL and DATABASE_SYSTEM_URL have the same role, so teams would not be kept apart.",
            "Give each a role of its own: `overprint migrate --print-roles` shows how.",
        )
