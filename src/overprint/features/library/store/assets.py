"""SQL about projects, assets and how many bytes a team keeps. Row-level security narrows a transaction to its team."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Delete, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from overprint.core.files import SIGNED
from overprint.db.database import Transaction
from overprint.engine.store import hold_jobs_of_project
from overprint.features.library.rules import Wanted
from overprint.features.library.tables import assets, projects

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


async def find_stored(transaction: Transaction, key: str, content_hash: str) -> Row | None:
    query = select(assets).where(
        assets.c.storage_key == key, assets.c.content_hash == content_hash, assets.c.discarded_at.is_(None)
    )
    row = (await transaction.sql.execute(query.order_by(assets.c.id).limit(1))).mappings().first()
    return dict(row) if row else None


async def find_by_hash(transaction: Transaction, content_hash: str) -> Row | None:
    query = select(assets).where(assets.c.content_hash == content_hash, assets.c.recipe.is_not(None))
    row = (await transaction.sql.execute(query.order_by(assets.c.id).limit(1))).mappings().first()
    return dict(row) if row else None


async def find_upload(transaction: Transaction, storage_key: str, name: str, project_id: UUID | None) -> Row | None:
    """The newest asset that no step made, with these bytes, of this name, in this project or in none; none that is in
    the trash."""
    query = select(assets).where(
        assets.c.storage_key == storage_key,
        assets.c.name == name,
        assets.c.project_id.is_not_distinct_from(project_id),
        assets.c.lineage.is_(None),
        assets.c.discarded_at.is_(None),
    )
    row = (await transaction.sql.execute(query.order_by(assets.c.id.desc()).limit(1))).mappings().first()
    return dict(row) if row else None


async def find_of_work(transaction: Transaction, lineage: UUID, content_hash: str) -> Row | None:
    """A file of this work, or the one of which this is the preview; ``content_hash`` is 64 hexadecimal digits."""
    is_meant = or_(assets.c.content_hash == content_hash, assets.c.thumbnail_key.contains(content_hash))
    query = select(assets).where(assets.c.lineage == lineage, is_meant).order_by(assets.c.id.desc()).limit(1)
    found = (await transaction.sql.execute(query)).mappings().first()
    return dict(found) if found else None


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
    wanted: Wanted | None = None,
) -> list[Row]:
    """``with_unsigned``: also files of which there is a signed copy. None that is in the trash."""
    query = select(assets).where(assets.c.discarded_at.is_(None)).order_by(assets.c.id.desc()).limit(limit)
    for condition in _conditions(wanted or Wanted()):
        query = query.where(condition)
    if not with_unsigned:
        query = query.where(~_HAS_SIGNED_COPY)
    if before is not None:
        query = query.where(assets.c.id < before)
    if project_id is not None:
        query = query.where(assets.c.project_id == project_id)
    if lineage is not None:
        query = query.where(assets.c.lineage == lineage)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What assets have to be; their project is asked for apart."""
    asked: list[ColumnElement[bool]] = [assets.c.name.ilike(pattern) for pattern in wanted.patterns]
    if wanted.kind is not None:
        asked.append(assets.c.kind == wanted.kind)
    if wanted.job_id is not None:
        asked.append(assets.c.job_id == wanted.job_id)
    if wanted.since is not None:
        asked.append(assets.c.created_at >= wanted.since)
    return asked


async def change_assets(
    transaction: Transaction, *, ids: Sequence[UUID] | None = None, lineage: UUID | None = None, **values: Any
) -> list[UUID]:
    """Change what a person brought among ``ids``, or all of a work; answers the ids of what was changed."""
    statement = update(assets).values(values).returning(assets.c.id)
    if ids is not None:
        statement = statement.where(assets.c.id.in_(ids), assets.c.lineage.is_(None))
    else:
        statement = statement.where(assets.c.lineage == lineage)
    return [row.id for row in await transaction.sql.execute(statement)]


async def discard_assets(
    transaction: Transaction, *, ids: Sequence[UUID] | None = None, lineage: UUID | None = None
) -> list[UUID]:
    """Into the trash with these, all at the same moment."""
    return await change_assets(transaction, ids=ids, lineage=lineage, discarded_at=func.now())


async def find_assets(transaction: Transaction, ids: Sequence[UUID]) -> list[Row]:
    """Those among ``ids`` that are not in the trash."""
    query = select(assets).where(assets.c.id.in_(ids), assets.c.discarded_at.is_(None)).order_by(assets.c.id)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


_DOOM = text(
    "INSERT INTO doomed_blobs (key, team_id) SELECT key, :team FROM unnest(CAST(:keys AS text[])) AS key ORDER BY key "
    "ON CONFLICT (key) DO UPDATE SET doomed_at = now()"
)


async def delete_assets(
    transaction: Transaction, *, asset_id: UUID | None = None, lineage: UUID | None = None
) -> list[Row]:
    """Delete one asset, or all of a lineage, and doom their bytes; answers what was deleted."""
    chosen = delete(assets).where(assets.c.id == asset_id if asset_id else assets.c.lineage == lineage)
    return await _delete(transaction, chosen)


async def _delete(transaction: Transaction, chosen: Delete) -> list[Row]:
    gone = [dict(row) for row in (await transaction.sql.execute(chosen.returning(assets))).mappings()]
    keys = {key for row in gone for key in (row["storage_key"], row["thumbnail_key"]) if key}
    if keys:
        await transaction.sql.execute(_DOOM, {"team": transaction.team_id, "keys": sorted(keys)})
    return gone


async def delete_discarded(transaction: Transaction, ids: Sequence[UUID]) -> list[Row]:
    """Delete what of these is in the trash still, and doom its bytes; answers what was deleted."""
    chosen = delete(assets).where(assets.c.id.in_(ids), assets.c.discarded_at.is_not(None), assets.c.lineage.is_(None))
    return await _delete(transaction, chosen)


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


async def delete_some(transaction: Transaction, limit: int) -> bool:
    """Delete some assets of the team, and with the last one its projects; whether there were any. Of the bytes whoever
    calls takes care."""
    driver = transaction.driver
    if await driver.execute("DELETE FROM assets WHERE id IN (SELECT id FROM assets LIMIT $1)", limit) != "DELETE 0":
        return True
    await driver.execute("DELETE FROM projects")
    return False
