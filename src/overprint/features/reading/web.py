"""The reader's page. Without JavaScript its leaves are scrolled through, and a mark is a form that is sent."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from overprint.core.files import preview_width_px
from overprint.features.reading.rules import Leaf
from overprint.features.reading.service import Reading
from overprint.http.pages import Pages
from overprint.http.routes import Router
from overprint.http.scope import InScope


def router(reading: Reading) -> APIRouter:
    """Routes over ``reading``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    @web.get("/books/{book_id}/read")
    async def read(scope: InScope, book_id: UUID) -> Response:
        opened = await reading.open(scope.transaction, scope.principal, book_id)
        return pages.render(
            "reader.html", opened=opened, book=opened.book, leaves=opened.leaves, preview_width_px=preview_width_px
        )

    @web.post("/books/{book_id}/read")
    async def mark(scope: InScope, book_id: UUID, mark: Annotated[str, Form(max_length=7)]) -> Response:
        await reading.mark(scope.transaction, scope.principal, book_id, mark)
        return RedirectResponse(f"/books/{book_id}/read#{Leaf(mark).anchor}", status_code=303)

    return web
