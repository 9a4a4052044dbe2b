"""SQL about projects, assets and bytes that may be nobody's. Row-level security narrows a transaction to its team."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from overprint.core.files import SIGNED
from overprint.db.database import Transaction
from overprint.engine.store import hold_jobs_of_project
from overprint.features.library.tables import assets, projects
from overprint.ports.errors import ProviderError, Unavailable

Row = dict[str, Any]


async def list_projects(transaction: Transaction, limit: int, before: UUID | None) -> list[Row]:
    query = select(projects).order_by(projects.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(projects.c.id < before)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def find_project(transaction: Transaction, project_id: UUID, *, holds: bool = False) -> Row | None:
    query = select(projects).where(projects.c.id == project_id)
    row = (await transaction.sql.execute(query.with_for_update() if holds else query)).mappings().first()
    return dict(row) if row else None


async def insert_project(transaction: Transaction, project: Row) -> Row:
    row = await transaction.sql.execute(insert(projects).values(project).returning(projects))
    return dict(row.mappings().one())


async def rename_project(transaction: Transaction, project_id: UUID, name: str) -> Row | None:
    change = update(projects).where(projects.c.id == project_id).values(name=name, updated_at=func.now())
    row = (await transaction.sql.execute(change.returning(projects))).mappings().first()
    return dict(row) if row else None


async def delete_project(transaction: Transaction, project_id: UUID) -> bool:
    """Whether there was one. Its jobs are held first, by whose rows whoever delivers to the project waits."""
    await hold_jobs_of_project(transaction.driver, project_id)
    return (await transaction.sql.execute(delete(projects).where(projects.c.id == project_id))).rowcount > 0


async def insert_assets(transaction: Transaction, rows: Sequence[Row]) -> list[UUID]:
    """Insert assets; one that this lineage's step made already is left alone. Answers the ids of new ones."""
    if not rows:
        return []
    statement = upsert(assets).on_conflict_do_nothing().returning(assets.c.id)
    return [row.id for row in await transaction.sql.execute(statement, list(rows))]


async def find_asset(transaction: Transaction, asset_id: UUID) -> Row | None:
    row = (await transaction.sql.execute(select(assets).where(assets.c.id == asset_id))).mappings().first()
    return dict(row) if row else None


async def find_by_hash(transaction: Transaction, content_hash: str) -> Row | None:
    query = select(assets).where(assets.c.content_hash == content_hash, assets.c.recipe.is_not(None))
    row = (await transaction.sql.execute(query.order_by(assets.c.id).limit(1))).mappings().first()
    return dict(row) if row else None


_COPY = assets.alias("copy")
_HAS_SIGNED_COPY = (
    select(_COPY.c.id)
    .where(
        _COPY.c.lineage == assets.c.lineage,
        _COPY.c.step_key == SIGNED + assets.c.step_key,
        _COPY.c.recipe_input["file"]["content_hash"].astext == assets.c.content_hash,
    )
    .exists()
)


async def list_assets(
    transaction: Transaction,
    limit: int,
    before: UUID | None,
    project_id: UUID | None,
    lineage: UUID | None,
    *,
    with_unsigned: bool,
) -> list[Row]:
    """``with_unsigned``: also files of which there is a signed copy."""
    query = select(assets).order_by(assets.c.id.desc()).limit(limit)
    if not with_unsigned:
        query = query.where(~_HAS_SIGNED_COPY)
    if before is not None:
        query = query.where(assets.c.id < before)
    if project_id is not None:
        query = query.where(assets.c.project_id == project_id)
    if lineage is not None:
        query = query.where(assets.c.lineage == lineage)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


_DOOM = text(
    "INSERT INTO doomed_blobs (key, team_id) SELECT key, :team FROM unnest(CAST(:keys AS text[])) AS key ORDER BY key "
    "ON CONFLICT (key) DO UPDATE SET doomed_at = now()"
)


async def delete_assets(
    transaction: Transaction, *, asset_id: UUID | None = None, lineage: UUID | None = None
) -> list[Row]:
    """Delete one asset, or all of a lineage, and doom their bytes; answers what was deleted."""
    statement = delete(assets).returning(assets)
    statement = statement.where(assets.c.id == asset_id) if asset_id else statement.where(assets.c.lineage == lineage)
    gone = [dict(row) for row in (await transaction.sql.execute(statement)).mappings()]
    keys = {key for row in gone for key in (row["storage_key"], row["thumbnail_key"]) if key}
    if keys:
        await transaction.sql.execute(_DOOM, {"team": transaction.team_id, "keys": sorted(keys)})
    return gone


async def add_usage(transaction: Transaction, team_id: UUID, size_bytes: int) -> int:
    """Move the team's byte count, which never falls below zero; answers it. Others wait until this transaction ends."""
    moved = await transaction.sql.execute(
        text(
            "INSERT INTO storage_usage (team_id, used_bytes) VALUES (:team, GREATEST(:size, 0)) "
            "ON CONFLICT (team_id) DO UPDATE SET used_bytes = GREATEST(storage_usage.used_bytes + :size, 0) "
            "RETURNING used_bytes"
        ),
        {"team": team_id, "size": size_bytes},
    )
    return int(moved.scalar_one())


async def is_recent(transaction: Transaction, at: datetime, within: timedelta) -> bool:
    """Whether ``at`` is less than ``within`` ago by the database's clock."""
    return bool(await transaction.driver.fetchval("SELECT clock_timestamp() - $1 < $2::interval", at, within))


async def used_bytes(transaction: Transaction) -> int:
    """Of the transaction's team."""
    return int(await transaction.driver.fetchval("SELECT used_bytes FROM storage_usage") or 0)


async def used_bytes_of_all(pool: asyncpg.Pool) -> dict[UUID, int]:
    """What each team keeps. System role."""
    return {row["team_id"]: row["used_bytes"] for row in await pool.fetch("SELECT * FROM storage_usage")}


# Why the sweep takes no bytes that somebody needs. A key is needed when an asset names it, or is about to.
#
# 1. Whoever stores bytes has first committed their key's row with the present time (``engine/blobs.py``), and the sweep
#    looks only at rows that are older than its grace: an hour at least, by the database's clock, which all share. An
#    upload's asset is committed within that hour, or never: its transaction begins by looking whether half an hour is
#    over since the row was written, and the database ends a transaction that idles for two minutes.
#    A step may run for longer, so its bytes wait until no job of their lineage goes on.
# 2. An asset may also come to name old bytes: a step reuses what another work made, in the very moment when that work
#    is deleted. It read the other's row before the deletion was committed, so its own transaction ends well within
#    the grace that begins with the deletion.
# 3. The sweep locks the row, looks whether the key is needed in a statement of its own (so that it sees all that was
#    committed before the lock), and removes the bytes while it holds the lock. Who stores the same content again in
#    that moment waits at the row, and puts the bytes back after they were removed.
# 4. Killed between removing and committing, the sweep leaves the row, and bytes that are gone are removed again.
#
# What may be left over is what a process stores that was frozen for longer than the grace after it wrote the row.
_CLEAR = """
DELETE FROM doomed_blobs WHERE key IN (
    SELECT key FROM doomed_blobs d
    WHERE doomed_at < now() - $1::interval AND (EXISTS (SELECT 1 FROM assets WHERE storage_key = d.key)
                              OR EXISTS (SELECT 1 FROM assets WHERE thumbnail_key = d.key))
    ORDER BY doomed_at LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
RETURNING key
"""
_LOCK = """
SELECT key, lineage FROM doomed_blobs WHERE doomed_at < now() - $1::interval
ORDER BY doomed_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_LOOK = """
SELECT EXISTS (SELECT 1 FROM assets WHERE storage_key = $1)
       OR EXISTS (SELECT 1 FROM assets WHERE thumbnail_key = $1) AS is_named,
       EXISTS (SELECT 1 FROM jobs WHERE lineage = $2 AND ended_at IS NULL) AS is_being_made
"""
_FORGET = "DELETE FROM doomed_blobs WHERE key = $1"
_POSTPONE = "UPDATE doomed_blobs SET doomed_at = now() WHERE key = $1"
# The database takes the lock from whoever was frozen for two minutes.
LOCK_TRUSTED_SECONDS = 60.0


async def clear_named(pool: asyncpg.Pool, grace: timedelta, limit: int) -> int:
    """Forget rows of bytes that became an asset; answers how many. System role."""
    return len(await pool.fetch(_CLEAR, grace, limit))


async def remove_doomed(pool: asyncpg.Pool, grace: timedelta, remove: Callable[[str], Awaitable[None]]) -> bool:
    """Look at the bytes that are doomed longest, and remove them if nobody needs them. System role.

    False: none is older than ``grace``. What is being made, and what storage would not remove (``ProviderError``),
    is looked at again when its row is as old once more. Not to be cancelled half way: a removal that goes on by itself
    would go on without the lock.
    """
    failure: ProviderError | None = None
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(_LOCK, grace)
        if row is None:
            return False
        key, locked = row["key"], time.monotonic()
        found = await connection.fetchrow(_LOOK, key, row["lineage"])
        if not (found["is_named"] or found["is_being_made"]):
            failure = await _try_to_remove(key, remove, locked)
        if found["is_being_made"] or failure is not None:
            await connection.execute(_POSTPONE, key)
        else:
            await connection.execute(_FORGET, key)
    if failure is not None:
        raise failure
    return True


async def _try_to_remove(key: str, remove: Callable[[str], Awaitable[None]], locked: float) -> ProviderError | None:
    if time.monotonic() - locked > LOCK_TRUSTED_SECONDS:
        return Unavailable("This process stood still, so nothing was removed.", provider="storage")
    try:
        await remove(key)
    except ProviderError as error:
        return error
    return None


async def delete_some(transaction: Transaction, limit: int) -> bool:
    """Delete some assets of the team, and with the last one its projects; whether there were any. Of the bytes whoever
    calls takes care."""
    driver = transaction.driver
    if await driver.execute("DELETE FROM assets WHERE id IN (SELECT id FROM assets LIMIT $1)", limit) != "DELETE 0":
        return True
    await driver.execute("DELETE FROM projects")
    return False


async def forget_bytes(pool: asyncpg.Pool, team_id: UUID) -> None:
    """That a team's bytes are to be removed: they are. System role."""
    await pool.execute("DELETE FROM doomed_blobs WHERE team_id = $1", team_id)
