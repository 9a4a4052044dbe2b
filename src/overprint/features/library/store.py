"""SQL about projects and assets. Row-level security narrows every statement to the team."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from overprint.db.database import Transaction
from overprint.features.library.tables import assets, projects, storage_usage

Row = dict[str, Any]


async def list_projects(transaction: Transaction, limit: int, before: UUID | None) -> list[Row]:
    query = select(projects).order_by(projects.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(projects.c.id < before)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def find_project(transaction: Transaction, project_id: UUID) -> Row | None:
    row = (await transaction.sql.execute(select(projects).where(projects.c.id == project_id))).mappings().first()
    return dict(row) if row else None


async def insert_project(transaction: Transaction, project: Row) -> Row:
    row = await transaction.sql.execute(insert(projects).values(project).returning(projects))
    return dict(row.mappings().one())


async def rename_project(transaction: Transaction, project_id: UUID, name: str) -> Row | None:
    change = update(projects).where(projects.c.id == project_id).values(name=name, updated_at=func.now())
    row = (await transaction.sql.execute(change.returning(projects))).mappings().first()
    return dict(row) if row else None


async def delete_project(transaction: Transaction, project_id: UUID) -> bool:
    return (await transaction.sql.execute(delete(projects).where(projects.c.id == project_id))).rowcount > 0


async def insert_assets(transaction: Transaction, rows: Sequence[Row]) -> list[UUID]:
    """Insert assets; one that this lineage's step made already is left alone. Answers the ids of new ones."""
    if not rows:
        return []
    statement = upsert(assets).values(list(rows)).on_conflict_do_nothing().returning(assets.c.id)
    return [row.id for row in await transaction.sql.execute(statement)]


async def find_asset(transaction: Transaction, asset_id: UUID) -> Row | None:
    row = (await transaction.sql.execute(select(assets).where(assets.c.id == asset_id))).mappings().first()
    return dict(row) if row else None


async def find_by_hash(transaction: Transaction, content_hash: str) -> Row | None:
    query = select(assets).where(assets.c.content_hash == content_hash, assets.c.recipe.is_not(None))
    row = (await transaction.sql.execute(query.order_by(assets.c.id).limit(1))).mappings().first()
    return dict(row) if row else None


async def list_assets(
    transaction: Transaction, limit: int, before: UUID | None, project_id: UUID | None, lineage: UUID | None
) -> list[Row]:
    query = select(assets).order_by(assets.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(assets.c.id < before)
    if project_id is not None:
        query = query.where(assets.c.project_id == project_id)
    if lineage is not None:
        query = query.where(assets.c.lineage == lineage)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def delete_assets(
    transaction: Transaction, *, asset_id: UUID | None = None, lineage: UUID | None = None
) -> list[Row]:
    """Delete one asset, or all of a lineage; answers what was deleted."""
    statement = delete(assets).returning(assets)
    statement = statement.where(assets.c.id == asset_id) if asset_id else statement.where(assets.c.lineage == lineage)
    return [dict(row) for row in (await transaction.sql.execute(statement)).mappings()]


async def keys_in_use(transaction: Transaction, keys: Sequence[str]) -> set[str]:
    """Those of ``keys`` that some asset still names."""
    query = select(assets.c.storage_key, assets.c.thumbnail_key).where(
        assets.c.storage_key.in_(keys) | assets.c.thumbnail_key.in_(keys)
    )
    return {key for row in await transaction.sql.execute(query) for key in row if key in keys}


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


async def used_bytes(transaction: Transaction) -> int:
    row = (await transaction.sql.execute(select(storage_usage.c.used_bytes))).first()
    return int(row.used_bytes) if row else 0
