"""What follows from how a subscription, an invoice or a payment stands. Nothing here asks what was before."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from overprint.core.codec import decode
from overprint.features.billing.rules.plans import Plan
from overprint.ports.payments import Offer, Standing

GRACE = timedelta(days=7)
RETRY_FIRST = timedelta(seconds=10)
RETRY_MAX = timedelta(hours=6)
TRIES_MAX = 30


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


def offer_of(plan: Plan) -> Offer:
    return Offer(plan.key, plan.version, plan.name, plan.price_cents, plan.currency, is_monthly=True)


def keeps_plan(standing: Standing, past_due_since: datetime | None, now: datetime) -> bool:
    """Whether a team has the plan of its subscription: while it is paid, and for a week of grace after it was not."""
    if standing in (Standing.ACTIVE, Standing.TRIALING):
        return True
    return standing is Standing.PAST_DUE and (past_due_since is None or now < past_due_since + GRACE)


def credits_lost(credits: int, amount_cents: int, refunded_cents: int) -> int:
    """How many of the credits that a payment brought go with the money that was given back; rounded down."""
    return credits * refunded_cents // amount_cents if amount_cents else 0


def retry_after(tries: int) -> timedelta:
    """How long to wait before an event is looked at again that could not be acted on."""
    doubled: int = 2 ** min(tries, 20)
    return min(RETRY_MAX, RETRY_FIRST * doubled)
