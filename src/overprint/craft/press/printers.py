"""Printers' terms: trim and bleed, ink, pages, spine. The terms themselves are data (``data/printers.toml``)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from overprint.core.book import MM_PER_INCH, trim_size_mm
from overprint.core.problems import Invalid
from overprint.core.story import Trim

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Spine:
    """Either so much a page and something for the cover, or a step for each range of pages."""

    inches_per_page: float = 0.0
    add_inches: float = 0.0
    steps: tuple[tuple[int, int, float], ...] = ()

    def width_mm(self, pages: int) -> float:
        """Raises ``Invalid`` for a number of pages that has no step."""
        if not self.steps:
            return (pages * self.inches_per_page + self.add_inches) * MM_PER_INCH
        for first, last, inches in self.steps:
            if first <= pages <= last:
                return inches * MM_PER_INCH
        raise Invalid(f"A book of {pages} pages cannot be bound this way.", "Choose another binding.", field="printer")


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """``outside_mm`` is what lies beyond the trimmed cover on every side. ``larger_mm``: by how much its back and front
    are wider and taller than a page, as boards are, with the joint at the spine."""

    outside_mm: float
    safety_mm: float
    spine_text_from_page: int
    barcode_mm: tuple[float, float]
    larger_mm: tuple[float, float] = (0.0, 0.0)

    def side_mm(self, trim: Trim) -> tuple[float, float]:
        """Width and height of the back, and of the front."""
        width_mm, height_mm = trim_size_mm(trim)
        return width_mm + self.larger_mm[0], height_mm + self.larger_mm[1]


@dataclass(frozen=True, slots=True)
class Printer:
    """One product of one printer. ``ink_limit_percent`` is the most of all four inks together at any place.

    ``trims`` are those that it comes in; none where that does not matter. ``one_file``: it takes cover and inside as
    one PDF.
    """

    key: str
    name: str
    source: str
    pages_least: int
    pages_most: int
    pages_multiple: int
    bleed_mm: float
    safety_mm: float
    gutters: tuple[tuple[int, float], ...]
    picture_least_ppi: int
    picture_most_ppi: int
    ink_limit_percent: int
    condition: str
    spine: Spine
    cover: CoverTerms
    trims: tuple[Trim, ...] = ()
    one_file: bool = False

    def takes(self, trim: Trim) -> bool:
        return not self.trims or trim in self.trims

    def gutter_mm(self, pages: int) -> float:
        """How much from the binding must stay free of words."""
        inches = next((inches for last, inches in self.gutters if pages <= last), self.gutters[-1][1])
        return inches * MM_PER_INCH


def printers() -> dict[str, Printer]:
    """All printers by key, in the order of the file."""
    return dict(_printers())


def get_printer(key: str) -> Printer:
    """Raises ``Invalid`` when there is none of this key."""
    known = _printers()
    if key not in known:
        raise Invalid(
            f"There is no printer called {key[:40]!r}.", f"Choose one of {', '.join(known)}.", field="printer"
        )
    return known[key]


@cache
def _printers() -> dict[str, Printer]:
    read = tomllib.loads((DATA / "printers.toml").read_text(encoding="utf-8"))
    return {key: _printer(key, table) for key, table in read.items()}


def _printer(key: str, table: dict[str, Any]) -> Printer:
    pages, cover, spine = table["pages"], table["cover"], table["spine"]
    wide, tall = cover["barcode_inches"]
    return Printer(
        key=key,
        name=table["name"],
        source=table["source"],
        pages_least=pages["least"],
        pages_most=pages["most"],
        pages_multiple=pages["multiple"],
        bleed_mm=table["bleed"],
        safety_mm=table["safety"],
        gutters=tuple((last, inches) for last, inches in table["gutters"]),
        picture_least_ppi=table["picture_ppi"]["least"],
        picture_most_ppi=table["picture_ppi"]["most"],
        ink_limit_percent=table["ink_limit_percent"],
        condition=table["condition"],
        spine=Spine(
            spine.get("inches_per_page", 0.0),
            spine.get("add_inches", 0.0),
            (
                *((first, last, inches) for first, last, inches in spine.get("steps", ())),
                *((first, last, mm / MM_PER_INCH) for first, last, mm in spine.get("steps_mm", ())),
            ),
        ),
        cover=CoverTerms(
            cover["outside"],
            cover["safety"],
            cover["spine_text_from_page"],
            (wide * MM_PER_INCH, tall * MM_PER_INCH),
            (cover.get("wider", 0.0), cover.get("taller", 0.0)),
        ),
        trims=tuple(map(Trim, table.get("trims", ()))),
        one_file=table.get("one_file", False),
    )
