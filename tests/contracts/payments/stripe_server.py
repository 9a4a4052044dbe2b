"""A server on this machine that speaks the part of Stripe's wire that we use: form fields in, JSON objects out."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from overprint.adapters.payments import signing
from overprint.core.ids import new_id
from tests.support.clock import SetClock

KEY, SECRET = "sk_test_contract", "whsec_contract"
MONTH, DAY = int(timedelta(days=30).total_seconds()), int(timedelta(days=1).total_seconds())


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
    answered: dict[str, tuple[int, str]] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)
    fails: list[int] = field(default_factory=list)
    declines: set[str] = field(default_factory=set)
    cards: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    asked: int = 0

    def app(self) -> Starlette:
        routes = [
            Route("/v1/customers", self._make("cus", self._customer), methods=["POST"]),
            Route("/v1/checkout/sessions", self._make("cs", self._session), methods=["POST"]),
            Route("/v1/checkout/sessions/{id}/expire", self._answer(self._expire), methods=["POST"]),
            Route("/v1/billing_portal/sessions", self._make("bps", self._portal), methods=["POST"]),
            Route("/v1/products", self._make("prod", self._product), methods=["POST"]),
            Route("/v1/refunds", self._make("re", self._refund), methods=["POST"]),
            Route("/v1/subscriptions/{id}", self._answer(self._update), methods=["POST"]),
            Route("/v1/subscriptions/{id}", self._answer(self._cancel), methods=["DELETE"]),
            Route("/v1/{kind}", self._answer(self._list)),
            Route("/v1/{kind:path}/{id}", self._answer(self._read)),
        ]
        return Starlette(routes=routes)

    def now(self) -> int:
        return int(self.clock.now().timestamp())

    def _answer(self, answer: Any) -> Any:
        """``answer`` of a request that brings our key."""

        async def answered(request: Request) -> Response:
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            given = unflattened(parse_qsl((await request.body()).decode(), keep_blank_values=True))
            try:
                return JSONResponse(answer(request, given))
            except KeyError:
                return _error(404, "invalid_request_error", "No such object")
            except LookupError as error:  # of a parameter, which Stripe answers otherwise
                return _error(400, "invalid_request_error", str(error), code="resource_missing")
            except ValueError as error:
                status = 402 if "card" in str(error) else 400
                return _error(status, "card_error" if status == 402 else "invalid_request_error", str(error))

        return answered

    def _refusal(self, request: Request) -> Response | None:
        self.asked += 1
        self.versions.add(request.headers.get("stripe-version", ""))
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
            self.answered = {one: kept for one, kept in self.answered.items() if self.now() < kept[0] + DAY}
            if key not in self.answered:
                given = unflattened(parse_qsl((await request.body()).decode()))
                made = {"id": f"{prefix}_{len(self.objects) + 1}", **make(given)}
                self.objects[made["id"]] = made
                self.answered[key] = self.now(), made["id"]
            return JSONResponse(self.objects[self.answered[key][1]])

        return answer

    def _read(self, request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
        found = self.objects[request.path_params["id"]]
        if "latest_charge" in found:
            found = {**found, "latest_charge": self.objects[found["latest_charge"]]}
        return found

    def _list(self, request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
        asked, kind = request.query_params, request.path_params["kind"].removesuffix("s")
        found = [thing for thing in self.objects.values() if thing["object"] == kind]
        if asked.get("customer") in self.deleted:
            raise LookupError("No such customer")
        for name in ("customer", "subscription", "payment_intent"):
            found = [thing for thing in found if name not in asked or _owner(thing, name) == asked[name]]
        if kind == "subscription":
            found = [thing for thing in found if thing["status"] != "canceled"]
        if kind == "event":
            found = _in_time(found, asked)
        first = next((n for n, thing in enumerate(found[::-1], 1) if thing["id"] == asked.get("starting_after")), 0)
        page = found[::-1][first : first + int(asked.get("limit", 10))]
        return {"object": "list", "data": page, "has_more": False, "url": f"/v1/{kind}s"}

    def _product(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"object": "product", "id": given["id"], "name": given["name"]}

    def _refund(self, given: Mapping[str, Any]) -> dict[str, Any]:
        charge = self.objects[self.objects[given["payment_intent"]]["latest_charge"]]
        if charge["disputed"]:
            raise ValueError("This charge has been charged back; cannot issue a refund.")
        left = charge["amount"] - charge["amount_refunded"]
        self.refund(given["payment_intent"], int(given.get("amount", left)))
        return {"object": "refund", "payment_intent": given["payment_intent"]}

    def _expire(self, request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
        session = self.objects[request.path_params["id"]]
        if session["status"] != "open":
            raise ValueError("Only Checkout Sessions with a status in [open] can be expired.")
        session["status"] = "expired"
        return session

    def _update(self, request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is changed at once is billed at once, or refused; anything else is billed when the month ends."""
        found = self.objects[request.path_params["id"]]
        asked = given["items"]["0"]
        assert asked["id"] == found["items"]["data"][0]["id"]
        cents = int(asked["price_data"]["unit_amount"])
        if given["proration_behavior"] == "always_invoice":
            if found["customer"] in self.declines:
                assert given["payment_behavior"] == "error_if_incomplete"
                raise ValueError("Your card was declined.")
            self._bill_change(found, asked["price_data"]["product"], cents - found["cents"])
        found["cents"] = cents
        found["items"]["data"][0]["price"] = {"product": asked["price_data"]["product"]}
        found["metadata"] = {name: value for name, value in {**found["metadata"], **given["metadata"]}.items() if value}
        found["cancel_at_period_end"] = given["cancel_at_period_end"] == "true"
        self.tell("customer.subscription.updated", found)
        return found

    def _cancel(self, request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
        found = self.objects[request.path_params["id"]]
        if found["status"] == "canceled":
            raise KeyError
        found["status"] = "canceled"
        self.tell("customer.subscription.deleted", found)
        return found

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
            "invoice": None,
            "status": "open",
            "trial": given.get("subscription_data", {}),
            "asks": given.get("payment_method_collection", "always"),
            "sold": price["product"] if given["mode"] == "subscription" else price["product_data"]["name"],
        }

    # What people do at Stripe.

    def pay(self, session_id: str) -> None:
        session = self.objects[session_id]
        assert session["status"] == "open"
        is_free = session["asks"] == "if_required" and bool(session["trial"])
        session |= {"payment_status": "no_payment_required" if is_free else "paid", "status": "complete"}
        if not is_free:
            self.cards.add(session["customer"])
        if session["mode"] == "subscription":
            made = self._subscribe(session)
            session["subscription"] = made["id"]
        else:
            session["payment_intent"] = self._take(session["customer"], session["amount_total"])
        self.tell("checkout.session.completed", session)

    def send(self, session_id: str) -> None:
        """Pay by debit: the page is complete, and the money comes in some days, or does not."""
        session = self.objects[session_id]
        assert session["status"] == "open"
        session["status"] = "complete"
        if session["mode"] == "subscription":
            made = self._subscribe(session, is_sent=True)
            session |= {"subscription": made["id"], "invoice": made["latest_invoice"]}
        else:
            session["payment_intent"] = self._take(session["customer"], session["amount_total"], "processing")
        self.tell("checkout.session.completed", session)

    def decide(self, session_id: str, *, pays: bool) -> None:
        session = self.objects[session_id]
        invoice = self.objects[session["invoice"]] if session["invoice"] else None
        payment_id = invoice["payments"]["data"][0]["payment"]["payment_intent"] if invoice else None
        payment = self.objects[payment_id or session["payment_intent"]]
        payment["status"] = "succeeded" if pays else "requires_payment_method"
        if pays:
            session["payment_status"] = "paid"
        if invoice is not None and pays:
            invoice |= {"status": "paid", "amount_paid": invoice["amount_due"]}
        if invoice is not None:
            subscription = self.objects[session["subscription"]]
            if subscription["status"] != "canceled":  # an invoice outlives what it was for
                subscription["status"] = "active" if pays else "past_due"
            self.tell("invoice.paid" if pays else "invoice.payment_failed", invoice)
            self.tell("customer.subscription.updated", subscription)
        self.tell(f"checkout.session.async_payment_{'succeeded' if pays else 'failed'}", session)

    def _subscribe(self, session: Mapping[str, Any], *, is_sent: bool = False) -> dict[str, Any]:
        days = int(session["trial"].get("trial_period_days", 0))
        made = {
            "id": f"sub_{len(self.objects) + 1}",
            "object": "subscription",
            "customer": session["customer"],
            "status": "trialing" if days else "active",
            "metadata": {},
            "items": {"data": [self._item(session["sold"], days * 24 * 3600 or MONTH)]},
            "trial_settings": session["trial"].get("trial_settings", {}),
            "created": self.now(),
            "cancel_at_period_end": False,
            "cents": session["amount_total"],
        }
        self.objects[made["id"]] = made
        self.tell("customer.subscription.created", made)
        self._bill(made, is_sent=is_sent)
        return made

    def _item(self, product: str, seconds: int) -> dict[str, Any]:
        period = {"current_period_start": self.now(), "current_period_end": self.now() + seconds}
        return {"id": f"si_{len(self.objects) + 1}", "price": {"product": product}, **period}

    def renew(self, subscription_id: str) -> None:
        found = self.objects[subscription_id]
        ends = found["trial_settings"].get("end_behavior", {}).get("missing_payment_method") == "cancel"
        is_over = found["status"] == "trialing" and ends and found["customer"] not in self.cards
        if found["cancel_at_period_end"] or is_over:
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

    def delete_customer(self, customer_id: str) -> None:
        """Somebody does this by hand: what the customer pays by the month ends with it."""
        self.deleted.add(customer_id)
        for thing in self.objects.values():
            if thing["object"] == "subscription" and thing["customer"] == customer_id:
                thing["status"] = "canceled"

    def end_at_period_end(self, subscription_id: str) -> None:
        found = self.objects[subscription_id]
        found["cancel_at_period_end"] = True
        self.tell("customer.subscription.updated", found)

    def refund(self, payment_id: str, cents: int) -> None:
        charge = self.objects[self.objects[payment_id]["latest_charge"]]
        charge["amount_refunded"] += cents
        self.tell("charge.refunded", charge)

    def dispute(self, payment_id: str, cents: int) -> None:
        charge = self.objects[self.objects[payment_id]["latest_charge"]]
        charge["disputed"] = True
        made = {
            "id": f"dp_{len(self.objects) + 1}",
            "object": "dispute",
            "payment_intent": payment_id,
            "amount": cents,
            "status": "needs_response",
        }
        self.objects[str(made["id"])] = made
        self.tell("charge.dispute.created", made)

    def dispute_elsewhere(self) -> None:
        """Of a charge that belongs to no payment intent, so none of ours."""
        self.tell("charge.dispute.created", {"id": "dp_else", "object": "dispute", "payment_intent": None})

    def close_dispute(self, payment_id: str, *, is_won: bool) -> None:
        made = next(
            thing
            for thing in self.objects.values()
            if thing["object"] == "dispute" and thing["payment_intent"] == payment_id
        )
        made["status"] = "won" if is_won else "lost"
        self.tell("charge.dispute.closed", made)

    def _bill(self, subscription: Mapping[str, Any], *, is_sent: bool = False) -> None:
        item = subscription["items"]["data"][0]
        is_trial = subscription["status"] == "trialing"
        is_paid = not is_sent and (is_trial or subscription["status"] == "active")
        line = {
            "description": "1 × Pro",
            "amount": 0 if is_trial else subscription["cents"],
            "period": {"start": item["current_period_start"], "end": item["current_period_end"]},
            "pricing": {"price_details": {"product": item["price"]["product"]}},
        }
        is_first = "latest_invoice" not in subscription
        reason = "subscription_create" if is_first else "subscription_cycle"
        self._invoice(subscription, [line], reason, is_paid=is_paid, is_sent=is_sent)

    def _bill_change(self, subscription: Mapping[str, Any], product: str, more_cents: int) -> None:
        """The rest of the month of both: one given back, one taken."""
        item = subscription["items"]["data"][0]
        month = item["current_period_end"] - item["current_period_start"]
        rest = item["current_period_end"] - self.now()
        period = {"start": self.now(), "end": item["current_period_end"]}
        given_back = -round(subscription["cents"] * rest / month)
        taken = round((subscription["cents"] + more_cents) * rest / month)
        lines = [
            {"amount": cents, "period": period, "pricing": {"price_details": {"product": one}}, "description": "Rest"}
            for cents, one in ((given_back, item["price"]["product"]), (taken, product))
        ]
        self._invoice(subscription, lines, "subscription_update", is_paid=True)

    def _invoice(
        self,
        subscription: Mapping[str, Any],
        lines: list[dict[str, Any]],
        reason: str,
        *,
        is_paid: bool,
        is_sent: bool = False,
    ) -> None:
        cents = sum(line["amount"] for line in lines)
        is_taken, standing = (is_paid or is_sent) and cents > 0, "processing" if is_sent else "succeeded"
        taken = self._take(subscription["customer"], cents, standing) if is_taken else None
        paid = [{"payment": {"payment_intent": taken}}] if taken else []
        made = {
            "id": f"in_{len(self.objects) + 1}",
            "object": "invoice",
            "billing_reason": reason,
            "customer": subscription["customer"],
            "parent": {"subscription_details": {"subscription": subscription["id"]}},
            "status": "paid" if is_paid else "open",
            "attempt_count": 1,
            "amount_paid": cents if is_paid else 0,
            "amount_due": cents,
            "currency": "usd",
            "created": self.now(),
            "lines": {"data": lines},
            "payments": {"data": paid},
            "hosted_invoice_url": "https://invoice.stripe.example/1",
        }
        self.objects[made["id"]] = made
        self.objects[subscription["id"]]["latest_invoice"] = made["id"]
        if not is_sent:
            self.tell("invoice.paid" if is_paid else "invoice.payment_failed", made)

    def _take(self, customer: str, cents: int, standing: str = "succeeded") -> str:
        number = len(self.objects) + 1
        payment, charge = f"pi_{number}", f"ch_{number + 1}"
        self.objects[payment] = {
            "id": payment,
            "object": "payment_intent",
            "customer": customer,
            "amount": cents,
            "status": standing,
            "latest_charge": charge,
        }
        self.objects[charge] = {
            "id": charge,
            "object": "charge",
            "amount": cents,
            "amount_refunded": 0,
            "disputed": False,
            "payment_intent": payment,
            "customer": customer,
        }
        return payment

    def tell(self, kind: str, thing: Mapping[str, Any]) -> None:
        event_id = f"evt_{new_id()}"
        event = {"id": event_id, "object": "event", "type": kind, "livemode": False, "created": self.now()}
        told = {**event, "data": {"object": dict(thing)}}
        self.events.append(json.dumps(told).encode())
        self.objects[event_id] = told

    def messages(self) -> list[tuple[bytes, str]]:
        told, self.events = self.events, []
        return [(body, signing.sign(body, SECRET, self.clock.now())) for body in told]


def _in_time(events: list[dict[str, Any]], asked: QueryParams) -> list[dict[str, Any]]:
    kinds = {value for name, value in asked.multi_items() if name.startswith("types[")}
    since, until = int(asked["created[gte]"]), int(asked["created[lt]"])
    return [one for one in events if one["type"] in kinds and since <= one["created"] < until]


def _owner(thing: Mapping[str, Any], name: str) -> Any:
    parent = thing.get("parent", {}).get("subscription_details", {})
    return thing.get(name, parent.get(name))


def _error(status: int, kind: str, message: str, *, code: str | None = None) -> Response:
    return JSONResponse({"error": {"type": kind, "message": message, "code": code}}, status_code=status)
