"""The queue's entries, in PgQueuer's table; ``dispatch`` hands them out.

An entry of the queue stands for one ready or running step and is the lease on it: PgQueuer's heartbeat renews it, and
an entry whose heartbeat stopped is given to another worker. Entries are made, postponed and removed inside our own
transactions, so the queue and the steps never disagree.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

LEASE_SECONDS = 10.0
CHANNEL = "ch_pgqueuer"
WAKE_PAYLOAD = json.dumps(
    {
        "channel": CHANNEL,
        "operation": "insert",
        "sent_at": "2026-01-01T00:00:00Z",
        "table": "pgqueuer",
        "type": "table_changed_event",
    }
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An entry that this worker was given. ``id`` and ``holder`` say which row, and that it is still ours.

    ``lane``: the queues that share a lane with it here, itself among them.
    """

    id: int
    holder: UUID
    job_id: UUID
    key: str
    lane: tuple[str, ...] = ()


# Makes entries from rows (job_id, key, team_id, queue, tag) of ``ready``; a step that already has one keeps it. Lower
# tags run first. For use inside a statement that makes steps ready, so that both happen or neither.
ENQUEUE_READY = """
INSERT INTO pgqueuer (team_id, priority, entrypoint, dedupe_key, payload, status)
SELECT ready.team_id, -ready.tag, ready.queue, ready.job_id || ':' || ready.key,
       convert_to(ready.job_id || ':' || ready.key, 'UTF8'), 'queued'
FROM ready ORDER BY ready.tag
ON CONFLICT (dedupe_key, team_id) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
"""

# The tag of the last step that runs, or else of the next one to; of all teams, so the database tells only this.
VIRTUAL_TIME = "queue_virtual_time()"


async def remove(driver: asyncpg.Connection, delivery: Delivery) -> None:
    """The step ended: take its entry out, in the caller's transaction."""
    await driver.execute("DELETE FROM pgqueuer WHERE id = $1 AND queue_manager_id = $2", delivery.id, delivery.holder)


async def remove_waiting(driver: asyncpg.Connection, job_id: UUID, keys: Sequence[str]) -> None:
    """Take out the entries of steps that were cancelled before they began."""
    await driver.execute(
        "DELETE FROM pgqueuer WHERE dedupe_key = ANY($1) AND status = 'queued'", [f"{job_id}:{key}" for key in keys]
    )


_HASTEN = f"""
WITH ready AS (
    UPDATE steps SET state = 'ready', ready_at = COALESCE(ready_at, now()), tag = COALESCE(tag, 0), not_before = NULL
    WHERE job_id = $1 AND state IN ('pending', 'ready') RETURNING job_id, key, team_id, queue, tag),
hastened AS (
    UPDATE pgqueuer SET execute_after = now() FROM ready
    WHERE dedupe_key = ready.job_id || ':' || ready.key AND pgqueuer.team_id = ready.team_id AND status = 'queued')
{ENQUEUE_READY}
"""


async def hasten(driver: asyncpg.Connection, job_id: UUID) -> None:
    """Have all steps of a job that wait delivered now, whatever they wait for."""
    await driver.execute(_HASTEN, job_id)


async def postpone(driver: asyncpg.Connection, delivery: Delivery, delay_seconds: float) -> None:
    """Put the entry back, to be delivered after ``delay_seconds``; not before we ourselves have let go of it."""
    await driver.execute(
        "UPDATE pgqueuer SET status = 'queued', queue_manager_id = NULL, updated = now(), slot = NULL, attempts = 0,"
        " execute_after = now() + GREATEST(0.05, $3::float) * interval '1 s' WHERE id = $1 AND queue_manager_id = $2",
        delivery.id,
        delivery.holder,
        delay_seconds,
    )


# Of however many steps that a team has ready, about so many a second are looked at in vain. That is where it ends: who
# is refused for the first time comes back soon, because steps that take no time make room at once.
REFUSED_PER_SECOND = 100
REFUSED_MIN_SECONDS, REFUSED_MAX_SECONDS = 1, 30
_PUT_BACK = f"""
UPDATE pgqueuer SET status = 'queued', queue_manager_id = NULL, updated = now(), slot = NULL, attempts = attempts + 1,
    execute_after = now() + (0.5 + random()) * interval '1 s'
        * GREATEST({REFUSED_MIN_SECONDS}, LEAST(waiting.seconds, 2 ^ LEAST(attempts, 6)))
FROM (SELECT team_id, (SELECT count(*) FROM (SELECT FROM steps r WHERE r.team_id = refused.team_id
                           AND r.state = 'ready' LIMIT {REFUSED_PER_SECOND * REFUSED_MAX_SECONDS}) AS ready)
             / {REFUSED_PER_SECOND}.0 AS seconds
      FROM (SELECT DISTINCT team_id FROM pgqueuer WHERE id = ANY($1)) AS refused) AS waiting
WHERE id = ANY($1) AND queue_manager_id = ANY($2) AND pgqueuer.team_id = waiting.team_id
"""


async def put_back(pool: asyncpg.Pool, refused: Sequence[Delivery]) -> None:
    """There is no room for these now: they are delivered again later, and the more of their team wait, the later."""
    await pool.execute(_PUT_BACK, [one.id for one in refused], list({one.holder for one in refused}))


_ADOPT = f"""
WITH ready AS (
    SELECT s.job_id, s.key, s.team_id, s.queue, COALESCE(s.tag, 0) AS tag FROM steps s
    WHERE s.state IN ('ready', 'running') AND s.ready_at < now() - interval '5 s'
      AND NOT EXISTS (SELECT 1 FROM pgqueuer q WHERE q.dedupe_key = s.job_id || ':' || s.key AND q.team_id = s.team_id
                      AND q.status IN ('queued', 'picked'))
    LIMIT 100)
{ENQUEUE_READY} RETURNING id
"""


async def adopt_orphans(pool: asyncpg.Pool) -> int:
    """Give an entry to every waiting step that has none (lost with an unlogged table, or by hand)."""
    return len(await pool.fetch(_ADOPT))


async def forget_history(pool: asyncpg.Pool) -> None:
    """Drop PgQueuer's own log: a job's events are its history."""
    await pool.execute("DELETE FROM pgqueuer_log WHERE created < now() - interval '5 minutes'")


LINE_MAX_STEPS = 10_000
_LINE = "SELECT queue, steps_ahead, steps_running FROM queue_line($1, $2, $3)"


@dataclass(frozen=True, slots=True)
class Line:
    """Steps by queue: those that go ``ahead`` of a waiting one, at most ``LINE_MAX_STEPS`` in all, and that run now."""

    ahead: Mapping[str, int]
    running: Mapping[str, int]


async def line(driver: asyncpg.Connection, job_id: UUID, key: str, queues: Sequence[str]) -> Line:
    """What stands between a waiting step of this team and its start in ``queues``, of all teams."""
    rows = await driver.fetch(_LINE, f"{job_id}:{key}", list(queues), LINE_MAX_STEPS)
    return Line(
        {row["queue"]: row["steps_ahead"] for row in rows if row["steps_ahead"]},
        {row["queue"]: row["steps_running"] for row in rows if row["steps_running"]},
    )


async def waits(pool: asyncpg.Pool) -> list[tuple[str, int, float]]:
    """Of each queue in which something waits: how many entries, and for how many seconds the oldest."""
    rows = await pool.fetch(
        "SELECT entrypoint, count(*) AS n, extract(epoch FROM now() - min(created))::float8 AS seconds"
        " FROM pgqueuer WHERE status = 'queued' GROUP BY entrypoint ORDER BY entrypoint"
    )
    return [(row["entrypoint"], row["n"], row["seconds"]) for row in rows]


async def depths(pool: asyncpg.Pool) -> dict[str, int]:
    """Waiting entries by queue."""
    rows = await pool.fetch(
        "SELECT entrypoint, count(*) AS n FROM pgqueuer WHERE status = 'queued' GROUP BY entrypoint"
    )
    return {row["entrypoint"]: row["n"] for row in rows}
