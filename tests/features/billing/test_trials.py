"""Trials of plans: once a team and once whoever begins it, for nothing, and over by themselves."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.problems import Denied, Invalid
from overprint.features.billing.rules.paying import Way
from overprint.features.billing.rules.plans import GUEST, Plan, check_plan
from overprint.features.billing.service.payments import Opened
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


async def _owner(shop: Shop, email: str) -> Principal:
    """Somebody who opened an account with this address."""
    person_id = new_id()
    query = "INSERT INTO people (id, email, name, verified_at) VALUES ($1, $2, 'Mira', now())"
    await shop.team.database.system.execute(query, person_id, email)
    return Principal(person_id, shop.team.id, Role.OWNER)


async def _newcomer(shop: Shop, email: str) -> Shop:
    """Another team of somebody who opened another account."""
    other = Shop(await Team(shop.team.database, clock=shop.team.clock).found())
    other.team.owner = await _owner(other, email)
    return other


async def _leave(shop: Shop) -> None:
    """The account is deleted, and its team with all that it had; the till forgets it, too."""
    pool, team = shop.team.database.system, shop.team
    await pool.execute("UPDATE people SET email = NULL, closed_at = now() WHERE id = $1", team.owner.person_id)
    await pool.execute("UPDATE teams SET closed_at = now() WHERE id = $1", team.id)
    await pool.execute("DELETE FROM teams WHERE id = $1", team.id)
    await pool.execute("DELETE FROM people WHERE id = $1", team.owner.person_id)


async def test_it_comes_once_to_a_mailbox_whichever_account_is_opened_with_it_later(trying: Shop) -> None:
    trying.team.owner = await _owner(trying, "mi.ra+shop@gmail.com")
    await trying.buy(plan="pro")
    await _leave(trying)
    again, other = [await _newcomer(trying, email) for email in ("mira+2@googlemail.com", "mira@example.org")]
    opened = [await _open(shop) for shop in (again, other)]
    assert [(page.trial_days, page.has_tried) for page in opened] == [(0, True), (TRIAL_DAYS, False)]
    marks = await trying.team.database.system.fetch("SELECT mark FROM trials")
    assert all(len(row["mark"]) == 32 and b"mira" not in row["mark"] for row in marks)


async def _open(shop: Shop) -> Opened:
    return await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key="k")


async def test_who_vouches_for_somebody_vouches_for_their_trial_too(trying: Shop) -> None:
    trying.team.owner = await _owner(trying, "mira@example.org")
    other = await _newcomer(trying, "mira@elsewhere.example")
    for shop in (trying, other):
        await trying.team.database.system.execute(
            "INSERT INTO identities (id, person_id, provider, issuer, subject, email, made_at, used_at)"
            " VALUES ($1, $2, 'github', 'https://github.com', '77', '', now(), now())",
            new_id(),
            shop.team.owner.person_id,
        )
        assert await shop.payments.trials.offer(shop.team.id, shop.team.owner.person_id) is (shop is trying)
        await trying.team.database.system.execute("DELETE FROM identities")


async def test_it_is_known_after_the_house_took_another_secret(trying: Shop) -> None:
    await trying.buy(plan="pro")
    newer = replace(trying.payments.trials, secrets=[b"n" * 32, *trying.payments.trials.secrets])
    assert not await newer.offer(new_id(), trying.team.owner.person_id)
    assert await replace(newer, secrets=[b"n" * 32]).offer(new_id(), trying.team.owner.person_id)


async def test_what_was_never_begun_is_forgotten_after_a_month_and_what_was_after_two_years(trying: Shop) -> None:
    await _open(trying)
    trials, person_id = trying.payments.trials, trying.team.owner.person_id
    for is_begun, days in ((False, 29), (True, 729)):
        if is_begun:
            await trying.buy(plan="pro")
        trying.team.clock.ahead += timedelta(days=days)
        await trying.payments.forget()
        assert not await trials.offer(new_id(), person_id)
        trying.team.clock.ahead += timedelta(days=2)
        await trying.payments.forget()
        assert await trying.team.database.system.fetchval("SELECT count(*) FROM trials") == 0


async def test_guests_try_nothing_before_they_register(trying: Shop) -> None:
    async with trying.team.transaction() as transaction:
        await trying.team.plans.put_on(transaction, trying.team.admin, GUEST, "a guest's")
    with pytest.raises(Denied, match="Guests cannot try"):
        await trying.buy(plan="pro")
    await trying.buy(pack="pack-500")
    assert not await trying.team.database.system.fetchval("SELECT EXISTS (SELECT FROM trials)")


async def test_another_plan_that_is_chosen_meanwhile_begins_when_the_trial_ends(trying: Shop) -> None:
    await trying.buy(plan="pro")
    assert [await trying.change(plan) for plan in ("team", "team", "pro", "team")] == [
        *(Way.LATER, Way.NOTHING, Way.STAY, Way.LATER)
    ]
    assert (await trying.plan(), await trying.team.spendable()) == ("pro", FREE + PRO // 3)
    await trying.till.change_card((await trying.subscription())["customer_id"], declines=False)
    await trying.pass_by(TRIAL_DAYS + 0.1)
    await trying.team.expire()
    assert (await trying.plan(), await trying.team.spendable()) == ("team", FREE + LARGE)
    assert [invoice["amount_cents"] for invoice in await trying.invoices()] == [3000, 0]


async def test_choosing_another_plan_makes_no_trial_longer_and_needs_a_card_in_the_end(trying: Shop) -> None:
    await trying.buy(plan="pro")
    await trying.change("team")
    await trying.pass_by(TRIAL_DAYS + 0.1)
    await trying.team.expire()
    assert (await trying.plan(), await trying.team.spendable()) == ("free", FREE)
    assert len(await trying.invoices()) == 1


async def test_a_trial_that_was_ended_in_the_portal_goes_on_if_its_plan_is_chosen_again(trying: Shop) -> None:
    await trying.buy(plan="pro")
    row = await trying.subscription()
    await trying.till.change_card(row["customer_id"], declines=False)
    await trying.till.end_at_period_end(row["subscription_id"], ends=True)
    await trying.hear()
    assert await trying.change("pro") is Way.STAY
    await trying.pass_by(TRIAL_DAYS + 0.1)
    assert ((await trying.subscription())["status"], await trying.plan()) == ("active", "pro")


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
