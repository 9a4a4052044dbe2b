"""The pages at the door. Anybody may see them; who is signed in is sent on to work."""

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import encode
from overprint.core.principal import Principal
from overprint.core.story import Brief, Style
from overprint.db.database import Database
from overprint.features.billing import OFFERED, Plan, Plans, Quotes, packs
from overprint.features.books import MAKE, MakeBook
from overprint.http.pages import Pages
from overprint.http.routes import Router
from overprint.http.visitors import find_principal
from overprint.http.wording import N_

Visitor = Annotated[Principal | None, Depends(find_principal)]
# Premises to begin with.
_EXAMPLES = (
    N_("Mira is not a witch, but her cat Soot might be one"),
    N_("A hedgehog and a panda build a kite to reach the first snow"),
    N_("Captain Rosa and her parrot look for the island that moves"),
)
# The book by which credits are measured here.
_USUAL = Brief("...")
_BY_CONTRACT = "enterprise"


def router(plans: Plans, quotes: Quotes, *, site_url: str, is_open: bool) -> APIRouter:
    """Routes over what there is to buy."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    async def offers() -> dict[str, Any]:
        """All that can be chosen, with how many usual books its credits make."""
        book = quotes.most(MAKE, encode(MakeBook(_USUAL))).credits
        listed = await plans.list_public()
        return {
            "plans": [(plan, books_for(plan.monthly_credits, book)) for plan in listed if plan.is_offered],
            "packs": [(pack, books_for(pack.credits, book)) for pack in packs().values()],
            "contract": next((plan for plan in listed if plan.key == _BY_CONTRACT), None),
            "pages": _USUAL.pages,
            "book_credits": book,
            "features": OFFERED,
            "is_open": is_open,
            "site_url": site_url.rstrip("/"),
        }

    @web.get("/")
    async def landing(who: Visitor) -> Response:
        if who is not None:
            return RedirectResponse("/make", status_code=303)
        return pages.render(
            "landing.html",
            book=showcase(),
            examples=_EXAMPLES,
            looks=[style.value for style in Style],
            **await offers(),
        )

    @web.get("/pricing")
    async def pricing(request: Request, who: Visitor) -> Response:
        return pages.render("pricing.html", current=await _plan_of(request, who), **await offers())

    async def _plan_of(request: Request, who: Principal | None) -> Plan | None:
        if who is None:
            return None
        database: Database = request.app.state.database
        async with database.transaction(who.team_id) as transaction:
            return await plans.of_team(transaction)

    return web


def books_for(credits: int, book_credits: int) -> int:
    """How many books so many credits make; 0 where books cost nothing."""
    return credits // book_credits if book_credits else 0


@cache
def showcase() -> dict[str, Any]:
    """The book to leaf through: its ``premise``, and of each of its ``pages`` the words and what the picture shows."""
    text = (resources.files("overprint.features.front") / "showcase.json").read_text("utf-8")
    book: dict[str, Any] = json.loads(text)
    return book
