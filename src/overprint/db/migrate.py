"""Bringing a database to the newest schema, as the owner role.

Each migration is one transaction with a lock and a statement time limit: it waits a little for running statements, then
gives up with a clear error instead of queueing everybody behind it. Two processes may migrate at once: one waits.
It takes a while to load, so what only asks for the revision uses ``revision``.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from overprint.core.problems import Conflict, Unavailable
from overprint.db.database import DIALECT, naming
from overprint.db.revision import MIGRATIONS, newest_revision

LOCK_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 300
SERVER_VERSION_MIN = 150_000
_ADVISORY_LOCK = 7_046_029_254_386_353_131


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done: revisions before and after; equal when there was nothing to do."""

    before: str | None
    after: str


async def migrate(owner_url: str, *, app_role: str, system_role: str) -> Migrated:
    """Apply what is missing. Raises ``Conflict`` when the database is newer than this Overprint or locked too long."""

    def apply(connection: Connection) -> Migrated:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'"))
        _refuse_old_server(connection)
        connection.commit()
        before = _read_revision(connection)
        _refuse_newer(before)
        config = _config()
        config.attributes.update(connection=connection, app_role=app_role, system_role=system_role)
        command.upgrade(config, "head")
        connection.commit()
        return Migrated(before, newest_revision())

    try:
        result: Migrated = await _run(owner_url, apply)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "55P03":
            raise Conflict(
                "The database is busy: another process holds a lock that the migration needs.",
                "Stop the web and worker processes, or try again in a quiet moment.",
            ) from error
        raise
    return result


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _read_revision(connection: Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    return revision


def _refuse_newer(before: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if before is not None and before not in known:
        raise Conflict(
            f"The database was made by a newer Overprint (schema {before}).", "Run that version, or restore a backup."
        )


def _refuse_old_server(connection: Connection) -> None:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < SERVER_VERSION_MIN:
        raise Unavailable(
            f"PostgreSQL {version // 10_000} is too old.", f"Overprint needs {SERVER_VERSION_MIN // 10_000} or newer."
        )


async def _run(owner_url: str, work: Any) -> Any:
    engine = create_async_engine(DIALECT, async_creator=partial(asyncpg.connect, owner_url), poolclass=NullPool)
    try:
        with naming("DATABASE_OWNER_URL"):
            async with engine.connect() as connection:
                return await connection.run_sync(work)
    finally:
        await engine.dispose()
