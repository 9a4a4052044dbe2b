"""A book that is there already: made once in each test process, and copied with its database for every test.

Who takes these fixtures in place of those of the same name gets it from the first ``studio.make()``.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from overprint.db.database import Database, open_database
from overprint.db.embedded import Lease
from tests.support.database import TestDatabase, copy_database, database_like
from tests.support.studio import Made, Studio, open_studio


@pytest.fixture(scope="session")
def made(cluster: Lease) -> Made:
    return asyncio.run(_make(cluster, f"made_{uuid4().hex[:12]}"))


async def _make(cluster: Lease, name: str) -> Made:
    urls = await copy_database(cluster, name)
    database = await open_database(urls.app, urls.system)
    try:
        async with open_studio(database, urls) as studio:
            book_id = await studio.make()
            blobs = [(info, await studio.storage.get(info.key)) async for info in studio.storage.list("")]
            return Made(name, studio.owner, book_id, blobs)
    finally:
        await database.aclose()


@pytest.fixture
async def database_urls(cluster: Lease, made: Made) -> AsyncIterator[TestDatabase]:
    """A database with the book in it."""
    async with database_like(cluster, made.template) as urls:
        yield urls


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase, made: Made) -> AsyncIterator[Studio]:
    """A studio with the book in it."""
    async with open_studio(database, database_urls, made=made) as opened:
        yield opened
