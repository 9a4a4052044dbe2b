"""Stripe, by its official library: Checkout, the Billing Portal, subscriptions that change, and signed webhooks.

Prices are sent with each checkout, so nothing has to be set up at Stripe but the webhook. Products are made when they
are first sold. Test and live mode share nothing: they have two names here, and news of the other mode is refused.
"""

import json
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import stripe

from overprint.adapters.payments import signing
from overprint.adapters.payments import stripe_objects as objects
from overprint.adapters.payments.stripe_http import StripeHttp
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
LIVE, TEST = "stripe", "stripe_test"
# What our reading of its objects was written for. Accounts have versions of their own; this goes before them.
API_VERSION = "2026-10-28.endive"
RETRIES_MAX = 2
PAGE_MAX = 100
NEWS_PAGES_MAX = 20
_NO_CHANGE = {"had": "", "had_until": ""}


def is_live_key(api_key: str) -> bool:
    return api_key.startswith(("sk_live_", "rk_live_"))


class StripePayments:
    """``webhook_secrets``: any of them may have signed. ``base_url`` is another address of the API, for tests."""

    def __init__(
        self, api_key: str, webhook_secrets: Sequence[str], clock: Clock, *, base_url: str | None = None
    ) -> None:
        self._client = stripe.StripeClient(
            api_key,
            stripe_version=API_VERSION,
            http_client=StripeHttp(),
            max_network_retries=RETRIES_MAX,
            base_addresses={"api": base_url} if base_url else {},
        )
        self._is_live = is_live_key(api_key)
        self._webhook_secrets = webhook_secrets
        self._clock = clock

    @property
    def name(self) -> str:
        return LIVE if self._is_live else TEST

    @property
    def is_pretend(self) -> bool:
        return False

    async def make_customer(self, team_id: UUID, name: str) -> str:
        asked: Any = {"name": name, "metadata": {"team_id": str(team_id)}}
        made = await _answer(self._client.v1.customers.create_async(asked, _once(f"customer-{team_id}")))
        return str(made.id)

    async def open_checkout(self, customer_id: str, offer: Offer, *, back_url: str, key: str) -> CheckoutPage:
        asked: Any = {
            "customer": customer_id,
            "mode": "subscription" if offer.is_monthly else "payment",
            "line_items": [{"quantity": 1, "price_data": await self._price(offer)}],
            "metadata": {"offer": offer.key, "version": str(offer.version)},
            "success_url": back_url,
            "cancel_url": back_url,
        }
        if offer.trial_days:
            ends = {"end_behavior": {"missing_payment_method": "cancel"}}
            asked["subscription_data"] = {"trial_period_days": offer.trial_days, "trial_settings": ends}
            asked["payment_method_collection"] = "if_required"
        made = await _answer(self._client.v1.checkout.sessions.create_async(asked, _once(f"checkout-{key}")))
        return CheckoutPage(str(made.id), str(made.url))

    async def close_checkout(self, checkout_id: str) -> bool:
        sessions = self._client.v1.checkout.sessions
        try:
            await _answer(sessions.expire_async(checkout_id))
        except Refused:  # it is not open any more
            found = await _find(sessions.retrieve_async(checkout_id))
            return found is None or found.get("status") == "expired"
        return True

    async def open_portal(self, customer_id: str, *, back_url: str) -> str:
        asked: Any = {"customer": customer_id, "return_url": back_url}
        return str((await _answer(self._client.v1.billing_portal.sessions.create_async(asked))).url)

    async def upgrade(self, subscription_id: str, offer: Offer, *, key: str) -> None:
        found = await self._living(subscription_id)
        if objects.product_had(found) == objects.product_of(offer):
            return
        changes = {"proration_behavior": "always_invoice", "payment_behavior": "error_if_incomplete"}
        await self._change(found, offer, {**changes, "metadata": _NO_CHANGE}, key)

    async def change_at_period_end(self, subscription_id: str, offer: Offer, *, key: str) -> None:
        found = await self._living(subscription_id)
        had = objects.product_had(found)
        until = str(found.get("current_period_end") or objects.item_of(found).get("current_period_end"))
        stays = objects.plan_of(had)[0] == offer.key
        told = _NO_CHANGE if stays else {"had": had or "", "had_until": until}
        await self._change(found, offer, {"proration_behavior": "none", "metadata": told}, key)

    async def cancel(self, subscription_id: str, *, refunds: bool = False) -> None:
        found = await _find(self._client.v1.subscriptions.retrieve_async(subscription_id))
        if found is None or objects.subscription_of(found).standing is Standing.CANCELLED:
            return
        if refunds:
            await self._refund_period(objects.subscription_of(found))
        asked: Any = {"prorate": False, "invoice_now": False}
        await _find(self._client.v1.subscriptions.cancel_async(subscription_id, asked))

    async def refund(self, payment_id: str) -> None:
        payment = await self.read_payment(payment_id)
        if payment is not None and not payment.is_at_bank and payment.refunded_cents < payment.amount_cents:
            asked: Any = {"payment_intent": payment_id}
            key = f"refund-{payment_id}-{payment.refunded_cents}"
            await _answer(self._client.v1.refunds.create_async(asked, _once(key)))

    async def list_news(self, since: datetime, until: datetime) -> list[Event]:
        asked: Any = {
            "types": [kind for kind, about in ABOUT.items() if about is About.PAYMENT],
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "limit": PAGE_MAX,
        }
        found: list[dict[str, Any]] = []
        for _ in range(NEWS_PAGES_MAX):
            page = await _list(self._client.v1.events.list_async(asked))
            found += page
            if len(page) < PAGE_MAX:
                break
            asked = {**asked, "starting_after": page[-1]["id"]}
        return [event for event in map(_payment_event, found) if event is not None]

    async def list_subscriptions(self, customer_id: str) -> list[Subscription]:
        asked: Any = {"customer": customer_id, "limit": PAGE_MAX}
        try:
            listed = await _list(self._client.v1.subscriptions.list_async(asked))
        except _Missing:  # somebody deleted the customer there, and with it what it paid for
            return []
        found = [objects.subscription_of(one) for one in listed]
        ours = [one for one in found if one.plan and one.standing is not Standing.CANCELLED]
        return sorted(ours, key=lambda one: (one.made_at, one.id))

    async def read_checkout(self, checkout_id: str) -> Checkout | None:
        found = await _find(self._client.v1.checkout.sessions.retrieve_async(checkout_id))
        if found is None or not objects.is_with_bank(found):
            return None if found is None else objects.checkout_of(found)
        payment_id = objects.id_of(found.get("payment_intent"))
        if payment_id is None and (invoice_id := objects.id_of(found.get("invoice"))) is not None:
            invoice = await self._find_invoice(invoice_id)
            payment_id = objects.payment_id_of(invoice) if invoice is not None else None
        return objects.checkout_of(found, await self._find_payment(payment_id) if payment_id else None)

    async def read_subscription(self, subscription_id: str) -> Subscription | None:
        found = await _find(self._client.v1.subscriptions.retrieve_async(subscription_id))
        return None if found is None else objects.subscription_of(found)

    async def read_invoice(self, invoice_id: str) -> Invoice | None:
        found = await self._find_invoice(invoice_id)
        if found is None:
            return None
        payment_id = objects.payment_id_of(found) if objects.may_be_with_bank(found) else None
        return objects.invoice_of(found, await self._find_payment(payment_id) if payment_id else None)

    async def read_payment(self, payment_id: str) -> Payment | None:
        found = await self._find_payment(payment_id)
        if found is None:
            return None
        charge = found.get("latest_charge")
        disputes: list[dict[str, Any]] = []
        if isinstance(charge, Mapping) and charge.get("disputed"):
            about: Any = {"payment_intent": payment_id, "limit": PAGE_MAX}
            disputes = await _list(self._client.v1.disputes.list_async(about))
        return objects.payment_of(found, list(disputes))

    def read_event(self, body: bytes, signature: str) -> Event:
        signing.check(body, signature, self._webhook_secrets, self._clock.now())
        try:
            told = json.loads(body)
            kind, thing = str(told["type"]), told["data"]["object"]
            is_payment = ABOUT.get(kind) is About.PAYMENT
            event = Event(str(told["id"]), kind, str(thing["payment_intent"] if is_payment else thing.get("id", "")))
            is_live = bool(told.get("livemode"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refused("This message of Stripe cannot be read.", provider=self.name) from None
        if is_live != self._is_live:
            modes = ("live", "test") if is_live else ("test", "live")
            raise Refused(f"This is news of Stripe's {modes[0]} mode, and the key is of its {modes[1]} mode.")
        return event

    async def _find_invoice(self, invoice_id: str) -> dict[str, Any] | None:
        asked: Any = {"expand": ["payments"]}
        return await _find(self._client.v1.invoices.retrieve_async(invoice_id, asked))

    async def _find_payment(self, payment_id: str) -> dict[str, Any] | None:
        asked: Any = {"expand": ["latest_charge"]}
        return await _find(self._client.v1.payment_intents.retrieve_async(payment_id, asked))

    async def _living(self, subscription_id: str) -> dict[str, Any]:
        found = await _find(self._client.v1.subscriptions.retrieve_async(subscription_id))
        if found is None or objects.subscription_of(found).standing is Standing.CANCELLED:
            raise Refused("There is no such subscription any more.", provider=self.name)
        return found

    async def _change(self, found: Mapping[str, Any], offer: Offer, changes: Mapping[str, Any], key: str) -> None:
        item = {"id": objects.item_of(found)["id"], "quantity": 1, "price_data": await self._price(offer)}
        asked: Any = {**changes, "items": [item], "cancel_at_period_end": False}
        await _answer(self._client.v1.subscriptions.update_async(str(found["id"]), asked, _once(f"change-{key}")))

    async def _price(self, offer: Offer) -> dict[str, Any]:
        price: dict[str, Any] = {"currency": offer.currency, "unit_amount": offer.amount_cents}
        if not offer.is_monthly:
            return price | {"product_data": {"name": offer.name}}
        return price | {"product": await self._product(offer), "recurring": {"interval": "month"}}

    async def _product(self, offer: Offer) -> str:
        """The product that is this version of a plan; made the first time."""
        product = objects.product_of(offer)
        if await _find(self._client.v1.products.retrieve_async(product)) is None:
            asked: Any = {"id": product, "name": offer.name}
            await _answer(self._client.v1.products.create_async(asked, _once(f"product-{product}")))
        return product

    async def _refund_period(self, subscription: Subscription) -> None:
        """Give back what its running period was paid with."""
        asked: Any = {
            "subscription": subscription.id,
            "status": "paid",
            "limit": PAGE_MAX,
            "expand": ["data.payments"],
        }
        for found in await _list(self._client.v1.invoices.list_async(asked)):
            invoice = objects.invoice_of(found)
            is_now = invoice.state is Paid.PAID and invoice.period_end == subscription.period_end
            if is_now and invoice.payment_id is not None and invoice.amount_cents:
                await self.refund(invoice.payment_id)


def _payment_event(told: Mapping[str, Any]) -> Event | None:
    """News of a payment; None of a charge that is none of ours, for it belongs to no payment intent."""
    payment_id = objects.id_of(told["data"]["object"].get("payment_intent"))
    return Event(str(told["id"]), str(told["type"]), payment_id) if payment_id else None


def _once(key: str) -> Any:
    return {"idempotency_key": key}


async def _list(asked: Awaitable[Any]) -> list[dict[str, Any]]:
    """The objects of the first page, as plain data: more than there ever should be."""
    found: dict[str, Any] = (await _answer(asked)).to_dict()
    return list(found.get("data") or [])


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
        return Misconfigured("Stripe does not take our key: look at OVERPRINT_PAYMENTS_API_KEY.", provider=LIVE)
    if isinstance(error, stripe.RateLimitError):
        return Busy("Stripe is asked too often.", provider=LIVE)
    if isinstance(error, (stripe.InvalidRequestError, stripe.CardError)):
        kind = _Missing if error.http_status == 404 or error.code == "resource_missing" else Refused
        return kind(f"Stripe refused: {words}", provider=LIVE)
    return Unavailable(f"Stripe: {words}", provider=LIVE)
