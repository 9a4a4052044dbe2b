"""A real PostgreSQL for tests: one throw-away cluster for the whole run, one migrated template, one copy a test."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from overprint.db.database import Database, open_database
from overprint.db.embedded import Lease, new_cluster
from overprint.db.embedded.roles import APP, OWNER, SYSTEM
from overprint.db.migrate import migrate

TEMPLATE = "overprint_template"


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
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with new_cluster(shared / "cluster", grace_seconds=2.0) as lease:
        with (shared / "template.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            asyncio.run(_make_template(lease, shared / "template.done"))
        yield lease


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


@pytest.fixture
async def database_urls(cluster: Lease) -> AsyncIterator[TestDatabase]:
    """A fresh, migrated database of its own."""
    name = f"test_{uuid4().hex[:12]}"
    urls = cluster.ensure()
    connection = await asyncpg.connect(urls.superuser)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
        yield TestDatabase(*(_named(url, name) for url in (urls.superuser, urls.owner, urls.app, urls.system)))
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
async def database(database_urls: TestDatabase) -> AsyncIterator[Database]:
    """A connection to it as the app and system roles."""
    opened = await open_database(database_urls.app, database_urls.system)
    yield opened
    await opened.aclose()
