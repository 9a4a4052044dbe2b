"""How steps and jobs end: completed, failed, cancelled, or handed back to be tried again.

Every statement that ends a running step is fenced by its attempt. Lock order is the job's row first, then its steps.
"""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import asyncpg

from overprint.engine import ledger, queue
from overprint.engine.claims import Claim
from overprint.engine.job import STEP_ENDED, JobState, Origin, StepState
from overprint.engine.participants import JobInfo
from overprint.engine.store import (
    INFO_COLUMNS,
    FreeStep,
    LockedJob,
    Need,
    Outputs,
    Row,
    free_query,
    free_step,
    job_info,
    locked_job,
    needed_outputs,
    note_waits,
)

_END_JOB = """
UPDATE jobs SET state = $2, ended_at = now(), paused_at = NULL,
    progress = CASE WHEN $2 = 'completed' THEN 1 ELSE progress END,
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


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """A step whose body has ended, as its worker saw it: to be recorded. ``claim``, if it has an output."""

    delivery: queue.Delivery
    job: JobInfo
    attempt: int
    ending: Ending
    claim: Claim | None = None


# What a statement sees was fixed when it began, not when it got its lock: if a job's row changed since then, other
# steps may have ended, and ``free`` is out of date. Whoever ends steps counts them in the job's row.
# The CASE leads to the step by its key: by its state, an index of the team's active steps looks as good, and is not.
# So do the lists of jobs and keys, and OFFSET 0, whatever the tables looked like when this was planned.
def _finish(lock: str) -> str:
    return f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::uuid[])
        WITH ORDINALITY AS a(job_id, lineage, key, attempt, state, origin, output, error_kind, error,
                             provider, input_tokens, output_tokens, entry, holder, ord)),
job AS (
    SELECT j.* FROM (SELECT job_id FROM asked ORDER BY job_id) AS a CROSS JOIN LATERAL (
        SELECT id, project_id, state, weight, cancel_requested_at IS NOT NULL AS cancel_requested,
               steps_total, steps_ended, paused_at IS NOT NULL AS is_paused
        FROM jobs WHERE id = a.job_id {lock}) AS j),
step AS (
    UPDATE steps SET state = a.state, origin = a.origin, output = a.output::jsonb, error_kind = a.error_kind,
        error = a.error, ended_at = now(), progress = CASE WHEN a.state = 'completed' THEN 1 ELSE progress END,
        provider = a.provider, input_tokens = a.input_tokens, output_tokens = a.output_tokens,
        (cost_microdollars, possible_cost_microdollars) = (
            SELECT COALESCE(sum(c.cost_microdollars), 0), COALESCE(sum(c.possible_cost_microdollars), 0)
            FROM step_calls c WHERE c.job_id = steps.job_id AND c.key = steps.key)
    FROM asked a JOIN job ON job.id = a.job_id
    WHERE steps.job_id = ANY($1) AND steps.key = ANY($3)
      AND steps.job_id = a.job_id AND steps.key = a.key AND steps.attempt = a.attempt
      AND CASE steps.state WHEN 'running' THEN true WHEN 'ready' THEN a.state = 'cancelled' ELSE false END
    RETURNING a.ord, a.job_id, a.lineage, a.key, a.entry, a.holder, steps.recipe, steps.price_credits, steps.title),
entry AS (
    DELETE FROM pgqueuer q USING step
    WHERE q.id = ANY($13) AND q.id = step.entry AND q.queue_manager_id = step.holder),
free AS (
    SELECT step.ord, d.soft AS just_ended_soft, s.* FROM step CROSS JOIN LATERAL (
        SELECT key, soft FROM step_needs WHERE job_id = step.job_id AND needs_key = step.key OFFSET 0) AS d
    CROSS JOIN LATERAL (
        {free_query(job="step.job_id", lineage="step.lineage", just_ended="step.key")}
          AND s.key = d.key AND (w.waits_for IS NULL OR w.waits_for IS DISTINCT FROM s.waits_for) OFFSET 0) AS s)
SELECT asked.ord, job.*, step.title, step.recipe, step.price_credits, free.key, free.kind, free.input, free.seed,
       free.needs, free.waits_for, free.just_ended_soft, free.is_edited, free.edit, free.edit_of,
       job.steps_ended = (SELECT steps_ended FROM jobs WHERE id = job.id) AS is_fresh
FROM asked LEFT JOIN job ON job.id = asked.job_id LEFT JOIN step USING (ord) LEFT JOIN free USING (ord)
ORDER BY asked.ord, free.position
"""


_FINISH, _FINISH_AT_ONCE = _finish("FOR UPDATE"), _finish("FOR UPDATE SKIP LOCKED")
_HAS_ENDED = "SELECT attempt = $3 AND state = ANY($4) FROM steps WHERE job_id = $1 AND key = $2"


@dataclass(frozen=True, slots=True)
class Finished:
    """A step that ended now, its job at that moment, and the steps that this set free: None if that has to be read.

    While it ran, its job's project may have been deleted.
    """

    ended: Ended
    job: LockedJob
    title: str
    recipe: str
    price_credits: int
    free: list[FreeStep] | None


async def finish_steps(driver: asyncpg.Connection, ended: Sequence[Ended], *, waits: bool) -> list[Finished]:
    """Lock the jobs, end those running steps that ``attempt`` still holds, and take out their entries.

    They are of different jobs of one team. Without ``waits`` a job whose row somebody else holds is passed over.
    """
    rows = await driver.fetch(
        _FINISH if waits else _FINISH_AT_ONCE,
        [step.job.id for step in ended],
        [step.job.lineage for step in ended],
        [step.delivery.key for step in ended],
        [step.attempt for step in ended],
        [step.ending.state for step in ended],
        [Origin.RUN if step.ending.state is StepState.COMPLETED else None for step in ended],
        [step.ending.output for step in ended],
        [step.ending.error_kind for step in ended],
        [step.ending.error for step in ended],
        [step.ending.provider for step in ended],
        [step.ending.input_tokens for step in ended],
        [step.ending.output_tokens for step in ended],
        [step.delivery.id for step in ended],
        [step.delivery.holder for step in ended],
    )
    found_waiting = [(row["id"], row["key"], row["waits_for"]) for row in rows if row["waits_for"] is not None]
    await note_waits(driver, found_waiting)
    outputs = await needed_outputs(driver, ((row["id"], row) for row in rows if row["is_fresh"]))
    by_place = groupby((row for row in rows if row["title"] is not None), key=itemgetter("ord"))
    return [_finished(ended[place - 1], list(found), outputs) for place, found in by_place]


def _finished(ended: Ended, rows: Sequence[Row], outputs: Outputs) -> Finished:
    row, output = rows[0], ended.ending.output
    need = Need(ended.delivery.key, ended.ending.state, False, None if output is None else json.loads(output))
    return Finished(
        ended,
        locked_job(row, dataclasses.replace(ended.job, project_id=row["project_id"])),
        row["title"],
        row["recipe"],
        row["price_credits"],
        [free_step(row["id"], row, outputs, need) for row in rows if _is_free(row)] if row["is_fresh"] else None,
    )


def _is_free(row: Row) -> bool:
    return row["key"] is not None and row["waits_for"] is None


async def has_ended(driver: asyncpg.Connection, ended: Ended) -> bool:
    """Whether this very attempt was recorded before, or its job is gone. If not, the step is another's."""
    key, states = ended.delivery.key, [str(state) for state in STEP_ENDED]
    return await driver.fetchval(_HAS_ENDED, ended.job.id, key, ended.attempt, states) in (True, None)


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
    waits = waits + $8, waited_seconds = waited_seconds + $8 * $5::float,
    foreign_seconds = foreign_seconds + $9 * $5::float
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
    is_foreign: bool,
    delay_seconds: float,
    error_kind: str | None,
    error: str | None,
) -> Row | None:
    """Make a running step ready again, to be run after ``delay_seconds``. ``counts``: as one of its tries; ``waits``:
    because a provider makes it wait; ``is_foreign``: because it is for a worker of another version."""
    marks = int(waits), int(is_foreign)
    return await driver.fetchrow(
        _HAND_BACK, job_id, key, attempt, int(counts), delay_seconds, error_kind, error, *marks
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
    await driver.execute("UPDATE jobs SET cancel_requested_at = now(), paused_at = NULL WHERE id = $1", job_id)


_CANCEL_WAITING = f"""
UPDATE steps SET state = 'cancelled', ended_at = now(),
    (cost_microdollars, possible_cost_microdollars) = (
        SELECT COALESCE(sum(c.cost_microdollars), 0), COALESCE(sum(c.possible_cost_microdollars), 0)
        FROM step_calls c WHERE c.job_id = $1 AND c.key = steps.key)
WHERE job_id = $1 AND state IN ('pending', 'ready') AND NOT {ledger.HAS_TASK} RETURNING key
"""


async def cancel_waiting(driver: asyncpg.Connection, job_id: UUID) -> list[str]:
    """Cancel every step that has not begun; answers their keys. One that a provider still works for is a worker's to
    end: only a worker can tell the provider."""
    await ledger.price_doubts(driver, job_id)
    return [row["key"] for row in await driver.fetch(_CANCEL_WAITING, job_id)]
