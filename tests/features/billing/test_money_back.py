"""Money that is gone again: refunds whole and in parts, disputes, and what becomes of the credits that it brought."""

from datetime import timedelta
from typing import Any

import pytest

from overprint.core.problems import Denied, TooOften
from overprint.features.billing.rules.paying import Brought, Settled, settled
from overprint.features.billing.store.invoices import list_collectable
from overprint.ports.payments import Dispute, Payment
from tests.features.billing.shop import FREE, PRO, Shop
from tests.features.billing.team import step

PACK = 500


def payment(refunded: int = 0, dispute: Dispute = Dispute.NONE, disputed: int = 0) -> Payment:
    return Payment("p", "c", 500, refunded, dispute, disputed)


@pytest.mark.parametrize(
    ("stands", "taken", "available", "used", "expected"),
    [
        (payment(), 0, 500, 0, Settled(0, 0, 0)),
        (payment(200), 0, 500, 0, Settled(200, 200, 0)),
        (payment(300), 200, 300, 0, Settled(300, 300, 0)),
        (payment(500), 0, 100, 400, Settled(500, 100, 0)),
        (payment(1), 0, 500, 0, Settled(1, 1, 0)),
        (payment(0, Dispute.OPEN, 500), 0, 500, 0, Settled(0, 500, 0)),
        (payment(0, Dispute.OPEN, 500), 0, 100, 400, Settled(0, 100, 400)),
        (payment(0, Dispute.LOST, 500), 100, 0, 400, Settled(0, 100, 400)),
        (payment(0, Dispute.WON, 500), 100, 0, 400, Settled(0, 0, 0)),
        (payment(200, Dispute.OPEN, 500), 200, 300, 0, Settled(200, 500, 0)),
        (payment(200, Dispute.WON, 300), 500, 0, 0, Settled(200, 200, 0)),
        # What expired unspent is neither taken nor owed.
        (payment(0, Dispute.LOST, 500), 0, 0, 50, Settled(0, 0, 50)),
    ],
)
def test_what_becomes_of_the_credits_follows_from_how_the_money_stands(
    stands: Payment, taken: int, available: int, used: int, expected: Settled
) -> None:
    assert settled(stands, Brought(500, 500, taken, available, used)) == expected


async def bought(shop: Shop, **what: Any) -> str:
    await shop.buy(**what)
    return str((await shop.invoices())[0]["charge_id"])


async def spend(shop: Shop, credits: int) -> None:
    job = await shop.team.begin(credits)
    await shop.team.deliver(step(job, "s", credits))
    await shop.team.end(job)


async def alerts(shop: Shop) -> list[str]:
    rows = await shop.team.database.system.fetch(
        "SELECT action FROM audit_log WHERE team_id = $1 AND action LIKE 'payment.dispute%' ORDER BY seq", shop.team.id
    )
    return [row["action"] for row in rows]


async def test_what_banks_took_back_did_not_come_in_this_month(shop: Shop) -> None:
    charge, came_in = await bought(shop, pack="pack-500"), []
    acts = (
        shop.till.give_back(charge, 100),
        shop.till.dispute(charge, 500),
        shop.till.close_dispute(charge, is_won=True),
    )
    for act in acts:
        await act
        await shop.hear()
        came_in.append((await shop.team.credits.this_month(shop.team.admin))[0]["usd"])
    assert came_in == [400, 0, 400]


async def test_a_dispute_holds_the_credits_back_and_what_was_spent_is_owed_and_seen(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    await spend(shop, FREE + 200)
    await shop.till.dispute(charge, 500)
    await shop.hear()
    (invoice,) = await shop.invoices()
    assert (await shop.team.spendable(), invoice["owed_credits"], invoice["dispute"]) == (0, 200, "open")
    (seen,) = await shop.payments.list_disputed(shop.team.admin, 10, None)
    assert (seen["team_id"], seen["owed_credits"]) == (shop.team.id, 200)
    with pytest.raises(Denied):
        await shop.payments.list_disputed(shop.team.owner, 10, None)
    assert await alerts(shop) == ["payment.dispute_open"]


async def test_a_dispute_that_we_win_gives_everything_again(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    await spend(shop, FREE + 200)
    for _ in range(2):
        await shop.till.dispute(charge, 500)
        await shop.hear()
        await shop.till.close_dispute(charge, is_won=True)
        await shop.hear()
        (invoice,) = await shop.invoices()
        assert (await shop.team.spendable(), invoice["owed_credits"], invoice["dispute"]) == (300, 0, "won")
    assert await shop.team.credits.find_drift() == []


async def test_a_dispute_that_we_lose_stays_as_it_is_and_the_debt_too(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    await spend(shop, FREE + 200)
    await shop.till.dispute(charge, 500)
    await shop.till.close_dispute(charge, is_won=False)
    await shop.hear()
    (invoice,) = await shop.invoices()
    assert (await shop.team.spendable(), invoice["owed_credits"], invoice["dispute"]) == (0, 200, "lost")
    assert await alerts(shop) == ["payment.dispute_lost"]


async def test_what_a_job_held_while_it_was_disputed_is_taken_when_it_comes_back(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    job = await shop.team.begin(FREE + 500)
    await shop.till.dispute(charge, 500)
    await shop.hear()
    assert (await shop.invoices())[0]["owed_credits"] == 500
    await shop.team.end(job)
    await shop.payments.work()
    assert (await shop.invoices())[0]["owed_credits"] == 0
    assert await shop.team.spendable() == FREE
    await shop.till.close_dispute(charge, is_won=True)
    await shop.hear()
    assert await shop.team.spendable() == FREE + 500


async def test_after_a_part_was_given_back_so_is_what_a_job_held(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    job = await shop.team.begin(FREE + 500)
    await shop.till.give_back(charge, 300)
    await shop.hear()
    await shop.team.end(job)
    await shop.payments.work()
    assert await shop.team.spendable() == FREE + 200


async def test_a_refund_in_many_small_parts_takes_what_one_takes(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    for cents in (1, 33, 66, 100, 300):
        await shop.till.give_back(charge, cents)
        await shop.hear()
    (invoice,) = await shop.invoices()
    assert (await shop.team.spendable(), invoice["refunded_cents"], invoice["state"]) == (FREE, 500, "refunded")


async def test_a_refund_after_the_credits_were_spent_takes_nothing_below_zero_and_owes_nothing(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    await spend(shop, FREE + 450)
    await shop.till.give_back(charge, 500)
    await shop.hear()
    (invoice,) = await shop.invoices()
    assert (await shop.team.spendable(), invoice["taken_credits"], invoice["owed_credits"]) == (0, 50, 0)


async def test_a_refund_that_failed_gives_the_credits_again(shop: Shop) -> None:
    charge = await bought(shop, pack="pack-500")
    await shop.till.give_back(charge, 500)
    await shop.hear()
    assert await shop.team.spendable() == FREE
    failed = await shop.till.read_payment(charge)
    assert failed is not None
    await shop.till._note(Payment(failed.id, failed.customer_id, failed.amount_cents, 0), "refund.failed")
    await shop.hear()
    (invoice,) = await shop.invoices()
    assert (await shop.team.spendable(), invoice["state"]) == (FREE + 500, "paid")


async def test_a_months_money_given_back_takes_its_credits_and_leaves_the_plan_to_the_subscription(
    shop: Shop,
) -> None:
    before = await shop.team.spendable()
    charge = await bought(shop, plan="pro")
    await shop.till.give_back(charge, 1000)
    await shop.hear()
    assert (await shop.plan(), await shop.team.spendable()) == ("pro", before)
    await shop.pass_by(30.01)
    await shop.team.expire()
    assert await shop.team.spendable() == PRO


async def test_of_an_upgrade_the_difference_is_given_back_with_its_own_credits(shop: Shop) -> None:
    before = await shop.team.spendable()
    await shop.buy(plan="pro")
    await shop.change("team")
    change = (await shop.invoices())[0]
    await shop.till.give_back(change["charge_id"], change["amount_cents"])
    await shop.hear()
    assert await shop.team.spendable() == before + PRO


@pytest.mark.parametrize(
    ("days_late", "plan"),
    [(3, "pro"), (6, "pro"), (8, "free")],
)
async def test_grace_is_a_week_and_paying_late_within_it_is_as_if_it_was_in_time(
    shop: Shop, days_late: float, plan: str
) -> None:
    await shop.buy(plan="pro")
    customer = (await shop.subscription())["customer_id"]
    await shop.till.change_card(customer, declines=True)
    await shop.pass_by(30.01)
    await shop.team.expire()
    await shop.pass_by(days_late)
    await shop.payments.work()
    assert await shop.plan() == plan
    await shop.till.change_card(customer, declines=False)
    await shop.pass_by(3.01)
    await shop.team.expire()
    row = await shop.subscription()
    assert (row["status"], row["past_due_since"], await shop.plan()) == ("active", None, "pro")
    assert [invoice["credits"] for invoice in await shop.invoices()] == [PRO, PRO]
    assert await shop.team.spendable() in (PRO, PRO + FREE), "free credits came if the grace was over"


async def test_a_subscription_that_is_ended_in_grace_ends_the_plan_at_once(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.change_card((await shop.subscription())["customer_id"], declines=True)
    await shop.pass_by(30.01)
    await shop.till.cancel((await shop.subscription())["subscription_id"])
    await shop.hear()
    assert (await shop.plan(), (await shop.subscription())["status"]) == ("free", "cancelled")


async def test_the_days_quota_is_that_of_the_plan_and_begins_anew_each_day(shop: Shop) -> None:
    await shop.team.grant(1000)
    for _ in range(5):
        await shop.team.begin(1)
    with pytest.raises(TooOften):
        await shop.team.begin(1)
    await shop.buy(plan="pro")
    await shop.team.begin(1)
    await shop.till.cancel((await shop.subscription())["subscription_id"])
    await shop.hear()
    with pytest.raises(TooOften):
        await shop.team.begin(1)
    shop.team.clock.ahead += timedelta(days=1)
    await shop.team.begin(1)


async def test_a_plan_of_a_provider_whom_nobody_asks_any_more_ends_after_its_month_and_a_week(shop: Shop) -> None:
    await shop.buy(plan="pro")
    async with shop.team.transaction() as transaction:
        await transaction.driver.execute("UPDATE subscriptions SET provider = 'stripe_test'")
    for days, plan in ((1, "pro"), (35, "pro"), (2, "free")):
        shop.team.clock.ahead += timedelta(days=days)
        await shop.payments.work()
        assert await shop.plan() == plan


async def test_a_subscription_whose_end_nobody_told_is_looked_at_soon_after_its_month(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.cancel((await shop.subscription())["subscription_id"])
    await shop.messages()  # which get lost
    shop.team.clock.ahead += timedelta(days=30, hours=2)
    await shop.payments.work()
    assert await shop.plan() == "free"


async def test_what_was_told_long_ago_is_forgotten_and_what_waits_is_not(shop: Shop) -> None:
    await shop.buy(pack="pack-500")
    await shop.till._drawer.tell("charge.refunded", "till_payment_of_nobody")
    body, signature = (await shop.till.take_messages())[0]
    await shop.payments.receive(body, signature)
    pool = shop.team.database.system
    for days, left in ((59, 2), (2, 1)):
        shop.team.clock.ahead += timedelta(days=days)
        await shop.payments.forget()
        assert await pool.fetchval("SELECT count(*) FROM payment_events") == left


async def test_of_a_team_that_is_gone_nothing_is_collected(shop: Shop) -> None:
    system, name = shop.team.database.system, shop.till.name
    charge = await bought(shop, pack="pack-500")
    job = await shop.team.begin(FREE + PACK)
    await shop.till.dispute(charge, PACK)
    await shop.hear()
    await shop.team.end(job)
    assert await list_collectable(system, name) == [charge]
    await system.execute("UPDATE teams SET closed_at = now() WHERE id = $1", shop.team.id)
    await system.execute("DELETE FROM teams WHERE id = $1", shop.team.id)
    assert await list_collectable(system, name) == []
