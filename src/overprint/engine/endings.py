"""How steps and jobs end: completed, failed, cancelled, or handed back to be tried again.

Every statement that ends a running step is fenced by its attempt. Lock order is the job's row first, then its steps.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from overprint.engine import queue
from overprint.engine.job import JobState, Origin, StepState
from overprint.engine.store import JOB_COLUMNS, LockedJob, Row, locked_job

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


_FINISH = f"""
WITH job AS (SELECT {JOB_COLUMNS} FROM jobs WHERE id = $1 FOR UPDATE),
step AS (
    UPDATE steps SET state = $4, origin = $5, output = $6, error_kind = $7, error = $8, ended_at = now(),
        progress = CASE WHEN $4 = 'completed' THEN 1 ELSE steps.progress END,
        provider = $9, input_tokens = $10, output_tokens = $11,
        cost_microdollars = (SELECT COALESCE(sum(c.cost_microdollars), 0) FROM step_calls c
                             WHERE c.job_id = $1 AND c.key = $2)
    FROM job
    WHERE steps.job_id = $1 AND steps.key = $2 AND steps.attempt = $3
      AND (steps.state = 'running' OR ($4 = 'cancelled' AND steps.state = 'ready'))
    RETURNING steps.recipe, steps.price_credits, steps.title, steps.resolved, steps.seed),
entry AS (DELETE FROM pgqueuer WHERE id = $12 AND queue_manager_id = $13 AND EXISTS (SELECT 1 FROM step))
SELECT job.*, step.*, step.title IS NOT NULL AS was_finished,
       (SELECT s.state FROM steps s WHERE s.job_id = $1 AND s.key = $2 AND s.attempt = $3) AS old_state
FROM job LEFT JOIN step ON true
"""


async def finish_step(
    driver: asyncpg.Connection, delivery: queue.Delivery, attempt: int, ending: Ending
) -> tuple[LockedJob, Row] | None:
    """Lock the job, end a running step if ``attempt`` still holds it, and take out its entry.

    ``was_finished`` and ``old_state`` of the row say whether that happened now, and how the step was before if this
    attempt holds it at all. None: the job is gone.
    """
    row = await driver.fetchrow(
        _FINISH,
        delivery.job_id,
        delivery.key,
        attempt,
        ending.state,
        Origin.RUN if ending.state is StepState.COMPLETED else None,
        ending.output,
        ending.error_kind,
        ending.error,
        ending.provider,
        ending.input_tokens,
        ending.output_tokens,
        delivery.id,
        delivery.holder,
    )
    return None if row is None else (locked_job(row), row)


_HAND_BACK = """
UPDATE steps SET state = 'ready', worker = NULL, tries = tries + $4, not_before = now() + $5::float * interval '1 s',
    error_kind = $6, error = $7, progress = 0
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
    delay_seconds: float,
    error_kind: str | None,
    error: str | None,
) -> Row | None:
    """Make a running step ready again, to be run after ``delay_seconds``. ``counts``: as one of its tries."""
    return await driver.fetchrow(_HAND_BACK, job_id, key, attempt, int(counts), delay_seconds, error_kind, error)


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
UPDATE steps SET state = 'cancelled', ended_at = now()
WHERE job_id = $1 AND state IN ('pending', 'ready') RETURNING key
"""


async def cancel_waiting(driver: asyncpg.Connection, job_id: UUID) -> list[str]:
    """Cancel every step that has not begun; answers their keys."""
    return [row["key"] for row in await driver.fetch(_CANCEL_WAITING, job_id)]
