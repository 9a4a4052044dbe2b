"""The reader's page, for those who made the book and for whoever has its link. Without JavaScript its leaves are
scrolled through, and a mark is a form that is sent."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.files import preview_width_px
from overprint.core.problems import NotFound
from overprint.db.database import Database
from overprint.features.reading.rules import COVER, Leaf
from overprint.features.reading.service import Opened, Reading
from overprint.features.sharing import Share, Sharing, shown
from overprint.http.pages import Pages
from overprint.http.responses import UNKEPT
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
            "reader.html",
            opened=opened,
            book=opened.book,
            leaves=opened.leaves,
            preview_width_px=preview_width_px,
            share=None,
        )

    @web.post("/books/{book_id}/read")
    async def mark(scope: InScope, book_id: UUID, mark: Annotated[str, Form(max_length=7)]) -> Response:
        await reading.mark(scope.transaction, scope.principal, book_id, mark)
        return RedirectResponse(f"/books/{book_id}/read#{Leaf(mark).anchor}", status_code=303)

    return web


def shared_router(reading: Reading, sharing: Sharing) -> APIRouter:
    """Routes that anybody may follow who has the link of a book."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    async def found(request: Request, token: str) -> tuple[Share, Opened]:
        share = await sharing.open(token)
        database: Database = request.app.state.database
        async with database.transaction(share.team_id) as transaction:
            await sharing.look(transaction, share, "book")
            return share, _shown(share, await reading.show(transaction, share.work_id))

    @web.get("/read/{token}")
    async def read_shared(request: Request, token: str) -> Response:
        share, opened = await found(request, token)
        if request.headers.get("sec-fetch-mode", "navigate") == "navigate":  # not whoever renews links to pictures
            await sharing.count_view(share)
        answer = pages.render(
            "reader.html",
            opened=opened,
            book=opened.book,
            leaves=opened.leaves,
            preview_width_px=preview_width_px,
            share=share,
            address=f"{sharing.site_url.rstrip('/')}/read/{token}",
        )
        answer.headers.update({**UNKEPT, "X-Robots-Tag": "noindex"})
        return answer

    @web.get("/read/{token}/cover")
    async def show_cover(request: Request, token: str) -> Response:
        """For previews of the link."""
        _, opened = await found(request, token)
        cover = next((leaf.picture for leaf in opened.leaves if leaf.key == COVER), None)
        if cover is None:
            raise NotFound("This book has no cover.")
        return RedirectResponse(cover["thumbnail_url"] or cover["url"], status_code=302, headers=UNKEPT)

    return web


def _shown(share: Share, opened: Opened) -> Opened:
    """With the addresses at which strangers find its pictures and files."""
    leaves = [replace(leaf, picture=shown(share, leaf.picture)) if leaf.picture else leaf for leaf in opened.leaves]
    return replace(opened, leaves=leaves, files={slot: shown(share, file) for slot, file in opened.files.items()})
