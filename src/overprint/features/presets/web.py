"""Pages of presets: a gallery, and a page for each, where one's own can be changed. They work without JavaScript."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from overprint.core.film import CaptionStyle, Grade, Mood, Transition
from overprint.core.presets import Category
from overprint.features.presets.service import Presets
from overprint.features.teams import Action, is_allowed
from overprint.http.film_choices import CAPTIONS, CATEGORIES, GRADES, MOODS, NO_CAPTIONS, TRANSITIONS
from overprint.http.pages import Pages
from overprint.http.responses import next_cursor, read_cursor
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope

_PAGE = 48
_TEXT_MAX = 1000
_CHOICES: dict[str, Any] = {"transitions": TRANSITIONS, "grades": GRADES, "captions": CAPTIONS, "music": MOODS}

Text = Annotated[str, Form(max_length=_TEXT_MAX)]
Word = Annotated[str, Form(max_length=40)]


def router(presets: Presets) -> APIRouter:
    """Routes over ``presets``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")

    @web.get("/presets")
    async def gallery(
        scope: InScope,
        category: Annotated[str, Query(max_length=20)] = "",
        cursor: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        wanted = Category(category) if category in list(Category) else None
        rows = await presets.list_seen(
            scope.transaction, scope.principal, category=wanted, before=read_cursor(cursor), limit=_PAGE
        )
        return pages.render(
            "presets.html",
            rows=rows,
            category=wanted,
            categories=CATEGORIES,
            team_id=scope.transaction.team_id,
            next_cursor=next_cursor(rows, _PAGE),
            **_CHOICES,
        )

    @web.get("/presets/{preset_id}")
    async def show(scope: InScope, preset_id: UUID) -> Response:
        row = await presets.get(scope.transaction, scope.principal, preset_id)
        return pages.render(
            "preset.html",
            row=row,
            categories=CATEGORIES,
            may_make=is_allowed(scope.principal, Action.MAKE_WORK),
            may_change=_may_change(scope, row),
            may_publish=is_allowed(scope.principal, Action.CHANGE_TEAM),
            **_CHOICES,
        )

    @web.post("/presets/{preset_id}/own")
    async def save_as_own(scope: InScope, preset_id: UUID, name: Text, seen_by: Word = "team") -> Response:
        """A preset of the team's that begins as a copy of this one."""
        row = await presets.get(scope.transaction, scope.principal, preset_id)
        told = {**{part: row[part] for part in ("description", "category", "config")}, "name": name}
        made = await presets.make(scope.transaction, scope.principal, told, **_audience(seen_by))
        return RedirectResponse(f"/presets/{made['id']}", status_code=303)

    @web.post("/presets/{preset_id}")
    async def change(
        scope: InScope,
        preset_id: UUID,
        name: Text,
        description: Text = "",
        duration: Annotated[float, Form()] = 5.0,
        motion: Annotated[int, Form()] = 5,
        transition: Word = Transition.DISSOLVE,
        grade: Word = Grade.NATURAL,
        grain: Annotated[int, Form()] = 0,
        vignette: Annotated[int, Form()] = 0,
        captions: Word = CaptionStyle.BAR,
        music: Word = Mood.FITTING,
        seen_by: Word = "",
    ) -> Response:
        before = await presets.get(scope.transaction, scope.principal, preset_id, holds=True)
        config = {
            **before["config"],
            "duration": duration,
            "motion": motion,
            "transition": transition,
            "grade": grade,
            "grain": grain,
            "vignette": vignette,
            "captions": None if captions == NO_CAPTIONS else captions,
            "music": music,
        }
        changes = {"name": name, "description": description, "config": config}
        seen = _audience(seen_by) if seen_by else {}
        await presets.change(scope.transaction, scope.principal, before, {**changes, **seen})
        return RedirectResponse(f"/presets/{preset_id}", status_code=303)

    @web.post("/presets/{preset_id}/delete")
    async def delete(scope: InScope, preset_id: UUID) -> Response:
        await presets.delete(scope.transaction, scope.principal, preset_id)
        return RedirectResponse("/presets", status_code=303)

    return web


def _audience(seen_by: str) -> dict[str, bool]:
    return {"is_public": seen_by == "all", "is_personal": seen_by == "me"}


def _may_change(scope: Scope, row: dict[str, Any]) -> bool:
    who = scope.principal
    if row["is_default"]:
        return who.is_site_admin
    is_own = row["person_id"] == who.person_id or is_allowed(who, Action.CHANGE_TEAM)
    return bool(row["team_id"] == scope.transaction.team_id and is_own and is_allowed(who, Action.MAKE_WORK))
