"""The darkest and the brightest of every small part of a picture, worked out with NumPy.

A copy that is made smaller shows the mean of what it leaves out: a star, a hatching or the outline of a cloud fades
in it. Words that stand on one do not see the mean. ``pictures`` loads this for books that have pictures.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from overprint.craft.typesetting.contrast import Colour

_LONG_SIDE_CELLS = 240
Cells = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class Extremes:
    """Bounds of every channel in cells of equal size; the last of a row or column may be smaller."""

    darkest: Cells
    brightest: Cells
    cell_px: int
    width_px: int

    def within(self, left: float, top: float, right: float, bottom: float) -> tuple[Colour, Colour]:
        """Of all cells that a part touches. Its sides are measured in widths of the picture."""
        scale = self.width_px / self.cell_px
        rows, columns = self.darkest.shape[:2]
        across = slice(*_touched(left * scale, right * scale, columns))
        down = slice(*_touched(top * scale, bottom * scale, rows))
        return (
            _colour(self.darkest[down, across].min(axis=(0, 1))),
            _colour(self.brightest[down, across].max(axis=(0, 1))),
        )


def extremes(detail: Image.Image) -> Extremes:
    """Of an RGB picture."""
    cell_px = max(1, max(detail.size) // _LONG_SIDE_CELLS)
    pixels = np.asarray(detail)
    return Extremes(_folded(pixels, cell_px, np.minimum), _folded(pixels, cell_px, np.maximum), cell_px, detail.width)


def _folded(pixels: Cells, cell_px: int, further: "np.ufunc") -> Cells:
    """Rows and then columns, one of each cell after another: many times as fast as NumPy folds them itself."""
    for axis in (0, 1):
        size = pixels.shape[axis]
        pixels = np.pad(pixels, [(0, -size % cell_px if n == axis else 0) for n in range(3)], mode="edge")
        strands = [pixels[(slice(None),) * axis + (slice(first, None, cell_px),)] for first in range(cell_px)]
        folded = strands[0].copy()
        for strand in strands[1:]:
            further(folded, strand, out=folded)
        pixels = folded
    return pixels


def _touched(first: float, last: float, count: int) -> tuple[int, int]:
    """From the cell at ``first`` to the one at ``last``, at least one, none beyond the picture."""
    low = min(max(0, int(first)), count - 1)
    return low, max(low + 1, min(count, int(last) + 1))


def _colour(channels: Cells) -> Colour:
    red, green, blue = (int(channel) for channel in channels)
    return red, green, blue
