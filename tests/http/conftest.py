"""A house with nobody at work in it: for what is answered at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from overprint.wiring import House
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on


@pytest.fixture
async def quiet_house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    async with house_on(database_urls, tmp_path / "data", works=False) as opened:
        yield opened


@pytest.fixture
async def desk(quiet_house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it."""
    async with client_of(quiet_house) as opened:
        yield opened
