"""The call ledger: a provider's answer is asked for once and kept, whatever happens to the worker.

Before a call its row is committed; after it the answer is stored before anything else is done with it. After a crash
an answered call is answered from the ledger; one that had told us a task id is asked for again by that id; one of which
nobody knows is in doubt, and the step's declared policy decides.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from overprint.core.codec import Json, decode, encode
from overprint.core.problems import Conflict
from overprint.db.database import patiently
from overprint.engine.claims import Claim, LostLease
from overprint.engine.pipeline import InDoubt
from overprint.ports.errors import Unavailable
from overprint.ports.provider import Usage

RememberTask = Callable[[str], Awaitable[None]]


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


class Unusable(Unavailable):
    """An answer that makes no sense, but was billed."""

    def __init__(self, message: str, *, provider: str, usage: Usage) -> None:
        super().__init__(message, provider=provider)
        self.usage = usage


_FIND = """
SELECT c.state, c.answer, c.task_id FROM steps s
LEFT JOIN step_calls c ON c.job_id = s.job_id AND c.key = s.key AND c.call_key = $4
WHERE s.job_id = $1 AND s.key = $2 AND s.attempt = $3 AND s.state = 'running'
"""
_BEGIN = """
WITH mine AS (
    SELECT team_id FROM steps WHERE job_id = $1 AND key = $2 AND attempt = $3 AND state = 'running' FOR SHARE)
INSERT INTO step_calls AS c (job_id, key, call_key, team_id, provider, idempotency_key, state)
SELECT $1, $2, $4, team_id, $5, $6, 'begun' FROM mine
ON CONFLICT (job_id, key, call_key) DO UPDATE SET calls = c.calls + 1, state = 'begun', task_id = NULL, began_at = now()
    WHERE c.state <> 'answered'
RETURNING calls
"""
_MINE = """
FROM steps s WHERE s.job_id = $1 AND s.key = $2 AND s.attempt = $3 AND s.state = 'running'
  AND c.job_id = s.job_id AND c.key = s.key AND c.call_key = $4 RETURNING 1
"""
_TASK = f"UPDATE step_calls c SET task_id = $5 {_MINE}"
# Done twice, because its answer got lost, it must not book the cost twice.
_ANSWER = f"""
UPDATE step_calls c SET state = 'answered', answer = $5, answered_at = now(),
    cost_microdollars = c.cost_microdollars + CASE WHEN c.state = 'answered' THEN 0 ELSE $6::bigint END {_MINE}
"""
_FAIL = f"""
UPDATE step_calls c SET state = 'failed',
    cost_microdollars = c.cost_microdollars + CASE WHEN c.state = 'failed' THEN 0 ELSE $5::bigint END {_MINE}
"""


async def call_once(
    pool: asyncpg.Pool,
    claim: Claim,
    call: Call,
    ask: Callable[[RememberTask], Awaitable[Answered]],
    resume: Callable[[str], Awaitable[Answered]] | None = None,
) -> Answered:
    """``ask`` the provider, unless the ledger holds its answer. ``resume`` polls a task that it had accepted.

    An ``ask`` that raises a definite error is marked failed and may be asked anew; one that was cut off stays begun,
    that is in doubt. Raises ``Conflict`` when the policy is to ask the person, ``LostLease`` when the step is not
    ours any more: a worker that was thought dead changes nothing here.
    """
    entry = _Entry(pool, claim, call.key)
    row = await entry.find()
    if row["state"] == "begun" and row["task_id"] is not None and resume is not None:
        return await _keep(entry, resume(row["task_id"]))
    if row["state"] == "begun" and call.in_doubt is InDoubt.ASK and not call.is_idempotent:
        raise Conflict(
            f"{call.provider} was asked, and the worker died before the answer came: it may have been billed.",
            "Run the step again if you accept a possible second bill.",
        )
    if row["state"] == "answered" or not await entry.begin(call.provider):
        return _stored(row if row["state"] == "answered" else await entry.find())
    return await _keep(entry, ask(entry.remember))


def _stored(row: Any) -> Answered:
    return Answered(row["answer"]["body"], decode(Usage, row["answer"]["usage"]))


async def _keep(entry: "_Entry", asking: Awaitable[Answered]) -> Answered:
    try:
        answered = await asking
    except LostLease:
        raise
    except Exception as error:
        if not getattr(error, "in_doubt", False):
            await entry.fail(error.usage.cost_microdollars if isinstance(error, Unusable) else 0)
        raise
    await entry.answer(answered)
    return answered


@dataclass(frozen=True, slots=True)
class _Entry:
    """A call's row in the ledger, as the attempt of this claim may change it. Outlasts a restart of the database."""

    pool: asyncpg.Pool
    claim: Claim
    call_key: str

    async def find(self) -> Any:
        return await self._do(_FIND)

    async def begin(self, provider: str) -> bool:
        """Whether it is to be asked; False if its answer came in between."""
        key = idempotency_key(self.claim, self.call_key)
        return await patiently(lambda: self.pool.fetchrow(_BEGIN, *self._place, provider, key)) is not None

    async def remember(self, task_id: str) -> None:
        await self._do(_TASK, task_id)

    async def answer(self, answered: Answered) -> None:
        kept = json.dumps({"body": answered.body, "usage": encode(answered.usage)})
        await self._do(_ANSWER, kept, answered.usage.cost_microdollars)

    async def fail(self, cost_microdollars: int) -> None:
        await self._do(_FAIL, cost_microdollars)

    @property
    def _place(self) -> tuple[object, ...]:
        return self.claim.job.id, self.claim.key, self.claim.attempt, self.call_key

    async def _do(self, statement: str, *values: object) -> Any:
        row = await patiently(lambda: self.pool.fetchrow(statement, *self._place, *values))
        if row is None:
            raise LostLease(self.claim.key)
        return row
