"""The migrations and the rooms' tables say the same thing."""

import asyncio

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

import overprint.engine.tables
import overprint.features.accounts.tables
import overprint.features.audit.tables
import overprint.features.billing.tables
import overprint.features.books.tables
import overprint.features.library.tables
import overprint.features.notifications.tables
import overprint.features.reading.tables
import overprint.features.sharing.tables
import overprint.features.teams.tables
import overprint.features.videos.tables
import overprint.http.tables
from overprint.core.problems import Conflict
from overprint.db.embedded.roles import APP, SYSTEM
from overprint.db.metadata import metadata
from overprint.db.migrate import migrate
from overprint.db.revision import MIGRATIONS, current_revision, newest_revision
from tests.support.database import TestDatabase

ROOMS = (
    overprint.engine.tables,
    overprint.features.accounts.tables,
    overprint.features.audit.tables,
    overprint.features.billing.tables,
    overprint.features.books.tables,
    overprint.features.library.tables,
    overprint.features.notifications.tables,
    overprint.features.reading.tables,
    overprint.features.sharing.tables,
    overprint.features.teams.tables,
    overprint.features.videos.tables,
    overprint.http.tables,
)


def _ours(name: str | None, kind: str, parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith(("pgqueuer", "alembic")))


async def test_the_migrated_schema_is_what_the_rooms_declare(database_urls: TestDatabase) -> None:
    def differences(connection: Connection) -> list[str]:
        options = {"include_name": _ours, "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        return [str(difference) for difference in found]

    engine = create_async_engine(make_url(database_urls.superuser).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_the_newest_revision_is_the_head_of_the_history() -> None:
    assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def test_migrating_again_does_nothing(database_urls: TestDatabase) -> None:
    done = await migrate(database_urls.owner, app_role=APP, system_role=SYSTEM)
    assert done.before == done.after == newest_revision()


async def test_two_processes_may_migrate_at_once(database_urls: TestDatabase) -> None:
    await asyncio.gather(*(migrate(database_urls.owner, app_role=APP, system_role=SYSTEM) for _ in range(3)))
    assert await current_revision(database_urls.owner) == newest_revision()


async def test_a_database_of_a_newer_overprint_is_left_alone(database_urls: TestDatabase) -> None:
    connection = await asyncpg.connect(database_urls.superuser)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(Conflict, match="newer Overprint"):
        await migrate(database_urls.owner, app_role=APP, system_role=SYSTEM)
