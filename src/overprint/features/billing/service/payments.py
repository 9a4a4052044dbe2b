"""Buying: pages where a team pays, plans that change, and what providers tell, which is kept and then acted on.

A message is stored as it came, once by its event's id, and answered at once. What follows from it is in ``settling``.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from overprint.core.codec import digest
from overprint.core.editions import CheckEdition, any_edition, edition_of
from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Denied, Invalid, NotFound, Unavailable
from overprint.db.database import Database, Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.billing.projection import BillingProjection
from overprint.features.billing.rules import paying
from overprint.features.billing.rules.paying import GRACE, Way, packs
from overprint.features.billing.rules.plans import GUEST, OWN, Plan
from overprint.features.billing.service.checkouts import Checkouts, Opening, refuse_second
from overprint.features.billing.service.settling import Settling
from overprint.features.billing.service.trials import Trials
from overprint.features.billing.store import checkouts, invoices, payments, purses
from overprint.features.billing.store.payments import Row
from overprint.features.teams import Action, permit, permit_site
from overprint.ports.errors import ProviderError, Refused
from overprint.ports.payments import Offer, PaymentsPort, PretendPort, Subscription

LEASE = timedelta(minutes=5)
PAGE_MAX = 200
FORGOTTEN_AT_ONCE_MAX = 10_000

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def _in_plain_words() -> AsyncIterator[None]:
    """What a provider fails with is for whoever runs the house; people are told what to do."""
    try:
        yield
    except ProviderError as error:
        _log.error("who takes the payments failed", error=repr(error))
        raise Unavailable(
            "Who takes the payments does not answer as it should right now.",
            "Try again in a few minutes, and look at the page Credits before. If it stays so, tell whoever runs this.",
        ) from error


@dataclass(frozen=True, slots=True)
class Opened:
    """A page where a team pays. ``has_tried``: the plan has a trial, which this team or person had before, so the page
    is without."""

    id: str
    url: str
    trial_days: int = 0
    has_tried: bool = False


@dataclass(frozen=True, slots=True)
class Payments:
    """``books`` keeps the ledger, ``site`` is the address people use."""

    port: PaymentsPort
    database: Database
    books: BillingProjection
    site: str
    trials: Trials

    @property
    def pool(self) -> asyncpg.Pool:
        return self.database.system

    @property
    def settling(self) -> Settling:
        return Settling(self.port, self.database, self.books)

    @property
    def checkouts(self) -> Checkouts:
        return Checkouts(self.settling, self._back_url)

    def now(self) -> datetime:
        return self.books.clock.now()

    async def find_subscription(self, transaction: Transaction) -> Row | None:
        return await payments.find_subscription(transaction.driver, transaction.team_id)

    async def list_invoices(self, transaction: Transaction, limit: int, before: UUID | None) -> list[dict[str, Any]]:
        """The newest first."""
        return await invoices.list_invoices(transaction.driver, max(1, min(PAGE_MAX, limit)), before)

    async def get_invoice(self, transaction: Transaction, invoice_id: UUID) -> Row:
        found = await invoices.find_invoice(transaction.driver, invoice_id)
        if found is None:
            raise NotFound("This team has no such receipt.", "The page Credits lists those there are.")
        return found

    async def team_name(self, transaction: Transaction) -> str:
        """Whose receipts these are."""
        return await invoices.team_name(transaction.driver, transaction.team_id)

    async def list_disputed(self, principal: Principal, limit: int, before: UUID | None) -> list[dict[str, Any]]:
        """What people of all teams asked back through their banks, the newest first, with what they owe for it."""
        permit_site(principal)
        return await invoices.list_disputed(self.pool, max(1, min(PAGE_MAX, limit)), before)

    async def list_with_banks(self, principal: Principal, limit: int, before: UUID | None) -> list[dict[str, Any]]:
        """What people of all teams paid and their banks have not decided about, the newest first."""
        permit_site(principal)
        return await invoices.list_with_banks(self.pool, max(1, min(PAGE_MAX, limit)), before)

    async def count_open_disputes(self) -> int:
        return await invoices.count_open_disputes(self.pool)

    async def news_given_up(self) -> tuple[int, str]:
        """How much of what was told is not tried any more, for it could never be acted on; and the last of it, with
        why. It is forgotten with the rest."""
        return await payments.given_up(self.pool, self.port.name)

    @_in_plain_words()
    async def checkout(
        self, opening: Opening, principal: Principal, *, plan: str | None, pack: str | None, key: str | None
    ) -> Opened:
        """A page where the team pays for a plan or a pack. Under the same ``key`` the same page, until it is paid.

        Raises ``Conflict`` after that, while a bank works on it, and where the team pays for a plan already.
        """
        permit(principal, Action.MANAGE_BILLING)
        async with opening() as transaction:
            offer = await self._offer(transaction, plan, pack)
        customer_id = await self._customer(opening, principal)
        has_tried = bool(offer.trial_days) and not await self.trials.offer(principal.team_id, principal.person_id)
        if has_tried:
            offer = replace(offer, trial_days=0)
        name = digest(key)[:32] if key else str(new_id())
        page = await self.checkouts.open(opening, customer_id, offer, name, principal.person_id)
        return Opened(page.id, page.url, offer.trial_days, has_tried)

    @_in_plain_words()
    async def change(self, opening: Opening, principal: Principal, plan: str, check: CheckEdition = any_edition) -> Way:
        """Another plan than the team pays for: a larger one at once, a smaller one when the month ends, any when a
        trial does; the one that it has: it keeps it after all. Raises ``Conflict``, ``Invalid``."""
        permit(principal, Action.MANAGE_BILLING)
        async with opening() as transaction:
            chosen = await self._sold_plan(transaction, plan)
            row = await payments.hold_subscription(transaction.driver, transaction.team_id)
            check(edition_of_subscription(row))
            await payments.begin_turn(transaction.driver, transaction.team_id)
        found = await self._subscription_of(row)
        async with opening() as transaction:
            had = await purses.find_plan(transaction.driver, found.plan, found.plan_version) if found else None
        if found is None or had is None:
            raise Conflict("This team pays for no plan that could be changed.", "Choose a plan first.")
        way = paying.way_to(chosen, found, had)
        if way is not Way.NOTHING:
            await self._change(way, found, paying.offer_of(had if way is Way.STAY else chosen))
            async with opening() as transaction:
                detail = {"plan": chosen.key, "from": had.key, "when": str(way)}
                await audit.record(transaction, principal, "plan.chosen", "team", transaction.team_id, detail)
            await self._catch_up(found.id)
        return way

    @_in_plain_words()
    async def portal(self, opening: Opening, principal: Principal) -> str:
        """The address of a page where the team changes its card or ends what it pays for."""
        permit(principal, Action.MANAGE_BILLING)
        async with opening() as transaction:
            row = await self.find_subscription(transaction)
        if row is None or row["provider"] != self.port.name:
            raise Conflict("This team has bought nothing yet.", "Choose a plan or a pack first.")
        return await self.port.open_portal(row["customer_id"], back_url=self._back_url)

    async def end_all(self, team_id: UUID) -> None:
        """End all that a team pays by the month, now: it is closed. Nothing is given back but what nobody meant to pay:
        a second plan, or one that began after the end. Again is fine."""
        async with self.database.transaction(team_id) as transaction:
            row = await self.find_subscription(transaction)
            closed_at = await payments.closed_at(transaction.driver, team_id)
        if row is None or row["provider"] != self.port.name:
            return
        await self.checkouts.close_all(team_id)
        living = await self.port.list_subscriptions(row["customer_id"])
        needless = paying.needless(living, closed_at)
        for one in living:
            await self.port.cancel(one.id, refunds=one in needless)

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
        settling = self.settling
        while (event := await payments.take_event(self.pool, self.port.name, self.now(), LEASE)) is not None:
            now = self.now()
            try:
                await settling.act(event["type"], event["object_id"])
            except Exception as error:
                is_over = event["tries"] >= paying.TRIES_MAX
                due_at = None if is_over else now + paying.retry_after(event["tries"])
                _log.warning("a payment event could not be acted on", event_id=event["event_id"], error=repr(error))
                await payments.end_event(self.pool, event, due_at=due_at, error=repr(error)[:500], processed_at=None)
            else:
                await payments.end_event(self.pool, event, due_at=None, error=None, processed_at=now)

    async def ask_for_news(self, provider: str) -> None:
        """Of refunds and disputes, all that a provider told since it was asked last, a day at a time: some of it may
        have been told to nobody. What was heard is not heard twice."""
        now, until = self.now(), await payments.looked_until(self.pool, provider)
        if until is not None and now - until < paying.UNHEARD:
            return
        since = max(now - paying.NEWS_ASKED_FOR, until - paying.NEWS_OVERLAP if until else now - paying.NEWS_ASKED_FOR)
        while since < now:
            end = min(now, since + timedelta(days=1))
            for event in await self.port.list_news(since, end):
                await payments.keep_event(self.pool, provider, event, b"", now)
            await payments.note_looked(self.pool, provider, end)
            since = end

    async def work(self, context: ScheduleContext | None = None) -> None:
        """Act on what is due, ask after what nothing was heard of, and take back what can be by now."""
        if isinstance(self.port, PretendPort):
            await self.port.advance()
            await self.hear(self.port)
        await _each(self.ask_for_news, self.port.name)
        await self.process()
        settling, now = self.settling, self.now()
        since = now - GRACE
        for row in await checkouts.list_due(self.pool, self.port.name, now):
            await _each(self.checkouts.look_at_due, row)
        unheard, lapsed = now - paying.UNHEARD, now - paying.LOOK_AT_LAST
        for subscription_id in await payments.list_overdue(self.pool, self.port.name, since, unheard, lapsed):
            await _each(settling.whole_subscription, subscription_id)
        for payment_id in await invoices.list_collectable(self.pool, self.port.name):
            await _each(settling.payment, payment_id)
        for team_id in await payments.teams_left_by_providers(self.pool, self.port.name, since):
            await _each(settling.end_left_plan, team_id)

    async def forget(self, context: ScheduleContext | None = None) -> None:
        """Delete what providers told long ago, unless it still waits to be acted on."""
        await checkouts.forget(self.pool, self.now() - paying.CHECKOUTS_KEPT)
        await self.trials.forget()
        before = self.now() - paying.EVENTS_KEPT
        while await payments.forget_events(self.pool, before, FORGOTTEN_AT_ONCE_MAX) == FORGOTTEN_AT_ONCE_MAX:
            pass

    @property
    def _back_url(self) -> str:
        return f"{self.site}/billing"

    async def _change(self, way: Way, found: Subscription, offer: Offer) -> None:
        key = f"{found.id}-{new_id()}"
        try:
            if way is Way.NOW:
                await self.port.upgrade(found.id, offer, key=key)
            else:
                await self.port.change_at_period_end(found.id, offer, key=key)
        except Refused as refused:
            raise Conflict(
                refused.message, "The plan is as before. On the page Credits, look at the card, then choose again."
            ) from refused

    async def _catch_up(self, subscription_id: str) -> None:
        """See at once what was just changed; the news of it may take a moment."""
        if isinstance(self.port, PretendPort):
            await self.hear(self.port)
            await self.process()
        await self.settling.subscription(subscription_id)

    async def _subscription_of(self, row: Row | None) -> Subscription | None:
        """What the team has its plan by, as it stands now."""
        if row is None or row["provider"] != self.port.name or row["plan"] is None:
            return None
        return await self.port.read_subscription(row["subscription_id"])

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
            raise Invalid("Choose either a plan or a pack.", "Send one of the two, by its key.", field="plan")
        if pack is not None:
            await self._refuse_own(transaction)
            if pack not in packs():
                raise Invalid("There is no such pack.", "GET /api/billing/subscription lists them.", field="pack")
            return packs()[pack].offer()
        chosen = await self._sold_plan(transaction, plan or "")
        refuse_second(await self.find_subscription(transaction), self.port.name)
        offer = paying.offer_of(chosen, with_trial=True)
        purse = await purses.find_purse(transaction.driver, transaction.team_id)
        if offer.trial_days and purse is not None and purse.plan.key == GUEST:  # anybody is a new guest at any time
            raise Denied("Guests cannot try a plan yet.", "Register first; what you made stays yours.")
        return offer

    async def _sold_plan(self, transaction: Transaction, key: str) -> Plan:
        await self._refuse_own(transaction)
        chosen = await purses.find_newest_plan(transaction.driver, key)
        if chosen is None or not chosen.is_offered or not chosen.price_cents:
            raise Invalid("This plan cannot be bought.", "GET /api/billing/plans lists those that can.", field="plan")
        return chosen

    async def _refuse_own(self, transaction: Transaction) -> None:
        purse = await purses.find_purse(transaction.driver, transaction.team_id)
        if purse.plan.is_own if purse else self.books.default_plan == OWN:
            raise Conflict("Nobody pays on their own machine.", "Everything can be used as it is.")


def edition_of_subscription(row: Row | None) -> str:
    """Of what a team pays for, and of each attempt to change it."""
    names = ("turns", "plan", "plan_version", "status", "period_end", "ends_at_period_end", "next_plan")
    return edition_of(*(str(row[name]) for name in names)) if row is not None else edition_of()


async def _each(look: Callable[[Any], Any], what: object) -> None:
    """One that cannot be looked at keeps the others from nothing."""
    try:
        await look(what)
    except Exception as error:
        _log.warning("a payment or subscription cannot be looked at", what=str(what), error=repr(error))
