"""What only Stripe has: a key that may be wrong, a network that may fail, and events that name what we do not know."""

import json
import re
import socket
from pathlib import Path
from uuid import uuid4

import pytest
import stripe as library

from overprint.adapters.payments import signing
from overprint.adapters.payments.stripe import API_VERSION, StripePayments
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.payments import ABOUT, About, Dispute, Offer, PageState, Standing
from tests.contracts.payments.conftest import StripeWorld
from tests.contracts.payments.stripe_server import KEY, SECRET
from tests.support.clock import SetClock

PRO = Offer("pro", 1, "Pro", 1000, "usd", is_monthly=True)
PACK = Offer("pack-500", 1, "500 credits", 500, "usd", is_monthly=False)


@pytest.mark.parametrize(("status", "kind"), [(429, Busy), (500, Unavailable), (400, Refused), (403, Misconfigured)])
async def test_a_failure_is_told_by_its_kind(stripe: StripeWorld, status: int, kind: type[ProviderError]) -> None:
    stripe.server.fails = [status] * 5
    with pytest.raises(kind) as failed:
        await stripe.port.make_customer(uuid4(), "Team")
    assert KEY not in str(failed.value)


async def test_a_passing_failure_is_asked_again(stripe: StripeWorld) -> None:
    stripe.server.fails = [500]
    assert (await stripe.port.make_customer(uuid4(), "Team")).startswith("cus_")
    assert stripe.server.asked == 2


async def test_a_wrong_key_is_the_operators_to_mend(stripe: StripeWorld) -> None:
    wrong = StripePayments("sk_test_other", [SECRET], stripe.clock, base_url=stripe.base_url)
    with pytest.raises(Misconfigured, match="OVERPRINT_PAYMENTS_API_KEY"):
        await wrong.make_customer(uuid4(), "Team")


async def test_a_server_that_is_away_is_unavailable() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    away = StripePayments(KEY, [SECRET], SetClock(), base_url=f"http://127.0.0.1:{port}")
    with pytest.raises(Unavailable):
        await away.make_customer(uuid4(), "Team")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"id": 1, "type": "charge.refunded", "data": {"object": {}}}', b"\xff", b'{"data": 5}'],
)
def test_a_signed_message_that_makes_no_sense_is_refused(body: bytes) -> None:
    clock = SetClock()
    port = StripePayments(KEY, [SECRET], clock)
    with pytest.raises(Refused):
        port.read_event(body, signing.sign(body, SECRET, clock.now()))


async def test_an_invoice_pays_for_the_plan_that_its_largest_line_is(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    page = await stripe.port.open_checkout(customer, PRO, back_url="http://localhost", key="k")
    await stripe.pay(page.id)
    invoice = next(thing for thing in stripe.server.objects.values() if thing["object"] == "invoice")
    for reason, is_change, pays_a_month in (
        ("subscription_create", False, True),
        ("subscription_cycle", False, True),
        ("subscription_update", True, True),
        ("manual", False, False),
    ):
        invoice["billing_reason"] = reason
        found = await stripe.port.read_invoice(invoice["id"])
        assert found is not None
        assert (found.plan, found.plan_version, found.plan_before is not None) == ("pro", 1, is_change)
        assert (found.subscription_id is not None) is pays_a_month
    invoice["lines"]["data"].append({**invoice["lines"]["data"][0], "amount": 2000, "pricing": None})
    found = await stripe.port.read_invoice(invoice["id"])
    assert found is not None and found.plan is None, "somebody at Stripe sells another thing by it"


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("incomplete", Standing.UNPAID),
        ("incomplete_expired", Standing.CANCELLED),
        ("unpaid", Standing.UNPAID),
        ("paused", Standing.UNPAID),
        ("trialing", Standing.TRIALING),
        ("something new", Standing.UNPAID),
    ],
)
async def test_every_status_of_a_subscription_is_one_of_ours(
    stripe: StripeWorld, status: str, standing: Standing
) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    await stripe.pay((await stripe.port.open_checkout(customer, PRO, back_url="http://localhost", key="k")).id)
    made = next(thing for thing in stripe.server.objects.values() if thing["object"] == "subscription")
    made["status"] = status
    found = await stripe.port.read_subscription(made["id"])
    assert found is not None and found.standing is standing


@pytest.mark.parametrize(
    ("status", "dispute"),
    [
        ("warning_needs_response", Dispute.NONE),
        ("prevented", Dispute.NONE),
        ("under_review", Dispute.OPEN),
        ("won", Dispute.WON),
        ("lost", Dispute.LOST),
    ],
)
async def test_every_status_of_a_dispute_is_one_of_ours(stripe: StripeWorld, status: str, dispute: Dispute) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    page = await stripe.port.open_checkout(customer, PACK, back_url="http://localhost", key="k")
    await stripe.pay(page.id)
    paid = await stripe.port.read_checkout(page.id)
    assert paid is not None and paid.payment_id is not None
    await stripe.dispute(paid.payment_id, 500)
    next(thing for thing in stripe.server.objects.values() if thing["object"] == "dispute")["status"] = status
    found = await stripe.port.read_payment(paid.payment_id)
    assert found is not None
    assert (found.dispute, found.disputed_cents) == (dispute, 0 if dispute is Dispute.NONE else 500)


async def test_what_the_operator_sells_by_hand_is_left_alone(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    await stripe.pay((await stripe.port.open_checkout(customer, PRO, back_url="http://localhost", key="k")).id)
    made = next(thing for thing in stripe.server.objects.values() if thing["object"] == "subscription")
    made["items"]["data"][0]["price"]["product"] = "prod_of_somebody"
    found = await stripe.port.read_subscription(made["id"])
    assert found is not None and found.plan == ""
    assert await stripe.port.list_subscriptions(customer) == []


def test_live_and_test_mode_have_two_names_and_do_not_listen_to_each_other() -> None:
    clock = SetClock()
    ports = {mode: StripePayments(f"sk_{mode}_x", [SECRET], clock) for mode in ("live", "test")}
    assert ports["live"].name != ports["test"].name
    for mode, port in ports.items():
        for is_live in (True, False):
            told = {"id": "e", "type": "invoice.paid", "livemode": is_live, "data": {"object": {"id": "in_1"}}}
            body = json.dumps(told).encode()
            if is_live is (mode == "live"):
                assert port.read_event(body, signing.sign(body, SECRET, clock.now())).object_id == "in_1"
            else:
                with pytest.raises(Refused, match="mode"):
                    port.read_event(body, signing.sign(body, SECRET, clock.now()))


def test_while_a_secret_is_replaced_both_are_believed_and_no_third() -> None:
    clock = SetClock()
    port = StripePayments(KEY, ["whsec_new", "whsec_old"], clock)
    body = b'{"id": "e", "type": "invoice.paid", "data": {"object": {"id": "in_1"}}}'
    for secret in ("whsec_new", "whsec_old"):
        assert port.read_event(body, signing.sign(body, secret, clock.now())).id == "e"
    with pytest.raises(Refused, match="not signed by who takes the payments"):
        port.read_event(body, signing.sign(body, "whsec_third", clock.now()))


async def test_our_version_of_the_api_is_asked_for_whatever_the_account_has(stripe: StripeWorld) -> None:
    await stripe.port.make_customer(uuid4(), "Team")
    assert stripe.server.versions == {API_VERSION}


async def test_a_page_that_somebody_else_made_at_stripe_is_read_as_of_no_offer(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    page = await stripe.port.open_checkout(
        customer, Offer("pack-500", 1, "500", 500, "usd", is_monthly=False), back_url="http://localhost", key="k"
    )
    stripe.server.objects[page.id]["metadata"] = None
    found = await stripe.port.read_checkout(page.id)
    assert found is not None
    assert found.offer_key == ""


async def test_what_a_bank_paid_is_here_before_its_page_says_so(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    offer = Offer("pack-500", 1, "500", 500, "usd", is_monthly=False)
    page = await stripe.port.open_checkout(customer, offer, back_url="http://localhost", key="k")
    await stripe.send(page.id, pays=True)
    payment_id = stripe.server.objects[page.id]["payment_intent"]
    standings = {"requires_action": PageState.SENT, "canceled": PageState.REFUSED, "succeeded": PageState.PAID}
    for standing, state in standings.items():
        stripe.server.objects[payment_id]["status"] = standing
        found = await stripe.port.read_checkout(page.id)
        assert found is not None and found.state is state


def test_what_is_paid_later_as_by_bank_is_heard_of_too() -> None:
    clock = SetClock()
    body = json.dumps(
        {"id": "evt_1", "type": "checkout.session.async_payment_succeeded", "data": {"object": {"id": "cs_1"}}}
    ).encode()
    event = StripePayments(KEY, [SECRET], clock).read_event(body, signing.sign(body, SECRET, clock.now()))
    assert (ABOUT[event.type], event.object_id) == (About.CHECKOUT, "cs_1")


def test_news_of_what_we_do_not_act_on_is_read_all_the_same() -> None:
    clock = SetClock()
    body = json.dumps({"id": "evt_1", "type": "radar.early", "data": {"object": {"id": "x_1"}}}).encode()
    event = StripePayments(KEY, [SECRET], clock).read_event(body, signing.sign(body, SECRET, clock.now()))
    assert (event.id, event.type, event.object_id) == ("evt_1", "radar.early", "x_1")


def test_the_official_library_agrees_about_our_signatures() -> None:
    clock = SetClock()
    body = b'{"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}}'
    signed = signing.sign(body, SECRET, clock.now())
    assert library.Webhook.construct_event(body, signed, SECRET).id == "evt_1"


def test_the_page_on_settings_names_every_event_that_is_acted_on() -> None:
    page = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")
    section = page.partition("## Taking money by Stripe")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_.]+)`", section))
    whole = {name for name in named if not name.startswith(".")}
    short = {f"{name.rpartition('.')[0]}{ending}" for name in whole for ending in named if ending.startswith(".")}
    assert set(ABOUT) <= whole | short
