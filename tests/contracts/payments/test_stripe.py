"""What only Stripe has: a key that may be wrong, a network that may fail, and events that name what we do not know."""

import json
import socket
from uuid import uuid4

import pytest
import stripe as library

from overprint.adapters.payments import signing
from overprint.adapters.payments.stripe import StripePayments
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.payments import ABOUT, About, Offer
from tests.contracts.payments.conftest import StripeWorld
from tests.contracts.payments.stripe_server import KEY, SECRET
from tests.support.clock import SetClock


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
    wrong = StripePayments("sk_test_other", SECRET, stripe.clock, base_url=stripe.base_url)
    with pytest.raises(Misconfigured, match="OVERPRINT_PAYMENTS_API_KEY"):
        await wrong.make_customer(uuid4(), "Team")


async def test_a_server_that_is_away_is_unavailable() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    away = StripePayments(KEY, SECRET, SetClock(), base_url=f"http://127.0.0.1:{port}")
    with pytest.raises(Unavailable):
        await away.make_customer(uuid4(), "Team")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"id": 1, "type": "charge.refunded", "data": {"object": {}}}', b"\xff", b'{"data": 5}'],
)
def test_a_signed_message_that_makes_no_sense_is_refused(body: bytes) -> None:
    clock = SetClock()
    port = StripePayments(KEY, SECRET, clock)
    with pytest.raises(Refused):
        port.read_event(body, signing.sign(body, SECRET, clock.now()))


async def test_an_invoice_that_settles_a_change_in_mid_month_is_not_for_a_month(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    page = await stripe.port.open_checkout(
        customer, Offer("pro", 1, "Pro", 1000, "usd", is_monthly=True), back_url="http://localhost", key="k"
    )
    await stripe.pay(page.id)
    invoice_id = next(key for key in stripe.server.objects if key.startswith("in_"))
    reasons = {"subscription_create": True, "subscription_cycle": True, "subscription_update": False, "manual": False}
    for reason, is_for_a_month in reasons.items():
        stripe.server.objects[invoice_id]["billing_reason"] = reason
        invoice = await stripe.port.read_invoice(invoice_id)
        assert invoice is not None
        assert (invoice.subscription_id is not None) is is_for_a_month, reason


async def test_a_page_that_somebody_else_made_at_stripe_is_read_as_of_no_offer(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    page = await stripe.port.open_checkout(
        customer, Offer("pack-500", 1, "500", 500, "usd", is_monthly=False), back_url="http://localhost", key="k"
    )
    stripe.server.objects[page.id]["metadata"] = None
    found = await stripe.port.read_checkout(page.id)
    assert found is not None
    assert found.offer_key == ""


def test_what_is_paid_later_as_by_bank_is_heard_of_too() -> None:
    clock = SetClock()
    body = json.dumps(
        {"id": "evt_1", "type": "checkout.session.async_payment_succeeded", "data": {"object": {"id": "cs_1"}}}
    ).encode()
    event = StripePayments(KEY, SECRET, clock).read_event(body, signing.sign(body, SECRET, clock.now()))
    assert (ABOUT[event.type], event.object_id) == (About.CHECKOUT, "cs_1")


def test_news_of_what_we_do_not_act_on_is_read_all_the_same() -> None:
    clock = SetClock()
    body = json.dumps({"id": "evt_1", "type": "radar.early", "data": {"object": {"id": "x_1"}}}).encode()
    event = StripePayments(KEY, SECRET, clock).read_event(body, signing.sign(body, SECRET, clock.now()))
    assert (event.id, event.type, event.object_id) == ("evt_1", "radar.early", "x_1")


def test_the_official_library_agrees_about_our_signatures() -> None:
    clock = SetClock()
    body = b'{"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}}'
    signed = signing.sign(body, SECRET, clock.now())
    assert library.Webhook.construct_event(body, signed, SECRET).id == "evt_1"
