"""Where in a picture words can stand: places that are calm, wide enough, and taken by nobody.

Restlessness is the mean step between neighbours, 0 to 255, at about one sample in four points of the page, where the
grain of paper and the dots of a print have gone and edges remain: a sky has 2, a sky with clouds 5, a bookshelf 20.
What letters must stand out from is looked at in full: in a smaller copy a star or the outline of a cloud fades.
NumPy works it out, and is loaded when a picture is looked at: a novel needs none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from overprint.core.scene import Area
from overprint.craft.typesetting.contrast import Colour
from overprint.craft.typesetting.geometry import Box


@dataclass(frozen=True, slots=True)
class CalmMap:
    """Running sums over a picture, so that any rectangle of it is judged by four look-ups. Arrays of NumPy."""

    steps: Any
    light: Any
    light_squared: Any

    @property
    def size_px(self) -> tuple[int, int]:
        return self.steps.shape[1] - 1, self.steps.shape[0] - 1


@dataclass(frozen=True, slots=True)
class Extremes:
    """Bounds of every channel in square cells, ``cells_wide`` of them side by side, the last of which may be a part.
    Arrays of NumPy."""

    darkest: Any
    brightest: Any
    cells_wide: float

    def within(self, left: float, top: float, right: float, bottom: float) -> tuple[Colour, Colour]:
        """The darkest and the brightest of all cells that a part touches. Its sides are measured in widths of the
        picture."""
        rows, columns = self.darkest.shape[:2]
        across = slice(*_touched(left * self.cells_wide, right * self.cells_wide, columns))
        down = slice(*_touched(top * self.cells_wide, bottom * self.cells_wide, rows))
        darkest, brightest = self.darkest[down, across].min(axis=(0, 1)), self.brightest[down, across].max(axis=(0, 1))
        return tuple(darkest.tolist()), tuple(brightest.tolist())


@dataclass(frozen=True, slots=True)
class Lying:
    """A picture as it lies on the page, with what must not be covered: faces never, figures hardly."""

    calm: CalmMap
    placed: Box
    faces: tuple[Box, ...]
    figures: tuple[Box, ...]
    quiet: Area


@dataclass(frozen=True, slots=True)
class Place:
    """``cost`` is restlessness and a little for odd positions: lower is better. ``afloat`` is 0 for a place at the top
    or the foot of the page, 1 for one half way between."""

    box: Box
    cost: float
    afloat: float


def calm_map(sample: Image.Image) -> CalmMap:
    from overprint.craft.typesetting.calm_places import summed  # noqa: PLC0415 - loads NumPy

    return summed(sample)


def extremes(detail: Image.Image) -> Extremes:
    """Of an RGB picture, as large as can be."""
    from overprint.craft.typesetting.extremes import bounds  # noqa: PLC0415 - loads NumPy

    return bounds(detail)


def places(lying: Lying, page: Box, width_pt: float, height_pt: float, edge_pt: float) -> Iterator[Place]:
    """Where a box of this size can stand on the page without covering anybody, the calmest first.

    ``edge_pt`` is the least distance from the edge of the page. A picture of which nobody knows who stands where
    offers only the part that was asked to be quiet.
    """
    from overprint.craft.typesetting.calm_places import found  # noqa: PLC0415 - as above

    return found(lying, page, width_pt, height_pt, edge_pt)


def _touched(first: float, last: float, count: int) -> tuple[int, int]:
    """From the cell at ``first`` to the one at ``last``, at least one, none beyond the picture."""
    low = min(max(0, int(first)), count - 1)
    return low, max(low + 1, min(count, int(last) + 1))
