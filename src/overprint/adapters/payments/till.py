"""The till: payments with pretend money, kept in the database, so that all can be tried with no account anywhere.

It behaves as a provider does: people pay on a page, subscriptions renew by the clock, a card may be declined, what
happens is told by signed messages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from overprint.adapters.payments import signing
from overprint.adapters.payments.drawer import Drawer, Page, Sold
from overprint.core.clock import Clock
from overprint.core.codec import decode, encode
from overprint.core.problems import Invalid
from overprint.ports.errors import Refused
from overprint.ports.payments import (
    Checkout,
    CheckoutPage,
    Dispute,
    Event,
    Invoice,
    Means,
    Offer,
    PageState,
    Paid,
    Payment,
    Standing,
    Subscription,
)

MONTH = timedelta(days=30)
RETRY_AFTER = timedelta(days=3)
BANK_TAKES = timedelta(minutes=2)  # days elsewhere; here somebody watches
_PAID_THERE = (PageState.SENT, PageState.PAID, PageState.REFUSED)
_BILLED = {PageState.SENT: Paid.SENT, PageState.PAID: Paid.PAID, PageState.REFUSED: Paid.FAILED}


@dataclass(frozen=True, slots=True)
class Till:
    """``pool`` is of the system role, ``site`` the address people use. Banks decide after ``bank_takes``."""

    pool: asyncpg.Pool
    clock: Clock
    secret: str
    site: str
    bank_takes: timedelta = BANK_TAKES

    @property
    def name(self) -> str:
        return "embedded"

    @property
    def is_pretend(self) -> bool:
        return True

    @property
    def _drawer(self) -> Drawer:
        return Drawer(self.pool, self.clock)

    async def make_customer(self, team_id: UUID, name: str) -> str:
        customer_id = f"till_customer_{team_id}"
        if await self._drawer.find(customer_id) is None:
            customer = {"name": name, "declines": False, "has_card": False}
            await self._drawer.put(customer_id, "customer", customer_id, customer)
        return customer_id

    async def open_checkout(self, customer_id: str, offer: Offer, *, back_url: str, key: str) -> CheckoutPage:
        checkout_id = f"till_checkout_{key}"
        if await self._drawer.find(checkout_id) is None:
            checkout = Checkout(checkout_id, customer_id, offer.key, PageState.OPEN, offer.amount_cents, offer.currency)
            await self._drawer.put_page(Page(checkout, offer, back_url))
        return CheckoutPage(checkout_id, f"{self.site}/till/checkout/{checkout_id}")

    async def close_checkout(self, checkout_id: str) -> bool:
        page = await self._drawer.find_page(checkout_id)
        if page is None or page.checkout.state in _PAID_THERE:
            return page is None
        await self._drawer.put_page(replace(page, checkout=replace(page.checkout, state=PageState.CLOSED)))
        return True

    async def open_portal(self, customer_id: str, *, back_url: str) -> str:
        return f"{self.site}/till/portal"

    async def upgrade(self, subscription_id: str, offer: Offer, *, key: str) -> None:
        sold = await self._living(subscription_id)
        was = sold.subscription
        if (was.plan, was.plan_version) == (offer.key, offer.version):
            return
        if (await self._drawer.find(was.customer_id) or {}).get("declines"):
            raise Refused("The pretend card was declined.", provider="payments")
        cents = difference_cents(sold, offer, self.clock.now())
        made = replace(
            was,
            plan=offer.key,
            plan_version=offer.version,
            ends_at_period_end=False,
            next_plan=None,
            next_plan_version=None,
        )
        await self._drawer.put_sold(Sold(made, offer))
        name = f"change_{int(was.period_end.timestamp())}_{offer.key}_{offer.version}"
        words = f"{offer.name}, the rest of the month (pretend money)"
        await self._bill(made, name, replace(offer, amount_cents=cents), words, before=sold.offer)
        await self._drawer.tell("customer.subscription.updated", made.id)

    async def change_at_period_end(self, subscription_id: str, offer: Offer, *, key: str) -> None:
        sold = await self._living(subscription_id)
        stays = offer.key == sold.offer.key
        named: tuple[str | None, int | None] = (None, None) if stays else (offer.key, offer.version)
        made = replace(sold.subscription, ends_at_period_end=False, next_plan=named[0], next_plan_version=named[1])
        await self._drawer.put_sold(Sold(made, sold.offer, None if stays else offer))
        await self._drawer.tell("customer.subscription.updated", subscription_id)

    async def cancel(self, subscription_id: str, *, refunds: bool = False) -> None:
        sold = await self._drawer.find_sold(subscription_id)
        if sold is None or sold.subscription.standing is Standing.CANCELLED:
            return
        for invoice in await self._drawer.list_invoices(sold.subscription) if refunds else ():
            if invoice.payment_id is not None and invoice.period_end == sold.subscription.period_end:
                await self.refund(invoice.payment_id)
        await self._change(subscription_id, standing=Standing.CANCELLED)

    async def refund(self, payment_id: str) -> None:
        payment = await self.read_payment(payment_id)
        left = 0 if payment is None or payment.is_at_bank else payment.amount_cents - payment.refunded_cents
        if left > 0:
            await self.give_back(payment_id, left)

    async def list_news(self, since: datetime, until: datetime) -> list[Event]:
        """None: what is to be told waits in the drawer until it was heard."""
        return []

    async def list_subscriptions(self, customer_id: str) -> list[Subscription]:
        found = [sold.subscription for sold in await self._drawer.list_sold(customer_id)]
        return sorted(
            (one for one in found if one.standing is not Standing.CANCELLED), key=lambda one: (one.made_at, one.id)
        )

    async def read_checkout(self, checkout_id: str) -> Checkout | None:
        page = await self._drawer.find_page(checkout_id)
        return page.checkout if page else None

    async def read_subscription(self, subscription_id: str) -> Subscription | None:
        sold = await self._drawer.find_sold(subscription_id)
        return sold.subscription if sold else None

    async def read_invoice(self, invoice_id: str) -> Invoice | None:
        found = await self._drawer.find(invoice_id)
        return decode(Invoice, found) if found else None

    async def read_payment(self, payment_id: str) -> Payment | None:
        found = await self._drawer.find(payment_id)
        return decode(Payment, found) if found else None

    def read_event(self, body: bytes, signature: str) -> Event:
        signing.check(body, signature, [self.secret], self.clock.now())
        try:
            told = json.loads(body)
            return Event(str(told["id"]), str(told["type"]), str(told["object_id"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Refused("This message of the till cannot be read.", provider="payments") from None

    # What people do at the till, and their banks.

    async def find_offer(self, checkout_id: str, customer_id: str) -> tuple[Offer, str, PageState] | None:
        """What stands on a customer's checkout page, where it leads back to, and how it stands. None of a page that
        was closed."""
        page = await self._drawer.find_page(checkout_id)
        if page is None or page.checkout.customer_id != customer_id or page.checkout.state is PageState.CLOSED:
            return None
        return page.offer, page.back_url, page.checkout.state

    async def pay(self, checkout_id: str, *, by: Means = Means.CARD) -> None:
        """Pay what stands on a checkout page; once is enough. Raises ``Invalid`` for a card that is declined."""
        page = await self._drawer.find_page(checkout_id)
        if page is None or page.checkout.state in _PAID_THERE:
            return
        if page.checkout.state is PageState.CLOSED:
            raise Invalid("This page is closed: another one was opened after it.", "Choose the plan again.")
        if page.offer.trial_days:
            by = Means.CARD  # none is asked for
        elif by is Means.DECLINED:
            raise Invalid("This pretend card was declined.", "Choose the one that works.", field="card")
        else:
            await self.change_card(page.checkout.customer_id, declines=False)
        page = replace(page, is_refused=by is Means.REFUSING_BANK)
        await self._settle(page, PageState.PAID if by is Means.CARD else PageState.SENT)
        await self._drawer.tell("checkout.session.completed", checkout_id)

    async def decide(self, checkout_id: str) -> None:
        """The bank pays what was sent there, or refuses. Again is fine: it is told once more."""
        page = await self._drawer.find_page(checkout_id)
        if page is None or page.checkout.state is PageState.OPEN:
            return
        if page.checkout.state is PageState.SENT:
            page = await self._settle(page, PageState.REFUSED if page.is_refused else PageState.PAID)
        is_paid = page.checkout.state is PageState.PAID
        await self._drawer.tell(f"checkout.session.async_payment_{'succeeded' if is_paid else 'failed'}", checkout_id)

    async def _settle(self, page: Page, state: PageState) -> Page:
        """What follows from a payment that was sent, made or refused."""
        checkout = page.checkout
        if page.offer.is_monthly:
            subscription_id = await self._subscribe(checkout, page.offer, _BILLED[state])
            checkout = replace(checkout, state=state, subscription_id=subscription_id)
        elif state is PageState.PAID:
            payment_id = await self._take(checkout.id, checkout.customer_id, page.offer.amount_cents)
            checkout = replace(checkout, state=state, payment_id=payment_id)
        else:
            checkout = replace(checkout, state=state)
        settled = replace(page, checkout=checkout)
        is_sent = state is PageState.SENT
        await self._drawer.put_page(settled, due_at=self.clock.now() + self.bank_takes if is_sent else None)
        return settled

    async def end_at_period_end(self, subscription_id: str, *, ends: bool) -> None:
        """Let it end with its period, or go on after all."""
        await self._change(subscription_id, ends_at_period_end=ends)

    async def change_card(self, customer_id: str, *, declines: bool) -> None:
        """From now on the customer has a pretend card, which is declined, or works."""
        found = await self._drawer.find(customer_id)
        if found is not None:
            await self._drawer.put(
                customer_id, "customer", customer_id, {**found, "declines": declines, "has_card": True}
            )

    async def give_back(self, payment_id: str, amount_cents: int) -> None:
        """Give money of a payment back, all in all ``amount_cents`` more than before."""
        payment = await self.read_payment(payment_id)
        if payment is None or not 0 < amount_cents <= payment.amount_cents - payment.refunded_cents:
            raise Invalid("There is not so much of this payment to be refunded.", field="amount_cents")
        await self._note(replace(payment, refunded_cents=payment.refunded_cents + amount_cents), "charge.refunded")

    async def dispute(self, payment_id: str, amount_cents: int) -> None:
        """Who paid asks their bank for the money back."""
        payment = await self.read_payment(payment_id)
        if payment is not None:
            disputed = replace(payment, dispute=Dispute.OPEN, disputed_cents=amount_cents)
            await self._note(disputed, "charge.dispute.created")

    async def close_dispute(self, payment_id: str, *, is_won: bool) -> None:
        """The bank decides; ``is_won`` by us."""
        payment = await self.read_payment(payment_id)
        if payment is not None:
            outcome = Dispute.WON if is_won else Dispute.LOST
            await self._note(replace(payment, dispute=outcome), "charge.dispute.closed")

    async def advance(self) -> None:
        """Renew or end the subscriptions whose period is over by the clock, and let banks decide that had the time."""
        for checkout_id in await self._drawer.list_due("checkout"):
            await self.decide(checkout_id)
        for subscription_id in await self._drawer.list_due("subscription"):
            sold = await self._drawer.find_sold(subscription_id)
            if sold is not None:
                await self._renew(sold)

    async def take_messages(self) -> Sequence[tuple[bytes, str]]:
        """What is to be told by now, signed: (body, signature). Each is told until ``told`` is said of it."""
        now = self.clock.now()
        return [(body, signing.sign(body, self.secret, now)) for body in await self._drawer.list_untold()]

    async def told(self, body: bytes) -> None:
        await self._drawer.told(body)

    # Ids follow from what they are for, so that what died half way and is done again makes nothing twice.

    async def _subscribe(self, checkout: Checkout, offer: Offer, state: Paid) -> str:
        """It is there while a bank works on its first month, too, and stays unpaid after the bank refused that."""
        made_id = f"till_subscription_of_{checkout.id}"
        before = await self._drawer.find_sold(made_id)
        start = self.clock.now() if before is None else before.subscription.made_at
        made = Subscription(
            made_id,
            checkout.customer_id,
            offer.key,
            offer.version,
            Standing.TRIALING if offer.trial_days else Standing.ACTIVE,
            start,
            start + (timedelta(days=offer.trial_days) if offer.trial_days else MONTH),
            False,
            start,
        )
        if before is None:
            await self._drawer.put_sold(Sold(made, offer))
            await self._drawer.tell("customer.subscription.created", made.id)
        elif state is Paid.FAILED and before.subscription.standing is not Standing.CANCELLED:
            await self._change(made_id, standing=Standing.PAST_DUE)
        await self._bill_month(made, offer, start, state)
        return made_id

    async def _renew(self, sold: Sold) -> None:
        old, offer = sold.subscription, sold.next_offer or sold.offer
        customer = await self._drawer.find(old.customer_id) or {}
        if old.ends_at_period_end or (old.standing is Standing.TRIALING and not customer.get("has_card")):
            await self._change(old.id, standing=Standing.CANCELLED)
            return
        start = max(old.period_end, self.clock.now() - MONTH)
        if customer.get("declines"):
            late = replace(sold, subscription=replace(old, standing=Standing.PAST_DUE))
            await self._drawer.put_sold(late, due_at=self.clock.now() + RETRY_AFTER)
            wanted = replace(old, plan=offer.key, plan_version=offer.version, period_end=old.period_end + MONTH)
            await self._bill_month(wanted, offer, old.period_end, Paid.FAILED)
        else:
            renewed = replace(
                old,
                plan=offer.key,
                plan_version=offer.version,
                standing=Standing.ACTIVE,
                period_start=start,
                period_end=start + MONTH,
                next_plan=None,
                next_plan_version=None,
            )
            await self._drawer.put_sold(Sold(renewed, offer))
            await self._bill_month(renewed, offer, old.period_end)
        await self._drawer.tell("customer.subscription.updated", old.id)

    async def _bill_month(
        self, subscription: Subscription, offer: Offer, since: datetime, state: Paid = Paid.PAID
    ) -> None:
        words, is_trial = f"{offer.name}, a month (pretend money)", subscription.standing is Standing.TRIALING
        if is_trial:
            words, offer = f"{offer.name}, {offer.trial_days} days to try it", replace(offer, amount_cents=0)
        await self._bill(subscription, str(int(since.timestamp())), offer, words, state, is_trial=is_trial)

    async def _bill(
        self,
        subscription: Subscription,
        name: str,
        offer: Offer,
        words: str,
        state: Paid = Paid.PAID,
        *,
        before: Offer | None = None,
        is_trial: bool = False,
    ) -> None:
        made_id, who = f"till_invoice_{name}_{subscription.id}", subscription.customer_id
        is_taken = state is Paid.PAID and not is_trial
        payment_id = await self._take(made_id, who, offer.amount_cents) if is_taken else None
        invoice = Invoice(
            made_id,
            who,
            subscription.id,
            payment_id,
            state,
            words,
            offer.amount_cents,
            offer.currency,
            self.clock.now(),
            None,
            offer.key,
            offer.version,
            subscription.period_end,
            before.key if before else None,
            before.version if before else 1,
            is_trial,
        )
        if await self.read_invoice(invoice.id) is None:
            await self._drawer.note_billed(subscription.id, invoice.id)
        await self._drawer.put(invoice.id, "invoice", who, encode(invoice))
        if state is not Paid.SENT:
            await self._drawer.tell("invoice.paid" if state is Paid.PAID else "invoice.payment_failed", invoice.id)

    async def _take(self, what: str, customer_id: str, amount_cents: int) -> str:
        payment = Payment(f"till_payment_for_{what}", customer_id, amount_cents, 0)
        if await self._drawer.find(payment.id) is None:
            await self._drawer.put(payment.id, "payment", customer_id, encode(payment))
        return payment.id

    async def _note(self, payment: Payment, news: str) -> None:
        await self._drawer.put(payment.id, "payment", payment.customer_id, encode(payment))
        await self._drawer.tell(news, payment.id)

    async def _living(self, subscription_id: str) -> Sold:
        sold = await self._drawer.find_sold(subscription_id)
        if sold is None or sold.subscription.standing is Standing.CANCELLED:
            raise Refused("There is no such subscription any more.", provider="payments")
        return sold

    async def _change(self, subscription_id: str, **changes: Any) -> None:
        sold = await self._drawer.find_sold(subscription_id)
        if sold is None:
            return
        changed = replace(sold.subscription, **changes)
        await self._drawer.put_sold(replace(sold, subscription=changed))
        is_over = changed.standing is Standing.CANCELLED
        news = "customer.subscription.deleted" if is_over else "customer.subscription.updated"
        await self._drawer.tell(news, changed.id)


def difference_cents(sold: Sold, offer: Offer, now: datetime) -> int:
    """What ``offer`` costs more than what is paid for already, for the rest of the period. Rounded half up."""
    period = sold.subscription.period_end - sold.subscription.period_start
    rest = max(timedelta(), min(period, sold.subscription.period_end - now))
    more = max(0, offer.amount_cents - sold.offer.amount_cents)
    return (2 * more * (rest // timedelta(seconds=1)) + period // timedelta(seconds=1)) // (
        2 * (period // timedelta(seconds=1))
    )
