"""What a transaction decided about its jobs, gathered and written in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, TypeAlias
from uuid import UUID

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
    """What a transaction has decided about a job, to be written with ``record`` before it commits.

    ``stride`` is how far a step that gets ready moves its team back in the queue.
    """

    job: JobInfo
    stride: int = 0
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
    """The jobs' steps afterwards (all, and those that have ended), and by recipe the outputs of those steps that were
    not made ready: the team has them already."""

    steps: Mapping[UUID, tuple[int, int]]
    made_before: Mapping[str, Json]


# The lists of jobs and keys lead to the very rows, whatever the table looked like when this was planned.
_COUNT_AND_TELL = """
job AS (
    UPDATE jobs SET last_seq = last_seq + m.told, steps_total = steps_total + m.added,
        steps_ended = steps_ended + m.ended,
        progress = GREATEST(progress, (steps_ended + m.ended)::float / GREATEST(steps_total + m.added, 1))
    FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) AS m(job_id, told, added, ended)
    WHERE id = ANY($1) AND id = m.job_id
    RETURNING id, last_seq - m.told AS base, team_id, progress, steps_total, steps_ended),
told AS (
    INSERT INTO events (job_id, seq, team_id, type, data)
    SELECT job.id, job.base + e.place, job.team_id, e.type,
           e.data::jsonb || jsonb_build_object('progress', job.progress)
    FROM job JOIN unnest($5::uuid[], $6::int[], $7::text[], $8::text[]) AS e(job_id, place, type, data)
        ON e.job_id = job.id)
"""
_RECORD = f"WITH {_COUNT_AND_TELL} SELECT id, steps_total, steps_ended, NULL AS recipe, NULL AS output FROM job"
# Start-time fair queueing: a team's next steps come behind its own last one, and never before the queue's present.
# Each max is the end of an index range; all is looked up once, not once a step.
_RECORD_READY = f"""
WITH {_COUNT_AND_TELL},
made AS MATERIALIZED ({store.MADE_BEFORE.format(team="$9", recipes="$13")}),
start AS MATERIALIZED (
    SELECT GREATEST((SELECT max(tag) FROM steps WHERE team_id = $9 AND state = 'ready') + ($14::int[])[1],
                    (SELECT max(tag) FROM steps WHERE team_id = $9 AND state = 'running') + ($14::int[])[1],
                    {queue.VIRTUAL_TIME}) AS tag),
ready AS (
    UPDATE steps s SET state = 'ready', ready_at = now(), resolved = r.resolved::jsonb, recipe = r.recipe,
        tag = start.tag + r.behind - ($14::int[])[1]
    FROM start, unnest($10::uuid[], $11::text[], $12::text[], $13::text[], $14::int[])
        AS r(job_id, key, resolved, recipe, behind)
    WHERE s.job_id = ANY($10) AND s.key = ANY($11) AND s.job_id = r.job_id AND s.key = r.key AND s.state = 'pending'
      AND NOT EXISTS (SELECT FROM made WHERE made.recipe = r.recipe)
    RETURNING s.job_id, s.key, s.team_id, s.queue, s.tag),
entries AS ({queue.ENQUEUE_READY})
SELECT job.id, job.steps_total, job.steps_ended, made.recipe, made.output FROM job LEFT JOIN made ON true
"""


async def record(driver: asyncpg.Connection, written: Sequence[Changes]) -> Recorded:
    """Count, tell and make ready, in one statement for several jobs of one team; the changes are empty afterwards.

    Steps whose recipe the team has made before are left as they are. Progress never goes back. Events get their
    sequence under the lock of their job's row.
    """
    told = [
        (changes.job.id, place, kind, json.dumps(body, ensure_ascii=False))
        for changes in written
        for place, (kind, body) in enumerate(changes.events, 1)
    ]
    counts = [(changes.job.id, len(changes.events), changes.added, changes.ended) for changes in written]
    ready = [(changes, step) for changes in written for step in changes.ready]
    if ready:
        behind = accumulate(changes.stride for changes, _ in ready)
        rows = await driver.fetch(
            _RECORD_READY,
            *_columns(counts, 4),
            *_columns(told, 4),
            written[0].job.team_id,
            *_columns([(changes.job.id, step.key, step.resolved_text, step.recipe) for changes, step in ready], 4),
            list(behind),
        )
    else:
        rows = await driver.fetch(_RECORD, *_columns(counts, 4), *_columns(told, 4))
    for changes in written:
        changes.clear()
    made = {row["recipe"]: row["output"] for row in rows if row["recipe"] is not None}
    return Recorded({row["id"]: (row["steps_total"], row["steps_ended"]) for row in rows}, made)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[n] for row in rows] for n in range(width)]
