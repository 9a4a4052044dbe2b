"""What every payment provider keeps: the same page for the same key, objects as they stand now, signed news."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from overprint.core.problems import Invalid
from overprint.ports.errors import Refused
from overprint.ports.payments import ABOUT, About, Dispute, Event, Offer, PageState, Paid, Standing, Subscription
from tests.contracts.payments.conftest import World

PRO = Offer("pro", 3, "Pro", 1000, "usd", is_monthly=True)
LARGE = Offer("team", 2, "Team", 3000, "usd", is_monthly=True)
PACK = Offer("pack-500", 1, "500 credits", 500, "usd", is_monthly=False)
BACK = "http://localhost/billing"


async def _events(world: World) -> list[Event]:
    return [world.port.read_event(body, signature) for body, signature in await world.messages()]


async def _about(world: World, about: About) -> str:
    """The newest object of this kind that there is news of."""
    return [event.object_id for event in await _events(world) if ABOUT[event.type] is about][-1]


async def _subscribe(world: World) -> Subscription:
    customer = await world.port.make_customer(uuid4(), "Team")
    page = await world.port.open_checkout(customer, PRO, back_url=BACK, key="k")
    await world.pay(page.id)
    found = await world.port.read_subscription(await _about(world, About.SUBSCRIPTION))
    assert found is not None
    assert found.customer_id == customer
    return found


async def test_a_team_is_one_customer_however_often_it_is_asked(world: World) -> None:
    team, other = uuid4(), uuid4()
    made = [await world.port.make_customer(one, "Team") for one in (team, team, other)]
    assert made[0] == made[1] != made[2]


async def test_the_same_key_opens_the_same_page_and_it_is_unpaid_until_it_is_paid(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    pages = [await world.port.open_checkout(customer, PACK, back_url=BACK, key="k") for _ in range(2)]
    assert pages[0] == pages[1]
    assert pages[0].url.startswith("http")
    before = await world.port.read_checkout(pages[0].id)
    assert before is not None
    assert (before.state, before.offer_key) == (PageState.OPEN, "pack-500")
    assert (before.amount_cents, before.currency) == (500, "usd")
    await world.pay(pages[0].id)
    after = await world.port.read_checkout(pages[0].id)
    assert after is not None
    assert (after.state, after.customer_id, after.subscription_id) == (PageState.PAID, customer, None)
    payment = await world.port.read_payment(after.payment_id or "")
    assert payment is not None
    assert (payment.amount_cents, payment.refunded_cents, payment.customer_id) == (500, 0, customer)


async def test_a_plan_that_is_paid_is_a_subscription_with_an_invoice(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    page = await world.port.open_checkout(customer, PRO, back_url=BACK, key="k")
    await world.pay(page.id)
    events = await _events(world)
    assert {event.type for event in events} == {
        "checkout.session.completed",
        "customer.subscription.created",
        "invoice.paid",
    }
    assert len({event.id for event in events}) == len(events)
    by_kind = {ABOUT[event.type]: event.object_id for event in events}
    checkout = await world.port.read_checkout(by_kind[About.CHECKOUT])
    subscription = await world.port.read_subscription(by_kind[About.SUBSCRIPTION])
    invoice = await world.port.read_invoice(by_kind[About.INVOICE])
    assert checkout is not None and subscription is not None and invoice is not None
    assert checkout.subscription_id == subscription.id == invoice.subscription_id
    assert (subscription.plan, subscription.plan_version, subscription.standing) == ("pro", 3, Standing.ACTIVE)
    assert timedelta(days=27) < subscription.period_end - subscription.period_start < timedelta(days=32)
    assert (invoice.state, invoice.amount_cents, invoice.currency) == (Paid.PAID, 1000, "usd")
    assert invoice.payment_id is not None and invoice.description


async def test_a_month_later_it_renews(world: World) -> None:
    before = await _subscribe(world)
    await world.a_month_passes(before.id)
    events = await _events(world)
    assert {event.type for event in events} == {"invoice.paid", "customer.subscription.updated"}
    after = await world.port.read_subscription(before.id)
    assert after is not None
    assert after.period_start == before.period_end < after.period_end


async def _try_out(world: World) -> Subscription:
    customer = await world.port.make_customer(uuid4(), "Team")
    offer = replace(PRO, trial_days=10)
    page = await world.port.open_checkout(customer, offer, back_url=BACK, key="k")
    await world.pay(page.id)
    checkout = await world.port.read_checkout(page.id)
    assert checkout is not None and checkout.state is PageState.PAID
    found = await world.port.read_subscription(checkout.subscription_id or "")
    assert found is not None
    return found


async def test_a_trial_costs_nothing_and_ends_by_itself_where_no_card_was_given(world: World) -> None:
    trial = await _try_out(world)
    assert (trial.standing, trial.period_end - trial.period_start) == (Standing.TRIALING, timedelta(days=10))
    invoice = await world.port.read_invoice(trial.latest_invoice_id or "")
    assert invoice is not None
    assert (invoice.state, invoice.amount_cents, invoice.is_trial, invoice.payment_id) == (Paid.PAID, 0, True, None)
    assert (invoice.plan, invoice.period_end) == ("pro", trial.period_end)
    await world.a_month_passes(trial.id)
    after = await world.port.read_subscription(trial.id)
    assert after is not None
    assert (after.standing, after.latest_invoice_id) == (Standing.CANCELLED, invoice.id)


async def test_a_trial_goes_on_as_a_paid_month_where_a_card_was_given(world: World) -> None:
    trial = await _try_out(world)
    await world.give_card(trial.customer_id)
    await world.a_month_passes(trial.id)
    after = await world.port.read_subscription(trial.id)
    assert after is not None
    invoice = await world.port.read_invoice(after.latest_invoice_id or "")
    assert invoice is not None
    assert (after.standing, invoice.amount_cents, invoice.is_trial) == (Standing.ACTIVE, 1000, False)


async def test_another_plan_chosen_in_a_trial_begins_when_it_ends_and_nothing_is_paid_before(
    world: World,
) -> None:
    trial = await _try_out(world)
    await world.give_card(trial.customer_id)
    await _events(world)
    await world.port.change_at_period_end(trial.id, LARGE, key="up")
    chosen = await world.port.read_subscription(trial.id)
    assert chosen is not None
    assert (chosen.standing, chosen.plan, chosen.next_plan) == (Standing.TRIALING, "pro", "team")
    assert (chosen.period_end, chosen.latest_invoice_id) == (trial.period_end, trial.latest_invoice_id)
    await world.a_month_passes(trial.id)
    after = await world.port.read_subscription(trial.id)
    assert after is not None
    invoice = await world.port.read_invoice(after.latest_invoice_id or "")
    assert invoice is not None
    assert (after.standing, after.plan, after.next_plan) == (Standing.ACTIVE, "team", None)
    assert (invoice.amount_cents, invoice.plan, invoice.plan_before, invoice.is_trial) == (3000, "team", None, False)


async def test_a_trial_that_was_ended_is_not_billed_although_there_is_a_card(world: World) -> None:
    trial = await _try_out(world)
    await world.give_card(trial.customer_id)
    await world.end_at_period_end(trial.id)
    await world.a_month_passes(trial.id)
    after = await world.port.read_subscription(trial.id)
    assert after is not None
    assert (after.standing, after.latest_invoice_id) == (Standing.CANCELLED, trial.latest_invoice_id)


async def test_a_card_that_is_declined_leaves_it_past_due(world: World) -> None:
    before = await _subscribe(world)
    await world.decline_from_now_on(before.customer_id)
    await world.a_month_passes(before.id)
    events = {event.type: event.object_id for event in await _events(world)}
    assert set(events) == {"invoice.payment_failed", "customer.subscription.updated"}
    after = await world.port.read_subscription(before.id)
    invoice = await world.port.read_invoice(events["invoice.payment_failed"])
    assert after is not None and invoice is not None
    assert (after.standing, after.period_end, invoice.state) == (Standing.PAST_DUE, before.period_end, Paid.FAILED)


async def test_what_is_ended_lasts_until_its_period_does(world: World) -> None:
    before = await _subscribe(world)
    await world.end_at_period_end(before.id)
    ending = await world.port.read_subscription(before.id)
    assert ending is not None
    assert (ending.standing, ending.ends_at_period_end) == (Standing.ACTIVE, True)
    await world.a_month_passes(before.id)
    assert (await _events(world))[-1].type == "customer.subscription.deleted"
    after = await world.port.read_subscription(before.id)
    assert after is not None
    assert after.standing is Standing.CANCELLED


async def test_a_refund_is_told_of_the_payment_with_all_that_was_given_back(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    page = await world.port.open_checkout(customer, PACK, back_url=BACK, key="k")
    await world.pay(page.id)
    paid = await world.port.read_checkout(page.id)
    assert paid is not None and paid.payment_id is not None
    await _events(world)
    for cents, total in ((200, 200), (100, 300)):
        await world.refund(paid.payment_id, cents)
        (event,) = await _events(world)
        assert (event.type, event.object_id) == ("charge.refunded", paid.payment_id)
        payment = await world.port.read_payment(event.object_id)
        assert payment is not None
        assert payment.refunded_cents == total


async def test_what_is_left_of_a_payment_is_given_back_once_and_nothing_of_what_a_dispute_has(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    for key, is_disputed in (("left", False), ("disputed", True)):
        page = await world.port.open_checkout(customer, PACK, back_url=BACK, key=key)
        await world.pay(page.id)
        paid = await world.port.read_checkout(page.id)
        assert paid is not None and paid.payment_id is not None
        await (world.dispute(paid.payment_id, 500) if is_disputed else world.refund(paid.payment_id, 200))
        for _ in range(2):
            await world.port.refund(paid.payment_id)
        payment = await world.port.read_payment(paid.payment_id)
        assert payment is not None
        assert payment.refunded_cents == (0 if is_disputed else 500)


async def test_a_dispute_is_told_of_the_payment_and_so_is_its_end(world: World) -> None:
    for key, is_won, end in (("won", True, Dispute.WON), ("lost", False, Dispute.LOST)):
        customer = await world.port.make_customer(uuid4(), "Team")
        page = await world.port.open_checkout(customer, PACK, back_url=BACK, key=key)
        await world.pay(page.id)
        paid = await world.port.read_checkout(page.id)
        assert paid is not None and paid.payment_id is not None
        await _events(world)
        await world.dispute(paid.payment_id, 500)
        (opened,) = await _events(world)
        disputed = await world.port.read_payment(paid.payment_id)
        await world.close_dispute(paid.payment_id, is_won=is_won)
        (closed,) = await _events(world)
        after = await world.port.read_payment(paid.payment_id)
        assert [(event.type, event.object_id) for event in (opened, closed)] == [
            ("charge.dispute.created", paid.payment_id),
            ("charge.dispute.closed", paid.payment_id),
        ]
        assert disputed is not None and after is not None
        assert (disputed.dispute, disputed.disputed_cents) == (Dispute.OPEN, 500)
        assert (after.dispute, after.disputed_cents, after.refunded_cents) == (end, 500, 0)


async def test_an_upgrade_is_had_at_once_for_the_difference_of_what_is_left(world: World) -> None:
    before = await _subscribe(world)
    await _events(world)
    world.clock.ahead += timedelta(days=15)
    await world.port.upgrade(before.id, LARGE, key="u")
    events = {event.type: event.object_id for event in await _events(world)}
    assert set(events) == {"invoice.paid", "customer.subscription.updated"}
    after = await world.port.read_subscription(before.id)
    invoice = await world.port.read_invoice(events["invoice.paid"])
    assert after is not None and invoice is not None
    assert (after.plan, after.plan_version, after.next_plan, after.period_end) == ("team", 2, None, before.period_end)
    assert abs(invoice.amount_cents - 1000) <= 1
    assert (invoice.plan, invoice.plan_version, invoice.plan_before, invoice.plan_before_version) == (
        "team",
        2,
        "pro",
        3,
    )
    assert (invoice.period_end, invoice.subscription_id) == (before.period_end, before.id)
    await world.port.upgrade(before.id, LARGE, key="again")
    assert await _events(world) == [], "it has that plan already"


async def test_an_upgrade_that_cannot_be_paid_leaves_all_as_it_was(world: World) -> None:
    before = await _subscribe(world)
    await world.decline_from_now_on(before.customer_id)
    await _events(world)
    with pytest.raises(Refused, match="declined"):
        await world.port.upgrade(before.id, LARGE, key="u")
    assert await world.port.read_subscription(before.id) == before
    assert await _events(world) == []


async def test_a_smaller_plan_begins_with_the_next_period_and_can_be_undone_until_then(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    await world.pay((await world.port.open_checkout(customer, LARGE, back_url=BACK, key="k")).id)
    (before,) = await world.port.list_subscriptions(customer)
    for n in range(2):
        await world.port.change_at_period_end(before.id, PRO, key=f"down-{n}")
        set_down = await world.port.read_subscription(before.id)
        assert set_down is not None
        assert (set_down.plan, set_down.next_plan, set_down.next_plan_version) == ("team", "pro", 3)
        await world.port.change_at_period_end(before.id, LARGE, key=f"up-{n}")
        undone = await world.port.read_subscription(before.id)
        assert undone == before
        await world.port.change_at_period_end(before.id, PRO, key=f"down-again-{n}")
    assert not [event for event in await _events(world) if event.type == "invoice.paid"][1:], "nothing to pay now"
    await world.a_month_passes(before.id)
    after = await world.port.read_subscription(before.id)
    invoice = await world.port.read_invoice(await _about(world, About.INVOICE))
    assert after is not None and invoice is not None
    assert (after.plan, after.plan_version, after.next_plan) == ("pro", 3, None)
    assert (invoice.plan, invoice.amount_cents, invoice.plan_before) == ("pro", 1000, None)


async def test_choosing_a_plan_lets_one_that_was_to_end_go_on(world: World) -> None:
    before = await _subscribe(world)
    await world.end_at_period_end(before.id)
    await world.port.change_at_period_end(before.id, PRO, key="k")
    assert await world.port.read_subscription(before.id) == before


async def test_what_is_cancelled_is_over_and_with_refunds_its_money_is_given_back_once(world: World) -> None:
    for key, refunds in (("r", True), ("n", False)):
        customer = await world.port.make_customer(uuid4(), "Team")
        await world.pay((await world.port.open_checkout(customer, PRO, back_url=BACK, key=key)).id)
        invoice = await world.port.read_invoice(await _about(world, About.INVOICE))
        (before,) = await world.port.list_subscriptions(customer)
        for _ in range(2):
            await world.port.cancel(before.id, refunds=refunds)
        assert await world.port.list_subscriptions(customer) == []
        kinds = [event.type for event in await _events(world)]
        assert kinds == ["charge.refunded"] * refunds + ["customer.subscription.deleted"]
        assert invoice is not None and invoice.payment_id is not None
        payment = await world.port.read_payment(invoice.payment_id)
        assert payment is not None
        assert payment.refunded_cents == (payment.amount_cents if refunds else 0)
        with pytest.raises(Refused):
            await world.port.upgrade(before.id, LARGE, key=f"late-{key}")


async def test_what_is_disputed_is_ended_all_the_same_and_not_given_back_besides(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    await world.pay((await world.port.open_checkout(customer, PRO, back_url=BACK, key="k")).id)
    invoice = await world.port.read_invoice(await _about(world, About.INVOICE))
    assert invoice is not None and invoice.payment_id is not None
    await world.dispute(invoice.payment_id, 1000)
    (living,) = await world.port.list_subscriptions(customer)
    await world.port.cancel(living.id, refunds=True)
    assert await world.port.list_subscriptions(customer) == []
    payment = await world.port.read_payment(invoice.payment_id)
    assert payment is not None and payment.refunded_cents == 0


async def test_a_page_that_is_closed_cannot_be_paid_and_one_that_was_paid_says_so(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    pages = [await world.port.open_checkout(customer, PRO, back_url=BACK, key=key) for key in "ab"]
    assert [await world.port.close_checkout(pages[0].id) for _ in range(2)] == [True, True]
    with pytest.raises((Invalid, AssertionError)):
        await world.pay(pages[0].id)
    await world.pay(pages[1].id)
    assert not await world.port.close_checkout(pages[1].id)
    assert await world.port.close_checkout("cs_missing")


@pytest.mark.parametrize("pays", [True, False])
async def test_what_is_paid_by_bank_is_with_the_bank_until_that_decides(world: World, pays: bool) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    pages = [await world.port.open_checkout(customer, offer, back_url=BACK, key=offer.key) for offer in (PACK, PRO)]
    decided = PageState.PAID if pays else PageState.REFUSED
    for page in pages:
        await world.send(page.id, pays=pays)
        sent = await world.port.read_checkout(page.id)
        assert sent is not None and sent.state is PageState.SENT
        assert not await world.port.close_checkout(page.id)
    assert sent.subscription_id is not None
    living = await world.port.read_subscription(sent.subscription_id)
    assert living is not None and living.standing is Standing.ACTIVE
    invoice = await world.port.read_invoice(living.latest_invoice_id or "")
    assert invoice is not None and (invoice.state, invoice.amount_cents) == (Paid.SENT, 1000)
    await _events(world)
    for page in pages:
        await world.bank_decides(page.id)
        after = await world.port.read_checkout(page.id)
        assert after is not None and after.state is decided
    told = {event.type for event in await _events(world)}
    assert f"checkout.session.async_payment_{'succeeded' if pays else 'failed'}" in told
    invoice = await world.port.read_invoice(invoice.id)
    assert invoice is not None and invoice.state is (Paid.PAID if pays else Paid.FAILED)
    assert (await world.port.list_subscriptions(customer))[0].standing is (
        Standing.ACTIVE if pays else Standing.PAST_DUE
    )


async def test_a_customers_subscriptions_are_listed_the_oldest_first(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    for key, offer in (("a", PRO), ("b", LARGE)):
        await world.pay((await world.port.open_checkout(customer, offer, back_url=BACK, key=key)).id)
        world.clock.ahead += timedelta(minutes=5)
    assert [one.plan for one in await world.port.list_subscriptions(customer)] == ["pro", "team"]
    assert await world.port.list_subscriptions("cus_nobody") == []


async def test_what_is_not_there_is_none(world: World) -> None:
    assert await world.port.read_checkout("cs_missing") is None
    assert await world.port.read_subscription("sub_missing") is None
    assert await world.port.read_invoice("in_missing") is None
    assert await world.port.read_payment("pi_missing") is None


async def test_the_portal_is_a_page_of_the_customer(world: World) -> None:
    customer = await world.port.make_customer(uuid4(), "Team")
    assert (await world.port.open_portal(customer, back_url=BACK)).startswith("http")


async def test_news_is_believed_only_if_it_is_signed_whole_and_new(world: World) -> None:
    await _subscribe(world)
    customer = await world.port.make_customer(uuid4(), "Team")
    page = await world.port.open_checkout(customer, PACK, back_url=BACK, key="other")
    await world.pay(page.id)
    (message,) = await world.messages()
    body, signature = message
    assert world.port.read_event(body, signature) == world.port.read_event(body, signature)
    for spoiled in ((body + b" ", signature), (body, signature[:-1]), (body, ""), (b"", signature), (body, "t=1,v1=0")):
        with pytest.raises(Refused):
            world.port.read_event(*spoiled)
    world.clock.ahead += timedelta(minutes=6)
    with pytest.raises(Refused, match="too old"):
        world.port.read_event(body, signature)
