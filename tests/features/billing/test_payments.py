"""Buying with pretend money: what providers tell makes plans, credits and receipts agree with what was paid."""

import json
import random
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from overprint.adapters.payments import signing
from overprint.adapters.payments.till import Till
from overprint.core.problems import Conflict, Denied, Invalid
from overprint.db.database import Database
from overprint.features.billing import OWN
from overprint.ports.errors import Refused
from overprint.ports.payments import Means, Payment, Standing, Subscription
from tests.features.billing.shop import FREE, PRO, Shop
from tests.features.billing.team import Team
from tests.support.database import TestDatabase


async def test_a_plan_that_is_paid_is_had_with_its_credits_and_a_receipt(shop: Shop) -> None:
    await shop.team.spendable()
    await shop.buy(plan="pro")
    assert (await shop.plan(), await shop.team.spendable()) == ("pro", FREE + PRO)
    (invoice,) = await shop.invoices()
    assert (invoice["state"], invoice["amount_cents"], invoice["credits"]) == ("paid", 1000, PRO)
    assert (await shop.subscription())["status"] == "active"


async def test_each_month_brings_its_credits_and_those_of_last_month_go(shop: Shop) -> None:
    await shop.buy(plan="pro")
    for _ in range(2):
        await shop.pass_by(30.01)
        await shop.team.expire()
        assert await shop.team.spendable() == PRO
    assert [invoice["state"] for invoice in await shop.invoices()] == ["paid"] * 3
    assert await shop.team.credits.find_drift() == []


async def test_a_pack_is_bought_once_and_lasts(shop: Shop) -> None:
    await shop.buy(pack="pack-500")
    await shop.pass_by(400)
    await shop.team.expire()
    assert await shop.team.spendable() == 500 + FREE
    assert (await shop.invoices())[0]["amount_cents"] == 500


async def test_what_is_paid_is_not_paid_again_by_asking_again_and_another_is_bought_at_once(shop: Shop) -> None:
    before = await shop.team.spendable()
    pages = {(await shop.open(pack="pack-500")).id for _ in range(2)}
    assert len(pages) == 1, "the same page while it is not paid"
    for _ in range(2):
        await shop.till.pay(*pages)
    with pytest.raises(Conflict, match="paid already"):  # which its provider has not told yet
        await shop.buy(pack="pack-500")
    await shop.buy("another", pack="pack-500")
    assert await shop.team.spendable() == before + 1000


@pytest.mark.parametrize("seed", range(6))
async def test_messages_in_any_order_again_and_under_new_ids_come_to_the_same(shop: Shop, seed: int) -> None:
    before, chance = await shop.team.spendable(), random.Random(seed)
    for key, what in (("a", {"plan": "pro"}), ("b", {"pack": "pack-500"})):
        page = await shop.payments.checkout(
            shop.team.transaction, shop.team.owner, key=key, **({"plan": None, "pack": None} | what)
        )
        await shop.till.pay(page.id)
    bodies = [body for body, _ in await shop.messages()]
    renamed = [body.replace(b"till_event_", b"till_event_again_") for body in bodies]
    told = [*bodies, *bodies, *renamed]
    chance.shuffle(told)
    for body in told:
        await shop.payments.receive(body, signing.sign(body, shop.till.secret, shop.team.clock.now()))
        if chance.random() < 0.5:
            await shop.payments.process()
    await shop.payments.process()
    assert (await shop.plan(), await shop.team.spendable()) == ("pro", before + PRO + 500)
    assert len(await shop.invoices()) == 2
    left = await shop.team.database.system.fetchval("SELECT count(*) FROM payment_events WHERE processed_at IS NULL")
    assert left == 0


async def test_who_does_not_pay_keeps_the_plan_for_a_week_of_grace_and_then_has_the_free_one(shop: Shop) -> None:
    await shop.buy(plan="pro")
    customer = (await shop.subscription())["customer_id"]
    await shop.till.change_card(customer, declines=True)
    await shop.pass_by(30.01)
    assert ((await shop.subscription())["status"], await shop.plan()) == ("past_due", "pro")
    assert [invoice["state"] for invoice in await shop.invoices()] == ["failed", "paid"]
    await shop.pass_by(6)
    assert await shop.plan() == "pro"
    await shop.pass_by(1.5)
    await shop.payments.work()
    assert await shop.plan() == "free"
    await shop.till.change_card(customer, declines=False)
    await shop.pass_by(3)
    assert ((await shop.subscription())["status"], await shop.plan()) == ("active", "pro")
    assert [invoice["state"] for invoice in await shop.invoices()] == ["paid", "paid"]


async def test_a_subscription_that_is_ended_lasts_until_its_period_does(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.end_at_period_end((await shop.subscription())["subscription_id"], ends=True)
    await shop.hear()
    row = await shop.subscription()
    assert (row["ends_at_period_end"], await shop.plan()) == (True, "pro")
    await shop.pass_by(30.01)
    assert ((await shop.subscription())["status"], await shop.plan()) == ("cancelled", "free")
    assert len(await shop.invoices()) == 1
    await shop.buy("again", plan="team")
    assert await shop.plan() == "team"


async def test_a_plan_by_contract_outlasts_a_subscription_that_goes_on_and_its_end(shop: Shop) -> None:
    await shop.buy(plan="pro")
    subscription_id = (await shop.subscription())["subscription_id"]
    async with shop.team.transaction() as transaction:
        await shop.team.plans.put_on(transaction, shop.team.admin, "enterprise", "By contract")
    await shop.till.end_at_period_end(subscription_id, ends=True)
    await shop.hear()
    assert await shop.plan() == "enterprise"
    await shop.till.cancel(subscription_id)
    await shop.hear()
    assert (await shop.plan(), (await shop.subscription())["plan"]) == ("enterprise", None)


async def test_news_that_is_overtaken_while_it_is_acted_on_does_not_bring_the_plan_back(shop: Shop) -> None:
    class Overtaken(Till):
        async def read_subscription(self, subscription_id: str) -> Subscription | None:
            found = await Till.read_subscription(self, subscription_id)
            if found is not None and found.standing is Standing.ACTIVE:
                await shop.till.cancel(subscription_id)
                await shop.hear()
            return found

    await shop.buy(plan="pro")
    await shop.till.end_at_period_end((await shop.subscription())["subscription_id"], ends=True)
    ((body, signature),) = await shop.messages()
    till = Overtaken(shop.till.pool, shop.till.clock, shop.till.secret, shop.till.site)
    slow = replace(shop.payments, port=till)
    await slow.receive(body, signature)
    await slow.process()
    assert ((await shop.subscription())["status"], await shop.plan()) == ("cancelled", "free")


async def test_old_news_of_a_refund_changes_nothing(shop: Shop) -> None:
    read = 0

    class Slow(Till):
        async def read_payment(self, payment_id: str) -> Payment | None:
            nonlocal read
            found, read = await Till.read_payment(self, payment_id), read + 1
            return replace(found, refunded_cents=100) if found is not None and read == 1 else found

    await shop.buy(pack="pack-500")
    payment = (await shop.invoices())[0]["charge_id"]
    await shop.till.give_back(payment, 300)
    ((body, _),) = told = await shop.messages()
    await shop.payments.receive(*told[0])
    await shop.payments.process()
    renamed = body.replace(b"till_event_", b"till_event_again_")
    till = Slow(shop.till.pool, shop.till.clock, shop.till.secret, shop.till.site)
    slow = replace(shop.payments, port=till)
    await slow.receive(renamed, signing.sign(renamed, till.secret, shop.team.clock.now()))
    await slow.process()
    (invoice,) = await shop.invoices()
    assert (invoice["refunded_cents"], await shop.team.spendable()) == (300, FREE + 200)


async def test_money_given_back_takes_its_unspent_credits_with_it(shop: Shop) -> None:
    before = await shop.team.spendable()
    await shop.buy(pack="pack-500")
    payment = (await shop.invoices())[0]["charge_id"]
    await shop.till.give_back(payment, 200)
    await shop.hear()
    assert await shop.team.spendable() == before + 300
    job = await shop.team.begin(before + 100)
    await shop.till.give_back(payment, 300)
    await shop.hear()
    assert await shop.team.spendable() == 0, "what is held for a job stays"
    assert (await shop.invoices())[0]["state"] == "refunded"
    await shop.team.end(job)
    assert await shop.team.spendable() == before, "of what the job did not use, those that were given back are gone"
    await shop.team.expire()
    assert await shop.team.credits.find_drift() == []


async def test_money_given_back_before_it_brought_anything_brings_nothing(shop: Shop) -> None:
    """The card was declined, works later, and all is given back: what is told last is acted on first."""
    await shop.buy(plan="pro")
    customer = (await shop.subscription())["customer_id"]
    await shop.till.change_card(customer, declines=True)
    await shop.pass_by(30.01)
    await shop.team.expire()
    await shop.till.change_card(customer, declines=False)
    shop.team.clock.ahead += timedelta(days=3)
    await shop.till.advance()
    told = list(await shop.messages())
    paid_id = json.loads(next(body for body, _ in told if b"invoice.paid" in body))["object_id"]
    invoice = await shop.till.read_invoice(paid_id)
    assert invoice is not None
    async with shop.team.transaction() as transaction:  # as where a payment is known before it has worked
        await transaction.driver.execute(
            "UPDATE invoices SET charge_id = $1 WHERE invoice_id = $2", invoice.payment_id, paid_id
        )
    assert invoice.payment_id is not None
    await shop.till.give_back(invoice.payment_id, invoice.amount_cents)
    for body, signature in [*await shop.messages(), *told]:
        await shop.payments.receive(body, signature)
        await shop.payments.process()
    shop.team.clock.ahead += timedelta(minutes=1)
    await shop.payments.process()
    assert await shop.team.spendable() == 0
    assert await shop.team.credits.find_drift() == []


async def test_who_had_a_plan_for_pretend_money_can_buy_it_for_real(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.cancel((await shop.subscription())["subscription_id"])
    await shop.messages()
    async with shop.team.transaction() as transaction:
        await transaction.driver.execute("UPDATE subscriptions SET provider = 'another', customer_id = 'c'")
    await shop.buy("again", plan="team")
    assert (await shop.plan(), (await shop.subscription())["provider"]) == ("team", "embedded")


async def test_one_subscription_that_cannot_be_looked_at_does_not_keep_the_others_from_ending(shop: Shop) -> None:
    await shop.buy(plan="pro")
    await shop.till.change_card((await shop.subscription())["customer_id"], declines=True)
    await shop.pass_by(30.01)
    other = await Team(shop.team.database, clock=shop.team.clock).found()
    async with other.transaction() as transaction:
        await transaction.driver.execute(
            "INSERT INTO subscriptions (team_id, provider, customer_id, subscription_id, plan, status, past_due_since,"
            " updated_at) VALUES ($1, 'embedded', 'c', 'till_customer_' || $2, 'pro', 'past_due', $3, $3)",
            other.id,
            str(shop.team.id),
            shop.team.clock.now(),
        )
    shop.team.clock.ahead += timedelta(days=7.5)
    await shop.payments.work()
    assert await shop.plan() == "free"


async def test_a_key_of_any_letters_opens_a_page_that_can_be_reached(shop: Shop) -> None:
    for key in ("a/../b?c#d", "ключ", "k" * 200):
        page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key=key)
        assert re.fullmatch(r"[\w-]{1,100}", page.id, re.ASCII)


async def test_news_of_what_is_not_known_yet_waits_for_it(shop: Shop) -> None:
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan=None, pack="pack-500", key="k")
    await shop.till.pay(page.id)
    (paid,) = await shop.messages()
    checkout = await shop.till.read_checkout(page.id)
    assert checkout is not None and checkout.payment_id is not None
    await shop.till.give_back(checkout.payment_id, 500)
    (refunded,) = await shop.messages()
    await shop.payments.receive(*refunded)
    await shop.payments.process()
    error = await shop.team.database.system.fetchval("SELECT error FROM payment_events")
    assert "NotYet" in error
    await shop.payments.receive(*paid)
    await shop.payments.process()
    assert await shop.team.spendable() == FREE, "what was given back is known by the time that it brings anything"
    shop.team.clock.ahead += timedelta(minutes=1)
    await shop.payments.process()
    assert await shop.team.spendable() == FREE


async def test_news_are_taken_one_by_one_however_the_database_goes_about_it(
    shop: Shop, database_urls: TestDatabase
) -> None:
    for key in "abc":
        page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan=None, pack="pack-500", key=key)
        await shop.till.pay(page.id)
    first, *others = await shop.messages()
    await shop.payments.receive(*first)
    owner = await asyncpg.connect(database_urls.owner)
    await owner.execute("ANALYZE payment_events")  # of one row, as in a house where little is bought
    await owner.close()
    for told in others:
        await shop.payments.receive(*told)
    await shop.payments.process()
    assert await shop.team.spendable() == FREE + 3 * 500


async def test_news_that_were_given_up_are_told_and_acted_on_once_they_are_sent_again(shop: Shop) -> None:
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan=None, pack="pack-500", key="k")
    await shop.till.pay(page.id)
    (paid,) = await shop.messages()
    assert await shop.payments.receive(*paid)
    pool = shop.team.database.system
    await pool.execute("UPDATE payment_events SET due_at = NULL, tries = 30, error = 'NotYet()', body = ''")
    count, last = await shop.payments.news_given_up()
    assert (count, last.endswith(f"{page.id}: NotYet()")) == (1, True)
    for is_acted_on in (True, False):
        assert await shop.payments.receive(*paid) is is_acted_on
        await shop.payments.process()
        assert (await shop.team.spendable(), await shop.payments.news_given_up()) == (FREE + 500, (0, ""))


async def test_a_team_keeps_its_version_of_a_plan_until_it_renews(shop: Shop) -> None:
    await shop.buy(plan="pro")
    async with shop.team.transaction() as transaction:
        had = await shop.team.plans.of_team(transaction)
        better = await shop.team.plans.change(shop.team.admin, replace(had, daily_jobs=77), had.version)
        await shop.team.plans.change(shop.team.admin, replace(better, price_cents=2000), better.version)
    await shop.pass_by(1)
    async with shop.team.transaction() as transaction:
        assert (await shop.team.plans.of_team(transaction)).daily_jobs == had.daily_jobs
    await shop.pass_by(30)
    async with shop.team.transaction() as transaction:
        now = await shop.team.plans.of_team(transaction)
    assert (now.daily_jobs, now.price_cents) == (77, had.price_cents), "the newest that costs the same"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body, signature: (body.replace(b"invoice", b"invoyce"), signature),
        lambda body, signature: (body, signature.replace("v1=", "v1=0")),
        lambda body, signature: (body, ""),
        lambda body, signature: (body, "t=,v1=é"),
        lambda body, signature: (body, signature.replace("t=", "t=1")),
        lambda body, signature: (b"{", signature),
    ],
)
async def test_what_the_till_did_not_sign_is_refused_and_not_kept(shop: Shop, spoil: Any) -> None:
    await shop.team.balances()
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key="k")
    await shop.till.pay(page.id)
    told = next(message for message in await shop.messages() if b"invoice" in message[0])
    with pytest.raises(Refused):
        await shop.payments.receive(*spoil(*told))
    assert await shop.team.database.system.fetchval("SELECT count(*) FROM payment_events") == 0


async def test_an_old_message_is_refused(shop: Shop) -> None:
    body = b'{"id": "x", "type": "invoice.paid", "object_id": "y"}'
    signature = signing.sign(body, shop.till.secret, shop.team.clock.now())
    shop.team.clock.ahead += timedelta(minutes=6)
    with pytest.raises(Refused, match="too old"):
        await shop.payments.receive(body, signature)


async def test_what_cannot_be_bought_is_said(shop: Shop) -> None:
    for what in (
        {"plan": "free"},
        {"plan": "own"},
        {"plan": "nothing"},
        {"pack": "nothing"},
        {},
        {"plan": "pro", "pack": "pack-500"},
    ):
        with pytest.raises(Invalid):
            await shop.buy(**what)
    with pytest.raises(Conflict, match="bought nothing yet"):
        await shop.payments.portal(shop.team.transaction, shop.team.owner)
    await shop.buy(plan="pro")
    with pytest.raises(Conflict, match="pays for a plan already"):
        await shop.buy("other", plan="team")
    viewer = replace(shop.team.owner, role=type(shop.team.owner.role).VIEWER)
    with pytest.raises(Denied):
        await shop.payments.checkout(shop.team.transaction, viewer, plan="pro", pack=None, key=None)


async def test_nobody_pays_on_their_own_machine(database: Database) -> None:
    shop = Shop(await Team(database, OWN).found())
    for _ in range(2):
        with pytest.raises(Conflict, match="Nobody pays"):
            await shop.buy(plan="pro")
        await shop.team.begin(5)


async def test_a_declined_card_buys_nothing(shop: Shop) -> None:
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan="pro", pack=None, key="k")
    with pytest.raises(Invalid, match="declined"):
        await shop.till.pay(page.id, by=Means.DECLINED)
    await shop.hear()
    assert await shop.plan() == "free"


async def test_what_was_told_is_kept_until_it_was_acted_on_and_then_only_what_it_was_about(shop: Shop) -> None:
    page = await shop.payments.checkout(shop.team.transaction, shop.team.owner, plan=None, pack="pack-500", key="k")
    await shop.till.pay(page.id)
    (message,) = await shop.messages()
    await shop.payments.receive(*message)
    pool = shop.team.database.system
    assert await pool.fetchval("SELECT body FROM payment_events") == message[0]
    await shop.payments.process()
    row = await pool.fetchrow("SELECT body, type, object_id FROM payment_events")
    assert (row["body"], row["type"], row["object_id"]) == (b"", "checkout.session.completed", page.id)
