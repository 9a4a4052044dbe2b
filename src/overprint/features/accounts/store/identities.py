"""SQL about identities at other providers, and about people on their way there and back. As the system role."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.ports.identity import Identity

Row = dict[str, Any]

_BEGIN = """
INSERT INTO rounds (hash, browser_hash, provider, next_page, is_fresh, found, began_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def add_round(
    connection: asyncpg.Connection | asyncpg.Pool,
    token_hash: bytes,
    browser_hash: bytes,
    provider: str,
    next_page: str,
    *,
    is_fresh: bool = False,
    found: Row | None = None,
    now: datetime,
    expires_at: datetime,
) -> None:
    """``found``: whom the provider named, for a round that has come back and waits for a yes."""
    told = None if found is None else json.dumps(found)
    await connection.execute(_BEGIN, token_hash, browser_hash, provider, next_page, is_fresh, told, now, expires_at)


_OPEN = "hash = $1 AND browser_hash = $2 AND expires_at > $3"
_TAKE = f"""
DELETE FROM rounds WHERE {_OPEN} AND provider = $4 AND found IS NULL RETURNING next_page, is_fresh, began_at
"""


async def take_round(
    pool: asyncpg.Pool, token_hash: bytes, browser_hash: bytes, provider: str, now: datetime
) -> Row | None:
    """A round that this browser began, which is over with this; None: there is none, or it came back before."""
    row = await pool.fetchrow(_TAKE, token_hash, browser_hash, now, provider)
    return dict(row) if row else None


_FOUND = "provider, next_page, found"


async def find_answer(pool: asyncpg.Pool, token_hash: bytes, browser_hash: bytes, now: datetime) -> Row | None:
    """Whom this browser came back with and who waits for a yes."""
    query = f"SELECT {_FOUND} FROM rounds WHERE {_OPEN} AND found IS NOT NULL"
    row = await pool.fetchrow(query, token_hash, browser_hash, now)
    return dict(row) if row else None


async def take_answer(
    connection: asyncpg.Connection, token_hash: bytes, browser_hash: bytes, now: datetime
) -> Row | None:
    """What ``find_answer`` answers, once."""
    query = f"DELETE FROM rounds WHERE {_OPEN} AND found IS NOT NULL RETURNING {_FOUND}"
    row = await connection.fetchrow(query, token_hash, browser_hash, now)
    return dict(row) if row else None


async def forget_rounds(pool: asyncpg.Pool, now: datetime) -> None:
    """Those that nobody can come back from any more; some say who somebody is."""
    await pool.execute("DELETE FROM rounds WHERE expires_at <= $1", now)


_OWNER = """
SELECT i.person_id FROM identities i JOIN people p ON p.id = i.person_id
WHERE i.issuer = $1 AND i.subject = $2 AND p.closed_at IS NULL
"""


async def find_owner(connection: asyncpg.Connection | asyncpg.Pool, identity: Identity) -> UUID | None:
    """Whose it is; None when nobody has it yet."""
    found: UUID | None = await connection.fetchval(_OWNER, identity.issuer, identity.subject)
    return found


_USE = """
UPDATE identities i SET used_at = $3, email = CASE WHEN $4 = '' THEN i.email ELSE $4 END FROM people p
WHERE i.issuer = $1 AND i.subject = $2 AND p.id = i.person_id AND p.closed_at IS NULL RETURNING i.person_id
"""


async def use_identity(connection: asyncpg.Connection, identity: Identity, now: datetime) -> UUID | None:
    """Whose it is, held before: whoever parts the two holds the person first, too. None when nobody has it."""
    found: UUID | None = await connection.fetchval(_USE, identity.issuer, identity.subject, now, identity.email)
    return found


_ADD = """
INSERT INTO identities (id, person_id, provider, issuer, subject, email, made_at, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (issuer, subject) DO NOTHING RETURNING id
"""


async def add_identity(
    connection: asyncpg.Connection, person_id: UUID, provider: str, identity: Identity, now: datetime
) -> UUID | None:
    """None when somebody has it already."""
    values = (new_id(), person_id, provider, identity.issuer, identity.subject, identity.email, now)
    found: UUID | None = await connection.fetchval(_ADD, *values)
    return found


async def count_identities(connection: asyncpg.Connection, person_id: UUID, providers: Collection[str]) -> int:
    """Those at any of these ``providers``: others lead in no more."""
    query = "SELECT count(*) FROM identities WHERE person_id = $1 AND provider = ANY($2)"
    return int(await connection.fetchval(query, person_id, list(providers)))


async def list_identities(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> list[Row]:
    """The oldest first."""
    query = "SELECT id, provider, issuer, email, made_at, used_at FROM identities WHERE person_id = $1 ORDER BY id"
    return [dict(row) for row in await connection.fetch(query, person_id)]


async def drop_identity(connection: asyncpg.Connection, person_id: UUID, identity_id: UUID) -> str | None:
    """Which provider it was of; None: they have no such identity."""
    query = "DELETE FROM identities WHERE id = $1 AND person_id = $2 RETURNING provider"
    found: str | None = await connection.fetchval(query, identity_id, person_id)
    return found


async def drop_identities(connection: asyncpg.Connection, person_id: UUID) -> None:
    """All of them."""
    await connection.execute("DELETE FROM identities WHERE person_id = $1", person_id)
