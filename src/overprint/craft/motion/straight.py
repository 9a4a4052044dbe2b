"""Rows of a picture that are not stretched, laid by as many pixels as lie between the same two rows and are one column
apart.

A tile is laid by columns of 32 pixels, from top to bottom: its rows lie between neighbouring rows of the picture, so
each of those is mixed along itself once, for the row above it and for the one below. Where nothing shines through any
more, or the picture has nothing, no more is read. What the rows below and the next tile to the right will want is asked
of memory meanwhile.
"""

import numpy as np

from overprint.craft.motion.compiled import compiled, fetch
from overprint.craft.motion.forms import Bytes, Wides
from overprint.craft.motion.sheets import ALL, CLEAR, PITCH, SEEN, SHEET, Laying, lay
from overprint.craft.motion.swath import SWATH, Swath, exceeds, part, ramp, read, same, write

Planes = tuple[int, int, int]
"""Where in the stock planes begin: of luma twice or of blueness and redness, and of what they cover."""
Course = tuple[int, int, int, int]
"""Where in a plane the first pixel of a row lies, and how far the next one is from it; fixed."""
Turn = tuple[int, int]
"""How far from there the first pixel of the next row lies; fixed."""

_FINE = 32
"""A fixed number has so many bits after its point."""
_UNIT = 1 << _FINE
_NEARLY = _UNIT >> 7
"""Rows that lean by less a row share what is mixed."""
_AHEAD = 3
"""Rows of a plane that are asked of memory beforehand."""


@compiled
def fixed(value: float) -> int:
    """With 32 bits after its point."""
    return int(np.floor(value * _UNIT))


@compiled
def is_read(number: int, laying: Laying) -> bool:
    """Of three planes; the second is of chroma only, the third what they cover."""
    return number == 0 or (number == 1 and laying[3] == 1) or (number == 2 and not laying[2])


@compiled
def _run(place: int, step: int) -> int:
    """How many pixels from one on lie between the same two of a plane: 1 to ``SWATH``. Fixed: where the first lies, and
    how much farther than a pixel each is from the one before it."""
    if (place + (SWATH - 1) * step) >> _FINE == place >> _FINE:
        return SWATH
    gone = place & (_UNIT - 1)
    return 1 + ((_UNIT - 1 - gone) // step if step > 0 else gone // -step)


@compiled
def _shares(place: int, step: int) -> Swath:
    """How far pixels are from the whole part of where they lie, in 65536ths. Never beyond it: steps are cut short."""
    return same(place >> 16) + ramp() * same((step if step >= 0 else step + 65535) >> 16)


@compiled
def _mixed(stock: Bytes, at: int, pitch: int, lower: Swath) -> Swath:
    """Pixels of two rows of a plane; of the lower one so many 256ths."""
    return read(stock, at) * (same(256) - lower) + read(stock, at + pitch) * lower


@compiled
def _between(stock: Bytes, at: int, pitch: int, lower: Swath, right: Swath) -> Swath:
    """Each between four pixels of a plane."""
    left = part(_mixed(stock, at, pitch, lower), same(ALL) - right)
    return left + part(_mixed(stock, at + 1, pitch, lower), right)


@compiled
def mix_rows(line: Wides, out: int, stock: Bytes, at: int, pitch: int, y: int, slope: int, count: int) -> None:
    """A line across the plane that falls by ``slope`` rows a pixel; at its first it is ``y`` rows below ``at``; both
    fixed."""
    done = 0
    while done < count:
        length = _run(y, slope)
        mixed = _mixed(stock, at + (y >> _FINE) * pitch + done, pitch, _shares(y, slope) >> same(8))
        write(line, out + done, mixed)
        done, y = done + length, y + slope * length


@compiled
def lay_row(
    sheets: Wides, at: int, stock: Bytes, planes: Planes, pitch: int, course: Course, laying: Laying, count: int
) -> None:
    """Lays a row of a tile, wherever its pixels lie."""
    x, y, step, slope = course
    drift, done = step - _UNIT, 0
    while done < count:
        length = min(min(_run(x, drift), _run(y, slope)), count - done)
        place = (y >> _FINE) * pitch + (x >> _FINE) + done
        right, lower = _shares(x, drift), _shares(y, slope) >> same(8)
        value = _between(stock, planes[0] + place, pitch, lower, right)
        other = _between(stock, planes[1] + place, pitch, lower, right) if laying[3] == 1 else value
        cover = value if laying[2] else _between(stock, planes[2] + place, pitch, lower, right)
        lay(sheets, at + done, (value, other, cover), laying, length)
        done, x, y = done + length, x + drift * length, y + slope * length


@compiled
def _across(stock: Bytes, at: int, right: Swath) -> Swath:
    """Pixels between two of a row; of the right one so many 256ths."""
    return read(stock, at) * (same(256) - right) + read(stock, at + 1) * right


@compiled
def _down(above: Swath, below: Swath, lower: Swath) -> Swath:
    """Between two rows."""
    return part(above, same(ALL) - lower) + part(below, lower)


@compiled
def _is_one_run(place: int, step: int, count: int) -> bool:
    return (place + (count - 1) * step) >> _FINE == place >> _FINE


@compiled
def lay_rows(
    sheets: Wides,
    begin: int,
    stock: Bytes,
    planes: Planes,
    pitch: int,
    course: Course,
    turn: Turn,
    laying: Laying,
    size: tuple[int, int],
) -> None:
    """Lays columns and rows of a tile, each of whose pixels lies between four of the plane. ``course`` is that of the
    first row."""
    _, copies, hides, level = laying
    step, slope = course[2], course[3]
    drift, columns = step - _UNIT, size[0]
    keeps = abs(turn[0]) < _NEARLY
    for done in range(0, columns, SWATH):
        x, y, at, count = course[0] + done * step, course[1] + done * slope, begin + done, min(SWATH, columns - done)
        mixed_at = covered_at = -1  # where the rows begin that are mixed already
        value_above = other_above = cover_above = same(0)
        for _ in range(size[1]):
            place = (y >> _FINE) * pitch + (x >> _FINE)
            for number in range(3):
                if is_read(number, laying):
                    fetch(stock, planes[number] + place + columns)
                    fetch(stock, planes[number] + place + _AHEAD * pitch + SWATH - 1)
            if not _is_one_run(x, drift, count) or not _is_one_run(y, slope, count):
                lay_row(sheets, at, stock, planes, pitch, (x, y, step, slope), laying, count)
                mixed_at = covered_at = -1
            elif copies or exceeds(read(sheets, at + CLEAR + level * SHEET), SEEN):
                right, lower, below = _shares(x, drift) >> same(8), _shares(y, slope), place + pitch
                cover = same(0)
                if not hides:
                    if place != covered_at:
                        cover_above = _across(stock, planes[2] + place, right)
                    cover_below = _across(stock, planes[2] + below, right)
                    cover, cover_above = _down(cover_above, cover_below, lower), cover_below
                    covered_at = below if keeps else -1
                if hides or exceeds(cover, 0):
                    if place != mixed_at:
                        value_above = _across(stock, planes[0] + place, right)
                        if level == 1:
                            other_above = _across(stock, planes[1] + place, right)
                    value_below = _across(stock, planes[0] + below, right)
                    value, value_above = _down(value_above, value_below, lower), value_below
                    other = value
                    if level == 1:
                        other_below = _across(stock, planes[1] + below, right)
                        other, other_above = _down(other_above, other_below, lower), other_below
                    mixed_at = below if keeps else -1
                    lay(sheets, at, (value, other, cover), laying, count)
            at, x, y = at + PITCH, x + turn[0], y + turn[1]
