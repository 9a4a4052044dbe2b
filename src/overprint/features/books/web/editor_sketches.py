"""Small pictures of what somebody is choosing, before anything is made: nothing of them is stored or charged."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overprint.core.book import trim_size_mm
from overprint.core.codec import decode
from overprint.core.problems import NotFound
from overprint.core.scene import Camera, Sheet, Shot
from overprint.core.story import Brief
from overprint.core.story_checks import sheets_wanted
from overprint.features.books import rules
from overprint.features.books.service import Books, Editing, Place, Proofs, changed
from overprint.features.books.web.editor_forms import look_changes, picture_changes
from overprint.http.scope import InScopes
from overprint.steps.portrait import portrait_scene

_HEADERS = {"Cache-Control": "private, max-age=300"}


def sketches_routes(web: APIRouter, books: Books, editing: Editing, proofs: Proofs) -> None:
    """Adds the routes of sketches to ``web``; they take what the editor's forms send."""

    @web.get("/books/{book_id}/pages/{page}/sketch")
    async def picture(scopes: InScopes, request: Request, book_id: UUID, page: str) -> Response:
        place = Place.parse(page)
        async with scopes.transaction() as transaction:
            book = await books.get(transaction, book_id)
            story = await editing.story(transaction, book_id)
            characters = (await books.get_parts(transaction, book_id))["characters"]
        now = story.page(place)
        if story.outline is None or now.scene is None:
            raise NotFound("This page has no picture yet.", "Make the book first.")
        wanted = changed(now, picture_changes(request.query_params, now, story.outline), story.outline)
        brief = decode(Brief, book["brief"])
        scene = wanted.scene or now.scene
        sheets = {row["id"]: decode(Sheet, row["sheet"]) for row in characters}
        wide_mm, tall_mm = trim_size_mm(brief.trim)
        seed = rules.picture_seed(brief, place.chapter, place.page, wanted.touch.take)
        style = wanted.touch.style or brief.style
        seen = {who: sheets[who] for who in sheets_wanted(scene)}
        drawn = await proofs.sketch(scopes.principal.team_id, scene, seen, style, seed, wide_mm / tall_mm)
        return Response(drawn, media_type="image/jpeg", headers=_HEADERS)

    @web.get("/books/{book_id}/cast/{who}/sketch")
    async def portrait(scopes: InScopes, request: Request, book_id: UUID, who: str) -> Response:
        async with scopes.transaction() as transaction:
            book = await books.get(transaction, book_id)
            characters = (await books.get_parts(transaction, book_id))["characters"]
        row = next((row for row in characters if row["id"] == who), None)
        if row is None:
            raise NotFound("This book has no such character.")
        sheet = decode(Sheet, {**row["sheet"], **look_changes(request.query_params)}, at="")
        rules.check_look(sheet)
        brief = decode(Brief, book["brief"])
        scene = replace(portrait_scene(who, ()), camera=Camera(Shot.CLOSE))
        drawn = await proofs.sketch(scopes.principal.team_id, scene, {who: sheet}, brief.style, brief.seed, 1.0)
        return Response(drawn, media_type="image/jpeg", headers=_HEADERS)
