"""What follows from how a subscription, an invoice or a payment stands. Nothing here asks what was before."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from overprint.core.codec import decode
from overprint.core.problems import Conflict
from overprint.features.billing.rules.plans import MONTH, Plan
from overprint.ports.payments import Invoice, Offer, Payment, Standing, Subscription

GRACE = timedelta(days=7)
TOLD_BEFORE = timedelta(days=3)  # the end of a trial
RETRY_FIRST = timedelta(seconds=10)
RETRY_MAX = timedelta(hours=6)
TRIES_MAX = 30
# Stripe sends again for three days, and lets people send again for thirty. After that nobody tells old news; and if,
# they change nothing, for what they name is read anew and grants under its own id.
EVENTS_KEPT = timedelta(days=60)
# Of pages and subscriptions that no news came of. Stripe closes a page after a day, and banks take days to pay.
LOOK_AT_FIRST, LOOK_AT_LAST = timedelta(minutes=10), timedelta(hours=6)
UNHEARD = timedelta(hours=1)
# Stripe keeps what it told for thirty days. What was told while it was asked may be listed a little later.
NEWS_ASKED_FOR, NEWS_OVERLAP = timedelta(days=29), timedelta(minutes=10)
CHECKOUTS_KEPT = timedelta(days=30)
TRIALS_KEPT = timedelta(days=730)
_GOOD = (Standing.ACTIVE, Standing.TRIALING)


@dataclass(frozen=True, slots=True)
class Pack:
    """Credits that are bought once, and do not expire."""

    key: str
    name: str
    credits: int
    amount_cents: int
    currency: str

    def offer(self) -> Offer:
        return Offer(self.key, 1, self.name, self.amount_cents, self.currency, is_monthly=False)


@cache
def packs() -> Mapping[str, Pack]:
    """The packs there are, by key. A pack whose content changes gets a new key."""
    text = (resources.files("overprint.features.billing") / "prices" / "packs.toml").read_text(encoding="utf-8")
    listed = [decode(Pack, pack) for pack in tomllib.loads(text)["packs"]]
    return {pack.key: pack for pack in listed}


def offer_of(plan: Plan, *, with_trial: bool = False) -> Offer:
    days = plan.trial_days if with_trial else 0
    return Offer(plan.key, plan.version, plan.name, plan.price_cents, plan.currency, is_monthly=True, trial_days=days)


def is_good(standing: Standing) -> bool:
    return standing in _GOOD


def keeps_plan(standing: Standing, past_due_since: datetime | None, now: datetime) -> bool:
    """Whether a team has the plan of its subscription: while it is paid, and for a week of grace after it was not."""
    if is_good(standing):
        return True
    return standing is Standing.PAST_DUE and (past_due_since is None or now < past_due_since + GRACE)


@dataclass(frozen=True, slots=True)
class Deciding:
    """Which of a customer's subscriptions decides about the plan, and those that nobody meant to have besides."""

    subscription: Subscription
    doubles: tuple[Subscription, ...] = ()


def deciding(living: Sequence[Subscription], otherwise: Subscription) -> Deciding:
    """Of those that have not ended: what is in good standing before what is not, and of these the one that is older.

    So it does not change with the order of news. Doubles are there to be ended only beside one that is paid.
    """
    first, *others = sorted(living, key=lambda one: (not is_good(one.standing), one.made_at, one.id)) or [otherwise]
    return Deciding(first, tuple(others) if is_good(first.standing) else ())


def needless(living: Sequence[Subscription], closed_at: datetime | None) -> tuple[Subscription, ...]:
    """Of the subscriptions of a team that ends, those that nobody had anything of: doubles, and what began after its
    end."""
    if not living:
        return ()
    doubles = deciding(living, living[0]).doubles
    late = tuple(one for one in living if closed_at is not None and one.made_at > closed_at and one not in doubles)
    return (*doubles, *late)


class Way(StrEnum):
    """How a subscription comes to another plan."""

    NOW = "now"
    LATER = "later"
    STAY = "stay"
    NOTHING = "nothing"


def way_to(chosen: Plan, found: Subscription, had: Plan) -> Way:
    """What costs more is had at once, anything else when the period ends, for it is paid until then; and after a trial
    whatever is chosen, for nothing is paid before.

    Raises ``Conflict`` for what cannot be changed to.
    """
    if chosen.key == had.key:
        return Way.STAY if found.next_plan is not None or found.ends_at_period_end else Way.NOTHING
    if not is_good(found.standing):
        raise Conflict(
            "The plan that this team has is not paid yet.",
            "On the page Credits, open the portal: pay it there or change the card, then choose again.",
        )
    if chosen.currency != had.currency:
        raise Conflict(
            f"{chosen.name} is sold in another currency than {had.name}.",
            "On the page Credits, end the subscription, and choose this plan when its month is over.",
        )
    if chosen.price_cents <= had.price_cents or found.standing is Standing.TRIALING:
        is_set = found.next_plan == chosen.key and not found.ends_at_period_end
        return Way.NOTHING if is_set else Way.LATER
    if found.next_plan is not None:
        raise Conflict(
            "This team is to have a smaller plan when its month ends.",
            f"Keep {had.name} first, then choose a larger one.",
        )
    return Way.NOW


def brings(plan: Plan, before: Plan | None, rest: timedelta = MONTH, *, is_trial: bool = False) -> int:
    """The credits of an invoice that pays a month of ``plan``, or the ``rest`` of one that began with the plan
    ``before``: of what it has more, the share of the month that is paid for. Of a trial, the share of a month that it
    lasts. Rounded up.

    So each invoice says by itself what it brings, whichever is heard of first; and who changes on a month's last day,
    for a few cents, has the credits of a day and not of a month.
    """
    if before is None and not is_trial:
        return plan.monthly_credits
    more = max(0, plan.monthly_credits - (before.monthly_credits if before else 0))
    seconds = max(0, int(min(rest, MONTH).total_seconds()))
    return -(-more * seconds // int(MONTH.total_seconds()))


def expire_at(invoice: Invoice) -> datetime | None:
    """Until when credits of a paid month can be spent: a whole one even if it was billed late; after a change, only as
    long as the month that was changed; of a trial, as long as that."""
    if (invoice.plan_before is not None or invoice.is_trial) and invoice.period_end is not None:
        return invoice.period_end
    whole = invoice.made_at + MONTH
    return whole if invoice.period_end is None else max(invoice.period_end, whole)


def credits_lost(credits: int, amount_cents: int, gone_cents: int) -> int:
    """How many of the credits that a payment brought go with the money that is gone again; rounded down."""
    return credits * gone_cents // amount_cents if amount_cents else 0


def cents_gone(payment: Payment, amount_cents: int) -> int:
    """The money that is not here any more, or not for sure: given back, or with the bank while it decides."""
    return min(amount_cents, payment.refunded_cents + (payment.disputed_cents if payment.is_at_bank else 0))


@dataclass(frozen=True, slots=True)
class Brought:
    """What an invoice brought, and what is left of it: ``available_credits`` of its lot, and ``used_credits``, which
    are held or captured. ``taken_credits`` were taken back before."""

    credits: int
    amount_cents: int
    taken_credits: int
    available_credits: int
    used_credits: int


@dataclass(frozen=True, slots=True)
class Settled:
    """``taken_credits`` are taken back all in all. ``owed_credits`` cannot be, because they were used: after a refund
    that is our loss, in a dispute it is the team's debt."""

    refunded_cents: int
    taken_credits: int
    owed_credits: int


def settled(payment: Payment, brought: Brought) -> Settled:
    """What becomes of the credits of a payment, by how it stands now. Never more is taken than there is."""
    lost = credits_lost(brought.credits, brought.amount_cents, cents_gone(payment, brought.amount_cents))
    taken = min(lost, brought.taken_credits + brought.available_credits)
    owed = min(lost - taken, brought.used_credits) if payment.is_at_bank else 0
    return Settled(min(payment.refunded_cents, brought.amount_cents), taken, owed)


def look_again_at(made_at: datetime, now: datetime) -> datetime:
    """When to ask again what became of a page where people may pay: soon at first, then every few hours."""
    return now + min(LOOK_AT_LAST, max(LOOK_AT_FIRST, now - made_at))


def retry_after(tries: int) -> timedelta:
    """How long to wait before an event is looked at again that could not be acted on."""
    doubled: int = 2 ** min(tries, 20)
    return min(RETRY_MAX, RETRY_FIRST * doubled)
