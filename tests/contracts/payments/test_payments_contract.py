"""What every payment provider keeps: the same page for the same key, objects as they stand now, signed news."""

from datetime import timedelta
from uuid import uuid4

import pytest

from overprint.ports.errors import Refused
from overprint.ports.payments import ABOUT, About, Event, Offer, Paid, Standing, Subscription
from tests.contracts.payments.conftest import World

PRO = Offer("pro", 3, "Pro", 1000, "usd", is_monthly=True)
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
    assert (before.is_paid, before.offer_key, before.amount_cents, before.currency) == (False, "pack-500", 500, "usd")
    await world.pay(pages[0].id)
    after = await world.port.read_checkout(pages[0].id)
    assert after is not None
    assert (after.is_paid, after.customer_id, after.subscription_id) == (True, customer, None)
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
