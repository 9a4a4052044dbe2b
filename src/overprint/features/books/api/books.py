"""JSON API of books: /api/books, and /api/ebooks which answers the same."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator, Field

from overprint.core.codec import decode
from overprint.core.story import (
    LOOKS_MAX,
    PREMISE_MAX_CHARACTERS,
    PREMISE_MIN_CHARACTERS,
    STORY_PAGES_MAX,
    STORY_PAGES_MIN,
    Age,
    Brief,
    Genre,
    Style,
    Tone,
    Trim,
)
from overprint.craft.press import printers
from overprint.features.books.portable import Portables
from overprint.features.books.rules import edition_of
from overprint.features.books.service import CHAPTER_TITLE_MAX_CHARACTERS, PAGE_MAX, Books
from overprint.features.books.steps import Target
from overprint.features.jobs import arriving, is_going, send_parcel
from overprint.http.arrivals import ArrivalOut, MostCredits, archive_of, arrival_out, take_in
from overprint.http.once import Once, OnceOnly
from overprint.http.responses import (
    ForGood,
    IdempotencyKey,
    IfMatch,
    In,
    Out,
    etag_of,
    example,
    next_cursor,
    read_cursor,
    refuse_outdated,
    sends,
)
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope


class BookIn(In):
    """What is asked for. Only the premise is needed. What is left out of ``author``, ``age``, ``genre``, ``tone``,
    ``style``, ``trim`` and ``is_aloud`` is as /api/settings has it."""

    model_config = example(premise="Mira the fox looks for the lost moon", title="The Lost Moon", pages=12, style="ink")

    premise: str = Field(min_length=PREMISE_MIN_CHARACTERS, max_length=PREMISE_MAX_CHARACTERS)
    title: str = Field("", max_length=120)
    author: str = Field("", max_length=120)
    dedication: str = Field("", max_length=300)
    age: Age = Age.YOUNG
    genre: Genre = Genre.ADVENTURE
    tone: Tone = Tone.WARM
    style: Style = Style.STORYBOOK
    trim: Trim = Trim.SQUARE
    chapters: int = Field(3, ge=1, le=12)
    pages: int = Field(12, ge=STORY_PAGES_MIN, le=STORY_PAGES_MAX)
    picture_dpi: int = Field(200, ge=72, le=300)
    seed: int = Field(1, ge=0, le=2**31 - 1)
    project_id: UUID | None = None
    is_aloud: bool = Field(False, description="Have it read aloud too; later with POST …/audio.")
    photos: Annotated[list[UUID], Field(max_length=LOOKS_MAX)] = Field([], description="Photos whose looks are used.")


class BookChanges(In):
    """Changes to what was asked for; what is left out stays."""

    model_config = example(title="The Found Moon", style="watercolour")

    title: str | None = Field(None, max_length=120)
    author: str | None = Field(None, max_length=120)
    dedication: str | None = Field(None, max_length=300)
    style: Style | None = None
    trim: Trim | None = None
    picture_dpi: int | None = Field(None, ge=72, le=300)


def _bare(page: object) -> object:
    """A page as it is read elsewhere in this API is a page as it is written."""
    return page["paragraphs"] if isinstance(page, dict) and set(page) == {"paragraphs"} else page


Paragraphs = Annotated[
    list[Annotated[str, Field(max_length=5000)]], Field(min_length=1, max_length=12), BeforeValidator(_bare)
]


class ChapterIn(In):
    """The words of a chapter: for each page its paragraphs, as a list or as ``GET`` answers them. And its title. What
    is left out stays."""

    model_config = example(title="Into the Harbour", pages=[["The harbour slept.", "Only the moon was up."]])

    pages: list[Paragraphs] | None = None
    title: str | None = Field(None, min_length=1, max_length=CHAPTER_TITLE_MAX_CHARACTERS)


class LookIn(In):
    """A part of a character sheet: colours as #rrggbb, hair, garment, accessories."""

    model_config = example(look={"body": "#c0392b", "garment": "dungarees"})

    look: dict[str, Any]


class ChapterOut(Out):
    number: int
    title: str
    state: str
    pages: list[dict[str, Any]] | None
    is_edited: bool


class CharacterOut(Out):
    id: str
    name: str
    description: dict[str, Any]
    sheet: dict[str, Any]


class FileOut(Out):
    """``slot`` is ``pdf``, ``epub``, ``fixed-layout`` (an EPUB), ``read-aloud`` and ``read-aloud-fixed`` (EPUBs),
    ``audiobook`` (an M4B), ``print/inside``, ``print/cover``, ``print/whole``, ``print/report``, ``picture/cover`` or
    ``picture/<chapter>/<page>``. ``content_hash`` is of what ``url`` gives, ``unsigned_hash`` of the same before it was
    signed, which every rebuild has."""

    slot: str
    name: str
    media_type: str
    size_bytes: int
    content_hash: str
    unsigned_hash: str
    duration_seconds: float | None
    alt: str
    url: str
    thumbnail_url: str | None


class BookOut(Out):
    """``state`` is making, ready, incomplete (something could not be made, or is not yet) or cancelled."""

    id: UUID
    title: str
    state: str
    brief: dict[str, Any]
    notes: list[str]
    project_id: UUID | None
    job_id: UUID | None
    created_at: datetime
    updated_at: datetime


class BookDetail(BookOut):
    chapters: list[ChapterOut]
    characters: list[CharacterOut]
    files: list[FileOut]


class BookPage(Out):
    items: list[BookOut]
    next_cursor: str | None


class BookStatus(Out):
    """``will_reuse`` and ``will_run`` say what making the book again would do now; null while it is being made."""

    book_id: UUID
    state: str
    job_id: UUID | None
    job_state: str | None
    progress: float
    error: str | None
    will_reuse: Sequence[str] | None
    will_run: Sequence[str] | None


class PrintIn(In):
    """``printer`` is a key of ``/api/printers``."""

    model_config = example(printer="lulu-paperback")

    printer: str = Field(min_length=1, max_length=40)


class PrinterOut(Out):
    """A printer's terms. Lengths are millimetres."""

    key: str
    name: str
    source: str
    pages_least: int
    pages_most: int
    bleed_mm: float
    picture_least_ppi: int
    ink_limit_percent: int


class JobStarted(Out):
    """``quote_credits`` is the most that the job can cost; what it does not use is given back."""

    book_id: UUID
    job_id: UUID
    state: str
    quote_credits: int


def _started(job: Mapping[str, Any]) -> JobStarted:
    return JobStarted(book_id=job["lineage"], job_id=job["id"], state=job["state"], quote_credits=job["quote_credits"])


def printers_router() -> APIRouter:
    """What printers ask for."""
    api = Router(prefix="/api", tags=["books"])

    @api.get("/printers")
    async def list_printers() -> list[PrinterOut]:
        return [PrinterOut.model_validate(asdict(printer)) for printer in printers().values()]

    return api


def router(books: Books, prefix: str) -> APIRouter:
    """Routes over ``books`` under ``prefix``."""
    api = Router(prefix=prefix, tags=["books"])
    portables = Portables(books)

    async def detail(scope: Scope, response: Response, book_id: UUID) -> BookDetail:
        book = await books.get(scope.transaction, book_id)
        parts = await books.get_parts(scope.transaction, book_id)
        response.headers.update(etag_of(edition_of(book, parts["chapters"], parts["characters"])))
        return BookDetail.model_validate({**book, **parts})

    async def hold(scope: Scope, book_id: UUID, if_match: str | None) -> None:
        """Nobody else edits the book now, and it is the one that the caller has seen."""
        if if_match is not None:
            refuse_outdated(if_match, await books.hold_edition(scope.transaction, scope.principal, book_id))

    @api.get("")
    async def list_books(
        scope: InScope, limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50, cursor: str | None = None
    ) -> BookPage:
        rows = await books.list_books(scope.transaction, limit=limit, before=read_cursor(cursor))
        return BookPage(items=[BookOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("", status_code=202)
    async def start_book(scope: InScope, book: BookIn, idempotency_key: IdempotencyKey = None) -> JobStarted:
        asked = book.model_dump(mode="json", exclude={"project_id", "is_aloud", "photos"}, exclude_unset=True)
        aloud = book.is_aloud if "is_aloud" in book.model_fields_set else None
        filled, is_aloud = await books.filled(scope.transaction, scope.principal, asked, aloud, idempotency_key)
        brief = decode(Brief, filled, at="")
        _, job = await books.start(
            scope.transaction,
            scope.principal,
            brief,
            project_id=book.project_id,
            is_aloud=is_aloud,
            photos=book.photos,
            idempotency_key=idempotency_key,
        )
        return _started(job)

    @api.get("/{book_id}")
    async def get_book(scope: InScope, response: Response, book_id: UUID) -> BookDetail:
        return await detail(scope, response, book_id)

    @api.put("/{book_id}")
    @api.patch("/{book_id}")
    async def change_book(
        scope: InScope, response: Response, book_id: UUID, changes: BookChanges, if_match: IfMatch = None
    ) -> BookDetail:
        await hold(scope, book_id, if_match)
        given = changes.model_dump(mode="json", exclude_none=True)
        await books.change_brief(scope.transaction, scope.principal, book_id, given)
        return await detail(scope, response, book_id)

    @api.delete("/{book_id}", status_code=204)
    async def delete_book(scope: InScope, book_id: UUID, for_good: ForGood = False) -> Response:
        away = books.delete if for_good else books.discard
        await away(scope.transaction, scope.principal, book_id)
        return Response(status_code=204)

    @api.get("/{book_id}/status")
    async def get_status(scope: InScope, book_id: UUID) -> BookStatus:
        book = await books.get(scope.transaction, book_id)
        job = await books.jobs.find_newest(scope.transaction, book_id)
        ahead = None if is_going(job) else await books.forecast(scope.transaction, book, job)
        return BookStatus(
            book_id=book_id,
            state=book["state"],
            job_id=job["id"] if job else None,
            job_state=job["state"] if job else None,
            progress=job["progress"] if job else 0.0,
            error=job["error"] if job else None,
            will_reuse=ahead.reused if ahead else None,
            will_run=ahead.runs if ahead else None,
        )

    @api.put("/{book_id}/chapters/{number}")
    async def edit_chapter(
        scope: InScope,
        response: Response,
        book_id: UUID,
        number: int,
        chapter: ChapterIn,
        if_match: IfMatch = None,
    ) -> BookDetail:
        await hold(scope, book_id, if_match)
        await books.edit_chapter(scope.transaction, scope.principal, book_id, number, chapter.pages, chapter.title)
        return await detail(scope, response, book_id)

    @api.patch("/{book_id}/characters/{character_id}")
    async def edit_character(
        scope: InScope,
        response: Response,
        book_id: UUID,
        character_id: str,
        change: LookIn,
        if_match: IfMatch = None,
    ) -> BookDetail:
        await hold(scope, book_id, if_match)
        await books.edit_character(scope.transaction, scope.principal, book_id, character_id, change.look)
        return await detail(scope, response, book_id)

    @api.get("/{book_id}/archive", response_class=StreamingResponse, responses=sends("application/zip"))
    async def export_book(scopes: InScopes, book_id: UUID) -> StreamingResponse:
        """The book with everything as one file, which `POST …/import` takes on another installation."""
        async with scopes.transaction() as transaction:
            parcel = await portables.pack(transaction, book_id)
        return archive_of(parcel.header.title, await send_parcel(books.library.storage, parcel))

    @api.post("/import", status_code=202)
    async def import_book(
        scopes: InScopes, once: Once, file: UploadFile, most_credits: MostCredits = None
    ) -> JobStarted:
        """Take in what `GET …/archive` or `overprint export` wrote, and set it again. What that costs, and what of it
        is made that did not come along, `POST …/import/quote` says; anything of that is only made with
        ``most_credits``."""
        async with arriving(portables, scopes.principal, scopes.transaction, file.file) as work:
            return await take_in(work, once, most_credits, JobStarted, _started)

    @api.post("/import/quote")
    async def quote_import(scopes: InScopes, file: UploadFile) -> ArrivalOut:
        """What `POST …/import` would do with this file, without doing it."""
        async with arriving(portables, scopes.principal, scopes.transaction, file.file) as work:
            return arrival_out(work.look)

    @api.post("/{book_id}/print", status_code=202)
    async def make_print(scope: InScope, once: Once, book_id: UUID, wanted: PrintIn) -> JobStarted:
        """Make the print edition: an inside and a cover as PDF/X-4, and a preflight report."""
        return await made_once(scope, once, book_id, Target.PRINT, wanted.printer)

    async def made_once(
        scope: Scope, once: OnceOnly, book_id: UUID, target: Target, printer: str | None = None
    ) -> JobStarted:
        async def make() -> JobStarted:
            return _started(await books.make(scope.transaction, scope.principal, book_id, target, printer))

        return await once.answer(scope.transaction, JobStarted, printer, make)

    def make_route(path: str, target: Target) -> None:
        @api.post(f"/{{book_id}}/{path}", status_code=202, name=f"make_{path}")
        async def make(scope: InScope, once: Once, book_id: UUID) -> JobStarted:
            return await made_once(scope, once, book_id, target)

    for path, target in (
        ("make", Target.BOOK),
        ("chapters", Target.CHAPTERS),
        ("illustrations", Target.ILLUSTRATIONS),
        ("pdf", Target.PDF),
        ("epub", Target.EPUB),
        ("audio", Target.AUDIO),
    ):
        make_route(path, target)
    return api
