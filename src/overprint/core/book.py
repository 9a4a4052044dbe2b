"""A book as it will be set: every page with its words and its picture, decided, not yet typeset."""

from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.codec import bounds
from overprint.core.scene import Area
from overprint.core.story import Trim

MM_PER_INCH = 25.4
BLEED_MM = 3.175
FOLD_SHARE = 0.08  # of the width of a picture across two pages: so much in the middle goes into the binding

_TRIM_MM: dict[Trim, tuple[float, float]] = {
    Trim.SQUARE: (8.5 * MM_PER_INCH, 8.5 * MM_PER_INCH),
    Trim.PORTRAIT: (8 * MM_PER_INCH, 10 * MM_PER_INCH),
    Trim.NOVEL: (6 * MM_PER_INCH, 9 * MM_PER_INCH),
    Trim.A5: (148.0, 210.0),
    Trim.A4_LANDSCAPE: (297.0, 210.0),
    Trim.SQUARE_20: (200.0, 200.0),
    Trim.PORTRAIT_21: (210.0, 280.0),
}


def trim_size_mm(trim: Trim) -> tuple[float, float]:
    """Width and height of the finished page, in millimetres."""
    return _TRIM_MM[trim]


def picture_size_px(trim: Trim, dpi: int) -> tuple[int, int]:
    """Pixels of a full-bleed picture: the trimmed page and the bleed on all four sides."""
    width, height = (round((side + 2 * BLEED_MM) / MM_PER_INCH * dpi) for side in trim_size_mm(trim))
    return width, height


def spread_size_px(trim: Trim, dpi: int) -> tuple[int, int]:
    """The same of a picture that lies across two facing pages: bleed outside, none where the pages meet."""
    width_mm, _ = trim_size_mm(trim)
    return round(2 * (width_mm + BLEED_MM) / MM_PER_INCH * dpi), picture_size_px(trim, dpi)[1]


class PageKind(StrEnum):
    COVER = "cover"
    HALF_TITLE = "half_title"
    TITLE = "title"
    DEDICATION = "dedication"
    STORY = "story"
    COLOPHON = "colophon"
    BLANK = "blank"
    END_PAPER = "end_paper"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody or something stands in a picture, as fractions of its width and height from the top left.

    Words never stand on a face, and on whoever it belongs to only where there is no other place.
    """

    x: float
    y: float
    width: float
    height: float
    is_face: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture. ``content_hash`` is SHA-256 in hex; ``alt`` is its alternative text.

    ``quiet`` is the part that was asked to be calm; ``spots`` are empty where nobody knows what is seen where.
    ``vector_hash``: of the same picture as SVG, for PDF files, if there is one.
    ``is_spread``: it was drawn to lie across two facing pages.
    """

    content_hash: str
    media_type: str
    width_px: int
    height_px: int
    alt: str
    quiet: Area = Area.NONE
    spots: tuple[Spot, ...] = ()
    vector_hash: str = ""
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page. A story page may lack its picture, when that one could not be made."""

    kind: PageKind
    paragraphs: tuple[str, ...] = ()
    heading: str = ""
    picture: Picture | None = None
    chapter: int = field(default=0, metadata=bounds(about="1-based on story pages, 0 elsewhere"))


@dataclass(frozen=True, slots=True)
class BookDoc:
    """Everything typesetting needs but the pictures' bytes. ``identifier`` is stable across rebuilds."""

    identifier: str
    title: str
    author: str
    language: str
    trim: Trim
    description: str
    pages: tuple[Page, ...]
