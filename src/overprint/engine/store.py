"""The engine's SQL. Every statement that writes for a running step is fenced by its attempt.

Functions take an asyncpg connection: that of a team's transaction, or one of the system role. Lock order is always
the job's row first, then its steps.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.engine import queue
from overprint.engine.job import JobState, Origin, StepState
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import StepSpec

Row: TypeAlias = Any
Event: TypeAlias = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class LockedJob:
    """A job whose row this transaction holds."""

    info: JobInfo
    state: JobState
    weight: int
    cancel_requested: bool
    steps_total: int
    steps_ended: int


_JOB_COLUMNS = (
    "id, team_id, kind, lineage, project_id, request, created_by, state, weight, "
    "cancel_requested_at, steps_total, steps_ended"
)


def job_info(row: Row) -> JobInfo:
    return JobInfo(
        id=row["id"],
        team_id=row["team_id"],
        kind=row["kind"],
        lineage=row["lineage"],
        project_id=row["project_id"],
        request=row["request"],
        created_by=row["created_by"],
    )


async def lock_job(driver: asyncpg.Connection, job_id: UUID) -> LockedJob | None:
    """The job's row, locked until the transaction ends; None if this team has no such job."""
    row = await driver.fetchrow(f"SELECT {_JOB_COLUMNS} FROM jobs WHERE id = $1 FOR UPDATE", job_id)
    return None if row is None else _locked(row)


def _locked(row: Row) -> LockedJob:
    return LockedJob(
        info=job_info(row),
        state=JobState(row["state"]),
        weight=row["weight"],
        cancel_requested=row["cancel_requested_at"] is not None,
        steps_total=row["steps_total"],
        steps_ended=row["steps_ended"],
    )


_INSERT_JOB = """
INSERT INTO jobs (id, team_id, kind, lineage, project_id, title, state, request, idempotency_key, rerun_of,
                  created_by, weight)
VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10, $11)
ON CONFLICT (team_id, idempotency_key) DO NOTHING
RETURNING id
"""


async def insert_job(
    driver: asyncpg.Connection,
    job: JobInfo,
    *,
    title: str,
    idempotency_key: str | None,
    rerun_of: UUID | None,
    weight: int,
) -> bool:
    """Whether the job is new. False: this team has one with the same idempotency key."""
    row = await driver.fetchrow(
        _INSERT_JOB,
        job.id,
        job.team_id,
        job.kind,
        job.lineage,
        job.project_id,
        title,
        json.dumps(job.request),
        idempotency_key,
        rerun_of,
        job.created_by,
        weight,
    )
    return row is not None


_INSERT_STEPS = """
INSERT INTO steps (job_id, team_id, key, position, kind, title, queue, state, input, seed)
SELECT $1, $2, s.key, s.position, s.kind, s.title, s.queue, 'pending', s.input::jsonb, s.seed
FROM unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[])
     AS s(key, position, kind, title, queue, input, seed)
"""

_INSERT_NEEDS = """
INSERT INTO step_needs (job_id, team_id, key, needs_key, soft)
SELECT $1, $2, n.key, n.needs_key, n.soft
FROM unnest($3::text[], $4::text[], $5::bool[]) AS n(key, needs_key, soft)
ON CONFLICT DO NOTHING
"""


async def insert_steps(
    driver: asyncpg.Connection, job: JobInfo, specs: Sequence[StepSpec], queues: Sequence[str], first_position: int
) -> None:
    """Store ``specs`` as pending steps, with what they need and what they feed."""
    await driver.execute(
        _INSERT_STEPS,
        job.id,
        job.team_id,
        [spec.key for spec in specs],
        [first_position + n for n in range(len(specs))],
        [spec.kind for spec in specs],
        [spec.title for spec in specs],
        list(queues),
        [json.dumps(spec.input) for spec in specs],
        [spec.seed for spec in specs],
    )
    needs = [(spec.key, key, soft) for spec in specs for key, soft in spec.all_needs().items()]
    needs += [(fed, spec.key, True) for spec in specs for fed in spec.feeds]
    if needs:
        keys, needed, soft = (list(column) for column in zip(*needs, strict=True))
        await driver.execute(_INSERT_NEEDS, job.id, job.team_id, keys, needed, soft)


async def step_keys(driver: asyncpg.Connection, job_id: UUID) -> set[str]:
    return {row["key"] for row in await driver.fetch("SELECT key FROM steps WHERE job_id = $1", job_id)}


_FREE = """
SELECT s.key, s.kind, s.input, s.seed, e.output AS edit, e.key IS NOT NULL AS is_edited,
       needs.keys, needs.states, needs.softs, needs.outputs
FROM steps s
LEFT JOIN step_edits e ON e.lineage = $2 AND e.key = s.key
CROSS JOIN LATERAL (
    SELECT array_agg(d.key) AS keys, array_agg(d.state) AS states, array_agg(n.soft) AS softs,
           array_agg(d.output) AS outputs
    FROM step_needs n JOIN steps d ON d.job_id = n.job_id AND d.key = n.needs_key
    WHERE n.job_id = s.job_id AND n.key = s.key) AS needs
WHERE s.job_id = $1 AND s.state = 'pending'
  AND NOT EXISTS (
      SELECT 1 FROM step_needs n JOIN steps d ON d.job_id = n.job_id AND d.key = n.needs_key
      WHERE n.job_id = s.job_id AND n.key = s.key AND d.state IN ('pending', 'ready', 'running'))
ORDER BY s.position
"""
_NEAR = "AND s.key = ANY($3::text[] || ARRAY(SELECT key FROM step_needs WHERE job_id = $1 AND needs_key = ANY($3)))"
_FREE_NEAR = _FREE.replace("ORDER BY", f"  {_NEAR}\nORDER BY")


@dataclass(frozen=True, slots=True)
class Need:
    """A step that another one needs, as it ended."""

    key: str
    state: StepState
    soft: bool
    output: Json


@dataclass(frozen=True, slots=True)
class FreeStep:
    """A pending step that waits for nothing any more. ``edit`` is what a person wrote in its place."""

    key: str
    kind: str
    input: Json
    seed: int
    needs: tuple[Need, ...]
    is_edited: bool
    edit: Json


def _free_step(row: Row) -> FreeStep:
    columns = (row["keys"] or (), row["states"] or (), row["softs"] or (), row["outputs"] or ())
    needs = tuple(Need(key, StepState(state), soft, output) for key, state, soft, output in zip(*columns, strict=True))
    return FreeStep(row["key"], row["kind"], row["input"], row["seed"], needs, row["is_edited"], row["edit"])


async def free_steps(
    driver: asyncpg.Connection, job_id: UUID, lineage: UUID, near: Sequence[str] | None
) -> list[FreeStep]:
    """The job's free steps; with ``near``, only these and those that need one of these."""
    if near is None:
        return [_free_step(row) for row in await driver.fetch(_FREE, job_id, lineage)]
    return [_free_step(row) for row in await driver.fetch(_FREE_NEAR, job_id, lineage, list(near))]


async def find_edits(driver: asyncpg.Connection, lineage: UUID, keys: Sequence[str]) -> dict[str, Json]:
    """What a person wrote in place of steps' outputs."""
    rows = await driver.fetch(
        "SELECT key, output FROM step_edits WHERE lineage = $1 AND key = ANY($2)", lineage, list(keys)
    )
    return {row["key"]: row["output"] for row in rows}


_SAVE_EDIT = """
INSERT INTO step_edits (lineage, key, team_id, output, made_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (lineage, key) DO UPDATE SET output = excluded.output, made_by = excluded.made_by, made_at = now()
"""


async def save_edit(
    driver: asyncpg.Connection, lineage: UUID, key: str, team_id: UUID, output: Json, made_by: UUID | None
) -> None:
    await driver.execute(_SAVE_EDIT, lineage, key, team_id, json.dumps(output), made_by)


_MADE_BEFORE = """
SELECT DISTINCT ON (recipe) recipe, output FROM steps
WHERE team_id = $1 AND recipe = ANY($2) AND state = 'completed'
ORDER BY recipe, ended_at
"""


async def made_before(driver: asyncpg.Connection, team_id: UUID, recipes: Iterable[str]) -> dict[str, Json]:
    """Outputs that this team already has, by recipe."""
    rows = await driver.fetch(_MADE_BEFORE, team_id, list(recipes))
    return {row["recipe"]: row["output"] for row in rows}


async def forget_recipes(driver: asyncpg.Connection, recipes: Sequence[str]) -> None:
    """The files of these recipes are gone: make them anew when they are asked for again."""
    if recipes:
        await driver.execute("UPDATE steps SET recipe = NULL WHERE recipe = ANY($1)", list(recipes))


_SETTLE = """
UPDATE steps SET state = $3, origin = $4, output = $5, recipe = $6, resolved = $7, error_kind = $8, error = $9,
                 ended_at = now(), progress = CASE WHEN $3 IN ('completed', 'reused') THEN 1 ELSE progress END
WHERE job_id = $1 AND key = $2 AND state = 'pending'
"""


async def settle_unrun(
    driver: asyncpg.Connection,
    job_id: UUID,
    key: str,
    state: StepState,
    *,
    origin: Origin | None = None,
    output: Json = None,
    recipe: str | None = None,
    resolved: Json = None,
    error_kind: str | None = None,
    error: str | None = None,
) -> None:
    """End a step that never ran: reused, written by a person, skipped or impossible."""
    output_text = None if output is None else json.dumps(output)
    resolved_text = None if resolved is None else json.dumps(resolved)
    await driver.execute(_SETTLE, job_id, key, state, origin, output_text, recipe, resolved_text, error_kind, error)


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that may run now, with its input filled in."""

    key: str
    resolved: Json
    recipe: str


@dataclass(slots=True)
class Changes:
    """What a transaction has decided about its job, to be written with ``record`` before it commits."""

    events: list[Event] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    added: int = 0
    ended: int = 0


_COUNT_AND_TELL = """
job AS (
    UPDATE jobs SET last_seq = last_seq + $2, steps_total = steps_total + $3, steps_ended = steps_ended + $4,
        progress = GREATEST(progress, (steps_ended + $4)::float / GREATEST(steps_total + $3, 1))
    WHERE id = $1 RETURNING last_seq - $2 AS base, team_id, progress),
told AS (
    INSERT INTO events (job_id, seq, team_id, type, data)
    SELECT $1, job.base + e.ord, job.team_id, e.type, e.data::jsonb || jsonb_build_object('progress', job.progress)
    FROM job, unnest($5::text[], $6::text[]) WITH ORDINALITY AS e(type, data, ord))
"""
_RECORD = f"WITH {_COUNT_AND_TELL} SELECT 1"
# Start-time fair queueing: a team's next steps come behind its own last one, and never before the queue's present.
_RECORD_READY = f"""
WITH {_COUNT_AND_TELL},
start AS (
    SELECT GREATEST((SELECT max(s.tag) + $10::int FROM steps s, job
                     WHERE s.team_id = job.team_id AND s.state IN ('ready', 'running')),
                    {queue.VIRTUAL_TIME}) AS tag),
ready AS (
    UPDATE steps s SET state = 'ready', ready_at = now(), resolved = r.resolved::jsonb, recipe = r.recipe,
        tag = start.tag + (r.ord - 1) * $10::int
    FROM start, unnest($7::text[], $8::text[], $9::text[]) WITH ORDINALITY AS r(key, resolved, recipe, ord)
    WHERE s.job_id = $1 AND s.key = r.key AND s.state = 'pending'
    RETURNING s.job_id, s.key, s.queue, s.tag)
{queue.ENQUEUE_READY}
"""


async def record(driver: asyncpg.Connection, job_id: UUID, changes: Changes, *, stride: int) -> None:
    """Count, tell and make ready, in one statement.

    Progress never goes back. Events get their sequence under the job row's lock. ``stride`` is how far a step moves
    its team back in the queue.
    """
    types = [kind for kind, _ in changes.events]
    data = [json.dumps(body, ensure_ascii=False) for _, body in changes.events]
    told = (job_id, len(types), changes.added, changes.ended, types, data)
    if changes.ready:
        ready = [(step.key, json.dumps(step.resolved), step.recipe) for step in changes.ready]
        await driver.execute(_RECORD_READY, *told, *(list(column) for column in zip(*ready, strict=True)), stride)
    else:
        await driver.execute(_RECORD, *told)


async def needs_of(driver: asyncpg.Connection, job_id: UUID) -> dict[str, set[str]]:
    """What each step of the job needs."""
    needs: dict[str, set[str]] = {}
    for row in await driver.fetch("SELECT key, needs_key FROM step_needs WHERE job_id = $1", job_id):
        needs.setdefault(row["key"], set()).add(row["needs_key"])
    return needs


async def step_states(driver: asyncpg.Connection, job_id: UUID) -> list[StepState]:
    return [StepState(row["state"]) for row in await driver.fetch("SELECT state FROM steps WHERE job_id = $1", job_id)]


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
WITH job AS (SELECT {_JOB_COLUMNS} FROM jobs WHERE id = $1 FOR UPDATE),
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
    return None if row is None else (_locked(row), row)


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
