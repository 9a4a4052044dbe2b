"""What was thrown away: take it out again, or delete it for good."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.problems import Invalid, Problem
from overprint.features.library import works
from overprint.features.shelf import rules
from overprint.features.shelf.service import Shelf
from overprint.features.shelf.web.asked import FILE_KINDS, WORK_KINDS, with_told
from overprint.features.shelf.web.listing import TEMPLATES
from overprint.features.shelf.web.told import told_of
from overprint.features.teams import Action, is_allowed
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope

TRASH = "/library/trash"


def trash_pages(shelf: Shelf, kept: timedelta) -> APIRouter:
    """Routes over the trash of ``shelf``; ``kept``: how long things stay there."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)
    library = shelf.library

    async def show(scope: Scope, request: Request, problem: Problem | None = None) -> Response:
        rows = await works.list_trash(scope.transaction)
        values = {
            "rows": [
                {
                    **row,
                    "picture_url": library.link(row["thumbnail_key"]) if row["thumbnail_key"] else None,
                    "until": row["discarded_at"] + kept,
                }
                for row in rows
            ],
            "room": await library.room(scope.transaction),
            "kinds": FILE_KINDS | WORK_KINDS,
            "kept_days": kept.days,
            "may_change": is_allowed(scope.principal, Action.MAKE_WORK),
            "told": told_of(request.query_params),
            "problem": problem,
        }
        return pages.render("trash.html", status_of(problem) if problem else 200, **values)

    @web.get(TRASH)
    async def list_trash(scope: InScope, request: Request) -> Response:
        return await show(scope, request)

    @web.post(TRASH)
    async def act(scope: InScope, request: Request) -> Response:
        form = await read_form(request, fields=rules.PICKS_MAX + 10)
        picks = [str(value) for value in form.getlist("pick")]
        try:
            async with scope.transaction.savepoint():
                did, things = await _done(shelf, scope, str(form.get("act", "")), picks)
        except Problem as problem:
            return await show(scope, request, problem)
        return RedirectResponse(with_told(TRASH, did=did, things=things), status_code=303)

    return web


async def _done(shelf: Shelf, scope: Scope, act: str, picks: list[str]) -> tuple[str, int]:
    """What was done, and with how many things."""
    if act == "empty":
        return "deleted", await shelf.empty_trash(scope.transaction, scope.principal)
    chosen = rules.read_picks(picks)
    if act == "restore":
        return "restored", await shelf.restore(scope.transaction, scope.principal, chosen)
    if act == "delete":
        return "deleted", await shelf.delete(scope.transaction, scope.principal, chosen)
    raise Invalid("This cannot be done with what you chose.", "Choose one of the buttons.")
