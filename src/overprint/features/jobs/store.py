"""Reading jobs for people. Lean SQL: job status is the hottest read there is."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

Row = dict[str, Any]

_JOB = """
SELECT id, project_id, lineage, kind, title, state, progress, error, rerun_of, created_by, created_at, started_at,
       ended_at, last_seq, steps_total, steps_ended, paused_at, cancel_requested_at, request, request_id, traceparent,
       COALESCE((terms ->> 'quote_credits')::bigint, 0) AS quote_credits FROM jobs
"""
_STEPS = """
SELECT key, kind, title, queue, state, attempt, origin, progress, note, error_kind, error, price_credits, provider,
       input_tokens, output_tokens, cost_microdollars, possible_cost_microdollars,
       ready_at, started_at, ended_at, recipe
FROM steps WHERE job_id = $1 ORDER BY position
"""
_BEYOND_ALL = UUID(int=2**128 - 1)


async def find_job(driver: asyncpg.Connection, job_id: UUID) -> Row | None:
    row = await driver.fetchrow(f"{_JOB} WHERE id = $1", job_id)
    return dict(row) if row else None


async def find_status(pool: asyncpg.Pool, team_id: UUID, job_id: UUID) -> Row | None:
    """A job of this team with its ``steps``; moments are text. App role, without a transaction around it."""
    found = await pool.fetchval("SELECT job_status($1, $2)", team_id, job_id)
    return {"waiting": None, **json.loads(found)} if found else None


async def is_of(pool: asyncpg.Pool, team_id: UUID, job_id: UUID) -> bool:
    """Whether this team has such a job. App role, without a transaction around it."""
    return bool(await pool.fetchval("SELECT job_is_of($1, $2)", team_id, job_id))


async def find_by_idempotency_key(driver: asyncpg.Connection, key: str) -> Row | None:
    row = await driver.fetchrow(f"{_JOB} WHERE idempotency_key = $1", key)
    return dict(row) if row else None


async def newest_of(driver: asyncpg.Connection, lineage: UUID) -> Row | None:
    row = await driver.fetchrow(f"{_JOB} WHERE lineage = $1 ORDER BY created_at DESC, id DESC LIMIT 1", lineage)
    return dict(row) if row else None


async def list_jobs(
    driver: asyncpg.Connection, limit: int, before: UUID | None, state: str | None, kind: str | None = None
) -> list[Row]:
    rows = await driver.fetch(
        f"{_JOB} WHERE id < $2 AND ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR kind = $4) "
        "ORDER BY id DESC LIMIT $1",
        limit,
        before or _BEYOND_ALL,
        state,
        kind,
    )
    return [dict(row) for row in rows]


async def count_delivered(driver: asyncpg.Connection, job_ids: list[UUID]) -> dict[UUID, int]:
    """How many steps of each job have their output; one that failed or was skipped has ended and has none."""
    rows = await driver.fetch(
        "SELECT job_id, count(*) AS delivered FROM steps"
        " WHERE job_id = ANY($1) AND state IN ('completed', 'reused') GROUP BY job_id",
        job_ids,
    )
    return {row["job_id"]: row["delivered"] for row in rows}


async def hold_going(driver: asyncpg.Connection) -> list[UUID]:
    """Ids of the team's jobs that have not ended, all of them kept to this transaction."""
    rows = await driver.fetch("SELECT id FROM jobs WHERE ended_at IS NULL ORDER BY id FOR UPDATE")
    return [row["id"] for row in rows]


_AT_WORK = """
SELECT DISTINCT j.team_id FROM jobs j JOIN teams t ON t.id = j.team_id AND t.closed_at IS NOT NULL
WHERE j.ended_at IS NULL AND j.cancel_requested_at IS NULL LIMIT 100
"""


_LONG_PAUSED = "paused_at < now() - $1::interval"


async def list_long_paused(pool: asyncpg.Pool, kept: timedelta, limit: int) -> list[Row]:
    """Team and id of jobs that have been paused for ``kept``. System role."""
    query = f"SELECT team_id, id FROM jobs WHERE {_LONG_PAUSED} ORDER BY paused_at LIMIT $2"
    return [dict(row) for row in await pool.fetch(query, kept, limit)]


async def hold_long_paused(driver: asyncpg.Connection, kept: timedelta, job_id: UUID) -> bool:
    """Whether it is still, kept to this transaction."""
    query = f"SELECT true FROM jobs WHERE {_LONG_PAUSED} AND id = $2 FOR UPDATE"
    return bool(await driver.fetchval(query, kept, job_id))


async def list_ended_before(pool: asyncpg.Pool, kind: str, kept: timedelta, limit: int) -> list[Row]:
    """Team, id and work of jobs of a kind that ended ``kept`` ago or longer. System role."""
    query = (
        "SELECT team_id, id, lineage FROM jobs WHERE kind = $1 AND ended_at < now() - $2::interval"
        " ORDER BY ended_at LIMIT $3"
    )
    return [dict(row) for row in await pool.fetch(query, kind, kept, limit)]


async def closed_teams_at_work(pool: asyncpg.Pool) -> list[UUID]:
    """Closed teams with jobs that nobody stopped. System role."""
    return [row["team_id"] for row in await pool.fetch(_AT_WORK)]


async def count_begun(pool: asyncpg.Pool, kind: str, since: datetime) -> int:
    """Of all teams; by their ids, which tell when they were made, so that none of before is looked at. System role."""
    first = UUID(int=int(since.timestamp() * 1000) << 80)
    return int(await pool.fetchval("SELECT count(*) FROM jobs WHERE id >= $1 AND kind = $2", first, kind))


async def list_steps(driver: asyncpg.Connection, job_id: UUID) -> list[Row]:
    return [dict(row) for row in await driver.fetch(_STEPS, job_id)]


_SAID = """
SELECT type, data ->> 'key' AS key, data ->> 'text' AS text FROM events
WHERE job_id = $1 AND seq <= $2 AND type IN ('step.started', 'step.text') AND data ->> 'key' = ANY($3) ORDER BY seq
"""


async def list_said(driver: asyncpg.Connection, job_id: UUID, until: int, keys: list[str]) -> dict[str, str]:
    """What the newest attempts of these steps have said up to the event ``until``, by the step's key."""
    said: dict[str, list[str]] = {}
    for row in await driver.fetch(_SAID, job_id, until, keys):
        if row["type"] == "step.started":
            said[row["key"]] = []
        else:
            said.setdefault(row["key"], []).append(row["text"] or "")
    return {key: "".join(words) for key, words in said.items()}


async def find_output(driver: asyncpg.Connection, lineage: UUID, key: str) -> Any:
    """What a step of this work delivered last, in whichever of its jobs; None if it never did."""
    return await driver.fetchval(
        "SELECT s.output FROM steps s JOIN jobs j ON j.id = s.job_id WHERE j.lineage = $1 AND s.key = $2 "
        "AND s.state IN ('completed', 'reused') ORDER BY s.ended_at DESC LIMIT 1",
        lineage,
        key,
    )


async def find_input(driver: asyncpg.Connection, lineage: UUID, key: str) -> Any:
    """What a step of this work was made of when it delivered last, filled in; None if it never did."""
    return await driver.fetchval(
        "SELECT s.resolved FROM steps s JOIN jobs j ON j.id = s.job_id WHERE j.lineage = $1 AND s.key = $2 "
        "AND s.state IN ('completed', 'reused') ORDER BY s.ended_at DESC LIMIT 1",
        lineage,
        key,
    )


async def list_outputs(driver: asyncpg.Connection, lineage: UUID) -> list[Row]:
    """What each step of this work delivered last."""
    rows = await driver.fetch(
        "SELECT DISTINCT ON (s.key) s.key, s.kind, s.seed, s.resolved, s.output, s.origin"
        " FROM steps s JOIN jobs j ON j.id = s.job_id"
        " WHERE j.lineage = $1 AND s.state IN ('completed', 'reused') ORDER BY s.key, s.ended_at DESC",
        lineage,
    )
    return [dict(row) for row in rows]


_UNMADE = """
SELECT e.key, e.output, e.made_at, e.made_by, m.output AS made, m.origin FROM step_edits e LEFT JOIN LATERAL (
    SELECT s.output, s.origin FROM steps s JOIN jobs j ON j.id = s.job_id
    WHERE j.lineage = e.lineage AND s.key = e.key AND s.state IN ('completed', 'reused')
    ORDER BY s.ended_at DESC LIMIT 1) AS m ON true
WHERE e.lineage = $1 AND e.made_of IS NULL AND e.output IS DISTINCT FROM m.output ORDER BY e.made_at, e.key
"""


async def list_unmade(driver: asyncpg.Connection, lineage: UUID) -> list[Row]:
    """A person's edits that differ from what was delivered last."""
    return [dict(row) for row in await driver.fetch(_UNMADE, lineage)]


_VERSIONS = """
SELECT output, resolved, origin, provider, first_at FROM (
    SELECT DISTINCT ON (s.output) s.output, s.resolved, s.origin, s.provider, s.ended_at AS first_at
    FROM steps s JOIN jobs j ON j.id = s.job_id
    WHERE j.lineage = $1 AND s.key = $2 AND s.state IN ('completed', 'reused')
    ORDER BY s.output, s.ended_at) AS each
ORDER BY first_at DESC LIMIT $3
"""


async def list_versions(driver: asyncpg.Connection, lineage: UUID, key: str, limit: int) -> list[Row]:
    """What a step of this work delivered, each output once, by when it first did."""
    return [dict(row) for row in await driver.fetch(_VERSIONS, lineage, key, limit)]


async def list_logs(driver: asyncpg.Connection, job_id: UUID, key: str | None, limit: int) -> list[Row]:
    rows = await driver.fetch(
        "SELECT key, at, level, message FROM step_logs WHERE job_id = $1 AND ($2::text IS NULL OR key = $2) "
        "ORDER BY id LIMIT $3",
        job_id,
        key,
        limit,
    )
    return [dict(row) for row in rows]


async def list_going(driver: asyncpg.Connection, limit: int) -> list[Row]:
    """Jobs that have not ended, the oldest first."""
    rows = await driver.fetch(f"{_JOB} WHERE ended_at IS NULL ORDER BY id LIMIT $1", limit)
    return [dict(row) for row in rows]


_SUMS = """
SELECT job_id, queue, count(*) AS steps, count(*) FILTER (WHERE state IN ('completed', 'reused')) AS delivered,
       count(*) FILTER (WHERE state = 'running') AS running,
       COALESCE(sum(price_credits) FILTER (WHERE state = 'completed' AND origin = 'run'), 0)::bigint AS credits,
       COALESCE(sum(cost_microdollars), 0)::bigint AS cost_microdollars
FROM steps WHERE job_id = ANY($1) GROUP BY job_id, queue
"""


async def sum_steps(driver: asyncpg.Connection, job_ids: list[UUID]) -> list[Row]:
    """By job and queue: how many steps there are, have their output and run, and what they came to."""
    return [dict(row) for row in await driver.fetch(_SUMS, job_ids)]


async def forget_recipe(driver: asyncpg.Connection, job_id: UUID, key: str) -> int:
    """Let nothing be reused that was made as this step was; answers how many steps had been."""
    done = await driver.execute(
        "UPDATE steps SET recipe = NULL WHERE state IN ('completed', 'reused')"
        " AND team_id = (SELECT team_id FROM jobs WHERE id = $1)"
        " AND recipe = (SELECT recipe FROM steps WHERE job_id = $1 AND key = $2)",
        job_id,
        key,
    )
    return int(done.removeprefix("UPDATE "))
