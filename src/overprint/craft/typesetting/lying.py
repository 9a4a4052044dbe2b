"""A picture as words on it see it: how it lies on the page, how calm and how bright it is anywhere, where they fit."""

import math
from dataclasses import dataclass
from typing import Any

from overprint.core.scene import Area
from overprint.craft.typesetting.contrast import Colour
from overprint.craft.typesetting.geometry import Box


@dataclass(frozen=True, slots=True)
class CalmMap:
    """Running sums over a picture, so that any rectangle of it is judged by four look-ups: of the steps between
    neighbours, of light and of its square, one behind the other in an array of NumPy."""

    sums: Any

    @property
    def size_px(self) -> tuple[int, int]:
        return self.sums.shape[2] - 1, self.sums.shape[1] - 1


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
        # Row upon row first: NumPy takes many times as long over both at once.
        darkest = self.darkest[down, across].min(axis=0).min(axis=0)
        brightest = self.brightest[down, across].max(axis=0).max(axis=0)
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


@dataclass(frozen=True, slots=True)
class Wish:
    """Which place is wanted: of those that begin no lower than ``lowest_pt`` the one of the least cost, or, where
    ``unrest`` is told, the one that is the least afloat, with so much of its cost."""

    lowest_pt: float = math.inf
    unrest: float | None = None


def _touched(first: float, last: float, count: int) -> tuple[int, int]:
    """From the cell at ``first`` to the one at ``last``, at least one, none beyond the picture."""
    low = min(max(0, int(first)), count - 1)
    return low, max(low + 1, min(count, int(last) + 1))
