"""Another plan in mid month: at once and for the difference if it costs more, with the next month if less."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from overprint.adapters.payments import signing
from overprint.adapters.payments.till import Till
from overprint.core.problems import Conflict, Denied, Invalid, Outdated, Unavailable
from overprint.db.database import Transaction
from overprint.features.billing.rules.paying import Way, offer_of
from overprint.features.billing.service.payments import edition_of_subscription
from overprint.ports.errors import Misconfigured
from overprint.ports.payments import Subscription
from tests.features.billing.shop import FREE, LARGE, PRO, Shop


async def test_a_larger_plan_is_had_at_once_with_its_share_of_the_credits_that_the_month_has_not_brought(
    shop: Shop,
) -> None:
    await shop.team.spendable()
    await shop.buy(plan="pro")
    await shop.pass_by(15)
    assert await shop.change("team") is Way.NOW
    change, month = await shop.invoices()
    assert (month["credits"], change["credits"]) == (PRO, (LARGE - PRO) // 2)
    assert (await shop.plan(), await shop.team.spendable()) == ("team", FREE + PRO + (LARGE - PRO) // 2)
    assert abs(change["amount_cents"] - 1000) <= 1, "the difference for half a month"
    await shop.pass_by(15.01)
    await shop.team.expire()
    assert await shop.team.spendable() == LARGE, "what the old month brought went with it"
    assert (await shop.invoices())[0]["amount_cents"] == 3000


async def test_who_changes_on_the_last_day_of_each_month_has_no_month_for_the_price_of_a_day(shop: Shop) -> None:
    await shop.buy(plan="pro")
    for _ in range(2):
        await shop.pass_by(29)
        await shop.change("team")
        change = (await shop.invoices())[0]
        assert change["credits"] * 2000 <= (change["amount_cents"] + 1) * (LARGE - PRO)
        await shop.change("pro")
        await shop.pass_by(1)
    assert (await shop.plan(), await shop.team.credits.find_drift()) == ("pro", [])


async def test_a_subscription_that_the_provider_sells_at_a_price_of_its_own_brings_no_plan_any_more(shop: Shop) -> None:
    class Elsewhere(Till):
        async def read_subscription(self, subscription_id: str) -> Subscription | None:
            found = await Till.read_subscription(self, subscription_id)
            return replace(found, plan="") if found else None

        async def list_subscriptions(self, customer_id: str) -> list[Subscription]:
            return []

    await shop.buy(plan="team")
    subscription_id = (await shop.subscription())["subscription_id"]
    till = Elsewhere(shop.till.pool, shop.till.clock, shop.till.secret, shop.till.site)
    settling = replace(shop.payments, port=till).settling
    for _ in range(2):
        await settling.subscription(subscription_id)
    await settling.subscription("never ours")
    assert (await shop.plan(), (await shop.subscription())["status"]) == ("free", "cancelled")


async def test_a_plan_ends_a_week_after_its_month_if_the_provider_does_not_know_its_subscription_any_more(
    shop: Shop,
) -> None:
    await shop.buy(plan="pro")
    subscription_id = (await shop.subscription())["subscription_id"]
    await shop.team.database.system.execute("DELETE FROM till_objects WHERE id = $1", subscription_id)
    for days, plan in ((30.01, "pro"), (8, "free")):
        shop.team.clock.ahead += timedelta(days=days)
        await shop.payments.work()
        assert await shop.plan() == plan


async def test_nobody_keeps_a_connection_to_the_database_while_the_provider_is_asked(shop: Shop) -> None:
    is_open = False

    @asynccontextmanager
    async def opening() -> AsyncIterator[Transaction]:
        nonlocal is_open
        async with shop.team.transaction() as transaction:
            is_open = True
            yield transaction
        is_open = False

    class Watched(Till):
        async def read_subscription(self, subscription_id: str) -> Subscription | None:
            assert not is_open
            return await Till.read_subscription(self, subscription_id)

    await shop.buy(plan="pro")
    till = Watched(shop.till.pool, shop.till.clock, shop.till.secret, shop.till.site)
    assert await replace(shop.payments, port=till).change(opening, shop.team.owner, "team") is Way.NOW


async def test_a_plan_that_is_given_twice_brings_its_month_once(shop: Shop) -> None:
    for _ in range(2):
        async with shop.team.transaction() as transaction:
            await shop.team.plans.put_on(transaction, shop.team.admin, "team", "Agreed by contract.")
        assert await shop.team.spendable() == LARGE


async def test_chosen_again_it_is_not_paid_again(shop: Shop) -> None:
    await shop.buy(plan="pro")
    assert [await shop.change("team") for _ in range(3)] == [Way.NOW, Way.NOTHING, Way.NOTHING]
    assert len(await shop.invoices()) == 2


@pytest.mark.parametrize("is_late_first", [True, False])
async def test_in_whatever_order_the_invoices_are_heard_of_a_month_brings_no_more_than_its_largest_plan(
    shop: Shop, is_late_first: bool
) -> None:
    await shop.team.spendable()
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key="k")
    await shop.till.pay(page.id)
    told = list(await shop.messages())
    (living,) = await shop.till.list_subscriptions((await shop.subscription())["customer_id"])
    async with shop.team.transaction() as transaction:
        large = next(plan for plan in await shop.team.plans.list_offered(transaction) if plan.key == "team")
    await shop.till.upgrade(living.id, offer_of(large), key="k")
    told += list(await shop.messages())
    again = [body.replace(b"till_event_", b"till_event_again_") for body, _ in told]
    bodies = [body for body, _ in told] + again
    for body in reversed(bodies) if is_late_first else bodies:
        await shop.payments.receive(body, signing.sign(body, shop.till.secret, shop.team.clock.now()))
        await shop.payments.process()
    assert (await shop.plan(), await shop.team.spendable()) == ("team", FREE + LARGE)
    assert sum(invoice["credits"] for invoice in await shop.invoices()) == LARGE


async def test_a_smaller_plan_begins_when_the_month_ends_is_shown_and_can_be_undone(shop: Shop) -> None:
    await shop.buy(plan="team")
    assert await shop.change("pro") is Way.LATER
    assert ((await shop.subscription())["next_plan"], await shop.plan()) == ("pro", "team")
    assert await shop.change("pro") is Way.NOTHING
    assert await shop.change("team") is Way.STAY
    assert (await shop.subscription())["next_plan"] is None
    await shop.change("pro")
    await shop.pass_by(30.01)
    await shop.team.expire()
    assert (await shop.plan(), await shop.team.spendable()) == ("pro", PRO)
    assert [invoice["amount_cents"] for invoice in await shop.invoices()] == [1000, 3000]


async def test_up_down_and_up_again_grants_nothing_twice(shop: Shop) -> None:
    await shop.team.spendable()
    await shop.buy(plan="pro")
    await shop.change("team")
    await shop.change("pro")
    await shop.change("team")
    assert await shop.team.spendable() == FREE + LARGE
    assert len(await shop.invoices()) == 2


async def test_choosing_its_plan_again_lets_one_that_was_to_end_go_on(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.end_at_period_end((await shop.subscription())["subscription_id"], ends=True)
    await shop.hear()
    assert await shop.change("pro") is Way.STAY
    assert (await shop.subscription())["ends_at_period_end"] is False


async def test_a_card_that_is_declined_changes_nothing_and_says_so(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.change_card((await shop.subscription())["customer_id"], declines=True)
    with pytest.raises(Conflict, match="declined"):
        await shop.change("team")
    assert (await shop.plan(), len(await shop.invoices())) == ("pro", 1)


async def test_who_owes_a_month_pays_it_before_choosing(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.change_card((await shop.subscription())["customer_id"], declines=True)
    await shop.pass_by(30.01)
    with pytest.raises(Conflict, match="not paid yet"):
        await shop.change("team")


async def test_what_cannot_be_changed_is_said(shop: Shop) -> None:
    with pytest.raises(Conflict, match="pays for no plan"):
        await shop.change("team")
    await shop.buy(plan="pro")
    for plan in ("free", "own", "nothing"):
        with pytest.raises(Invalid):
            await shop.change(plan)
    viewer = type(shop.team.owner.role).VIEWER
    with pytest.raises(Denied):
        await shop.payments.change(shop.team.transaction, replace(shop.team.owner, role=viewer), "team")


async def test_each_page_to_pay_for_a_plan_closes_the_one_before(shop: Shop) -> None:
    """Two tabs, or two people."""
    pages = [
        await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan=plan, pack=None, key=plan)
        for plan in ("pro", "team")
    ]
    with pytest.raises(Invalid, match="closed"):
        await shop.till.pay(pages[0].id)
    await shop.till.pay(pages[1].id)
    with pytest.raises(Conflict, match="pays for a plan already"):  # before the news of it came
        await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key="third")
    await shop.hear()
    assert await shop.plan() == "team"
    assert len(await shop.till.list_subscriptions((await shop.subscription())["customer_id"])) == 1


async def test_after_a_subscription_has_ended_another_can_be_bought(shop: Shop) -> None:
    await shop.buy("k", plan="pro")
    for living in await shop.till.list_subscriptions((await shop.subscription())["customer_id"]):
        await shop.till.cancel(living.id)
    await shop.hear()
    assert await shop.plan() == "free"
    with pytest.raises(Conflict, match="paid already"):
        await shop.buy("k", plan="pro")
    await shop.buy("another", plan="team")
    assert await shop.plan() == "team"


async def _buy_behind_our_back(shop: Shop, plan: str) -> str:
    """At the provider's, as through two pages that were paid at the same moment."""
    async with shop.team.transaction() as transaction:
        chosen = next(one for one in await shop.team.plans.list_offered(transaction) if one.key == plan)
    customer = (await shop.subscription())["customer_id"]
    page = await shop.till.open_checkout(customer, offer_of(chosen), back_url="http://localhost", key=f"double-{plan}")
    await shop.till.pay(page.id)
    return page.id


@pytest.mark.parametrize("is_reversed", [True, False])
async def test_of_two_subscriptions_the_older_stays_and_the_other_is_ended_and_given_back(
    shop: Shop, is_reversed: bool
) -> None:
    before = await shop.team.spendable()
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key="k")
    await shop.till.pay(page.id)
    await _buy_behind_our_back(shop, "team")
    told = list(await shop.messages())
    for body, signature in reversed(told) if is_reversed else told:
        await shop.payments.receive(body, signature)
        await shop.payments.process()
        assert await shop.plan() in ("free", "pro"), "it never swaps"
    await shop.hear()
    shop.team.clock.ahead += timedelta(minutes=5)
    await shop.payments.process()
    (living,) = await shop.till.list_subscriptions((await shop.subscription())["customer_id"])
    assert (living.plan, await shop.plan(), await shop.team.spendable()) == ("pro", "pro", before + PRO)
    states = {invoice["amount_cents"]: invoice["state"] for invoice in await shop.invoices()}
    assert states == {1000: "paid", 3000: "refunded"}
    assert await shop.team.credits.find_drift() == []
    told_of = await shop.team.database.system.fetchval(
        "SELECT count(*) FROM audit_log WHERE action = 'subscription.doubled' AND team_id = $1", shop.team.id
    )
    assert told_of == 1


async def test_one_that_is_not_paid_gives_way_to_one_that_is(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.change_card((await shop.subscription())["customer_id"], declines=True)
    await shop.pass_by(30.01)
    await _buy_behind_our_back(shop, "team")
    await shop.hear()
    (living,) = await shop.till.list_subscriptions((await shop.subscription())["customer_id"])
    assert (living.plan, await shop.plan(), (await shop.subscription())["status"]) == ("team", "team", "active")


async def test_a_closed_team_pays_no_more(shop: Shop) -> None:
    await shop.payments.end_all(shop.team.id)
    await shop.buy(plan="pro")
    customer = (await shop.subscription())["customer_id"]
    for _ in range(2):
        await shop.payments.end_all(shop.team.id)
    await shop.hear()
    assert (await shop.till.list_subscriptions(customer), await shop.plan()) == ([], "free")


async def test_free_credits_come_once_a_month_however_often_a_plan_is_bought_and_ended(shop: Shop) -> None:
    for n in range(3):
        await shop.buy(f"k{n}", plan="pro")
        await shop.till.cancel((await shop.subscription())["subscription_id"], refunds=True)
        await shop.hear()
        assert (await shop.plan(), await shop.team.spendable()) == ("free", FREE)
    await shop.pass_by(30.01)
    await shop.team.expire()
    assert await shop.team.spendable() == FREE


async def test_a_provider_that_fails_is_told_of_in_plain_words(shop: Shop) -> None:
    class Broken(Till):
        async def make_customer(self, team_id: UUID, name: str) -> str:
            raise Misconfigured("look at OVERPRINT_PAYMENTS_API_KEY", provider="payments")

    till = Broken(shop.till.pool, shop.till.clock, shop.till.secret, shop.till.site)
    with pytest.raises(Unavailable, match="does not answer as it should") as failed:
        await replace(shop.payments, port=till).checkout(
            shop.team.transaction, shop.team.owner, plan="pro", pack=None, key=None
        )
    assert "OVERPRINT" not in str(failed.value) and failed.value.next_step


async def test_a_change_of_what_another_changed_since_it_was_read_is_refused_before_anything_is_paid(
    shop: Shop,
) -> None:
    await shop.buy(plan="pro")
    seen = edition_of_subscription(await shop.subscription())

    def check(edition: str) -> None:
        if edition != seen:
            raise Outdated("Somebody else changed this.")

    await shop.payments.change(shop.team.transaction, shop.team.owner, "team", check)
    with pytest.raises(Outdated):
        await shop.payments.change(shop.team.transaction, shop.team.owner, "pro", check)
    assert ((await shop.subscription())["next_plan"], await shop.plan()) == (None, "team")


async def test_a_double_that_the_provider_takes_its_time_to_end_stands_in_the_log_once(shop: Shop) -> None:
    ends = 0

    class Lagging(Till):
        async def cancel(self, subscription_id: str, *, refunds: bool = False) -> None:
            nonlocal ends
            ends += 1
            if ends == 3:
                await Till.cancel(self, subscription_id, refunds=refunds)

    await shop.buy(plan="pro")
    await _buy_behind_our_back(shop, "team")
    await shop.messages()
    till = Lagging(shop.till.pool, shop.till.clock, shop.till.secret, shop.till.site)
    settling = replace(shop.payments, port=till).settling
    subscription_id = (await shop.subscription())["subscription_id"]
    while ends < 3:
        await settling.subscription(subscription_id)
    assert (
        await shop.team.database.system.fetchval("SELECT count(*) FROM audit_log WHERE action = 'subscription.doubled'")
        == 1
    )
