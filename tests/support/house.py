"""The whole house over a test database: real rooms, real storage, real workers, in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from overprint.adapters.identity.embedded import Argon2Passwords
from overprint.adapters.text.embedded import EmbeddedWriter
from overprint.main.making import working
from overprint.ports.compute import ComputePort
from overprint.settings import Settings, load
from overprint.wiring import DatabaseAddress, House, open_house
from overprint.wiring.web import web_app
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase, connected

# Real hashes at four hundredths of a millisecond, not at twenty-four: what they cost is a test of its own.
CHEAP_PASSWORDS = Argon2Passwords(time_cost=1, memory_kib=8)


def settings_in(data_dir: Path, **variables: str) -> Settings:
    """Settings that no variable of this machine changes; one child draws and sets, as in ``command_line``."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return load(data_dir, env={"OVERPRINT_WORKER_CPU": "1", **variables})


@asynccontextmanager
async def house_on(
    database_urls: TestDatabase,
    data_dir: Path,
    *,
    works: bool = True,
    compute: ComputePort | None = None,
    **variables: str,
) -> AsyncIterator[House]:
    """A house; ``works``: with a worker in it. ``compute`` does the heavy work, if not child processes of its own."""
    address = DatabaseAddress(database_urls.app, database_urls.system)
    async with (
        connected(database_urls) as database,
        open_house(settings_in(data_dir, **variables), address, compute=compute, database=database) as house,
    ):
        if works:
            async with working(house):
                yield house
        else:
            yield house


def writes_with(house: House, delay_seconds: float) -> None:
    """From now on the embedded writer takes so long over every few words, as one that is far away would."""
    writer = house.ports.text
    assert isinstance(writer, EmbeddedWriter)
    writer._delay_seconds = delay_seconds


@asynccontextmanager
async def client_of(house: House, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """An API client that speaks to the application without a socket, as if from this address."""
    transport = httpx.ASGITransport(web_app(house, passwords=CHEAP_PASSWORDS), client=(address, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=120) as client:
        yield client


@pytest.fixture
async def house(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """What it draws and sets it does in this process: a child takes a second to start, and remembers nothing."""
    async with house_on(database_urls, tmp_path / "data", compute=RememberingCompute()) as opened:
        yield opened


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(house) as opened:
        yield opened
