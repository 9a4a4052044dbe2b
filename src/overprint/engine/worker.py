"""A worker: takes steps from the queue, keeps their leases, and mends what others left behind."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import structlog

from overprint.core.tasks import Background, end_tasks
from overprint.db.connections import connect
from overprint.db.database import passing_over
from overprint.engine import dispatch, queue
from overprint.engine.fleet import keep_present
from overprint.engine.runner import Runner
from overprint.engine.scheduler import Scheduler
from overprint.engine.signals import Listener

SWEEP_INTERVAL_SECONDS = 5.0
RECONNECT_SECONDS = 0.5
DEQUEUE_SECONDS = 15.0
CANCEL_INTERVAL_SECONDS = 0.05
DRAIN_SECONDS = 20.0
HAND_BACK_SECONDS = 10.0
TIDY_SECONDS = HAND_BACK_SECONDS + 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lane:
    """Queues that share a class of resource: so many of their steps at a time in this process."""

    name: str
    queues: tuple[str, ...]
    limit: int


class Worker:
    """Runs until ``stop``, over lost connections and database restarts."""

    def __init__(
        self,
        runner: Runner,
        listener: Listener,
        system_url: str,
        lanes: Sequence[Lane],
        *,
        lease_seconds: float = queue.LEASE_SECONDS,
        scheduler: Scheduler | None = None,
    ) -> None:
        self._runner = runner
        self._listener = listener
        self._url = system_url
        self._lanes = {lane.name: lane for lane in lanes}
        self._scheduler = scheduler
        self._stopping = asyncio.Event()
        self._consumers = {
            lane.name: dispatch.Consumer(
                runner.database.urgent, lane.queues, lane.limit, runner.run, lease_seconds=lease_seconds
            )
            for lane in lanes
        }

    async def run(self) -> None:
        """Until ``stop`` was called and running steps have ended, or were handed back after a while.

        Raises ``TaskDied`` if a part of the worker broke: what ran was handed back, and a new process has to go on.
        """
        lanes = [asyncio.create_task(self._consume(lane)) for lane in self._lanes.values()]
        try:
            async with Background() as background:
                background.begin("The watch for cancelled jobs", self._watch_cancels())
                background.begin("The sweep for lost steps", self._sweep())
                background.begin("The worker's sign of life", self._be_present())
                if self._scheduler is not None:
                    background.begin("The scheduler", self._scheduler.run())
                await background.guard(self._until_drained(lanes))
        finally:
            self.stop()
            self._runner.hand_back_all()
            await asyncio.wait(lanes, timeout=HAND_BACK_SECONDS)
            await end_tasks(*lanes)

    async def _until_drained(self, lanes: "Sequence[asyncio.Task[None]]") -> None:
        await self._stopping.wait()
        await asyncio.wait(lanes, timeout=DRAIN_SECONDS)

    def stop(self) -> None:
        """Take no more steps; let those that run end."""
        self._stopping.set()
        for consumer in self._consumers.values():
            consumer.stop()

    async def _consume(self, lane: Lane) -> None:
        consumer = self._consumers[lane.name]
        while not self._stopping.is_set():
            connection: asyncpg.Connection | None = None
            try:
                connection = await connect(self._url, answer_seconds=DEQUEUE_SECONDS)
                await consumer.consume(connection)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                _log.warning("the queue connection broke, trying again", lane=lane.name, error=str(error))
                await dispatch.wait_stopped(self._stopping, RECONNECT_SECONDS)
            finally:
                if connection is not None:
                    connection.terminate()
        await consumer.drain()

    async def _watch_cancels(self) -> None:
        heard = 0
        while True:
            heard = await self._listener.wait(heard)
            await asyncio.sleep(CANCEL_INTERVAL_SECONDS)
            jobs = self._runner.running_jobs()
            if not jobs:
                continue
            with passing_over("looking for cancelled jobs"):
                for row in await self._runner.database.urgent.fetch(
                    "SELECT id FROM jobs WHERE id = ANY($1) AND cancel_requested_at IS NOT NULL", list(jobs)
                ):
                    self._runner.interrupt(row["id"])

    async def _be_present(self) -> None:
        runner, lanes = self._runner, [(lane.queues, lane.limit) for lane in self._lanes.values()]
        await keep_present(runner.database.system, runner.worker, lanes, runner.team_limit, runner.pace)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_INTERVAL_SECONDS)
            with passing_over("looking for lost steps"):
                adopted = await queue.adopt_orphans(self._runner.database.system)
                if adopted:
                    _log.warning("adopted steps that had no queue entry", count=adopted)
