"""Teams are kept apart by the database itself, on every table that has a team."""

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.core.problems import Unavailable
from overprint.db.database import Database, open_database
from tests.support.database import TestDatabase

SHARED = {
    "alembic_version",
    "people",
    "pgqueuer",
    "pgqueuer_log",
    "pgqueuer_schedules",
    "pgqueuer_statistics",
    "provider_pauses",
    "provider_slots",
    "rate_buckets",
}
TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""


async def test_every_table_is_under_forced_row_level_security_or_listed_as_shared(database: Database) -> None:
    tables = {row["relname"]: row for row in await database.system.fetch(TABLES)}
    assert {name for name, row in tables.items() if not row["is_forced"]} == SHARED
    assert all(row["policies"] >= 1 for name, row in tables.items() if name not in SHARED)


async def test_another_team_sees_and_changes_nothing_anywhere(database: Database, database_urls: TestDatabase) -> None:
    owner, stranger = new_id(), new_id()
    superuser = await asyncpg.connect(database_urls.superuser)
    filled = await _fill_every_table(superuser, owner)
    async with database.transaction(stranger) as transaction:
        for table in filled:
            assert await transaction.driver.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    for table in filled - {"audit_log", "teams"}:
        async with database.transaction(stranger) as transaction:
            assert await transaction.driver.execute(f"DELETE FROM {table}") == "DELETE 0", table
    async with database.transaction(owner) as transaction:
        for table in filled:
            assert await transaction.driver.fetchval(f"SELECT count(*) FROM {table}") == 1, table
    await superuser.close()


async def _fill_every_table(superuser: asyncpg.Connection, team: object) -> set[str]:
    """One row in each tenant table, with defaults by type, foreign keys off."""
    await superuser.execute("SET session_replication_role = replica")
    tables = {row["relname"] for row in await superuser.fetch(TABLES)} - SHARED
    for table in tables:
        columns = await superuser.fetch(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1"
            " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            table,
        )
        values = {row["column_name"]: _value(table, row["column_name"], row["data_type"], team) for row in columns}
        await superuser.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})")
    return tables


def _value(table: str, column: str, data_type: str, team: object) -> str:
    if column == "team_id" or (table, column) == ("teams", "id"):
        return f"'{team}'"
    known = {"state": {"books": "'making'", "step_calls": "'begun'"}.get(table, "'completed'"), "kind": "'other'"}
    if column in known:
        return known[column]
    if column == "role":
        return "'member'"
    return {"uuid": "gen_random_uuid()", "text": "'x'", "jsonb": "'{}'", "boolean": "false"}.get(data_type, "1")


async def test_without_a_team_the_app_role_sees_nothing(database_urls: TestDatabase) -> None:
    connection = await asyncpg.connect(database_urls.app)
    assert await connection.fetchval("SELECT count(*) FROM jobs") == 0
    await connection.close()


async def test_the_audit_log_cannot_be_changed_by_the_app_role(database: Database) -> None:
    async with database.transaction(new_id()) as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.driver.execute("UPDATE audit_log SET action = 'x'")


async def test_a_superuser_is_refused_as_the_app_role(database_urls: TestDatabase) -> None:
    with pytest.raises(Unavailable, match="row-level security"):
        await open_database(database_urls.superuser, database_urls.system)


async def test_a_rolled_back_transaction_tells_nobody(database: Database) -> None:
    told: list[str] = []
    with pytest.raises(RuntimeError):
        async with database.transaction(new_id()) as transaction:
            transaction.after_commit(lambda: told.append("committed"))
            raise RuntimeError
    assert told == []
