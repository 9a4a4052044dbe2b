"""To a provider's page and back again, and the question whose account it is."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Via
from overprint.core.problems import NotConfirmed, Problem
from overprint.features.accounts import rules
from overprint.features.accounts.rules.identities import ROUND_LIFETIME
from overprint.features.accounts.service.counter import Counter
from overprint.features.accounts.service.providers import Caller, Pending
from overprint.features.accounts.service.signing_in import Asked
from overprint.features.accounts.web.entrance import TEMPLATES, field, sent
from overprint.http.cookies import ROUND, SessionCookies
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import find_principal, visitor_of

# There and back, and then the question whose account it is.
_COOKIE_SECONDS = int(2 * ROUND_LIFETIME.total_seconds())


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    def page(template: str, problem: Problem | None = None, **values: Any) -> Response:
        answer = pages.render(template, status_of(problem) if problem else 200, problem=problem, **values)
        answer.headers.update(UNKEPT)
        return answer

    def failed(problem: Problem) -> Response:
        return page("provider.html", problem, pending=None, token="", is_signed_in=False)

    @web.get("/api/auth/oidc/{provider}/start")
    async def start(request: Request, provider: str, next: str = "/", fresh: bool = False) -> Response:
        visitor = visitor_of(request, await find_principal(request))
        try:
            begun = await counter.providers.begin(
                provider, next, visitor, is_fresh=fresh, browser=cookies.lent(request, ROUND)
            )
        except Problem as problem:
            return failed(problem)
        cookies.lend(request, begun.browser, _COOKIE_SECONDS, ROUND)
        return RedirectResponse(begun.url, status_code=303, headers=UNKEPT)

    @web.get("/api/auth/oidc/{provider}/callback")
    async def come_back(request: Request, provider: str) -> Response:
        who = await find_principal(request)
        caller = Caller(cookies.lent(request, ROUND), visitor_of(request, who), who)
        try:
            found = await counter.providers.come_back(provider, dict(request.query_params), caller)
        except Problem as problem:
            return failed(problem)
        if isinstance(found, Pending):
            return RedirectResponse(f"/link?token={found.token}", status_code=303, headers=UNKEPT)
        if isinstance(found.entered, Asked):
            return page("code.html", next=found.next_page, ticket=found.entered.ticket)
        cookies.give(request, found.entered.access, found.entered.refresh)
        return RedirectResponse(found.next_page, status_code=303, headers=UNKEPT)

    @web.get("/link")
    async def ask_whose(request: Request, token: str = "") -> Response:
        return await whose(request, token[: rules.TOKEN_MAX_CHARACTERS])

    async def whose(request: Request, token: str, problem: Problem | None = None) -> Response:
        who = await find_principal(request)
        try:
            pending = await counter.identities.find_pending(token, cookies.lent(request, ROUND))
        except Problem as over:
            return failed(problem or over)
        is_signed_in = who is not None and who.via is Via.SESSION
        return page("provider.html", problem, pending=pending, token=token, is_signed_in=is_signed_in)

    @web.post("/link")
    async def link(request: Request, who: Who) -> Response:
        token = field(await sent(request), "token")
        try:
            wanted = await counter.identities.link(token, cookies.lent(request, ROUND), who, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse(f"/confirm?next=/link?token={token}", status_code=303)
        except Problem as problem:
            return await whose(request, token, problem)
        return RedirectResponse(wanted, status_code=303)

    @web.post("/account/identities/{identity_id}/unlink")
    async def unlink(request: Request, who: Who, identity_id: UUID) -> Response:
        try:
            await counter.identities.unlink(identity_id, who, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse("/confirm?next=/account", status_code=303)
        return RedirectResponse("/account#identities", status_code=303)

    return web
