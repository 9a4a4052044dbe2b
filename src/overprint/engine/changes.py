"""What a transaction decided about its job, gathered and written in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg

from overprint.core.codec import Json
from overprint.engine import queue, store
from overprint.engine.participants import JobInfo

Event: TypeAlias = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that may run now, with its input filled in, as JSON."""

    key: str
    resolved_text: str
    recipe: str


@dataclass(slots=True)
class Changes:
    """What a transaction has decided about its job, to be written with ``record`` before it commits."""

    events: list[Event] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    added: int = 0
    ended: int = 0

    def __bool__(self) -> bool:
        return bool(self.events or self.ready or self.added or self.ended)

    def clear(self) -> None:
        self.events, self.ready, self.added, self.ended = [], [], 0, 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """The job's counts afterwards, and by recipe the outputs of those steps that were not made ready: the team has
    them already."""

    steps_total: int
    steps_ended: int
    made_before: Mapping[str, Json]


_COUNT_AND_TELL = """
job AS (
    UPDATE jobs SET last_seq = last_seq + $2, steps_total = steps_total + $3, steps_ended = steps_ended + $4,
        progress = GREATEST(progress, (steps_ended + $4)::float / GREATEST(steps_total + $3, 1))
    WHERE id = $1 RETURNING last_seq - $2 AS base, team_id, progress, steps_total, steps_ended),
told AS (
    INSERT INTO events (job_id, seq, team_id, type, data)
    SELECT $1, job.base + e.ord, job.team_id, e.type, e.data::jsonb || jsonb_build_object('progress', job.progress)
    FROM job, unnest($5::text[], $6::text[]) WITH ORDINALITY AS e(type, data, ord))
"""
_RECORD = f"WITH {_COUNT_AND_TELL} SELECT steps_total, steps_ended, NULL AS recipe, NULL AS output FROM job"
# Start-time fair queueing: a team's next steps come behind its own last one, and never before the queue's present.
# Each max is the end of an index range; the keys as a list lead to the very rows.
_RECORD_READY = f"""
WITH {_COUNT_AND_TELL},
made AS MATERIALIZED ({store.MADE_BEFORE.format(team="$11", recipes="$9")}),
start AS (
    SELECT GREATEST((SELECT max(tag) FROM steps WHERE team_id = $11 AND state = 'ready') + $10::int,
                    (SELECT max(tag) FROM steps WHERE team_id = $11 AND state = 'running') + $10::int,
                    {queue.VIRTUAL_TIME}) AS tag),
ready AS (
    UPDATE steps s SET state = 'ready', ready_at = now(), resolved = r.resolved::jsonb, recipe = r.recipe,
        tag = start.tag + (r.ord - 1) * $10::int
    FROM start, unnest($7::text[], $8::text[], $9::text[]) WITH ORDINALITY AS r(key, resolved, recipe, ord)
    WHERE s.job_id = $1 AND s.key = ANY($7) AND s.key = r.key AND s.state = 'pending'
      AND NOT EXISTS (SELECT FROM made WHERE made.recipe = r.recipe)
    RETURNING s.job_id, s.key, s.team_id, s.queue, s.tag),
entries AS ({queue.ENQUEUE_READY})
SELECT job.steps_total, job.steps_ended, made.recipe, made.output FROM job LEFT JOIN made ON true
"""


async def record(driver: asyncpg.Connection, job: JobInfo, changes: Changes, *, stride: int) -> Recorded:
    """Count, tell and make ready, in one statement; ``changes`` are empty afterwards.

    Steps whose recipe the team has made before are left as they are. Progress never goes back. Events get their
    sequence under the job row's lock. ``stride`` is how far a step moves its team back in the queue.
    """
    types = [kind for kind, _ in changes.events]
    data = [json.dumps(body, ensure_ascii=False) for _, body in changes.events]
    told = (job.id, len(types), changes.added, changes.ended, types, data)
    if changes.ready:
        ready = [(step.key, step.resolved_text, step.recipe) for step in changes.ready]
        columns = (list(column) for column in zip(*ready, strict=True))
        rows = await driver.fetch(_RECORD_READY, *told, *columns, stride, job.team_id)
    else:
        rows = await driver.fetch(_RECORD, *told)
    changes.clear()
    made = {row["recipe"]: row["output"] for row in rows if row["recipe"] is not None}
    return Recorded(rows[0]["steps_total"], rows[0]["steps_ended"], made)
