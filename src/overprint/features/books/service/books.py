"""Use cases of books."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode, encode
from overprint.core.ids import new_id
from overprint.core.looks import check_looks
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, InTrash, Invalid, NotFound
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Brief, ChapterText, Look, PageText, Plan, TouchedScenes
from overprint.core.told import Told, ToldPage
from overprint.core.words import clean_text, says_something
from overprint.db.database import Transaction
from overprint.engine.forecast import Forecast
from overprint.features import audit
from overprint.features.billing import Feature, Quote
from overprint.features.books import rules, store
from overprint.features.books.pipeline import MAKE
from overprint.features.books.service import defaults
from overprint.features.books.steps import (
    AUDIOBOOK,
    EPUB,
    FIXED,
    PLAN,
    READ_ALOUD,
    READ_ALOUD_FIXED,
    Imported,
    MakeBook,
    Target,
    cast_key,
    scenes_key,
    text_key,
)
from overprint.features.books.store import Row
from overprint.features.jobs import WorkKind, Works
from overprint.features.photos import Photos

PAGE_MAX = 100
CHAPTER_TITLE_MAX_CHARACTERS = 120
_SAVED = (EPUB, FIXED, READ_ALOUD, READ_ALOUD_FIXED, AUDIOBOOK)


BOOK = WorkKind(
    "book",
    store.BOOKS,
    absent=lambda: NotFound("There is no such book."),
    in_trash=lambda: InTrash("This book is in the trash.", "Take it out of the library's trash first."),
    going=lambda: Conflict("This book is being made right now.", "Wait for it, or cancel its job first."),
    paused=lambda: Conflict("Making this book is paused.", "Go on with it, or cancel its job first."),
)


@dataclass(frozen=True, slots=True)
class Books(Works):
    """What people do with books."""

    kind = BOOK
    photos: Photos

    async def start(
        self,
        transaction: Transaction,
        principal: Principal,
        brief: Brief,
        *,
        project_id: UUID | None = None,
        target: Target = Target.BOOK,
        printer: str = "",
        is_aloud: bool = False,
        photos: Sequence[UUID] = (),
        idempotency_key: str | None = None,
    ) -> tuple[Row, Row]:
        """Begin a new book; answers (book, job). The same request under the same idempotency key answers the first one.

        With a ``printer`` it gets a print edition too, to that printer's terms; with ``is_aloud`` it is read aloud.
        The looks that were confirmed of ``photos`` are in it.
        """
        if photos:
            brief = replace(brief, looks=await self._looks(transaction, tuple(photos), idempotency_key))
        brief = cleaned(brief)
        rules.check_printer(printer, brief.trim)
        rules.check_script(brief, target)
        asked = MakeBook(brief, target, printer, is_aloud or target is Target.AUDIO, photos=tuple(photos))
        request = encode(asked)
        first = await self.jobs.find_first(transaction, idempotency_key, MAKE, request, project_id)
        if first is not None:
            return await self.get(transaction, first["lineage"]), first
        if project_id is not None:
            await self.library.get_project(transaction, project_id)
        book_id = new_id()
        title = brief.title or shortened(brief.premise)
        book: Row = {
            "id": book_id,
            "team_id": principal.team_id,
            "project_id": project_id,
            "title": title,
            "state": "making",
            "brief": encode(brief),
            "created_by": principal.person_id,
        }
        await store.insert_book(transaction, book)
        job = await self.jobs.submit(
            transaction,
            principal,
            MAKE,
            request,
            title=title,
            lineage=book_id,
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        if job["lineage"] != book_id:  # the same request, sent twice at once, was first
            await store.delete_book(transaction, book_id)
        return await self.get(transaction, job["lineage"]), job

    async def filled(
        self,
        transaction: Transaction,
        principal: Principal,
        brief: Mapping[str, Json],
        is_aloud: bool | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[dict[str, Json], bool]:
        """What is asked for, and whether to read it aloud, with what people chose for new books where nothing is said.

        A request under a key that came before is filled as it was then, whatever was chosen since.
        """
        first = await self.jobs.get_by_key(transaction, idempotency_key) if idempotency_key else None
        if first is not None and first["kind"] == MAKE:
            asked = first["request"]
            chosen = {**asked["brief"], "is_aloud": asked.get("is_aloud", False)}
        else:
            chosen = (await defaults.read(transaction, principal.person_id)).in_force.chosen()
            if chosen.get("is_aloud"):
                chosen["is_aloud"] = Feature.AUDIO in (await self.jobs.plans.of_team(transaction)).features
        told = {name: chosen[name] for name in defaults.IN_BRIEF if name in chosen}
        return {**told, **brief}, bool(chosen.get("is_aloud")) if is_aloud is None else is_aloud

    async def _looks(
        self, transaction: Transaction, photos: tuple[UUID, ...], idempotency_key: str | None
    ) -> tuple[Look, ...]:
        """Those that a request under this key had the first time, whatever became of its photos since."""
        first = await self.jobs.get_by_key(transaction, idempotency_key) if idempotency_key else None
        before = decode(MakeBook, first["request"]) if first and first["kind"] == MAKE else None
        if before is not None and before.photos == photos:
            return before.brief.looks
        return await self.photos.get_looks(transaction, photos)

    async def list_books(self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None) -> list[Row]:
        return await store.list_books(transaction, max(1, min(PAGE_MAX, limit)), before)

    async def get_parts(self, transaction: Transaction, book_id: UUID) -> dict[str, list[Row]]:
        """Chapters, characters and files of a book, files with links to them."""
        return {
            "chapters": await store.list_chapters(transaction, book_id),
            "characters": await store.list_characters(transaction, book_id),
            "files": [self._linked(row) for row in await store.list_files(transaction, book_id)],
        }

    def _linked(self, row: Row) -> Row:
        """The signed copy, if there is one. What browsers can show they show; e-books and audiobooks are saved."""
        file: Row = row["signed"] or row["file"]
        save_as = file["name"] if row["slot"] in _SAVED else ""
        links = self.library.links(file["key"], file["thumbnail_key"], save_as=save_as)
        return {**row, **file, **links, "unsigned_hash": row["file"]["content_hash"]}

    async def make(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        target: Target = Target.BOOK,
        printer: str | None = None,
        is_aloud: bool | None = None,
    ) -> Row:
        """Run the book again, up to ``target``: only what changed, failed or is new gets made. Answers the job.

        The print edition follows the terms of ``printer``; None: of the one it was last made for, if any. So does
        whether it is read aloud; that is what ``Target.AUDIO`` asks for. What the plan has no more stays as it is.
        """
        book, newest = await self.begin_change(transaction, principal, book_id)
        has = await self._features(transaction, newest)
        return await self.jobs.submit(
            transaction,
            principal,
            MAKE,
            _request(book, newest, has, target, printer, is_aloud),
            title=book["title"],
            lineage=book_id,
            project_id=book["project_id"],
            rerun_of=book["job_id"],
        )

    async def forecast(
        self, transaction: Transaction, book: Row, newest: Row | None, target: Target = Target.BOOK
    ) -> Forecast:
        """What ``make`` would do now. ``newest`` is the book's latest job, if it has any."""
        request = _request(book, newest, await self._features(transaction, newest), target)
        return await self.jobs.forecast(transaction, MAKE, request, book["id"])

    async def quote(
        self, transaction: Transaction, book: Row, newest: Row | None, target: Target = Target.BOOK
    ) -> Quote:
        """The most that ``make`` would cost now."""
        request = _request(book, newest, await self._features(transaction, newest), target)
        return await self.jobs.quotes.quote(transaction, MAKE, request, lineage=book["id"])

    async def _features(self, transaction: Transaction, newest: Row | None) -> Collection[str]:
        """What the team's plan has, if a book's newest job was asked for anything that not every plan has."""
        before = newest["request"] if newest else {}
        if not (before.get("printer") or before.get("is_aloud")):
            return ()
        return (await self.jobs.plans.of_team(transaction)).features

    async def hold_edition(self, transaction: Transaction, principal: Principal, book_id: UUID) -> str:
        """Which edition there is; nobody else edits it before this transaction ends. Raises what an edit would."""
        book, _ = await self.begin_change(transaction, principal, book_id)
        parts = await store.list_chapters(transaction, book_id), await store.list_characters(transaction, book_id)
        return rules.edition_of(book, *parts)

    async def change_brief(
        self, transaction: Transaction, principal: Principal, book_id: UUID, changes: Mapping[str, Json]
    ) -> Row:
        """Change what was asked for (style, title, dedication …). The next run makes what depends on it."""
        book, _ = await self.begin_change(transaction, principal, book_id)
        brief = cleaned(decode(Brief, {**book["brief"], **changes}, at=""))
        await store.change_book(transaction, book_id, brief=encode(brief))
        await audit.record(transaction, principal, "book.changed", "book", book_id, {"fields": sorted(changes)})
        return await self.get(transaction, book_id)

    async def edit_chapter(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        number: int,
        pages: list[list[str]] | None = None,
        title: str | None = None,
    ) -> None:
        """Put a person's words in place of a chapter's: one list of paragraphs a page, as many pages as it has; and
        their title in place of the planned one. None leaves it as it is."""
        book, _ = await self.begin_change(transaction, principal, book_id)
        chapters = {row["number"]: row for row in await store.list_chapters(transaction, book_id)}
        if number not in chapters:
            raise NotFound(f"This book has no chapter {number}.")
        if pages is not None:
            await self._edit_words(transaction, principal, book_id, number, pages)
        if title is not None:
            await self._edit_title(transaction, principal, book, number, title)

    async def _edit_title(
        self, transaction: Transaction, principal: Principal, book: Row, number: int, title: str
    ) -> None:
        cleaned_title = clean_text(title)
        if not says_something(cleaned_title):
            raise Invalid("A chapter needs a title that can be read.", "Write a word or two.", field="title")
        brief, plan = decode(Brief, book["brief"]), await self._plan(transaction, book["id"])
        titles = [*brief.chapter_titles, *[""] * (brief.chapters - len(brief.chapter_titles))]
        is_planned = cleaned_title == clean_text(plan.outline.chapters[number - 1].title)
        titles[number - 1] = "" if is_planned else cleaned_title
        changed = cleaned(replace(brief, chapter_titles=tuple(titles)))
        await store.change_book(transaction, book["id"], brief=encode(changed))
        await store.keep_title(transaction, book["id"], number, cleaned_title)
        await audit.record(transaction, principal, "book.changed", "book", book["id"], {"fields": ["chapter_titles"]})

    async def _edit_words(
        self, transaction: Transaction, principal: Principal, book_id: UUID, number: int, pages: list[list[str]]
    ) -> None:
        plan = await self._plan(transaction, book_id)
        wanted = len(plan.outline.chapters[number - 1].beats)
        if len(pages) != wanted:
            raise Invalid(f"Chapter {number} has {wanted} pages; this text has {len(pages)}.", field="pages")
        text = decode(ChapterText, {"pages": [{"paragraphs": _paragraphs(page)} for page in pages]}, at="")
        await self.jobs.edit_output(transaction, principal, book_id, text_key(number), encode(text))
        await store.keep_chapter(transaction, book_id, number, encode(text)["pages"], state="stale", is_edited=True)

    async def edit_character(
        self, transaction: Transaction, principal: Principal, book_id: UUID, character_id: str, look: Mapping[str, Json]
    ) -> None:
        """Change how a character looks, or what they are, for the whole book: only pages that show them are drawn
        again, and no word is changed."""
        await self.begin_change(transaction, principal, book_id)
        cast = {row["id"]: row for row in await store.list_characters(transaction, book_id)}
        if character_id not in cast:
            raise NotFound("This book has no such character.")
        before = cast[character_id]["sheet"]
        is_other = look.get("species", before["species"]) != before["species"]
        # Who is another kind now is drawn as that, and not as the nearest to what they were.
        sheet = decode(Sheet, {**before, **({"in_place_of": ""} if is_other else {}), **look}, at="")
        rules.check_look(sheet)
        await self.jobs.edit_output(transaction, principal, book_id, cast_key(character_id), encode(sheet))
        await store.keep_sheet(transaction, book_id, character_id, encode(sheet))

    async def list_finished(self, transaction: Transaction, book_id: UUID) -> list[Row]:
        """The book's own files, as ``get_parts`` tells them, without its pictures."""
        await self.get(transaction, book_id)
        files = [self._linked(row) for row in await store.list_files(transaction, book_id)]
        return [file for file in files if not file["slot"].startswith("picture/")]

    async def tell(self, transaction: Transaction, book_id: UUID) -> Told:
        """The words and the scenes of a finished book, for whoever makes something else of it. Raises ``Conflict`` for
        one without a plan."""
        await self.get(transaction, book_id)
        outputs = {row["key"]: row["output"] for row in await self.jobs.list_outputs(transaction, book_id)}
        plan = await self._plan(transaction, book_id)
        pages: list[ToldPage] = []
        for number in range(1, len(plan.outline.chapters) + 1):
            text, seen = outputs.get(text_key(number)), outputs.get(scenes_key(number))
            if text is not None and seen is not None:
                said = decode(ChapterText, text).pages
                pages += map(_told_page, said, decode(TouchedScenes, seen).scenes)
        sheets = {who: outputs.get(cast_key(who)) or encode(sheet) for who, sheet in plan.sheets.items()}
        book = await self.get(transaction, book_id)
        style = decode(Brief, book["brief"]).style
        return Told(book["title"], style, tuple(pages), decode(dict[str, Sheet], sheets), plan.outline.characters)

    async def _plan(self, transaction: Transaction, book_id: UUID) -> Plan:
        output = await self.jobs.find_output(transaction, book_id, PLAN)
        if output is None:
            raise Conflict("This book has no plan yet.", "Make it first: POST /api/books/ID/make.")
        return decode(Plan, output)


def cleaned(brief: Brief) -> Brief:
    """The brief without control characters; raises ``Invalid`` when nothing readable is left or a number is off."""
    texts = {name: clean_text(getattr(brief, name)) for name in ("premise", "title", "author", "dedication")}
    if not says_something(texts["premise"]):
        raise Invalid("There is no story in this premise.", "Say in a sentence who it is about.", field="premise")
    if brief.pages < brief.chapters:
        raise Invalid("A chapter needs at least one page.", "Ask for more pages or fewer chapters.", field="pages")
    check_looks(brief.looks, texts["premise"])
    titles = [clean_text(title) for title in brief.chapter_titles]
    if len(titles) > brief.chapters or any(len(title) > CHAPTER_TITLE_MAX_CHARACTERS for title in titles):
        raise Invalid(
            f"A title of a chapter has at most {CHAPTER_TITLE_MAX_CHARACTERS} characters.", field="chapter_titles"
        )
    return decode(Brief, {**encode(brief), **texts, "chapter_titles": titles}, at="")


def _request(
    book: Row,
    newest: Row | None,
    has: Collection[str],
    target: Target,
    printer: str | None = None,
    is_aloud: bool | None = None,
) -> Json:
    """What a job that makes the book again is asked. None stands for what its newest job was asked, where the plan
    ``has`` it still: who has a smaller plan by now can make the book again, and its print edition and reading stay."""
    before = newest["request"] if newest else {}
    if printer is None:
        inherits = Feature.PRINT in has or target is Target.PRINT
        printer = str(before.get("printer", "")) if inherits else ""
    brief = decode(Brief, book["brief"])
    rules.check_printer(printer, brief.trim)
    if is_aloud is None:
        is_aloud = bool(before.get("is_aloud")) and Feature.AUDIO in has
    imported = decode(Imported, book["imported"]) if book["imported"] else None
    return encode(MakeBook(brief, target, printer, is_aloud or target is Target.AUDIO, imported))


def shortened(premise: str) -> str:
    """A working title until the story has its own."""
    return premise if len(premise) <= 80 else premise[:79].rsplit(" ", 1)[0] + "…"


def _told_page(page: PageText, scene: Scene) -> ToldPage:
    return ToldPage(" ".join(page.paragraphs), scene)


def _paragraphs(page: Any) -> list[str]:
    cleaned_page = [clean_text(str(paragraph)) for paragraph in page]
    return [paragraph for paragraph in cleaned_page if paragraph]
