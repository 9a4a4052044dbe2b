"""Showing once more that it is you, before what can do harm; and what is missing, for whoever runs the house."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Principal
from overprint.core.problems import Problem
from overprint.features.accounts import rules
from overprint.features.accounts.service.counter import Counter
from overprint.features.accounts.web.account import refuse_keys
from overprint.features.accounts.web.entrance import TEMPLATES, field, sent
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import visitor_of
from overprint.http.wording import N_

_TWO_THINGS = N_(
    "Whoever runs this house shows two things. You have shown your password; now set up an app that makes codes, or a "
    "passkey. Then go on here."
)


def router(counter: Counter) -> APIRouter:
    """Routes over ``counter``."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def page(who: Principal, wanted: str, problem: Problem | None = None) -> Response:
        has = await counter.factors.ways_of(who.person_id)
        values: dict[str, Any] = {"next": wanted, "problem": problem, "has": has, "party": counter.passkeys.party}
        values["providers"] = await counter.identities.linked(who.person_id)
        answer = pages.render("confirm.html", status_of(problem) if problem else 200, **values)
        answer.headers.update(UNKEPT)
        return answer

    @web.get("/confirm")
    async def show_confirm(who: Who, next: str = "/account") -> Response:
        refuse_keys(who)
        wanted = rules.next_page(next)
        if rules.is_fresh(who, counter.office.clock.now()) and await counter.factors.is_missing(who):
            return pages.render(
                "said.html",
                title=N_("One thing more"),
                lede=_TWO_THINGS,
                href="/account#second-factor",
                label=N_("Set it up"),
            )
        return await page(who, wanted)

    @web.post("/confirm")
    async def confirm(request: Request, who: Who) -> Response:
        refuse_keys(who)
        form = await sent(request)
        wanted, password, code = rules.next_page(field(form, "next")), field(form, "password"), field(form, "code")
        if who.session_id is None:
            return RedirectResponse(wanted, status_code=303)
        try:
            visitor = visitor_of(request, who)
            await counter.proofs.confirm(who.session_id, who.person_id, password, visitor, code=code)
        except Problem as problem:
            return await page(who, wanted, problem)
        if not wanted.startswith("/account") and await counter.factors.is_missing(who):
            wanted = f"/confirm?next={quote(wanted, safe='')}"
        return RedirectResponse(wanted, status_code=303)

    return web
