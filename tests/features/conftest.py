"""A studio for the rooms' tests."""

from collections.abc import AsyncIterator

import pytest

from overprint.db.database import Database
from tests.support.database import TestDatabase
from tests.support.studio import Studio, open_studio


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls) as opened:
        yield opened
