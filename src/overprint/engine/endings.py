"""How steps and jobs end: completed, failed, cancelled, or handed back to be tried again.

Every statement that ends a running step is fenced by its attempt. Lock order is the job's row first, then its steps.
"""

import json
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from overprint.engine import ledger, queue
from overprint.engine.claims import LostLease
from overprint.engine.job import STEP_ENDED, JobState, Origin, StepState
from overprint.engine.participants import JobInfo
from overprint.engine.store import (
    INFO_COLUMNS,
    FreeStep,
    LockedJob,
    Need,
    Row,
    free_query,
    free_step,
    job_info,
    locked_job,
)

_END_JOB = """
UPDATE jobs SET state = $2, ended_at = now(), progress = CASE WHEN $2 = 'completed' THEN 1 ELSE progress END,
    error = (SELECT string_agg(DISTINCT error, ' ') FROM (
        SELECT error FROM steps WHERE job_id = $1 AND state = 'failed' ORDER BY position LIMIT 3) AS e)
WHERE id = $1 RETURNING error
"""


async def end_job(driver: asyncpg.Connection, job_id: UUID, state: JobState) -> str | None:
    """Mark the job ended; answers the words of its first failures."""
    error: str | None = await driver.fetchval(_END_JOB, job_id, state)
    return error


@dataclass(frozen=True, slots=True)
class Ending:
    """How a running step ends. What its calls cost stands in the ledger."""

    state: StepState
    output: str | None = None
    error_kind: str | None = None
    error: str | None = None
    provider: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0


# What a statement sees was fixed when it began, not when it got its lock: if it had to wait for the job's row, other
# steps may have ended since then, and ``free`` is out of date. Whoever ends steps counts them in the job's row.
# The CASE leads to the step by its key: by its state, an index of the team's active steps looks as good, and is not.
_FINISH = f"""
WITH job AS (
    SELECT state, weight, cancel_requested_at IS NOT NULL AS cancel_requested, steps_total, steps_ended
    FROM jobs WHERE id = $1 FOR UPDATE),
step AS (
    UPDATE steps SET state = $4, origin = $5, output = $6, error_kind = $7, error = $8, ended_at = now(),
        progress = CASE WHEN $4 = 'completed' THEN 1 ELSE progress END,
        provider = $9, input_tokens = $10, output_tokens = $11,
        (cost_microdollars, possible_cost_microdollars) = (
            SELECT COALESCE(sum(c.cost_microdollars), 0), COALESCE(sum(c.possible_cost_microdollars), 0)
            FROM step_calls c WHERE c.job_id = $1 AND c.key = $3)
    FROM job
    WHERE job_id = $1 AND key = $3 AND attempt = $12
      AND CASE steps.state WHEN 'running' THEN true WHEN 'ready' THEN $4 = 'cancelled' ELSE false END
    RETURNING recipe, price_credits, title),
entry AS (DELETE FROM pgqueuer WHERE id = $13 AND queue_manager_id = $14 AND EXISTS (SELECT FROM step)),
free AS ({free_query(just_ended="$3")}
    AND s.key = ANY(ARRAY(SELECT key FROM step_needs WHERE job_id = $1 AND needs_key = $3))
    AND EXISTS (SELECT FROM step))
SELECT job.*, step.title IS NOT NULL AS was_finished, step.*, free.*,
       job.steps_ended = (SELECT steps_ended FROM jobs WHERE id = $1) AS is_fresh
FROM job LEFT JOIN step ON true LEFT JOIN free ON true ORDER BY free.position
"""
_STATE_IN = "SELECT state FROM steps WHERE job_id = $1 AND key = $2 AND attempt = $3"


@dataclass(frozen=True, slots=True)
class Finished:
    """A step that ended now, its job at that moment, and the steps that this set free: None if that has to be read."""

    job: LockedJob
    title: str
    recipe: str
    price_credits: int
    free: list[FreeStep] | None


async def finish_step(
    driver: asyncpg.Connection, delivery: queue.Delivery, job: JobInfo, attempt: int, ending: Ending
) -> Finished | None:
    """Lock the job, end a running step if ``attempt`` still holds it, and take out its entry.

    None: the job is gone, or this very attempt has ended before. Raises ``LostLease`` if the step is another's.
    """
    rows = await driver.fetch(
        _FINISH,
        job.id,
        job.lineage,
        delivery.key,
        ending.state,
        Origin.RUN if ending.state is StepState.COMPLETED else None,
        ending.output,
        ending.error_kind,
        ending.error,
        ending.provider,
        ending.input_tokens,
        ending.output_tokens,
        attempt,
        delivery.id,
        delivery.holder,
    )
    if not rows:
        return None
    row = rows[0]
    if not row["was_finished"]:
        if await driver.fetchval(_STATE_IN, job.id, delivery.key, attempt) not in STEP_ENDED:
            raise LostLease(delivery.key)
        return None
    output = None if ending.output is None else json.loads(ending.output)
    need = Need(delivery.key, ending.state, False, output)
    free = [free_step(row, need) for row in rows if row["key"] is not None]
    return Finished(
        locked_job(row, job), row["title"], row["recipe"], row["price_credits"], free if row["is_fresh"] else None
    )


_ATTEMPT = f"""
SELECT attempt, job.* FROM steps CROSS JOIN (SELECT {INFO_COLUMNS} FROM jobs WHERE id = $1) AS job
WHERE job_id = $1 AND key = $2 AND EXISTS (SELECT FROM pgqueuer WHERE id = $3 AND queue_manager_id = $4)
"""


async def attempt_of(pool: asyncpg.Pool, delivery: queue.Delivery) -> tuple[JobInfo, int] | None:
    """The job of a delivered step and its newest attempt, which was the one before ours or our own; None if the
    delivery has lost its entry, so that the attempt may be of the worker that has it now."""
    row = await pool.fetchrow(_ATTEMPT, delivery.job_id, delivery.key, delivery.id, delivery.holder)
    return None if row is None else (job_info(row), row["attempt"])


_HAND_BACK = """
UPDATE steps SET state = 'ready', worker = NULL, tries = tries + $4, not_before = now() + $5::float * interval '1 s',
    error_kind = $6, error = $7, progress = 0,
    waits = waits + $8, waited_seconds = waited_seconds + $8 * $5::float
WHERE job_id = $1 AND key = $2 AND attempt = $3 AND state = 'running'
RETURNING title
"""


async def hand_back_step(
    driver: asyncpg.Connection,
    job_id: UUID,
    key: str,
    attempt: int,
    *,
    counts: bool,
    waits: bool,
    delay_seconds: float,
    error_kind: str | None,
    error: str | None,
) -> Row | None:
    """Make a running step ready again, to be run after ``delay_seconds``. ``counts``: as one of its tries; ``waits``:
    because a provider makes it wait."""
    return await driver.fetchrow(
        _HAND_BACK, job_id, key, attempt, int(counts), delay_seconds, error_kind, error, int(waits)
    )


async def times_handed_back(driver: asyncpg.Connection | asyncpg.Pool, job_id: UUID, key: str) -> int:
    """How many attempts of a step ended in order, to be tried again."""
    return int(
        await driver.fetchval(
            "SELECT count(*) FROM events WHERE job_id = $1 AND type = 'step.retrying' AND data ->> 'key' = $2",
            job_id,
            key,
        )
    )


async def ask_to_stop(driver: asyncpg.Connection, job_id: UUID) -> None:
    await driver.execute("UPDATE jobs SET cancel_requested_at = now() WHERE id = $1", job_id)


_CANCEL_WAITING = """
UPDATE steps SET state = 'cancelled', ended_at = now(),
    (cost_microdollars, possible_cost_microdollars) = (
        SELECT COALESCE(sum(c.cost_microdollars), 0), COALESCE(sum(c.possible_cost_microdollars), 0)
        FROM step_calls c WHERE c.job_id = $1 AND c.key = steps.key)
WHERE job_id = $1 AND state IN ('pending', 'ready') RETURNING key
"""


async def cancel_waiting(driver: asyncpg.Connection, job_id: UUID) -> list[str]:
    """Cancel every step that has not begun; answers their keys."""
    await ledger.price_doubts(driver, job_id)
    return [row["key"] for row in await driver.fetch(_CANCEL_WAITING, job_id)]
