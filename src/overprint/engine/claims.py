"""What the system role does for a running step, one statement each: claim it, and speak for it while it runs."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.codec import Json
from overprint.db.database import Database
from overprint.engine import queue
from overprint.engine.participants import JobInfo
from overprint.engine.store import INFO_COLUMNS, Row, job_info

ATTEMPTS_MAX = 25


class LostLease(Exception):
    """Another worker has this step now. Nothing more may be written for it."""


class Refusal(StrEnum):
    """Why a step could not be claimed. ``BUSY``: its team runs as many as it may, or somebody holds its job."""

    GONE = "gone"
    CANCELLED = "cancelled"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one step. ``attempt`` is the fence: whoever holds the highest one may write.

    ``waits`` and ``waited_seconds``: how often and how long providers have made it wait; ``foreign_seconds``: how long
    it was left to workers of another version. ``request_id`` and ``traceparent`` are of the request that submitted the
    job.
    """

    job: JobInfo
    key: str
    kind: str
    title: str
    attempt: int
    tries: int
    input: Json
    seed: int
    waits: int = 0
    waited_seconds: float = 0.0
    foreign_seconds: float = 0.0
    request_id: str | None = None
    traceparent: str | None = None


# A job whose row somebody holds is passed over: what a statement sees was fixed when it began, so one that waited would
# decide by what was true before. Even without a wait somebody may claim between its look and its lock: by ``attempt``
# that is noticed. An entry speaks only for steps of its own team.
# OFFSET 0 leads to each step by its key, and a comparison to each entry by its id: a plan that was made while the
# tables were small would go on reading all of them.
# A step that is taken over is among its team's running ones already. Only steps of the same lane count: a team whose
# calls to providers take its whole share of the network still gets its share of the processors. Beyond the team's limit
# nobody counts, and below it claims of the same moment do not see each other: they may go over it by what they take
# together.
_CLAIM = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($1::text[]::uuid[], $2::text[], $3::bigint[], $4::text[]::uuid[], $7::text[])
                  WITH ORDINALITY AS a(job_id, key, entry, holder, lane, ord)),
job AS (
    SELECT {INFO_COLUMNS}, request_id, traceparent, cancel_requested_at IS NOT NULL AS is_cancelled FROM jobs
    WHERE id = ANY($1::text[]::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED),
found AS MATERIALIZED (
    SELECT asked.*, s.state, s.attempt, job.team_id, job.is_cancelled, s.state IN ('ready', 'running')
        AND (entry IS NULL OR COALESCE((SELECT queue_manager_id = holder AND pgqueuer.team_id = job.team_id
                                        FROM pgqueuer WHERE id = entry), false)) AS is_ours
    FROM asked JOIN job ON job.id = asked.job_id CROSS JOIN LATERAL (
        SELECT state, attempt FROM steps WHERE job_id = asked.job_id AND key = asked.key OFFSET 0) AS s),
share AS (
    SELECT team_id, lane, (SELECT count(*) FROM (
        SELECT FROM steps r WHERE r.team_id = team.team_id AND r.state = 'running' AND r.queue = ANY(lane::text[])
        LIMIT $6::int + 1) AS counted) AS running
    FROM (SELECT DISTINCT team_id, lane FROM found) AS team),
able AS (
    SELECT found.*, $6::int >= share.running + CASE state WHEN 'ready' THEN
        count(*) FILTER (WHERE state = 'ready') OVER (PARTITION BY team_id, lane ORDER BY ord) ELSE 0 END AS has_room
    FROM found JOIN share USING (team_id, lane) WHERE is_ours AND NOT is_cancelled),
step AS (
    UPDATE steps SET state = 'running', attempt = steps.attempt + 1, worker = $5, progress = 0,
        started_at = now(), error = NULL, error_kind = NULL
    FROM able WHERE able.has_room AND steps.job_id = able.job_id AND steps.key = able.key
      AND steps.attempt = able.attempt AND steps.state IN ('ready', 'running')
    RETURNING able.ord, steps.job_id, steps.key, steps.kind, steps.title, steps.attempt, steps.tries, steps.resolved,
              steps.seed, steps.waits, steps.waited_seconds, steps.foreign_seconds),
bump AS (
    UPDATE jobs SET last_seq = last_seq + taken.n, state = 'running', started_at = COALESCE(started_at, now())
    FROM (SELECT job_id, count(*) AS n FROM step GROUP BY job_id) AS taken
    WHERE jobs.id = taken.job_id RETURNING jobs.id, last_seq - taken.n AS base, team_id, progress),
told AS (
    INSERT INTO events (job_id, seq, team_id, type, data)
    SELECT bump.id, bump.base + row_number() OVER (PARTITION BY bump.id ORDER BY ord), bump.team_id, 'step.started',
           jsonb_build_object('key', step.key, 'kind', step.kind, 'title', step.title, 'attempt', step.attempt,
                              'progress', bump.progress)
    FROM bump JOIN step ON step.job_id = bump.id)
SELECT job.*, found.is_ours, able.has_room, step.key, step.kind AS step_kind, step.title, step.attempt,
       step.tries, step.resolved, step.seed, step.waits, step.waited_seconds, step.foreign_seconds
FROM asked LEFT JOIN job ON job.id = asked.job_id LEFT JOIN found USING (ord) LEFT JOIN able USING (ord)
LEFT JOIN step USING (ord) ORDER BY ord
"""
# Who holds a job's row longer than this may hold it until its connection ends: nobody takes a place in the pool for it.
LOCK_PATIENCE_MS = 500
_SOON = f"(SELECT set_config('lock_timeout', '{LOCK_PATIENCE_MS}', true)) IS NOT NULL"
_LOCK = f"SELECT FROM jobs WHERE id = $1 AND {_SOON} FOR UPDATE"


async def claim(
    pool: asyncpg.Pool,
    job_id: UUID,
    key: str,
    *,
    worker: str,
    team_limit: int,
    delivery: queue.Delivery | None = None,
) -> Claim | Refusal:
    """Take a ready step, or take over one whose worker is gone (the queue decides that).

    With a ``delivery`` only while that still holds the step's entry: who was frozen between the two, or waited for the
    database, must not take the step away from the worker that has it by now. ``team_limit`` holds for what was claimed
    before in the delivery's lane; claims of the same moment do not count each other.
    """
    entry, holder, lane = (delivery.id, str(delivery.holder), delivery.lane) if delivery else (None, None, ())
    asked = ([str(job_id)], [key], [entry], [holder], worker, team_limit, [_array(lane)])
    try:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK, job_id)
            (row,) = await connection.fetch(_CLAIM, *asked)
    except asyncpg.LockNotAvailableError:
        return Refusal.BUSY
    return _answer(row) or Refusal.GONE


def _array(names: Sequence[str]) -> str:
    """As PostgreSQL writes it: queues of several lanes, of different numbers, are no rectangle."""
    return "{" + ",".join(names) + "}"


def _answer(row: Row) -> Claim | Refusal | None:
    """None: the job is gone or held by somebody's transaction, or the step was moved while we looked."""
    if row["id"] is None:
        return None
    if not row["is_ours"]:
        return Refusal.GONE
    if row["is_cancelled"]:
        return Refusal.CANCELLED
    if not row["has_room"]:
        return Refusal.BUSY
    if row["key"] is None:
        return None
    return Claim(
        job=job_info(row),
        key=row["key"],
        kind=row["step_kind"],
        title=row["title"],
        attempt=row["attempt"],
        tries=row["tries"],
        input=row["resolved"],
        seed=row["seed"],
        waits=row["waits"],
        waited_seconds=row["waited_seconds"],
        foreign_seconds=row["foreign_seconds"],
        request_id=row["request_id"],
        traceparent=row["traceparent"],
    )


_Asked = tuple[queue.Delivery, asyncio.Future[Claim | Refusal | None]]


class Desk:
    """Claims of one worker process: those that are asked for at the same moment are made in one statement.

    That waits for nobody, so it need not queue for a connection with statements that do.
    """

    def __init__(self, database: Database, worker: str, team_limit: int) -> None:
        self._database = database
        self._worker = worker
        self._team_limit = team_limit
        self._asked: list[_Asked] = []
        self._serving: asyncio.Task[None] | None = None

    async def claim(self, delivery: queue.Delivery) -> Claim | Refusal:
        """``claim`` for a delivery. Whose job or step is being moved waits for that alone, and holds up nobody.

        What is ``BUSY`` was put back into the queue.
        """
        answered: asyncio.Future[Claim | Refusal | None] = asyncio.get_running_loop().create_future()
        self._asked.append((delivery, answered))
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        return await answered or await self._claim_alone(delivery)

    async def _claim_alone(self, delivery: queue.Delivery) -> Claim | Refusal:
        answer = await claim(
            self._database.system,
            delivery.job_id,
            delivery.key,
            worker=self._worker,
            team_limit=self._team_limit,
            delivery=delivery,
        )
        if answer is Refusal.BUSY:
            await queue.put_back(self._database.system, [delivery])
        return answer

    async def _serve(self) -> None:
        """Begins when all that were delivered together have asked, because they were woken before it was."""
        asked, self._asked, self._serving = self._asked, [], None
        try:
            answers = await self._claim_together([delivery for delivery, _ in asked])
            answered = list(zip(asked, answers, strict=True))
            _settle([(one, answer) for one, answer in answered if answer is not Refusal.BUSY])
            if refused := [one for one, answer in answered if answer is Refusal.BUSY]:
                await queue.put_back(self._database.system, [delivery for delivery, _ in refused])
                _settle([(one, Refusal.BUSY) for one in refused])
        except Exception as error:
            for _, waiting in asked:
                if not waiting.done():
                    waiting.set_exception(error)

    async def _claim_together(self, asked: Sequence[queue.Delivery]) -> list[Claim | Refusal | None]:
        """None for what has to be asked again, by itself."""
        rows = await self._database.urgent.fetch(
            _CLAIM,
            [str(delivery.job_id) for delivery in asked],
            [delivery.key for delivery in asked],
            [delivery.id for delivery in asked],
            [str(delivery.holder) for delivery in asked],
            self._worker,
            self._team_limit,
            [_array(delivery.lane) for delivery in asked],
        )
        return [_answer(row) for row in rows]


def _settle(answers: Sequence[tuple[_Asked, Claim | Refusal | None]]) -> None:
    for (_, answered), answer in answers:
        if not answered.done():  # who asked was cancelled meanwhile
            answered.set_result(answer)


_SPEAK = f"""
WITH job AS (SELECT id FROM jobs WHERE id = $1 AND {_SOON} FOR UPDATE),
step AS (
    UPDATE steps SET progress = COALESCE($4, steps.progress), note = COALESCE($5, steps.note)
    FROM job WHERE steps.job_id = $1 AND steps.key = $2 AND steps.attempt = $3 AND steps.state = 'running'
    RETURNING steps.team_id),
bump AS (UPDATE jobs SET last_seq = last_seq + 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM step)
    RETURNING last_seq, team_id, progress)
INSERT INTO events (job_id, seq, team_id, type, data)
SELECT $1, last_seq, team_id, $6, $7::jsonb || jsonb_build_object('progress', progress) FROM bump
RETURNING seq
"""


async def speak(
    pool: asyncpg.Pool,
    claimed: Claim,
    event: str,
    data: Mapping[str, Any],
    *,
    fraction: float | None = None,
    note: str | None = None,
) -> None:
    """Write an event (and progress) for a running step. Raises ``LostLease`` if it is not ours any more, and
    ``LockNotAvailableError`` if somebody holds the job."""
    body = json.dumps({"key": claimed.key, "kind": claimed.kind, **data}, ensure_ascii=False)
    seq = await pool.fetchval(_SPEAK, claimed.job.id, claimed.key, claimed.attempt, fraction, note, event, body)
    if seq is None:
        raise LostLease(claimed.key)


_LOG = """
WITH step AS (
    UPDATE steps SET log_lines = log_lines + 1
    WHERE job_id = $1 AND key = $2 AND attempt = $3 AND state = 'running' AND log_lines < $4
    RETURNING team_id)
INSERT INTO step_logs (job_id, key, team_id, level, message) SELECT $1, $2, team_id, $5, $6 FROM step
"""


async def log_line(pool: asyncpg.Pool, claimed: Claim, level: str, message: str, *, lines_max: int) -> None:
    """Keep a line of the step's log; lines beyond ``lines_max`` and of lost leases are dropped."""
    await pool.execute(_LOG, claimed.job.id, claimed.key, claimed.attempt, lines_max, level, message[:2000])


async def recipe_of(pool: asyncpg.Pool, job_id: UUID, key: str) -> str:
    """The recipe of a step of the job; empty if it has none."""
    made = await pool.fetchval("SELECT recipe FROM steps WHERE job_id = $1 AND key = $2", job_id, key)
    return made or ""
