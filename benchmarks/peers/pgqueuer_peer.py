"""PgQueuer 1.6 as its documentation shows it: the next step is enqueued by the one before. It keeps no outputs."""

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.queries import Queries

from benchmarks.peers.contest import Address, spawn

SCHEMA = "CREATE TABLE begun (at timestamptz NOT NULL); CREATE TABLE ended (at timestamptz NOT NULL)"


class PlainPgQueuer:
    """The queue alone."""

    name = "PgQueuer"

    async def prepare(self, address: Address, folder: Path) -> None:
        self._url, self._log = address.superuser, folder / "pgqueuer.log"
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute(SCHEMA)
        self._queries = Queries(AsyncpgDriver(self._connection))
        await self._queries.install()

    def start(self) -> subprocess.Popen[bytes]:
        return spawn("benchmarks.peers.pgqueuer_peer", [self._url, "16"], self._log)

    async def submit(self, pipelines: int, steps: int, seconds: float = 0.0) -> None:
        for _ in range(pipelines):
            payload = json.dumps({"left": steps, "first": True, "seconds": seconds}).encode()
            await self._queries.enqueue("step", payload)

    async def ended(self) -> int:
        return int(await self._connection.fetchval("SELECT count(*) FROM ended"))

    async def begun_at(self) -> list[float]:
        return [
            row["at"] for row in await self._connection.fetch("SELECT extract(epoch FROM at)::float AS at FROM begun")
        ]

    async def cancel_all(self) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        await self._connection.close()


async def work(url: str, at_once: int) -> None:
    """Until killed."""
    pool = await asyncpg.create_pool(url, min_size=2, max_size=at_once)
    manager = QueueManager(Queries(AsyncpgDriver(await asyncpg.connect(url))))

    @manager.entrypoint("step")
    async def step(job: Job) -> None:
        told = json.loads(job.payload or b"{}")
        async with pool.acquire() as connection:
            if told["first"]:
                await connection.execute("INSERT INTO begun VALUES (clock_timestamp())")
            await asyncio.sleep(told["seconds"])
            if told["left"] == 1:
                await connection.execute("INSERT INTO ended VALUES (now())")
            else:
                payload = json.dumps({**told, "left": told["left"] - 1, "first": False}).encode()
                await Queries(AsyncpgDriver(connection)).enqueue("step", payload)

    await manager.run(dequeue_timeout=timedelta(seconds=1), batch_size=at_once // 2, max_concurrent_tasks=at_once)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
