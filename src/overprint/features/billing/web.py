"""Pages: plan, credits and receipts of a team; the till, where pretend money is paid. They work without JavaScript."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.ids import new_id
from overprint.core.problems import NotFound, Problem
from overprint.features.billing.rules.days import bars_of
from overprint.features.billing.rules.features import OFFERED
from overprint.features.billing.rules.lots import Kind, Source
from overprint.features.billing.rules.paying import packs
from overprint.features.billing.service import Credits, Payments, Plans
from overprint.features.teams import Action, permit
from overprint.http.forms import read_form
from overprint.http.once import key_of_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scopes
from overprint.http.wording import N_
from overprint.ports.payments import Means, PageState, PretendPort, Standing

_FIELDS_MAX = 10
_STATES = (N_("open"), N_("paid"), N_("failed"), N_("void"), N_("refunded"))
_INVOICES_SHOWN = 24
_JUST_PAID = timedelta(minutes=5)  # so long whoever comes back from paying is told that it worked
_TILL_SAYS = {
    PageState.OPEN: N_("Pay"),
    PageState.SENT: N_("Your bank is working on this"),
    PageState.PAID: N_("This is paid"),
    PageState.REFUSED: N_("Your bank refused this"),
}
_NO_PAGE = ("There is no such page at the till.", "Opening another one closes it: choose again on the page Credits.")
_DAYS_SHOWN, _ENTRIES_SHOWN = 30, 50
_LOTS_SHOWN = 12
# Where credits came from, as people say it.
_SOURCES = {
    Source.PLAN: N_("of the plan's month"),
    Source.PROMO: N_("a present"),
    Source.PACK: N_("bought once"),
    Source.ADMIN: N_("from whoever runs this site"),
    Source.HOUSE: N_("lent by the house"),
}
# What moved credits, as people say it.
_WORDS = {
    Kind.GRANT: N_("came"),
    Kind.HOLD: N_("set aside"),
    Kind.CAPTURE: N_("spent"),
    Kind.RELEASE: N_("given back"),
    Kind.EXPIRE: N_("expired"),
    Kind.REFUND: N_("refunded"),
    Kind.TAKE_BACK: N_("taken back"),
}
_STANDINGS = {
    Standing.TRIALING: N_("on trial"),
    Standing.ACTIVE: N_("active"),
    Standing.PAST_DUE: N_("past due"),
    Standing.UNPAID: N_("unpaid"),
    Standing.CANCELLED: N_("cancelled"),
}


def router(plans: Plans, credits: Credits, payments: Payments) -> APIRouter:
    """The pages of what a team pays for."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    async def page(scopes: Scopes, problem: Problem | None = None, going: str = "") -> Response:
        async with scopes.transaction() as transaction:
            permit(scopes.principal, Action.SEE_BILLING)
            balances = await credits.balances(transaction)
            plan, row = await plans.of_team(transaction), await payments.find_subscription(transaction)
            subscription = row if row is not None and row["plan"] is not None else None
            offered = await plans.list_offered(transaction)
            bought = subscription["plan"] if subscription else ""
            invoices = await payments.list_invoices(transaction, _INVOICES_SHOWN, None)
            since = credits.books.clock.now() - _JUST_PAID
            return pages.render(
                "billing.html",
                status_of(problem) if problem else 200,
                once=new_id(),
                plan=plan,
                is_own=plan.is_own,
                available=balances["available_credits"],
                held=balances["held_credits"],
                subscription=subscription,
                bought=next((offer for offer in offered if offer.key == bought), plan),
                plans=offered,
                packs=packs().values(),
                invoices=invoices,
                just_paid=[
                    one for one in invoices if one["state"] == "paid" and one["paid_at"] and one["paid_at"] > since
                ],
                is_pretend=payments.port.is_pretend,
                problem=problem,
                going=going,
                lots=[lot for lot in balances["lots"] if lot["available_credits"]][:_LOTS_SHOWN],
                sources=_SOURCES,
                holds=await credits.list_held(transaction),
                features=OFFERED,
            )

    @web.get("/billing")
    async def show_billing(scopes: InScopes) -> Response:
        return await page(scopes)

    @web.post("/billing/checkout")
    async def check_out(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        plan, pack = (str(form[name])[:40] if form.get(name) else None for name in ("plan", "pack"))
        try:
            key = key_of_form(request, form.multi_items())
            opened = await payments.checkout(scopes.transaction, scopes.principal, plan=plan, pack=pack, key=key)
        except Problem as problem:
            return await page(scopes, problem)
        if opened.has_tried:  # nobody is led to a page that asks for money where they were to get days for nothing
            return await page(scopes, going=opened.url)
        return RedirectResponse(opened.url, status_code=303)

    @web.post("/billing/change")
    async def change(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        try:
            await payments.change(scopes.transaction, scopes.principal, str(form.get("plan", ""))[:40])
        except Problem as problem:
            return await page(scopes, problem)
        return RedirectResponse("/billing", status_code=303)

    @web.get("/billing/receipts/{invoice_id}")
    async def show_receipt(scope: InScope, invoice_id: UUID) -> Response:
        permit(scope.principal, Action.SEE_BILLING)
        invoice = await payments.get_invoice(scope.transaction, invoice_id)
        team = await payments.team_name(scope.transaction)
        is_pretend = payments.port.is_pretend
        return pages.render("receipt.html", invoice=invoice, team=team, is_pretend=is_pretend)

    @web.get("/billing/usage")
    async def show_usage(scope: InScope, cursor: str | None = None) -> Response:
        permit(scope.principal, Action.SEE_BILLING)
        entries = await credits.list_entries(scope.transaction, limit=_ENTRIES_SHOWN, before=read_cursor(cursor))
        days = await credits.usage(scope.transaction, _DAYS_SHOWN)
        return pages.render(
            "usage.html",
            days=days,
            bars=bars_of(days, credits.books.clock.now().date(), _DAYS_SHOWN),
            entries=entries,
            next_cursor=next_cursor(entries, _ENTRIES_SHOWN),
            words=_WORDS,
        )

    @web.post("/billing/portal")
    async def open_portal(scopes: InScopes) -> Response:
        try:
            return RedirectResponse(await payments.portal(scopes.transaction, scopes.principal), status_code=303)
        except Problem as problem:
            return await page(scopes, problem)

    return web


def till_router(payments: Payments, till: PretendPort) -> APIRouter:
    """The till's own pages: what a provider's would be."""
    web = Router(include_in_schema=False, prefix="/till")
    pages = Pages(Path(__file__).parent / "templates")

    async def customer(scope: InScope) -> str:
        """Who pays for the team. Raises ``NotFound`` for a team that never came here."""
        permit(scope.principal, Action.MANAGE_BILLING)
        row = await payments.find_subscription(scope.transaction)
        if row is None or row["provider"] != till.name:
            raise NotFound("This team has not been at the till yet.", "Choose a plan or a pack first.")
        return str(row["customer_id"])

    def render(title: str, problem: Problem | None = None, **shown: Any) -> Response:
        values = {"offer": None, "subscriptions": (), "back_url": "/billing"} | shown
        status = status_of(problem) if problem else 200
        return pages.render("till.html", status, title=title, problem=problem, standings=_STANDINGS, **values)

    @web.get("/checkout/{checkout_id}")
    async def show_checkout(scope: InScope, checkout_id: str) -> Response:
        found = await till.find_offer(checkout_id[:200], await customer(scope))
        if found is None:
            raise NotFound(*_NO_PAGE)
        offer, back_url, state = found
        return render(_TILL_SAYS[state], offer=offer if state is PageState.OPEN else None, back_url=back_url)

    @web.post("/checkout/{checkout_id}")
    async def pay(scope: InScope, checkout_id: str, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        found = await till.find_offer(checkout_id[:200], await customer(scope))
        if found is None:
            raise NotFound(*_NO_PAGE)
        try:
            means = str(form.get("card"))
            await till.pay(checkout_id[:200], by=Means(means) if means in set(Means) else Means.CARD)
        except Problem as problem:
            return render("Pay", problem, offer=found[0], back_url=found[1])
        await payments.hear(till)
        await payments.process()  # before they look: the page that they come back to shows what they bought
        return RedirectResponse(found[1], status_code=303)

    @web.get("/portal")
    async def show_portal(scope: InScope) -> Response:
        return render("Your subscription", subscriptions=await till.list_subscriptions(await customer(scope)))

    @web.post("/portal")
    async def change(scope: InScope, request: Request, after: BackgroundTasks) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        who, act = await customer(scope), form.get("act")
        theirs = {one.id for one in await till.list_subscriptions(who)}
        if form.get("subscription") not in theirs:
            raise NotFound("There is no such subscription.", "It may be over. The page Credits shows what there is.")
        if act in ("end", "go_on"):
            await till.end_at_period_end(str(form["subscription"]), ends=act == "end")
        elif act in ("decline", "accept"):
            await till.change_card(who, declines=act == "decline")
        await payments.hear(till)
        after.add_task(payments.process)
        return RedirectResponse("/till/portal", status_code=303)

    return web
