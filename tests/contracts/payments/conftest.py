"""Both providers behind one set of handles: what people do there, and what is told of it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import pytest
import uvicorn

from overprint.adapters.payments.stripe import StripePayments
from overprint.adapters.payments.till import Till
from overprint.db.database import Database
from overprint.ports.payments import Means, PaymentsPort
from tests.contracts.payments.stripe_server import KEY, MONTH, SECRET, StripeServer
from tests.support.clock import SetClock


class World(Protocol):
    """A provider, seen from both sides."""

    @property
    def port(self) -> PaymentsPort: ...

    @property
    def clock(self) -> SetClock: ...

    async def pay(self, checkout_id: str) -> None: ...

    async def send(self, checkout_id: str, *, pays: bool) -> None:
        """Pay by bank, which will pay it, or will not."""
        ...

    async def bank_decides(self, checkout_id: str) -> None: ...

    async def decline_from_now_on(self, customer_id: str) -> None: ...

    async def give_card(self, customer_id: str) -> None: ...

    async def end_at_period_end(self, subscription_id: str) -> None: ...

    async def a_month_passes(self, subscription_id: str) -> None: ...

    async def refund(self, payment_id: str, cents: int) -> None: ...

    async def dispute(self, payment_id: str, cents: int) -> None: ...

    async def close_dispute(self, payment_id: str, *, is_won: bool) -> None: ...

    async def messages(self) -> list[tuple[bytes, str]]: ...


@dataclass
class TillWorld:
    port: Till
    clock: SetClock

    async def pay(self, checkout_id: str) -> None:
        await self.port.pay(checkout_id)

    async def send(self, checkout_id: str, *, pays: bool) -> None:
        await self.port.pay(checkout_id, by=Means.BANK if pays else Means.REFUSING_BANK)

    async def bank_decides(self, checkout_id: str) -> None:
        await self.port.decide(checkout_id)

    async def decline_from_now_on(self, customer_id: str) -> None:
        await self.port.change_card(customer_id, declines=True)

    async def give_card(self, customer_id: str) -> None:
        await self.port.change_card(customer_id, declines=False)

    async def end_at_period_end(self, subscription_id: str) -> None:
        await self.port.end_at_period_end(subscription_id, ends=True)

    async def a_month_passes(self, subscription_id: str) -> None:
        self.clock.ahead += timedelta(seconds=MONTH + 60)
        await self.port.advance()

    async def refund(self, payment_id: str, cents: int) -> None:
        await self.port.give_back(payment_id, cents)

    async def dispute(self, payment_id: str, cents: int) -> None:
        await self.port.dispute(payment_id, cents)

    async def close_dispute(self, payment_id: str, *, is_won: bool) -> None:
        await self.port.close_dispute(payment_id, is_won=is_won)

    async def messages(self) -> list[tuple[bytes, str]]:
        told = list(await self.port.take_messages())
        for body, _ in told:
            await self.port.told(body)
        return told


@dataclass
class StripeWorld:
    port: StripePayments
    clock: SetClock
    server: StripeServer
    base_url: str
    refusing: set[str] = field(default_factory=set)

    async def pay(self, checkout_id: str) -> None:
        self.server.pay(checkout_id)

    async def send(self, checkout_id: str, *, pays: bool) -> None:
        self.refusing |= set() if pays else {checkout_id}
        self.server.send(checkout_id)

    async def bank_decides(self, checkout_id: str) -> None:
        self.server.decide(checkout_id, pays=checkout_id not in self.refusing)

    async def decline_from_now_on(self, customer_id: str) -> None:
        self.server.declines.add(customer_id)

    async def give_card(self, customer_id: str) -> None:
        self.server.cards.add(customer_id)
        self.server.declines.discard(customer_id)

    async def end_at_period_end(self, subscription_id: str) -> None:
        self.server.end_at_period_end(subscription_id)

    async def a_month_passes(self, subscription_id: str) -> None:
        self.clock.ahead += timedelta(seconds=MONTH + 60)
        self.server.renew(subscription_id)

    async def refund(self, payment_id: str, cents: int) -> None:
        self.server.refund(payment_id, cents)

    async def dispute(self, payment_id: str, cents: int) -> None:
        self.server.dispute(payment_id, cents)

    async def close_dispute(self, payment_id: str, *, is_won: bool) -> None:
        self.server.close_dispute(payment_id, is_won=is_won)

    async def messages(self) -> list[tuple[bytes, str]]:
        return self.server.messages()


@asynccontextmanager
async def stripe_world() -> AsyncIterator[StripeWorld]:
    clock = SetClock()
    stripe = StripeServer(clock)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(stripe.app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield StripeWorld(StripePayments(KEY, [SECRET], clock, base_url=base_url), clock, stripe, base_url)
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(params=["embedded", "stripe"])
async def world(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[World]:
    if request.param == "embedded":
        clock = SetClock()
        yield TillWorld(Till(database.system, clock, "s" * 40, "http://localhost", timedelta(days=99)), clock)
    else:
        async with stripe_world() as opened:
            yield opened


@pytest.fixture
async def stripe() -> AsyncIterator[StripeWorld]:
    async with stripe_world() as opened:
        yield opened
