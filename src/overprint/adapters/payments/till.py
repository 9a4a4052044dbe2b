"""The till: payments with pretend money, kept in the database, so that all can be tried with no account anywhere.

It behaves as a provider does: people pay on a page, subscriptions renew by the clock, a card may be declined, what
happens is told by signed messages. ``data`` of a row is the object; what is due by the clock has ``due_at``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from overprint.adapters.payments import signing
from overprint.core.clock import Clock
from overprint.core.codec import decode, encode
from overprint.core.ids import new_id
from overprint.core.problems import Invalid
from overprint.ports.errors import Refused
from overprint.ports.payments import (
    Checkout,
    CheckoutPage,
    Event,
    Invoice,
    Offer,
    Paid,
    Payment,
    Standing,
    Subscription,
)

MONTH = timedelta(days=30)
RETRY_AFTER = timedelta(days=3)
TOLD_MAX = 50

_PUT = """
INSERT INTO till_objects (id, kind, customer_id, data, due_at, made_at) VALUES ($1, $2, $3, $4::jsonb, $5, $6)
ON CONFLICT (id) DO UPDATE SET data = excluded.data, due_at = excluded.due_at
"""


@dataclass(frozen=True, slots=True)
class Till:
    """``pool`` is of the system role, ``site`` the address people use."""

    pool: asyncpg.Pool
    clock: Clock
    secret: str
    site: str

    @property
    def name(self) -> str:
        return "embedded"

    @property
    def is_pretend(self) -> bool:
        return True

    async def make_customer(self, team_id: UUID, name: str) -> str:
        customer_id = f"till_customer_{team_id}"
        if await self._find(customer_id) is None:
            await self._put(customer_id, "customer", customer_id, {"name": name, "declines": False})
        return customer_id

    async def open_checkout(self, customer_id: str, offer: Offer, *, back_url: str, key: str) -> CheckoutPage:
        checkout_id = f"till_checkout_{key}"
        if await self._find(checkout_id) is None:
            checkout = Checkout(checkout_id, customer_id, offer.key, False, offer.amount_cents, offer.currency)
            data = {"checkout": encode(checkout), "offer": encode(offer), "back_url": back_url}
            await self._put(checkout_id, "checkout", customer_id, data)
        return CheckoutPage(checkout_id, f"{self.site}/till/checkout/{checkout_id}")

    async def open_portal(self, customer_id: str, *, back_url: str) -> str:
        return f"{self.site}/till/portal"

    async def read_checkout(self, checkout_id: str) -> Checkout | None:
        found = await self._find(checkout_id)
        return decode(Checkout, found["checkout"]) if found else None

    async def read_subscription(self, subscription_id: str) -> Subscription | None:
        found = await self._find(subscription_id)
        return decode(Subscription, found["subscription"]) if found else None

    async def read_invoice(self, invoice_id: str) -> Invoice | None:
        found = await self._find(invoice_id)
        return decode(Invoice, found) if found else None

    async def read_payment(self, payment_id: str) -> Payment | None:
        found = await self._find(payment_id)
        return decode(Payment, found) if found else None

    def read_event(self, body: bytes, signature: str) -> Event:
        signing.check(body, signature, self.secret, self.clock.now())
        try:
            told = json.loads(body)
            return Event(str(told["id"]), str(told["type"]), str(told["object_id"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Refused("This message of the till cannot be read.", provider="payments") from None

    # What people do at the till.

    async def find_offer(self, checkout_id: str, customer_id: str) -> tuple[Offer, str, bool] | None:
        """What stands on a customer's checkout page, where it leads back to, and whether it is paid."""
        found = await self._find(checkout_id)
        if found is None or found["checkout"]["customer_id"] != customer_id:
            return None
        return decode(Offer, found["offer"]), found["back_url"], found["checkout"]["is_paid"]

    async def pay(self, checkout_id: str, *, card_works: bool = True) -> None:
        """Pay what stands on a checkout page; once is enough. Raises ``Invalid`` for a card that is declined."""
        found = await self._find(checkout_id)
        if found is None or found["checkout"]["is_paid"]:
            return
        if not card_works:
            raise Invalid("This pretend card was declined.", "Choose the one that works.", field="card")
        checkout, offer = decode(Checkout, found["checkout"]), decode(Offer, found["offer"])
        if offer.is_monthly:
            subscription_id = await self._subscribe(checkout, offer)
            paid = replace(checkout, is_paid=True, subscription_id=subscription_id)
        else:
            payment_id = await self._take(checkout_id, checkout.customer_id, offer.amount_cents)
            paid = replace(checkout, is_paid=True, payment_id=payment_id)
        await self._put(checkout_id, "checkout", checkout.customer_id, {**found, "checkout": encode(paid)})
        await self._tell("checkout.session.completed", checkout_id)

    async def find_subscriptions(self, customer_id: str) -> list[Subscription]:
        """Those of a customer that have not ended."""
        rows = await self.pool.fetch(
            "SELECT data FROM till_objects WHERE customer_id = $1 AND kind = 'subscription' ORDER BY made_at",
            customer_id,
        )
        found = [decode(Subscription, row["data"]["subscription"]) for row in rows]
        return [one for one in found if one.standing is not Standing.CANCELLED]

    async def end_at_period_end(self, subscription_id: str, *, ends: bool) -> None:
        """Let it end with its period, or go on after all."""
        await self._change(subscription_id, ends_at_period_end=ends)

    async def cancel(self, subscription_id: str) -> None:
        """End it now."""
        await self._change(subscription_id, standing=Standing.CANCELLED)

    async def change_card(self, customer_id: str, *, declines: bool) -> None:
        """From now on the customer's pretend card is declined, or works."""
        found = await self._find(customer_id)
        if found is not None:
            await self._put(customer_id, "customer", customer_id, {**found, "declines": declines})

    async def refund(self, payment_id: str, amount_cents: int) -> None:
        """Give money of a payment back, all in all ``amount_cents`` more than before."""
        payment = await self.read_payment(payment_id)
        if payment is None or not 0 < amount_cents <= payment.amount_cents - payment.refunded_cents:
            raise Invalid("There is not so much of this payment to be refunded.", field="amount_cents")
        after = replace(payment, refunded_cents=payment.refunded_cents + amount_cents)
        await self._put(payment_id, "payment", payment.customer_id, encode(after))
        await self._tell("charge.refunded", payment_id)

    async def advance(self) -> None:
        """Renew or end the subscriptions whose period is over by the clock."""
        rows = await self.pool.fetch(
            "SELECT id, data FROM till_objects WHERE kind = 'subscription' AND due_at <= $1 LIMIT 500", self.clock.now()
        )
        for row in rows:
            await self._renew(decode(Subscription, row["data"]["subscription"]), decode(Offer, row["data"]["offer"]))

    async def take_messages(self) -> Sequence[tuple[bytes, str]]:
        """What is to be told by now, signed: (body, signature). Each is told until ``told`` is said of it."""
        rows = await self.pool.fetch(
            "SELECT data FROM till_objects WHERE kind = 'event' AND due_at IS NOT NULL ORDER BY made_at, id LIMIT $1",
            TOLD_MAX,
        )
        now = self.clock.now()
        bodies = [json.dumps(row["data"], sort_keys=True).encode() for row in rows]
        return [(body, signing.sign(body, self.secret, now)) for body in bodies]

    async def told(self, body: bytes) -> None:
        await self.pool.execute("UPDATE till_objects SET due_at = NULL WHERE id = $1", json.loads(body)["id"])

    # Ids follow from what they are for, so that what died half way and is done again makes nothing twice.

    async def _subscribe(self, checkout: Checkout, offer: Offer) -> str:
        now, made_id = self.clock.now(), f"till_subscription_of_{checkout.id}"
        before = await self.read_subscription(made_id)
        if before is not None:
            now = before.period_start
        made = Subscription(
            made_id,
            checkout.customer_id,
            offer.key,
            offer.version,
            Standing.ACTIVE,
            now,
            now + MONTH,
            False,
        )
        await self._keep(made, offer)
        await self._tell("customer.subscription.created", made.id)
        await self._invoice(made, offer, made.period_start, Paid.PAID)
        return made.id

    async def _renew(self, old: Subscription, offer: Offer) -> None:
        if old.ends_at_period_end:
            await self._change(old.id, standing=Standing.CANCELLED)
            return
        customer = await self._find(old.customer_id) or {}
        if customer.get("declines"):
            await self._keep(replace(old, standing=Standing.PAST_DUE), offer, due_at=self.clock.now() + RETRY_AFTER)
            await self._invoice(old, offer, old.period_end, Paid.FAILED)
        else:
            start = max(old.period_end, self.clock.now() - MONTH)
            renewed = replace(old, standing=Standing.ACTIVE, period_start=start, period_end=start + MONTH)
            await self._keep(renewed, offer)
            await self._invoice(renewed, offer, old.period_end, Paid.PAID)
        await self._tell("customer.subscription.updated", old.id)

    async def _invoice(self, subscription: Subscription, offer: Offer, since: datetime, state: Paid) -> None:
        made_id, who = f"till_invoice_{int(since.timestamp())}_{subscription.id}", subscription.customer_id
        payment_id = await self._take(made_id, who, offer.amount_cents) if state is Paid.PAID else None
        invoice = Invoice(
            made_id,
            subscription.customer_id,
            subscription.id,
            payment_id,
            state,
            f"{offer.name}, a month (pretend money)",
            offer.amount_cents,
            offer.currency,
            self.clock.now(),
        )
        await self._put(invoice.id, "invoice", invoice.customer_id, encode(invoice))
        await self._tell("invoice.paid" if state is Paid.PAID else "invoice.payment_failed", invoice.id)

    async def _take(self, what: str, customer_id: str, amount_cents: int) -> str:
        payment = Payment(f"till_payment_for_{what}", customer_id, amount_cents, 0)
        await self._put(payment.id, "payment", customer_id, encode(payment))
        return payment.id

    async def _change(self, subscription_id: str, **changes: Any) -> None:
        found = await self._find(subscription_id)
        if found is None:
            return
        changed = replace(decode(Subscription, found["subscription"]), **changes)
        await self._keep(changed, decode(Offer, found["offer"]))
        is_over = changed.standing is Standing.CANCELLED
        await self._tell("customer.subscription.deleted" if is_over else "customer.subscription.updated", changed.id)

    async def _keep(self, made: Subscription, offer: Offer, due_at: datetime | None = None) -> None:
        due = None if made.standing is Standing.CANCELLED else due_at or made.period_end
        data = {"subscription": encode(made), "offer": encode(offer)}
        await self._put(made.id, "subscription", made.customer_id, data, due)

    async def _tell(self, kind: str, object_id: str) -> None:
        event_id = f"till_event_{new_id()}"
        told = {"id": event_id, "type": kind, "object_id": object_id}
        await self._put(event_id, "event", None, told, self.clock.now())

    async def _find(self, object_id: str) -> Mapping[str, Any] | None:
        row = await self.pool.fetchrow("SELECT data FROM till_objects WHERE id = $1", object_id)
        return None if row is None else row["data"]

    async def _put(
        self,
        object_id: str,
        kind: str,
        customer_id: str | None,
        data: Mapping[str, Any],
        due_at: datetime | None = None,
    ) -> None:
        await self.pool.execute(_PUT, object_id, kind, customer_id, json.dumps(data), due_at, self.clock.now())
