"""What follows from how subscriptions stand: which decides, how another plan is come to, how long one is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from overprint.core.problems import Conflict
from overprint.features.billing.rules.paying import GRACE, Way, brings, deciding, expire_at, keeps_plan, way_to
from overprint.features.billing.rules.plans import MONTH, Plan
from overprint.ports.payments import Invoice, Paid, Standing, Subscription

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PRO = Plan("pro", 1, "Pro", 50, 3000, 10**9, 3, (), 1000, "usd", is_offered=True)
LARGE = replace(PRO, key="team", name="Team", monthly_credits=10000, price_cents=3000)
SOLD = Subscription("s", "c", "pro", 1, Standing.ACTIVE, NOW, NOW + MONTH, False, NOW)


def sold(name: str, standing: Standing, days_old: int) -> Subscription:
    return replace(SOLD, id=name, standing=standing, made_at=NOW - timedelta(days=days_old))


@pytest.mark.parametrize(
    ("living", "first", "doubles"),
    [
        ([sold("a", Standing.ACTIVE, 3)], "a", []),
        ([sold("a", Standing.ACTIVE, 3), sold("b", Standing.ACTIVE, 2)], "a", ["b"]),
        ([sold("a", Standing.PAST_DUE, 9), sold("b", Standing.ACTIVE, 2)], "b", ["a"]),
        ([sold("a", Standing.TRIALING, 1), sold("b", Standing.ACTIVE, 2)], "b", ["a"]),
        ([sold("a", Standing.UNPAID, 9), sold("b", Standing.PAST_DUE, 2)], "a", []),
        ([sold("a", Standing.ACTIVE, 2), sold("b", Standing.ACTIVE, 2)], "a", ["b"]),
    ],
)
def test_of_several_subscriptions_the_same_decides_in_whatever_order_they_are_listed(
    living: list[Subscription], first: str, doubles: list[str]
) -> None:
    for listed in permutations(living):
        found = deciding(listed, listed[0])
        assert (found.subscription.id, [one.id for one in found.doubles]) == (first, doubles)


def test_without_any_that_lives_the_one_that_is_asked_about_decides() -> None:
    ended = sold("z", Standing.CANCELLED, 1)
    assert deciding([], ended).subscription == ended


@pytest.mark.parametrize(
    ("standing", "late_days", "is_kept"),
    [
        (Standing.ACTIVE, None, True),
        (Standing.TRIALING, None, True),
        (Standing.PAST_DUE, None, True),
        (Standing.PAST_DUE, 6.9, True),
        (Standing.PAST_DUE, 7.0, False),
        (Standing.UNPAID, None, False),
        (Standing.CANCELLED, None, False),
    ],
)
def test_a_plan_is_kept_while_it_is_paid_and_a_week_longer(
    standing: Standing, late_days: float | None, is_kept: bool
) -> None:
    since = None if late_days is None else NOW - timedelta(days=late_days)
    assert keeps_plan(standing, since, NOW) is is_kept
    assert timedelta(days=7) == GRACE


@pytest.mark.parametrize(
    ("chosen", "found", "had", "way"),
    [
        (LARGE, SOLD, PRO, Way.NOW),
        (PRO, replace(SOLD, plan="team"), LARGE, Way.LATER),
        (PRO, SOLD, PRO, Way.NOTHING),
        (LARGE, replace(SOLD, plan="team", next_plan="pro"), LARGE, Way.STAY),
        (PRO, replace(SOLD, ends_at_period_end=True), PRO, Way.STAY),
        (PRO, replace(SOLD, plan="team", next_plan="pro"), LARGE, Way.NOTHING),
        (PRO, replace(SOLD, plan="team", next_plan="pro", ends_at_period_end=True), LARGE, Way.LATER),
        (replace(LARGE, price_cents=1000), SOLD, PRO, Way.LATER),
        (LARGE, replace(SOLD, ends_at_period_end=True), PRO, Way.NOW),
        (LARGE, replace(SOLD, standing=Standing.TRIALING), PRO, Way.LATER),
    ],
)
def test_what_costs_more_is_had_now_and_what_costs_less_later(
    chosen: Plan, found: Subscription, had: Plan, way: Way
) -> None:
    assert way_to(chosen, found, had) is way


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (LARGE, replace(SOLD, standing=Standing.PAST_DUE)),
        (LARGE, replace(SOLD, standing=Standing.UNPAID)),
        (replace(LARGE, currency="eur"), SOLD),
        (LARGE, replace(SOLD, next_plan="mini")),
    ],
)
def test_what_cannot_be_changed_to_says_what_to_do_instead(chosen: Plan, found: Subscription) -> None:
    with pytest.raises(Conflict) as refused:
        way_to(chosen, found, PRO)
    assert refused.value.next_step


@pytest.mark.parametrize(
    ("plan", "before", "days", "credits"),
    [
        (PRO, None, 30, 3000),
        (PRO, None, 1, 3000),
        (LARGE, PRO, 31, 7000),
        (LARGE, PRO, 15, 3500),
        (LARGE, PRO, 1, 234),
        (LARGE, PRO, 0, 0),
        (LARGE, PRO, -1, 0),
        (PRO, LARGE, 30, 0),
        (LARGE, LARGE, 30, 0),
    ],
)
def test_an_invoice_brings_its_plans_credits_or_what_the_rest_of_a_month_has_more_than_the_plan_before(
    plan: Plan, before: Plan | None, days: int, credits: int
) -> None:
    assert brings(plan, before, timedelta(days=days)) == credits


def test_credits_last_a_whole_month_and_after_a_change_as_long_as_the_month_that_was_changed() -> None:
    end = NOW + timedelta(days=10)
    late = Invoice("i", "c", "s", "p", Paid.PAID, "", 1, "usd", NOW, None, "pro", 1, end)
    assert expire_at(late) == NOW + MONTH
    assert expire_at(replace(late, period_end=NOW + timedelta(days=31))) == NOW + timedelta(days=31)
    assert expire_at(replace(late, plan_before="pro")) == end
