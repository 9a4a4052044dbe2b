"""The darkest and the brightest of every small part of a picture, worked out with NumPy. ``calm`` loads this."""

from typing import Any

import numpy as np
from PIL import Image

from overprint.craft.typesetting.lying import Extremes

_LONG_SIDE_CELLS = 240
Cells = np.ndarray[Any, np.dtype[np.uint8]]


def bounds(detail: Image.Image) -> Extremes:
    """See ``calm.extremes``."""
    cell_px = max(1, max(detail.size) // _LONG_SIDE_CELLS)
    pixels = np.asarray(detail)
    return Extremes(_folded(pixels, cell_px, np.minimum), _folded(pixels, cell_px, np.maximum), detail.width / cell_px)


def _folded(pixels: Cells, cell_px: int, further: np.ufunc) -> Cells:
    """Cells from rows laid upon one another, and from what that gives upon itself, moved: whole rows at a time, since
    to fold pixel by pixel takes many times as long."""
    rows = pixels[::cell_px].copy()
    for first in range(1, cell_px):
        strand = pixels[first::cell_px]
        further(rows[: len(strand)], strand, out=rows[: len(strand)])
    cells = rows.copy()
    for step in range(1, min(cell_px, rows.shape[1])):
        further(cells[:, :-step], rows[:, step:], out=cells[:, :-step])
    return cells[:, ::cell_px].copy()
