"""A database as it was when it was made: a tenth of what a new copy takes to make and to drop."""

import asyncpg

from tests.support.clerk import clerk_at

# A table keeps its length when its rows go; one that is longer than this is cut off, which takes longer.
KEPT_BYTES = 64 * 1024
EMPTIED_WITHIN_SECONDS = 10.0

# No trigger runs and no key is followed: all that is left goes. Who is still connected can only be in the way.
_EMPTY = """
DO $$
DECLARE
    used record;
BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR used IN
        SELECT oid::regclass AS name, pg_relation_size(oid) AS size_bytes FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
          AND relname <> ALL ('{SEEDED}')
    LOOP
        IF used.size_bytes > KEPT_BYTES THEN
            EXECUTE format('TRUNCATE %s CASCADE', used.name);
        ELSE
            EXECUTE format('DELETE FROM %s', used.name);
        END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


async def empty(superuser_url: str, seeded: frozenset[str]) -> bool:
    """Whether all that was written into the database is gone. What is ``seeded`` nobody but its owner can change."""
    statement = _EMPTY.replace("SEEDED", ",".join(sorted(seeded))).replace("KEPT_BYTES", str(KEPT_BYTES))
    try:
        await clerk_at(superuser_url).work(lambda at: at.execute(statement, timeout=EMPTIED_WITHIN_SECONDS))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


async def seeded_tables(superuser_url: str) -> frozenset[str]:
    """The tables of a new database that hold something."""
    return frozenset(await clerk_at(superuser_url).work(_filled))


async def _filled(connection: asyncpg.Connection) -> list[str]:
    tables = await connection.fetch("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    return [name for (name,) in tables if await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{name}")')]
