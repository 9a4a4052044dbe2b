"""The web process or a worker of a paid chaos run: a real house in which people pay, with its own pipeline."""

import asyncio
import contextlib
import dataclasses
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import APIRouter

from overprint.core.codec import encode
from overprint.core.files import FileKind, StoredFile
from overprint.core.problems import Invalid
from overprint.engine import graph
from overprint.engine.context import StepContext
from overprint.engine.pipeline import Pipeline, Registry, StepKind
from overprint.engine.recipe import all_of
from overprint.engine.spec import Queue, StepSpec
from overprint.features.billing import Prices, Quotes, pricing
from overprint.features.billing.rules.prices import PriceList, Tier
from overprint.features.jobs import Jobs
from overprint.http.responses import IdempotencyKey, In
from overprint.http.scope import InScope
from overprint.observe import logs
from overprint.wiring import DatabaseAddress, House, lift_pauses, open_house, worker_of
from overprint.wiring.web import web_app
from tests.support.journal import Journal
from tests.support.opening import until_there
from tests.support.paid_chaos_orders import END_CREDITS, KIND, PART_CREDITS, Order, Orders, order_of

HOST = "127.0.0.1"
# Beginning is free, a part has a price, so has the whole.
PRICES = Prices(
    {
        1: PriceList(
            1,
            {"paid.part@1": dict.fromkeys(Tier, PART_CREDITS), "paid.end@1": dict.fromkeys(Tier, END_CREDITS)},
        )
    }
)


@dataclass(frozen=True)
class Part:
    name: str
    fails: bool = False
    is_empty: bool = False


@dataclass(frozen=True)
class Made:
    """``file`` is None where nothing was delivered."""

    file: StoredFile | None


@dataclass(frozen=True)
class Whole:
    parts: dict[str, Made]


def pipeline(journal: Journal, body_seconds: float) -> Pipeline:
    """``begin`` is free and adds parts, each with a file; ``end`` joins what could be made."""

    def ran(context: StepContext) -> None:
        journal.write("body", f"{context.claim.job.id}:{context.claim.key}")

    async def begin(context: StepContext, order: Order) -> Order:
        ran(context)
        return order

    async def part(context: StepContext, part: Part) -> Made:
        ran(context)
        await asyncio.sleep(body_seconds)
        if part.fails:
            raise Invalid("This part cannot be made.")
        if part.is_empty:
            return Made(None)
        return Made(
            await context.save(
                part.name.encode(), media_type="text/plain", kind=FileKind.OTHER, name=part.name, folder="parts"
            )
        )

    async def end(context: StepContext, whole: Whole) -> Made:
        ran(context)
        text = " ".join(made.file.name for made in whole.parts.values() if made.file).encode()
        return Made(
            await context.save(text, media_type="text/plain", kind=FileKind.OTHER, name="whole", folder="whole")
        )

    def plan(order: Order) -> Sequence[StepSpec]:
        return (
            StepSpec("begin", "paid.begin@1", "Begin", encode(order)),
            StepSpec("end", "paid.end@1", "End", {"parts": all_of("part/")}, needs=("begin",)),
        )

    def parts(order: Order, need: Order, made: Order) -> Sequence[StepSpec]:
        return [
            StepSpec(
                f"part/{n}",
                "paid.part@1",
                f"Part {n}",
                encode(Part(f"{made.name}, part {n}", n in made.fails, n in made.empty)),
                needs=("begin",),
                feeds=("end",),
            )
            for n in range(made.width)
        ]

    return Pipeline(
        KIND,
        Order,
        plan,
        (
            StepKind("paid.begin@1", Order, Order, begin, Queue.TEXT, expand=parts, adds=("paid.part@1",)),
            StepKind("paid.part@1", Part, Made, part, Queue.IMAGE),
            StepKind("paid.end@1", Whole, Made, end, Queue.LAYOUT),
        ),
        lambda order: {"paid.begin@1": 1, "paid.part@1": order.width, "paid.end@1": 1},
    )


class JobIn(In):
    number: int


@contextlib.asynccontextmanager
async def opened(orders: Orders) -> AsyncIterator[House]:
    """The house, with this pipeline and its prices in place of the products'."""
    settings = orders.settings()
    address = DatabaseAddress(orders.app_url, orders.system_url)
    async with contextlib.AsyncExitStack() as stack:
        house = await until_there(lambda: stack.enter_async_context(open_house(settings, address)))
        made = pipeline(Journal(Path(orders.journal)), orders.body_seconds)
        rules = graph.Rules(Registry.of(made), house.rules.participants, {}, pricing(PRICES))
        quotes = Quotes(rules, PRICES)
        jobs = Jobs(rules, house.poker.poke, quotes, house.billing.plans)
        billing = dataclasses.replace(house.billing, quotes=quotes)
        yield dataclasses.replace(house, rules=rules, jobs=jobs, billing=billing)


async def work(orders: Orders) -> None:
    """Until killed."""
    async with opened(orders) as house:
        await lift_pauses(house)
        await house.background.guard(worker_of(house, lease_seconds=orders.lease_seconds).run())


async def serve(orders: Orders) -> None:
    """Until killed: the whole house, and a way to begin the jobs of this run."""
    async with opened(orders) as house:
        api = APIRouter(prefix="/api/chaos")

        @api.post("/jobs", status_code=202)
        async def begin(scope: InScope, wanted: JobIn, idempotency_key: IdempotencyKey = None) -> dict[str, Any]:
            order = encode(order_of(wanted.number, orders.teams))
            await house.jobs.submit(
                scope.transaction, scope.principal, KIND, order, idempotency_key=idempotency_key, title=str(order)
            )
            return {}

        app = web_app(house)
        app.include_router(api)
        config = uvicorn.Config(app, host=HOST, port=orders.port, log_config=None)
        await uvicorn.Server(config).serve()


def main() -> None:
    logs.configure("WARNING", "json")
    orders = Orders.of(sys.argv[1])
    asyncio.run((serve if orders.role == "web" else work)(orders))


if __name__ == "__main__":
    main()
