"""Stripe, by its official library: Checkout, the Billing Portal, and signed webhooks.

Prices are sent with each checkout, so nothing has to be set up at Stripe but the webhook. What we need to know later is
in the metadata of what we make. Stripe moved some fields over the years; both places are looked at.
"""

import json
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import stripe

from overprint.adapters.payments import signing
from overprint.core.clock import Clock
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.payments import (
    ABOUT,
    About,
    Checkout,
    CheckoutPage,
    Event,
    Invoice,
    Offer,
    Paid,
    Payment,
    Standing,
    Subscription,
)

T = TypeVar("T")
NAME = "stripe"
TIMEOUT_SECONDS = 30.0
RETRIES_MAX = 2

_STANDING = {
    "active": Standing.ACTIVE,
    "trialing": Standing.TRIALING,
    "past_due": Standing.PAST_DUE,
    "unpaid": Standing.UNPAID,
    "incomplete": Standing.UNPAID,
    "incomplete_expired": Standing.CANCELLED,
    "canceled": Standing.CANCELLED,
    "paused": Standing.UNPAID,
}
_EXPANDED_INVOICE = ["payments"]
# Why an invoice of a subscription was made, if it is for a month of it; others settle a change in mid month.
_OF_A_MONTH = ("subscription_create", "subscription_cycle", "subscription", None)


class StripePayments:
    """``base_url`` is another address of the API, for tests."""

    def __init__(self, api_key: str, webhook_secret: str, clock: Clock, *, base_url: str | None = None) -> None:
        http = stripe.HTTPXClient(timeout=TIMEOUT_SECONDS)
        self._client = stripe.StripeClient(
            api_key,
            http_client=http,
            max_network_retries=RETRIES_MAX,
            base_addresses={"api": base_url} if base_url else {},
        )
        self._webhook_secret = webhook_secret
        self._clock = clock

    @property
    def name(self) -> str:
        return NAME

    @property
    def is_pretend(self) -> bool:
        return False

    async def make_customer(self, team_id: UUID, name: str) -> str:
        asked: Any = {"name": name, "metadata": {"team_id": str(team_id)}}
        options: Any = {"idempotency_key": f"customer-{team_id}"}
        made = await _answer(self._client.v1.customers.create_async(asked, options))
        return str(made.id)

    async def open_checkout(self, customer_id: str, offer: Offer, *, back_url: str, key: str) -> CheckoutPage:
        told = {"offer": offer.key, "version": str(offer.version)}
        price: dict[str, Any] = {
            "currency": offer.currency,
            "unit_amount": offer.amount_cents,
            "product_data": {"name": offer.name},
        }
        asked: Any = {
            "customer": customer_id,
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": told,
            "success_url": back_url,
            "cancel_url": back_url,
        }
        if offer.is_monthly:
            price["recurring"] = {"interval": "month"}
            asked |= {"mode": "subscription", "subscription_data": {"metadata": told}}
        else:
            asked |= {"mode": "payment"}
        options: Any = {"idempotency_key": f"checkout-{key}"}
        made = await _answer(self._client.v1.checkout.sessions.create_async(asked, options))
        return CheckoutPage(str(made.id), str(made.url))

    async def open_portal(self, customer_id: str, *, back_url: str) -> str:
        asked: Any = {"customer": customer_id, "return_url": back_url}
        return str((await _answer(self._client.v1.billing_portal.sessions.create_async(asked))).url)

    async def read_checkout(self, checkout_id: str) -> Checkout | None:
        found = await _find(self._client.v1.checkout.sessions.retrieve_async(checkout_id))
        if found is None:
            return None
        return Checkout(
            str(found["id"]),
            _id(found.get("customer")) or "",
            str((found.get("metadata") or {}).get("offer", "")),
            found.get("payment_status") in ("paid", "no_payment_required"),
            int(found.get("amount_total") or 0),
            str(found.get("currency") or ""),
            _id(found.get("subscription")),
            _id(found.get("payment_intent")),
        )

    async def read_subscription(self, subscription_id: str) -> Subscription | None:
        found = await _find(self._client.v1.subscriptions.retrieve_async(subscription_id))
        if found is None:
            return None
        told, items = found.get("metadata") or {}, (found.get("items") or {}).get("data") or [{}]
        period = {
            name: found.get(name) or items[0].get(name) for name in ("current_period_start", "current_period_end")
        }
        return Subscription(
            str(found["id"]),
            _id(found["customer"]) or "",
            str(told.get("offer", "")),
            int(told.get("version", 1)),
            _STANDING.get(found["status"], Standing.UNPAID),
            _instant(period["current_period_start"]),
            _instant(period["current_period_end"]),
            bool(found.get("cancel_at_period_end") or found.get("cancel_at")),
        )

    async def read_invoice(self, invoice_id: str) -> Invoice | None:
        asked: Any = {"expand": _EXPANDED_INVOICE}
        found = await _find(self._client.v1.invoices.retrieve_async(invoice_id, asked))
        if found is None:
            return None
        lines = (found.get("lines") or {}).get("data") or [{}]
        state = Paid.PAID if found["status"] == "paid" else Paid.FAILED if found.get("attempt_count") else Paid.OPEN
        subscription_id = _id(_parent(found).get("subscription")) or _id(found.get("subscription"))
        paid_cents = found.get("amount_paid") if state is Paid.PAID else found.get("amount_due")
        return Invoice(
            str(found["id"]),
            _id(found["customer"]) or "",
            subscription_id if found.get("billing_reason") in _OF_A_MONTH else None,
            _payment_of(found),
            state,
            str(found.get("description") or lines[0].get("description") or "Subscription")[:500],
            int(paid_cents or 0),
            str(found["currency"]),
            _instant(found["created"]),
            found.get("hosted_invoice_url"),
        )

    async def read_payment(self, payment_id: str) -> Payment | None:
        asked: Any = {"expand": ["latest_charge"]}
        found = await _find(self._client.v1.payment_intents.retrieve_async(payment_id, asked))
        if found is None:
            return None
        charge = found.get("latest_charge")
        refunded = charge.get("amount_refunded", 0) if isinstance(charge, Mapping) else 0
        return Payment(str(found["id"]), _id(found.get("customer")) or "", int(found["amount"]), int(refunded))

    def read_event(self, body: bytes, signature: str) -> Event:
        signing.check(body, signature, self._webhook_secret, self._clock.now())
        try:
            told = json.loads(body)
            kind, thing = str(told["type"]), told["data"]["object"]
            is_payment = ABOUT.get(kind) is About.PAYMENT
            return Event(str(told["id"]), kind, str(thing["payment_intent"] if is_payment else thing.get("id", "")))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refused("This message of Stripe cannot be read.", provider=NAME) from None


def _parent(invoice: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an invoice says of the subscription that it is for, where newer versions have it."""
    return (invoice.get("parent") or {}).get("subscription_details") or {}


def _payment_of(invoice: Mapping[str, Any]) -> str | None:
    paid = (invoice.get("payments") or {}).get("data") or []
    newer = [_id((one.get("payment") or {}).get("payment_intent")) for one in paid]
    return next((one for one in newer if one), None) or _id(invoice.get("payment_intent"))


def _id(value: Any) -> str | None:
    """Of a reference, which may be expanded."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return str(found) if found else None


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds or 0), UTC)


async def _find(asked: Awaitable[Any]) -> dict[str, Any] | None:
    """The object as plain data; None if there is none of this id."""
    try:
        found: dict[str, Any] = (await _answer(asked)).to_dict()
    except _Missing:
        return None
    return found


class _Missing(Refused):
    """There is no such object."""


async def _answer(asked: Awaitable[T]) -> T:
    """What Stripe answers, its failures as ours."""
    try:
        return await asked
    except stripe.StripeError as error:
        raise _failure(error) from error


def _failure(error: stripe.StripeError) -> ProviderError:
    words = str(error.user_message or "It does not answer.")[:300]
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return Misconfigured("Stripe does not take our key: look at OVERPRINT_PAYMENTS_API_KEY.", provider=NAME)
    if isinstance(error, stripe.RateLimitError):
        return Busy("Stripe is asked too often.", provider=NAME)
    if isinstance(error, (stripe.InvalidRequestError, stripe.CardError)):
        kind = _Missing if error.http_status == 404 else Refused
        return kind(f"Stripe refused: {words}", provider=NAME)
    return Unavailable(f"Stripe: {words}", provider=NAME)
