"""Sizes and places on the page, in points from the top left corner of the trimmed page."""

from dataclasses import dataclass

from overprint.core.book import BLEED_MM, trim_size_mm
from overprint.core.scene import Area
from overprint.core.story import Trim

POINTS_PER_MM = 72 / 25.4
BLEED_PT = BLEED_MM * POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Box:
    left_pt: float
    top_pt: float
    width_pt: float
    height_pt: float

    @property
    def bottom_pt(self) -> float:
        return self.top_pt + self.height_pt

    @property
    def right_pt(self) -> float:
        return self.left_pt + self.width_pt

    @property
    def middle_pt(self) -> tuple[float, float]:
        return self.left_pt + self.width_pt / 2, self.top_pt + self.height_pt / 2

    def grown(self, by_x_pt: float, by_y_pt: float | None = None) -> "Box":
        """Larger on all sides; by as much up and down as to the sides, if nothing else is said."""
        up_pt = by_x_pt if by_y_pt is None else by_y_pt
        return Box(self.left_pt - by_x_pt, self.top_pt - up_pt, self.width_pt + 2 * by_x_pt, self.height_pt + 2 * up_pt)

    def shared_pt2(self, other: "Box") -> float:
        """The area, in square points, that lies in both."""
        wide = min(self.right_pt, other.right_pt) - max(self.left_pt, other.left_pt)
        tall = min(self.bottom_pt, other.bottom_pt) - max(self.top_pt, other.top_pt)
        return max(0.0, wide) * max(0.0, tall)

    def holds(self, other: "Box") -> bool:
        return (
            self.left_pt <= other.left_pt
            and self.top_pt <= other.top_pt
            and other.right_pt <= self.right_pt
            and other.bottom_pt <= self.bottom_pt
        )

    def part(self, x: float, y: float, width: float, height: float) -> "Box":
        """A part of it, given as fractions of its sides."""
        return Box(
            self.left_pt + x * self.width_pt,
            self.top_pt + y * self.height_pt,
            width * self.width_pt,
            height * self.height_pt,
        )


@dataclass(frozen=True, slots=True)
class Format:
    """How one trim size is set.

    ``sizes_pt`` are the type sizes a picture book may have, best first; ``reading_pt`` is the size for long text.
    A book keeps one size from its first page to its last.
    """

    width_pt: float
    height_pt: float
    margin_pt: float
    sizes_pt: tuple[float, ...]
    reading_pt: float
    bleed_pt: float = BLEED_PT

    @property
    def landscape(self) -> bool:
        return self.width_pt > 1.2 * self.height_pt

    @property
    def short_side_pt(self) -> float:
        return min(self.width_pt, self.height_pt)

    @property
    def page(self) -> Box:
        return Box(0, 0, self.width_pt, self.height_pt)

    @property
    def bled(self) -> Box:
        """The page with its bleed: what a full-bleed picture covers."""
        edge = self.bleed_pt
        return Box(-edge, -edge, self.width_pt + 2 * edge, self.height_pt + 2 * edge)

    def centred(self, top_pt: float, width_pt: float, height_pt: float) -> Box:
        """A box in the middle of the page's width."""
        return Box((self.width_pt - width_pt) / 2, top_pt, width_pt, height_pt)

    def measure_pt(self, size_pt: float, room_pt: float) -> float:
        """Length of a line: the room there is, but no more than some 65 characters (27 em)."""
        return min(room_pt, 27 * size_pt)


_TYPE: dict[Trim, tuple[float, tuple[float, ...], float]] = {
    Trim.SQUARE: (60, (24, 22, 20, 18, 17, 16, 15), 15),
    Trim.PORTRAIT: (60, (24, 22, 20, 18, 17, 16, 15, 14), 14),
    Trim.NOVEL: (54, (18, 17, 16, 15, 14, 13.5, 13, 12.5, 12), 11.5),
    Trim.A5: (50, (18, 17, 16, 15, 14, 13.5, 13, 12.5, 12), 11.5),
    Trim.A4_LANDSCAPE: (60, (24, 22, 20, 18, 17, 16, 15, 14), 14),
    Trim.SQUARE_20: (56, (22, 20, 18, 17, 16, 15, 14), 14),
    Trim.PORTRAIT_21: (62, (24, 22, 20, 18, 17, 16, 15, 14), 14),
}


def format_of(trim: Trim, bleed_pt: float = BLEED_PT) -> Format:
    width_mm, height_mm = trim_size_mm(trim)
    margin_pt, sizes_pt, reading_pt = _TYPE[trim]
    return Format(width_mm * POINTS_PER_MM, height_mm * POINTS_PER_MM, margin_pt, sizes_pt, reading_pt, bleed_pt)


def cover(width_px: int, height_px: int, box: Box, quiet: Area = Area.NONE) -> Box:
    """Where a picture lies when it fills ``box``. What must be cut is cut from its quiet part first."""
    scale = max(box.width_pt / width_px, box.height_pt / height_px)
    width, height = width_px * scale, height_px * scale
    share = {Area.TOP: 1.0, Area.BOTTOM: 0.0}.get(quiet, 0.5)
    top = box.top_pt - (height - box.height_pt) * share
    return Box(box.left_pt - (width - box.width_pt) / 2, top, width, height)


def cropped(width_px: int, height_px: int, box: Box, focus: Box, zoom: float = 1.0) -> Box:
    """Where a picture lies when it fills ``box`` and ``focus``, a part of the picture in fractions, is in the middle
    as far as the picture's edges allow. ``zoom`` enlarges it beyond what filling needs."""
    scale = max(box.width_pt / width_px, box.height_pt / height_px) * zoom
    width, height = width_px * scale, height_px * scale
    x, y = focus.middle_pt
    left = min(box.left_pt, max(box.right_pt - width, box.middle_pt[0] - x * width))
    top = min(box.top_pt, max(box.bottom_pt - height, box.middle_pt[1] - y * height))
    return Box(left, top, width, height)


def contain(width_px: int, height_px: int, box: Box) -> Box:
    """Where a picture lies when all of it is seen, centred in ``box``."""
    scale = min(box.width_pt / width_px, box.height_pt / height_px)
    width, height = width_px * scale, height_px * scale
    return Box(box.left_pt + (box.width_pt - width) / 2, box.top_pt + (box.height_pt - height) / 2, width, height)


def hidden_share(width_px: int, height_px: int, box: Box) -> float:
    """How much of a picture is cut away when it fills ``box``: 0 nothing, 1 all."""
    placed = cover(width_px, height_px, box)
    return 1 - (box.width_pt * box.height_pt) / (placed.width_pt * placed.height_pt)


def joined(one: Box, other: Box) -> Box:
    """The smallest box round both."""
    left, top = min(one.left_pt, other.left_pt), min(one.top_pt, other.top_pt)
    right, bottom = max(one.right_pt, other.right_pt), max(one.bottom_pt, other.bottom_pt)
    return Box(left, top, right - left, bottom - top)
