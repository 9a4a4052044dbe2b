"""A database as it was when it was made: a tenth of what a new copy takes to make and to drop."""

from collections.abc import Sequence
from functools import reduce

import asyncpg

from tests.support.clerk import clerk_at

# A table keeps its length when its rows go; one that is longer than this is cut off, which takes longer.
KEPT_BYTES = 64 * 1024
EMPTIED_WITHIN_SECONDS = 10.0

# No trigger runs and no key is followed: all that is left goes. Who else is still connected can only be in the way.
_EMPTY = """
DO $$
DECLARE
    used record;
BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL ('{STAYING}');
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


Seeds = dict[str, str]
"""A digest of what each table holds that holds something from the beginning."""


async def empty(superuser_url: str, seeds: Seeds, staying: Sequence[int] = ()) -> bool:
    """Whether all that was written into the database is gone, and what was there from the beginning is as it was.

    ``staying``: the server's processes of connections that nobody uses.
    """
    values = {"SEEDED": ",".join(seeds), "KEPT_BYTES": str(KEPT_BYTES), "STAYING": ",".join(map(str, staying))}
    statement = reduce(lambda text, value: text.replace(*value), values.items(), _EMPTY)

    async def emptied(connection: asyncpg.Connection) -> bool:
        await connection.execute(statement, timeout=EMPTIED_WITHIN_SECONDS)
        return await _digests(connection, list(seeds)) == seeds

    try:
        return await clerk_at(superuser_url).work(emptied)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


async def seeds_of(superuser_url: str) -> Seeds:
    """What a new database holds."""
    return await clerk_at(superuser_url).work(_seeds)


async def _seeds(connection: asyncpg.Connection) -> Seeds:
    tables = await connection.fetch("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    return await _digests(connection, [name for (name,) in tables])


async def _digests(connection: asyncpg.Connection, tables: list[str]) -> Seeds:
    digest = "md5(string_agg(seed::text, '' ORDER BY seed::text))"
    each = [f"SELECT '{name}', {digest} FROM \"{name}\" AS seed" for name in tables]
    return {name: found for name, found in await connection.fetch(" UNION ALL ".join(each)) if found}
