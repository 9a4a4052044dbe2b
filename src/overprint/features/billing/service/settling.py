"""What follows from what a provider tells: everything is made to agree with how its objects stand *now*.

So order, repetition and new ids for old news make no difference. What an object grants, it grants under its own id;
what of its money is gone again takes its credits along, as far as they are there.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from overprint.core.ids import new_id
from overprint.db.database import Database, Transaction
from overprint.features import audit
from overprint.features.billing.projection import BillingProjection
from overprint.features.billing.rules import paying
from overprint.features.billing.rules.lots import Account, Entry, Grant, Kind, Source, moved
from overprint.features.billing.rules.paying import Brought, Deciding, Settled, packs
from overprint.features.billing.rules.plans import MONTH, Plan
from overprint.features.billing.store import checkouts, invoices, ledger, payments, purses, trials
from overprint.features.billing.store.ledger import Posting
from overprint.features.billing.store.payments import Row
from overprint.ports.payments import (
    ABOUT,
    About,
    Checkout,
    Dispute,
    Invoice,
    PageState,
    Paid,
    Payment,
    PaymentsPort,
    Standing,
    Subscription,
)

# How a page stands where something was paid, as the invoice of that says it.
_INVOICED = {PageState.SENT: Paid.SENT, PageState.PAID: Paid.PAID, PageState.REFUSED: Paid.FAILED}
_log = structlog.get_logger(__name__)


class NotYet(Exception):
    """What an event is about is not known here yet; it may be a little later."""


@dataclass(frozen=True, slots=True)
class Settling:
    """``books`` keeps the ledger."""

    port: PaymentsPort
    database: Database
    books: BillingProjection

    def now(self) -> datetime:
        return self.books.clock.now()

    async def act(self, event_type: str, object_id: str) -> None:
        """Act on news of an object. Raises ``NotYet`` for what is to be looked at again later."""
        acts: dict[About, Callable[[str], Awaitable[object]]] = {
            About.CHECKOUT: self.checkout,
            About.SUBSCRIPTION: self.subscription,
            About.INVOICE: self.invoice,
            About.PAYMENT: self.payment,
        }
        about = ABOUT.get(event_type)
        if about is not None:
            await acts[about](object_id)

    async def checkout(self, checkout_id: str) -> Checkout | None:
        """Act on a page as it stands, which is answered: the pack is had, or the subscription that began there; or a
        bank decides; or nobody can pay there any more.

        What a bank works on is looked at again afterwards: somebody may have heard meanwhile how it decided.
        """
        acted_on, found = None, await self.port.read_checkout(checkout_id)
        while found is not None and found != acted_on:
            await self._act_on(found)
            acted_on = found
            if found.state is PageState.SENT:
                found = await self.port.read_checkout(checkout_id)
        return acted_on

    async def _act_on(self, page: Checkout) -> None:
        if page.state is PageState.OPEN:
            return
        if page.state is PageState.REFUSED and page.subscription_id is not None:
            # Its first month was never paid, so it did not begin.
            await self.port.cancel(page.subscription_id, refunds=True)
        if page.state in _INVOICED:
            await (self.whole_subscription(page.subscription_id) if page.subscription_id else self._pack(page))
        async with self.team_of(page.customer_id) as transaction:
            driver, provider = transaction.driver, self.port.name
            if page.state is PageState.PAID:
                await checkouts.note_paid(driver, provider, page.id)
            elif page.state is PageState.SENT:
                await checkouts.note_sent(driver, provider, page.id, self.now())
            else:
                await checkouts.drop_page(driver, provider, page.id)

    async def _pack(self, checkout: Checkout) -> None:
        pack = packs().get(checkout.offer_key)
        if pack is None:
            raise NotYet(f"there is no pack {checkout.offer_key}")
        bought = Invoice(
            checkout.id,
            checkout.customer_id,
            None,
            checkout.payment_id,
            _INVOICED[checkout.state],
            pack.name,
            checkout.amount_cents,
            checkout.currency,
            self.now(),
        )
        is_paid = checkout.state is PageState.PAID and checkout.payment_id is not None
        payment = await self.port.read_payment(checkout.payment_id or "") if is_paid else None
        async with self.team_of(checkout.customer_id) as transaction:
            if not is_paid or not await self._comes_too_late(transaction, checkout):
                await self._bring(transaction, bought, pack.credits, Source.PACK, payment)
                return
        await self._give_back(bought, "the team was closed")

    async def _comes_too_late(self, transaction: Transaction, checkout: Checkout) -> bool:
        """Whether the team was closed before it had anything of what it paid."""
        driver = transaction.driver
        if await payments.closed_at(driver, transaction.team_id) is None or not checkout.amount_cents:
            return False
        return not await ledger.known_keys(driver, [_grant_key(self.port.name, checkout.id)])

    async def _give_back(self, bought: Invoice, why: str) -> None:
        """Nobody can have it any more: the money goes back, and who paid for a pack is told."""
        assert bought.payment_id is not None  # something was paid
        await self.port.refund(bought.payment_id)
        payment = await self.port.read_payment(bought.payment_id)
        if payment is None:
            return
        async with self.team_of(bought.customer_id) as transaction:
            driver = transaction.driver
            await self.books.hold_purse(transaction)
            row = await invoices.keep_invoice(driver, transaction.team_id, self.port.name, bought, self.now())
            settled = Settled(min(payment.refunded_cents, bought.amount_cents), 0, 0)
            if _stands(row, payment, settled):
                return
            await invoices.note_settled(driver, row["id"], payment, settled)
            payer = await checkouts.opened_by(driver, self.port.name, bought.id)
            await invoices.tell_person(driver, row["id"], payer)
            detail = {"payment": payment.id, "refunded_cents": settled.refunded_cents, "why": why}
            await audit.record(transaction, None, "payment.given_back", "team", transaction.team_id, detail)

    async def subscription(self, subscription_id: str) -> Plan | None:
        """Make the team's plan agree with its subscriptions. Answers the plan that it has by them.

        They are looked at again afterwards: what was read may be old by the time that the team's purse is held, and
        somebody with newer news have been quicker.
        """
        plan, acted_on = None, None
        found = await self._look(subscription_id)
        while found is not None and found != acted_on:
            async with self.team_of(found.subscription.customer_id) as transaction:
                plan = await self._agree(transaction, found.subscription)
            if found.subscription.standing is Standing.TRIALING:
                await trials.note_begun(self.database.system, transaction.team_id, self.now())
            for double in found.doubles:
                await self._end_double(double, found.subscription)
            acted_on, found = found, await self._look(subscription_id)
        return plan

    async def invoice(self, invoice_id: str) -> None:
        """Keep it, and once it is paid give what it brings."""
        invoice = await self.port.read_invoice(invoice_id)
        if invoice is None:
            return
        agreed = await self.subscription(invoice.subscription_id) if invoice.subscription_id else None
        is_paid = invoice.state is Paid.PAID and invoice.payment_id is not None
        if is_paid and await self._ended_meanwhile(invoice):
            await self._give_back(invoice, "its plan had ended when the bank paid")
            return
        payment = await self.port.read_payment(invoice.payment_id or "") if is_paid else None
        async with self.team_of(invoice.customer_id) as transaction:
            await self.books.hold_purse(transaction)
            credits = await self._credits_of(transaction, invoice, agreed)
            await self._bring(transaction, invoice, credits, Source.PLAN, payment)

    async def _ended_meanwhile(self, invoice: Invoice) -> bool:
        """Whether a bank paid this month only after its subscription was ended: as a second one, or with its team."""
        if invoice.subscription_id is None:
            return False
        async with self.team_of(invoice.customer_id) as transaction:
            row = await invoices.find_told(transaction.driver, self.port.name, invoice.id)
        if row is None or row["state"] not in ("sent", "refunded") or row["lot_id"] is not None:
            return False
        found = await self.port.read_subscription(invoice.subscription_id)
        return found is None or found.standing is Standing.CANCELLED

    async def payment(self, payment_id: str) -> None:
        """Make what a payment brought agree with what of its money is still here."""
        acted_on, doubted, payment = None, None, await self.port.read_payment(payment_id)
        while payment is not None and payment != acted_on:
            async with self.team_of(payment.customer_id) as transaction:
                await self.books.hold_purse(transaction)
                row = await invoices.find_of_payment(transaction.driver, self.port.name, payment_id)
                if row is None or row["paid_at"] is None:  # what it brings comes first, or it could not be taken back
                    raise NotYet(f"the payment {payment_id} belongs to no invoice that is known to be paid")
                # Old news, most likely: somebody with newer was quicker. Read again, while nobody waits for the purse.
                is_doubtful = payment.refunded_cents < row["refunded_cents"] and payment != doubted
                if not is_doubtful:
                    await self._settle(transaction, row, payment)
            acted_on, doubted = (None, payment) if is_doubtful else (payment, None)
            payment = await self.port.read_payment(payment_id)

    async def whole_subscription(self, subscription_id: str) -> None:
        """Look at one with what it was billed last, as if there had been news of both. What the provider does not know
        any more has ended."""
        found = await self.port.read_subscription(subscription_id)
        if found is not None:
            await self.subscription(subscription_id)
            if found.latest_invoice_id is not None:
                await self.invoice(found.latest_invoice_id)
            return
        team_id = await payments.team_of_subscription(self.database.system, self.port.name, subscription_id)
        if team_id is not None:
            await self._end_plan(team_id, lambda row: row["subscription_id"] == subscription_id)

    async def end_left_plan(self, team_id: UUID) -> None:
        """End a plan that was paid at a provider whom nobody asks any more, and whose period is over."""
        await self._end_plan(team_id, lambda row: row["provider"] != self.port.name)

    async def _end_plan(self, team_id: UUID, is_meant: Callable[[Row], bool]) -> None:
        """Of the subscription that is meant, if it is still the team's."""
        async with self.database.transaction(team_id) as transaction:
            purse = await self.books.hold_purse(transaction)
            row = await payments.find_subscription(transaction.driver, team_id)
            if row is not None and is_meant(row):
                await payments.end_plan(transaction.driver, team_id, self.now())
                if purse.plan.key == row["plan"]:
                    await self._fall_back(transaction)

    @asynccontextmanager
    async def team_of(self, customer_id: str) -> AsyncIterator[Transaction]:
        """A transaction of the team that a customer pays for. Raises ``NotYet`` for a customer who is not known."""
        team_id = await payments.team_of_customer(self.database.system, self.port.name, customer_id)
        if team_id is None:
            raise NotYet(f"nobody here is the customer {customer_id}")
        async with self.database.transaction(team_id) as transaction:
            yield transaction

    async def _look(self, subscription_id: str) -> Deciding | None:
        """Which of the customer's subscriptions decides, as they all stand now; None for what was never sold here.

        One that is for something else by now, at a price that somebody made up at the provider, pays for no plan.
        """
        found = await self.port.read_subscription(subscription_id)
        if found is None:
            return None
        if not found.plan:
            if not await payments.has_plan_by(self.database.system, self.port.name, subscription_id):
                return None
            found = replace(found, standing=Standing.CANCELLED)
        return paying.deciding(await self.port.list_subscriptions(found.customer_id), found)

    async def _agree(self, transaction: Transaction, found: Subscription) -> Plan | None:
        driver, now, team_id = transaction.driver, self.now(), transaction.team_id
        purse = await self.books.hold_purse(transaction)
        row = await payments.find_subscription(driver, team_id)
        before = row if row is not None and row["subscription_id"] == found.id else None
        had = (row["plan"], row["plan_version"]) if row is not None else (None, None)
        had_plan = had[0] is not None
        if before is None and had_plan and not paying.is_good(found.standing):
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
            await self._fall_back(transaction)
        return plan

    async def _plan(self, driver: asyncpg.Connection, found: Subscription, before: Row | None) -> Plan:
        """The version that was subscribed to; once it renewed, the newest that costs the same."""
        version = found.plan_version
        if before is not None and before["plan"] == found.plan:
            version = before["plan_version"]
        plan = await self._find_plan(driver, found.plan, version)
        was = before["period_start"] if before is not None else None
        return await purses.find_renewed_plan(driver, plan) if was is not None and found.period_start > was else plan

    async def _credits_of(self, transaction: Transaction, invoice: Invoice, agreed: Plan | None) -> int:
        """What an invoice brings by the plan that it pays for, in the version that the team has of it."""
        driver = transaction.driver
        if invoice.subscription_id is None or invoice.plan is None:
            return 0
        is_agreed = agreed is not None and agreed.key == invoice.plan
        plan = agreed if is_agreed else await self._find_plan(driver, invoice.plan, invoice.plan_version)
        assert plan is not None
        named = invoice.plan_before
        before = None if named is None else await self._find_plan(driver, named, invoice.plan_before_version)
        rest = invoice.period_end - invoice.made_at if invoice.period_end is not None else MONTH
        return paying.brings(plan, before, rest, is_trial=invoice.is_trial)

    async def _find_plan(self, driver: asyncpg.Connection, key: str, version: int) -> Plan:
        plan = await purses.find_plan(driver, key, version)
        if plan is None:
            raise NotYet(f"there is no version {version} of the plan {key}")
        return plan

    async def _fall_back(self, transaction: Transaction) -> None:
        """The plan of those who pay nothing. Its credits come again when a month is over since they came last."""
        driver = transaction.driver
        fallback = await purses.get_newest_plan(driver, self.books.default_plan)
        last_until = await ledger.last_month_until(driver, transaction.team_id)
        renews_at = max(self.now(), last_until or self.now()) if fallback.renews_by_itself else None
        await self._change_plan(transaction, fallback, renews_at)

    async def _change_plan(self, transaction: Transaction, plan: Plan, renews_at: datetime | None) -> None:
        await purses.change_purse(transaction.driver, transaction.team_id, plan, renews_at)
        detail = {"plan": plan.key, "version": plan.version}
        await audit.record(transaction, None, "plan.changed_by_payment", "team", transaction.team_id, detail)

    async def _end_double(self, double: Subscription, kept: Subscription) -> None:
        """Nobody meant to pay twice: it is ended, and what its period was paid with is given back."""
        await self.port.cancel(double.id, refunds=True)
        async with self.team_of(double.customer_id) as transaction:
            if not await payments.note_doubled(transaction.driver, transaction.team_id, double.id):
                return
            _log.error("a team paid for two subscriptions", ended=double.id, kept=kept.id, provider=self.port.name)
            detail = {"ended": double.id, "plan": double.plan, "kept": kept.id}
            await audit.record(transaction, None, "subscription.doubled", "team", transaction.team_id, detail)

    async def _bring(
        self, transaction: Transaction, invoice: Invoice, credits: int, source: Source, payment: Payment | None
    ) -> None:
        """Keep an invoice, and once it is paid give what it brings: under its own id, so once. What of its money was
        given back before is taken back in the same breath."""
        driver, now = transaction.driver, self.now()
        await self.books.hold_purse(transaction)
        paid_at = now if invoice.state is Paid.PAID else None
        row = await invoices.keep_invoice(driver, transaction.team_id, self.port.name, invoice, paid_at)
        key = _grant_key(self.port.name, invoice.id)
        if invoice.state is not Paid.PAID or not credits or await ledger.known_keys(driver, [key]):
            return
        expires_at = None if source is Source.PACK else paying.expire_at(invoice)
        grant = Grant(new_id(), source, credits, key, expires_at, invoice.description)
        await ledger.post(driver, transaction.team_id, Posting(now, grants=(grant,)))
        row = await invoices.note_credits(driver, row["id"], credits, grant.id)
        detail = {"invoice": invoice.id, "credits": credits}
        await audit.record(transaction, None, "credits.bought", "team", transaction.team_id, detail)
        if payment is not None:
            await self._settle(transaction, row, payment)

    async def _settle(self, transaction: Transaction, row: Row, payment: Payment) -> None:
        """Take back what went with the money, or give it again if the money is here again."""
        driver = transaction.driver
        lot = await invoices.find_lot(driver, row["lot_id"])
        available, used = (
            (0, 0)
            if lot is None
            else (lot["available_credits"], lot["held_credits"] + lot["earned_credits"] + lot["refunded_credits"])
        )
        brought = Brought(row["credits"], row["amount_cents"], row["taken_credits"], available, used)
        settled = paying.settled(payment, brought)
        if _stands(row, payment, settled):
            return
        await self._move(transaction, row, settled)
        is_gone = settled.refunded_cents >= row["amount_cents"] > 0
        if lot is not None and (is_gone or row["state"] == "refunded"):
            # What jobs hold of it is gone once it is released; after a refund that failed it is there again.
            ends_at = min(self.now(), lot["expires_at"] or self.now()) if is_gone else row["period_end"]
            await invoices.set_lot_end(driver, lot["id"], ends_at)
        await invoices.note_settled(driver, row["id"], payment, settled)
        await self._tell(transaction, row, payment, settled)

    async def _move(self, transaction: Transaction, row: Row, settled: Settled) -> None:
        more = settled.taken_credits - row["taken_credits"]
        if not more:
            return
        name = f"payment:{self.port.name}:{row['charge_id']}:{row['turns'] + 1}"
        if more > 0:
            lines = moved({row["lot_id"]: more}, Account.AVAILABLE, Account.ISSUED)
            entry = Entry(f"take_back:{name}", Kind.TAKE_BACK, lines, reason="The money was given back.")
        else:
            lines = moved({row["lot_id"]: -more}, Account.ISSUED, Account.AVAILABLE)
            entry = Entry(f"grant:{name}", Kind.GRANT, lines, reason="The money is here again.")
        await ledger.post(transaction.driver, transaction.team_id, Posting(self.now(), (entry,)))

    async def _tell(self, transaction: Transaction, row: Row, payment: Payment, settled: Settled) -> None:
        """To the team's audit log; a dispute also to whoever reads the house's log."""
        detail = {
            "payment": payment.id,
            "credits": settled.taken_credits - row["taken_credits"],
            "refunded_cents": settled.refunded_cents,
        }
        what = "payment.refunded"
        if payment.dispute is not Dispute.NONE:
            what = f"payment.dispute_{payment.dispute}"
            detail |= {"disputed_cents": payment.disputed_cents, "owed_credits": settled.owed_credits}
        await audit.record(transaction, None, what, "team", transaction.team_id, detail)
        if payment.dispute is not Dispute.NONE and str(payment.dispute) != row["dispute"]:
            _log.error("a payment is disputed", team_id=str(transaction.team_id), state=str(payment.dispute), **detail)


def _grant_key(provider: str, invoice_id: str) -> str:
    return f"grant:invoice:{provider}:{invoice_id}"


def _stands(row: Row, payment: Payment, settled: Settled) -> bool:
    """Whether all this is so already."""
    before = (row["refunded_cents"], row["taken_credits"], row["owed_credits"], row["dispute"], row["disputed_cents"])
    after = (settled.refunded_cents, settled.taken_credits, settled.owed_credits)
    return before == (*after, str(payment.dispute), payment.disputed_cents)
