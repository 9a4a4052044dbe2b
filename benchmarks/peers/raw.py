"""The floor: one table and SKIP LOCKED, with the writes that any engine with a history has to make.

A claim marks the step running and writes an event; an end stores the output, an event and the progress, and makes the
next step ready. No fences, no leases, no fan-in, no recipes, no teams.
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from benchmarks.peers.contest import Address, spawn

SCHEMA = """
CREATE TABLE jobs (id uuid PRIMARY KEY, last_seq bigint NOT NULL DEFAULT 0, ended_steps int NOT NULL DEFAULT 0,
    steps int NOT NULL, progress float NOT NULL DEFAULT 0, ended_at timestamptz);
CREATE TABLE steps (job_id uuid NOT NULL, position int NOT NULL, state text NOT NULL, seconds float NOT NULL,
    output jsonb, worker text, started_at timestamptz, ended_at timestamptz, PRIMARY KEY (job_id, position));
CREATE INDEX ix_ready ON steps (job_id, position) WHERE state = 'ready';
CREATE TABLE events (job_id uuid NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    type text NOT NULL, data jsonb NOT NULL, PRIMARY KEY (job_id, seq));
"""
CLAIM = """
UPDATE steps SET state = 'running', worker = $1, started_at = clock_timestamp() WHERE (job_id, position) = (
    SELECT job_id, position FROM steps WHERE state = 'ready' LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING job_id, position, seconds
"""
EVENT = """
WITH job AS (UPDATE jobs SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq)
INSERT INTO events (job_id, seq, type, data) SELECT $1, last_seq, $2, $3 FROM job
"""
FINISH = "UPDATE steps SET state = 'completed', output = $3, ended_at = now() WHERE job_id = $1 AND position = $2"
PROGRESS = """
UPDATE jobs SET ended_steps = ended_steps + 1, progress = (ended_steps + 1)::float / steps,
    ended_at = CASE WHEN ended_steps + 1 = steps THEN now() END WHERE id = $1
"""
NEXT = "UPDATE steps SET state = 'ready' WHERE job_id = $1 AND position = $2"
IDLE_POLL_SECONDS = 0.02


class Raw:
    """The loop, as a contestant."""

    name = "raw loop"

    async def prepare(self, address: Address, folder: Path) -> None:
        self._url, self._log = address.superuser, folder / "raw.log"
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute(SCHEMA)

    def start(self) -> subprocess.Popen[bytes]:
        return spawn("benchmarks.peers.raw", [self._url, "16"], self._log)

    async def submit(self, pipelines: int, steps: int, seconds: float = 0.0) -> None:
        for _ in range(pipelines):
            job = uuid4()
            async with self._connection.transaction():
                await self._connection.execute("INSERT INTO jobs (id, steps) VALUES ($1, $2)", job, steps)
                await self._connection.execute(
                    "INSERT INTO steps (job_id, position, state, seconds)"
                    " SELECT $1, n, CASE WHEN n = 0 THEN 'ready' ELSE 'pending' END, $3"
                    " FROM generate_series(0, $2 - 1) n",
                    job,
                    steps,
                    seconds,
                )

    async def ended(self) -> int:
        return int(await self._connection.fetchval("SELECT count(*) FROM jobs WHERE ended_at IS NOT NULL"))

    async def begun_at(self) -> list[float]:
        rows = await self._connection.fetch(
            "SELECT extract(epoch FROM started_at)::float AS at FROM steps"
            " WHERE position = 0 AND started_at IS NOT NULL ORDER BY started_at"
        )
        return [row["at"] for row in rows]

    async def cancel_all(self) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        await self._connection.close()


async def work(url: str, at_once: int) -> None:
    """Until killed."""
    pool = await asyncpg.create_pool(url, min_size=1, max_size=at_once)
    await asyncio.gather(*(_loop(pool, f"worker-{n}") for n in range(at_once)))


async def _loop(pool: asyncpg.Pool, worker: str) -> None:
    while True:
        async with pool.acquire() as connection:
            row = await _claim(connection, worker)
            if row is not None:
                await asyncio.sleep(row["seconds"])
                await _finish(connection, row["job_id"], row["position"])
        if row is None:
            await asyncio.sleep(IDLE_POLL_SECONDS)


async def _claim(connection: asyncpg.Connection, worker: str) -> asyncpg.Record | None:
    async with connection.transaction():
        row = await connection.fetchrow(CLAIM, worker)
        if row is not None:
            await connection.execute(EVENT, row["job_id"], "step.started", json.dumps({"key": row["position"]}))
        return row


async def _finish(connection: asyncpg.Connection, job: UUID, position: int) -> None:
    output = json.dumps({"text": "done", "at": time.time()})
    async with connection.transaction():
        await connection.execute(FINISH, job, position, output)
        await connection.execute(PROGRESS, job)
        await connection.execute(NEXT, job, position + 1)
        await connection.execute(EVENT, job, "step.completed", json.dumps({"key": position}))


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
