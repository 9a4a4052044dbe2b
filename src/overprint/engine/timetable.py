"""When each schedule is due, who runs it, and how the last run ended: one row a schedule.

Times of schedules come from the clock port. The lease on a turn is counted by the database's own clock, which all
workers share; ``run`` is its fence: whoever holds the newest number may write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

ERROR_MAX_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to run a schedule now."""

    name: str
    run: int


@dataclass(frozen=True, slots=True)
class Standing:
    """``tries`` counts the runs since the last one that ended well; ``error`` is of the last that ended.

    ``running_at`` is the worker that has the turn now.
    """

    name: str
    due_at: datetime
    tries: int
    running_at: str | None
    ended_at: datetime | None
    seconds: float | None
    error: str | None


# A schedule whose times were changed is due by the new ones, if they come sooner.
_ENTER = """
INSERT INTO schedules AS s (name, due_at) SELECT * FROM unnest($1::text[], $2::timestamptz[])
ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE s.due_at > excluded.due_at
"""


async def enter(pool: asyncpg.Pool, first: Mapping[str, datetime]) -> None:
    """Have a row for each schedule, due at the given instant unless it is due sooner."""
    await pool.execute(_ENTER, list(first), list(first.values()))


async def ahead(pool: asyncpg.Pool, now: datetime) -> timedelta:
    """By how much ``now`` is later than the database's clock has it; less than nothing for what is earlier."""
    found: timedelta = await pool.fetchval("SELECT $1::timestamptz - now()", now)
    return found


# By ``WITH``, so that one is chosen once: within the join the database might choose anew for each row.
_TAKE = """
WITH next AS (
    SELECT name FROM schedules
    WHERE name = ANY($1) AND due_at <= $3 AND (held_until IS NULL OR held_until < now())
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE schedules s SET run = s.run + 1, tries = s.tries + 1, holder = $4, began_at = $3, due_at = again.at,
    held_until = now() + $5::float * interval '1 s'
FROM next, unnest($1::text[], $2::timestamptz[]) AS again(name, at)
WHERE s.name = next.name AND again.name = s.name
RETURNING s.name, s.run
"""


async def take(
    pool: asyncpg.Pool, again: Mapping[str, datetime], *, now: datetime, holder: str, lease_seconds: float
) -> Turn | None:
    """The turn of the schedule that is due longest and that nobody runs; None if there is none.

    ``again`` has the schedules that this worker knows, and when each is due again should this run not end well.
    """
    row = await pool.fetchrow(_TAKE, list(again), list(again.values()), now, holder, lease_seconds)
    return None if row is None else Turn(row["name"], row["run"])


_RENEW = """
UPDATE schedules SET held_until = now() + $3::float * interval '1 s'
WHERE name = $1 AND run = $2 AND held_until IS NOT NULL RETURNING 1
"""


async def renew(pool: asyncpg.Pool, turn: Turn, lease_seconds: float) -> bool:
    """Keep the turn for so long from now. False: another worker has it by now."""
    return await pool.fetchval(_RENEW, turn.name, turn.run, lease_seconds) is not None


_END = """
UPDATE schedules SET holder = NULL, held_until = NULL, ended_at = $4, seconds = $5, error = $6,
    tries = CASE WHEN $6::text IS NULL THEN 0 ELSE tries END,
    due_at = CASE WHEN $6::text IS NULL THEN $3 ELSE due_at END
WHERE name = $1 AND run = $2 AND held_until IS NOT NULL
"""


async def end(
    pool: asyncpg.Pool, turn: Turn, *, due_at: datetime, now: datetime, seconds: float, error: str | None
) -> None:
    """Tell how a run ended. It is due again at ``due_at``, or with an ``error`` when ``take`` was told."""
    bounded = None if error is None else error[:ERROR_MAX_CHARACTERS]
    await pool.execute(_END, turn.name, turn.run, due_at, now, seconds, bounded)


_HAND_BACK = """
UPDATE schedules SET holder = NULL, held_until = NULL, due_at = began_at, tries = tries - 1
WHERE name = $1 AND run = $2 AND held_until IS NOT NULL
"""


async def hand_back(pool: asyncpg.Pool, turn: Turn) -> None:
    """Leave the turn to another worker: this one stops."""
    await pool.execute(_HAND_BACK, turn.name, turn.run)


_READ = """
SELECT name, due_at, tries, CASE WHEN held_until > now() THEN holder END AS running_at, ended_at, seconds, error
FROM schedules ORDER BY name LIMIT 1000
"""


async def hasten(connection: asyncpg.Connection, name: str, now: datetime) -> bool:
    """Have its next turn now, if it is not sooner; whether it is in the timetable."""
    done = await connection.execute("UPDATE schedules SET due_at = LEAST(due_at, $2) WHERE name = $1", name, now)
    return bool(done != "UPDATE 0")


async def read(pool: asyncpg.Pool) -> dict[str, Standing]:
    """How all schedules stand, by name."""
    return {row["name"]: Standing(**row) for row in await pool.fetch(_READ)}
