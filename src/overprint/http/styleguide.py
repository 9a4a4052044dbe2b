"""A page that shows every part that pages are made of, in each of its states: what is not on it is not there."""

from fastapi import APIRouter
from fastapi.responses import Response

from overprint.http.assets import FOLDER
from overprint.http.pages import Pages
from overprint.http.routes import Router

_INKS = (
    ("Waiting", ""),
    ("Words are written", "now"),
    ("Words, and the picture is drawn", "on now"),
    ("Being laid out", "on on now"),
    ("Ready", "on on on on"),
)
_COLOURS = ("ground", "paper", "ink", "ink-2", "edge", "line", "cyan", "magenta", "yellow", "bad")


def styleguide_router() -> APIRouter:
    """Serves it."""
    router = Router(include_in_schema=False)
    pages = Pages()
    icons = sorted(path.stem for path in (FOLDER / "icons").glob("*.svg"))

    @router.get("/styleguide")
    async def styleguide() -> Response:
        return pages.render("styleguide.html", colours=_COLOURS, icons=icons, inks=_INKS)

    return router
