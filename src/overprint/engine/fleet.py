"""Which workers there are, what they take, and how long their steps run.

Every worker says so itself, in one row that it renews every few seconds; a row that is not renewed counts for nothing.
So nobody has to look through other teams' steps to tell a person how long theirs will wait.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import asyncpg

from overprint.db.database import passing_over

BEAT_SECONDS = 5.0
SILENCE_MAX_SECONDS = 20.0
ANSWER_SECONDS = 2.0
WINDOW_STEPS = 50
WORKERS_MAX = 500


@dataclass(slots=True)
class Pace:
    """How long the newest steps of each queue took in this process."""

    _seconds: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=WINDOW_STEPS)))

    def add(self, queue: str, seconds: float) -> None:
        self._seconds[queue].append(seconds)

    def medians(self) -> dict[str, float]:
        return {queue: round(median(seconds), 3) for queue, seconds in self._seconds.items()}


_SAY = """
INSERT INTO workers (name, lanes, team_limit, pace) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE SET lanes = $2, team_limit = $3, pace = $4, seen_at = now()
"""
_LEAVE = "DELETE FROM workers WHERE name = $1 OR seen_at < now() - interval '1 hour'"


async def keep_present(
    pool: asyncpg.Pool, name: str, lanes: Sequence[tuple[Sequence[str], int]], team_limit: int, pace: Pace
) -> None:
    """Say that the worker ``name`` is there, until cancelled; then that it is not.

    ``lanes``: queues, and how many of their steps it runs at a time.
    """
    taken = json.dumps([{"queues": list(queues), "limit": limit} for queues, limit in lanes])
    try:
        while True:
            await _say(pool, _SAY, name, taken, team_limit, json.dumps(pace.medians()))
            await asyncio.sleep(BEAT_SECONDS)
    finally:
        await _say(pool, _LEAVE, name)


async def _say(pool: asyncpg.Pool, statement: str, *values: object) -> None:
    """No harm if the database is away: the next beat says it again, and who is silent is forgotten."""
    with passing_over("a worker's sign of life"):
        await pool.execute(statement, *values, timeout=ANSWER_SECONDS)


@dataclass(frozen=True, slots=True)
class Fleet:
    """What the workers that are there do for one queue.

    ``queues``: those that share a lane with it, itself among them; ``capacity`` of their steps run at a time.
    ``pace``: typical seconds of a step by queue, where known. A team may have ``team_limit`` of these steps running.
    """

    workers: int
    queues: frozenset[str]
    capacity: int
    team_limit: int
    pace: Mapping[str, float]


_READ = """
SELECT lanes, team_limit, pace FROM workers WHERE seen_at > now() - $1::float * interval '1 s' LIMIT $2
"""


async def count_workers(driver: asyncpg.Connection | asyncpg.Pool) -> int:
    """How many workers are there."""
    return len(await driver.fetch(_READ, SILENCE_MAX_SECONDS, WORKERS_MAX))


async def read_fleet(driver: asyncpg.Connection, queue: str) -> Fleet:
    """The workers, as ``queue`` sees them."""
    rows = await driver.fetch(_READ, SILENCE_MAX_SECONDS, WORKERS_MAX)
    lanes = [lane for row in rows for lane in row["lanes"] if queue in lane["queues"]]
    paces: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, seconds in row["pace"].items():
            paces[name].append(seconds)
    return Fleet(
        workers=len(rows),
        queues=frozenset(name for lane in lanes for name in lane["queues"]),
        capacity=sum(lane["limit"] for lane in lanes),
        team_limit=max((row["team_limit"] for row in rows), default=0),
        pace={name: median(seconds) for name, seconds in paces.items()},
    )
