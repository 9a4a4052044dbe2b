"""A real PostgreSQL for tests: one throw-away cluster for the whole run, and databases in it that are like new.

Tests that start, kill or keep a server of their own have a copy of a whole data folder, which is made once as well.
"""

import asyncio
import fcntl
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
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
from tests.support.clerk import clerk_at
from tests.support.connections import Connections
from tests.support.emptying import Seeds, empty, seeds_of

TEMPLATE = "overprint_template"
STOPPED_WITHIN_SECONDS = 30.0


class TestDatabase:
    """URLs of one database, by role."""

    __test__ = False

    def __init__(self, superuser: str, owner: str, app: str, system: str) -> None:
        self._superuser, self._owner = superuser, owner
        self.app, self.system = app, system
        self.has_more_than_rows_changed = False
        """Whether somebody asked for who may change more than rows."""
        self.connections: Connections | None = None
        """Those that stay, if tests use it one after the other."""

    @property
    def superuser(self) -> str:
        self.has_more_than_rows_changed = True
        return self._superuser

    @property
    def owner(self) -> str:
        self.has_more_than_rows_changed = True
        return self._owner


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _name_of(urls: TestDatabase) -> str:
    return str(make_url(urls.app).database)


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


async def copy_database(cluster: Lease, name: str, template: str = TEMPLATE) -> TestDatabase:
    """A database like ``template``, to which nobody may be connected."""
    urls = cluster.ensure()
    # Copying files takes half of what copying page by page through the log does.
    statement = f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY FILE_COPY"
    await clerk_at(urls.superuser).execute(statement)
    return TestDatabase(*(_named(url, name) for url in (urls.superuser, urls.owner, urls.app, urls.system)))


async def drop_database(cluster: Lease, urls: TestDatabase) -> None:
    await clerk_at(cluster.ensure().superuser).execute(f"DROP DATABASE IF EXISTS {_name_of(urls)} WITH (FORCE)")


@asynccontextmanager
async def database_like(cluster: Lease, template: str) -> AsyncIterator[TestDatabase]:
    """One of its own, which is dropped in the end."""
    urls = await copy_database(cluster, f"test_{uuid4().hex[:12]}", template)
    yield urls
    await drop_database(cluster, urls)


class Databases:
    """Copies of the template, which tests use one after the other."""

    def __init__(self, cluster: Lease) -> None:
        self._cluster = cluster
        self._spare: list[TestDatabase] = []
        self._seeds: Seeds = {}

    async def take(self) -> TestDatabase:
        """One that is like new."""
        if self._spare:
            return self._spare.pop()
        new = await copy_database(self._cluster, f"test_{uuid4().hex[:12]}")
        new.connections = Connections(new.app, new.system)
        self._seeds = self._seeds or await seeds_of(self._superuser_of(new))
        return new

    async def give_back(self, used: TestDatabase) -> None:
        """It is emptied for the next one, unless more than its rows may have changed."""
        assert used.connections is not None, "it was not taken here"
        staying = await used.connections.clean()
        if not used.has_more_than_rows_changed and await empty(self._superuser_of(used), self._seeds, staying):
            self._spare.append(used)
        else:
            await used.connections.close()
            await drop_database(self._cluster, used)

    async def close(self) -> None:
        """They go with their cluster; the connections to them go before."""
        for urls in self._spare:
            assert urls.connections is not None
            await urls.connections.close()

    def _superuser_of(self, urls: TestDatabase) -> str:
        return _named(self._cluster.urls.superuser, _name_of(urls))


@asynccontextmanager
async def connected(urls: TestDatabase) -> AsyncIterator[Database]:
    """A connection to it as the app and system roles, while the block runs or for longer."""
    if urls.connections is not None:
        yield await urls.connections.database()
        return
    opened = await open_database(urls.app, urls.system)
    try:
        yield opened
    finally:
        await opened.aclose()


@pytest.fixture(scope="session")
async def databases(cluster: Lease) -> AsyncIterator[Databases]:
    databases = Databases(cluster)
    yield databases
    await databases.close()


@pytest.fixture
async def database_urls(databases: Databases) -> AsyncIterator[TestDatabase]:
    """A migrated database in which nothing is."""
    urls = await databases.take()
    yield urls
    await databases.give_back(urls)


@pytest.fixture
async def database(database_urls: TestDatabase) -> AsyncIterator[Database]:
    """A connection to it as the app and system roles."""
    async with connected(database_urls) as opened:
        yield opened
