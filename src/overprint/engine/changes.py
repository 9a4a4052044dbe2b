"""What a transaction decided about its job, gathered and written in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.engine import queue

Event: TypeAlias = tuple[str, Mapping[str, Any]]


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
