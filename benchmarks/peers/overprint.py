"""Overprint's engine, as a contestant."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.engine import NO_PORTS

from benchmarks.peers.contest import Address, spawn
from overprint.core.codec import encode
from overprint.core.ids import new_id
from overprint.db.database import Database, open_database
from overprint.engine import graph, queue
from overprint.engine.context import StepContext
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import Pipeline, Registry, StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.runner import Runner
from overprint.engine.signals import Listener, Poker
from overprint.engine.spec import Queue, StepSpec
from overprint.engine.worker import Lane, Worker


@dataclass(frozen=True)
class Order:
    name: str
    steps: int
    seconds: float


@dataclass(frozen=True)
class Link:
    name: str
    seconds: float
    before: str | None = None


@dataclass(frozen=True)
class Done:
    text: str


async def _body(context: StepContext, link: Link) -> Done:
    await asyncio.sleep(link.seconds)
    return Done(link.name)


def _plan(order: Order) -> Sequence[StepSpec]:
    return [
        StepSpec(
            f"step/{n:04}",
            "bench.step@1",
            f"Step {n}",
            {
                "name": f"{order.name}-{n}",
                "seconds": order.seconds,
                "before": ref(f"step/{n - 1:04}", "/text") if n else None,
            },
        )
        for n in range(order.steps)
    ]


PIPELINE = Pipeline("bench.make@1", Order, _plan, (StepKind("bench.step@1", Link, Done, _body, Queue.TEXT),))


@dataclass(frozen=True)
class Spread:
    """One step that ``width`` others need a part of, and one that needs all of these."""

    name: str
    width: int


@dataclass(frozen=True)
class Parts:
    parts: dict[str, str]


@dataclass(frozen=True)
class Gathered:
    leaves: dict[str, Done]


async def _spread(context: StepContext, spread: Spread) -> Parts:
    return Parts({str(n): f"{spread.name}-{n}" for n in range(spread.width)})


async def _gather(context: StepContext, gathered: Gathered) -> Done:
    return Done(f"{len(gathered.leaves)} leaves")


def _plan_wide(spread: Spread) -> Sequence[StepSpec]:
    root = StepSpec("root", "bench.root@1", "Spread", encode(spread))
    leaves = [
        StepSpec(f"leaf/{n}", "bench.step@1", f"Leaf {n}", {"name": ref("root", f"/parts/{n}"), "seconds": 0.0})
        for n in range(spread.width)
    ]
    needs = tuple(leaf.key for leaf in leaves)
    return [root, *leaves, StepSpec("join", "bench.join@1", "Gather", {"leaves": all_of("leaf/")}, needs=needs)]


WIDE = Pipeline(
    "bench.wide@1",
    Spread,
    _plan_wide,
    (
        StepKind("bench.root@1", Spread, Parts, _spread, Queue.TEXT),
        *PIPELINE.steps,
        StepKind("bench.join@1", Gathered, Done, _gather, Queue.TEXT),
    ),
)
RULES = graph.Rules(Registry.of(PIPELINE, WIDE), ())


class Overprint:
    """Ours."""

    name = "Overprint"

    async def prepare(self, address: Address, folder: Path) -> None:
        self._address, self._log = address, folder / "overprint.log"
        self._stack = contextlib.AsyncExitStack()
        self._database, self._poker = await self._stack.enter_async_context(_opened(address.app, address.system))
        self._team_id = new_id()
        self._jobs: list[JobInfo] = []
        await self._database.system.execute(
            "INSERT INTO teams (id, name, slug) VALUES ($1, 'Bench', 'bench')", self._team_id
        )

    def start(self) -> subprocess.Popen[bytes]:
        return spawn("benchmarks.peers.overprint", [self._address.app, self._address.system, "16"], self._log)

    async def submit(self, pipelines: int, steps: int, seconds: float = 0.0) -> None:
        for _ in range(pipelines):
            await self._submit(PIPELINE, Order(str(new_id()), steps, seconds))

    async def submit_wide(self, name: str, width: int) -> None:
        """A job that fans out and in; of the same name and width, it reuses all."""
        await self._submit(WIDE, Spread(name, width))

    async def _submit(self, pipeline: Pipeline, request: Order | Spread) -> None:
        job = JobInfo(new_id(), self._team_id, pipeline.kind, new_id(), None, encode(request), None)
        async with self._database.transaction(self._team_id) as transaction:
            await graph.submit(transaction, RULES, job)
            transaction.after_commit(self._poker.poke)
        self._jobs.append(job)

    async def ended(self) -> int:
        return int(await self._database.system.fetchval("SELECT count(*) FROM jobs WHERE ended_at IS NOT NULL"))

    async def server_pid(self) -> int:
        """Of the process whose children serve connections."""
        backend = await self._database.system.fetchval("SELECT pg_backend_pid()")
        return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])

    async def begun_at(self) -> list[float]:
        rows = await self._database.system.fetch(
            "SELECT extract(epoch FROM at)::float AS at FROM events"
            " WHERE type = 'step.started' AND data ->> 'key' = 'step/0000' ORDER BY at"
        )
        return [row["at"] for row in rows]

    async def cancel_all(self) -> None:
        for job in self._jobs:
            async with self._database.transaction(self._team_id) as transaction:
                await graph.cancel(transaction, RULES, job.id)
                transaction.after_commit(self._poker.poke)

    async def aclose(self) -> None:
        await self._stack.aclose()


@contextlib.asynccontextmanager
async def _opened(app_url: str, system_url: str) -> AsyncIterator[tuple[Database, Poker]]:
    database = await open_database(app_url, system_url)
    poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
    poking = asyncio.create_task(poker.run())
    try:
        yield database, poker
    finally:
        poking.cancel()
        await database.aclose()


async def work(app_url: str, system_url: str, at_once: int) -> None:
    """Until killed."""
    async with _opened(app_url, system_url) as (database, poker):
        listener = Listener(system_url)
        runner = Runner(database, RULES, NO_PORTS, "bench", poker.poke, team_limit=1000)
        lanes = [Lane("all", tuple(str(name) for name in Queue), at_once)]
        worker = Worker(runner, listener, system_url, lanes)
        await asyncio.gather(listener.run(), worker.run())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], int(sys.argv[3])))
