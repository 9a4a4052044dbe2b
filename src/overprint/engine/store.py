"""The engine's SQL for jobs and steps that do not run. Running ones: ``claims.py``, ``endings.py``.

Functions take an asyncpg connection: that of a team's transaction, or one of the system role. Lock order is always
the work (``hold_work``), then the job's row, then its steps.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.engine.job import JobState, Origin, StepState
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import StepSpec
from overprint.observe import ids, traces

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


async def hold_work(driver: asyncpg.Connection, lineage: UUID) -> None:
    """Keep a work to this transaction until it ends: nobody else begins a job of it, changes it or deletes it.

    Steps of a job that goes on deliver all the same, so whoever holds a work looks whether there is one.
    """
    await driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", str(lineage))


INFO_COLUMNS = "id, team_id, kind, lineage, project_id, request, created_by"
_LOCK = f"""
SELECT {INFO_COLUMNS}, state, weight, cancel_requested_at IS NOT NULL AS cancel_requested, steps_total, steps_ended
FROM jobs WHERE id = $1 FOR UPDATE
"""


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
    row = await driver.fetchrow(_LOCK, job_id)
    return None if row is None else locked_job(row, job_info(row))


def locked_job(row: Row, job: JobInfo) -> LockedJob:
    return LockedJob(
        info=job,
        state=JobState(row["state"]),
        weight=row["weight"],
        cancel_requested=row["cancel_requested"],
        steps_total=row["steps_total"],
        steps_ended=row["steps_ended"],
    )


_INSERT_JOB = """
INSERT INTO jobs (id, team_id, kind, lineage, project_id, title, state, request, idempotency_key, rerun_of,
                  created_by, weight, request_id, traceparent)
VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT DO NOTHING
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
    """Whether the job is new. False: this team has one with the same idempotency key, or one of the work goes on.

    It keeps the ids of the request that this task works for, so that its steps can be found by them.
    """
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
        ids.current().get("request_id"),
        traces.carrier().get("traceparent"),
    )
    return row is not None


_INSERT_STEPS = """
WITH needs AS (
    INSERT INTO step_needs (job_id, team_id, key, needs_key, soft)
    SELECT $1, $2, n.key, n.needs_key, n.soft
    FROM unnest($10::text[], $11::text[], $12::bool[]) AS n(key, needs_key, soft)
    ON CONFLICT DO NOTHING)
INSERT INTO steps (job_id, team_id, key, position, kind, title, queue, state, input, seed)
SELECT $1, $2, s.key, s.position, s.kind, s.title, s.queue, 'pending', s.input::jsonb, s.seed
FROM unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[])
     AS s(key, position, kind, title, queue, input, seed)
"""


async def insert_steps(
    driver: asyncpg.Connection, job: JobInfo, specs: Sequence[StepSpec], queues: Sequence[str], first_position: int
) -> None:
    """Store ``specs`` as pending steps, with what they need and what they feed."""
    needs = [(spec.key, key, soft) for spec in specs for key, soft in spec.all_needs().items()]
    needs += [(fed, spec.key, True) for spec in specs for fed in spec.feeds]
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
        [key for key, _, _ in needs],
        [needed for _, needed, _ in needs],
        [soft for _, _, soft in needs],
    )


async def step_keys(driver: asyncpg.Connection, job_id: UUID) -> set[str]:
    return {row["key"] for row in await driver.fetch("SELECT key FROM steps WHERE job_id = $1", job_id)}


def free_query(job: str = "$1", lineage: str = "$2", just_ended: str = "NULL") -> str:
    """SQL for the pending steps s of a job that wait for nothing any more.

    ``just_ended`` is a step that ends in this very statement, which still sees it as it was before: its state and
    output are left to the caller. What is needed is looked up one by one: OFFSET 0 keeps it from being found by reading
    all the job's steps, of which there may be thousands.
    """
    need = f"n.job_id = s.job_id AND n.key = s.key AND n.needs_key IS DISTINCT FROM {just_ended}"
    return f"""
SELECT s.key, s.position, s.kind, s.input, s.seed,
       e.output AS edit, e.made_of AS edit_of, e.key IS NOT NULL AS is_edited,
       (SELECT jsonb_agg(jsonb_build_array(n.needs_key, d.state, n.soft, d.output))
        FROM step_needs n CROSS JOIN LATERAL (
            SELECT state, output FROM steps WHERE job_id = n.job_id AND key = n.needs_key OFFSET 0) AS d
        WHERE {need}) AS needs
FROM steps s LEFT JOIN step_edits e ON e.lineage = {lineage} AND e.key = s.key
WHERE s.job_id = {job} AND s.state = 'pending' AND NOT EXISTS (
    SELECT FROM step_needs n WHERE {need}
    AND (SELECT state FROM steps WHERE job_id = n.job_id AND key = n.needs_key) IN ('pending', 'ready', 'running'))
"""


_FREE = free_query()
_FREE_NEAR = f"""{_FREE}
  AND s.key = ANY($3::text[] || ARRAY(SELECT key FROM step_needs WHERE job_id = $1 AND needs_key = ANY($3)))
"""


@dataclass(frozen=True, slots=True)
class Need:
    """A step that another one needs, as it ended."""

    key: str
    state: StepState
    soft: bool
    output: Json


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in place of a step's output.

    ``made_of`` is None for what a person wrote, whatever the step would be made of. What was brought from another
    installation stands only where the step would be made of the same (``recipe.essence``): nobody can prove that an
    answer belongs to a recipe, so it never counts as one that was made here.
    """

    output: Json
    made_of: str | None = None

    def stands_for(self, made_of: Callable[[], str]) -> bool:
        return self.made_of is None or self.made_of == made_of()


@dataclass(frozen=True, slots=True)
class FreeStep:
    """A pending step that waits for nothing any more. ``edit`` may stand in its place."""

    key: str
    kind: str
    input: Json
    seed: int
    needs: tuple[Need, ...]
    edit: Edit | None


def free_step(row: Row, just_ended: Need | None = None) -> FreeStep:
    needs = [Need(key, StepState(state), soft, output) for key, state, soft, output in row["needs"] or ()]
    if just_ended is not None:
        needs.append(dataclasses.replace(just_ended, soft=row["just_ended_soft"]))
    edit = Edit(row["edit"], row["edit_of"]) if row["is_edited"] else None
    return FreeStep(row["key"], row["kind"], row["input"], row["seed"], tuple(needs), edit)


async def free_steps(
    driver: asyncpg.Connection, job_id: UUID, lineage: UUID, near: Sequence[str] | None
) -> list[FreeStep]:
    """The job's free steps, in order; with ``near``, only these and those that need one of these."""
    if near is None:
        rows = await driver.fetch(f"{_FREE} ORDER BY s.position", job_id, lineage)
    else:
        rows = await driver.fetch(f"{_FREE_NEAR} ORDER BY s.position", job_id, lineage, list(near))
    return [free_step(row) for row in rows]


async def find_edits(driver: asyncpg.Connection, lineage: UUID) -> dict[str, Edit]:
    """What stands in place of steps' outputs, by the step's key."""
    rows = await driver.fetch("SELECT key, output, made_of FROM step_edits WHERE lineage = $1", lineage)
    return {row["key"]: Edit(row["output"], row["made_of"]) for row in rows}


_CHANGED_AT = """
SELECT (SELECT max(COALESCE(ended_at, created_at)) FROM jobs WHERE lineage = $1) AS job,
       (SELECT count(*) FROM jobs WHERE lineage = $1) AS jobs,
       (SELECT max(made_at) FROM step_edits WHERE lineage = $1) AS edit
"""


async def changed_at(driver: asyncpg.Connection, lineage: UUID) -> tuple[Any, ...]:
    """Differs from what it was before whenever a job of this work began, ended or was deleted, or it was edited."""
    return tuple(await driver.fetchrow(_CHANGED_AT, lineage))


_SAVE_EDIT = """
INSERT INTO step_edits (lineage, key, team_id, output, made_of, made_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (lineage, key) DO UPDATE SET
    output = excluded.output, made_of = excluded.made_of, made_by = excluded.made_by, made_at = now()
"""


async def save_edit(
    driver: asyncpg.Connection, lineage: UUID, key: str, team_id: UUID, edit: Edit, made_by: UUID | None
) -> None:
    await driver.execute(_SAVE_EDIT, lineage, key, team_id, json.dumps(edit.output), edit.made_of, made_by)


async def delete_work(driver: asyncpg.Connection, lineage: UUID) -> None:
    """Delete all jobs of a work with their steps, calls and events, and a person's edits of it."""
    await driver.execute("DELETE FROM jobs WHERE lineage = $1", lineage)
    await driver.execute("DELETE FROM step_edits WHERE lineage = $1", lineage)


MADE_BEFORE = """
SELECT DISTINCT ON (recipe) recipe, output FROM steps
WHERE team_id = {team} AND recipe = ANY({recipes}) AND state IN ('completed', 'reused')
ORDER BY recipe, ended_at
"""


async def made_before(driver: asyncpg.Connection, team_id: UUID, recipes: Iterable[str]) -> dict[str, Json]:
    """Outputs that this team already has, by recipe."""
    rows = await driver.fetch(MADE_BEFORE.format(team="$1", recipes="$2"), team_id, list(recipes))
    return {row["recipe"]: row["output"] for row in rows}


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
