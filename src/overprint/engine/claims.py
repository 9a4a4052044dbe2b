"""What the system role does for a running step, one statement each: claim it, and speak for it while it runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.engine import queue
from overprint.engine.participants import JobInfo
from overprint.engine.store import job_info

ATTEMPTS_MAX = 25


class LostLease(Exception):
    """Another worker has this step now. Nothing more may be written for it."""


class Refusal(StrEnum):
    """Why a step could not be claimed."""

    GONE = "gone"
    CANCELLED = "cancelled"
    TEAM_BUSY = "team_busy"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one step. ``attempt`` is the fence: whoever holds the highest one may write."""

    job: JobInfo
    key: str
    kind: str
    title: str
    attempt: int
    tries: int
    input: Json
    seed: int


_CLAIM = """
WITH job AS (SELECT * FROM jobs WHERE id = $1 FOR UPDATE),
busy AS (
    SELECT count(*) AS running FROM steps, job
    WHERE steps.team_id = job.team_id AND steps.state = 'running' AND (steps.job_id, steps.key) <> ($1, $2)),
step AS (
    UPDATE steps SET state = 'running', attempt = attempt + 1, worker = $3, progress = 0,
        started_at = now(), error = NULL, error_kind = NULL
    FROM job, busy
    WHERE steps.job_id = $1 AND steps.key = $2 AND steps.state IN ('ready', 'running')
      AND job.cancel_requested_at IS NULL AND busy.running < $4
      AND ($5::bigint IS NULL OR EXISTS (SELECT 1 FROM pgqueuer q WHERE q.id = $5 AND q.queue_manager_id = $6))
    RETURNING steps.key, steps.kind, steps.title, steps.attempt, steps.tries, steps.resolved, steps.seed),
bump AS (
    UPDATE jobs SET last_seq = last_seq + 1, state = 'running', started_at = COALESCE(started_at, now())
    WHERE id = $1 AND EXISTS (SELECT 1 FROM step) RETURNING last_seq, team_id, progress),
told AS (
    INSERT INTO events (job_id, seq, team_id, type, data)
    SELECT $1, bump.last_seq, bump.team_id, 'step.started', jsonb_build_object(
        'key', step.key, 'kind', step.kind, 'title', step.title, 'attempt', step.attempt, 'progress', bump.progress)
    FROM bump, step)
SELECT job.id, job.team_id, job.kind, job.lineage, job.project_id, job.request, job.created_by,
       job.cancel_requested_at IS NOT NULL AS is_cancelled, busy.running >= $4 AS is_team_busy,
       step.key, step.kind AS step_kind, step.title, step.attempt, step.tries, step.resolved, step.seed,
       (SELECT state FROM steps WHERE job_id = $1 AND key = $2) AS old_state
FROM job CROSS JOIN busy LEFT JOIN step ON true
"""


async def claim(
    pool: asyncpg.Pool,
    job_id: UUID,
    key: str,
    *,
    worker: str,
    team_limit: int,
    delivery: queue.Delivery | None = None,
) -> Claim | Refusal:
    """Take a ready step, or take over one whose worker is gone (the queue decides that).

    With a ``delivery`` only while that still holds the step's entry: who was frozen between the two, or waited for the
    database, must not take the step away from the worker that has it by now.
    """
    held = (delivery.id, delivery.holder) if delivery else (None, None)
    row = await pool.fetchrow(_CLAIM, job_id, key, worker, team_limit, *held)
    if row is None or row["old_state"] not in ("ready", "running"):
        return Refusal.GONE
    if row["is_cancelled"]:
        return Refusal.CANCELLED
    if row["key"] is None:
        return Refusal.TEAM_BUSY if row["is_team_busy"] else Refusal.GONE
    return Claim(
        job=job_info(row),
        key=row["key"],
        kind=row["step_kind"],
        title=row["title"],
        attempt=row["attempt"],
        tries=row["tries"],
        input=row["resolved"],
        seed=row["seed"],
    )


_SPEAK = """
WITH job AS (SELECT id FROM jobs WHERE id = $1 FOR UPDATE),
step AS (
    UPDATE steps SET progress = COALESCE($4, steps.progress), note = COALESCE($5, steps.note)
    FROM job WHERE steps.job_id = $1 AND steps.key = $2 AND steps.attempt = $3 AND steps.state = 'running'
    RETURNING steps.team_id),
bump AS (UPDATE jobs SET last_seq = last_seq + 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM step)
    RETURNING last_seq, team_id, progress)
INSERT INTO events (job_id, seq, team_id, type, data)
SELECT $1, last_seq, team_id, $6, $7::jsonb || jsonb_build_object('progress', progress) FROM bump
RETURNING seq
"""


async def speak(
    pool: asyncpg.Pool,
    claimed: Claim,
    event: str,
    data: Mapping[str, Any],
    *,
    fraction: float | None = None,
    note: str | None = None,
) -> None:
    """Write an event (and progress) for a running step. Raises ``LostLease`` if it is not ours any more."""
    body = json.dumps({"key": claimed.key, **data}, ensure_ascii=False)
    seq = await pool.fetchval(_SPEAK, claimed.job.id, claimed.key, claimed.attempt, fraction, note, event, body)
    if seq is None:
        raise LostLease(claimed.key)


_LOG = """
WITH step AS (
    UPDATE steps SET log_lines = log_lines + 1
    WHERE job_id = $1 AND key = $2 AND attempt = $3 AND state = 'running' AND log_lines < $4
    RETURNING team_id)
INSERT INTO step_logs (job_id, key, team_id, level, message) SELECT $1, $2, team_id, $5, $6 FROM step
"""


async def log_line(pool: asyncpg.Pool, claimed: Claim, level: str, message: str, *, lines_max: int) -> None:
    """Keep a line of the step's log; lines beyond ``lines_max`` and of lost leases are dropped."""
    await pool.execute(_LOG, claimed.job.id, claimed.key, claimed.attempt, lines_max, level, message[:2000])
