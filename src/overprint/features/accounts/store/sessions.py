"""SQL about sessions and the refresh tokens of each, as the system role."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.principal import Visitor
from overprint.features.accounts.rules import ShownToken

Row = dict[str, Any]

_OPEN = """
INSERT INTO sessions (id, person_id, way, address, agent, created_at, seen_at, confirmed_at, expires_at, factors)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
"""
_PRUNE = """
UPDATE sessions SET ended_at = $2, ending = 'revoked'
WHERE id IN (SELECT id FROM sessions WHERE person_id = $1 AND ended_at IS NULL ORDER BY seen_at DESC OFFSET $3)
"""


async def open_session(
    connection: asyncpg.Connection,
    session_id: UUID,
    person_id: UUID,
    way: str,
    visitor: Visitor,
    *,
    now: datetime,
    confirmed_at: datetime | None,
    expires_at: datetime,
    sessions_max: int,
    factors: int = 1,
) -> None:
    """A new family. Of more than ``sessions_max``, those unused the longest end."""
    values = (session_id, person_id, way, visitor.address, visitor.agent, now, confirmed_at, expires_at, factors)
    await connection.execute(_OPEN, *values)
    await connection.execute(_PRUNE, person_id, now, sessions_max)


async def add_token(
    connection: asyncpg.Connection, token_hash: bytes, session_id: UUID, now: datetime, expires_at: datetime
) -> None:
    await connection.execute(
        "INSERT INTO refresh_tokens (hash, session_id, made_at, expires_at) VALUES ($1, $2, $3, $4)",
        *(token_hash, session_id, now, expires_at),
    )


_SHOWN = """
SELECT t.session_id, t.expires_at, t.used_at, s.expires_at AS session_expires_at, s.ended_at, s.person_id,
       COALESCE((SELECT n.used_at IS NOT NULL FROM refresh_tokens n WHERE n.hash = ANY($2)), false) AS successor_used,
       (SELECT n.hash FROM refresh_tokens n WHERE n.hash = ANY($2)) AS successor
FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1
"""


_HOLD = """
SELECT s.id FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id WHERE t.hash = $1 FOR UPDATE OF s
"""


async def hold_family_of(connection: asyncpg.Connection, token_hash: bytes) -> UUID | None:
    """The session of this token, which nobody else refreshes before the transaction ends; None without such a token."""
    found: UUID | None = await connection.fetchval(_HOLD, token_hash)
    return found


async def find_shown(
    connection: asyncpg.Connection, token_hash: bytes, successors: list[bytes]
) -> tuple[ShownToken, Row]:
    """The token as it stands. ``successors``: what the hash of the one after it may be, by the key that made it."""
    row = await connection.fetchrow(_SHOWN, token_hash, successors)
    assert row is not None  # it is held
    shown = ShownToken(
        row["ended_at"] is not None, row["session_expires_at"], row["expires_at"], row["used_at"], row["successor_used"]
    )
    return shown, dict(row)


async def use_token(connection: asyncpg.Connection, token_hash: bytes, session_id: UUID, now: datetime) -> None:
    await connection.execute("UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1", token_hash, now)
    await connection.execute("UPDATE sessions SET seen_at = $2 WHERE id = $1", session_id, now)


async def confirm_session(connection: asyncpg.Connection, session_id: UUID, now: datetime, *, factors: int = 1) -> None:
    """Its person showed by so many factors that it is them."""
    query = "UPDATE sessions SET confirmed_at = $2, factors = $3 WHERE id = $1"
    await connection.execute(query, session_id, now, factors)


async def forget_confirmations(connection: asyncpg.Connection, person_id: UUID, *, but: UUID | None) -> None:
    """All other sessions of the person have to show once more that it is them."""
    query = "UPDATE sessions SET confirmed_at = NULL WHERE person_id = $1 AND id IS DISTINCT FROM $2"
    await connection.execute(query, person_id, but)


async def find_confirmed_at(connection: asyncpg.Pool, session_id: UUID, person_id: UUID) -> datetime | None:
    """When this session of this person was confirmed last."""
    query = "SELECT confirmed_at FROM sessions WHERE id = $1 AND person_id = $2 AND ended_at IS NULL"
    found: datetime | None = await connection.fetchval(query, session_id, person_id)
    return found


_END = "UPDATE sessions SET ended_at = $2, ending = $3 WHERE ended_at IS NULL AND "


async def end_session(
    connection: asyncpg.Connection, session_id: UUID, person_id: UUID, ending: str, now: datetime
) -> bool:
    """Whether the person had such a session, still alive."""
    done = await connection.execute(f"{_END} id = $1 AND person_id = $4", session_id, now, ending, person_id)
    return bool(done != "UPDATE 0")


async def end_sessions(
    connection: asyncpg.Connection, person_id: UUID, ending: str, now: datetime, *, but: UUID | None = None
) -> None:
    """All of the person's, but one."""
    await connection.execute(f"{_END} person_id = $1 AND id IS DISTINCT FROM $4", person_id, now, ending, but)


async def list_sessions(connection: asyncpg.Connection, person_id: UUID, now: datetime) -> list[Row]:
    """Those that live, the last one seen first."""
    query = (
        "SELECT id, way, address, agent, created_at, seen_at, expires_at FROM sessions "
        "WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC, id DESC"
    )
    return [dict(row) for row in await connection.fetch(query, person_id, now)]


async def list_all_sessions(connection: asyncpg.Connection | asyncpg.Pool, person_id: UUID) -> list[Row]:
    """Those that are over too, until they are forgotten; the newest first."""
    query = (
        "SELECT id, way, address, agent, created_at, seen_at, expires_at, ended_at, ending FROM sessions "
        "WHERE person_id = $1 ORDER BY id DESC"
    )
    return [dict(row) for row in await connection.fetch(query, person_id)]


# It is asked by every request, so one statement says who it is, that they may still, and their role in the team.
_CHOSEN = """
LEFT JOIN LATERAL (
    SELECT m.team_id, m.role, $2 <> '' AND (t.slug = $2 OR t.id::text = $2) AS is_asked
    FROM memberships m JOIN teams t ON t.id = m.team_id WHERE m.person_id = p.id
    ORDER BY $2 <> '' AND (t.slug = $2 OR t.id::text = $2) DESC, t.is_personal DESC, m.created_at LIMIT 1
) AS chosen ON true
"""
_WHO = f"""
SELECT p.id AS person_id, p.is_site_admin, p.is_guest, s.confirmed_at, s.factors,
       chosen.team_id, chosen.role, chosen.is_asked
FROM sessions s JOIN people p ON p.id = s.person_id {_CHOSEN}
WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $3 AND p.closed_at IS NULL
"""


async def find_who(pool: asyncpg.Pool, session_id: UUID, team: str, now: datetime) -> Row | None:
    """Whose session it is, and their role in the team with this slug or id, else in their personal one."""
    row = await pool.fetchrow(_WHO, session_id, team, now)
    return dict(row) if row else None


_TIDY = (
    "DELETE FROM sessions WHERE expires_at < $1 OR ended_at < $1",
    "DELETE FROM refresh_tokens WHERE expires_at < $1",
    "DELETE FROM mail_links WHERE expires_at < $1",
    "DELETE FROM second_factors WHERE confirmed_at IS NULL AND made_at < $1",
    "DELETE FROM outgoing_mail WHERE failed_at < $1",
    "DELETE FROM kept_mail WHERE sent_at < $1",
)


async def tidy(pool: asyncpg.Pool, before: datetime) -> None:
    """Forget what is over since before that instant."""
    for statement in _TIDY:
        await pool.execute(statement, before)


_LEFT = "LEAST($2::float, b.tokens + $3::float * GREATEST(0, EXTRACT(EPOCH FROM $4::timestamptz - b.at))::float)"
_TAKE = f"""
INSERT INTO rate_buckets AS b (name, tokens, at) VALUES ('person:' || $1, $2::float - 1, $4)
ON CONFLICT (name) DO UPDATE SET tokens = {_LEFT} - 1, at = $4 WHERE {_LEFT} >= 1
RETURNING tokens
"""


async def take_turn(pool: asyncpg.Pool, name: str, burst: int, per_second: float, now: datetime) -> bool:
    """Whether there is a token left in this bucket; it is taken at once, whatever becomes of the request."""
    return await pool.fetchval(_TAKE, name, float(burst), per_second, now) is not None
