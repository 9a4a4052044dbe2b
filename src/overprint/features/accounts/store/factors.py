"""SQL about second factors and recovery codes, as the system role. Whoever changes them holds their person first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

Row = dict[str, Any]

_BEGIN = """
INSERT INTO second_factors (person_id, sealed_secret, key_id, made_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id) DO UPDATE SET sealed_secret = $2, key_id = $3, made_at = $4, last_step = 0
WHERE second_factors.confirmed_at IS NULL
"""


async def begin_factor(
    connection: asyncpg.Connection, person_id: UUID, sealed_secret: bytes, key_id: str, now: datetime
) -> bool:
    """It counts once it is confirmed. False when one counts already."""
    done = await connection.execute(_BEGIN, person_id, sealed_secret, key_id, now)
    return bool(done != "INSERT 0 0")


async def find_factor(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> Row | None:
    row = await connection.fetchrow("SELECT * FROM second_factors WHERE person_id = $1", person_id)
    return dict(row) if row else None


async def has_factor(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> bool:
    """Whether one counts."""
    query = "SELECT true FROM second_factors WHERE person_id = $1 AND confirmed_at IS NOT NULL"
    return await connection.fetchval(query, person_id) is not None


async def confirm_factor(connection: asyncpg.Connection, person_id: UUID, step: int, now: datetime) -> None:
    """``step``: of the code that confirmed it, which is used up."""
    query = "UPDATE second_factors SET confirmed_at = $2, last_step = $3 WHERE person_id = $1"
    await connection.execute(query, person_id, now, step)


async def use_step(
    connection: asyncpg.Connection, person_id: UUID, step: int, sealed_secret: bytes, key_id: str
) -> None:
    """Codes of this step and of those before it are used up. The secret may be sealed anew on the way."""
    query = "UPDATE second_factors SET last_step = $2, sealed_secret = $3, key_id = $4 WHERE person_id = $1"
    await connection.execute(query, person_id, step, sealed_secret, key_id)


async def end_factor(connection: asyncpg.Connection, person_id: UUID) -> bool:
    """Its recovery codes go with it. False when none counted."""
    await connection.execute("DELETE FROM recovery_codes WHERE person_id = $1", person_id)
    done = await connection.fetchval(
        "DELETE FROM second_factors WHERE person_id = $1 RETURNING confirmed_at IS NOT NULL", person_id
    )
    return bool(done)


async def replace_recovery_codes(connection: asyncpg.Connection, person_id: UUID, hashes: Sequence[bytes]) -> None:
    """Those from before are good for nothing."""
    await connection.execute("DELETE FROM recovery_codes WHERE person_id = $1", person_id)
    rows = [(person_id, each) for each in hashes]
    await connection.executemany("INSERT INTO recovery_codes (person_id, hash) VALUES ($1, $2)", rows)


async def use_recovery_code(connection: asyncpg.Connection, person_id: UUID, code_hash: bytes) -> bool:
    """Whether it was one of theirs; it is none any more."""
    done = await connection.execute(
        "DELETE FROM recovery_codes WHERE person_id = $1 AND hash = $2", person_id, code_hash
    )
    return bool(done != "DELETE 0")


async def count_recovery_codes(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM recovery_codes WHERE person_id = $1", person_id)
    return found
