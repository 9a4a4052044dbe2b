"""Leaves as they lie open: which stand side by side, which pages of the story are on them, and where a page is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.features.books.service import COVER_PAGE, PageNow, Place, Story

Leaf = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Half:
    """One leaf in an open book; ``number`` counts from 1. ``place`` is the page of the story that it belongs to."""

    number: int
    leaf: Leaf
    place: Place | None


@dataclass(frozen=True, slots=True)
class Spread:
    """What lies open at once: two leaves, or the first or last alone. ``places`` in reading order, each once."""

    number: int
    left: Half | None
    right: Half | None
    places: tuple[Place, ...]

    @property
    def leaves(self) -> tuple[Half, ...]:
        return tuple(half for half in (self.left, self.right) if half)

    @property
    def picture(self) -> str:
        """Content hash of the first picture that is seen, for a small view of it."""
        return next((half.leaf["picture"] for half in self.leaves if half.leaf["picture"]), "")


def spreads_of(proof: Mapping[str, Any] | None, places: Sequence[Place], story: Story) -> list[Spread]:
    """``places`` are those of the proof's story pages, in order. Without a proof each page lies alone."""
    if proof is None:
        return [Spread(n, None, None, (place,)) for n, place in enumerate(story.places(), 1)]
    halves = [Half(n, leaf, _place(leaf, places)) for n, leaf in enumerate(proof["leaves"], 1)]
    pairs: list[tuple[Half | None, Half | None]] = [(None, halves[0])]
    pairs += zip(halves[1::2], halves[2::2], strict=False)
    if len(halves) % 2 == 0:
        pairs.append((halves[-1], None))
    found = []
    for number, (first, second) in enumerate(pairs, 1):
        seen = tuple(dict.fromkeys(half.place for half in (first, second) if half and half.place))
        left, right = (second, first) if proof["is_from_right"] else (first, second)
        found.append(Spread(number, left, right, seen))
    return found


def _place(leaf: Leaf, places: Sequence[Place]) -> Place | None:
    if leaf["leaf"]["template"] == "cover":
        return COVER_PAGE
    number = leaf["page"]
    return places[number - 1] if 0 < number <= len(places) else None


def open_at(spreads: Sequence[Spread], place: Place | None, number: int) -> Spread:
    """The spread that ``place`` is on; else the one of that number, or the nearest."""
    if place is not None:
        for spread in spreads:
            if place in spread.places:
                return spread
    return spreads[max(1, min(number, len(spreads))) - 1]


def words_of(page: PageNow) -> str:
    """A page's paragraphs as one text, with an empty line between them."""
    return "\n\n".join(page.paragraphs)


def paragraphs_of(text: str) -> list[str]:
    """What stands between empty lines."""
    return [part for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n") if part.strip()]
