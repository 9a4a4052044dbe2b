"""What was edited and is not made yet, and what making it would do and cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from overprint.core.codec import Json, digest
from overprint.core.words import clean_text
from overprint.db.database import Transaction
from overprint.features.books import store
from overprint.features.books.service.books import Books
from overprint.features.books.service.places import Place
from overprint.features.books.steps import COMPOSE, PRINT, PRINTED, Target
from overprint.features.books.store import Row
from overprint.features.jobs import is_going

TAG_CHARACTERS = 32


class What(StrEnum):
    """What an edit changed."""

    WORDS = "words"
    PICTURES = "pictures"
    LOOK = "look"
    KEPT = "kept"
    TITLE = "title"


# What is seen on the pages that it was changed on, and draws no picture anew.
_ON_THE_PAGE = (What.WORDS, What.TITLE, What.KEPT)


@dataclass(frozen=True, slots=True)
class Change:
    """One edit that no run has used. ``step`` names it; ``places`` are the pages that it was made on; ``who`` is the
    character whose look it is; ``tag`` names its state; ``before`` is what a title was."""

    step: str
    what: What
    places: tuple[Place, ...] = ()
    who: str = ""
    tag: str = ""
    before: str = ""


def edit_tag(output: Json) -> str:
    return digest(output)[:TAG_CHARACTERS]


def headings_of(composed: Json) -> dict[int, str]:
    """The titles of chapters, by their numbers, that pages were composed with."""
    pages = composed["doc"]["pages"]
    return {page["chapter"]: page["heading"] for page in pages if page["chapter"] and page["heading"]}


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a run would do now. ``pages`` are those that will look different; ``is_most``: some of them may not.

    ``steps`` are the keys of all that runs; ``credits`` the most that it costs.
    """

    changes: tuple[Change, ...]
    pages: tuple[Place, ...]
    is_most: bool
    steps: frozenset[str]
    credits: int

    @property
    def is_made(self) -> bool:
        return not self.steps

    def is_stale(self, slot: str) -> bool:
        """Whether a file of the book is not of what stands there now."""
        part, _, rest = slot.partition("/")
        return (part if part == PRINT and rest in PRINTED else slot) in self.steps


@dataclass(frozen=True, slots=True)
class Changes:
    books: Books

    async def list(self, transaction: Transaction, book_id: UUID) -> tuple[Change, ...]:
        """Raises nothing for a book without edits."""
        unmade = await self.books.jobs.list_unmade(transaction, book_id)
        found = [(_change(edit), edit_tag(edit["output"])) for edit in unmade]
        edits = tuple(replace(change, tag=tag) for change, tag in found if change is not None)
        return await self._titles(transaction, book_id) + edits

    async def _titles(self, transaction: Transaction, book_id: UUID) -> tuple[Change, ...]:
        """Titles of chapters that the pages were not composed with."""
        composed = await self.books.jobs.find_output(transaction, book_id, COMPOSE)
        set_as = headings_of(composed) if composed else {}
        titles = {row["number"]: clean_text(row["title"]) for row in await store.list_chapters(transaction, book_id)}
        return tuple(
            Change(place.title_step, What.TITLE, (place,), tag=edit_tag(titles[place.chapter]), before=before)
            for place, before in ((Place(chapter, 1), heading) for chapter, heading in sorted(set_as.items()))
            if titles.get(place.chapter, before) != before
        )

    async def ahead(self, transaction: Transaction, book: Row, places: Sequence[Place]) -> Ahead | None:
        """``places`` are all of the book. None while it is being made."""
        newest = await self.books.jobs.find_newest(transaction, book["id"])
        if is_going(newest):
            return None
        changes = await self.list(transaction, book["id"])
        # As far as a reading or a print edition is wanted, the target of everything has it.
        runs = (await self.books.forecast(transaction, book, newest, Target.BOOK)).runs
        quote = await self.books.quote(transaction, book, newest, Target.BOOK)
        sure = {place for step in runs if (place := Place.of_picture(step))}
        sure |= {place for change in changes if change.what in _ON_THE_PAGE for place in change.places}
        rechosen = {place for place in places if place.scenes_step in runs}
        affected = tuple(place for place in places if place in sure | rechosen)
        return Ahead(changes, affected, bool(rechosen - sure), frozenset(runs), quote.credits)


def _change(edit: Row) -> Change | None:
    """What an edit is for people; None of a step that they know nothing of."""
    step, output, made = edit["key"], edit["output"], edit["made"]
    kind, _, name = step.partition("/")
    if kind == "text" and name.isdigit():
        return Change(step, What.WORDS, _differing(int(name), output["pages"], made["pages"] if made else []))
    if kind == "scenes" and name.isdigit():
        return Change(step, What.PICTURES, _differing(int(name), _seen(output), _seen(made)))
    if kind == "scene":
        return Change(step, What.PICTURES, (Place(0, 1),))
    if kind == "cast":
        return Change(step, What.LOOK, who=name)
    place = Place.of_picture(step)
    return Change(step, What.KEPT, (place,)) if place else None


def _seen(made: Mapping[str, Json] | None) -> Sequence[Json]:
    """What each picture of a chapter shows, and how."""
    if not made:
        return []
    touches = made.get("touches") or {}
    return [[scene, touches.get(str(page))] for page, scene in enumerate(made["scenes"], 1)]


def _differing(chapter: int, now: Sequence[Json], before: Sequence[Json]) -> tuple[Place, ...]:
    pairs = enumerate(now, 1)
    return tuple(Place(chapter, page) for page, one in pairs if page > len(before) or before[page - 1] != one)
