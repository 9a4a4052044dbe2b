"""The library's lists, works and files, and what is done with what is ticked there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from overprint.core.problems import Invalid, Problem
from overprint.features.library import UPLOAD_MAX_BYTES, is_signed, works
from overprint.features.shelf import rules
from overprint.features.shelf.service import Shelf
from overprint.features.shelf.web import asked as asking
from overprint.features.shelf.web.asked import FILES, WORKS, Asked
from overprint.features.shelf.web.told import micros_of, told_of
from overprint.features.teams import Action, is_allowed
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import cursor_after, saved_as
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope, Scopes

PER_PAGE = 24
PROJECTS_SHOWN = 100
UPLOADS_MAX = 20
TEMPLATES = Path(__file__).parent.parent / "templates"
_KINDS = {WORKS: asking.WORK_KINDS, FILES: asking.FILE_KINDS}
_UNMADE = ("", "", "", "")


def library_pages(shelf: Shelf, kept: timedelta) -> APIRouter:
    """Routes over ``shelf``. ``kept``: how long what is thrown away stays in the trash."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def show(scope: Scope, asked: Asked, query: Mapping[str, str], problem: Problem | None = None) -> Response:
        rows = await _rows(shelf, scope, asked)
        library = shelf.library
        values = {
            "asked": asked,
            "project": await library.get_project(scope.transaction, asked.project) if asked.project else None,
            "rows": rows[:PER_PAGE],
            "next": asked.at(cursor=cursor_after(rows[PER_PAGE - 1]["id"])) if len(rows) > PER_PAGE else None,
            "projects": await library.list_projects(scope.transaction, limit=PROJECTS_SHOWN),
            "room": await library.room(scope.transaction),
            "may_change": is_allowed(scope.principal, Action.MAKE_WORK),
            "kinds": _KINDS[asked.path],
            "all_kinds": asking.WORK_KINDS,
            "states": asking.STATES,
            "whens": asking.WHEN,
            "upload_max_mb": UPLOAD_MAX_BYTES // 1_000_000,
            "kept_days": kept.days,
            "told": told_of(query),
            "problem": problem,
        }
        status = status_of(problem) if problem else 200
        return pages.render("works.html" if asked.path == WORKS else "files.html", status, **values)

    @web.get(WORKS)
    async def list_works(scope: InScope, request: Request) -> Response:
        return await show(scope, asking.read(WORKS, request.query_params), request.query_params)

    @web.get(FILES)
    async def list_files(scope: InScope, request: Request) -> Response:
        return await show(scope, asking.read(FILES, request.query_params), request.query_params)

    @web.post("/library/picked")
    async def act(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=rules.PICKS_MAX + 10)
        back = asking.way_back(str(form.get("back", "")))
        picks = [str(value) for value in form.getlist("pick")]
        try:
            return await _done(shelf, scopes, str(form.get("act", "")), picks, str(form.get("project", "")), back)
        except Problem as problem:
            path, _, _ = back.partition("?")
            async with scopes.transaction() as transaction:
                return await show(Scope(scopes.principal, transaction), Asked(path), {}, problem)

    @web.post("/library/undo")
    async def undo(scope: InScope, request: Request) -> Response:
        form = await read_form(request, fields=10)
        back = asking.way_back(str(form.get("back", "")))
        at = told_of({"did": "discarded", "things": "1", "at": str(form.get("at", ""))})
        things = await shelf.undo(scope.transaction, scope.principal, at.moment) if at and at.moment else 0
        return RedirectResponse(asking.with_told(back, did="restored", things=things), status_code=303)

    @web.post("/library/upload")
    async def upload(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=10, files=UPLOADS_MAX)
        files = [file for file in form.getlist("file") if not isinstance(file, str)]
        project_id = asking.id_in(str(form.get("project", "")))
        try:
            things = [await keep(shelf, scopes, file, project_id) for file in files if file.filename]
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await show(Scope(scopes.principal, transaction), Asked(FILES, project=project_id), {}, problem)
        back = Asked(FILES, project=project_id).at()
        return RedirectResponse(asking.with_told(back, did="uploaded", things=len(things)), status_code=303)

    return web


async def keep(shelf: Shelf, scopes: Scopes, file: Any, project_id: UUID | None) -> dict[str, Any]:
    """One file that somebody brings; no transaction is open while it is stored."""
    upload: UploadFile = file
    data = await upload.read(UPLOAD_MAX_BYTES + 1)
    return await shelf.library.bring(scopes.principal, data, upload.filename or "", scopes.transaction, project_id)


async def _done(shelf: Shelf, scopes: Scopes, act: str, picks: list[str], project: str, back: str) -> Response:
    """What was asked for with what was ticked."""
    chosen = rules.read_picks(picks)
    async with scopes.transaction() as transaction:
        if act == "discard":
            thrown = await shelf.discard(transaction, scopes.principal, chosen)
            left = len(chosen) - thrown.things
            told = asking.with_told(back, did="discarded", things=thrown.things, left=left, at=micros_of(thrown.at))
            return RedirectResponse(told, status_code=303)
        if act == "move":
            if project and asking.id_in(project) is None and project != "none":
                raise Invalid("This is no project.", "Choose one of the list.", field="project")
            things = await shelf.move(transaction, scopes.principal, chosen, asking.id_in(project))
            left = len(chosen) - things
            return RedirectResponse(asking.with_told(back, did="moved", things=things, left=left), status_code=303)
        if act != "download":
            raise Invalid("This cannot be done with what you chose.", "Choose one of the buttons.")
        files = await shelf.list_bundle(transaction, chosen)
    headers = {"Content-Disposition": saved_as("Overprint.zip"), "Cache-Control": "private, no-store"}
    return StreamingResponse(shelf.send_bundle(files), media_type="application/zip", headers=headers)


async def _rows(shelf: Shelf, scope: Scope, asked: Asked) -> list[dict[str, Any]]:
    """One more than a page shows, so that it knows whether there are more."""
    library = shelf.library
    wanted = asked.wanted(library.clock.now())
    if asked.path == FILES:
        found = await library.list_assets(
            scope.transaction, limit=PER_PAGE + 1, before=asked.before, project_id=asked.project, wanted=wanted
        )
        return await _pictured(shelf, scope, found)
    found = await works.list_all(scope.transaction, limit=PER_PAGE + 1, before=asked.before, wanted=wanted)
    jobs = [{"id": row["job_id"], "state": _STATES.get(row["state"], "running")} for row in found if row["job_id"]]
    sums = await shelf.jobs.sum_up(scope.transaction, jobs)
    return [
        {
            **row,
            "cover_url": library.link(row["cover_key"]) if row["cover_key"] else None,
            "inks": sums[row["job_id"]].inks if row["job_id"] in sums else _UNMADE,
            "path": works.path_of(row),
        }
        for row in found
    ]


# The state of a work's job as its inks take it.
_STATES = {"ready": "completed", "edited": "completed", "incomplete": "failed", "cancelled": "cancelled"}


async def _pictured(shelf: Shelf, scope: Scope, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Files with a small picture where there is one, or with the cover of their work; large ones are not sent."""
    library = shelf.library
    of = await works.find(scope.transaction, [row["lineage"] for row in rows if row["lineage"]])
    told = []
    for row in rows:
        own = row["thumbnail_key"] or (row["storage_key"] if row["kind"] == "image" and _is_small(row) else None)
        key = own or of.get(row["lineage"], {}).get("cover_key")
        told.append({**row, "picture_url": library.link(key) if key else None, "is_signed": is_signed(row)})
    return told


def _is_small(row: Mapping[str, Any]) -> bool:
    return bool(row["size_bytes"] <= 1_000_000)
