"""A network that swallows everything and tells nobody: no connection waits for ever, and the next one works."""

import asyncio
import time

import pytest

from overprint.core.ids import new_id
from overprint.core.tasks import Background
from overprint.db.connections import connect, open_pool
from overprint.db.database import is_passing, open_database
from overprint.engine.signals import Listener
from tests.support.database import TestDatabase
from tests.support.proxy import network_to

ANSWER_SECONDS = 0.5


async def test_a_statement_that_nobody_answers_fails_in_its_time_and_the_next_has_a_new_connection(
    database_urls: TestDatabase,
) -> None:
    async with network_to(database_urls.system) as network:
        pool = await open_pool(network.url, size=1, answer_seconds=ANSWER_SECONDS)
        assert await pool.fetchval("SELECT 1") == 1
        network.fall_silent()
        began = time.monotonic()
        with pytest.raises(TimeoutError) as silence:
            await pool.fetchval("SELECT 1")
        assert await pool.fetchval("SELECT 2") == 2
        assert time.monotonic() - began < 10
        assert is_passing(silence.value)
        await pool.close()


async def test_a_transaction_on_a_silent_network_ends_and_leaves_the_pool_usable(database_urls: TestDatabase) -> None:
    async with network_to(database_urls.app) as network:
        database = await open_database(network.url, database_urls.system, pool_size=1, answer_seconds=ANSWER_SECONDS)
        with pytest.raises(TimeoutError):
            async with database.transaction(new_id()) as transaction:
                network.fall_silent()
                await transaction.driver.fetchval("SELECT 1")
        async with database.transaction(new_id()) as transaction:
            assert await transaction.driver.fetchval("SELECT 2") == 2
        await database.aclose()


async def test_the_connection_of_a_queue_that_is_not_answered_breaks(database_urls: TestDatabase) -> None:
    async with network_to(database_urls.system) as network:
        connection = await connect(network.url, answer_seconds=ANSWER_SECONDS)
        broken = asyncio.Event()
        connection.add_termination_listener(lambda _: broken.set())
        network.fall_silent()
        with pytest.raises(TimeoutError):
            await connection.fetchval("SELECT 1")
        await asyncio.wait_for(broken.wait(), 10)


async def test_a_listener_notices_that_nothing_reaches_it_and_connects_again(database_urls: TestDatabase) -> None:
    async with network_to(database_urls.system) as network, Background() as background:
        listener = Listener(network.url, check_seconds=ANSWER_SECONDS)
        background.begin("The listener", listener.run())
        await listener.wait(0)
        assert network.connections == 1
        network.fall_silent()
        async with asyncio.timeout(20):
            while network.connections == 1:
                await asyncio.sleep(0.05)
