"""A book as leaves to turn on a screen. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.core.problems import Invalid

MARKS_MAX = 200
COVER, TITLE, END = "cover", "title", "end"
_KEY = re.compile(rf"{COVER}|{TITLE}|{END}|[0-9]{{1,3}}/[0-9]{{1,3}}")
_FROM_RIGHT = frozenset({"ar", "fa", "he", "ur", "yi"})

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is seen at once. ``key`` stays when words change, so that marks do: ``cover``, ``title``, ``end`` or
    ``<chapter>/<page>``. ``heading`` is the chapter's title where one begins."""

    key: str
    picture: Row | None = None
    heading: str = ""
    paragraphs: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.key if self.key in (COVER, TITLE, END) else "page"

    @property
    def anchor(self) -> str:
        """What stands behind the ``#`` of its address."""
        return f"leaf-{self.key.replace('/', '-')}"


def leaves_of(chapters: Sequence[Row], files: Iterable[Row]) -> list[Leaf]:
    """Cover, title, every written page with its picture if it has one, and the end. A page has at most one picture."""
    pictures = {file["slot"].removeprefix("picture/"): file for file in files if file["slot"].startswith("picture/")}
    found = [Leaf(COVER, pictures.get(COVER)), Leaf(TITLE)]
    for chapter in chapters:
        for number, page in enumerate(chapter["pages"] or (), 1):
            key = f"{chapter['number']}/{number}"
            heading = chapter["title"] if number == 1 else ""
            found.append(Leaf(key, pictures.get(key), heading, tuple(page["paragraphs"])))
    return [*found, Leaf(END)]


def checked_key(key: str) -> str:
    """Raises ``Invalid`` for what can be the key of no leaf."""
    if not _KEY.fullmatch(key):
        raise Invalid("A place is cover, title, end, or a chapter and a page such as 2/3.", field="place")
    return key


def checked_marks(marks: Iterable[str]) -> list[str]:
    """Each once, in the order of the book. Raises ``Invalid`` for too many, and for what is no place."""
    found = sorted({checked_key(mark) for mark in marks}, key=_order)
    if len(found) > MARKS_MAX:
        raise Invalid(f"At most {MARKS_MAX} pages of a book can be marked.", field="marks")
    return found


def is_from_right(language: str) -> bool:
    """Whether leaves of that language are turned from the left to the right."""
    return language.partition("-")[0] in _FROM_RIGHT


def _order(key: str) -> tuple[int, list[int]]:
    fixed = {COVER: 0, TITLE: 1, END: 3}
    return fixed.get(key, 2), [int(part) for part in key.split("/") if part.isdigit()]
