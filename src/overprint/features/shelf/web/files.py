"""One file: what it is, how it was made, and whether it is still what it was."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from overprint.core.problems import Problem
from overprint.features.library import is_signed, works
from overprint.features.shelf.service import Shelf, Verified
from overprint.features.shelf.web.asked import FILE_KINDS
from overprint.features.shelf.web.listing import TEMPLATES
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope

INPUT_SHOWN_MAX_CHARACTERS = 20_000


def file_pages(shelf: Shelf) -> APIRouter:
    """Routes over the files of ``shelf``."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)
    library = shelf.library

    async def show(
        scope: Scope, asset: dict[str, Any], verified: Verified | None = None, problem: Problem | None = None
    ) -> Response:
        made = await shelf.find_made(scope.transaction, asset)
        links = library.links(asset["storage_key"], asset["thumbnail_key"])
        values = {
            "file": {**asset, **links, "is_signed": is_signed(asset)},
            "saved_url": library.link(asset["storage_key"], save_as=asset["name"]),
            "kinds": FILE_KINDS,
            "step": made.step,
            "work": {**made.work, "path": works.path_of(made.work)} if made.work else None,
            "asked_for": _shown(asset["recipe_input"]),
            "verified": verified,
            "problem": problem,
        }
        return pages.render("file.html", status_of(problem) if problem else 200, **values)

    @web.get("/library/files/{asset_id}")
    async def get_file(scope: InScope, asset_id: UUID) -> Response:
        return await show(scope, await library.get_asset(scope.transaction, asset_id))

    @web.post("/library/files/{asset_id}/verify")
    async def verify(scopes: InScopes, asset_id: UUID) -> Response:
        async with scopes.transaction() as transaction:
            asset = await library.get_asset(transaction, asset_id)
        verified, problem = None, None
        try:
            verified = await shelf.verify(asset)
        except Problem as found:
            problem = found
        async with scopes.transaction() as transaction:
            return await show(Scope(scopes.principal, transaction), asset, verified, problem)

    return web


def _shown(value: Any) -> str:
    """What a step was asked for, to be read."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) if value is not None else ""
    return text if len(text) <= INPUT_SHOWN_MAX_CHARACTERS else f"{text[:INPUT_SHOWN_MAX_CHARACTERS]}\n…"
