"""Stripe's objects read as ours. Stripe moved some fields over the years; both places are looked at.

What a subscription or an invoice is for is said by its *product*, whose id names a plan's version. A plan that it only
changes to when its period ends is billed from then on, so it is the product already; the one that it ``had`` is in the
metadata meanwhile, with the end of the period that this is true for.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from overprint.ports.payments import (
    Checkout,
    Dispute,
    Invoice,
    Offer,
    PageState,
    Paid,
    Payment,
    Standing,
    Subscription,
)

Thing: TypeAlias = Mapping[str, Any]
DESCRIPTION_MAX_CHARACTERS = 500

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
# An inquiry before a dispute ("warning_…") moves no money; neither does one that Stripe prevented.
_DISPUTE = {
    "needs_response": Dispute.OPEN,
    "under_review": Dispute.OPEN,
    "lost": Dispute.LOST,
    "won": Dispute.WON,
}
# Of a payment that a bank was asked for. All else may still come: a debit that is under way, a transfer that is waited
# for. The money may be here a moment before the page says so.
_BY_BANK = {
    "succeeded": PageState.PAID,
    "requires_payment_method": PageState.REFUSED,
    "canceled": PageState.REFUSED,
}
_WORST_FIRST = (Dispute.LOST, Dispute.OPEN, Dispute.WON)
_NO_MONTH = "manual"  # an invoice that somebody made by hand pays no month, whatever is on it
_PRODUCT = re.compile(r"overprint_(.{1,40})_([0-9]{1,9})", re.DOTALL)


def product_of(offer: Offer) -> str:
    """The id of the product at Stripe that is this version of a plan."""
    return f"overprint_{offer.key}_{offer.version}"


def plan_of(product: str | None) -> tuple[str, int]:
    """Which plan's version a product is; of no name if it is not ours."""
    found = _PRODUCT.fullmatch(product or "")
    return (found[1], int(found[2])) if found else ("", 1)


def item_of(subscription: Thing) -> Thing:
    """The one thing that a subscription is for."""
    items = (subscription.get("items") or {}).get("data") or [{}]
    return dict(items[0])


def product_had(subscription: Thing) -> str | None:
    """The product that is paid for in the period that runs."""
    told, item = subscription.get("metadata") or {}, item_of(subscription)
    is_now = told.get("had_until") == str(_period(subscription, "current_period_end"))
    return str(told["had"]) if told.get("had") and is_now else _product(item)


def is_with_bank(session: Thing) -> bool:
    """Whether somebody paid there in a way that takes days. How that stands, or how it ended, its payment says."""
    return session.get("status") == "complete" and session.get("payment_status") == "unpaid"


def checkout_of(found: Thing, payment: Thing | None = None) -> Checkout:
    """``payment`` is that behind a page which ``is_with_bank``."""
    return Checkout(
        str(found["id"]),
        id_of(found.get("customer")) or "",
        str((found.get("metadata") or {}).get("offer", "")),
        _page_state(found, payment),
        int(found.get("amount_total") or 0),
        str(found.get("currency") or ""),
        id_of(found.get("subscription")),
        id_of(found.get("payment_intent")),
    )


def _page_state(session: Thing, payment: Thing | None) -> PageState:
    if is_with_bank(session):
        standing = payment["status"] if payment is not None else "processing"
        return _BY_BANK.get(standing, PageState.SENT)
    if session.get("payment_status") in ("paid", "no_payment_required"):
        return PageState.PAID
    return PageState.CLOSED if session.get("status") == "expired" else PageState.OPEN


def subscription_of(found: Thing) -> Subscription:
    had, billed = product_had(found), _product(item_of(found))
    plan, version = plan_of(had)
    following: tuple[str | None, int | None] = (None, None) if had == billed else plan_of(billed)
    return Subscription(
        str(found["id"]),
        id_of(found["customer"]) or "",
        plan,
        version,
        _STANDING.get(found["status"], Standing.UNPAID),
        _instant(_period(found, "current_period_start")),
        _instant(_period(found, "current_period_end")),
        bool(found.get("cancel_at_period_end") or found.get("cancel_at")),
        _instant(found.get("created")),
        *following,
        id_of(found.get("latest_invoice")),
    )


def may_be_with_bank(invoice: Thing) -> bool:
    """Whether its payment was begun and it is not paid: only the payment says whether a bank works on it."""
    return bool(invoice["status"] == "open" and invoice.get("attempt_count") and payment_id_of(invoice))


def invoice_of(found: Thing, payment: Thing | None = None) -> Invoice:
    """``payment`` is that of one which ``may_be_with_bank``."""
    lines = (found.get("lines") or {}).get("data") or [{}]
    parent = (found.get("parent") or {}).get("subscription_details") or {}
    subscription_id = id_of(parent.get("subscription")) or id_of(found.get("subscription"))
    reason = found.get("billing_reason")
    state = Paid.SENT if payment is not None and payment["status"] == "processing" else _state(found)
    paid_cents = found.get("amount_paid") if state is Paid.PAID else found.get("amount_due")
    # A change gives back what was not used of one plan, and takes the rest of the month of another.
    by_amount = sorted(lines, key=lambda one: int(one.get("amount") or 0))
    given_back, line = by_amount[0], by_amount[-1]
    plan, version = plan_of(_product(line))
    before = plan_of(_product(given_back)) if reason == "subscription_update" else None
    if before is not None and not before[0]:
        plan = ""  # a change from what is not ours is not of ours either
    ends = (line.get("period") or {}).get("end")
    return Invoice(
        str(found["id"]),
        id_of(found["customer"]) or "",
        None if reason == _NO_MONTH else subscription_id,
        payment_id_of(found),
        state,
        str(found.get("description") or line.get("description") or "Subscription")[:DESCRIPTION_MAX_CHARACTERS],
        int(paid_cents or 0),
        str(found["currency"]),
        _instant(found["created"]),
        found.get("hosted_invoice_url"),
        plan or None,
        version,
        _instant(ends) if ends else None,
        before[0] if before else None,
        before[1] if before else 1,
        reason == "subscription_create" and not line.get("amount"),
    )


def payment_of(found: Thing, disputes: list[Thing]) -> Payment:
    charge = found.get("latest_charge")
    refunded = charge.get("amount_refunded", 0) if isinstance(charge, Mapping) else 0
    standings = {_DISPUTE.get(str(one.get("status")), Dispute.NONE): int(one.get("amount") or 0) for one in disputes}
    dispute = next((standing for standing in _WORST_FIRST if standing in standings), Dispute.NONE)
    return Payment(
        str(found["id"]),
        id_of(found.get("customer")) or "",
        int(found["amount"]),
        int(refunded),
        dispute,
        min(int(found["amount"]), standings.get(dispute, 0)) if dispute is not Dispute.NONE else 0,
    )


def id_of(value: Any) -> str | None:
    """Of a reference, which may be expanded."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return str(found) if found else None


def payment_id_of(invoice: Thing) -> str | None:
    """The payment that an invoice was paid by, or is to be."""
    paid = (invoice.get("payments") or {}).get("data") or []
    newer = [id_of((one.get("payment") or {}).get("payment_intent")) for one in paid]
    return next((one for one in newer if one), None) or id_of(invoice.get("payment_intent"))


def _state(invoice: Thing) -> Paid:
    if invoice["status"] == "paid":
        return Paid.PAID
    is_given_up = invoice["status"] in ("void", "uncollectible")
    return Paid.FAILED if is_given_up or invoice.get("attempt_count") else Paid.OPEN


def _product(item: Thing) -> str | None:
    """Of an item of a subscription, or of a line of an invoice."""
    newer = ((item.get("pricing") or {}).get("price_details") or {}).get("product")
    return id_of(newer) or id_of((item.get("price") or {}).get("product"))


def _period(subscription: Thing, name: str) -> Any:
    return subscription.get(name) or item_of(subscription).get(name)


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds or 0), UTC)
