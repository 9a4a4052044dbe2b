"""Use cases of books that travel. Coming in takes three calls, as an upload does: no transaction waits for storage."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from overprint.core.codec import encode
from overprint.core.principal import Principal
from overprint.core.problems import Conflict
from overprint.craft.portable import PortableStream
from overprint.db.database import Transaction
from overprint.features import audit
from overprint.features.billing import Feature
from overprint.features.books import store
from overprint.features.books.pipeline import MAKE
from overprint.features.books.portable.arriving import Arrival
from overprint.features.books.portable.sending import BookParcel, parcel_of
from overprint.features.books.service import Books
from overprint.features.books.steps import Imported, MakeBook
from overprint.features.books.store import Row
from overprint.features.jobs import is_going, send_parcel, store_arrived
from overprint.features.library import Transactions


@dataclass(frozen=True, slots=True)
class Portables:
    """Books that leave for another installation, or come from one."""

    books: Books

    async def pack(self, transaction: Transaction, book_id: UUID) -> BookParcel:
        """All of a book but the bytes of its files. Raises ``NotInPlan``, and ``Conflict`` while it is being made."""
        book, jobs = await self.books.get(transaction, book_id), self.books.jobs
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

    async def send(self, parcel: BookParcel) -> AsyncIterator[bytes]:
        """See ``send_parcel``; no transaction is open meanwhile."""
        return await send_parcel(self.books.library.storage, PortableStream(parcel.header), parcel)

    async def take_in(self, principal: Principal, arrival: Arrival, transaction: Transactions) -> Row:
        """Make a book of what arrived, and set it going; answers the job. No transaction is open while files are
        stored."""
        async with transaction() as before:
            await self.expect(before, principal, arrival)
        stored_at = await self.store_files(principal, arrival)
        async with transaction() as after:
            return await self.keep(after, principal, arrival, stored_at)

    async def expect(self, transaction: Transaction, principal: Principal, arrival: Arrival) -> None:
        """Whether there is room for it. Then ``store_files``, then ``keep``."""
        await self.books.library.expect_files(transaction, principal, arrival.size_bytes)

    async def store_files(self, principal: Principal, arrival: Arrival) -> datetime | None:
        """Store its files; answers when that was begun, by the database's clock: None of a book without any.

        Raises ``ProviderError``.
        """
        return await store_arrived(self.books.library, principal, arrival.stored, arrival.archive.file)

    async def keep(
        self, transaction: Transaction, principal: Principal, arrival: Arrival, stored_at: datetime | None
    ) -> Row:
        """Make a book of it and set it from what it brought; answers the job. A print edition and a reading are made
        where the plan has them."""
        header, book_id = arrival.header, arrival.book_id
        plan = await self.books.jobs.plans.of_team(transaction)
        printer = header.printer if Feature.PRINT in plan.features else ""
        is_aloud = header.is_aloud and Feature.AUDIO in plan.features
        imported = Imported(header.words_by, header.pictures_by)
        if stored_at is not None:
            await self.books.library.keep_files(transaction, principal, book_id, arrival.files, stored_at)
        book: Row = {
            "id": book_id,
            "team_id": principal.team_id,
            "title": header.title,
            "state": "making",
            "brief": encode(header.brief),
            "imported": encode(imported),
            "created_by": principal.person_id,
        }
        await store.insert_book(transaction, book)
        await self.books.jobs.bring_outputs(transaction, principal, book_id, arrival.edits)
        await audit.record(transaction, principal, "book.imported", "book", book_id, {"title": header.title})
        return await self.books.jobs.submit(
            transaction,
            principal,
            MAKE,
            encode(MakeBook(header.brief, printer=printer, is_aloud=is_aloud, imported=imported)),
            title=header.title,
            lineage=book_id,
            has_outputs=True,
        )
