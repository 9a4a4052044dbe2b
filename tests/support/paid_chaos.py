"""People pay for jobs while kill -9 strikes the processes that serve them and the news of their payments goes astray.

The house is real and open to anybody: its database, web process, workers, and a submitter, each killed at random. The
provider is the stand-in for Stripe of the contract tests, and what it tells is brought late, again, in another order,
under new ids, and forged. ``tests.support.paid_examination`` says afterwards whether the books are right.
"""

import asyncio
import dataclasses
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from overprint.core.tasks import end_tasks
from overprint.db.database import is_passing
from overprint.db.embedded import Lease
from overprint.features.billing.store import invoices
from overprint.wiring import DatabaseAddress, open_house
from tests.support.chaos_client import AGAIN_SECONDS, client
from tests.support.clock import SetClock
from tests.support.command_line import free_port
from tests.support.journal import Journal
from tests.support.killing import Fallen, Kill, Victims
from tests.support.paid_chaos_orders import PACK, Orders, buy
from tests.support.paid_chaos_town import STRIPE, Courier, Provider, open_provider, settle_in
from tests.support.paid_examination import examine

SETTLING_ROUNDS_MAX = 50


@dataclass(frozen=True)
class PaidPlan:
    """How much, how violent; ``news_seconds`` is how late news of payments may come."""

    jobs: int = 30
    teams: int = 2
    workers: int = 1
    seed: int = 1
    worker_kills: int = 1
    submitter_kills: int = 1
    web_kills: int = 1
    database_kills: int = 1
    kill_interval_seconds: float = 0.5
    limit_seconds: float = 300.0
    lease_seconds: float = 2.0
    body_seconds: float = 0.02
    news_seconds: float = 1.0


@dataclass
class PaidOutcome:
    """What came of it. ``violations`` is empty when every promise was kept."""

    seconds: float = 0.0
    kills: list[Kill] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    bodies: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


class PaidChaos:
    """One run: ``await PaidChaos(...).run()``. Whatever it started is stopped when it returns."""

    def __init__(self, lease: Lease, folder: Path, plan: PaidPlan) -> None:
        self._lease = lease
        self._plan = plan
        self._chance = random.Random(plan.seed)
        self._journal = Journal(folder / "journal")
        port = free_port()
        variables = {
            "OVERPRINT_ACCOUNTS": "open",
            "OVERPRINT_WEB_PORT": str(port),
            "OVERPRINT_WEB_REQUESTS_PER_MINUTE": "1000000",
            "OVERPRINT_WEB_ADDRESS_REQUESTS_PER_MINUTE": "1000000",
            **STRIPE,
        }
        self._orders = Orders(
            "",
            lease.urls.app,
            lease.urls.system,
            str(folder / "data"),
            str(folder / "journal"),
            "",
            port,
            variables,
            (),
            plan.teams,
            plan.jobs,
            plan.lease_seconds,
            plan.body_seconds,
        )
        self._victims = Victims(lease, folder, self._command, self._chance)

    async def run(self) -> PaidOutcome:
        began = time.monotonic()
        outcome = PaidOutcome()
        async with open_provider() as (provider, url):
            self._orders = dataclasses.replace(
                self._orders,
                stripe_url=url,
                variables={**self._orders.variables, "OVERPRINT_PAYMENTS_BASE_URL": url},
            )
            courier = Courier(provider, self._orders.port, self._chance, self._plan.news_seconds)
            try:
                async with asyncio.timeout(self._plan.limit_seconds):
                    await self._play(provider, courier)
            except* Fallen:
                pass  # told by name
            except* TimeoutError:
                outcome.violations.append("it did not come to an end in time")  # what is unfinished is told, too
            finally:
                self._victims.stop_all()
            await asyncio.to_thread(self._lease.ensure)
            await self._settle(provider)
            outcome.violations += [*self._victims.fallen, *courier.faults]
            outcome.counts, wrong = await examine(self._lease.urls, provider, self._plan.jobs, self._plan.teams)
            outcome.violations += wrong
        outcome.kills, outcome.told = self._victims.kills, courier.told
        outcome.bodies = len(self._journal.read("body"))
        outcome.seconds = time.monotonic() - began
        return outcome

    def _command(self, name: str) -> tuple[str, ...]:
        part = "submitter" if name == "submitter" else "process"
        return "-m", f"tests.support.paid_chaos_{part}", self._orders.as_argument(name)

    async def _play(self, provider: Provider, courier: Courier) -> None:
        """People come, buy and work, while processes die; until all jobs have ended and all news has arrived."""
        self._victims.start("web")
        for number in range(self._plan.workers):
            self._victims.start(f"worker-{number}")
        keys = await settle_in(self._orders.port, self._lease.urls.superuser, self._plan.teams)
        self._orders = dataclasses.replace(self._orders, keys=keys)
        self._victims.start("submitter")
        async with client(self._orders.port) as http:
            async with asyncio.TaskGroup() as always:
                going_on = [
                    always.create_task(work) for work in (courier.run(), self._victims.watch(), self._cancel_some(http))
                ]
                async with asyncio.TaskGroup() as acts:
                    acts.create_task(self._harm())
                    acts.create_task(self._buy_plans(http, provider))
                    acts.create_task(self._until_all_ended())
                self._end_some(provider)
                await courier.finish()
                await end_tasks(*going_on)

    async def _harm(self) -> None:
        plan = self._plan
        victims = (
            ["worker"] * plan.worker_kills
            + ["submitter"] * plan.submitter_kills
            + ["web"] * plan.web_kills
            + ["database"] * plan.database_kills
        )
        await self._victims.kill_all(victims, plan.kill_interval_seconds)

    async def _buy_plans(self, http: httpx.AsyncClient, provider: Provider) -> None:
        """Each team subscribes and buys a pack; every second one's month is over soon and is paid again."""
        for number, key in enumerate(self._orders.keys):
            for what in ({"plan": "pro"}, {"pack": PACK}):
                headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"{next(iter(what))}-of-{number}"}
                while not await self._paid(http, headers, what):
                    await asyncio.sleep(AGAIN_SECONDS)
        for number, subscription in enumerate(provider.of_kind("subscription")):
            if number % 2 == 0:
                await asyncio.sleep(self._chance.uniform(0, self._plan.news_seconds))
                provider.renew(subscription["id"])
        for pack in _packs(provider):
            provider.refund(pack["payment_intent"], pack["amount_total"] // 3)

    async def _paid(self, http: httpx.AsyncClient, headers: dict[str, str], what: dict[str, str]) -> bool:
        with suppress(httpx.TransportError):
            return await buy(http, self._orders.stripe_url, headers, **what)
        return False

    def _end_some(self, provider: Provider) -> None:
        """Banks decide, one team's subscription ends, and of every second pack the rest is given back."""
        for page in list(provider.deciding):
            provider.let_decide(page)
        subscription = provider.of_kind("subscription")[0]
        provider.end_at_period_end(subscription["id"])
        provider.renew(subscription["id"])
        for pack in _packs(provider)[::2]:
            provider.refund(pack["payment_intent"], pack["amount_total"] - pack["amount_total"] // 3)

    async def _cancel_some(self, http: httpx.AsyncClient) -> None:
        """Now and then somebody does not want it any more."""
        while True:
            await asyncio.sleep(2 * self._plan.kill_interval_seconds)
            with suppress(httpx.HTTPError, KeyError):
                headers = {"Authorization": f"Bearer {self._chance.choice(self._orders.keys)}"}
                going = (await http.get("/api/jobs", params={"state": "running"}, headers=headers)).json()["items"]
                for job in going[:1]:
                    await http.post(f"/api/jobs/{job['id']}/cancel", headers=headers)

    async def _until_all_ended(self) -> None:
        while await self._ended() < self._plan.jobs:
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ended(self) -> int:
        """How many jobs have; none while the database is away."""
        try:
            connection = await asyncpg.connect(self._lease.urls.superuser, timeout=5)
            try:
                return int(await connection.fetchval("SELECT count(*) FROM jobs WHERE ended_at IS NOT NULL"))
            finally:
                connection.terminate()
        except Exception as error:
            if not is_passing(error):
                raise
            return 0

    async def _settle(self, provider: Provider) -> None:
        """What a dead process had taken is acted on once its time is over: a clock is moved there, nobody waits."""
        settings = self._orders.settings()
        clock, address = SetClock(), DatabaseAddress(self._orders.app_url, self._orders.system_url)
        async with open_house(settings, address) as house:
            payments = house.billing.payments
            payments = dataclasses.replace(payments, books=dataclasses.replace(payments.books, clock=clock))
            for _ in range(SETTLING_ROUNDS_MAX):
                await payments.process()
                if not await house.database.system.fetchval("SELECT count(*) FROM payment_events WHERE due_at > now()"):
                    break
                clock.ahead += timedelta(minutes=6)
            for payment_id in await invoices.list_collectable(house.database.system, payments.port.name):
                await payments.settling.payment(payment_id)


def _packs(provider: Provider) -> list[dict[str, Any]]:
    """The first that were paid by card."""
    sent = provider.sent
    paid = [one for one in provider.of_kind("checkout.session") if one["payment_intent"] and one["id"] not in sent]
    return paid[:4]
