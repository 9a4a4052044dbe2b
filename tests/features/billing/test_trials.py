"""Trials of plans: once a team and once whoever begins it, for nothing, and over by themselves."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from overprint.core.principal import Principal, Role
from overprint.core.problems import Conflict, Denied, Invalid
from overprint.features.billing.rules.plans import GUEST, Plan, check_plan
from tests.features.billing.shop import FREE, LARGE, PRO, Shop
from tests.features.billing.team import Team

TRIAL_DAYS = 10


@pytest.fixture
async def trying(shop: Shop) -> Shop:
    """A shop whose plans can be tried, and a team that has its free month already."""
    await shop.team.spendable()
    for plan in ("pro", "team"):
        await shop.offer_trial(plan, days=TRIAL_DAYS)
    return shop


async def test_a_trial_is_the_plan_with_its_share_of_a_months_credits_for_nothing(trying: Shop) -> None:
    await trying.buy(plan="pro")
    assert (await trying.plan(), await trying.team.spendable()) == ("pro", FREE + PRO // 3)
    assert (await trying.subscription())["status"] == "trialing"
    (invoice,) = await trying.invoices()
    assert (invoice["amount_cents"], invoice["state"], invoice["credits"]) == (0, "paid", PRO // 3)


async def test_where_no_card_was_given_it_ends_by_itself_with_its_credits(trying: Shop) -> None:
    await trying.buy(plan="pro")
    await trying.pass_by(TRIAL_DAYS + 0.1)
    await trying.team.expire()
    assert (await trying.plan(), await trying.team.spendable()) == ("free", FREE)
    assert len(await trying.invoices()) == 1
    assert await trying.team.credits.find_drift() == []


async def test_where_a_card_was_given_it_goes_on_as_a_paid_month(trying: Shop) -> None:
    await trying.buy(plan="pro")
    await trying.till.change_card((await trying.subscription())["customer_id"], declines=False)
    await trying.pass_by(TRIAL_DAYS + 0.1)
    await trying.team.expire()
    assert (await trying.plan(), await trying.team.spendable()) == ("pro", FREE + PRO)
    assert [invoice["amount_cents"] for invoice in await trying.invoices()] == [1000, 0]


async def test_it_comes_once_to_a_team_whatever_plan_it_tries_next(trying: Shop) -> None:
    await trying.buy(plan="pro")
    await trying.pass_by(TRIAL_DAYS + 0.1)
    await trying.buy("again", plan="team")
    assert ((await trying.subscription())["status"], (await trying.invoices())[0]["amount_cents"]) == ("active", 3000)
    assert (await trying.invoices())[0]["credits"] == LARGE


async def test_it_comes_once_to_whoever_begins_it_in_whichever_team(trying: Shop) -> None:
    await trying.buy(plan="pro")
    team = await Team(trying.team.database, clock=trying.team.clock).found()
    team.owner = Principal(trying.team.owner.person_id, team.id, Role.OWNER)
    other = Shop(team)
    await other.buy(plan="pro")
    assert (await other.subscription())["status"] == "active"


async def test_it_comes_once_to_who_begins_it_in_two_teams_at_the_same_moment(trying: Shop) -> None:
    team = await Team(trying.team.database, clock=trying.team.clock).found()
    team.owner = Principal(trying.team.owner.person_id, team.id, Role.OWNER)
    other = Shop(team)
    await asyncio.gather(trying.buy(plan="pro"), other.buy(plan="pro"))
    begun = [(await shop.subscription())["status"] for shop in (trying, other)]
    assert sorted(begun) == ["active", "trialing"]


async def test_guests_try_nothing_before_they_register(trying: Shop) -> None:
    async with trying.team.transaction() as transaction:
        await trying.team.plans.put_on(transaction, trying.team.admin, GUEST, "a guest's")
    with pytest.raises(Denied, match="Guests cannot try"):
        await trying.buy(plan="pro")
    await trying.buy(pack="pack-500")
    assert (await trying.subscription())["trial_by"] is None


async def test_while_it_tries_one_plan_a_team_changes_to_no_other(trying: Shop) -> None:
    await trying.buy(plan="pro")
    with pytest.raises(Conflict, match="tries Pro"):
        await trying.change("team")


async def test_news_of_a_trial_in_any_order_grant_it_once(trying: Shop) -> None:
    page = await trying.payments.checkout(trying.team.transaction, trying.team.owner, plan="pro", pack=None, key="k")
    await trying.till.pay(page.id)
    for body, signature in [*reversed(told := await trying.messages()), *told]:
        await trying.payments.receive(body, signature)
        await trying.payments.process()
    trying.team.clock.ahead += timedelta(hours=2)
    await trying.payments.work()
    assert await trying.team.spendable() == FREE + PRO // 3


def test_only_a_plan_that_costs_something_can_be_tried_and_not_for_ever() -> None:
    plan = Plan("pro", 1, "Pro", 50, 3000, 10**9, 3, (), 1000, "usd", is_offered=True, trial_days=90)
    assert check_plan(plan) == plan
    for wrong in (replace(plan, trial_days=91), replace(plan, trial_days=-1), replace(plan, price_cents=0)):
        with pytest.raises(Invalid):
            check_plan(wrong)
