"""A database that comes after a test is like a new one, or is a new one."""

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.db.database import open_database
from tests.support.database import Databases, TestDatabase
from tests.support.emptying import KEPT_BYTES

SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


NEW_PRICE = """
INSERT INTO plans (key, version, name, daily_jobs, monthly_credits, storage_bytes, weight, features, price_cents,
                   currency, is_offered)
SELECT key, version + 1, name, daily_jobs, monthly_credits, storage_bytes, weight, features, 1, currency, is_offered
FROM plans WHERE key = 'pro'
"""


async def held_in(urls: TestDatabase) -> dict[str, object]:
    """How many rows each table has, and where each sequence is."""
    connection = await asyncpg.connect(urls.superuser)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        counts = [(name, await connection.fetchval(f'SELECT count(*) FROM "{name}"')) for (name,) in tables]
        return dict(counts) | dict(await connection.fetch(SEQUENCES))
    finally:
        await connection.close()


async def use(urls: TestDatabase) -> None:
    """As tests do: rows that others refer to and that may not be deleted, a long table, and a connection left open."""
    database = await open_database(urls.app, urls.system)
    team_id = new_id()
    await database.system.execute("INSERT INTO teams (id, name, slug) VALUES ($1, 'Test', 'test')", team_id)
    left = await asyncpg.connect(urls.system)
    await left.execute("BEGIN; LOCK TABLE teams IN SHARE MODE")
    await database.system.execute(
        "INSERT INTO pgqueuer (team_id, priority, status, entrypoint) SELECT $1, 0, 'queued', repeat('x', 100)"
        " FROM generate_series(1, $2::int)",
        team_id,
        KEPT_BYTES // 100,
    )
    await database.aclose()


async def test_what_a_test_leaves_is_gone_for_the_next(databases: Databases) -> None:
    new = await databases.take()
    await use(new)
    await databases.give_back(new)
    again = await databases.take()
    assert again is new
    never_used = await databases.take()
    assert await held_in(again) == await held_in(never_used)
    for urls in (again, never_used):
        await databases.give_back(urls)


@pytest.mark.parametrize("role", ["superuser", "owner"])
async def test_where_more_than_rows_may_have_changed_nobody_comes_after(databases: Databases, role: str) -> None:
    used = await databases.take()
    assert getattr(used, role)
    await databases.give_back(used)
    another = await databases.take()
    assert another is not used
    await databases.give_back(another)


async def test_where_a_plan_was_added_nobody_comes_after(databases: Databases) -> None:
    used = await databases.take()
    connection = await asyncpg.connect(used.system)
    await connection.execute(NEW_PRICE)
    await connection.close()
    await databases.give_back(used)
    another = await databases.take()
    assert another is not used
    await databases.give_back(another)
