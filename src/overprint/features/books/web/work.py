"""The page of one book: watched while it is made, paused and stopped, then read and taken home. All of it works
without JavaScript; ``/books/ID/work`` is the same without the frame, for the script that keeps it up to date."""

from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.files import preview_width_px
from overprint.core.story import Trim
from overprint.craft.press import printers
from overprint.features.books import rules
from overprint.features.books.service import Books, defaults
from overprint.features.books.steps import AUDIOBOOK, PDF, PLAN, READ_ALOUD, Target, text_key
from overprint.features.books.store import Row
from overprint.features.books.web.choices import AGES, TRIMS
from overprint.features.books.web.press import STEP_STATES, bill_of, counts_of, pages_of, stage_of
from overprint.features.books.web.taking import groups_of
from overprint.features.jobs import is_going
from overprint.features.teams import Action, is_allowed
from overprint.http.choices import STYLES
from overprint.http.forms import read_form
from overprint.http.once import lead_once
from overprint.http.pages import Pages
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope


def router(books: Books) -> APIRouter:
    """Routes over ``books``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent.parent / "templates")

    def back(book_id: UUID) -> Response:
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    @web.get("/books/{book_id}")
    async def book_page(scope: InScope, book_id: UUID) -> Response:
        return pages.render("book.html", **await _shown(books, scope, book_id), is_live=False)

    @web.get("/books/{book_id}/work")
    async def work_alone(scope: InScope, book_id: UUID) -> Response:
        return pages.render("work.html", **await _shown(books, scope, book_id), is_live=True)

    def make_route(path: str, target: Target) -> None:
        @web.post(f"/books/{{book_id}}/{path}", name=f"{path}_book")
        async def make(scope: InScope, request: Request, book_id: UUID) -> Response:
            form = await read_form(request, fields=5)
            printer = str(form.get("printer", "")) if target is Target.PRINT else None

            async def begin() -> str:
                await books.make(scope.transaction, scope.principal, book_id, target, printer)
                return f"/books/{book_id}"

            place = await lead_once(scope.transaction, request, form.multi_items(), begin)
            return RedirectResponse(place, status_code=303)

    for path, target in (
        ("make", Target.BOOK),
        ("edit/make", Target.BOOK),
        ("print", Target.PRINT),
        ("audio", Target.AUDIO),
    ):
        make_route(path, target)

    def steer_route(path: str) -> None:
        @web.post(f"/books/{{book_id}}/{path}", name=f"{path}_book")
        async def steer(scope: InScope, book_id: UUID) -> Response:
            await books.get(scope.transaction, book_id)
            job = await books.jobs.find_newest(scope.transaction, book_id)
            if job is not None:
                act = {"pause": books.jobs.pause, "resume": books.jobs.resume, "cancel": books.jobs.cancel}[path]
                await act(scope.transaction, scope.principal, job["id"])
            return back(book_id)

    for path in ("pause", "resume", "cancel"):
        steer_route(path)
    return web


async def _shown(books: Books, scope: Scope, book_id: UUID) -> dict[str, Any]:
    """All that the page of a book shows."""
    transaction = scope.transaction
    book = await books.get(transaction, book_id)
    job = await books.jobs.find_newest(transaction, book_id)
    steps = await books.jobs.list_steps(transaction, job["id"]) if job else []
    parts = await books.get_parts(transaction, book_id)
    files = {file["slot"]: file for file in parts["files"]}
    plan = await books.jobs.find_output(transaction, book_id, PLAN) if is_going(job) else None
    made = pages_of(steps, counts_of(plan, parts["chapters"]), files)
    story = [page for page in made if page.number]
    return {
        "book": book,
        "job": job,
        "steps": steps,
        "step_states": STEP_STATES,
        "failed": [step for step in steps if step["state"] == "failed"],
        "going": is_going(job),
        "waiting": await books.jobs.find_outlook(transaction, job) if job else None,
        "stage": stage_of(job, steps) if job else "",
        "bill": bill_of(job, steps) if job else None,
        "pages": made,
        "pages_total": len(story) or book["brief"]["pages"],
        "pages_made": sum(page.is_made for page in story),
        "chapters": await _chapters(books, scope, parts["chapters"], job, steps),
        "can_be_read": any(chapter["pages"] for chapter in parts["chapters"]),
        "is_refused": rules.is_refused(steps),
        "may_make": is_allowed(scope.principal, Action.MAKE_WORK),
        "known": {"trim": TRIMS, "age": AGES, "style": STYLES},
        **await _offered(books, scope, book, files),
    }


async def _chapters(
    books: Books, scope: Scope, chapters: list[Row], job: Row | None, steps: list[Row]
) -> list[dict[str, Any]]:
    """Each with the words that are being written right now (``said``), as far as they came; None if none are."""
    writing = {step["key"]: step["attempt"] for step in steps if step["state"] == "running"}
    keys = [text_key(chapter["number"]) for chapter in chapters if text_key(chapter["number"]) in writing]
    said = await books.jobs.list_said(scope.transaction, job, keys) if job and keys else {}
    return [
        {**chapter, "key": key, "attempt": writing.get(key), "said": said.get(key, "") if key in writing else None}
        for chapter in chapters
        for key in [text_key(chapter["number"])]
    ]


async def _offered(books: Books, scope: Scope, book: Row, files: dict[str, Row]) -> dict[str, Any]:
    """What can be taken home, and what else can be made of it."""
    trim, is_set = Trim(book["brief"]["trim"]), PDF in files
    chosen = await defaults.read(scope.transaction, scope.principal.person_id)
    return {
        "cover": files.get("picture/cover"),
        "preview_width_px": preview_width_px,
        "groups": groups_of(files),
        "is_set": is_set,
        "printers": {key: one for key, one in printers().items() if one.takes(trim)} if is_set else {},
        "printer": chosen.in_force.printer,
        "is_silent": is_set and not {READ_ALOUD, AUDIOBOOK} <= set(files),
        "lacking": await books.lacking(scope.transaction),
    }
