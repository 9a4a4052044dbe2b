"""Opens books to be read, and keeps where each person is in them. What a person reads is nobody else's business."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from overprint.core.language import language_of
from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.features.books import Books
from overprint.features.reading import rules, store
from overprint.features.reading.rules import Leaf
from overprint.features.teams import Action, permit

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A book, its leaves, and how far this person is: the key of a leaf that there is, and those that are marked."""

    book: Row
    leaves: list[Leaf]
    place: str
    marks: list[str]
    language: str
    is_from_right: bool
    files: dict[str, Row]


class Reading:
    """What can be done with a book that is there."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def open(self, transaction: Transaction, principal: Principal, book_id: UUID) -> Opened:
        """As this person left it."""
        permit(principal, Action.SEE_WORK)
        opened = await self.show(transaction, book_id)
        kept = await self.place(transaction, principal, book_id)
        there = {leaf.key for leaf in opened.leaves}
        place = kept["place"] if kept["place"] in there else rules.COVER
        return replace(opened, place=place, marks=[mark for mark in kept["marks"] if mark in there])

    async def show(self, transaction: Transaction, book_id: UUID) -> Opened:
        """The book closed, whoever asks: they may look if they may use this transaction."""
        book = await self._books.get(transaction, book_id)
        parts = await self._books.get_parts(transaction, book_id)
        leaves = rules.leaves_of(parts["chapters"], parts["files"])
        language = language_of(" ".join([book["title"], *(words for leaf in leaves for words in leaf.paragraphs)]))
        return Opened(
            book,
            leaves,
            rules.COVER,
            [],
            language,
            rules.is_from_right(language),
            {file["slot"]: file for file in parts["files"]},
        )

    async def place(self, transaction: Transaction, principal: Principal, book_id: UUID) -> Row:
        """Where this person is in the book: at its cover as long as they were nowhere else."""
        permit(principal, Action.SEE_WORK)
        await self._books.get(transaction, book_id)
        found = await store.find_place(transaction, book_id, principal.person_id)
        return found or {"place": rules.COVER, "marks": []}

    async def keep_place(
        self,
        transaction: Transaction,
        principal: Principal,
        book_id: UUID,
        *,
        place: str | None = None,
        marks: Sequence[str] | None = None,
    ) -> Row:
        """Keep where the person is, or which leaves are marked; None leaves it as it was. The last one to say wins."""
        before = await self.place(transaction, principal, book_id)
        wanted = {
            "place": before["place"] if place is None else rules.checked_key(place),
            "marks": before["marks"] if marks is None else rules.checked_marks(marks),
        }
        changes = [name for name, given in (("place", place), ("marks", marks)) if given is not None]
        row = {"book_id": book_id, "person_id": principal.person_id, "team_id": principal.team_id, **wanted}
        return await store.keep_place(transaction, row, changes)

    async def mark(self, transaction: Transaction, principal: Principal, book_id: UUID, key: str) -> Row:
        """Mark a leaf, or take its mark away."""
        marks = set((await self.place(transaction, principal, book_id))["marks"]) ^ {rules.checked_key(key)}
        return await self.keep_place(transaction, principal, book_id, marks=sorted(marks))
