"""DBOS: one durable workflow a pipeline, its steps in a row."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.peers.contest import Address, spawn

SCHEMA = "CREATE TABLE begun (at timestamptz NOT NULL DEFAULT clock_timestamp())"
POLL_SECONDS = 0.05


class Dbos:
    """DBOS with a queue that is polled every 50 ms."""

    name = "DBOS"

    async def prepare(self, address: Address, folder: Path) -> None:
        from dbos import DBOSClient  # noqa: PLC0415 -- only where it is installed

        self._url, self._log = address.superuser, folder / "dbos.log"
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute(SCHEMA)
        self._client: Any = None
        self._make_client = lambda: DBOSClient(system_database_url=self._url)

    def start(self) -> subprocess.Popen[bytes]:
        return spawn("benchmarks.peers.dbos_peer", [self._url], self._log)

    async def submit(self, pipelines: int, steps: int, seconds: float = 0.0) -> None:
        if self._client is None:
            await self._until_migrated()
            self._client = await asyncio.to_thread(self._make_client)
        options = {"workflow_name": "pipeline", "queue_name": "pipelines"}
        for _ in range(pipelines):
            await self._client.enqueue_async(options, steps, seconds)

    async def _until_migrated(self) -> None:
        async with asyncio.timeout(30):
            while not await self._connection.fetchval("SELECT to_regclass('dbos.workflow_status') IS NOT NULL"):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1.0)

    async def ended(self) -> int:
        return int(
            await self._connection.fetchval(
                "SELECT count(*) FROM dbos.workflow_status WHERE status IN ('SUCCESS', 'ERROR', 'CANCELLED')"
            )
        )

    async def begun_at(self) -> list[float]:
        return [
            row["at"] for row in await self._connection.fetch("SELECT extract(epoch FROM at)::float AS at FROM begun")
        ]

    async def cancel_all(self) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        if self._client is not None:
            self._client.destroy()
        await self._connection.close()


def work(url: str) -> None:
    """Until killed."""
    from dbos import DBOS  # noqa: PLC0415 -- only where it is installed

    DBOS(config={"name": "bench", "system_database_url": url, "run_admin_server": False, "application_version": "1"})
    pools: list[asyncpg.Pool] = []

    @DBOS.step()
    async def begin() -> None:
        if not pools:
            pools.append(await asyncpg.create_pool(url, min_size=1, max_size=8))
        await pools[0].execute("INSERT INTO begun DEFAULT VALUES")

    @DBOS.step()
    async def step(number: int, seconds: float) -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return {"text": "done", "at": time.time(), "number": number}

    @DBOS.workflow(name="pipeline")
    async def pipeline(steps: int, seconds: float) -> None:
        await begin()
        for number in range(steps):
            await step(number, seconds)

    DBOS.launch()
    DBOS.register_queue("pipelines", worker_concurrency=16, polling_interval_sec=POLL_SECONDS)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    work(sys.argv[1])
