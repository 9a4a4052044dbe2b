"""An engine to test: a worker over a real database, with a pipeline of the test's choice."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.core.codec import encode
from overprint.core.ids import new_id
from overprint.core.tasks import end_tasks
from overprint.db.database import Database
from overprint.engine import graph, limits, queue
from overprint.engine.context import Ports
from overprint.engine.events import Event, Hub, read_events
from overprint.engine.job import JOB_ENDED, JobState
from overprint.engine.participants import JobInfo, Participants
from overprint.engine.pipeline import Pipeline, Registry
from overprint.engine.runner import Runner
from overprint.engine.signals import Listener, Poker
from overprint.engine.spec import Queue, StepSpec
from overprint.engine.worker import TIDY_SECONDS, Lane, Worker
from overprint.ports.provider import Provider

PATIENCE_SECONDS = 60.0
NO_PORTS = Ports(None, None, None, None, None)  # type: ignore[arg-type]  # for steps that ask nobody
LEASE_SECONDS = 2.0


@dataclass
class Engine:
    """Submits jobs and waits for them."""

    database: Database
    rules: graph.Rules
    team_id: UUID
    poker: Poker
    listener: Listener
    hub: Hub
    system_url: str
    ports: Ports

    async def submit(
        self, request: Any, *, lineage: UUID | None = None, project_id: UUID | None = None, **options: Any
    ) -> JobInfo:
        """``request`` is the dataclass of the only pipeline."""
        kind = next(iter(self.rules.registry.pipelines))
        job = JobInfo(new_id(), self.team_id, kind, lineage or new_id(), project_id, encode(request), None)
        async with self.database.transaction(self.team_id) as transaction:
            await graph.submit(transaction, self.rules, job, **options)
            transaction.after_commit(self.poker.poke)
        return job

    async def cancel(self, job: JobInfo) -> None:
        async with self.database.transaction(self.team_id) as transaction:
            await graph.cancel(transaction, self.rules, job.id)
            transaction.after_commit(self.poker.poke)

    async def ended(self, job: JobInfo, seconds: float = PATIENCE_SECONDS) -> JobState:
        """The state that the job ends in."""
        async with asyncio.timeout(seconds):
            while (state := await self.state(job)) not in JOB_ENDED:
                await asyncio.sleep(0.02)
        return state

    async def state(self, job: JobInfo) -> JobState:
        return JobState(await self.database.system.fetchval("SELECT state FROM jobs WHERE id = $1", job.id))

    async def steps(self, job: JobInfo) -> dict[str, dict[str, Any]]:
        rows = await self.database.system.fetch("SELECT * FROM steps WHERE job_id = $1", job.id)
        return {row["key"]: dict(row) for row in rows}

    async def events(self, job: JobInfo) -> list[Event]:
        return await read_events(self.database.system, job.id, 0)

    async def until(self, job: JobInfo, key: str, state: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Until a step is in a state."""
        async with asyncio.timeout(seconds):
            while (await self.steps(job)).get(key, {}).get("state") != state:
                await asyncio.sleep(0.02)

    async def lose_lease(self, job: JobInfo, key: str) -> None:
        """As if the worker that holds the step had died a while ago."""
        await self.database.system.execute(
            "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(),"
            " heartbeat = now() - interval '1 h' WHERE dedupe_key = $1",
            f"{job.id}:{key}",
        )

    @asynccontextmanager
    async def worker(
        self,
        name: str = "worker",
        limit: int = 8,
        provider_limits: Mapping[str, limits.ProviderLimits] | None = None,
        waits_while_paused: bool = True,
    ) -> AsyncIterator[Runner]:
        """A worker in this process while the block runs."""
        runner = Runner(
            self.database,
            self.rules,
            self.ports,
            name,
            self.poker.poke,
            provider_limits=provider_limits or {},
            retry_base_seconds=0.05,
            waits_while_paused=waits_while_paused,
        )
        queues = tuple(str(name) for name in Queue)
        lanes = [Lane("all", queues, limit)]
        worker = Worker(runner, self.listener, self.system_url, lanes, lease_seconds=LEASE_SECONDS)
        task = asyncio.create_task(worker.run())
        try:
            yield runner
        finally:
            worker.stop()
            await end_tasks(task, again_seconds=TIDY_SECONDS)


@asynccontextmanager
async def open_engine(
    database: Database,
    system_url: str,
    pipeline: Pipeline,
    *,
    participants: Participants = (),
    ports: Ports | None = None,
    providers: Mapping[str, Provider] | None = None,
    price: Callable[[JobInfo, StepSpec], int] = graph.free_of_charge,
    also: Sequence[Pipeline] = (),
    team_id: UUID | None = None,
) -> AsyncIterator[Engine]:
    """An engine for ``pipeline``, and those it runs ``also``, with a team of its own unless one is there."""
    if team_id is None:
        team_id = new_id()
        await database.system.execute(
            "INSERT INTO teams (id, name, slug) VALUES ($1, 'Test', $2)", team_id, str(team_id)
        )
    known = providers if providers is not None else (ports.providers() if ports else {})
    rules = graph.Rules(Registry.of(pipeline, *also), participants, known, price)
    poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
    listener = Listener(system_url)
    hub = Hub(database.system, listener)
    tasks = [asyncio.create_task(work) for work in (poker.run(), listener.run(), hub.run())]
    try:
        yield Engine(database, rules, team_id, poker, listener, hub, system_url, ports or NO_PORTS)
    finally:
        await end_tasks(*tasks)
