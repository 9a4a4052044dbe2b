"""The book's editor: its spreads as they will be set, with words and pictures to change.

Every button is a form's; a script writes in place, turns with the keyboard and sketches as choices are made.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from overprint.core.problems import NotFound, Problem
from overprint.features.books.service import Books, Editing, Place, Proofs
from overprint.features.books.web.editor_desk import Desk
from overprint.features.books.web.editor_files import files_routes
from overprint.features.books.web.editor_forms import picture_changes
from overprint.features.books.web.editor_looks import looks_routes
from overprint.features.books.web.editor_sketches import sketches_routes
from overprint.features.books.web.editor_spreads import paragraphs_of
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes

FORM_FIELDS_MAX = 200
PageQuery = Annotated[str, Query(max_length=8)]


def editor_router(books: Books) -> APIRouter:
    """Routes over ``books``."""
    web = Router(include_in_schema=False)
    editing, pages = Editing(books), Pages(Path(__file__).parent.parent / "templates")
    proofs = Proofs(books.photos.compute, books.library.storage)
    desk = Desk(books, editing, proofs, pages)

    @web.get("/books/{book_id}/edit")
    async def edit(
        scopes: InScopes,
        request: Request,
        book_id: UUID,
        page: PageQuery = "",
        spread: Annotated[int, Query(ge=1, le=1000)] = 1,
        edition: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        """``page``: on which the book is opened, else ``spread``; with choices of a picture: a sketch of them."""
        tried = request.query_params if "look" in request.query_params else {}
        place = Place.parse(page) if page else None
        return await desk.show(scopes, book_id, place, number=spread, is_print=edition == "print", tried=tried)

    async def saved(scopes: InScopes, book_id: UUID, place: Place, form: FormData, save: Any) -> Response:
        """Save, then show the page again: as it is now, where it is changed, or with what is wrong and all that was
        written."""
        try:
            async with scopes.transaction() as transaction:
                await save(transaction)
        except NotFound:
            raise
        except Problem as problem:
            return await desk.show(scopes, book_id, place, tried=form, problem=problem, status=status_of(problem))
        return RedirectResponse(f"{_at(book_id, place, form)}#panel-{place.key}", status_code=303)

    @web.post("/books/{book_id}/edit/words/{page}")
    async def save_words(scopes: InScopes, request: Request, book_id: UUID, page: str) -> Response:
        place, form = Place.parse(page), await read_form(request, fields=FORM_FIELDS_MAX)
        words, seen = paragraphs_of(_text(form, "words")), _text(form, "seen") or None

        async def save(transaction: Any) -> None:
            await editing.edit_words(transaction, scopes.principal, book_id, place, words, seen=seen)

        return await saved(scopes, book_id, place, form, save)

    @web.post("/books/{book_id}/edit/title/{page}")
    async def save_title(scopes: InScopes, request: Request, book_id: UUID, page: str) -> Response:
        place, form = Place.parse(page), await read_form(request, fields=FORM_FIELDS_MAX)

        async def save(transaction: Any) -> None:
            title, seen = _text(form, "title"), _text(form, "seen") or None
            await editing.edit_title(transaction, scopes.principal, book_id, place, title, seen=seen)

        return await saved(scopes, book_id, place, form, save)

    @web.post("/books/{book_id}/edit/picture/{page}")
    async def save_picture(scopes: InScopes, request: Request, book_id: UUID, page: str) -> Response:
        place, form = Place.parse(page), await read_form(request, fields=FORM_FIELDS_MAX)

        async def save(transaction: Any) -> None:
            story = await editing.story(transaction, book_id)
            if story.outline is None:
                return
            changes = picture_changes(form, story.page(place), story.outline)
            seen = _text(form, "seen") or None
            await editing.edit_picture(transaction, scopes.principal, book_id, place, changes, seen=seen)

        return await saved(scopes, book_id, place, form, save)

    @web.get("/books/{book_id}/edit/versions/{page}")
    async def versions(scope: InScope, book_id: UUID, page: str) -> Response:
        return await desk.versions(scope, book_id, Place.parse(page))

    @web.post("/books/{book_id}/edit/versions/{page}")
    async def restore(scope: InScope, request: Request, book_id: UUID, page: str) -> Response:
        place, form = Place.parse(page), await read_form(request, fields=FORM_FIELDS_MAX)
        who, seen = scope.principal, _text(form, "seen") or None
        if "words" in form:
            words = paragraphs_of(_text(form, "words"))
            await editing.edit_words(scope.transaction, who, book_id, place, words, seen=seen)
        elif "title" in form:
            await editing.edit_title(scope.transaction, who, book_id, place, _text(form, "title"), seen=seen)
        elif "follow" in form:
            await editing.let_go(scope.transaction, who, book_id, place, seen=seen)
        else:
            await editing.restore_picture(scope.transaction, who, book_id, place, _text(form, "picture"), seen=seen)
        return RedirectResponse(_at(book_id, place, form), status_code=303)

    @web.post("/books/{book_id}/edit/undo")
    async def undo(scope: InScope, request: Request, book_id: UUID) -> Response:
        form = await read_form(request, fields=FORM_FIELDS_MAX)
        seen = _text(form, "seen")[:100]
        check = partial(refuse_outdated, f'"{seen}"' if seen else None)
        await editing.undo(scope.transaction, scope.principal, book_id, _text(form, "step")[:60], check)
        page = _text(form, "page")
        return RedirectResponse(_at(book_id, Place.parse(page) if page else None, form), status_code=303)

    looks_routes(web, editing, desk)
    files_routes(web, desk)
    sketches_routes(web, books, editing, proofs)
    return web


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _at(book_id: UUID, place: Place | None, form: Mapping[str, Any]) -> str:
    edition = "&edition=print" if _text(form, "edition") == "print" else ""
    return f"/books/{book_id}/edit?page={place.key if place else 'cover'}{edition}"
