"""The call ledger: a provider's answer is asked for once and kept, whatever happens to the worker.

Before a call its row is committed; after it the answer is stored before anything else is done with it. After a crash
an answered call is answered from the ledger; one that had told us a task id is asked for again by that id; one of which
nobody knows is in doubt, and the step's declared policy decides. If that is to ask again, what the lost call may have
cost is booked beside what the answer did. If the step ends without an answer, it is booked as the dearest such call of
its job was.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.codec import Json, decode, encode
from overprint.core.problems import Conflict
from overprint.core.tasks import end_tasks
from overprint.db.database import PATIENCE_SECONDS, patiently
from overprint.engine.claims import Claim, LostLease
from overprint.engine.spec import InDoubt
from overprint.ports.errors import ProviderError, Refused, TaskFailed
from overprint.ports.provider import Usage

# What was paid for is held on to while the database is away, as long as the step itself may run.
ANSWER_PATIENCE_SECONDS = 900.0
STOP_SECONDS = 1.0
TASK_ID_MAX_CHARACTERS = 500

RememberTask = Callable[[str], Awaitable[None]]
Turn = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a step. ``key`` is stable over attempts: "write", "draw"."""

    key: str
    provider: str
    is_idempotent: bool
    in_doubt: InDoubt


def idempotency_key(claim: Claim, call_key: str) -> str:
    """The same on every attempt of a step, so that a provider that honours it bills once."""
    return f"{claim.job.id}:{claim.key}:{call_key}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the provider answered, in JSON, and what it used."""

    body: Json
    usage: Usage


_FIND = """
SELECT c.state, c.answer, c.task_id, c.provider, c.calls, c.doubts, c.cost_microdollars FROM steps s
LEFT JOIN step_calls c ON c.job_id = s.job_id AND c.key = s.key AND c.call_key = $4
WHERE s.job_id = $1 AND s.key = $2 AND s.attempt = $3 AND s.state = 'running'
"""
_BEGIN = """
WITH mine AS (
    SELECT team_id FROM steps WHERE job_id = $1 AND key = $2 AND attempt = $3 AND state = 'running' FOR SHARE)
INSERT INTO step_calls AS c (job_id, key, call_key, team_id, provider, idempotency_key, state, calls, doubts)
SELECT $1, $2, $4, team_id, $5, $6, 'begun', $7, $8 FROM mine
ON CONFLICT (job_id, key, call_key) DO UPDATE SET calls = $7, doubts = $8, state = 'begun', task_id = NULL,
    began_at = now(), provider = excluded.provider
    WHERE c.state <> 'answered'
RETURNING calls
"""
_MINE = """
FROM steps s WHERE s.job_id = $1 AND s.key = $2 AND s.attempt = $3 AND s.state = 'running'
  AND c.job_id = s.job_id AND c.key = s.key AND c.call_key = $4 RETURNING 1
"""
_TASK = f"UPDATE step_calls c SET task_id = $5 {_MINE}"
# Done twice, because its answer got lost, it must not book the cost twice. What the calls before it, of which nobody
# knows, may have cost is as much each as this one.
_BOOK = """
    cost_microdollars = c.cost_microdollars + CASE WHEN c.state = 'begun' THEN {cost}::bigint ELSE 0 END,
    possible_cost_microdollars =
        c.possible_cost_microdollars + CASE WHEN c.state = 'begun' THEN c.doubts * {cost}::bigint ELSE 0 END,
    doubts = CASE WHEN c.state = 'begun' AND {cost}::bigint > 0 THEN 0 ELSE c.doubts END
"""
_ANSWER = f"""
UPDATE step_calls c SET state = 'answered', answer = $5, answered_at = now(), {_BOOK.format(cost="$6")} {_MINE}
"""
# The sum, not what is added: done twice, it must not book twice. The call stays in doubt.
_BOOK_KNOWN = f"UPDATE step_calls c SET cost_microdollars = $5 {_MINE}"
_FAIL = f"UPDATE step_calls c SET state = 'failed', {_BOOK.format(cost='$5')} {_MINE}"


async def call_once(
    pool: asyncpg.Pool,
    claim: Claim,
    call: Call,
    ask: Callable[[RememberTask], Awaitable[Answered]],
    resume: Callable[[str], Awaitable[Answered]] | None = None,
    turn: Turn = nullcontext,
) -> Answered:
    """``ask`` the provider, unless the ledger holds its answer. ``resume`` collects a task that it had accepted.

    ``turn`` is held around a new call; what it raises, the ledger need not know.

    An ``ask`` that raises a definite error is marked failed and may be asked anew; one that was cut off stays begun,
    that is in doubt. Once a task was accepted, only word of its failure is definite. Raises ``Conflict`` when the
    policy is to ask the person, ``LostLease`` when the step is not ours any more: a worker that was thought dead
    changes nothing here.
    """
    entry = _Entry(pool, claim, call.key)
    row = await entry.find()
    if _is_accepted(row, call) and resume is not None:
        entry.has_task = True
        return await _keep(entry, resume(row["task_id"]))
    if row["state"] == "begun" and call.in_doubt is InDoubt.ASK and not call.is_idempotent:
        raise Conflict(
            f"{call.provider} was asked, and the worker died before the answer came: it may have been billed.",
            "Run the step again if you accept a possible second bill.",
        )
    if row["state"] == "answered":
        return _stored(row)
    async with turn():
        if not await entry.begin(call, row):
            return _stored(await entry.find())
        return await _keep(entry, ask(entry.remember))


def _is_accepted(row: Any, call: Call) -> bool:
    """Whether this very provider, not the one that was set before, works on it."""
    return row["state"] == "begun" and row["task_id"] is not None and row["provider"] == call.provider


def _stored(row: Any) -> Answered:
    return Answered(row["answer"]["body"], decode(Usage, row["answer"]["usage"]))


async def _keep(entry: "_Entry", asking: Awaitable[Answered]) -> Answered:
    try:
        answered = await asking
    except LostLease:
        raise
    except Exception as error:
        cost = error.usage.cost_microdollars if isinstance(error, ProviderError) else 0
        if _is_definite(error, entry.has_task):
            await entry.fail(cost)
        elif cost:
            await entry.book(cost)
        raise
    await _to_the_end(entry.answer(answered))
    return answered


def _is_definite(error: Exception, has_task: bool) -> bool:
    """Whether the provider will not do, or has done, this call; else nobody knows, or it still works on it."""
    if has_task:
        return isinstance(error, TaskFailed | Refused) or (isinstance(error, ProviderError) and error.usage != Usage())
    return not getattr(error, "in_doubt", False)


async def _to_the_end(keeping: Coroutine[Any, Any, None]) -> None:
    """An answer that was paid for is kept even if the step is stopped in this very moment."""
    task = asyncio.ensure_future(keeping)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=STOP_SECONDS)
        await end_tasks(task)
        raise


@dataclass(slots=True)
class _Entry:
    """A call's row in the ledger, as the attempt of this claim may change it. Outlasts a restart of the database."""

    pool: asyncpg.Pool
    claim: Claim
    call_key: str
    has_task: bool = False
    booked_microdollars: int = 0

    async def find(self) -> Any:
        row = await self._do(_FIND)
        self.booked_microdollars = row["cost_microdollars"] or 0
        return row

    async def begin(self, call: Call, before: Any) -> bool:
        """Whether it is to be asked; False if its answer came in between. ``before`` is how it was found."""
        key = idempotency_key(self.claim, self.call_key)
        is_doubtful = before["state"] == "begun" and not call.is_idempotent
        counts = ((before["calls"] or 0) + 1, (before["doubts"] or 0) + is_doubtful)
        values = (*self._place, call.provider, key, *counts)
        return await patiently(lambda: self.pool.fetchrow(_BEGIN, *values)) is not None

    async def remember(self, task_id: str) -> None:
        self.has_task = True
        await self._do(_TASK, task_id[:TASK_ID_MAX_CHARACTERS], patience_seconds=ANSWER_PATIENCE_SECONDS)

    async def answer(self, answered: Answered) -> None:
        kept = json.dumps({"body": answered.body, "usage": encode(answered.usage)})
        cost = answered.usage.cost_microdollars
        await self._do(_ANSWER, kept, cost, patience_seconds=ANSWER_PATIENCE_SECONDS)

    async def fail(self, cost_microdollars: int) -> None:
        await self._do(_FAIL, cost_microdollars)

    async def book(self, cost_microdollars: int) -> None:
        """What a call that stays in doubt has cost for certain."""
        await self._do(
            _BOOK_KNOWN, self.booked_microdollars + cost_microdollars, patience_seconds=ANSWER_PATIENCE_SECONDS
        )

    @property
    def _place(self) -> tuple[object, ...]:
        return self.claim.job.id, self.claim.key, self.claim.attempt, self.call_key

    async def _do(self, statement: str, *values: object, patience_seconds: float = PATIENCE_SECONDS) -> Any:
        row = await patiently(
            lambda: self.pool.fetchrow(statement, *self._place, *values), patience_seconds=patience_seconds
        )
        if row is None:
            raise LostLease(self.claim.key)
        return row


# Of a row of ``steps``: whether a provider has accepted a task of it and not answered yet.
HAS_TASK = """EXISTS (SELECT FROM step_calls t WHERE t.job_id = steps.job_id AND t.key = steps.key
    AND t.state = 'begun' AND t.task_id IS NOT NULL)"""
_PRICE_DOUBTS = f"""
WITH mine AS (
    SELECT job_id, key FROM steps
    WHERE job_id = $1 AND (($2::text IS NULL AND state = 'ready' AND NOT {HAS_TASK})
                           OR (key = $2 AND attempt = $3 AND state IN ('ready', 'running')))
    ORDER BY key FOR UPDATE),
open AS (
    SELECT c.*, c.doubts + (c.state = 'begun')::int AS lost, (
        SELECT max(p.cost_microdollars) FROM step_calls p
        WHERE p.job_id = $1 AND p.state = 'answered' AND p.provider = c.provider
          AND split_part(p.call_key, '#', 1) = split_part(c.call_key, '#', 1)) AS price_microdollars
    FROM mine JOIN step_calls c USING (job_id, key) WHERE c.state = 'begun' OR c.doubts > 0)
UPDATE step_calls c SET doubts = 0,
    possible_cost_microdollars = c.possible_cost_microdollars + open.lost * open.price_microdollars
FROM open WHERE c.job_id = open.job_id AND c.key = open.key AND c.call_key = open.call_key
  AND open.price_microdollars IS NOT NULL
"""


async def price_doubts(driver: asyncpg.Connection, job_id: UUID, key: str | None = None, attempt: int = 0) -> None:
    """Book what the lost calls of a step may have cost, before it ends without their answers.

    Without ``key``: of all steps of the job that wait and have no task anywhere. Each call as much as the dearest one
    of the same name that the same provider answered in this job; if there is none, nobody knows. The caller has locked
    the job's row.
    """
    await driver.execute(_PRICE_DOUBTS, job_id, key, attempt)
