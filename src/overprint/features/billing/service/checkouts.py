"""Pages where a team pays: opened, asked after until their end is known, and closed before another for a plan opens."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from overprint.core.problems import Conflict
from overprint.db.database import Transaction
from overprint.features.billing.rules import paying
from overprint.features.billing.service.settling import Settling
from overprint.features.billing.store import checkouts, payments
from overprint.features.billing.store.checkouts import Row
from overprint.ports.payments import CheckoutPage, Offer, PaymentsPort

OPEN_MAX = 20
TURNS_MAX = 3
Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Transaction]]


@dataclass(frozen=True, slots=True)
class Checkouts:
    """``back_url`` is where people come back to from a page."""

    settling: Settling
    back_url: str

    @property
    def port(self) -> PaymentsPort:
        return self.settling.port

    def now(self) -> datetime:
        return self.settling.now()

    async def open(self, opening: Opening, customer_id: str, offer: Offer, key: str, by: UUID) -> CheckoutPage:
        """The page under ``key``, for the person ``by``; of a plan the only one where the team can pay for it.

        Raises ``Conflict`` if the team has a plan by now, if what is under ``key`` was paid already, which nobody pays
        twice by sending it once more, if a bank works on the payment of that or of a plan, or if somebody opens another
        page at this moment.
        """
        tried: set[UUID] = set()
        for _ in range(TURNS_MAX):
            row, others = await self._claim(opening, offer, key, by)
            unsure = [one for one in (row, *others) if one["due_at"] is not None and one["id"] not in tried]
            if not unsure:
                if row["page_id"] is not None and row["due_at"] is None:
                    raise _paid_already()
                if any(one["sent_at"] is not None for one in (row, *(others if offer.is_monthly else ()))):
                    raise _bank_decides()
                return await self._open(opening, customer_id, offer, row)
            for one in unsure:
                tried.add(one["id"])
                await (self._look(one) if one["id"] == row["id"] else self._close(one))
        raise _somebody_else()

    async def _open(self, opening: Opening, customer_id: str, offer: Offer, row: Row) -> CheckoutPage:
        page = await self.port.open_checkout(customer_id, offer, back_url=self.back_url, key=str(row["id"]))
        async with opening() as transaction:
            due_at = paying.look_again_at(row["made_at"], self.now())
            is_kept = await checkouts.keep_page(transaction.driver, row["id"], page.id, due_at)
        if not is_kept:
            await self.port.close_checkout(page.id)
            raise _somebody_else()
        return page

    async def look_at_due(self, row: Row) -> None:
        """Ask what became of a page that nothing was heard of, and act on it. If that fails, again later."""
        async with self.settling.database.transaction(row["team_id"]) as transaction:
            due_at = paying.look_again_at(row["made_at"], self.now())
            await checkouts.look_again(transaction.driver, row["id"], due_at)
        await self._look(row)

    async def close_all(self, team_id: UUID) -> None:
        """Nobody can pay for this team any more; what was paid is settled."""
        async with self.settling.database.transaction(team_id) as transaction:
            rows = await checkouts.list_open(transaction.driver, self.port.name)
        for row in rows:
            await self._close(row)

    async def _claim(self, opening: Opening, offer: Offer, key: str, by: UUID) -> tuple[Row, list[Row]]:
        """The row of the page, and which others are closed first: of a plan's those where the team could pay for one
        besides, and in any case the oldest where there are very many."""
        async with opening() as transaction:
            driver = transaction.driver
            await checkouts.hold(driver, transaction.team_id)
            if offer.is_monthly:
                refuse_second(await self._subscription(transaction), self.port.name)
            row = await checkouts.claim(
                *(driver, transaction.team_id, self.port.name, key),
                is_monthly=offer.is_monthly,
                by=by,
                now=self.now(),
            )
            others = [one for one in await checkouts.list_open(driver, self.port.name) if one["id"] != row["id"]]
        surplus = others[: max(0, len(others) - OPEN_MAX + 1)]
        return row, [one for one in others if one in surplus or (offer.is_monthly and one["is_monthly"])]

    async def _close(self, row: Row) -> None:
        """Nobody can pay there any more. What was paid is settled."""
        if await self.port.close_checkout(row["page_id"]):
            await self._drop(row)
        else:
            await self._look(row)

    async def _look(self, row: Row) -> None:
        """What was paid is settled, and what is closed is forgotten."""
        if await self.settling.checkout(row["page_id"]) is None:
            await self._drop(row)

    async def _drop(self, row: Row) -> None:
        async with self.settling.database.transaction(row["team_id"]) as transaction:
            await checkouts.drop(transaction.driver, row["id"])

    async def _subscription(self, transaction: Transaction) -> Row | None:
        return await payments.find_subscription(transaction.driver, transaction.team_id)


def _paid_already() -> Conflict:
    return Conflict(
        "This purchase is paid already, and what it brought is here.",
        "To buy the same once more, choose it again on the page Credits.",
    )


def _bank_decides() -> Conflict:
    return Conflict(
        "Your bank is working on this payment; that can take some days.",
        "Nothing is to be done meanwhile: the page Credits shows it. If the bank refuses, choose again then.",
    )


def _somebody_else() -> Conflict:
    return Conflict(
        "Somebody of this team went to pay for a plan at this moment.",
        "Look at the page Credits in a few minutes; if nothing was bought, choose again.",
    )


def refuse_second(row: Row | None, provider: str) -> None:
    """One plan a team: a second subscription would be paid for besides. Raises ``Conflict``."""
    if row is not None and row["provider"] == provider and row["plan"] is not None:
        raise Conflict(
            "This team pays for a plan already.",
            "Choose another plan on the page Credits; PUT /api/billing/subscription does the same.",
        )
