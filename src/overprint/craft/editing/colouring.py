"""A look from a ``.cube`` file laid over frames of YUV 4:2:0, BT.709, limited range.

The file speaks of red, green and blue. What it does is worked out once for a lattice over YUV, through which every
pixel then goes, so a frame is never turned into RGB.
"""

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from overprint.core.cube import Cube
from overprint.core.oklab import LUMINANCE
from overprint.craft.editing.overlay import Plane

_SIDE = 33
_RED, _GREEN, _BLUE = LUMINANCE
Values = npt.NDArray[np.float32]


class Colouring:
    """``apply`` changes a frame in place: luma rows, then half as many of blueness and redness."""

    def __init__(self, cube: Cube, height_px: int) -> None:
        self._height_px = height_px
        self._lattice = ImageFilter.Color3DLUT(_SIDE, _lattice(cube).ravel(), 3)

    def apply(self, planes: Plane) -> None:
        height, width = self._height_px, planes.shape[1]
        chroma = planes[height:].reshape(2, height // 2, width // 2)
        full = [cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR) for half in chroma]
        # Pillow takes any three channels for red, green and blue.
        packed = Image.fromarray(np.dstack([planes[:height], *full]), "RGB")
        luma, blueness, redness = cv2.split(np.asarray(packed.filter(self._lattice)))
        planes[:height] = luma
        for plane, found in zip(chroma, (blueness, redness), strict=True):
            plane[:] = cv2.resize(found, (width // 2, height // 2), interpolation=cv2.INTER_AREA)


def _lattice(cube: Cube) -> Values:
    """Luma changes fastest, redness slowest; 0 to 1 is a byte."""
    steps = np.linspace(0, 255, _SIDE, dtype=np.float32)
    red_part, blue_part, luma = np.meshgrid((steps - 128) / 224, (steps - 128) / 224, (steps - 16) / 219, indexing="ij")
    red, blue = luma + 2 * (1 - _RED) * red_part, luma + 2 * (1 - _BLUE) * blue_part
    green = (luma - _RED * red - _BLUE * blue) / _GREEN
    made = looked(cube, np.clip(np.stack([red, green, blue], axis=-1), 0, 1).astype(np.float32))
    grey = made @ np.array(LUMINANCE, np.float32)
    blueness, redness = (made[..., 2] - grey) / (2 * (1 - _BLUE)), (made[..., 0] - grey) / (2 * (1 - _RED))
    told = np.stack([16 + 219 * grey, 128 + 224 * blueness, 128 + 224 * redness], axis=-1)
    return np.asarray(np.clip(told, 16, 240) / 255, np.float32)


def looked(cube: Cube, rgb: Values) -> Values:
    """What becomes of colours (the last axis: red, green, blue, 0 to 1), 0 to 1."""
    low, high = np.array(cube.low, np.float32), np.array(cube.high, np.float32)
    table = np.array(cube.rows, np.float32)
    place = np.clip((rgb - low) / (high - low), 0, 1) * (cube.side - 1)
    if cube.is_curves:
        steps = np.arange(cube.side)
        found = np.stack([np.interp(place[..., n], steps, table[:, n]) for n in range(3)], axis=-1)
    else:
        # In the file red changes fastest.
        found = _mixed(table.reshape(cube.side, cube.side, cube.side, 3).transpose(2, 1, 0, 3), place)
    return np.asarray(np.clip(found, 0, 1), np.float32)


def _mixed(table: Values, place: Values) -> Values:
    """Between the eight corners around it."""
    first = np.minimum(place.astype(np.int64), table.shape[0] - 2)
    share = place - first
    found = np.zeros(place.shape, np.float32)
    for corner in range(8):
        step = np.array([corner & 1, corner >> 1 & 1, corner >> 2])
        weight = np.where(step, share, 1 - share).prod(axis=-1, keepdims=True)
        red, green, blue = np.moveaxis(first + step, -1, 0)
        found += (weight * table[red, green, blue]).astype(np.float32)
    return found
