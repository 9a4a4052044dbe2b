"""The second factor and passkeys on the pages of one's own account."""

from typing import Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from overprint.core.principal import Principal
from overprint.core.problems import Denied, Invalid, NotConfirmed, Problem
from overprint.features.accounts.service.counter import Counter
from overprint.features.accounts.service.second_factors import Setup
from overprint.features.accounts.web.account import TO_CONFIRM
from overprint.features.accounts.web.entrance import TEMPLATES, field, sent
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import visitor_of


def router(counter: Counter) -> APIRouter:
    """Routes over ``counter``."""
    web = Router(prefix="/account", include_in_schema=False)
    pages = Pages(TEMPLATES)

    def page(template: str, problem: Problem | None = None, **values: Any) -> Response:
        answer = pages.render(template, status_of(problem) if problem else 200, problem=problem, **values)
        answer.headers.update(UNKEPT)
        return answer

    def setup_page(setup: Setup, problem: Problem | None = None) -> Response:
        return page("second_factor.html", problem, secret=_grouped(setup.secret), uri=setup.uri, qr=_qr(setup.uri))

    @web.post("/second-factor")
    async def begin(request: Request, who: Who) -> Response:
        _refuse_nobody(who)
        try:
            return setup_page(await counter.factors.begin(who, visitor_of(request, who)))
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)

    @web.post("/second-factor/confirm")
    async def turn_on(request: Request, who: Who) -> Response:
        _refuse_nobody(who)
        code = field(await sent(request), "code")
        try:
            codes = await counter.factors.turn_on(who, code, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)
        except Invalid as problem:
            return setup_page(await counter.factors.resume(who), problem)
        return page("recovery_codes.html", codes=codes, is_new=True)

    @web.post("/second-factor/off")
    async def turn_off(request: Request, who: Who) -> Response:
        _refuse_nobody(who)
        try:
            await counter.factors.turn_off(who, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)
        return _to_factors()

    @web.post("/recovery-codes")
    async def renew(request: Request, who: Who) -> Response:
        _refuse_nobody(who)
        try:
            codes = await counter.factors.renew_recovery_codes(who, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)
        return page("recovery_codes.html", codes=codes, is_new=False)

    @web.post("/passkeys/{passkey_id}/remove")
    async def remove(request: Request, who: Who, passkey_id: UUID) -> Response:
        _refuse_nobody(who)
        try:
            await counter.passkeys.remove(who, passkey_id, visitor_of(request, who))
        except NotConfirmed:
            return RedirectResponse(TO_CONFIRM, status_code=303)
        return _to_factors()

    return web


def _to_factors() -> Response:
    return RedirectResponse("/account#second-factor", status_code=303)


def _refuse_nobody(who: Principal) -> None:
    """Raises ``Denied`` for a key, and where there are no accounts."""
    if who.session_id is None or who.scopes is not None:
        raise Denied("There is no account to change.", "Sign in as a person.")


def _qr(uri: str) -> Markup:
    """The code that an app's camera reads: dark on white whatever the page's colours are."""
    code = segno.make(uri, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # it holds no words of anybody


def _grouped(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
