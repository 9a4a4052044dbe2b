"""SQL about tickets: what was begun and has to be ended soon, once, by whom it was begun. Only hashes are kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

Row = dict[str, Any]

_ADD = "INSERT INTO tickets (hash, purpose, person_id, holder, way, expires_at) VALUES ($1, $2, $3, $4, $5, $6)"


async def add_ticket(
    connection: asyncpg.Connection | asyncpg.Pool,
    ticket_hash: bytes,
    purpose: str,
    person_id: UUID | None,
    *,
    holder: bytes = b"",
    way: str = "",
    expires_at: datetime,
) -> None:
    """``holder``: the session or browser that may use it. ``way``: how its person came as far as this."""
    await connection.execute(_ADD, ticket_hash, purpose, person_id, holder, way, expires_at)


_FIND = "SELECT person_id, way FROM tickets WHERE hash = $1 AND purpose = $2 AND expires_at > $3"


async def find_ticket(
    connection: asyncpg.Connection | asyncpg.Pool, ticket_hash: bytes, purpose: str, now: datetime
) -> Row | None:
    """Whose ticket it is; it stays good."""
    row = await connection.fetchrow(_FIND, ticket_hash, purpose, now)
    return dict(row) if row else None


_USE = """
DELETE FROM tickets WHERE hash = $1 AND purpose = $2 AND holder = $3 AND expires_at > $4 RETURNING person_id, way
"""


async def use_ticket(
    connection: asyncpg.Connection | asyncpg.Pool, ticket_hash: bytes, purpose: str, holder: bytes, now: datetime
) -> Row | None:
    """What it was given out for; None when there is none, or it is of another holder, or too old."""
    row = await connection.fetchrow(_USE, ticket_hash, purpose, holder, now)
    return dict(row) if row else None


async def forget_tickets(connection: asyncpg.Connection | asyncpg.Pool, now: datetime) -> None:
    """Those that nobody can use any more. Anybody may ask for one, so they do not pile up."""
    await connection.execute("DELETE FROM tickets WHERE expires_at <= $1", now)


async def drop_tickets(connection: asyncpg.Connection, person_id: UUID) -> None:
    """Whatever this person began has to be begun anew."""
    await connection.execute("DELETE FROM tickets WHERE person_id = $1", person_id)
