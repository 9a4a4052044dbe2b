"""Use cases of books that travel: what ``Portables`` of the jobs asks of each product."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from overprint.core.codec import Json, encode
from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.core.problems import Conflict
from overprint.db.database import Transaction
from overprint.features import audit
from overprint.features.billing import Feature
from overprint.features.books import store
from overprint.features.books.pipeline import MAKE
from overprint.features.books.portable.arriving import Arrival, unpack
from overprint.features.books.portable.contents import TRAVELS
from overprint.features.books.portable.sending import BookParcel, parcel_of
from overprint.features.books.service import Books
from overprint.features.books.steps import Imported, MakeBook
from overprint.features.books.store import Row
from overprint.features.jobs import (
    FirstLook,
    Jobs,
    Portable,
    first_look,
    is_going,
    refuse_dearer,
    store_arrived,
    unpacked,
)
from overprint.features.library import Library


@dataclass(frozen=True, slots=True)
class Portables:
    """Books that leave for another installation, or come from one."""

    books: Books

    @property
    def jobs(self) -> Jobs:
        return self.books.jobs

    @property
    def library(self) -> Library:
        return self.books.library

    async def pack(self, transaction: Transaction, book_id: UUID) -> BookParcel:
        """All of a book but the bytes of its files. Raises ``NotInPlan``, and ``Conflict`` while it is being made."""
        book, jobs = await self.books.get(transaction, book_id), self.jobs
        await jobs.plans.permit(transaction, await jobs.plans.of_team(transaction), [Feature.EXPORT])
        newest = await jobs.find_newest(transaction, book_id)
        if newest is None or is_going(newest):
            raise Conflict("This book is being made right now, or was never.", "Make it, and wait for it.")
        providers = jobs.rules.providers
        return parcel_of(
            book,
            newest["request"],
            await jobs.list_outputs(transaction, book_id),
            await jobs.list_edits(transaction, book_id),
            await store.list_files(transaction, book_id),
            (providers["text"].label, providers["image"].label),
        )

    async def unpack(self, principal: Principal, archive: Portable, folder: Path) -> Arrival:
        """Look at all of a book. Raises ``Invalid``, ``LimitReached`` and ``Unavailable``."""
        return await unpacked(partial(unpack, team_id=principal.team_id, book_id=new_id()), archive, folder)

    async def look(self, transaction: Transaction, principal: Principal, arrival: Arrival) -> FirstLook:
        """What it brings, and what would be made, if there is room for it."""
        jobs, header = self.jobs, arrival.header
        await self.library.expect_files(transaction, principal, arrival.size_bytes)
        request, left_out = await self._request(transaction, arrival)
        book_id = arrival.book_id
        return await first_look(
            jobs, transaction, MAKE, request, book_id, arrival.edits, TRAVELS, header.title, left_out
        )

    async def store_files(self, principal: Principal, arrival: Arrival) -> datetime | None:
        """Store its files; answers when that was begun, by the database's clock: None of a book without any.

        Raises ``ProviderError``.
        """
        return await store_arrived(self.library, principal, arrival.stored, arrival.folder)

    async def keep(
        self,
        transaction: Transaction,
        principal: Principal,
        arrival: Arrival,
        stored_at: datetime | None,
        look: FirstLook,
    ) -> Row:
        """Make a book of it and set it from what it brought; answers the job. Raises ``Conflict`` where that is dearer
        than it was when it was looked at."""
        header, book_id = arrival.header, arrival.book_id
        request, _ = await self._request(transaction, arrival)
        if stored_at is not None:
            await self.library.keep_files(transaction, principal, book_id, arrival.files, stored_at)
        book: Row = {
            "id": book_id,
            "team_id": principal.team_id,
            "title": header.title,
            "state": "making",
            "brief": encode(header.brief),
            "imported": request["imported"],
            "created_by": principal.person_id,
        }
        await store.insert_book(transaction, book)
        await self.jobs.bring_outputs(transaction, principal, book_id, arrival.edits)
        await audit.record(transaction, principal, "book.imported", "book", book_id, {"title": header.title})
        job = await self.jobs.submit(
            transaction, principal, MAKE, request, title=header.title, lineage=book_id, has_outputs=True
        )
        refuse_dearer(look, job["quote_credits"])
        return job

    async def _request(self, transaction: Transaction, arrival: Arrival) -> tuple[Json, tuple[str, ...]]:
        """What its job is asked: a print edition and a reading are made where the plan has them. And, in
        sentences, what it lacks."""
        header, plans = arrival.header, self.jobs.plans
        wanted = {Feature.PRINT: bool(header.printer), Feature.AUDIO: header.is_aloud}
        plan = await plans.of_team(transaction)
        lacks = await plans.lacking(transaction, plan, [feature for feature, is_wanted in wanted.items() if is_wanted])
        lacking = {lack.feature for lack in lacks}
        made = MakeBook(
            header.brief,
            printer="" if Feature.PRINT in lacking else header.printer,
            is_aloud=header.is_aloud and Feature.AUDIO not in lacking,
            imported=Imported(header.words_by, header.pictures_by),
        )
        return encode(made), tuple(lack.told for lack in lacks)
