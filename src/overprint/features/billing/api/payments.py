"""Buying, receipts, and what payment providers tell."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Header, Query, Request, Response
from pydantic import Field

from overprint.core.problems import Invalid, LimitReached
from overprint.db.database import Transaction
from overprint.features.billing.api.shapes import PlanOut
from overprint.features.billing.rules.paying import packs
from overprint.features.billing.service import Payments, Plans
from overprint.features.billing.service.payments import PAGE_MAX, edition_of_subscription
from overprint.features.teams import Action, permit
from overprint.http.once import Once
from overprint.http.responses import (
    IdempotencyKey,
    IfMatch,
    In,
    Out,
    etag_of,
    example,
    next_cursor,
    read_cursor,
    refuse_outdated,
)
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes
from overprint.ports.errors import Refused
from overprint.ports.payments import BODY_MAX_BYTES


class PackOut(Out):
    """Credits that are bought once and do not expire."""

    key: str
    name: str
    credits: int
    amount_cents: int
    currency: str


class SubscriptionOut(Out):
    """``plan`` is what the team has, ``next_plan`` the key of what it changes to at ``period_end``, if it does.
    ``status`` is none, trialing, active, past_due, unpaid or cancelled; a plan that was not paid for is kept for a
    week. ``packs`` can be bought besides."""

    plan: PlanOut
    status: str
    period_start: datetime | None
    period_end: datetime | None
    ends_at_period_end: bool
    next_plan: str | None
    past_due_since: datetime | None
    is_pretend: bool
    packs: list[PackOut]


class CheckoutIn(In):
    """Either a plan or a pack, by its key."""

    model_config = example(plan="pro")

    plan: str | None = Field(None, min_length=1, max_length=40)
    pack: str | None = Field(None, min_length=1, max_length=40)


class ChangeIn(In):
    """The key of the plan that the team should have."""

    model_config = example(plan="team")

    plan: str = Field(min_length=1, max_length=40)


class PageOut(Out):
    """Where to send the person."""

    url: str


class CheckoutOut(PageOut):
    """``trial_days`` for nothing begin there. ``has_tried``: the plan has a trial, which this team or whoever asks had
    before, so the page is without."""

    trial_days: int
    has_tried: bool


class InvoiceOut(Out):
    """``state`` is open, sent (a bank works on it, which takes days), paid, failed or refunded. ``credits`` is what it
    brought; ``taken_credits`` of them went when money was given back. ``dispute`` is none, open, won (the money is here
    again) or lost; ``owed_credits`` were used before. ``period_end`` is when the month ends that it pays for; null of a
    pack."""

    id: UUID
    description: str
    state: str
    amount_cents: int
    refunded_cents: int
    currency: str
    credits: int
    taken_credits: int
    dispute: str
    owed_credits: int
    period_end: datetime | None
    url: str | None
    made_at: datetime
    paid_at: datetime | None


class InvoicePage(Out):
    items: list[InvoiceOut]
    next_cursor: str | None


class HeardOut(Out):
    """``is_new``: it was not told before."""

    is_new: bool


def payments_router(plans: Plans, payments: Payments) -> APIRouter:
    """Buying. What a provider tells comes in at ``webhook``, from nobody who is signed in."""
    api = Router(prefix="/api", tags=["billing"])

    async def standing(transaction: Transaction, response: Response) -> SubscriptionOut:
        row = await payments.find_subscription(transaction)
        response.headers.update(etag_of(edition_of_subscription(row)))
        nothing = dict.fromkeys(("period_start", "period_end", "next_plan", "past_due_since"))
        return SubscriptionOut.model_validate(
            {
                **({"status": "none", "ends_at_period_end": False} | nothing if row is None else dict(row)),
                "plan": PlanOut.model_validate(await plans.of_team(transaction)),
                "is_pretend": payments.port.is_pretend,
                "packs": list(packs().values()),
            }
        )

    @api.get("/billing/subscription")
    async def get_subscription(scope: InScope, response: Response) -> SubscriptionOut:
        permit(scope.principal, Action.SEE_BILLING)
        return await standing(scope.transaction, response)

    @api.put("/billing/subscription")
    async def change_subscription(
        scopes: InScopes, response: Response, wanted: ChangeIn, if_match: IfMatch = None
    ) -> SubscriptionOut:
        """Change to another plan: at once to one that costs more, and the difference for the rest of the month is paid
        now; else, and from a trial, when the month or the trial ends, and until then the present plan can be chosen
        again. The same again is fine."""
        await payments.change(scopes.transaction, scopes.principal, wanted.plan, partial(refuse_outdated, if_match))
        async with scopes.transaction() as transaction:
            return await standing(transaction, response)

    @api.get("/billing/invoices")
    async def list_invoices(
        scope: InScope, limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50, cursor: str | None = None
    ) -> InvoicePage:
        permit(scope.principal, Action.SEE_BILLING)
        rows = await payments.list_invoices(scope.transaction, limit, read_cursor(cursor))
        items = [InvoiceOut.model_validate(row) for row in rows]
        return InvoicePage(items=items, next_cursor=next_cursor(rows, limit))

    @api.get("/billing/invoices/{invoice_id}")
    async def get_invoice(scope: InScope, invoice_id: UUID) -> InvoiceOut:
        """One receipt; ``/billing/receipts/{invoice_id}`` is the page to print."""
        permit(scope.principal, Action.SEE_BILLING)
        return InvoiceOut.model_validate(dict(await payments.get_invoice(scope.transaction, invoice_id)))

    @api.post("/billing/checkout", status_code=201)
    async def open_checkout(
        scopes: InScopes, once: Once, wanted: CheckoutIn, idempotency_key: IdempotencyKey = None
    ) -> CheckoutOut:
        """A page where a plan or a pack is paid. A trial comes once to a team, and once to whoever begins it."""

        async def as_asked() -> CheckoutIn:
            return wanted

        # Only what was asked for is kept under the key: the page is the same because the provider keeps it too.
        async with scopes.transaction() as transaction:
            await once.answer(transaction, CheckoutIn, wanted.model_dump(mode="json"), as_asked)
        page = await payments.checkout(
            scopes.transaction, scopes.principal, plan=wanted.plan, pack=wanted.pack, key=idempotency_key
        )
        return CheckoutOut.model_validate(page)

    @api.post("/billing/portal", status_code=201)
    async def open_portal(scopes: InScopes) -> PageOut:
        """A page where the subscription is changed or ended."""
        return PageOut(url=await payments.portal(scopes.transaction, scopes.principal))

    @api.post("/billing/webhook")
    @api.post("/stripe/webhook", name="stripe_webhook")
    async def hear(
        request: Request,
        after: BackgroundTasks,
        stripe_signature: Annotated[str, Header(max_length=2000)] = "",
    ) -> HeardOut:
        """What the payment provider tells, signed. It is kept, answered, and acted on afterwards."""
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_MAX_BYTES:
                raise LimitReached("This message is too long for news of a payment.", "Send one message at a time.")
        try:
            is_new = await payments.receive(bytes(body), stripe_signature)
        except Refused as refused:
            raise Invalid(
                refused.message, "Look at OVERPRINT_PAYMENTS_WEBHOOK_SECRET and OVERPRINT_PAYMENTS_API_KEY."
            ) from None
        after.add_task(payments.process)
        return HeardOut(is_new=is_new)

    return api
