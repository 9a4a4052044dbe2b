"""Steps and their paid answers outlast a database that is full, short of memory, out of time or read-only."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from overprint.db.database import Database
from overprint.engine.job import JobState
from tests.support.database import TestDatabase
from tests.support.engine import open_engine
from tests.support.journal import Journal
from tests.support.paid import PaidText, Task, paid_pipeline, paid_ports

# A sequence counts on when the transaction that raised is rolled back, so the fault comes so many times and is mended.
FAULTS = """
CREATE SEQUENCE faults;
GRANT USAGE ON SEQUENCE faults TO PUBLIC;
CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('faults') <= 3 THEN RAISE EXCEPTION 'a fault' USING ERRCODE = '{code}'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fault BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NEW.state IN ('answered', 'completed'))
    EXECUTE FUNCTION fault();
"""


@pytest.fixture
async def superuser(database_urls: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_urls.superuser)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", ["step_calls", "steps"])
@pytest.mark.parametrize("code", ["53100", "53200", "57014", "25006"])
async def test_an_answer_that_was_paid_for_and_its_step_outlast_it(
    database: Database,
    database_urls: TestDatabase,
    superuser: asyncpg.Connection,
    journal: Journal,
    table: str,
    code: str,
) -> None:
    await superuser.execute(FAULTS.format(code=code, table=table))
    ports = paid_ports(PaidText(journal))
    async with open_engine(database, database_urls.system, paid_pipeline(), ports=ports) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        assert await engine.ended(job) is JobState.COMPLETED
        step = (await engine.steps(job))["only"]
    assert await superuser.fetchval("SELECT last_value FROM faults") > 3
    assert (journal.count("asked"), step["attempt"], step["tries"], step["cost_microdollars"]) == (1, 1, 0, 500)


async def test_a_database_that_refuses_writes_for_a_while_loses_nothing(
    database: Database, database_urls: TestDatabase, superuser: asyncpg.Connection, journal: Journal
) -> None:
    """As when a standby takes over: connections break, and the new ones may only read at first."""
    name = await superuser.fetchval("SELECT current_database()")
    hold = asyncio.Event()
    ports = paid_ports(PaidText(journal, hold=hold))
    async with open_engine(database, database_urls.system, paid_pipeline(), ports=ports) as engine, engine.worker():
        job = await engine.submit(Task("a"))
        await engine.until(job, "only", "running")
        async with asyncio.timeout(10):
            while not journal.count("asked"):
                await asyncio.sleep(0.01)
        await superuser.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        await _break_connections(superuser)
        hold.set()
        await asyncio.sleep(1.0)
        assert await superuser.fetchval("SELECT state FROM step_calls") == "begun"
        await superuser.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        await _break_connections(superuser)
        async with asyncio.timeout(30):
            while await superuser.fetchval("SELECT state FROM jobs") != JobState.COMPLETED:
                await asyncio.sleep(0.05)
    assert (journal.count("asked"), journal.count("body")) == (1, 1)


async def _break_connections(superuser: asyncpg.Connection) -> None:
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
