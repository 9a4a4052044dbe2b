"""Connections that come after a test are like new ones, or are new ones, and nobody goes on working after a test."""

import asyncio
import contextlib

from overprint.db.database import Database
from tests.support.database import Databases, TestDatabase
from tests.support.leavings import end_all

# Limits that are not those of new connections, a lock, a channel that is listened to, and a table of the session's own.
TRACES = """
SET statement_timeout = '7s'; SELECT pg_advisory_lock(7); LISTEN news; CREATE TEMP TABLE mine (id int)
"""
STATE = """
SELECT pg_backend_pid() AS server, current_setting('statement_timeout') AS limit,
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
       (SELECT count(*) FROM pg_listening_channels()) AS channels, to_regclass('pg_temp.mine')::text AS mine
"""


async def connected(urls: TestDatabase) -> Database:
    assert urls.connections is not None
    return await urls.connections.database()


async def test_connections_stay_and_what_a_test_left_on_them_does_not(databases: Databases) -> None:
    used = await databases.take()
    pool = (await connected(used)).system
    new = await pool.fetchrow(STATE)
    await pool.execute(TRACES)
    assert await pool.fetchrow(STATE) != new
    await databases.give_back(used)
    again = await databases.take()
    assert again is used
    assert await (await connected(again)).system.fetchrow(STATE) == new
    await databases.give_back(again)


async def test_connections_that_somebody_still_uses_do_not_stay(databases: Databases) -> None:
    used = await databases.take()
    database = await connected(used)
    async with contextlib.AsyncExitStack() as stack:
        held = await stack.enter_async_context(database.system.acquire())
        server = held.get_server_pid()
        await databases.give_back(used)
        again = await databases.take()
        assert again is used
        assert await (await connected(again)).system.fetchval("SELECT pg_backend_pid()") != server
        await databases.give_back(again)


async def test_who_goes_on_after_a_test_is_ended_and_named() -> None:
    async def forgotten() -> None:
        await asyncio.sleep(60)

    task = asyncio.create_task(forgotten())
    assert [name for name in await end_all(patience_seconds=0.01) if "forgotten" in name]
    assert task.cancelled()
    assert await end_all() == []
