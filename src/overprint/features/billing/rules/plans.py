"""What a plan allows, and how long."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from overprint.core.problems import Invalid, TooOften
from overprint.features.billing.rules.features import check_features

# A value and not the absence of one: whatever is counted is below it. The largest that JSON's readers agree on.
UNLIMITED = 2**53 - 1
OWN, GUEST, FREE = "own", "guest", "free"
MONTH = timedelta(days=30)
# Whoever pays in another currency is not compared: nobody here knows what it is worth.
_CENT_MICRODOLLARS = {"usd": 10_000}
NAME_MAX_CHARACTERS = 120
WEIGHT_MAX = 60
TRIAL_MAX_DAYS = 90


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan. A team keeps the version it has until it renews.

    ``weight`` is the priority of its jobs, ``monthly_credits`` come each month and expire with it. Who never had a
    trial has the first ``trial_days`` for nothing.
    """

    key: str
    version: int
    name: str
    daily_jobs: int
    monthly_credits: int
    storage_bytes: int
    weight: int
    features: tuple[str, ...]
    price_cents: int
    currency: str
    is_offered: bool
    trial_days: int = 0

    @property
    def is_own(self) -> bool:
        """The machine's owner's: the house lends what each job needs, and nobody pays."""
        return self.key == OWN

    def is_unlimited(self, number: str) -> bool:
        """Whether one of its numbers means that there is no limit."""
        return int(getattr(self, number)) >= UNLIMITED

    @property
    def renews_by_itself(self) -> bool:
        """Without anybody paying: its credits come each month as long as the team has it."""
        return self.price_cents == 0 and self.monthly_credits > 0


@dataclass(frozen=True, slots=True)
class Undersold:
    """A plan whose credits are sold for ``sold_microdollars`` each, which is less than is taken for what they buy. With
    ``enough_credits`` a month they would not be."""

    plan: Plan
    sold_microdollars: float
    enough_credits: int


def undersold(plans: Sequence[Plan], taken_microdollars: float) -> tuple[Undersold, ...]:
    """Of plans that are bought, those whose credits bring less than a provider takes for what each of them pays for."""
    found = []
    for plan in plans:
        paid = plan.price_cents * _CENT_MICRODOLLARS.get(plan.currency, 0)
        if plan.is_offered and paid and paid < plan.monthly_credits * taken_microdollars:
            enough = math.floor(paid / taken_microdollars)
            found.append(Undersold(plan, paid / plan.monthly_credits, enough))
    return tuple(found)


def check_plan(plan: Plan) -> Plan:
    """Raises ``Invalid`` for numbers that mean nothing, and for features that there are not."""
    for name in ("daily_jobs", "monthly_credits", "storage_bytes", "price_cents"):
        if not 0 <= getattr(plan, name) <= UNLIMITED:
            raise Invalid(f"{name} is from 0 to {UNLIMITED}, which means unlimited.", field=name)
    if not 1 <= plan.weight <= WEIGHT_MAX:
        raise Invalid(f"weight is from 1 to {WEIGHT_MAX}.", field="weight")
    if not 0 <= plan.trial_days <= (TRIAL_MAX_DAYS if plan.price_cents else 0):
        words = f"A trial has at most {TRIAL_MAX_DAYS} days, and only a plan that costs something has one."
        raise Invalid(words, field="trial_days")
    if not plan.name.strip() or len(plan.name) > NAME_MAX_CHARACTERS or not plan.name.isprintable():
        raise Invalid(f"A plan needs a name of at most {NAME_MAX_CHARACTERS} characters.", field="name")
    if len(plan.currency) != 3 or not plan.currency.isascii() or not plan.currency.islower():
        raise Invalid("A currency is three small letters, such as usd.", field="currency")
    return replace(plan, features=check_features(plan.features))


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What one field of a plan was, and becomes."""

    field: str
    was: object
    becomes: object


def changes_of(old: Plan, new: Plan) -> list[PlanChange]:
    """What differs, in the order of the fields; the version does not count."""
    names = [field.name for field in fields(Plan) if field.name not in ("key", "version")]
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return [PlanChange(name, was, becomes) for name, was, becomes in pairs if was != becomes]


def follows(old: Plan, new: Plan) -> bool:
    """Whether who has ``old`` comes to ``new`` when they renew: what costs something else they choose themselves."""
    return (old.price_cents, old.currency) == (new.price_cents, new.currency)


def refuse_over_quota(plan: Plan, jobs_today: int, now: datetime) -> None:
    """Raises ``TooOften`` when the team began as many jobs today (UTC) as its plan allows."""
    if jobs_today < plan.daily_jobs:
        return
    midnight = midnight_before(now) + timedelta(days=1)
    raise TooOften(
        f"The plan {plan.name} allows {plan.daily_jobs} jobs a day, and this team began {jobs_today} today.",
        "Go on after midnight UTC, or choose a larger plan.",
        retry_after_seconds=max(1, int((midnight - now).total_seconds())),
    )


@dataclass(frozen=True, slots=True)
class FreeOnes:
    """How many jobs of a kind that costs nothing a team may begin a day, and how many a guest's."""

    a_day: int
    of_guests: int

    def bound(self, plan: Plan) -> int:
        return self.of_guests if plan.key == GUEST else self.a_day


def refuse_over_bound(bound: int, jobs_today: int, now: datetime) -> None:
    """Raises ``TooOften`` when the team began more jobs of a kind that is free than it may in a day (UTC)."""
    if jobs_today > bound:
        raise TooOften(
            f"This team had {bound} of these today, as many as are free.",
            "Go on after midnight UTC, or make the whole work.",
            retry_after_seconds=max(1, int((midnight_before(now) + timedelta(days=1) - now).total_seconds())),
        )


def midnight_before(now: datetime) -> datetime:
    """When the day began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def storage_limit_bytes(plan: Plan, otherwise: int) -> int:
    """What the team may keep; what the installation allows where the plan sets no limit."""
    return otherwise if plan.storage_bytes >= UNLIMITED else plan.storage_bytes


def period_of(renews_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The month that ``now`` is in, counted from ``renews_at``: credits of months that nobody came by are not made up
    for."""
    start = renews_at + (now - renews_at) // MONTH * MONTH
    return start, start + MONTH
