"""What people wait for is found by an index, under row-level security and with plans that know no values."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.db.database import Database, Transaction
from overprint.db.embedded import Lease
from overprint.features.books import store as books
from overprint.features.jobs import store as jobs
from overprint.features.library import Wanted
from overprint.features.library import store as library
from overprint.features.photos import store as photos
from tests.support.database import TEMPLATE, TestDatabase, database_like
from tests.support.statements import statements

Listing = Callable[[Transaction], Awaitable[object]]

LISTS: dict[str, tuple[str, Listing]] = {
    "projects": ("projects", lambda t: library.list_projects(t, 50, None)),
    "later projects": ("projects", lambda t: library.list_projects(t, 50, new_id())),
    "assets": ("assets", lambda t: library.list_assets(t, 50, None, None, None, with_unsigned=False)),
    "later assets": ("assets", lambda t: library.list_assets(t, 50, new_id(), None, None, with_unsigned=True)),
    "jobs": ("jobs", lambda t: jobs.list_jobs(t.driver, 50, None, None)),
    "later jobs": ("jobs", lambda t: jobs.list_jobs(t.driver, 50, new_id(), "running")),
    "books": ("books", lambda t: books.list_books(t, 50, None)),
    "later books": ("books", lambda t: books.list_books(t, 50, new_id())),
    "works": ("books", lambda t: library.list_works(t, 50, None, Wanted())),
    "later works": ("books", lambda t: library.list_works(t, 50, new_id(), Wanted("fox"))),
    "films among works": ("videos", lambda t: library.list_works(t, 50, None, Wanted())),
    "photos": ("photos", lambda t: photos.list_photos(t, 50, None)),
    "later photos": ("photos", lambda t: photos.list_photos(t, 50, new_id())),
    "looks": ("photos", lambda t: photos.list_looks(t, 50)),
}


@pytest.fixture
async def database_urls(cluster: Lease) -> AsyncIterator[TestDatabase]:
    """One that was never used: a planner goes by what a table held before it was emptied."""
    async with database_like(cluster, TEMPLATE) as urls:
        yield urls


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_read_in_the_order_of_an_index_of_its_team(database: Database, name: str) -> None:
    table, listing = LISTS[name]
    async with database.transaction(new_id()) as transaction:
        async with statements(transaction) as sent:
            await listing(transaction)
        (query,) = [statement for statement in sent if "ORDER BY" in statement]
        # A table is empty here, so the planner has to be told that it is not worth reading as a whole.
        await transaction.driver.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        await transaction.driver.execute(f"PREPARE listing AS {query}")
        values = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", query))))
        plan = [row[0] for row in await transaction.driver.fetch(f"EXPLAIN (COSTS off) EXECUTE listing ({values})")]
    index = next(number for number, line in enumerate(plan) if f"ix_{table}_team_id_id on {table}" in line)
    assert "Index Scan Backward" in plan[index], plan
    condition = plan[index + 1].partition("Index Cond: ")[2]
    assert "team_id = " in condition, plan
    assert "id < " in condition or not name.startswith("later"), plan
    assert not any(re.match(r"\W*(Incremental )?Sort\b(?! Key)", line) for line in plan), plan


FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text AS referencing, c.confrelid::regclass::text AS referenced,
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid
               AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname))
               AND (i.indkey::int2[])[0:array_length(c.conkey, 1) - 1] @> c.conkey) AS is_indexed
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'
"""


async def test_deleting_a_row_finds_those_that_refer_to_it_by_an_index(database: Database) -> None:
    keys = await database.system.fetch(FOREIGN_KEYS)
    assert len(keys) >= 20
    assert {(key["referencing"], key["referenced"]) for key in keys if not key["is_indexed"]} == set()


async def test_only_a_closed_team_is_removed_and_only_by_the_system_role(database: Database) -> None:
    team_id = new_id()
    await database.system.execute("INSERT INTO teams (id, name, slug) VALUES ($1, 'x', 'x')", team_id)
    async with database.transaction(team_id) as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.driver.execute("DELETE FROM teams")
    with pytest.raises(asyncpg.RestrictViolationError, match="closed before"):
        await database.system.execute("DELETE FROM teams")
    await database.system.execute("UPDATE teams SET closed_at = now()")
    assert await database.system.execute("DELETE FROM teams") == "DELETE 1"
