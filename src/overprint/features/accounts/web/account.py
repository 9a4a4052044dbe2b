"""One's own account, on one page: name, address, password, sessions, keys, and its end."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Principal, Via
from overprint.core.problems import Denied, Invalid, NotConfirmed, Problem
from overprint.db.database import Transaction
from overprint.features.accounts import rules
from overprint.features.accounts.rules import require_confirmed
from overprint.features.accounts.rules.devices import device_of
from overprint.features.accounts.service.counter import Counter
from overprint.features.accounts.web.entrance import TEMPLATES, field, sent
from overprint.http.cookies import SessionCookies
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Who
from overprint.http.visitors import visitor_of
from overprint.http.wording import N_

# What a key may do, as people say it: what only looks first.
SCOPE_WORDS = {
    "work:read": N_("see books, jobs and files"),
    "members:read": N_("see who belongs to the team"),
    "billing:read": N_("see plan, credits and receipts"),
    "audit:read": N_("read who did what"),
    "work:write": N_("make, change and delete books"),
    "members:write": N_("invite and remove members"),
    "billing:write": N_("buy and change plans"),
    "team:write": N_("change the team's name and settings"),
    "team:owner": N_("give the team away or delete it"),
    "keys:write": N_("make and revoke keys"),
}
MAILS_SHOWN = 50
TO_CONFIRM = "/confirm?next=/account"


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def page(
        transaction: Transaction, who: Principal, problem: Problem | None = None, said: str = "", new_key: str = ""
    ) -> Response:
        answer = pages.render(
            "account.html",
            status_of(problem) if problem else 200,
            problem=problem,
            said=said,
            new_key=new_key,
            who=who,
            is_person=who.via is Via.SESSION,
            person=await counter.own.get(who.person_id),
            sessions=[(one, device_of(one["agent"])) for one in await counter.sessions.list_sessions(who.person_id)],
            keys=await _keys_of(counter, transaction, who),
            scopes=[scope for scope in SCOPE_WORDS if scope in counter.keys.scopes],
            words=SCOPE_WORDS,
            rules=rules,
            factor=await counter.factors.get(who.person_id),
            passkeys=await counter.passkeys.list_passkeys(who.person_id),
            party=counter.passkeys.party,
            providers=counter.providers.offered(),
            identities=await counter.identities.list_identities(who.person_id),
        )
        answer.headers.update(UNKEPT)
        return answer

    async def after(
        scopes: InScopes, request: Request, change: Callable[[dict[str, str]], Awaitable[None]], said: str
    ) -> Response:
        """The page after ``change``, with what went wrong if anything did."""
        form = await sent(request)
        problem: Problem | None = None
        try:
            if scopes.principal.session_id is None or scopes.principal.via is Via.API_KEY:
                raise Denied("There is no account to change.", "Sign in as a person.")
            await change({name: field(form, name) for name in form})
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)
        except Problem as raised:
            problem = raised
        async with scopes.transaction() as transaction:
            return await page(transaction, scopes.principal, problem, "" if problem else said)

    @web.get("/account")
    async def show(scope: InScope) -> Response:
        refuse_keys(scope.principal)
        return await page(scope.transaction, scope.principal)

    @web.post("/account/name")
    async def rename(scopes: InScopes, request: Request) -> Response:
        who = scopes.principal

        async def change(form: dict[str, str]) -> None:
            await counter.own.rename(who.person_id, form.get("name", ""), visitor_of(request, who))

        return await after(scopes, request, change, N_("Your name is changed."))

    @web.post("/account/email")
    async def change_email(scopes: InScopes, request: Request) -> Response:
        who = scopes.principal

        async def change(form: dict[str, str]) -> None:
            password, email = form.get("password", ""), form.get("email", "")
            await counter.own.ask_email(who.person_id, password, email, visitor_of(request, who))

        return await after(scopes, request, change, N_("If this address can be used, a mail is on its way to it."))

    @web.post("/account/password")
    async def change_password(scopes: InScopes, request: Request) -> Response:
        who = scopes.principal

        async def change(form: dict[str, str]) -> None:
            old, new = form.get("old", ""), form.get("new", "")
            await counter.own.change_password(who.person_id, old, new, visitor_of(request, who))

        return await after(scopes, request, change, N_("Your password is changed, and your other sessions have ended."))

    @web.post("/account/sessions/{session_id}/revoke")
    async def revoke(scopes: InScopes, request: Request, session_id: UUID) -> Response:
        who = scopes.principal

        async def change(form: dict[str, str]) -> None:
            await counter.sessions.revoke(who.person_id, session_id, visitor_of(request, who))

        return await after(scopes, request, change, N_("This session has ended."))

    @web.post("/account/keys")
    async def make_key(scopes: InScopes, request: Request) -> Response:
        form = await sent(request)
        wanted = frozenset(str(each) for each in form.getlist("scopes"))
        try:
            async with scopes.transaction() as transaction:
                days = _days(field(form, "days"))
                made = await counter.keys.make(transaction, scopes.principal, field(form, "name"), wanted, days)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await page(transaction, scopes.principal, problem)
        async with scopes.transaction() as transaction:
            return await page(transaction, scopes.principal, new_key=made[1])

    @web.post("/account/keys/{key_id}/revoke")
    async def revoke_key(scope: InScope, key_id: UUID) -> Response:
        await counter.keys.revoke(scope.transaction, scope.principal, key_id)
        return RedirectResponse("/account", status_code=303)

    @web.post("/account/delete")
    async def close(scopes: InScopes, request: Request) -> Response:
        who = scopes.principal
        password = field(await sent(request), "password")
        try:
            await counter.own.close(who.person_id, password, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await page(transaction, who, problem)
        cookies.take_back(request)
        return pages.render(
            "said.html",
            title=N_("Your account is closed"),
            lede=N_("Thank you for having been here."),
            href="/login",
            label=N_("To the entrance"),
        )

    @web.get("/admin/mail")
    async def show_mail(who: Who) -> Response:
        """What the embedded mail adapter keeps: how a fresh install gets at its own links."""
        counter.permit_site(who)
        try:
            require_confirmed(who, counter.office.clock.now())
        except Problem:
            return RedirectResponse("/confirm?next=/admin/mail", status_code=303)
        kept = await counter.list_kept_mail(MAILS_SHOWN, None)
        answer = pages.render("mail.html", kept=kept, waiting=await counter.list_waiting_mail(MAILS_SHOWN))
        answer.headers.update(UNKEPT)
        return answer

    return web


def refuse_keys(who: Principal) -> None:
    """Raises ``Denied`` for an API key: it acts for a team, and its maker's account is none of its business."""
    if who.via is Via.API_KEY:
        raise Denied("An API key has no account.", "Sign in as a person.")


async def _keys_of(counter: Counter, transaction: Transaction, who: Principal) -> list[dict[str, Any]] | None:
    """None for who may not see them."""
    if who.via is not Via.SESSION:
        return None
    try:
        return await counter.keys.list_keys(transaction, who, limit=rules.KEYS_MAX)
    except Denied:
        return None


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid("The days have to be a whole number.", "Leave it empty for a key without an end.", field="days")
    return int(text)
