"""The cast page of the editor: how everybody looks, and what changing it draws again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.problems import NotFound, Problem
from overprint.features.books.service import Editing, Place, Story, look_tag
from overprint.features.books.store import Row
from overprint.features.books.web.editor_desk import Desk
from overprint.features.books.web.editor_forms import look_changes
from overprint.features.books.web.editor_words import COLOURS, LOOK_FIELDS
from overprint.http.choices import ACCESSORIES
from overprint.http.forms import read_form
from overprint.http.problems import status_of
from overprint.http.scope import InScope, Scope

_FIELDS_MAX = 60


def looks_routes(web: APIRouter, editing: Editing, desk: Desk) -> None:
    """Adds the routes of the cast page to ``web``."""

    async def cast_page(
        scope: Scope,
        book_id: UUID,
        who: str = "",
        tried: Mapping[str, Any] | None = None,
        problem: Problem | None = None,
    ) -> Response:
        opened = await desk.open(scope, book_id)
        shown = [_shown(row, opened.story, tried if row["id"] == who else None) for row in opened.characters]
        return desk.pages.render(
            "editor_cast.html",
            status_of(problem) if problem else 200,
            **desk.common(opened, "cast") | {"problem": problem},
            cast=shown,
            colours=COLOURS,
            look_fields=LOOK_FIELDS,
            accessories=ACCESSORIES,
        )

    @web.get("/books/{book_id}/edit/cast")
    async def cast(scope: InScope, book_id: UUID) -> Response:
        return await cast_page(scope, book_id)

    @web.post("/books/{book_id}/edit/cast/{who}")
    async def save(scope: InScope, request: Request, book_id: UUID, who: str) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        seen = form.get("seen")
        try:
            async with scope.transaction.savepoint():
                await editing.edit_look(
                    scope.transaction,
                    scope.principal,
                    book_id,
                    who,
                    look_changes(form),
                    seen=seen if isinstance(seen, str) and seen else None,
                )
        except NotFound:
            raise
        except Problem as problem:
            return await cast_page(scope, book_id, who, form, problem)
        return RedirectResponse(f"/books/{book_id}/edit/cast#{who}", status_code=303)


def _shown(row: Row, story: Story, tried: Mapping[str, Any] | None) -> Row:
    """A character with what their form begins with, and the pages that show them."""
    look = {**row["sheet"], **(look_changes(tried) if tried else {})}
    return {**row, "look": look, "seen": look_tag(row["sheet"]), "pages": _pages_with(row["id"], story)}


def _pages_with(who: str, story: Story) -> list[Place]:
    return [
        Place(chapter, page)
        for chapter, made in sorted(story.scenes.items())
        for page, scene in enumerate(made.scenes, 1)
        if any(actor.who == who for actor in scene.actors)
    ]
