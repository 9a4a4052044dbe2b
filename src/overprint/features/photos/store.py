"""SQL of the photos room. Row-level security narrows a transaction to its team."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, insert, null, select, text, update

from overprint.db.database import Transaction
from overprint.features.photos.tables import photos

Row = dict[str, Any]


async def insert_photo(transaction: Transaction, photo: Row) -> Row:
    row = await transaction.sql.execute(insert(photos).values(photo).returning(photos))
    return dict(row.mappings().one())


async def find_photo(transaction: Transaction, photo_id: UUID, *, holds: bool = False) -> Row | None:
    """``holds``: nobody else changes it before this transaction ends."""
    query = select(photos).where(photos.c.id == photo_id)
    row = (await transaction.sql.execute(query.with_for_update() if holds else query)).mappings().first()
    return dict(row) if row else None


async def list_photos(transaction: Transaction, limit: int, before: UUID | None) -> list[Row]:
    query = select(photos).order_by(photos.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(photos.c.id < before)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def list_looks(transaction: Transaction, limit: int) -> list[Row]:
    """The newest photos, there or not, whose look was confirmed."""
    query = select(photos).where(photos.c.look.is_not(None)).order_by(photos.c.id.desc()).limit(limit)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def hold_room(transaction: Transaction) -> None:
    """Let nobody else of the team keep another photo before this transaction ends."""
    key = f"photos of {transaction.team_id}"
    await transaction.sql.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


async def count_kept(transaction: Transaction) -> int:
    query = select(func.count()).select_from(photos).where(photos.c.deleted_at.is_(None))
    return int((await transaction.sql.execute(query)).scalar_one())


async def change_kept(transaction: Transaction, photo_id: UUID, **values: Any) -> bool:
    """Change a photo whose deletion has not begun; whether there was such a one."""
    change = update(photos).where(photos.c.id == photo_id, photos.c.ending.is_(None)).values(**values)
    return (await transaction.sql.execute(change)).rowcount > 0


async def keep_look(transaction: Transaction, photo_id: UUID, look: Row | None) -> None:
    value = null() if look is None else look
    await transaction.sql.execute(update(photos).where(photos.c.id == photo_id).values(look=value))


async def begin_end(transaction: Transaction, photo_id: UUID, reason: str, by: UUID | None) -> None:
    """From here on nobody is shown the photo. What was read from it is forgotten now; the bytes go next."""
    await change_kept(transaction, photo_id, ending=reason, ended_by=by, reading=null())


async def end(transaction: Transaction, photo_id: UUID, deleted_at: datetime) -> Row | None:
    """Its bytes are gone. None: somebody else has said so already."""
    change = update(photos).where(photos.c.id == photo_id, photos.c.deleted_at.is_(None)).values(deleted_at=deleted_at)
    row = (await transaction.sql.execute(change.returning(photos))).mappings().first()
    return dict(row) if row else None


async def keep_bytes_until(transaction: Transaction, key: str, until: datetime, stored_within: timedelta) -> bool:
    """Have stored bytes swept some time after ``until``, not before, should this room ever fail to delete them.

    False when they were stored so long ago that the sweep may take them at any moment.
    """
    changed = await transaction.sql.execute(
        text("UPDATE doomed_blobs SET doomed_at = :until WHERE key = :key AND clock_timestamp() - doomed_at < :within"),
        {"until": until, "key": key, "within": stored_within},
    )
    return changed.rowcount > 0


_DUE = """
SELECT id, team_id FROM photos WHERE deleted_at IS NULL AND (expires_at <= $1 OR ending IS NOT NULL)
ORDER BY expires_at LIMIT $2
"""


async def list_due(pool: asyncpg.Pool, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """(photo, team) of those that have to go: expired, or asked for and not yet done. System role."""
    return [(row["id"], row["team_id"]) for row in await pool.fetch(_DUE, now, limit)]
