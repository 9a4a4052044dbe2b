"""The engine's SQL for jobs and steps that do not run. Running ones: ``claims.py``, ``endings.py``.

Functions take an asyncpg connection: that of a team's transaction, or one of the system role. Lock order is always
the job's row first, then its steps.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.engine.job import JobState, Origin, StepState
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import StepSpec

Row: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class LockedJob:
    """A job whose row this transaction holds."""

    info: JobInfo
    state: JobState
    weight: int
    cancel_requested: bool
    steps_total: int
    steps_ended: int


JOB_COLUMNS = (
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
    row = await driver.fetchrow(f"SELECT {JOB_COLUMNS} FROM jobs WHERE id = $1 FOR UPDATE", job_id)
    return None if row is None else locked_job(row)


def locked_job(row: Row) -> LockedJob:
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


async def delete_work(driver: asyncpg.Connection, lineage: UUID) -> None:
    """Delete all jobs of a work with their steps, calls and events, and a person's edits of it."""
    await driver.execute("DELETE FROM jobs WHERE lineage = $1", lineage)
    await driver.execute("DELETE FROM step_edits WHERE lineage = $1", lineage)


_MADE_BEFORE = """
SELECT DISTINCT ON (recipe) recipe, output FROM steps
WHERE team_id = $1 AND recipe = ANY($2) AND state IN ('completed', 'reused')
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


async def needs_of(driver: asyncpg.Connection, job_id: UUID) -> dict[str, set[str]]:
    """What each step of the job needs."""
    needs: dict[str, set[str]] = {}
    for row in await driver.fetch("SELECT key, needs_key FROM step_needs WHERE job_id = $1", job_id):
        needs.setdefault(row["key"], set()).add(row["needs_key"])
    return needs


async def step_states(driver: asyncpg.Connection, job_id: UUID) -> list[StepState]:
    return [StepState(row["state"]) for row in await driver.fetch("SELECT state FROM steps WHERE job_id = $1", job_id)]
