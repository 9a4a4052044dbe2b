"""SQL of the presets room."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import asyncpg
from sqlalchemy import Text, delete, func, insert, or_, select, update
from sqlalchemy import cast as as_type

from overprint.db.database import Transaction
from overprint.features.presets.tables import default_presets, presets

Row = dict[str, Any]
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('presets/' || $1, 0))"


async def list_defaults(transaction: Transaction) -> list[Row]:
    """All rows of site admins: rules bound how many there are."""
    found = await transaction.sql.execute(select(default_presets).order_by(default_presets.c.id))
    return [dict(row) for row in found.mappings()]


async def list_seen(
    transaction: Transaction, person_id: UUID, *, category: str | None, before: UUID | None, limit: int
) -> list[Row]:
    """Those of the team, of this person, and public ones of other teams, the newest first."""
    if limit < 1:
        return []
    query = select(presets).where(_is_seen(transaction, person_id)).order_by(presets.c.id.desc()).limit(limit)
    if category is not None:
        query = query.where(presets.c.category == category)
    if before is not None:
        query = query.where(presets.c.id < before)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def find_seen(transaction: Transaction, person_id: UUID, preset_id: UUID, *, holds: bool = False) -> Row | None:
    """``holds``: nobody else changes it before this transaction ends."""
    query = select(presets).where(presets.c.id == preset_id, _is_seen(transaction, person_id))
    row = (await transaction.sql.execute(query.with_for_update() if holds else query)).mappings().first()
    return dict(row) if row else None


async def list_named(transaction: Transaction, person_id: UUID, word: str, *, is_ours: bool) -> list[Row]:
    """The one seen that has this id or name, whatever its letters' case: of the team, or of others. Of several the
    oldest, so that no new one takes its place."""
    is_meant = or_(as_type(presets.c.id, Text) == word.lower(), func.lower(presets.c.name) == func.lower(word))
    team = presets.c.team_id == transaction.team_id
    query = select(presets).where(_is_seen(transaction, person_id), is_meant, team if is_ours else ~team)
    found = await transaction.sql.execute(query.order_by(presets.c.id).limit(1))
    return [dict(row) for row in found.mappings()]


def _is_seen(transaction: Transaction, person_id: UUID) -> Any:
    ours = (presets.c.team_id == transaction.team_id) & (~presets.c.is_personal | (presets.c.person_id == person_id))
    return or_(ours, presets.c.is_public)


async def hold_own(transaction: Transaction) -> int:
    """How many the team has; nobody adds one before this transaction ends."""
    await transaction.driver.execute(_LOCK, str(transaction.team_id))
    query = select(func.count()).where(presets.c.team_id == transaction.team_id)
    return int((await transaction.sql.execute(query)).scalar_one())


async def insert_own(transaction: Transaction, row: Row) -> None:
    await transaction.sql.execute(insert(presets).values(row))


async def change_own(transaction: Transaction, preset_id: UUID, changes: Mapping[str, Any]) -> None:
    await transaction.sql.execute(update(presets).where(presets.c.id == preset_id).values(changes))


async def delete_own(transaction: Transaction, preset_id: UUID) -> None:
    await transaction.sql.execute(delete(presets).where(presets.c.id == preset_id))


_KEEP = """
INSERT INTO default_presets (id, name, description, category, config, is_public, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, 1, $7, $7)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, category = excluded.category,
    config = excluded.config, is_public = excluded.is_public, version = default_presets.version + 1,
    updated_at = excluded.updated_at
WHERE default_presets.version = $8 RETURNING version
"""


async def keep_default(connection: asyncpg.Connection, row: Row, version: int, now: datetime) -> bool:
    """Whether it was still at ``version``, 0 where there was none. System role."""
    told = (row["name"], row["description"], row["category"], json.dumps(row["config"]), row["is_public"])
    kept = await connection.fetchval(_KEEP, row["id"], *told, now, version)
    return bool(kept == version + 1)


async def hold_defaults(connection: asyncpg.Connection) -> None:
    """Nobody adds one before this transaction ends. System role."""
    await connection.execute(_LOCK, "defaults")


async def list_names(connection: asyncpg.Connection) -> list[tuple[UUID, str]]:
    """Of the rows of site admins. System role."""
    return [(row["id"], row["name"]) for row in await connection.fetch("SELECT id, name FROM default_presets")]


async def list_configs(pool: asyncpg.Pool) -> list[Row]:
    """Id and config of all presets that have a row. System role."""
    rows = await pool.fetch("SELECT id, config FROM default_presets UNION ALL SELECT id, config FROM presets")
    return [dict(row) for row in rows]


async def delete_left(pool: asyncpg.Pool) -> None:
    """Personal ones whose person is gone. System role."""
    await pool.execute("DELETE FROM presets WHERE is_personal AND person_id IS NULL")


async def withdraw(connection: asyncpg.Connection, team_id: UUID) -> None:
    """Other teams see none of this team's any more."""
    await connection.execute(
        "UPDATE presets SET is_public = false, version = version + 1, updated_at = now()"
        " WHERE team_id = $1 AND is_public",
        team_id,
    )


async def delete_default(connection: asyncpg.Connection, preset_id: UUID) -> None:
    """System role."""
    await connection.execute("DELETE FROM default_presets WHERE id = $1", preset_id)


async def take_back(connection: asyncpg.Connection, preset_id: UUID, now: datetime) -> UUID | None:
    """Only its team sees it from now on. Answers which; None where nothing public is called so. System role."""
    return cast(
        "UUID | None",
        await connection.fetchval(
            "UPDATE presets SET is_public = false, version = version + 1, updated_at = $2"
            " WHERE id = $1 AND is_public RETURNING team_id",
            preset_id,
            now,
        ),
    )
