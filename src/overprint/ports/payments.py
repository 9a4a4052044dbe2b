"""Taking money: a page where people pay, a page where they change what they pay for, and news of what became of it.

A provider tells of an *event*, signed. What it says is never believed for what it holds: the object that it names is
read anew, so it does not matter in which order events come, or how often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

BODY_MAX_BYTES = 1_000_000


class About(StrEnum):
    """What an event is about."""

    CHECKOUT = "checkout"
    SUBSCRIPTION = "subscription"
    INVOICE = "invoice"
    PAYMENT = "payment"


class Standing(StrEnum):
    """How a subscription stands."""

    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"


class Dispute(StrEnum):
    """Whether who paid has asked their bank for the money back: the bank has it meanwhile, and gives it to who wins."""

    NONE = "none"
    OPEN = "open"
    WON = "won"  # by us: the money is here again
    LOST = "lost"


class Paid(StrEnum):
    """How an invoice stands."""

    OPEN = "open"
    SENT = "sent"  # by bank, which takes days to say whether it pays
    PAID = "paid"
    FAILED = "failed"


class PageState(StrEnum):
    """How a page stands where people may pay. Nobody can pay there any more but while it is open."""

    OPEN = "open"
    SENT = "sent"  # by bank, which takes days to say whether it pays
    PAID = "paid"
    REFUSED = "refused"  # by the bank
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Offer:
    """What is bought: a plan by the month, or a pack of credits once. ``version`` is the plan's. The first
    ``trial_days`` cost nothing and ask for no card; who gave none by then has no subscription any more."""

    key: str
    version: int
    name: str
    amount_cents: int
    currency: str
    is_monthly: bool
    trial_days: int = 0


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """``payment_id`` is the payment of a pack once it is paid; ``subscription_id`` may begin while a bank decides."""

    id: str
    customer_id: str
    offer_key: str
    state: PageState
    amount_cents: int
    currency: str
    subscription_id: str | None = None
    payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """``next_plan`` is what it changes to when its period ends, if it does. ``plan`` is empty if it is for something
    that is not sold here. ``latest_invoice_id`` is what was billed last, of which no news may have come."""

    id: str
    customer_id: str
    plan: str
    plan_version: int
    standing: Standing
    period_start: datetime
    period_end: datetime
    ends_at_period_end: bool
    made_at: datetime
    next_plan: str | None = None
    next_plan_version: int | None = None
    latest_invoice_id: str | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """``subscription_id`` is None for what was not bought by the month; else ``plan`` is the one that it pays for,
    until ``period_end``: the whole month, the rest of one that began with ``plan_before``, or a trial for nothing.
    ``url`` is where people see it."""

    id: str
    customer_id: str
    subscription_id: str | None
    payment_id: str | None
    state: Paid
    description: str
    amount_cents: int
    currency: str
    made_at: datetime
    url: str | None = None
    plan: str | None = None
    plan_version: int = 1
    period_end: datetime | None = None
    plan_before: str | None = None
    plan_before_version: int = 1
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """``refunded_cents`` of it were given back; ``disputed_cents`` are what a dispute is about."""

    id: str
    customer_id: str
    amount_cents: int
    refunded_cents: int
    dispute: Dispute = Dispute.NONE
    disputed_cents: int = 0

    @property
    def is_at_bank(self) -> bool:
        """Whether a dispute took the money away, so that it cannot be given back besides."""
        return self.dispute in (Dispute.OPEN, Dispute.LOST)


@dataclass(frozen=True, slots=True)
class Event:
    """News about one object. ``id`` is the provider's, the same however often it is sent."""

    id: str
    type: str
    object_id: str


# What is acted on, by the type of the event. Stripe's names are everybody's here.
ABOUT = {
    "checkout.session.completed": About.CHECKOUT,
    "checkout.session.async_payment_succeeded": About.CHECKOUT,  # the bank has decided, days later
    "checkout.session.async_payment_failed": About.CHECKOUT,
    "customer.subscription.created": About.SUBSCRIPTION,
    "customer.subscription.updated": About.SUBSCRIPTION,
    "customer.subscription.deleted": About.SUBSCRIPTION,
    "invoice.paid": About.INVOICE,
    "invoice.payment_failed": About.INVOICE,
    "charge.refunded": About.PAYMENT,
    "refund.failed": About.PAYMENT,
    "charge.dispute.created": About.PAYMENT,
    "charge.dispute.closed": About.PAYMENT,
    "charge.dispute.funds_reinstated": About.PAYMENT,
}


class PaymentsPort(Protocol):
    """All but ``read_event`` raise ``Refused``, ``Busy``, ``Unavailable`` or ``Misconfigured``."""

    @property
    def name(self) -> str:
        """What it is called where its objects are kept; two that share no objects have two names."""
        ...

    @property
    def is_pretend(self) -> bool:
        """Whether no real money is moved."""
        ...

    async def make_customer(self, team_id: UUID, name: str) -> str:
        """Who pays for a team, by their id; asked again for the same team, the same one."""
        ...

    async def open_checkout(self, customer_id: str, offer: Offer, *, back_url: str, key: str) -> CheckoutPage:
        """A page where ``offer`` is paid, which leads back to ``back_url``. The same ``key``: the same page."""
        ...

    async def close_checkout(self, checkout_id: str) -> bool:
        """Nobody can pay there any more; False if somebody did already, whatever their bank says."""
        ...

    async def open_portal(self, customer_id: str, *, back_url: str) -> str:
        """The address of a page where the customer changes their card, or ends their subscription."""
        ...

    async def upgrade(self, subscription_id: str, offer: Offer, *, key: str) -> None:
        """Another plan at once: the difference for the rest of the period is paid now. Under the same ``key``, once.

        Raises ``Refused`` if it cannot be paid; then all is as before.
        """
        ...

    async def change_at_period_end(self, subscription_id: str, offer: Offer, *, key: str) -> None:
        """Another plan from the next period on, for nothing now. The plan that it has: it goes on as it is, after
        all."""
        ...

    async def cancel(self, subscription_id: str, *, refunds: bool = False) -> None:
        """End it now, once is enough. ``refunds``: what was paid for its running period is given back first, unless a
        dispute has it."""
        ...

    async def refund(self, payment_id: str) -> None:
        """Give back what is left of a payment, unless a dispute has it. Again is fine."""
        ...

    async def list_news(self, since: datetime, until: datetime) -> list[Event]:
        """What it told of payments in this time, or tried to tell: of money that went again. The newest of them, where
        there were thousands. Empty where nothing that is told can be lost."""
        ...

    async def list_subscriptions(self, customer_id: str) -> list[Subscription]:
        """Those of a customer that are for a plan of ours and have not ended, the oldest first."""
        ...

    async def read_checkout(self, checkout_id: str) -> Checkout | None: ...

    async def read_subscription(self, subscription_id: str) -> Subscription | None: ...

    async def read_invoice(self, invoice_id: str) -> Invoice | None: ...

    async def read_payment(self, payment_id: str) -> Payment | None: ...

    def read_event(self, body: bytes, signature: str) -> Event:
        """What a signed message tells. Raises ``Refused`` unless it is the provider's and new."""
        ...


class Means(StrEnum):
    """By what pretend money is paid. A bank says a little later whether it pays."""

    CARD = "works"
    DECLINED = "declined"
    BANK = "bank"
    REFUSING_BANK = "refusing_bank"


@runtime_checkable
class PretendPort(PaymentsPort, Protocol):
    """A provider whose pages are ours, and whose money is none."""

    async def find_offer(self, checkout_id: str, customer_id: str) -> tuple[Offer, str, PageState] | None:
        """What stands on a customer's checkout page, where it leads back to, and how it stands."""
        ...

    async def pay(self, checkout_id: str, *, by: Means = Means.CARD) -> None:
        """Pay what stands on a checkout page; once is enough. Raises ``Invalid`` for a card that is declined."""
        ...

    async def end_at_period_end(self, subscription_id: str, *, ends: bool) -> None: ...

    async def change_card(self, customer_id: str, *, declines: bool) -> None: ...

    async def advance(self) -> None:
        """Renew or end what is over by the clock, and let banks decide."""
        ...

    async def take_messages(self) -> Sequence[tuple[bytes, str]]:
        """What is to be told by now: (body, signature). Each is told until ``told`` is said of it."""
        ...

    async def told(self, body: bytes) -> None: ...
