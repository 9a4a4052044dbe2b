"""A server on this machine that speaks the part of Stripe's wire that we use: form fields in, JSON objects out."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from overprint.adapters.payments import signing
from tests.support.clock import SetClock

KEY, SECRET = "sk_test_contract", "whsec_contract"
MONTH = int(timedelta(days=30).total_seconds())


def unflattened(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """``a[b][0][c]=d`` as nested objects; lists stay objects with numbers for keys."""
    found: dict[str, Any] = {}
    for name, value in fields:
        first, rest = re.match(r"([^\[]+)(.*)", name).groups()  # type: ignore[union-attr]
        place = found
        parts = [first, *re.findall(r"\[([^\]]*)\]", rest)]
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = value
    return found


@dataclass
class StripeServer:
    """What Stripe would know. ``fails`` answers the next requests with these statuses."""

    clock: SetClock
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)
    fails: list[int] = field(default_factory=list)
    declines: set[str] = field(default_factory=set)
    asked: int = 0

    def app(self) -> Starlette:
        routes = [
            Route("/v1/customers", self._make("cus", self._customer), methods=["POST"]),
            Route("/v1/checkout/sessions", self._make("cs", self._session), methods=["POST"]),
            Route("/v1/billing_portal/sessions", self._make("bps", self._portal), methods=["POST"]),
            Route("/v1/{kind:path}/{id}", self._read),
        ]
        return Starlette(routes=routes)

    def now(self) -> int:
        return int(self.clock.now().timestamp())

    def _refusal(self, request: Request) -> Response | None:
        self.asked += 1
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        if self.fails:
            status = self.fails.pop(0)
            return _error(status, "rate_limit_error" if status == 429 else "api_error", "Something is wrong")
        return None

    def _make(self, prefix: str, make: Any) -> Any:
        async def answer(request: Request) -> Response:
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            key = request.headers.get("idempotency-key", "")
            if key not in self.answered:
                given = unflattened(parse_qsl((await request.body()).decode()))
                made = {"id": f"{prefix}_{len(self.objects) + 1}", **make(given)}
                self.objects[made["id"]] = made
                self.answered[key] = made["id"]
            return JSONResponse(self.objects[self.answered[key]])

        return answer

    async def _read(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        found = self.objects.get(request.path_params["id"])
        if found is None:
            return _error(404, "invalid_request_error", "No such object")
        if "latest_charge" in found:
            found = {**found, "latest_charge": self.objects[found["latest_charge"]]}
        return JSONResponse(found)

    def _customer(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"object": "customer", "name": given["name"], "metadata": given["metadata"]}

    def _portal(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"object": "billing_portal.session", "url": f"https://billing.stripe.example/{given['customer']}"}

    def _session(self, given: Mapping[str, Any]) -> dict[str, Any]:
        price = given["line_items"]["0"]["price_data"]
        return {
            "object": "checkout.session",
            "customer": given["customer"],
            "mode": given["mode"],
            "metadata": given["metadata"],
            "payment_status": "unpaid",
            "amount_total": int(price["unit_amount"]),
            "currency": price["currency"],
            "url": "https://checkout.stripe.example/pay",
            "subscription": None,
            "payment_intent": None,
            "sold": price["product_data"]["name"],
            "asked": {**given.get("subscription_data", {})},
        }

    # What people do at Stripe.

    def pay(self, session_id: str) -> None:
        session = self.objects[session_id]
        session["payment_status"] = "paid"
        if session["mode"] == "subscription":
            made = self._subscribe(session)
            session["subscription"] = made["id"]
        else:
            session["payment_intent"] = self._take(session["customer"], session["amount_total"])
        self.tell("checkout.session.completed", session)

    def _subscribe(self, session: Mapping[str, Any]) -> dict[str, Any]:
        made = {
            "id": f"sub_{len(self.objects) + 1}",
            "object": "subscription",
            "customer": session["customer"],
            "status": "active",
            "metadata": session["asked"]["metadata"],
            "items": {"data": [{"current_period_start": self.now(), "current_period_end": self.now() + MONTH}]},
            "cancel_at_period_end": False,
            "cents": session["amount_total"],
        }
        self.objects[made["id"]] = made
        self.tell("customer.subscription.created", made)
        self._bill(made)
        return made

    def renew(self, subscription_id: str) -> None:
        found = self.objects[subscription_id]
        if found["cancel_at_period_end"]:
            found["status"] = "canceled"
            self.tell("customer.subscription.deleted", found)
            return
        is_paid = found["customer"] not in self.declines
        found["status"] = "active" if is_paid else "past_due"
        if is_paid:
            period = found["items"]["data"][0]
            start = period["current_period_end"]
            period.update(current_period_start=start, current_period_end=start + MONTH)
        self._bill(found)
        self.tell("customer.subscription.updated", found)

    def end_at_period_end(self, subscription_id: str) -> None:
        found = self.objects[subscription_id]
        found["cancel_at_period_end"] = True
        self.tell("customer.subscription.updated", found)

    def refund(self, payment_id: str, cents: int) -> None:
        charge = self.objects[self.objects[payment_id]["latest_charge"]]
        charge["amount_refunded"] += cents
        self.tell("charge.refunded", charge)

    def _bill(self, subscription: Mapping[str, Any]) -> None:
        is_paid = subscription["status"] == "active"
        paid = [{"payment": {"payment_intent": self._take(subscription["customer"], subscription["cents"])}}]
        made = {
            "id": f"in_{len(self.objects) + 1}",
            "object": "invoice",
            "customer": subscription["customer"],
            "parent": {"subscription_details": {"subscription": subscription["id"]}},
            "status": "paid" if is_paid else "open",
            "attempt_count": 1,
            "amount_paid": subscription["cents"] if is_paid else 0,
            "amount_due": subscription["cents"],
            "currency": "usd",
            "created": self.now(),
            "lines": {"data": [{"description": "1 × Pro"}]},
            "payments": {"data": paid if is_paid else []},
            "hosted_invoice_url": "https://invoice.stripe.example/1",
        }
        self.objects[made["id"]] = made
        self.tell("invoice.paid" if is_paid else "invoice.payment_failed", made)

    def _take(self, customer: str, cents: int) -> str:
        number = len(self.objects) + 1
        payment, charge = f"pi_{number}", f"ch_{number + 1}"
        self.objects[payment] = {
            "id": payment,
            "object": "payment_intent",
            "customer": customer,
            "amount": cents,
            "latest_charge": charge,
        }
        self.objects[charge] = {
            "id": charge,
            "object": "charge",
            "amount": cents,
            "amount_refunded": 0,
            "payment_intent": payment,
            "customer": customer,
        }
        return payment

    def tell(self, kind: str, thing: Mapping[str, Any]) -> None:
        event = {"id": f"evt_{len(self.events) + 1}", "object": "event", "type": kind, "data": {"object": dict(thing)}}
        self.events.append(json.dumps(event).encode())

    def messages(self) -> list[tuple[bytes, str]]:
        told, self.events = self.events, []
        return [(body, signing.sign(body, SECRET, self.clock.now())) for body in told]


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"error": {"type": kind, "message": message}}, status_code=status)
