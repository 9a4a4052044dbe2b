"""SQL about the audit log. A transaction of the app role sees its team's lines, a connection of the system role all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.codec import canonical, digest
from overprint.features.audit.rules import NOTHING, Line, Link, Place

_FIELDS = tuple(field.name for field in fields(Line))
_COLUMNS = ", ".join(_FIELDS)


def _hash(seq: str, previous_hash: str) -> str:
    """``rules.hash_at`` in SQL, so that reading a chain's end and going on from it are one statement."""
    told = f"""'{{"content":"' || $13::text || '","previous":"' || {previous_hash} || '","seq":' || {seq} || '}}'"""
    return f"encode(sha256(convert_to({told}, 'UTF8')), 'hex')"


# The conflicting row is locked, and read anew once its lock was had: each line goes on from the one before it.
_APPEND = f"""
WITH head AS (
    INSERT INTO audit_chains AS c (team_id, seq, previous_hash, hash)
    VALUES ($2, 1, '{NOTHING}', {_hash("1", f"'{NOTHING}'")})
    ON CONFLICT (team_id) DO UPDATE
    SET seq = c.seq + 1, previous_hash = c.hash, hash = {_hash("(c.seq + 1)", "c.hash")}
    RETURNING seq, previous_hash, hash)
INSERT INTO audit_log ({_COLUMNS}, seq, previous_hash, hash)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, head.seq, head.previous_hash, head.hash FROM head
"""


async def append(connection: asyncpg.Connection, line: Line) -> None:
    """Put a line at the end of its team's chain, whose other writers wait until this transaction ends."""
    values = [getattr(line, name) for name in _FIELDS]
    values[_FIELDS.index("detail")] = canonical(line.detail).decode()
    await connection.execute(_APPEND, *values, digest(line))


async def find_ends(connection: asyncpg.Connection, team_id: UUID) -> tuple[Place, Place] | None:
    """Where a chain was cut and where it ends; None if it has no line yet."""
    row = await connection.fetchrow("SELECT * FROM audit_chains WHERE team_id = $1", team_id)
    return (Place(row["cut_seq"], row["cut_hash"]), Place(row["seq"], row["hash"])) if row else None


async def list_chains(connection: asyncpg.Connection) -> list[UUID]:
    """The teams of all chains, and of lines that belong to none."""
    rows = await connection.fetch(
        "SELECT team_id FROM audit_chains UNION SELECT DISTINCT team_id FROM audit_log ORDER BY team_id"
    )
    return [row["team_id"] for row in rows]


async def read_links(connection: asyncpg.Connection, team_id: UUID, after_seq: int, limit: int) -> list[Link]:
    """A stretch of a chain in its order."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS}, seq, previous_hash, hash FROM audit_log WHERE team_id = $1 AND seq > $2"
        " ORDER BY seq LIMIT $3",
        team_id,
        after_seq,
        limit,
    )
    return [_link(row) for row in rows]


@asynccontextmanager
async def snapshot(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection on which everything is as it was at the first statement."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield connection


async def list_links(
    connection: asyncpg.Connection,
    team_id: UUID | None,
    limit: int,
    before: UUID | None,
    *,
    action: str | None = None,
    actor_id: UUID | None = None,
    first: UUID | None = None,
    last: UUID | None = None,
) -> list[Link]:
    """The newest first, of one chain or of all. Ids tell when they were made, so ``first`` and ``last`` bound times;
    within a millisecond they tell no order, which within a chain its numbers do."""
    order = "id" if team_id is None else "seq"
    where, values = ["true"], list[Any]()
    conditions: tuple[tuple[str, Any], ...] = (
        ("team_id = {}", team_id),
        (f"{order} < (SELECT {order} FROM audit_log WHERE id = {{}})", before),
        ("(action = {0} OR action LIKE replace({0}, '_', '\\_') || '.%')", action),
        ("actor_id = {}", actor_id),
        ("id >= {}", first),
        ("id < {}", last),
    )
    for condition, value in conditions:
        if value is not None:
            values.append(value)
            where.append(condition.format(f"${len(values)}"))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS}, seq, previous_hash, hash FROM audit_log WHERE {' AND '.join(where)}"
        f" ORDER BY {order} DESC LIMIT {limit}",
        *values,
    )
    return [_link(row) for row in rows]


async def list_old_chains(pool: asyncpg.Pool, before: datetime, limit: int) -> list[UUID]:
    """Chains whose first line is older than that."""
    rows = await pool.fetch(
        "SELECT c.team_id FROM audit_chains c JOIN audit_log l ON l.team_id = c.team_id AND l.seq = c.cut_seq + 1"
        " WHERE l.at < $1 ORDER BY c.team_id LIMIT $2",
        before,
        limit,
    )
    return [row["team_id"] for row in rows]


# Up to the first line that is young enough: times of a chain may be out of order by a moment.
_CUT = """
WITH front AS (
    SELECT l.seq, l.hash, l.at FROM audit_chains c JOIN audit_log l ON l.team_id = c.team_id AND l.seq > c.cut_seq
    WHERE c.team_id = $1 ORDER BY l.seq LIMIT $3),
kept AS (SELECT min(seq) AS seq FROM front WHERE at >= $2)
SELECT f.seq, f.hash FROM front f, kept WHERE f.seq < COALESCE(kept.seq, f.seq + 1) ORDER BY f.seq DESC LIMIT 1
"""


async def cut(connection: asyncpg.Connection, team_id: UUID, before: datetime, limit: int) -> Place | None:
    """Cut at most so many lines older than that off the front. Answers where; None if there was nothing to cut."""
    await connection.execute("SELECT FROM audit_chains WHERE team_id = $1 FOR UPDATE", team_id)
    row = await connection.fetchrow(_CUT, team_id, before, limit)
    if row is None:
        return None
    place = Place(row["seq"], row["hash"])
    await connection.execute(
        "UPDATE audit_chains SET cut_seq = $2, cut_hash = $3 WHERE team_id = $1", team_id, place.seq, place.hash
    )
    await connection.execute("DELETE FROM audit_log WHERE team_id = $1 AND seq <= $2", team_id, place.seq)
    return place


def _link(row: asyncpg.Record) -> Link:
    line = Line(**{name: row[name] for name in _FIELDS})
    return Link(row["seq"], row["previous_hash"], row["hash"], line)
