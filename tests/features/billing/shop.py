"""A team that buys, the till it buys at, and the messages between them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from overprint.adapters.payments.till import Till
from overprint.features.billing import Payments, Trials
from overprint.features.billing.rules.paying import Way
from overprint.features.billing.service.payments import Opened
from tests.features.billing.team import Team

FREE, PRO, LARGE = 300, 3000, 10000


def trials_of(team: Team) -> Trials:
    return Trials(team.database, team.clock, [b"t" * 32])


class Shop:
    def __init__(self, team: Team) -> None:
        self.team = team
        self.till = Till(team.database.system, team.clock, "s" * 40, "http://localhost")
        self.payments = Payments(self.till, team.database, team.books, "http://localhost", trials_of(team))

    async def open(self, key: str = "k", **what: Any) -> Opened:
        what = {"plan": None, "pack": None} | what
        return await self.payments.checkout(self.team.transaction, self.team.owner, key=key, **what)

    async def buy(self, key: str = "k", **what: Any) -> None:
        await self.till.pay((await self.open(key, **what)).id)
        await self.hear()

    async def messages(self) -> Sequence[tuple[bytes, str]]:
        told = await self.till.take_messages()
        for body, _ in told:
            await self.till.told(body)
        return told

    async def hear(self) -> None:
        for body, signature in await self.messages():
            await self.payments.receive(body, signature)
        await self.payments.process()

    async def pass_by(self, days: float) -> None:
        self.team.clock.ahead += timedelta(days=days)
        await self.till.advance()
        await self.hear()

    async def plan(self) -> str:
        async with self.team.transaction() as transaction:
            return (await self.team.plans.of_team(transaction)).key

    async def subscription(self) -> Any:
        async with self.team.transaction() as transaction:
            return await self.payments.find_subscription(transaction)

    async def invoices(self) -> list[dict[str, Any]]:
        async with self.team.transaction() as transaction:
            return await self.payments.list_invoices(transaction, 50, None)

    async def offer_trial(self, key: str, *, days: int) -> None:
        """From now on this plan can be tried for some days."""
        async with self.team.transaction() as transaction:
            listed = await self.team.plans.list_offered(transaction)
        plan = next(one for one in listed if one.key == key)
        await self.team.plans.change(self.team.admin, replace(plan, trial_days=days), plan.version)

    async def change(self, plan: str) -> Way:
        return await self.payments.change(self.team.transaction, self.team.owner, plan)
