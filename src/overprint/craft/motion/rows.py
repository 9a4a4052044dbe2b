"""Rows of a picture, laid by as many pixels as lie between the same two of them.

A tile is laid by columns of up to 32 pixels, from top to bottom: its rows lie between neighbouring rows of the picture,
so each of those is mixed along itself once, for the row above it and for the one below. Pixels that are one column
apart lie between the same two; where a row is stretched they lie among a few, so each is a sum of those of which two
weigh anything: no index is looked up, and rows share the weights. Where nothing shines through any more, or the picture
has nothing, no more is read. What the rows below and the next tile to the right will want is asked of memory meanwhile.
"""

import numpy as np

from overprint.craft.motion.compiled import compiled, written_in
from overprint.craft.motion.memory import Memory, fetch
from overprint.craft.motion.sheets import ALL, CLEAR, PITCH, SEEN, SHEET, Laying, lay
from overprint.craft.motion.swath import SWATH, Swath, exceeds, less, part, ramp, read, same, write

Planes = tuple[int, int, int]
"""Where in the stock planes begin: of luma twice or of blueness and redness, and of what they cover."""
Course = tuple[int, int, int, int]
"""Where in a plane the first pixel of a row lies, and how far the next one is from it; fixed."""
Desk = tuple[Memory, Memory]
"""What a tile is worked out on: its sheets, and what pixels of a row weigh, as ``_weigh`` says."""
Turn = tuple[int, int]
"""How far from there the first pixel of the next row lies; fixed."""

_FINE = 32
"""A fixed number has so many bits after its point."""
_UNIT = 1 << _FINE
_NEARLY = _UNIT >> 7
"""Rows that lean by less a row share what is mixed."""
_HARDLY = _UNIT >> 9
"""So far apart, two rows share their weights."""
_PRECISE = 11
"""Bits after the point of where a pixel lies among its ``TAPS``."""
_FEW = 4
"""So many are read at least where there are more than two: most need no more."""
TAPS = 8
"""Pixels of a plane among which a swath may lie; of what is stretched further, fewer are laid at a time."""
_AHEAD = 3
"""Rows of a plane that are asked of memory beforehand."""


@compiled
def fixed(value: float) -> int:
    """With 32 bits after its point."""
    return int(np.floor(value * _UNIT))


@written_in
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
def _spread(drift: int) -> tuple[int, int]:
    """How many pixels of a row are laid at a time, and among how many of the plane they lie."""
    away = abs(drift)
    each = min(SWATH, 1 + ((TAPS - 2) * _UNIT) // max(1, away))
    return each, 2 + (((each - 1) * away + _UNIT - 1) >> _FINE)


@compiled
def _weigh(weights: Memory, place: int, drift: int, taps: int) -> int:
    """What each of so many pixels of a plane weighs for each of a swath, in 256ths; two of them have all. Answers which
    is the first of them. Fixed, as for ``_run``."""
    back = taps - 2 if drift < 0 else 0
    first = same(((place & (_UNIT - 1)) >> (_FINE - _PRECISE)) + (back << _PRECISE))
    away = abs(drift)
    gone = part(ramp() * same(1 << _PRECISE), same(away >> (_FINE - 16)))
    gone = gone + ramp() * same((away >> _FINE) << _PRECISE)
    lie = (first - gone if drift < 0 else first + gone) >> same(_PRECISE - 8)
    for tap in range(max(taps, _FEW)):
        middle = same(tap << 8)
        write(weights, tap * SWATH, less(same(256), less(lie, middle) + less(middle, lie)))
    return (place >> _FINE) - back


@written_in
def _shares(place: int, step: int) -> Swath:
    """How far pixels are from the whole part of where they lie, in 65536ths. Never beyond it: steps are cut short."""
    return same(place >> 16) + ramp() * same((step if step >= 0 else step + 65535) >> 16)


@written_in
def _across(stock: Memory, at: int, right: Swath) -> Swath:
    """Pixels between two of a row; of the right one so many 256ths."""
    return read(stock, at) * (same(256) - right) + read(stock, at + 1) * right


@written_in
def _among(stock: Memory, at: int, weights: Memory, taps: int) -> Swath:
    """Pixels among so many of a row, as ``_weigh`` says; in 256ths."""
    found = read(stock, at) * read(weights, 0) + read(stock, at + 1) * read(weights, SWATH)
    found = found + read(stock, at + 2) * read(weights, 2 * SWATH) + read(stock, at + 3) * read(weights, 3 * SWATH)
    for tap in range(_FEW, taps):
        found = found + read(stock, at + tap) * read(weights, tap * SWATH)
    return found


@written_in
def _along(stock: Memory, at: int, weights: Memory, taps: int, right: Swath) -> Swath:
    """Pixels of a row as they lie: between two of it, or among so many."""
    return _across(stock, at, right) if taps == 2 else _among(stock, at, weights, taps)


@written_in
def _down(above: Swath, below: Swath, lower: Swath) -> Swath:
    """Between two rows."""
    return part(above, same(ALL) - lower) + part(below, lower)


@compiled
def _between(stock: Memory, at: int, pitch: int, weights: Memory, taps: int, lower: Swath) -> Swath:
    """Pixels between two rows."""
    return _down(_among(stock, at, weights, taps), _among(stock, at + pitch, weights, taps), lower)


@compiled
def lay_row(
    desk: Desk, at: int, stock: Memory, planes: Planes, pitch: int, course: Course, laying: Laying, count: int
) -> None:
    """Lays a row of a tile, wherever its pixels lie."""
    sheets, weights = desk
    x, y, step, slope = course
    drift, done = step - _UNIT, 0
    each, taps = _spread(drift)
    while done < count:
        length = min(min(each, _run(y, slope)), count - done)
        place = (y >> _FINE) * pitch + _weigh(weights, x, drift, taps) + done
        lower = _shares(y, slope)
        value = _between(stock, planes[0] + place, pitch, weights, taps, lower)
        other = _between(stock, planes[1] + place, pitch, weights, taps, lower) if laying[3] == 1 else value
        cover = value if laying[2] else _between(stock, planes[2] + place, pitch, weights, taps, lower)
        lay(sheets, at + done, (value, other, cover), laying, length)
        done, x, y = done + length, x + drift * length, y + slope * length


@written_in
def _is_one_run(place: int, step: int, count: int) -> bool:
    return (place + (count - 1) * step) >> _FINE == place >> _FINE


@compiled
def lay_rows(
    desk: Desk,
    begin: int,
    stock: Memory,
    planes: Planes,
    pitch: int,
    course: Course,
    turn: Turn,
    laying: Laying,
    size: tuple[int, int],
) -> None:
    """Lays columns and rows of a tile, each of whose pixels lies between four of the plane. ``course`` is that of the
    first row."""
    (sheets, weights), (_, copies, hides, level) = desk, laying
    step, slope = course[2], course[3]
    drift, columns = step - _UNIT, size[0]
    keeps = abs(turn[0]) < _NEARLY
    each, taps = _spread(drift)
    for done in range(0, columns, each):
        x, y, at, count = course[0] + done * step, course[1] + done * slope, begin + done, min(each, columns - done)
        mixed_at = covered_at = -1  # where the rows begin that are mixed already
        value_above = other_above = cover_above = same(0)
        weighed, first = x - _UNIT, 0
        for _ in range(size[1]):
            place = (y >> _FINE) * pitch + (x >> _FINE)
            for number in range(3):
                if is_read(number, laying):
                    fetch(stock, planes[number] + place + columns)
                    fetch(stock, planes[number] + place + _AHEAD * pitch + SWATH - 1)
            if not _is_one_run(y, slope, count):
                lay_row(desk, at, stock, planes, pitch, (x, y, step, slope), laying, count)
                mixed_at = covered_at = -1
                weighed = x - _UNIT
            elif copies or exceeds(read(sheets, at + CLEAR + level * SHEET), SEEN):
                here, right = 2, _shares(x, drift) >> same(8)
                if not _is_one_run(x, drift, count):
                    if abs(x - weighed) > _HARDLY:
                        weighed, first = x, _weigh(weights, x, drift, taps)
                    here, place = taps, (y >> _FINE) * pitch + first
                lower, below = _shares(y, slope), place + pitch
                cover = same(0)
                if not hides:
                    if place != covered_at:
                        cover_above = _along(stock, planes[2] + place, weights, here, right)
                    cover_below = _along(stock, planes[2] + below, weights, here, right)
                    cover, cover_above = _down(cover_above, cover_below, lower), cover_below
                    covered_at = below if keeps else -1
                if hides or exceeds(cover, 0):
                    if place != mixed_at:
                        value_above = _along(stock, planes[0] + place, weights, here, right)
                        if level == 1:
                            other_above = _along(stock, planes[1] + place, weights, here, right)
                    value_below = _along(stock, planes[0] + below, weights, here, right)
                    value, value_above = _down(value_above, value_below, lower), value_below
                    other = value
                    if level == 1:
                        other_below = _along(stock, planes[1] + below, weights, here, right)
                        other, other_above = _down(other_above, other_below, lower), other_below
                    mixed_at = below if keeps else -1
                    lay(sheets, at, (value, other, cover), laying, count)
            at, x, y = at + PITCH, x + turn[0], y + turn[1]
