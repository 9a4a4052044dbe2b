"""Hub, poker and listener live on, whatever the database says to them."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping, Sequence
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from overprint.core.tasks import Background
from overprint.db.database import Database
from overprint.engine.signals import Listener, Poker
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline


@pytest.fixture
async def engine(database: Database, database_urls: TestDatabase) -> AsyncIterator[Engine]:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as opened:
        yield opened


async def _until_told(lines: Sequence[MutableMapping[str, Any]], what: str, why: str) -> None:
    """Until the log says so."""
    async with asyncio.timeout(20):
        while not any(line["event"].startswith(what) and why in line.get("error", "") for line in lines):
            await asyncio.sleep(0.01)


@pytest.fixture
async def superuser(database_urls: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_urls.superuser)
    yield connection
    await connection.close()


async def test_the_hub_reads_again_when_it_was_refused_for_a_while(
    engine: Engine, superuser: asyncpg.Connection
) -> None:
    """Not even an error that does not pass by itself ends it: somebody may mend what was broken."""
    job = await engine.submit(Order("a", width=2))
    seen: list[int] = []

    async def watch() -> None:
        async for event in engine.hub.watch(job.id):
            seen.append(event.seq)

    watching = asyncio.create_task(watch())
    while not seen:
        await asyncio.sleep(0.01)
    with capture_logs() as lines:
        await superuser.execute("ALTER TABLE events RENAME TO lost")
        await _until_told(lines, "the event hub could not read", "does not exist")
    await superuser.execute("ALTER TABLE lost RENAME TO events")
    async with engine.worker():
        await asyncio.wait_for(watching, 20)
    assert seen == [event.seq for event in await engine.events(job)]


async def test_poker_and_listener_begin_anew_when_they_were_refused_for_a_while(
    database: Database, database_urls: TestDatabase, superuser: asyncpg.Connection
) -> None:
    poker, listener = Poker(database.system), Listener(database_urls.system)
    async with Background() as background:
        background.begin("The poker", poker.run())
        background.begin("The listener", listener.run())
        heard = await listener.wait(0)
        # Of this one database: tests beside this one use the same roles.
        name = await superuser.fetchval("SELECT current_database()")
        await superuser.execute(f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC, overprint_system')
        try:
            with capture_logs() as lines:
                await _break_connections(superuser)
                poker.poke()
                for who in ("the poker", "the listener"):
                    await _until_told(lines, who, "permission denied")
        finally:
            await superuser.execute(f'GRANT CONNECT ON DATABASE "{name}" TO PUBLIC')

        async def hear_a_poke() -> None:
            """Quicker than the poll of half a second, five times in a row."""
            nonlocal heard
            quick = 0
            while quick < 5:
                heard = await listener.wait(heard)
                poker.poke()
                began = asyncio.get_running_loop().time()
                heard = await listener.wait(heard)
                quick = quick + 1 if asyncio.get_running_loop().time() - began < 0.3 else 0

        await background.guard(asyncio.wait_for(hear_a_poke(), 20))


async def _break_connections(superuser: asyncpg.Connection) -> None:
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
