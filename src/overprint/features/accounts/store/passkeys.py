"""SQL about passkeys, as the system role. Whoever adds or removes one holds its person first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

Row = dict[str, Any]

_ADD = """
INSERT INTO passkeys (id, person_id, credential_id, public_key, sign_count, name, transports, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (credential_id) DO NOTHING
RETURNING id, name, made_at, used_at
"""


async def add_passkey(
    connection: asyncpg.Connection,
    passkey_id: UUID,
    person_id: UUID,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    *,
    name: str,
    transports: Sequence[str],
    now: datetime,
) -> Row | None:
    """None when somebody has this one already."""
    values = (passkey_id, person_id, credential_id, public_key, sign_count, name, list(transports), now)
    row = await connection.fetchrow(_ADD, *values)
    return dict(row) if row else None


async def list_passkeys(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> list[Row]:
    """The oldest first."""
    query = (
        "SELECT id, name, made_at, used_at, credential_id, transports FROM passkeys WHERE person_id = $1 ORDER BY id"
    )
    return [dict(row) for row in await connection.fetch(query, person_id)]


async def count_passkeys(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM passkeys WHERE person_id = $1", person_id)
    return found


async def find_owner(connection: asyncpg.Connection | asyncpg.Pool, credential_id: bytes) -> UUID | None:
    """Whose passkey it is."""
    found: UUID | None = await connection.fetchval(
        "SELECT person_id FROM passkeys WHERE credential_id = $1", credential_id
    )
    return found


async def hold_passkey(connection: asyncpg.Connection, credential_id: bytes) -> Row | None:
    """It, which nobody else uses before this transaction ends."""
    row = await connection.fetchrow("SELECT * FROM passkeys WHERE credential_id = $1 FOR UPDATE", credential_id)
    return dict(row) if row else None


async def use_passkey(connection: asyncpg.Connection, passkey_id: UUID, sign_count: int, now: datetime) -> None:
    await connection.execute(
        "UPDATE passkeys SET sign_count = $2, used_at = $3 WHERE id = $1", passkey_id, sign_count, now
    )


async def remove_passkey(connection: asyncpg.Connection, passkey_id: UUID, person_id: UUID) -> str | None:
    """Its name; None when the person has no such passkey."""
    found: str | None = await connection.fetchval(
        "DELETE FROM passkeys WHERE id = $1 AND person_id = $2 RETURNING name", passkey_id, person_id
    )
    return found


async def remove_passkeys(connection: asyncpg.Connection, person_id: UUID) -> None:
    """All of the person's."""
    await connection.execute("DELETE FROM passkeys WHERE person_id = $1", person_id)
