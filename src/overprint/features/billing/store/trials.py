"""SQL about who tried a plan. What is known of them is a keyed hash, which outlasts their account. System role."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg


async def has_tried(connection: asyncpg.Connection, team_id: UUID) -> bool:
    query = "SELECT EXISTS (SELECT FROM subscriptions WHERE team_id = $1 AND trial_at IS NOT NULL)"
    return bool(await connection.fetchval(query, team_id))


async def is_known(connection: asyncpg.Connection, marks: Sequence[bytes], team_id: UUID) -> bool:
    """Whether a trial of another team was offered to somebody of these marks."""
    query = "SELECT EXISTS (SELECT FROM trials WHERE mark = ANY($1) AND team_id <> $2)"
    return bool(await connection.fetchval(query, list(marks), team_id))


_CLAIM = """
INSERT INTO trials (mark, team_id, offered_at) SELECT mark, $2, $3 FROM unnest($1::bytea[]) AS n(mark) ORDER BY mark
ON CONFLICT (mark) DO UPDATE SET
    offered_at = CASE WHEN trials.team_id = excluded.team_id THEN excluded.offered_at ELSE trials.offered_at END
RETURNING team_id
"""


async def claim(connection: asyncpg.Connection, marks: Sequence[bytes], team_id: UUID, now: datetime) -> bool:
    """Note that a trial of this team is offered to who is known by these marks; False if one of another team was, at
    this moment: then all of it is to be undone."""
    rows = await connection.fetch(_CLAIM, list(marks), team_id, now)
    return all(row["team_id"] == team_id for row in rows)


async def note_begun(pool: asyncpg.Pool, team_id: UUID, now: datetime) -> None:
    """The trial that was offered to this team has begun."""
    await pool.execute("UPDATE trials SET begun_at = $2 WHERE team_id = $1 AND begun_at IS NULL", team_id, now)


async def forget(pool: asyncpg.Pool, offered_before: datetime, begun_before: datetime) -> None:
    """Delete those that were offered before then and never begun, and those that were begun before then."""
    await pool.execute("DELETE FROM trials WHERE offered_at < $1 AND begun_at IS NULL", offered_before)
    await pool.execute("DELETE FROM trials WHERE begun_at < $1", begun_before)
