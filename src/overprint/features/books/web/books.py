"""Pages of the books room: start a book, watch it being made, take it home. They work without JavaScript."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import Json, decode, encode
from overprint.core.ids import new_id
from overprint.core.problems import Problem
from overprint.core.story import LOOKS_MAX, Brief, Trim
from overprint.craft.press import printers
from overprint.features.books import rules
from overprint.features.books.portable import Portables, unpack
from overprint.features.books.service import Books, defaults
from overprint.features.books.steps import AUDIOBOOK, EPUB, FIXED, PDF, PRINT, READ_ALOUD, READ_ALOUD_FIXED, Target
from overprint.features.books.store import Row
from overprint.features.books.web.choices import CHOICES
from overprint.features.jobs import is_going
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.scope import InScope, InScopes, Scope

_NUMBERS = ("pages", "chapters")
_FIELDS = ("premise", "author", *_NUMBERS, *(name for name, _, _ in CHOICES))
_NUMBER_MAX_DIGITS = 4
_UNASKED: Row = {**encode(Brief("...")), "premise": "", "photos": [], "is_aloud": False}
_INKS = {"text-generation": "text", "image-generation": "image"}
_PRINTS = {
    PDF: "Read the PDF",
    EPUB: "Take the e-book",
    FIXED: "Take the e-book of fixed pages",
    READ_ALOUD_FIXED: "Take the read-aloud e-book of fixed pages",
    READ_ALOUD: "Take the read-aloud e-book",
    AUDIOBOOK: "Take the audiobook",
    f"{PRINT}/inside": "Print file: inside",
    f"{PRINT}/cover": "Print file: cover",
    f"{PRINT}/whole": "Print file: cover and inside",
    f"{PRINT}/report": "Preflight report",
}
_LISTED = 30


def router(books: Books) -> APIRouter:
    """Routes over ``books``."""
    web = APIRouter(include_in_schema=False)
    pages = Pages(Path(__file__).parent.parent / "templates")
    portables = Portables(books)

    async def start_page(scope: Scope, asked: Row, problem: Problem | None = None) -> Response:
        known = await books.list_books(scope.transaction, limit=_LISTED)
        looks = await books.photos.list_looks(scope.transaction)
        lacking = await books.lacking(scope.transaction)
        status = status_of(problem) if problem else 200
        return pages.render(
            "start.html",
            status,
            asked=asked,
            choices=CHOICES,
            books=known,
            looks=looks,
            lacking=lacking,
            problem=problem,
        )

    @web.get("/")
    async def start(
        scope: InScope, photo: Annotated[str, Query(max_length=40)] = "", again: UUID | None = None
    ) -> Response:
        """``photo``: whose look is ticked. ``again``: a book that was asked for, to be asked for in another way."""
        before = (await books.get(scope.transaction, again))["brief"] if again else {}
        asked = {name: value for name, value in before.items() if name in _FIELDS}
        chosen = (await defaults.read(scope.transaction, scope.principal.person_id)).in_force.chosen()
        return await start_page(scope, {**_UNASKED, **chosen, **asked, "photos": [photo]})

    @web.post("/books")
    async def start_book(scope: InScope, request: Request) -> Response:
        form = await request.form()
        asked, photos = _asked(form), [str(value) for value in form.getlist("photos")][: LOOKS_MAX + 1]
        is_aloud = "is_aloud" in form
        try:
            async with scope.transaction.savepoint():
                chosen = decode(tuple[UUID, ...], photos, at="photos")
                brief = decode(Brief, asked, at="")
                book, _ = await books.start(scope.transaction, scope.principal, brief, is_aloud=is_aloud, photos=chosen)
        except Problem as problem:
            return await start_page(scope, {**_UNASKED, **asked, "photos": photos, "is_aloud": is_aloud}, problem)
        return RedirectResponse(f"/books/{book['id']}", status_code=303)

    @web.post("/books/import")
    async def import_book(scopes: InScopes, file: UploadFile) -> Response:
        try:
            arrival = await asyncio.to_thread(unpack, file.file, scopes.principal.team_id, new_id())
            await portables.take_in(scopes.principal, arrival, scopes.transaction)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await start_page(Scope(scopes.principal, transaction), _UNASKED, problem)
        return RedirectResponse(f"/books/{arrival.book_id}", status_code=303)

    @web.get("/books/{book_id}")
    async def book_page(scope: InScope, book_id: UUID) -> Response:
        book = await books.get(scope.transaction, book_id)
        return pages.render("book.html", book=book, **await _shown(books, scope, book))

    @web.post("/books/{book_id}/make")
    async def make_again(scope: InScope, book_id: UUID) -> Response:
        await books.make(scope.transaction, scope.principal, book_id)
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    @web.post("/books/{book_id}/print")
    async def make_print(scope: InScope, book_id: UUID, request: Request) -> Response:
        printer = str((await request.form()).get("printer", ""))
        await books.make(scope.transaction, scope.principal, book_id, Target.PRINT, printer)
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    @web.post("/books/{book_id}/audio")
    async def make_audio(scope: InScope, book_id: UUID) -> Response:
        await books.make(scope.transaction, scope.principal, book_id, Target.AUDIO)
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    @web.post("/books/{book_id}/cancel")
    async def cancel(scope: InScope, book_id: UUID) -> Response:
        await books.get(scope.transaction, book_id)
        job = await books.jobs.find_newest(scope.transaction, book_id)
        if job is not None:
            await books.jobs.cancel(scope.transaction, scope.principal, job["id"])
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    return web


def _asked(form: Mapping[str, Any]) -> dict[str, Json]:
    """What was filled in, numbers as numbers; whether it can be used, decoding it says."""
    asked: dict[str, Json] = {name: form[name] for name in _FIELDS if isinstance(form.get(name), str) and form[name]}
    for name in _NUMBERS:
        text = str(asked.get(name, ""))
        if text.isascii() and text.isdigit() and len(text) <= _NUMBER_MAX_DIGITS:
            asked[name] = int(text)
    return {"premise": "", **asked}


async def _shown(books: Books, scope: Scope, book: Row) -> dict[str, Any]:
    """What the page of a book shows."""
    job = await books.jobs.find_newest(scope.transaction, book["id"])
    steps = await books.jobs.list_steps(scope.transaction, job["id"]) if job else []
    parts = await books.get_parts(scope.transaction, book["id"])
    files = {file["slot"]: file for file in parts["files"]}
    trim = Trim(book["brief"]["trim"])
    chosen = await defaults.read(scope.transaction, scope.principal.person_id)
    return {
        "job": job,
        "waiting": await books.jobs.find_outlook(scope.transaction, job) if job else None,
        "going": is_going(job),
        "is_refused": rules.is_refused(steps),
        "steps": sorted(({**step, "ink": _INKS.get(step["queue"], "layout")} for step in steps), key=_reading_order),
        "chapters": parts["chapters"],
        "can_be_read": any(chapter["pages"] for chapter in parts["chapters"]),
        "plates": sorted((file for slot, file in files.items() if slot.startswith("picture/")), key=_page_order),
        "printers": {key: one for key, one in printers().items() if one.takes(trim)} if PDF in files else {},
        "printer": chosen.in_force.printer,
        "lacking": await books.lacking(scope.transaction),
        "is_silent": PDF in files and not {READ_ALOUD, AUDIOBOOK} <= set(files),
        "prints": [_offered(files[slot], label) for slot, label in _PRINTS.items() if slot in files],
    }


def _offered(file: Row, label: str) -> Row:
    """With what its link says: of what is to be heard, how long it is."""
    seconds = file["duration_seconds"]
    return {**file, "label": f"{label} ({max(1, round(seconds / 60))} min)" if seconds else label}


def _reading_order(step: Row) -> tuple[int, list[int]]:
    """Planning and words first, then pictures page by page, then the setting; else as they were planned."""
    ink = ("text", "image", "layout").index(step["ink"])
    return ink, _numbers(step["key"]) if step["ink"] == "image" else []


def _page_order(file: Row) -> list[int]:
    """The cover, then page by page."""
    return _numbers(file["slot"])


def _numbers(key: str) -> list[int]:
    return [int(part) for part in key.split("/") if part.isdigit()]
