"""The engine's SQL for jobs and steps that do not run. Running ones: ``claims.py``, ``endings.py``.

Functions take an asyncpg connection: that of a team's transaction, or one of the system role. Lock order is always
the work (``hold_work``), then the job's row, then its steps, then the project; several jobs in the order of their ids.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.engine.job import JobState, Origin, StepState
from overprint.engine.participants import JobInfo
from overprint.engine.spec import StepSpec
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
    is_paused: bool = False


async def hold_work(driver: asyncpg.Connection, lineage: UUID) -> None:
    """Keep a work to this transaction until it ends: nobody else begins a job of it, changes it or deletes it.

    Steps of a job that goes on deliver all the same, so whoever holds a work looks whether there is one.
    """
    await driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", str(lineage))


INFO_COLUMNS = "id, team_id, kind, lineage, project_id, request, created_by, terms"
_LOCK = f"""
SELECT {INFO_COLUMNS}, state, weight, cancel_requested_at IS NOT NULL AS cancel_requested, steps_total, steps_ended,
       paused_at IS NOT NULL AS is_paused
FROM jobs WHERE id = $1 FOR UPDATE
"""


async def hold_jobs_of_project(driver: asyncpg.Connection, project_id: UUID) -> None:
    """Before a project is deleted, which writes to its jobs. A step that delivers holds its job and waits for both."""
    held = "SELECT FROM jobs WHERE project_id = $1 ORDER BY id FOR NO KEY UPDATE"
    await driver.execute(f"SELECT count(*) FROM ({held}) AS held", project_id)


def job_info(row: Row) -> JobInfo:
    return JobInfo(
        id=row["id"],
        team_id=row["team_id"],
        kind=row["kind"],
        lineage=row["lineage"],
        project_id=row["project_id"],
        request=row["request"],
        created_by=row["created_by"],
        terms=row["terms"],
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
        is_paused=row["is_paused"],
    )


_INSERT_JOB = """
INSERT INTO jobs (id, team_id, kind, lineage, project_id, title, state, request, idempotency_key, rerun_of,
                  created_by, weight, request_id, traceparent, terms)
VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10, $11, $12, $13, $14)
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
        json.dumps(job.terms),
    )
    return row is not None


_INSERT_STEPS = """
WITH needs AS (
    INSERT INTO step_needs (job_id, team_id, key, needs_key, soft)
    SELECT $1, $2, n.key, n.needs_key, n.soft
    FROM unnest($11::text[], $12::text[], $13::bool[]) AS n(key, needs_key, soft)
    ON CONFLICT DO NOTHING)
INSERT INTO steps (job_id, team_id, key, position, kind, title, queue, state, input, seed, price_credits)
SELECT $1, $2, s.key, s.position, s.kind, s.title, s.queue, 'pending', s.input::jsonb, s.seed, s.price_credits
FROM unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[])
     AS s(key, position, kind, title, queue, input, seed, price_credits)
"""


async def insert_steps(
    driver: asyncpg.Connection,
    job: JobInfo,
    specs: Sequence[StepSpec],
    queues: Sequence[str],
    prices_credits: Sequence[int],
    first_position: int,
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
        list(prices_credits),
        [key for key, _, _ in needs],
        [needed for _, needed, _ in needs],
        [soft for _, _, soft in needs],
    )


async def step_keys(driver: asyncpg.Connection, job_id: UUID) -> set[str]:
    return {row["key"] for row in await driver.fetch("SELECT key FROM steps WHERE job_id = $1", job_id)}


def free_query(job: str = "$1", lineage: str = "$2", just_ended: str = "NULL") -> str:
    """SQL for pending steps s of a job. Those whose ``w.waits_for`` is NULL wait for nothing any more.

    ``just_ended`` is a step that ends in this very statement, which still sees it as it was before: its state is left
    to the caller. What a step was found to wait for is looked at first, so that not every end of thousands of steps
    looks at all the others that their fan-in needs; the last by its key is mostly among the last to end. What is needed
    is looked up one by one: OFFSET 0 keeps it from being found by reading all the job's steps.
    """
    need = f"n.job_id = s.job_id AND n.key = s.key AND n.needs_key IS DISTINCT FROM {just_ended}"
    is_open = "state IN ('pending', 'ready', 'running')"
    return f"""
SELECT s.key, s.position, s.kind, s.input, s.seed, w.waits_for,
       e.output AS edit, e.made_of AS edit_of, e.key IS NOT NULL AS is_edited,
       CASE WHEN w.waits_for IS NULL THEN (
           SELECT jsonb_agg(jsonb_build_array(n.needs_key, d.state, n.soft)) FROM step_needs n CROSS JOIN LATERAL (
               SELECT state FROM steps WHERE job_id = n.job_id AND key = n.needs_key OFFSET 0) AS d
           WHERE {need}) END AS needs
FROM steps s LEFT JOIN step_edits e ON e.lineage = {lineage} AND e.key = s.key CROSS JOIN LATERAL (SELECT COALESCE(
    (SELECT key FROM steps
     WHERE job_id = s.job_id AND key = s.waits_for AND key IS DISTINCT FROM {just_ended} AND {is_open}),
    (SELECT n.needs_key FROM step_needs n
     WHERE {need} AND (SELECT {is_open} FROM steps WHERE job_id = n.job_id AND key = n.needs_key)
     ORDER BY n.needs_key DESC LIMIT 1)) AS waits_for OFFSET 0) AS w
WHERE s.job_id = {job} AND s.state = 'pending'"""


_FREE = f"{free_query()} AND w.waits_for IS NULL"
_FREE_NEAR = f"""{_FREE}
  AND s.key = ANY($3::text[] || ARRAY(SELECT key FROM step_needs WHERE job_id = $1 AND needs_key = ANY($3)))
"""
_WAIT = """
UPDATE steps SET waits_for = $3 WHERE job_id = $1 AND key = $2 AND state = 'pending'
"""


async def note_waits(driver: asyncpg.Connection, waits: Sequence[tuple[UUID, str, str]]) -> None:
    """What steps were found to wait for: (job, key, needed key). A hint that is looked at before it is trusted."""
    if waits:
        await driver.executemany(_WAIT, waits)


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


Outputs: TypeAlias = Mapping[tuple[UUID, str], Json]

_OUTPUTS = """
SELECT a.job_id, a.key, s.output FROM unnest($1::uuid[], $2::text[]) AS a(job_id, key) CROSS JOIN LATERAL (
    SELECT output FROM steps WHERE job_id = a.job_id AND key = a.key OFFSET 0) AS s
"""


async def needed_outputs(driver: asyncpg.Connection, free: Iterable[tuple[UUID, Row]]) -> Outputs:
    """The outputs that free steps of these jobs need, each read once however many need it; by job and key."""
    wanted = list({(job_id, key): None for job_id, row in free for key, _, _ in row["needs"] or ()})
    if not wanted:
        return {}
    rows = await driver.fetch(_OUTPUTS, [job_id for job_id, _ in wanted], [key for _, key in wanted])
    return {(row["job_id"], row["key"]): row["output"] for row in rows}


def free_step(job_id: UUID, row: Row, outputs: Outputs, just_ended: Need | None = None) -> FreeStep:
    needs = [Need(key, StepState(state), soft, outputs[job_id, key]) for key, state, soft in row["needs"] or ()]
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
    outputs = await needed_outputs(driver, ((job_id, row) for row in rows))
    return [free_step(job_id, row, outputs) for row in rows]


async def find_edits(driver: asyncpg.Connection, lineage: UUID) -> dict[str, Edit]:
    """What stands in place of steps' outputs, by the step's key."""
    rows = await driver.fetch("SELECT key, output, made_of FROM step_edits WHERE lineage = $1", lineage)
    return {row["key"]: Edit(row["output"], row["made_of"]) for row in rows}


async def last_inputs(driver: asyncpg.Connection, lineage: UUID, keys: list[str]) -> dict[str, Json]:
    """What steps of this work were made of last, filled in, by their keys."""
    rows = await driver.fetch(
        "SELECT DISTINCT ON (s.key) s.key, s.resolved FROM steps s JOIN jobs j ON j.id = s.job_id"
        " WHERE j.lineage = $1 AND s.key = ANY($2) AND s.resolved IS NOT NULL ORDER BY s.key, s.ended_at DESC",
        lineage,
        keys,
    )
    return {row["key"]: row["resolved"] for row in rows}


_CHANGED_AT = """
SELECT (SELECT max(COALESCE(ended_at, created_at)) FROM jobs WHERE lineage = $1) AS job,
       (SELECT count(*) FROM jobs WHERE lineage = $1) AS jobs,
       (SELECT max(made_at) FROM step_edits WHERE lineage = $1) AS edit,
       (SELECT count(*) FROM step_edits WHERE lineage = $1) AS edits
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


async def delete_edit(driver: asyncpg.Connection, lineage: UUID, key: str) -> None:
    """What a run makes stands there again."""
    await driver.execute("DELETE FROM step_edits WHERE lineage = $1 AND key = $2", lineage, key)


_DELETE_JOBS = """
WITH held AS MATERIALIZED (SELECT id FROM jobs WHERE lineage = $1 ORDER BY id FOR UPDATE)
DELETE FROM jobs USING held WHERE jobs.id = held.id
"""


async def delete_work(driver: asyncpg.Connection, lineage: UUID) -> None:
    """Delete all jobs of a work with their steps, calls and events, and a person's edits of it."""
    await driver.execute(_DELETE_JOBS, lineage)
    await driver.execute("DELETE FROM step_edits WHERE lineage = $1", lineage)


_DELETE_SOME = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT $1)"


async def delete_some_work(driver: asyncpg.Connection, limit: int) -> bool:
    """Delete some jobs of the team; whether there were any. When none is left: its edits and entries of the queue."""
    if await driver.execute(_DELETE_SOME, limit) != "DELETE 0":
        return True
    await driver.execute("DELETE FROM step_edits")
    await driver.execute("DELETE FROM pgqueuer")
    return False


MADE_BEFORE = """
SELECT DISTINCT ON (recipe) recipe, output FROM steps
WHERE team_id = {team} AND recipe = ANY({recipes}) AND state IN ('completed', 'reused')
ORDER BY recipe, ended_at
"""


async def made_before(driver: asyncpg.Connection, team_id: UUID, recipes: Iterable[str]) -> dict[str, Json]:
    """Outputs that this team already has, by recipe."""
    rows = await driver.fetch(MADE_BEFORE.format(team="$1", recipes="$2"), team_id, list(recipes))
    return {row["recipe"]: row["output"] for row in rows}


@dataclass(frozen=True, slots=True)
class Unrun:
    """How a step that never ran ends: reused, written by a person, skipped or impossible."""

    job_id: UUID
    key: str
    state: StepState
    origin: Origin | None = None
    output: Json = None
    recipe: str | None = None
    resolved: Json = None
    error_kind: str | None = None
    error: str | None = None


_SETTLE = """
UPDATE steps SET state = u.state, origin = u.origin, output = u.output::jsonb, recipe = u.recipe,
    resolved = u.resolved::jsonb, error_kind = u.error_kind, error = u.error, ended_at = now(),
    progress = CASE WHEN u.state IN ('completed', 'reused') THEN 1 ELSE progress END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    AS u(job_id, key, state, origin, output, recipe, resolved, error_kind, error)
WHERE steps.job_id = ANY($1) AND steps.key = ANY($2) AND steps.job_id = u.job_id AND steps.key = u.key
  AND steps.state = 'pending'
"""


async def settle_unrun(driver: asyncpg.Connection, unrun: Sequence[Unrun]) -> None:
    """End steps that never ran, in one statement."""
    await driver.execute(
        _SETTLE,
        [step.job_id for step in unrun],
        [step.key for step in unrun],
        [step.state for step in unrun],
        [step.origin for step in unrun],
        [None if step.output is None else json.dumps(step.output) for step in unrun],
        [step.recipe for step in unrun],
        [None if step.resolved is None else json.dumps(step.resolved) for step in unrun],
        [step.error_kind for step in unrun],
        [step.error for step in unrun],
    )


async def needs_of(driver: asyncpg.Connection, job_id: UUID) -> dict[str, set[str]]:
    """What each step of the job needs."""
    needs: dict[str, set[str]] = {}
    for row in await driver.fetch("SELECT key, needs_key FROM step_needs WHERE job_id = $1", job_id):
        needs.setdefault(row["key"], set()).add(row["needs_key"])
    return needs


async def step_states(driver: asyncpg.Connection, job_id: UUID) -> list[StepState]:
    return [StepState(row["state"]) for row in await driver.fetch("SELECT state FROM steps WHERE job_id = $1", job_id)]
