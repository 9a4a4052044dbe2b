"""Celery with Redis, a chain of tasks a pipeline. A loss of Redis loses everything; a kill, for an hour, what ran."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.contest import HOME, Address

ADDRESS = "OVERPRINT_BENCH_REDIS"


class CeleryRedis:
    """Celery 5 with a Redis of its own."""

    name = "Celery + Redis"

    async def prepare(self, address: Address, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise OSError("there is no redis-server; install the package of that name")
        import redis  # noqa: PLC0415 -- only where it is installed

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._log = folder / "celery.log"
        self._server = await asyncio.to_thread(
            subprocess.Popen,
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
            stdout=subprocess.DEVNULL,
        )
        os.environ[ADDRESS] = f"redis://127.0.0.1:{port}/0"
        self._redis: Any = redis.Redis(port=port)
        await self._until_up()
        self._app = make_app()

    async def _until_up(self) -> None:
        async with asyncio.timeout(10):
            while True:
                with contextlib.suppress(Exception):
                    self._redis.ping()
                    return
                await asyncio.sleep(0.05)

    def start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "benchmarks.peers.celery_tasks",
                    "worker",
                    "-P",
                    "threads",
                    "-c",
                    "16",
                ],
                cwd=HOME,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(HOME / "src"), str(HOME)))},
                stdout=output,
                stderr=output,
            )

    async def submit(self, pipelines: int, steps: int, seconds: float = 0.0) -> None:
        for _ in range(pipelines):
            await asyncio.to_thread(
                self._app.send_task, "step", kwargs={"left": steps, "first": True, "seconds": seconds}
            )

    async def ended(self) -> int:
        return int(self._redis.get("ended") or 0)

    async def begun_at(self) -> list[float]:
        return [float(at) for at in self._redis.lrange("begun", 0, -1)]

    async def cancel_all(self) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        self._server.terminate()
        self._server.wait()


def make_app() -> Any:
    """The application, at the broker that the environment names."""
    from celery import Celery  # noqa: PLC0415 -- only where it is installed

    url = os.environ[ADDRESS]
    app = Celery("bench", broker=url, backend=url)
    app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, worker_hijack_root_logger=False)
    return app


def add_tasks(app: Any) -> None:
    import redis  # noqa: PLC0415 -- only where it is installed

    client: Any = redis.Redis.from_url(os.environ[ADDRESS])

    def step(left: int, first: bool, seconds: float) -> dict[str, Any]:
        if first:
            client.rpush("begun", time.time())
        time.sleep(seconds)
        if left == 1:
            client.incr("ended")
        else:
            app.send_task("step", kwargs={"left": left - 1, "first": False, "seconds": seconds})
        return {"text": "done", "at": time.time()}

    app.task(name="step")(step)
