"""Light shed on a frame that is laid: each light brightens what it falls on towards its own colour.

A light is a small picture of how much it covers, without colours, and is read between four of its pixels wherever the
frame is. It touches nothing but the box that it is seen in, so what is dark costs nothing. Compiled as ``laying`` is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overprint.craft.drawing.vector import Matrix, inverse
from overprint.craft.motion.compiled import compiled
from overprint.craft.motion.forms import Bytes, Numbers, Places

# What a row of ``Places`` says: the six numbers that lead from places in the frame to pixels of the light; how much of
# it is seen, 0 to 1; its luma, blueness and redness; and the left, right, top and lower side of the box it is seen in.
STRENGTH, COLOUR, BOX = 6, 7, 10
_FINE, _COARSE = 16, 8
_ONE, _HALF = 1 << _FINE, 1 << (_FINE - 1)


@dataclass(frozen=True, slots=True)
class Covers:
    """Lights, one after another in ``data``; of each where it begins, its width and its height, with an edge of 0."""

    data: Bytes
    tables: Sequence[tuple[int, int, int]]


def covers_of(lights: Sequence[Bytes]) -> Covers:
    """Each light as rows of how much it covers, 0 to 255."""
    padded = [np.pad(light, 1) for light in lights]
    tables, at = [], 0
    for light in padded:
        tables.append((at, light.shape[1], light.shape[0]))
        at += light.size
    return Covers(np.concatenate([np.zeros(0, np.uint8), *(light.ravel() for light in padded)]), tables)


def row_of(
    table: tuple[int, int, int], matrix: Matrix, strength: float, colour: Sequence[float], frame: tuple[int, int]
) -> tuple[float, ...]:
    """Of ``Places``; ``table`` is the light's, ``matrix`` leads from its pixels to those of the frame."""
    a, b, c, d, e, f = matrix
    wide, tall = table[1] - 2, table[2] - 2
    left, right = _within(e + min(0.0, a * wide) + min(0.0, c * tall), abs(a * wide) + abs(c * tall), frame[0])
    top, below = _within(f + min(0.0, b * wide) + min(0.0, d * tall), abs(b * wide) + abs(d * tall), frame[1])
    a, b, c, d, e, f = inverse(matrix)
    # The light has an empty pixel around it, and its pixels are where their middles are.
    return (a, c, e + 0.5, b, d, f + 0.5, strength, *colour, left, right, top, below)


def _within(first: float, length: float, side: int) -> tuple[int, int]:
    """As whole pairs of pixels, as far as there are any."""
    begin, end = math.floor(first / 2) * 2, math.ceil((first + length) / 2) * 2
    return min(side, max(0, begin)), min(side, max(0, end))


@compiled
def _cover(data: Bytes, at: int, width: int, height: int, x: int, y: int) -> int:
    """0 to 255 × 256, at a place in 65536ths of a pixel. Whole numbers throughout: every processor answers the same."""
    column, row = x >> _FINE, y >> _FINE
    if x < 0 or y < 0 or column >= width - 1 or row >= height - 1:
        return 0
    right, down, here = (x >> _COARSE) & 255, (y >> _COARSE) & 255, at + row * width + column
    upper = data[here] * (256 - right) + data[here + 1] * right
    lower = data[here + width] * (256 - right) + data[here + width + 1] * right
    return int((upper * (256 - down) + lower * down) >> _COARSE)


@compiled
def _towards(value: int, colour: int, share: int) -> np.uint8:
    """``share`` 65536ths of the way."""
    return np.uint8(value + (((colour - value) * share + _HALF) >> _FINE))


@compiled
def shed(frame: Bytes, size: tuple[int, int], data: Bytes, tables: Numbers, lights: Places) -> None:
    """Sheds ``lights`` on a frame as ``lay_frame`` fills it; ``tables`` has a row for each, as ``Covers`` says."""
    width, whole = size[0], size[0] * size[1]
    for number in range(lights.shape[0]):
        at, wide, tall = tables[number, 0], tables[number, 1], tables[number, 2]
        a, b, e = lights[number, 0], lights[number, 1], lights[number, 2]
        c, d, f = lights[number, 3], lights[number, 4], lights[number, 5]
        strength = int(lights[number, STRENGTH] * 257)
        luma, blueness, redness = (
            int(lights[number, COLOUR]),
            int(lights[number, COLOUR + 1]),
            int(lights[number, COLOUR + 2]),
        )
        left, right = int(lights[number, BOX]), int(lights[number, BOX + 1])
        top, below = int(lights[number, BOX + 2]), int(lights[number, BOX + 3])
        across, down = int(2 * a * _ONE), int(2 * c * _ONE)
        for y in range(top, below, 2):
            # One answer for four pixels of luma, in their midst: light is soft, and chroma is no finer.
            u = int((a * (left + 0.5) + b * (y + 0.5) + e) * _ONE)
            v = int((c * (left + 0.5) + d * (y + 0.5) + f) * _ONE)
            here, small = y * width + left, whole + (y // 2) * (width // 2) + left // 2
            for _ in range(left, right, 2):
                share = (_cover(data, at, wide, tall, u, v) * strength) >> 8
                if share > 0:
                    frame[here] = _towards(frame[here], luma, share)
                    frame[here + 1] = _towards(frame[here + 1], luma, share)
                    frame[here + width] = _towards(frame[here + width], luma, share)
                    frame[here + width + 1] = _towards(frame[here + width + 1], luma, share)
                    frame[small] = _towards(frame[small], blueness, share)
                    frame[small + whole // 4] = _towards(frame[small + whole // 4], redness, share)
                u, v, here, small = u + across, v + down, here + 2, small + 1
