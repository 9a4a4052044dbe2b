"""Choosing the language of pages: a small form at the foot of each."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.principal import Principal
from overprint.core.problems import Invalid
from overprint.http.catalogues import COOKIE, LANGUAGES, PSEUDO
from overprint.http.places import PLACE, page_before
from overprint.http.routes import Router
from overprint.http.visitors import find_principal

_YEAR_SECONDS = 365 * 24 * 3600


Keep = Callable[[Principal, str], Awaitable[None]]


def languages_router(keep: Keep) -> APIRouter:
    """The form's answer: the browser keeps the choice, and goes back to the page that it came from. ``keep`` is told
    which person chose what, for their mails and other browsers."""
    router = Router(include_in_schema=False)

    @router.post("/language")
    async def choose(
        request: Request,
        language: Annotated[str, Form(max_length=20)],
        home: Annotated[str, Form(pattern=f"^{PLACE.pattern}$", max_length=200)] = "",
    ) -> Response:
        """``home``: where a page is at home that answers a form, and so has no address of its own."""
        if language not in LANGUAGES and language != PSEUDO:
            raise Invalid("There is no such language here.", "Choose one of the list at the foot of the page.")
        who = await find_principal(request)
        if who is not None and language in LANGUAGES:
            await keep(who, language)
        answer = RedirectResponse(home or page_before(request, with_query=True), status_code=303)
        is_secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, language, max_age=_YEAR_SECONDS, samesite="lax", httponly=True, secure=is_secure)
        return answer

    return router
