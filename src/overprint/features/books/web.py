"""Pages of the books room: start a book, watch it being made, take it home. They work without JavaScript."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import decode, encode
from overprint.core.files import StoredFile
from overprint.core.problems import Problem
from overprint.core.story import Age, Brief, Genre, Style, Tone, Trim
from overprint.engine.job import JOB_ENDED, JobState
from overprint.features.books.service import Books
from overprint.features.books.store import Row
from overprint.http.pages import Pages
from overprint.http.scope import InScope, Scope

_CHOICES = (("age", "For ages", Age), ("genre", "Genre", Genre), ("tone", "Tone", Tone), ("style", "Look", Style))
_INKS = {"text-generation": "text", "image-generation": "image", "layout": "layout"}
_LABELS = {"pdf": "Read the PDF", "epub": "Take the e-book"}
_LISTED = 30


def router(books: Books) -> APIRouter:
    """Routes over ``books``."""
    web = APIRouter(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")
    choices = [
        *((name, label, [str(value) for value in kind]) for name, label, kind in _CHOICES),
        ("trim", "Page", [str(value) for value in Trim]),
    ]

    async def start_page(scope: Scope, asked: Row, problem: Problem | None = None) -> Response:
        known = await books.list_books(scope.transaction, limit=_LISTED)
        status = 200 if problem is None else 422
        return pages.render("start.html", status, asked=asked, choices=choices, books=known, problem=problem)

    @web.get("/")
    async def start(scope: InScope) -> Response:
        return await start_page(scope, {**encode(Brief("...")), "premise": ""})

    @web.post("/books")
    async def start_book(
        scope: InScope,
        premise: Annotated[str, Form()] = "",
        author: Annotated[str, Form()] = "",
        age: Annotated[str, Form()] = "",
        genre: Annotated[str, Form()] = "",
        tone: Annotated[str, Form()] = "",
        style: Annotated[str, Form()] = "",
        trim: Annotated[str, Form()] = "",
        pages_wanted: Annotated[str, Form(alias="pages")] = "",
        chapters: Annotated[str, Form()] = "",
    ) -> Response:
        texts = {"author": author, "age": age, "genre": genre, "tone": tone, "style": style, "trim": trim}
        asked: Row = {"premise": premise, **{name: value for name, value in texts.items() if value}}
        numbers = {"pages": pages_wanted, "chapters": chapters}
        asked |= {name: int(value) for name, value in numbers.items() if value.isascii() and value.isdigit()}
        try:
            async with scope.transaction.sql.begin_nested():
                book, _ = await books.start(scope.transaction, scope.principal, decode(Brief, asked))
        except Problem as problem:
            return await start_page(scope, {**encode(Brief("...")), **asked}, problem)
        return RedirectResponse(f"/books/{book['id']}", status_code=303)

    @web.get("/books/{book_id}")
    async def book_page(scope: InScope, book_id: UUID) -> Response:
        book = await books.get(scope.transaction, book_id)
        return pages.render("book.html", book=book, **await _shown(books, scope, book))

    @web.post("/books/{book_id}/make")
    async def make_again(scope: InScope, book_id: UUID) -> Response:
        await books.make(scope.transaction, scope.principal, book_id)
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    @web.post("/books/{book_id}/cancel")
    async def cancel(scope: InScope, book_id: UUID) -> Response:
        job = await books.jobs.find_newest(scope.transaction, book_id)
        if job is not None:
            await books.jobs.cancel(scope.transaction, scope.principal, job["id"])
        return RedirectResponse(f"/books/{book_id}", status_code=303)

    return web


async def _shown(books: Books, scope: Scope, book: Row) -> dict[str, Any]:
    """What the page of a book shows."""
    job = await books.jobs.find_newest(scope.transaction, book["id"])
    steps = await books.jobs.list_steps(scope.transaction, job["id"]) if job else []
    parts = await books.get_parts(scope.transaction, book["id"])
    files = [_linked(books, row) for row in parts["files"]]
    place = await books.jobs.find_place(scope.transaction, job["id"]) if job else None
    return {
        "job": job,
        "place": place,
        "going": job is not None and JobState(job["state"]) not in JOB_ENDED,
        "steps": sorted(({**step, "ink": _INKS.get(step["queue"], "layout")} for step in steps), key=_reading_order),
        "chapters": parts["chapters"],
        "plates": sorted((file for file in files if file["slot"].startswith("picture/")), key=_page_order),
        "prints": [
            {**file, "label": _LABELS[file["slot"]]}
            for file in sorted(files, key=lambda file: file["slot"] != "pdf")
            if file["slot"] in _LABELS
        ],
    }


def _reading_order(step: Row) -> int:
    """Planning and words first, then pictures, then the setting; within each as they were planned."""
    return ("text", "image", "layout").index(step["ink"])


def _page_order(file: Row) -> list[int]:
    """The cover, then page by page."""
    return [int(part) for part in file["slot"].split("/")[1:] if part.isdigit()]


def _linked(books: Books, row: Row) -> Row:
    file = decode(StoredFile, row["file"])
    asset = {"storage_key": file.key, "name": file.name, "thumbnail_key": file.thumbnail_key}
    return {
        "slot": row["slot"],
        "alt": row["alt"],
        "url": books.library.link(asset, download=row["slot"] == "epub"),
        "thumbnail_url": books.library.thumbnail_link(asset),
    }
