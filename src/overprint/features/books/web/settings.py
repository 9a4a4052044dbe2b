"""The page where people choose what new books begin with."""

from functools import partial
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import Json
from overprint.core.problems import Problem
from overprint.craft.press import printers
from overprint.features.books.service import defaults
from overprint.features.books.web.choices import CHOICES
from overprint.features.teams import Action, is_allowed
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope

_FIELDS_MAX = 20
_SPOKEN = {"yes": True, "no": False}


def router() -> APIRouter:
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent.parent / "templates")

    async def page(scope: Scope, problem: Problem | None = None, *, is_kept: bool = False) -> Response:
        chosen = await defaults.read(scope.transaction, scope.principal.person_id)
        return pages.render(
            "settings.html",
            status_of(problem) if problem else 200,
            chosen=chosen,
            choices=CHOICES,
            printers=printers().values(),
            may_change_team=is_allowed(scope.principal, Action.CHANGE_TEAM),
            may_change_own=is_allowed(scope.principal, Action.MAKE_WORK),
            problem=problem,
            is_kept=is_kept,
        )

    @web.get("/settings")
    async def show_settings(scope: InScope, kept: bool = False) -> Response:
        return await page(scope, is_kept=kept)

    @web.post("/settings")
    async def change_settings(scope: InScope, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        named: dict[str, Json] = {name: str(form[name]) or None for name in defaults.NAMES if name in form}
        if "is_aloud" in named:
            named["is_aloud"] = _SPOKEN.get(str(named["is_aloud"]))
        whose = "team" if form.get("whose") == "team" else "own"
        check = partial(refuse_outdated, f'"{str(form.get("version", ""))[:50]}"')
        try:
            async with scope.transaction.savepoint():
                await defaults.change(scope.transaction, scope.principal, check, **{whose: named})
        except Problem as problem:
            return await page(scope, problem)
        return RedirectResponse("/settings?kept=true", status_code=303)

    return web
