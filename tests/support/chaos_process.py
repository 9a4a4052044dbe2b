"""One process of a chaos run: a worker, the web process or the submitter. Made to be killed at any moment."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from overprint.core.clock import SystemClock
from overprint.core.codec import encode
from overprint.db.database import Database, open_database
from overprint.engine import graph, queue
from overprint.engine.context import StepContext
from overprint.engine.events import Hub
from overprint.engine.limits import ProviderLimits
from overprint.engine.pipeline import Pipeline, Registry, StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.runner import Runner
from overprint.engine.signals import Listener, Poker
from overprint.engine.spec import Queue, StepSpec
from overprint.engine.worker import Lane, Worker
from overprint.features.billing import OWN, BillingProjection, Plans, Prices, Quotes, pricing
from overprint.features.billing.rules.prices import PriceList, Tier
from overprint.features.jobs import Jobs
from tests.support import chaos_client, chaos_web
from tests.support.chaos import Orders
from tests.support.journal import Journal
from tests.support.opening import until_there
from tests.support.paid import ask, paid_ports, quick

SUBMIT_INTERVAL_SECONDS = 0.01
LINGER_SECONDS = 0.2


@dataclass(frozen=True)
class Order:
    name: str
    width: int


@dataclass(frozen=True)
class Part:
    name: str
    before: str | None = None
    is_paid: bool = False


@dataclass(frozen=True)
class Piece:
    text: str


@dataclass(frozen=True)
class Whole:
    parts: dict[str, Piece]


def pipeline(journal: Journal, body_seconds: float) -> Pipeline:
    """``begin`` answers how many parts; of three, two need the one before; every second is paid; ``end`` joins."""

    def ran(context: StepContext) -> None:
        journal.write("body", f"{context.claim.job.id}:{context.claim.key}")

    async def begin(context: StepContext, order: Order) -> Order:
        ran(context)
        return order

    async def part(context: StepContext, part: Part) -> Piece:
        ran(context)
        await context.progress(0.5, "half way")
        await asyncio.sleep(body_seconds)
        words = (await ask(context, part.name)).text if part.is_paid else part.name
        return Piece(f"{part.before or ''}{words}")

    async def end(context: StepContext, whole: Whole) -> Piece:
        ran(context)
        return Piece(" ".join(piece.text for piece in whole.parts.values()))

    def plan(order: Order) -> Sequence[StepSpec]:
        return (
            StepSpec("begin", "chaos.begin@1", "Begin", encode(order)),
            StepSpec("end", "chaos.end@1", "End", {"parts": all_of("part/")}, needs=("begin",)),
        )

    def parts(order: Order, need: Order, made: Order) -> Sequence[StepSpec]:
        return [
            StepSpec(
                f"part/{n}",
                "chaos.part@1",
                f"Part {n}",
                {
                    "name": f"{made.name}-{n}",
                    "before": ref(f"part/{n - 1}", "/text") if n % 3 else None,
                    "is_paid": n % 2 == 0,
                },
                needs=("begin",),
                feeds=("end",),
            )
            for n in range(made.width)
        ]

    return Pipeline(
        "chaos.make@1",
        Order,
        plan,
        (
            StepKind("chaos.begin@1", Order, Order, begin, Queue.TEXT, expand=parts, adds=("chaos.part@1",)),
            StepKind("chaos.part@1", Part, Piece, part, Queue.IMAGE, ports=("text",)),
            StepKind("chaos.end@1", Whole, Piece, end, Queue.LAYOUT),
        ),
        lambda order: {"chaos.begin@1": 1, "chaos.part@1": order.width, "chaos.end@1": 1},
    )


# Whatever is delivered costs a credit, so that each step is captured exactly once.
PRICES = Prices({1: PriceList(1, {f"chaos.{name}@1": dict.fromkeys(Tier, 1) for name in ("begin", "part", "end")})})


async def work(orders: Orders) -> None:
    """Until killed."""
    async with _opened(orders) as (database, rules, poker):
        text = quick(Journal(Path(orders.journal)), orders.plan.body_seconds)
        bounds = {"text": ProviderLimits(per_second=10_000, burst=1000, at_once=8)}
        listener = Listener(orders.system_url)
        runner = Runner(
            database, rules, paid_ports(text), orders.role, poker.poke, team_limit=64, provider_limits=bounds
        )
        lanes = [Lane("all", tuple(str(name) for name in Queue), 8)]
        worker = Worker(runner, listener, orders.system_url, lanes, lease_seconds=orders.plan.lease_seconds)
        await asyncio.gather(listener.run(), worker.run())


async def submit(orders: Orders) -> None:
    """Submit all jobs; one that is there already, because we were killed after its commit, is not made twice."""
    async with chaos_client.client(orders.port) as http:
        for number in range(orders.plan.jobs):
            await chaos_client.submit(http, f"job-{number}", orders.plan.steps - 2)
            await asyncio.sleep(SUBMIT_INTERVAL_SECONDS)
        await asyncio.sleep(LINGER_SECONDS)


async def serve(orders: Orders) -> None:
    """Until killed."""
    async with _opened(orders) as (database, rules, poker):
        listener = Listener(orders.system_url)
        hub = Hub(database.system, listener)
        jobs = Jobs(rules, poker.poke, Quotes(rules, PRICES), Plans(SystemClock(), database.system, OWN))
        await asyncio.gather(
            listener.run(), hub.run(), chaos_web.serve(database, jobs, hub, UUID(orders.team_id), orders.port)
        )


@contextlib.asynccontextmanager
async def _opened(orders: Orders) -> AsyncIterator[tuple[Database, graph.Rules, Poker]]:
    journal = Journal(Path(orders.journal))
    database = await until_there(lambda: open_database(orders.app_url, orders.system_url))
    text = quick(journal)
    registry = Registry.of(pipeline(journal, orders.plan.body_seconds))
    billing = BillingProjection(SystemClock(), OWN)
    rules = graph.Rules(registry, (billing,), {"text": text.provider}, pricing(PRICES))
    poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
    poking = asyncio.create_task(poker.run())
    try:
        yield database, rules, poker
    finally:
        poking.cancel()
        await database.aclose()


def main() -> None:
    orders = Orders.of(sys.argv[1])
    asyncio.run({"submitter": submit, "web": serve}.get(orders.role, work)(orders))


if __name__ == "__main__":
    main()
