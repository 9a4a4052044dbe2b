"""Which errors of a real PostgreSQL go away by themselves."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from overprint.db.database import Database, DatabaseAway, is_passing, passing_over, patiently
from tests.support.database import TestDatabase

PASSING = {
    "disk full": "53100",
    "out of memory": "53200",
    "too many connections": "53300",
    "a limit of the configuration": "53400",
    "cancelled, or out of time": "57014",
    "shutting down": "57P01",
    "a read-only transaction": "25006",
    "idle for too long": "25P03",
    "a deadlock": "40P01",
    "a serialization failure": "40001",
    "a lock that was not got": "55P03",
    "a disk that cannot be read": "58030",
}
LASTING = {
    "a wrong statement": "42601",
    "no such table": "42P01",
    "a unique key twice": "23505",
    "a broken check": "23514",
    "no right": "42501",
    "an internal error": "XX000",
    "damaged data": "XX001",
}


@pytest.fixture
async def superuser(database_urls: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_urls.superuser)
    yield connection
    await connection.close()


async def _raise(connection: asyncpg.Connection, code: str) -> Exception:
    with pytest.raises(asyncpg.PostgresError) as raised:
        await connection.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
    error: Exception = raised.value
    return error


@pytest.mark.parametrize("what", PASSING)
async def test_it_passes(superuser: asyncpg.Connection, what: str) -> None:
    assert is_passing(await _raise(superuser, PASSING[what]))


@pytest.mark.parametrize("what", LASTING)
async def test_it_lasts(superuser: asyncpg.Connection, what: str) -> None:
    assert not is_passing(await _raise(superuser, LASTING[what]))


async def test_a_statement_that_ran_out_of_time_passes(superuser: asyncpg.Connection) -> None:
    await superuser.execute("SET statement_timeout = '50ms'")
    with pytest.raises(asyncpg.QueryCanceledError) as raised:
        await superuser.execute("SELECT pg_sleep(5)")
    assert is_passing(raised.value)


async def test_a_value_that_cannot_be_sent_does_not_pass(superuser: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.DataError) as raised:
        await superuser.execute("SELECT $1::int", "no number")
    assert not is_passing(raised.value)


async def test_patience_ends(database: Database) -> None:
    async def full() -> None:
        raise asyncpg.DiskFullError("no space left on device")

    with pytest.raises(DatabaseAway):
        await patiently(full, patience_seconds=0.1)


async def test_what_may_be_left_out_is_when_the_database_is_away_but_a_mistake_of_ours_is_told(
    superuser: asyncpg.Connection,
) -> None:
    with passing_over("a lock that is not got"):
        await superuser.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '55P03'; END $$")
    with pytest.raises(asyncpg.UndefinedColumnError), passing_over("a column that was renamed"):
        await superuser.execute("SELECT renamed FROM jobs")
