"""A book that is there already: made once for all test processes, and copied with its database for every test.

Who takes these fixtures in place of those of the same name gets it from the first ``studio.make()``.
"""

import asyncio
import pickle
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from overprint.db.database import Database, open_database
from overprint.db.embedded import Lease
from tests.support.database import MakeOnce, TestDatabase, copy_database, database_like
from tests.support.studio import Made, Studio, open_studio

TEMPLATE = "made_book"


@pytest.fixture(scope="session")
def made(cluster: Lease, make_once: MakeOnce) -> Made:
    def make(file: Path) -> None:
        file.write_bytes(pickle.dumps(asyncio.run(_make(cluster))))

    book: Made = pickle.loads(make_once("made book", make).read_bytes())
    return book


async def _make(cluster: Lease) -> Made:
    urls = await copy_database(cluster, TEMPLATE)
    database = await open_database(urls.app, urls.system)
    try:
        async with open_studio(database, urls) as studio:
            book_id = await studio.make()
            blobs = [(info, await studio.storage.get(info.key)) async for info in studio.storage.list("")]
            return Made(TEMPLATE, studio.owner, book_id, blobs)
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
