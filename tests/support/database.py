"""A real PostgreSQL for tests: one throw-away cluster for the whole run, one migrated template, one copy a test.

Tests that start, kill or keep a server of their own have a copy of a whole data folder, which is made once as well.
"""

import asyncio
import fcntl
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from overprint.db.database import Database, open_database
from overprint.db.embedded import Lease, new_cluster
from overprint.db.embedded.processes import servers_inside
from overprint.db.embedded.roles import APP, OWNER, SYSTEM
from overprint.db.migrate import migrate

TEMPLATE = "overprint_template"
STOPPED_WITHIN_SECONDS = 30.0


@dataclass(frozen=True)
class TestDatabase:
    """URLs of one database, by role."""

    __test__ = False

    superuser: str
    owner: str
    app: str
    system: str


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Lease]:
    """One server for all test processes of this run; it stops with the last of them."""
    shared = _shared(tmp_path_factory, worker_id)
    with new_cluster(shared / "cluster", grace_seconds=2.0) as lease:
        with _one_at_a_time(shared / "template.lock"):
            asyncio.run(_make_template(lease, shared / "template.done"))
        yield lease


def _shared(factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that all test processes of this run have in common."""
    base = factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


MakeOnce = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MakeOnce:
    """Makes what all test processes of this run copy: the first of them that asks for a name fills its folder."""
    shared = _shared(tmp_path_factory, worker_id)

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with _one_at_a_time(shared / f"{name}.lock"):
            if not done.exists():
                make(folder)
                done.touch()
        return folder

    return made


@contextmanager
def cluster_that_stops(data: Path) -> Iterator[Lease]:
    """A database in ``data`` that has stopped when the block has ended, so that it can be copied."""
    with new_cluster(data) as lease:
        yield lease
    _wait_until_stopped(data)


@pytest.fixture(scope="session")
def empty_home(make_once: MakeOnce) -> Path:
    """A data folder to be copied with ``home_like``: its database is migrated, holds nothing, and does not run."""

    def make(home: Path) -> None:
        with cluster_that_stops(home) as lease:
            asyncio.run(migrate(lease.urls.owner, app_role=APP, system_role=SYSTEM))

    return make_once("empty home", make)


def home_like(stopped: Path, data: Path) -> Path:
    """``data``, which becomes a copy of a data folder that nobody uses. It takes a tenth of the time to make one."""
    return Path(shutil.copytree(stopped, data, ignore=lambda folder, _: {"run"} if Path(folder) == stopped else set()))


def _wait_until_stopped(data: Path) -> None:
    deadline = time.monotonic() + STOPPED_WITHIN_SECONDS
    while servers_inside(data / "pg") or (data / "run" / "holder.sock").exists():
        assert time.monotonic() < deadline, "the database does not stop"
        time.sleep(0.02)


async def _make_template(lease: Lease, done: Path) -> None:
    if done.exists():
        return
    connection = await asyncpg.connect(lease.urls.superuser)
    try:
        await connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
    finally:
        await connection.close()
    await migrate(_named(lease.urls.owner, TEMPLATE), app_role=APP, system_role=SYSTEM)
    done.touch()


class _Clerk:
    """Makes and drops databases over one connection, on a loop of its own: tests have a loop each, and a connection
    for each of them took half of the time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._connection: asyncpg.Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    async def execute(self, statement: str) -> None:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._execute(statement), self._loop))

    async def _execute(self, statement: str) -> None:
        async with self._one_at_a_time:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._url)
            await self._connection.execute(statement)


_clerk_at = cache(_Clerk)


async def copy_database(cluster: Lease, name: str, template: str = TEMPLATE) -> TestDatabase:
    """A database like ``template``, to which nobody may be connected."""
    urls = cluster.ensure()
    # Copying files takes half of what copying page by page through the log does.
    statement = f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY FILE_COPY"
    await _clerk_at(urls.superuser).execute(statement)
    return TestDatabase(*(_named(url, name) for url in (urls.superuser, urls.owner, urls.app, urls.system)))


@asynccontextmanager
async def database_like(cluster: Lease, template: str = TEMPLATE) -> AsyncIterator[TestDatabase]:
    """One of its own, which is dropped in the end."""
    name = f"test_{uuid4().hex[:12]}"
    yield await copy_database(cluster, name, template)
    await _clerk_at(cluster.ensure().superuser).execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
async def database_urls(cluster: Lease) -> AsyncIterator[TestDatabase]:
    """A fresh, migrated database of its own."""
    async with database_like(cluster) as urls:
        yield urls


@pytest.fixture
async def database(database_urls: TestDatabase) -> AsyncIterator[Database]:
    """A connection to it as the app and system roles."""
    opened = await open_database(database_urls.app, database_urls.system)
    yield opened
    await opened.aclose()
