"""Buying, and what follows from what providers tell: plans, credits, receipts, refunds, and ends.

A message is stored as it came, once by its event's id, and answered at once. Then the object that it names is read from
the provider and everything is made to agree with how it stands *now*: so order, repetition and new ids for old news
make no difference. What an object grants, it grants under its own id.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import structlog

from overprint.core.codec import digest
from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Invalid
from overprint.db.database import Database, Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.billing.projection import BillingProjection
from overprint.features.billing.rules import paying
from overprint.features.billing.rules.lots import Account, Entry, Grant, Kind, Source, moved
from overprint.features.billing.rules.paying import GRACE, packs
from overprint.features.billing.rules.plans import MONTH, OWN, Plan
from overprint.features.billing.store import ledger, payments, purses
from overprint.features.billing.store.ledger import Posting
from overprint.features.billing.store.payments import Row
from overprint.features.teams import Action, permit
from overprint.ports.payments import (
    ABOUT,
    About,
    CheckoutPage,
    Invoice,
    Offer,
    Paid,
    PaymentsPort,
    PretendPort,
    Standing,
    Subscription,
)

LEASE = timedelta(minutes=5)
PAGE_MAX = 200
Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Transaction]]

_log = structlog.get_logger(__name__)


class NotYet(Exception):
    """What an event is about is not known here yet; it may be a little later."""


@dataclass(frozen=True, slots=True)
class Payments:
    """``books`` keeps the ledger, ``site`` is the address people use."""

    port: PaymentsPort
    database: Database
    books: BillingProjection
    site: str

    @property
    def pool(self) -> asyncpg.Pool:
        return self.database.system

    def now(self) -> datetime:
        return self.books.clock.now()

    async def find_subscription(self, transaction: Transaction) -> Row | None:
        return await payments.find_subscription(transaction.driver, transaction.team_id)

    async def list_invoices(self, transaction: Transaction, limit: int, before: UUID | None) -> list[dict[str, Any]]:
        """The newest first."""
        return await payments.list_invoices(transaction.driver, max(1, min(PAGE_MAX, limit)), before)

    async def checkout(
        self, opening: Opening, principal: Principal, *, plan: str | None, pack: str | None, key: str | None
    ) -> CheckoutPage:
        """A page where the team pays for a plan or a pack. Under the same ``key`` the same page."""
        permit(principal, Action.MANAGE_BILLING)
        async with opening() as transaction:
            offer = await self._offer(transaction, plan, pack)
        customer_id = await self._customer(opening, principal)
        back_url = f"{self.site}/billing"
        # The key may hold any letter, and the page's address has it.
        unique = f"{principal.team_id}-{digest(key)[:32] if key else new_id()}"
        return await self.port.open_checkout(customer_id, offer, back_url=back_url, key=unique)

    async def portal(self, opening: Opening, principal: Principal) -> str:
        """The address of a page where the team changes or ends what it pays for."""
        permit(principal, Action.MANAGE_BILLING)
        async with opening() as transaction:
            row = await self.find_subscription(transaction)
        if row is None or row["provider"] != self.port.name:
            raise Conflict("This team has bought nothing yet.", "Choose a plan or a pack first.")
        return await self.port.open_portal(row["customer_id"], back_url=f"{self.site}/billing")

    async def receive(self, body: bytes, signature: str) -> bool:
        """Keep what a provider tells; whether it is new. Raises ``Refused`` for what it did not sign."""
        event = self.port.read_event(body, signature)
        return await payments.keep_event(self.pool, self.port.name, event, body, self.now())

    async def hear(self, till: PretendPort) -> None:
        """Take what the till tells, as if it had come from far away."""
        for body, signature in await till.take_messages():
            await self.receive(body, signature)
            await till.told(body)

    async def process(self) -> None:
        """Act on what is due. What fails is tried again, later and later, and given up after days."""
        while (event := await payments.take_event(self.pool, self.now(), LEASE)) is not None:
            now = self.now()
            try:
                await self._act(event["type"], event["object_id"])
            except Exception as error:
                is_over = event["tries"] >= paying.TRIES_MAX
                due_at = None if is_over else now + paying.retry_after(event["tries"])
                _log.warning("a payment event could not be acted on", event_id=event["event_id"], error=repr(error))
                await payments.end_event(self.pool, event, due_at=due_at, error=repr(error)[:500], processed_at=None)
            else:
                await payments.end_event(self.pool, event, due_at=None, error=None, processed_at=now)

    async def work(self, context: ScheduleContext | None = None) -> None:
        """Act on what is due, and look at those who did not pay for longer than the grace."""
        if isinstance(self.port, PretendPort):
            await self.port.advance()
            await self.hear(self.port)
        await self.process()
        for subscription_id in await payments.subscriptions_past_grace(self.pool, self.port.name, self.now() - GRACE):
            try:
                await self._subscription(subscription_id)
            except Exception as error:  # the others are looked at all the same
                _log.warning("a subscription cannot be looked at", subscription_id=subscription_id, error=repr(error))

    async def _act(self, event_type: str, object_id: str) -> None:
        acts: dict[About, Callable[[str], Awaitable[object]]] = {
            About.CHECKOUT: self._checkout,
            About.SUBSCRIPTION: self._subscription,
            About.INVOICE: self._invoice,
            About.PAYMENT: self._payment,
        }
        about = ABOUT.get(event_type)
        if about is not None:
            await acts[about](object_id)

    async def _checkout(self, checkout_id: str) -> None:
        checkout = await self.port.read_checkout(checkout_id)
        if checkout is None or not checkout.is_paid:
            return
        if checkout.subscription_id is not None:
            await self._subscription(checkout.subscription_id)
            return
        pack = packs().get(checkout.offer_key)
        if pack is None:
            raise NotYet(f"there is no pack {checkout.offer_key}")
        bought = Invoice(
            checkout.id,
            checkout.customer_id,
            None,
            checkout.payment_id,
            Paid.PAID,
            pack.name,
            checkout.amount_cents,
            checkout.currency,
            self.now(),
        )
        async with self._team_of(checkout.customer_id) as transaction:
            await self._keep_invoice(transaction, bought, pack.credits, Source.PACK, None)

    async def _subscription(self, subscription_id: str) -> Plan | None:
        """Make the team's plan agree with its subscription. Answers the plan that it has by it.

        It is looked at again afterwards: what was read may be old by the time that the team's purse is held, and
        somebody with newer news have been quicker.
        """
        plan, acted_on = None, None
        found = await self.port.read_subscription(subscription_id)
        while found is not None and found != acted_on:
            async with self._team_of(found.customer_id) as transaction:
                plan = await self._agree(transaction, found)
            acted_on, found = found, await self.port.read_subscription(subscription_id)
        return plan

    async def _agree(self, transaction: Transaction, found: Subscription) -> Plan | None:
        driver, now, team_id = transaction.driver, self.now(), transaction.team_id
        purse = await self.books.hold_purse(transaction)
        row = await payments.find_subscription(driver, team_id)
        before = row if row is not None and row["subscription_id"] == found.id else None
        had = (row["plan"], row["plan_version"]) if row is not None else (None, None)
        had_plan = had[0] is not None
        if before is None and had_plan and found.standing not in (Standing.ACTIVE, Standing.TRIALING):
            return None  # another one than the team has its plan by, and nobody pays for it
        late_since = before["past_due_since"] if before is not None and before["past_due_since"] else now
        past_due_since = late_since if found.standing is Standing.PAST_DUE else None
        has_plan = paying.keeps_plan(found.standing, past_due_since, now)
        plan = await self._plan(driver, found, before) if has_plan else None
        await payments.keep_subscription(driver, team_id, found, plan=plan, past_due_since=past_due_since, now=now)
        # A plan that was given by contract meanwhile stays until the subscription itself changes.
        is_as_before = before is not None and plan is not None and had == (plan.key, plan.version)
        if plan is not None and purse.plan != plan and not is_as_before:
            await self._change_plan(transaction, plan, None)
        elif plan is None and had_plan and purse.plan.key == had[0]:
            fallback = await purses.get_newest_plan(driver, self.books.default_plan)
            await self._change_plan(transaction, fallback, now if fallback.renews_by_itself else None)
        return plan

    async def _plan(self, driver: asyncpg.Connection, found: Subscription, before: Row | None = None) -> Plan:
        """The version that was subscribed to; once it renewed, the newest that costs the same."""
        version = found.plan_version
        if before is not None and before["plan"] == found.plan:
            version = before["plan_version"]
        plan = await purses.find_plan(driver, found.plan, version)
        if plan is None:
            raise NotYet(f"there is no version {version} of the plan {found.plan}")
        was = before["period_start"] if before is not None else None
        return await purses.find_renewed_plan(driver, plan) if was is not None and found.period_start > was else plan

    async def _change_plan(self, transaction: Transaction, plan: Plan, renews_at: datetime | None) -> None:
        await purses.change_purse(transaction.driver, transaction.team_id, plan, renews_at)
        detail = {"plan": plan.key, "version": plan.version}
        await audit.record(transaction, None, "plan.changed_by_payment", "team", transaction.team_id, detail)

    async def _invoice(self, invoice_id: str) -> None:
        invoice = await self.port.read_invoice(invoice_id)
        if invoice is None:
            return
        subscription = plan = None
        if invoice.subscription_id is not None:
            plan = await self._subscription(invoice.subscription_id)
            subscription = await self.port.read_subscription(invoice.subscription_id)
        async with self._team_of(invoice.customer_id) as transaction:
            if subscription is None:
                await self._keep_invoice(transaction, invoice, 0, Source.PLAN, None)
                return
            plan = plan or await self._plan(transaction.driver, subscription)
            expires_at = max(subscription.period_end, invoice.made_at + MONTH)
            await self._keep_invoice(transaction, invoice, plan.monthly_credits, Source.PLAN, expires_at)

    async def _keep_invoice(
        self, transaction: Transaction, invoice: Invoice, credits: int, source: Source, expires_at: datetime | None
    ) -> None:
        """Keep it, and once it is paid give what it brings: under the invoice's own id, so once."""
        driver, now = transaction.driver, self.now()
        await self.books.hold_purse(transaction)
        paid_at = now if invoice.state is Paid.PAID else None
        row = await payments.keep_invoice(driver, transaction.team_id, self.port.name, invoice, paid_at)
        key = f"grant:invoice:{self.port.name}:{invoice.id}"
        if invoice.state is not Paid.PAID or not credits or await ledger.known_keys(driver, [key]):
            return
        grant = Grant(new_id(), source, credits, key, expires_at, invoice.description)
        await ledger.post(driver, transaction.team_id, Posting(now, grants=(grant,)))
        await payments.note_credits(driver, row["id"], credits, grant.id)
        detail = {"invoice": invoice.id, "credits": credits}
        await audit.record(transaction, None, "credits.bought", "team", transaction.team_id, detail)

    async def _payment(self, payment_id: str) -> None:
        """Take back the credits of money that was given back, as far as they are not spent."""
        payment = await self.port.read_payment(payment_id)
        if payment is None:
            return
        async with self._team_of(payment.customer_id) as transaction:
            driver, now = transaction.driver, self.now()
            await self.books.hold_purse(transaction)
            row = await payments.find_invoice_of_payment(driver, self.port.name, payment_id)
            if row is None or row["paid_at"] is None:  # what it brings comes first, or it could not be taken back
                raise NotYet(f"the payment {payment_id} belongs to no invoice that is known to be paid")
            if payment.refunded_cents <= row["refunded_cents"]:
                return  # somebody with newer news was quicker
            lost = paying.credits_lost(row["credits"], row["amount_cents"], payment.refunded_cents)
            lost -= paying.credits_lost(row["credits"], row["amount_cents"], row["refunded_cents"])
            await payments.note_refund(driver, row["id"], min(payment.refunded_cents, row["amount_cents"]))
            there = await payments.available_in_lot(driver, row["lot_id"]) if row["lot_id"] else 0
            taken = min(lost, there)
            if taken > 0:
                lines = moved({row["lot_id"]: taken}, Account.AVAILABLE, Account.ISSUED)
                key = f"take_back:payment:{self.port.name}:{payment_id}:{payment.refunded_cents}"
                entry = Entry(key, Kind.TAKE_BACK, lines, reason="The money was given back.")
                await ledger.post(driver, transaction.team_id, Posting(now, (entry,)))
            if row["lot_id"] and payment.refunded_cents >= row["amount_cents"]:
                await payments.end_lot(driver, row["lot_id"], now)  # what jobs hold of it is gone once it is released
            detail = {"payment": payment_id, "credits": max(0, taken), "refunded_cents": payment.refunded_cents}
            await audit.record(transaction, None, "payment.refunded", "team", transaction.team_id, detail)

    @asynccontextmanager
    async def _team_of(self, customer_id: str) -> AsyncIterator[Transaction]:
        """A transaction of the team that a customer pays for. Raises ``NotYet`` for a customer who is not known."""
        team_id = await payments.team_of_customer(self.pool, self.port.name, customer_id)
        if team_id is None:
            raise NotYet(f"nobody here is the customer {customer_id}")
        async with self.database.transaction(team_id) as transaction:
            yield transaction

    async def _customer(self, opening: Opening, principal: Principal) -> str:
        """Who pays for the team at the provider; made the first time."""
        async with opening() as transaction:
            row = await self.find_subscription(transaction)
        if row is not None and row["provider"] == self.port.name:
            return str(row["customer_id"])
        customer_id = await self.port.make_customer(principal.team_id, f"Team {principal.team_id}")
        async with opening() as transaction:
            await payments.keep_customer(transaction.driver, principal.team_id, self.port.name, customer_id, self.now())
        return customer_id

    async def _offer(self, transaction: Transaction, plan: str | None, pack: str | None) -> Offer:
        if (plan is None) == (pack is None):
            raise Invalid("Choose either a plan or a pack.", field="plan")
        purse = await purses.find_purse(transaction.driver, transaction.team_id)
        if purse.plan.is_own if purse else self.books.default_plan == OWN:
            raise Conflict("Nobody pays on their own machine.", "Everything can be used as it is.")
        if pack is not None:
            if pack not in packs():
                raise Invalid("There is no such pack.", "GET /api/billing/subscription lists them.", field="pack")
            return packs()[pack].offer()
        chosen = await purses.find_newest_plan(transaction.driver, plan or "")
        if chosen is None or not chosen.is_offered or not chosen.price_cents:
            raise Invalid("This plan cannot be bought.", "GET /api/billing/plans lists those that can.", field="plan")
        row = await self.find_subscription(transaction)
        if row is not None and row["provider"] == self.port.name and row["plan"] is not None:
            raise Conflict("This team has a subscription already.", "Change or end it in the portal.")
        return paying.offer_of(chosen)
