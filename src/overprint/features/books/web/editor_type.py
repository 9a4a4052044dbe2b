"""The faces that books are set in, for pages that show a book as it is set."""

from functools import cache
from importlib import resources

from fastapi import APIRouter
from fastapi.responses import Response

from overprint.core.problems import NotFound
from overprint.http.routes import Router

_TYPES = {
    "EBGaramond12-Regular.otf": "font/otf",
    "EBGaramond12-Italic.otf": "font/otf",
    "FrauncesSoft-Bold.ttf": "font/ttf",
}
_HEADERS = {"Cache-Control": "public, max-age=604800"}


@cache
def _face(name: str) -> bytes:
    return (resources.files("overprint.craft.typesetting") / "fonts" / name).read_bytes()


def type_router() -> APIRouter:
    """Gives out the faces, to anybody."""
    web = Router(include_in_schema=False)

    @web.get("/books/type/{name}")
    def face(name: str) -> Response:
        if name not in _TYPES:
            raise NotFound("There is no such face.")
        return Response(_face(name), media_type=_TYPES[name], headers=_HEADERS)

    return web
