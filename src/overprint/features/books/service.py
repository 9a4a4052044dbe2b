"""Use cases of books."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode, encode
from overprint.core.ids import new_id
from overprint.core.principal import Principal, refuse_viewers
from overprint.core.problems import Conflict, Invalid, NotFound
from overprint.core.scene import Sheet
from overprint.core.story import Brief, ChapterText, Plan
from overprint.db.database import Transaction
from overprint.engine.forecast import Forecast
from overprint.engine.job import JOB_ENDED, JobState
from overprint.features import audit
from overprint.features.books import rules, store
from overprint.features.books.pipeline import MAKE
from overprint.features.books.steps import PLAN, MakeBook, Target, cast_key, text_key
from overprint.features.books.store import Row
from overprint.features.jobs import Jobs
from overprint.features.library import Library

PAGE_MAX = 100


@dataclass(frozen=True, slots=True)
class Books:
    """What people do with books."""

    jobs: Jobs
    library: Library

    async def start(
        self,
        transaction: Transaction,
        principal: Principal,
        brief: Brief,
        *,
        project_id: UUID | None = None,
        target: Target = Target.BOOK,
        idempotency_key: str | None = None,
    ) -> tuple[Row, Row]:
        """Begin a new book; answers (book, job). The same idempotency key answers the first one."""
        brief = cleaned(brief)
        if idempotency_key is not None:
            job = await self.jobs.get_by_key(transaction, idempotency_key)
            if job is not None:
                return await self._answer_again(transaction, job, brief)
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
            encode(MakeBook(brief, target)),
            title=title,
            lineage=book_id,
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        if job["lineage"] != book_id:
            raise Conflict("This request is being stored right now.", "Ask again in a moment.")
        return await self.get(transaction, book_id), job

    async def _answer_again(self, transaction: Transaction, job: Row, brief: Brief) -> tuple[Row, Row]:
        if job["request"].get("brief") != encode(brief):
            raise Conflict("This idempotency key was used for another request.", "Use a new key.")
        return await self.get(transaction, job["lineage"]), job

    async def get(self, transaction: Transaction, book_id: UUID) -> Row:
        book = await store.find_book(transaction, book_id)
        if book is None:
            raise NotFound("There is no such book.")
        return book

    async def list_books(self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None) -> list[Row]:
        return await store.list_books(transaction, max(1, min(PAGE_MAX, limit)), before)

    async def get_parts(self, transaction: Transaction, book_id: UUID) -> dict[str, list[Row]]:
        """Chapters, characters and files of a book."""
        return {
            "chapters": await store.list_chapters(transaction, book_id),
            "characters": await store.list_characters(transaction, book_id),
            "files": await store.list_files(transaction, book_id),
        }

    async def make(
        self, transaction: Transaction, principal: Principal, book_id: UUID, target: Target = Target.BOOK
    ) -> Row:
        """Run the book again, up to ``target``: only what changed, failed or is new gets made. Answers the job."""
        book = await self._begin_change(transaction, principal, book_id)
        return await self.jobs.submit(
            transaction,
            principal,
            MAKE,
            encode(MakeBook(decode(Brief, book["brief"]), target)),
            title=book["title"],
            lineage=book_id,
            project_id=book["project_id"],
            rerun_of=book["job_id"],
        )

    async def forecast(self, transaction: Transaction, book_id: UUID, target: Target = Target.BOOK) -> Forecast:
        """What ``make`` would do now."""
        book = await self.get(transaction, book_id)
        request = encode(MakeBook(decode(Brief, book["brief"]), target))
        return await self.jobs.forecast(transaction, MAKE, request, book_id)

    async def change_brief(
        self, transaction: Transaction, principal: Principal, book_id: UUID, changes: Mapping[str, Json]
    ) -> Row:
        """Change what was asked for (style, title, dedication …). The next run makes what depends on it."""
        book = await self._begin_change(transaction, principal, book_id)
        brief = cleaned(decode(Brief, {**book["brief"], **changes}))
        await store.change_book(transaction, book_id, brief=encode(brief))
        await audit.record(transaction, principal, "book.changed", "book", book_id, {"fields": sorted(changes)})
        return await self.get(transaction, book_id)

    async def edit_chapter(
        self, transaction: Transaction, principal: Principal, book_id: UUID, number: int, pages: list[list[str]]
    ) -> None:
        """Put a person's words in place of a chapter's: one list of paragraphs a page, as many pages as it has."""
        await self._begin_change(transaction, principal, book_id)
        chapters = {row["number"]: row for row in await store.list_chapters(transaction, book_id)}
        if number not in chapters:
            raise NotFound(f"This book has no chapter {number}.")
        plan = await self._plan(transaction, book_id)
        wanted = len(plan.outline.chapters[number - 1].beats)
        if len(pages) != wanted:
            raise Invalid(f"Chapter {number} has {wanted} pages; this text has {len(pages)}.", field="pages")
        text = decode(ChapterText, {"pages": [{"paragraphs": _paragraphs(page)} for page in pages]})
        await self.jobs.edit_output(transaction, principal, book_id, text_key(number), encode(text))
        await store.keep_chapter(transaction, book_id, number, encode(text)["pages"], state="stale", is_edited=True)

    async def edit_character(
        self, transaction: Transaction, principal: Principal, book_id: UUID, character_id: str, look: Mapping[str, Json]
    ) -> None:
        """Change how a character looks, for the whole book: only pages that show them are drawn again."""
        await self._begin_change(transaction, principal, book_id)
        cast = {row["id"]: row for row in await store.list_characters(transaction, book_id)}
        if character_id not in cast:
            raise NotFound("This book has no such character.")
        sheet = decode(Sheet, {**cast[character_id]["sheet"], **look}, at="")
        rules.check_look(sheet)
        await self.jobs.edit_output(transaction, principal, book_id, cast_key(character_id), encode(sheet))
        await store.keep_sheet(transaction, book_id, character_id, encode(sheet))

    async def delete(
        self, transaction: Transaction, principal: Principal, book_id: UUID
    ) -> Callable[[], Awaitable[None]]:
        """Delete a book and all it made. Answers what removes the bytes, to be awaited after the transaction."""
        book = await self._begin_change(transaction, principal, book_id)
        await self.jobs.delete_work(transaction, book_id)
        await store.delete_book(transaction, book_id)
        await audit.record(transaction, principal, "book.deleted", "book", book_id, {"title": book["title"]})
        return await self.library.delete_lineage(transaction, principal, book_id)

    async def _plan(self, transaction: Transaction, book_id: UUID) -> Plan:
        output = await self.jobs.find_output(transaction, book_id, PLAN)
        if output is None:
            raise Conflict("This book has no plan yet.", "Make it first: POST /api/books/ID/make.")
        return decode(Plan, output)

    async def _begin_change(self, transaction: Transaction, principal: Principal, book_id: UUID) -> Row:
        """The book, locked for this transaction. Raises ``Denied`` for viewers, ``Conflict`` while it is being made."""
        refuse_viewers(principal)
        book = await store.lock_book(transaction, book_id)
        if book is None:
            raise NotFound("There is no such book.")
        newest = await self.jobs.find_newest(transaction, book_id)
        if newest is not None and JobState(newest["state"]) not in JOB_ENDED:
            raise Conflict("This book is being made right now.", "Wait for it, or cancel its job first.")
        return book


def cleaned(brief: Brief) -> Brief:
    """The brief without control characters; raises ``Invalid`` when nothing readable is left or a number is off."""
    texts = {name: rules.clean_text(getattr(brief, name)) for name in ("premise", "title", "author", "dedication")}
    if not rules.says_something(texts["premise"]):
        raise Invalid("There is no story in this premise.", "Say in a sentence who it is about.", field="premise")
    if brief.pages < brief.chapters:
        raise Invalid("A chapter needs at least one page.", "Ask for more pages or fewer chapters.", field="pages")
    return decode(Brief, {**encode(brief), **texts})


def shortened(premise: str) -> str:
    """A working title until the story has its own."""
    return premise if len(premise) <= 80 else premise[:79].rsplit(" ", 1)[0] + "…"


def _paragraphs(page: Any) -> list[str]:
    cleaned_page = [rules.clean_text(str(paragraph)) for paragraph in page]
    return [paragraph for paragraph in cleaned_page if paragraph]
