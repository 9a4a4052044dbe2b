"""Who takes a team's rows in which order: whatever is done at once, nobody waits for somebody who waits for them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import pytest

from overprint.core.codec import encode
from overprint.core.files import FileKind, StoredFile
from overprint.core.ids import new_id
from overprint.db.database import Database, Transaction
from overprint.features.billing import FREE
from tests.features.billing.test_jobs import PRICED, PRICES
from tests.features.jobs.tiny import KIND, Tiny
from tests.support.database import TestDatabase
from tests.support.statements import until_it_waits
from tests.support.studio import Studio, open_studio


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, pipeline=PRICED, prices=PRICES, plan=FREE) as opened:
        yield opened


async def test_what_is_brought_from_elsewhere_and_a_step_that_ends_do_not_wait_for_each_other(studio: Studio) -> None:
    """A step's end holds the purse, and then the count of bytes."""
    file = StoredFile("k/1", "1" * 64, 5, "image/png", FileKind.IMAGE, "a.png")
    async with studio.transaction() as transaction:
        await studio.credits.books.hold_purse(transaction)
        await studio.library.keep_files(transaction, studio.owner, new_id(), [("a", file)], await _now(transaction))

    async def bring() -> None:
        async with studio.transaction() as transaction:
            stored_at = await _now(transaction)
            await studio.library.keep_files(transaction, studio.owner, new_id(), [("b", file)], stored_at)
            await studio.credits.books.hold_purse(transaction)

    async with studio.transaction() as ending:
        await studio.credits.books.hold_purse(ending)
        waiting = asyncio.create_task(bring())
        await until_it_waits(studio.engine.database, waiting)
        await ending.driver.execute("UPDATE storage_usage SET used_bytes = used_bytes + 1")
    await waiting


async def _now(transaction: Transaction) -> datetime:
    now = await transaction.driver.fetchval("SELECT clock_timestamp()")
    assert isinstance(now, datetime)
    return now


async def test_whoever_stops_all_of_a_team_and_a_step_that_ends_do_not_wait_for_each_other(studio: Studio) -> None:
    """A step's end holds its job, and then the purse."""
    jobs = [await _submit(studio, name) for name in ("fox", "owl")]

    async def stop() -> None:
        async with studio.transaction() as transaction:
            await studio.jobs.cancel_all(transaction, studio.owner)

    async with studio.transaction() as ending:
        await ending.driver.execute("SELECT FROM jobs WHERE id = $1 FOR UPDATE", max(jobs))
        waiting = asyncio.create_task(stop())
        await until_it_waits(studio.engine.database, waiting)
        await studio.credits.books.hold_purse(ending)
    await waiting
    async with studio.transaction() as transaction:
        assert {job["state"] for job in await studio.jobs.list_jobs(transaction)} == {"cancelled"}
    assert await studio.credits.find_drift() == []


async def _submit(studio: Studio, name: str) -> UUID:
    async with studio.transaction() as transaction:
        job = await studio.jobs.submit(transaction, studio.owner, KIND, encode(Tiny(name)))
    assert isinstance(job["id"], UUID)
    return job["id"]
