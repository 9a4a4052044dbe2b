"""SQL about API keys. Making and listing them is the team's; looking one up comes before anybody has a team."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, insert, select, update

from overprint.db.database import Transaction
from overprint.features.accounts.tables import api_keys

Row = dict[str, Any]
_SHOWN = tuple(column for column in api_keys.c if column.name != "hash")


async def add_key(transaction: Transaction, key: Row) -> Row:
    row = await transaction.sql.execute(insert(api_keys).values(key).returning(*_SHOWN))
    return dict(row.mappings().one())


async def count_keys(transaction: Transaction) -> int:
    """Those that were not revoked."""
    query = select(func.count()).select_from(api_keys).where(api_keys.c.revoked_at.is_(None))
    return int((await transaction.sql.execute(query)).scalar_one())


async def list_keys(transaction: Transaction, limit: int, before: UUID | None) -> list[Row]:
    """Those that were not revoked, the newest first."""
    query = select(*_SHOWN).where(api_keys.c.revoked_at.is_(None)).order_by(api_keys.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(api_keys.c.id < before)
    return [dict(row) for row in (await transaction.sql.execute(query)).mappings()]


async def revoke_key(transaction: Transaction, key_id: UUID, now: datetime) -> Row | None:
    """None: there is no such key in this team, or not any more."""
    change = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None)).values(revoked_at=now)
    row = (await transaction.sql.execute(change.returning(*_SHOWN))).mappings().first()
    return dict(row) if row else None


_WHO = """
SELECT k.id, k.team_id, k.person_id, k.scopes, k.used_at, m.role, t.slug
FROM api_keys k JOIN people p ON p.id = k.person_id AND p.closed_at IS NULL JOIN teams t ON t.id = k.team_id
JOIN memberships m ON m.team_id = k.team_id AND m.person_id = k.person_id
WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
"""


async def find_by_key(pool: asyncpg.Pool, key_hash: bytes, now: datetime) -> Row | None:
    """Who made the key, and their role in its team now; None for a key that is over or whose maker left the team."""
    row = await pool.fetchrow(_WHO, key_hash, now)
    return dict(row) if row else None


_SEE = """
UPDATE api_keys SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at <= $2::timestamptz - $3::interval)
"""


async def see_key(pool: asyncpg.Pool, key_id: UUID, now: datetime, every: timedelta) -> None:
    """Note that it is used, unless that was noted a moment ago."""
    await pool.execute(_SEE, key_id, now, every)


async def end_keys_of_member(
    connection: asyncpg.Connection, team_id: UUID, person_id: UUID, now: datetime
) -> list[UUID]:
    """All that the person made in this team, whose member they are no more. The app role may do this too."""
    rows = await connection.fetch(
        "UPDATE api_keys SET revoked_at = $3 WHERE team_id = $1 AND person_id = $2 AND revoked_at IS NULL RETURNING id",
        *(team_id, person_id, now),
    )
    return [row["id"] for row in rows]


async def list_keys_of(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> list[Row]:
    """All that the person made, in whatever team, those that were revoked too. System role."""
    query = (
        "SELECT id, team_id, name, prefix, scopes, created_at, expires_at, used_at, revoked_at FROM api_keys "
        "WHERE person_id = $1 ORDER BY id"
    )
    return [dict(row) for row in await connection.fetch(query, person_id)]


async def hold_member(connection: asyncpg.Connection, team_id: UUID, person_id: UUID) -> bool:
    """Whether the person is in the team, where they stay until this transaction ends."""
    query = "SELECT true FROM memberships WHERE team_id = $1 AND person_id = $2 FOR SHARE"
    return await connection.fetchval(query, team_id, person_id) is not None


async def revoke_keys_of(connection: asyncpg.Connection, person_id: UUID, now: datetime) -> None:
    """All that the person made, in whatever team. System role."""
    await connection.execute(
        "UPDATE api_keys SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL", person_id, now
    )
