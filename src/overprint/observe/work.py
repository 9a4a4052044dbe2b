"""What the studio has to do and has done, read from the database when Prometheus asks.

Workers are processes of their own and serve nothing, so what they did is counted where they wrote it down.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id

KEPT_SECONDS = 5.0
READ_MAX_SECONDS = 5.0
RECENT = timedelta(days=1)
ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class StepCount:
    """Steps of a kind in a state; ``seconds`` is how long they ran, all together."""

    kind: str
    state: str
    steps: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CallCount:
    """Calls to a provider that are in a state: begun, answered or failed; what they cost, and may have cost besides."""

    provider: str
    state: str
    calls: int
    cost_microdollars: int
    possible_cost_microdollars: int


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens that steps used at a provider."""

    provider: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class ScheduleCount:
    """How work that comes round ran last: when it ended (Unix time), how long it took, and whether it ended well.

    ``tries`` counts the runs since the last one that ended well.
    """

    name: str
    ended_seconds: float
    seconds: float
    tries: int


@dataclass(frozen=True, slots=True)
class Work:
    """All jobs by state and all waiting steps by queue; steps, calls and tokens of the jobs of the last day.

    ``paused`` are providers that nobody asks: ``text:openai``.
    """

    jobs: Mapping[str, int]
    depths: Mapping[str, int]
    steps: tuple[StepCount, ...]
    calls: tuple[CallCount, ...]
    tokens: tuple[TokenCount, ...]
    schedules: tuple[ScheduleCount, ...] = ()
    paused: tuple[str, ...] = ()


_JOBS = "SELECT state, count(*) AS jobs FROM jobs GROUP BY state"
# A job's id begins with the time it was made, so the day's rows are found by the primary key.
_STEPS = """
SELECT kind, state, count(*) AS steps,
       COALESCE(sum(extract(epoch FROM COALESCE(ended_at, now()) - started_at)), 0)::float8 AS seconds
FROM steps WHERE job_id >= $1 GROUP BY kind, state ORDER BY kind, state LIMIT $2
"""
_CALLS = """
SELECT provider, state, sum(calls)::bigint AS calls, sum(cost_microdollars)::bigint AS cost_microdollars,
       sum(possible_cost_microdollars)::bigint AS possible_cost_microdollars
FROM step_calls WHERE job_id >= $1 GROUP BY provider, state ORDER BY provider, state LIMIT $2
"""
_TOKENS = """
SELECT provider, sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens
FROM steps WHERE job_id >= $1 AND provider IS NOT NULL GROUP BY provider ORDER BY provider LIMIT $2
"""
_SCHEDULES = """
SELECT name, extract(epoch FROM ended_at)::float8 AS ended_seconds, seconds, tries
FROM schedules WHERE ended_at IS NOT NULL ORDER BY name LIMIT $1
"""
_PAUSED = "SELECT provider FROM provider_pauses ORDER BY provider LIMIT $1"


class WorkReader:
    """Reads the work, and keeps what it read for a few seconds, however many ask."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        depths: Callable[[], Awaitable[Mapping[str, int]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``pool`` is of the system role; ``depths`` answers the waiting steps by queue."""
        self._pool = pool
        self._depths = depths
        self._clock = clock
        self._reading = asyncio.Lock()
        self._kept: Work | None = None
        self._read_at = 0.0

    async def read(self) -> Work:
        """Raises what the driver raises, and ``TimeoutError`` after ``READ_MAX_SECONDS``."""
        async with self._reading:
            if self._kept is None or self._clock() - self._read_at >= KEPT_SECONDS:
                async with asyncio.timeout(READ_MAX_SECONDS):
                    self._kept = await self._count()
                self._read_at = self._clock()
            return self._kept

    async def _count(self) -> Work:
        since = _first_id_since(time.time() - RECENT.total_seconds())
        jobs = await self._pool.fetch(_JOBS)
        steps = await self._recent(_STEPS, since)
        calls = await self._recent(_CALLS, since)
        tokens = await self._recent(_TOKENS, since)
        schedules = await self._pool.fetch(_SCHEDULES, ROWS_MAX)
        paused = await self._pool.fetch(_PAUSED, ROWS_MAX)
        return Work(
            {row["state"]: row["jobs"] for row in jobs},
            dict(await self._depths()),
            tuple(StepCount(**row) for row in steps),
            tuple(CallCount(**row) for row in calls),
            tuple(TokenCount(**row) for row in tokens),
            tuple(ScheduleCount(**row) for row in schedules),
            tuple(row["provider"] for row in paused),
        )

    async def _recent(self, statement: str, since: UUID) -> list[Any]:
        rows: list[Any] = await self._pool.fetch(statement, since, ROWS_MAX)
        return rows


def _first_id_since(unix_seconds: float) -> UUID:
    """No id made since then sorts before this one."""
    made = new_id(int(unix_seconds * 1000)).int
    return UUID(int=made >> 80 << 80)
