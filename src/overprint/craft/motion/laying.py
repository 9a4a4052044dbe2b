"""One frame laid from front to back: what is covered already costs nothing.

Everything is planar YUV 4:2:0, premultiplied: a value is ``cover × colour`` with black's 16 and grey's 128 among it, so
that laying one picture behind another is the same sum in every plane. The frame is cut into tiles. A tile takes the
nearest picture first and stops when nothing shines through; one that is all of a single picture is copied, not summed.

Sums are of whole numbers of 16 bits (``sheets``), 32 of them at a time (``swath``). A place between pixels is a mix of
those beside it (``straight``). Where a row is stretched, 16 or 32 pixels lie among 3 more of the plane, so each is a
sum of four neighbours of which two weigh nothing: no index is looked up, and rows of a tile share the weights.
"""

import numpy as np

from overprint.craft.motion.compiled import compiled, fetch
from overprint.craft.motion.drops import lay_drop, meeting, near
from overprint.craft.motion.forms import Bytes, Canvas, Fallen, Kept, Light, Numbers, Places, Wides
from overprint.craft.motion.seeing import (
    BLUENESS,
    CHROMA_COVER,
    COVER,
    HEIGHT,
    LUMA,
    REDNESS,
    SOLID,
    WIDTH,
    Tile,
    Way,
    is_inside,
    look,
    within,
)
from overprint.craft.motion.sheets import ALL, COLUMNS, PITCH, ROOM, ROWS, Laying, begin, develop, is_covered, lay
from overprint.craft.motion.straight import Planes, fixed, is_read, lay_row, lay_rows, mix_rows
from overprint.craft.motion.swath import SWATH, Swath, part, read

Desk = tuple[Wides, Wides, Wides, Numbers]
"""What a tile is worked out on: sheets; rows of planes; and how those are stretched, as ``_weigh`` says."""

STRENGTH = 6  # after the six numbers of a way
_BEFORE = 3
"""Places of a line before the first that counts; they are read, and weigh nothing."""
_TAPS = 4
_FEW = 16
"""So many pixels in a row are done at a time where a row is stretched by more than 32 of them can be."""
_SLACK, _SLACK_OF_FEW = 2 / (SWATH - 1), 2 / (_FEW - 1)
"""How far from 1 a step may be for so many pixels to lie among three more."""
_SLOW = 1 / 64
"""How near to 1 it must be for whole runs of pixels to lie between the same two."""
_NEARLY = 1 / 512
"""So many pixels apart, two rows of a tile share their weights."""
_LINE = COLUMNS + 4 * SWATH
"""Room for the pixels of a picture that a row of a tile lies among, where it is stretched."""
_LINE_MAX = _LINE - _BEFORE - 2 * SWATH
STEP_MAX = 4.0
"""At most so many pixels of a picture lie between two of a frame, and none backwards: of more, each would be read by
itself, and what is between them never seen."""
_CACHE_LINE_BYTES = 64
_NOTHING, _ONE, _WHOLE = np.float32(0), np.float32(1), np.float32(ALL)


@compiled
def _weigh(weights: Wides, firsts: Numbers, origin: float, step: float, count: int, each: int) -> None:
    """How a line is stretched whose pixel ``n`` lies at ``origin + step × n``: for ``each`` pixels after the other from
    where on they count, and the four weights of each."""
    slope = np.float32(step - 1.0)
    for number in range((count + each - 1) // each):
        place = origin + step * number * each
        base = int(place) - (2 if step < 1.0 else 0)
        rest = np.float32(place - base)
        firsts[number] = _BEFORE + base
        for tap in range(_TAPS):
            at = np.uint64((_TAPS * number + tap) * SWATH)
            for x in range(np.uint64(SWATH)):
                away = abs(rest + slope * np.float32(np.int32(x)) - np.float32(np.int32(tap)))
                weights[at + x] = np.uint16(np.int32(_WHOLE * max(_ONE - away, _NOTHING)))


@compiled
def _stretched(line: Wides, at: int, weights: Wides, own: int) -> Swath:
    """Each a sum of four of a line."""
    one, two = part(read(line, at), read(weights, own)), part(read(line, at + 1), read(weights, own + SWATH))
    three, four = read(weights, own + 2 * SWATH), read(weights, own + 3 * SWATH)
    return one + two + part(read(line, at + 2), three) + part(read(line, at + 3), four)


@compiled
def _lay_stretched(desk: Desk, at: int, laying: Laying, count: int, each: int) -> None:
    """Lays a row of a tile out of lines, as ``_weigh`` says."""
    sheets, line, weights, firsts = desk
    for number in range((count + each - 1) // each):
        place, own, done = firsts[number], _TAPS * SWATH * number, number * each
        value = _stretched(line, place, weights, own)
        other = _stretched(line, _LINE + place, weights, own) if laying[3] == 1 else value
        cover = value if laying[2] else _stretched(line, 2 * _LINE + place, weights, own)
        lay(sheets, at + done, (value, other, cover), laying, min(each, count - done))


@compiled
def _lay_planes(
    desk: Desk, stock: Bytes, planes: Planes, size: tuple[int, int], way: Way, laying: Laying, first: int, tile: Tile
) -> None:
    """Lays planes of one size behind what is there, over the part of a tile that begins at its column ``first``.
    Outside them there is nothing."""
    width, height = size
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    inside, off = is_inside(size, way, tile), abs(a - 1.0)
    each = 0 if off < _SLOW or off > _SLACK_OF_FEW else SWATH if off < _SLACK else _FEW
    if inside and each == 0:
        course = (fixed(e + a * left + b * top), fixed(f + c * left + d * top), fixed(a), fixed(c))
        lay_rows(desk[0], first, stock, planes, width, course, (fixed(b), fixed(d)), laying, (columns, rows))
        return
    weighed, weighed_at = 0, 0.0
    for row in range(rows):
        x, y = e + a * left + b * (top + row), f + c * left + d * (top + row)
        start, end = 0, columns
        if not inside:
            start, end = within(x, a, width - 1, start, end)
            start, end = within(y, c, height - 1, start, end)
            if end <= start:
                continue
            x, y = x + a * start, y + c * start
        at, count, behind = row * PITCH + first + start, end - start, (int(y) + 1) * width + int(x + a * (end - start))
        for number in range(3):
            if is_read(number, laying):
                for ahead in range(64, count + 64, 64):  # wanted by the tile to the right, and by the next row but one
                    fetch(stock, planes[number] + behind + ahead)
                    fetch(stock, planes[number] + behind + 2 * width + ahead - count - SWATH)
        if each == 0:
            course = (fixed(x), fixed(y), fixed(a), fixed(c))
            lay_row(desk[0], at, stock, planes, width, course, laying, count)
            continue
        column, along = int(x), x - int(x)
        if abs(along - weighed_at) > _NEARLY or count > weighed:
            _weigh(desk[2], desk[3], along, a, count, each)
            weighed, weighed_at = count, along
        length = min(_LINE_MAX, width - column, int(along + a * (count - 1)) + 2)
        falls = c / a
        for number in range(3):
            if is_read(number, laying):
                out, beneath = number * _LINE + _BEFORE, fixed(y - falls * along)
                mix_rows(desk[1], out, stock, planes[number] + column, width, beneath, fixed(falls), length)
        _lay_stretched(desk, at, laying, count, each)


@compiled
def _small(way: Way, tile: Tile) -> tuple[Way, Tile]:
    """The same among pixels of chroma."""
    a, b, e, c, d, f = way
    half = (a, b, 0.25 * (a + b) + 0.5 * e - 0.25, c, d, 0.25 * (c + d) + 0.5 * f - 0.25)
    return half, (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)


@compiled
def _lay_picture(
    desk: Desk, stock: Bytes, table: Numbers, way: Way, laying: tuple[int, bool, bool], first: int, tile: Tile
) -> None:
    """Lays a picture behind what is there, over the part of a tile that begins at its column ``first``."""
    strength, copies, hides = laying
    planes, size = (table[LUMA], table[LUMA], table[COVER]), (table[WIDTH], table[HEIGHT])
    _lay_planes(desk, stock, planes, size, way, (strength, copies, hides, 0), first, tile)
    planes, size = (table[BLUENESS], table[REDNESS], table[CHROMA_COVER]), (size[0] // 2, size[1] // 2)
    way, tile = _small(way, tile)
    _lay_planes(desk, stock, planes, size, way, (strength, copies, hides, 1), first // 2, tile)


@compiled
def _lay_tile(
    desk: Desk, kept: Kept, places: Places, fallen: Fallen, order: Numbers, close: tuple[Numbers, Numbers], tile: Tile
) -> None:
    """``close``: which drops are near, as ``near`` notes them."""
    (stock, cells, tables), (drops, _, tints), touched = kept, fallen, False
    for number in range(order.shape[0]):
        picture, row = order[number, 0], order[number, 1]
        if picture < 0:
            for found in range(close[1][row - 1] if row > 0 else 0, close[1][row]):
                met = meeting(drops[close[0][found]], tile)
                if met[2] > 0:
                    if not touched:
                        begin(desk[0])
                        touched = True
                    lay_drop(desk[0], drops[close[0][found]], tints, met, tile)
            continue
        place, table = places[row], tables[picture]
        way = (place[0], place[1], place[2], place[3], place[4], place[5])
        state, first, end = look(cells, table, way, tile)
        if end <= first:
            continue
        strength = int(place[STRENGTH] * ALL)
        hides = state == SOLID and strength == ALL
        copies = hides and not touched
        if not touched and not copies:
            begin(desk[0])
        touched = True
        seen = (tile[0] + first, tile[1], end - first, tile[3])
        _lay_picture(desk, stock, table, way, (strength, copies, hides), first, seen)
        small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
        if hides or (is_covered(desk[0], 0, tile) and is_covered(desk[0], 1, small)):
            break
    if not touched:
        begin(desk[0])


@compiled
def _desk() -> Desk:
    """Sheets begin where a line of the processor's cache does: half of what is read and written would lie in two."""
    chunks, room = COLUMNS // _FEW, np.zeros(ROOM + _CACHE_LINE_BYTES // 2, np.uint16)
    off = (-room.ctypes.data % _CACHE_LINE_BYTES) // 2
    weights, firsts = np.zeros(_TAPS * SWATH * chunks, np.uint16), np.zeros(chunks, np.int64)
    return room[off : off + ROOM], np.zeros(3 * _LINE, np.uint16), weights, firsts


@compiled
def lay_frame(
    canvas: Canvas, size: tuple[int, int], kept: Kept, places: Places, fallen: Fallen, order: Numbers, light: Light
) -> None:
    """Fills ``canvas`` with a frame; ``size`` is its width and height, both even.

    ``order`` says what lies where, the nearest first: the number of a picture in ``kept`` and of its row in ``places``
    (the six numbers of its way, of which the first is above 0 and at most ``STEP_MAX``, then its strength), or -1 and
    the number of a curtain in ``fallen``.
    """
    width, number, desk = size[0], 0, _desk()
    close = (np.zeros(fallen[0].shape[0], np.int64), np.zeros(fallen[1].shape[0], np.int64))
    for top in range(0, size[1], ROWS):
        rows = min(ROWS, size[1] - top)
        near(fallen[0], fallen[1], (0, top, width, rows), *close)
        for left in range(0, width, COLUMNS):
            tile = (left, top, min(COLUMNS, width - left), rows)
            is_lit = light[1][number] != 0
            number += 1
            _lay_tile(desk, kept, places, fallen, order, close, tile)
            small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
            for plane in range(3):
                pitch, part_of = canvas[plane].size // (size[1] if plane == 0 else size[1] // 2), small
                if plane == 0:
                    part_of = tile
                develop(canvas[plane], pitch, desk[0], plane, light[0], width // 2, is_lit, part_of)
