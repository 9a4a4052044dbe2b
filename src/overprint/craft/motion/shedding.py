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
from overprint.craft.motion.forms import Bytes, Canvas, Numbers, Places, Wides
from overprint.craft.motion.memory import Memory, beyond, memory
from overprint.craft.motion.swath import SWATH, exceeds, part, read, read_twice, same, write

# What a row of ``Places`` says: the six numbers that lead from places in the frame to pixels of the light; how much of
# it is seen, 0 to 1; its luma, blueness and redness; and the left, right, top and lower side of the box it is seen in.
STRENGTH, COLOUR, BOX = 6, 7, 10
_FINE, _COARSE = 16, 8
_ONE, _HALF, _ALL = 1 << _FINE, 1 << (_FINE - 1), (1 << _FINE) - 1


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
def _cover(data: Memory, at: int, width: int, height: int, x: int, y: int) -> int:
    """0 to 255 × 256, at a place in 65536ths of a pixel. Whole numbers throughout: every processor answers the same."""
    column, row = x >> _FINE, y >> _FINE
    if x < 0 or y < 0 or column >= width - 1 or row >= height - 1:
        return 0
    right, down, here = (x >> _COARSE) & 255, (y >> _COARSE) & 255, at + row * width + column
    upper = data[here] * (256 - right) + data[here + 1] * right
    lower = data[here + width] * (256 - right) + data[here + width + 1] * right
    return int((upper * (256 - down) + lower * down) >> _COARSE)


@compiled
def _cover_row(shares: Memory, data: Memory, table: Memory, light: Memory, y: int) -> None:
    """How far two rows of the frame from ``y`` on are brightened, in 65536ths: one answer for four pixels of luma, in
    their midst, as light is soft and chroma is no finer."""
    left, count = int(light[BOX]), (int(light[BOX + 1]) - int(light[BOX])) // 2
    u = int((light[0] * (left + 0.5) + light[1] * (y + 0.5) + light[2]) * _ONE)
    v = int((light[3] * (left + 0.5) + light[4] * (y + 0.5) + light[5]) * _ONE)
    across, down, strength = int(2 * light[0] * _ONE), int(2 * light[3] * _ONE), int(light[STRENGTH] * 257)
    for number in range(count):
        shares[number] = np.uint16((_cover(data, table[0], table[1], table[2], u, v) * strength) >> 8)
        u, v = u + across, v + down


@compiled
def _tint_row(plane: Memory, at: int, shares: Memory, level: int, colour: int, columns: int) -> None:
    """Moves ``columns`` bytes of a plane towards a colour; ``level``: 0 where a share is for two of them, 1 for one."""
    whole = columns // SWATH * SWATH
    for x in range(0, whole, SWATH):
        share = read(shares, x) if level == 1 else read_twice(shares, x >> 1)
        if exceeds(share, 0):
            mixed = part(read(plane, at + x) * same(256), same(_ALL) - share) + part(same(colour << 8), share)
            write(plane, at + x, (mixed + same(128)) >> same(8))
    for x in range(whole, columns):
        here, share = int(plane[at + x]), int(shares[x if level == 1 else x >> 1])
        plane[at + x] = np.uint8(here + (((colour - here) * share + _HALF) >> _FINE))


@compiled
def shed(canvas: Canvas, size: tuple[int, int], data: Bytes, tables: Numbers, lights: Places) -> None:
    """Sheds ``lights`` on a frame that is laid; ``size`` is its width and height, ``tables`` has a row for each, as
    ``Covers`` says."""
    room = np.zeros(size[0] // 2 + SWATH, np.uint16)
    _shed(canvas, size, data, tables, lights, room)


@compiled
def _shed(canvas: Canvas, size: tuple[int, int], data: Bytes, tables: Numbers, lights: Places, room: Wides) -> None:
    """Whoever calls keeps the arrays that lie beneath. ``room``: for a row of shares."""
    planes, shares, covers = (memory(canvas[0]), memory(canvas[1]), memory(canvas[2])), memory(room), memory(data)
    pitch, chroma = canvas[0].size // size[1], canvas[1].size // (size[1] // 2)
    for number in range(lights.shape[0]):
        light, table = beyond(memory(lights), lights.shape[1] * number), beyond(memory(tables), 3 * number)
        left, columns = int(light[BOX]), int(light[BOX + 1]) - int(light[BOX])
        for y in range(int(light[BOX + 2]), int(light[BOX + 3]), 2):
            _cover_row(shares, covers, table, light, y)
            for row in range(y, y + 2):
                _tint_row(planes[0], row * pitch + left, shares, 0, int(light[COLOUR]), columns)
            for plane in range(1, 3):
                at = y // 2 * chroma + left // 2
                _tint_row(planes[plane], at, shares, 1, int(light[COLOUR + plane]), columns // 2)
