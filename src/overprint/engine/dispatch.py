"""Dispatch. The one file that knows PgQueuer, which takes a while to load: for workers only."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain import models, types
from pgqueuer.queries import Queries

from overprint.engine.queue import LEASE_SECONDS, WAKE_PAYLOAD, Delivery

POLL_SECONDS = 0.5
# Steps end and begin in bursts: a busy worker looks for more only after this long, and takes several at once.
GATHER_SECONDS = 0.008


class _LeaseQueries(Queries):
    """PgQueuer's statements, narrowed to what a lease needs.

    A worker renews only what it still holds, and keeps no log. Entries are taken out or put back by those who record
    how their step ended; one that is left, because nothing could be recorded, is delivered again when its heartbeat
    has gone stale.
    """

    def __init__(
        self, driver: "_WokenDriver", pool: asyncpg.Pool, holder: UUID, lane: tuple[str, ...], limit: int
    ) -> None:
        super().__init__(driver)
        self._woken = driver
        self._pool = pool
        self.lane = lane
        self._limit = limit
        self._began_at = time.monotonic()
        self._is_exhausted = False
        self.holder = holder
        self.running = 0

    def wake(self) -> None:
        """Something changed in this process: look again."""
        self._woken.wake()

    async def log_jobs(self, job_status: list[Any]) -> None:
        return None

    async def update_heartbeat(self, job_ids: list[Any]) -> None:
        """By the pool: leases outlive the connection that took them. One that is being taken out is not waited for, so
        that this and who takes out several never wait for each other."""
        await self._pool.execute(
            "UPDATE pgqueuer SET heartbeat = now() WHERE id IN (SELECT id FROM pgqueuer"
            " WHERE id = ANY($1::bigint[]) AND queue_manager_id = $2 FOR UPDATE SKIP LOCKED)",
            list(set(job_ids)),
            self.holder,
        )

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[Any, Any],
        queue_manager_id: Any,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[models.Job]:
        """The next entries. A worker that just connected takes nobody's stale ones: after a restart of the database
        all leases look stale until their holders had time to renew them."""
        if self.running > self._limit // 2:
            await asyncio.sleep(GATHER_SECONDS)
        was_woken, self._woken.is_woken = self._woken.is_woken, False
        if self.running >= self._limit or (self._is_exhausted and not was_woken):
            self._is_exhausted = False
            return []
        is_new = time.monotonic() - self._began_at < heartbeat_timeout.total_seconds() / 2
        stale_after = timedelta(days=1) if is_new else heartbeat_timeout
        try:
            jobs = await super().dequeue(batch_size, entrypoints, queue_manager_id, self._limit, stale_after)
        except Exception:
            self._woken.break_off()
            raise
        self._is_exhausted = 0 < len(jobs) < min(batch_size, self._limit - self.running)
        return jobs

    async def eligible_queued_work(self, entrypoints: list[Any]) -> int:
        """Never looked for: a wake-up is only dropped before a dequeue, and postponed entries are found by polling."""
        return 0

    async def next_deferred_eta(self, entrypoints: list[Any]) -> timedelta | None:
        return None

    async def queued_work(self, entrypoints: list[Any]) -> int:
        return 0


class _WokenDriver(AsyncpgDriver):
    """PgQueuer's driver, woken by our own process as well; many wake-ups before a dequeue are one."""

    is_woken = False
    _tell: Callable[[str | bytes | bytearray], None] | None = None

    def __init__(self, connection: asyncpg.Connection) -> None:
        super().__init__(connection)
        self.break_off = connection.terminate  # because a manager that failed waits for its steps before it says so

    async def add_listener(self, channel: str, callback: Callable[[str | bytes | bytearray], None]) -> None:
        self._tell = callback
        await super().add_listener(channel, self._heard)

    def _heard(self, payload: str | bytes | bytearray) -> None:
        if payload == WAKE_PAYLOAD:
            self.wake()
        elif self._tell is not None:
            self._tell(payload)

    def wake(self) -> None:
        if not self.is_woken and self._tell is not None:
            self.is_woken = True
            self._tell(WAKE_PAYLOAD)


class _Executor(AbstractEntrypointExecutor):
    """Hands a delivery to our runner."""

    def __init__(self, run: Callable[[Delivery], Awaitable[None]], queries: _LeaseQueries, name: str) -> None:
        self._run = run
        self._queries = queries
        self.parameters = EntrypointExecutorParameters(
            func=_unused, concurrency_limit=0, accepts_context=False, on_failure="delete"
        )
        self.name = name

    async def execute(self, job: models.Job, context: models.Context) -> None:
        job_id, _, key = (job.payload or b"").decode().partition(":")
        self._queries.running += 1
        try:
            await self._run(Delivery(int(job.id), self._queries.holder, UUID(job_id), key, self._queries.lane))
        finally:
            self._queries.running -= 1
            self._queries.wake()


async def _unused(job: models.Job) -> None:
    raise AssertionError("the executor runs the step itself")


class Consumer:
    """Takes entries of some queues, at most ``limit`` at a time, until told to stop. Leases are renewed by ``pool``.

    It keeps its leases over lost connections: ``consume`` may be called again with a new one while steps that were
    taken by an old one still run.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        queues: Sequence[str],
        limit: int,
        run: Callable[[Delivery], Awaitable[None]],
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._pool = pool
        self._queues = tuple(queues)
        self._limit = limit
        self._run = run
        self._lease_seconds = lease_seconds
        self._holder = uuid.uuid4()
        self._managers: dict[asyncio.Task[None], QueueManager] = {}
        self._stopping = False

    async def consume(self, connection: asyncpg.Connection) -> None:
        """Until ``stop``; raises as soon as the connection breaks, while steps go on running."""
        if self._stopping:
            return
        manager = self._manager(connection)
        managing = asyncio.create_task(self._manage(manager))
        self._managers[managing] = manager
        managing.add_done_callback(self._forget)
        broken = asyncio.Event()
        connection.add_termination_listener(lambda _: broken.set())
        breaking = asyncio.create_task(broken.wait())
        try:
            await asyncio.wait({managing, breaking}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            managing.cancel()
            raise
        finally:
            breaking.cancel()
        if not managing.done():
            raise ConnectionError("the connection of the queue broke")
        managing.result()

    def _manager(self, connection: asyncpg.Connection) -> QueueManager:
        queries = _LeaseQueries(_WokenDriver(connection), self._pool, self._holder, self._queues, self._limit)
        manager = QueueManager(queries)
        manager.queue_manager_id = types.QueueManagerId(self._holder)
        for name in self._queues:
            manager.register_executor(name, _Executor(self._run, queries, name))
        return manager

    async def _manage(self, manager: QueueManager) -> None:
        batch_size = max(1, self._limit // 2)
        await manager.run(
            dequeue_timeout=timedelta(seconds=POLL_SECONDS),
            batch_size=batch_size,
            max_concurrent_tasks=max(2 * batch_size, self._limit),
            heartbeat_timeout=timedelta(seconds=self._lease_seconds),
            log_aggregation_interval=timedelta(0),
            shutdown_on_listener_failure=True,
        )

    def _forget(self, managing: asyncio.Task[None]) -> None:
        self._managers.pop(managing, None)
        if not managing.cancelled():
            managing.exception()  # told by ``consume``, or the broken connection again

    def stop(self) -> None:
        """Take nothing more; ``consume`` returns when what runs has ended."""
        self._stopping = True
        for manager in self._managers.values():
            manager.shutdown.set()

    async def drain(self) -> None:
        """Until no step runs, whichever connection took it. When cancelled, they are too."""
        managing = list(self._managers)
        try:
            if managing:
                await asyncio.wait(managing)
        finally:
            for task in managing:
                task.cancel()


async def wait_stopped(event: asyncio.Event, seconds: float) -> None:
    """Sleep for ``seconds`` or until ``event``."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
