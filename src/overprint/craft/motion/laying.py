"""One frame laid from front to back: what is covered already costs nothing.

Everything is planar YUV 4:2:0, premultiplied: a value is ``cover × colour`` with black's 16 and grey's 128 among it, so
that laying one picture behind another is the same sum in every plane. The frame is cut into tiles. A tile takes the
nearest picture first and stops when nothing shines through; one that is all of a single picture is copied, not summed.

Sums are of whole numbers of 16 bits (``sheets``), 32 of them at a time (``swath``). A place between pixels is a mix of
those beside it (``rows``). No function that works on a row is given an array (``memory``).
"""

import numpy as np

from overprint.craft.motion.compiled import compiled
from overprint.craft.motion.drops import DROP, lay_drop, meeting, near
from overprint.craft.motion.forms import Canvas, Fallen, Kept, Light, Numbers, Places, Wides
from overprint.craft.motion.memory import Memory, beyond, fetch, memory
from overprint.craft.motion.rows import TAPS, Desk, Planes, fixed, is_read, lay_row, lay_rows
from overprint.craft.motion.seeing import (
    BLUENESS,
    CHROMA_COVER,
    COVER,
    HEIGHT,
    LUMA,
    REDNESS,
    SOLID,
    TABLE,
    WIDTH,
    Tile,
    Way,
    is_inside,
    look,
    within,
)
from overprint.craft.motion.sheets import ALL, COLUMNS, PITCH, ROOM, ROWS, Laying, begin, develop, is_covered
from overprint.craft.motion.swath import SWATH

Scene = tuple[Memory, Memory, Memory, Memory, Memory, int]
"""``Kept``, then ``Places``, and in what order they lie; how many do."""
Rain = tuple[Memory, Memory, Memory, Memory]
"""Drops and tints of ``Fallen``; which drops are near, and up to where each curtain's are among them."""

STRENGTH = 6  # after the six numbers of a way
PLACE = STRENGTH + 1
STEP_MAX = 4.0
"""At most so many pixels of a picture lie between two of a frame, and none backwards: of more, each would be read by
itself, and what is between them never seen."""
_CACHE_LINE_BYTES = 64


@compiled
def _lay_planes(
    desk: Desk, stock: Memory, planes: Planes, size: tuple[int, int], way: Way, laying: Laying, first: int, tile: Tile
) -> None:
    """Lays planes of one size behind what is there, over the part of a tile that begins at its column ``first``.
    Outside them there is nothing."""
    width, height = size
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    if is_inside(size, way, tile):
        course = (fixed(e + a * left + b * top), fixed(f + c * left + d * top), fixed(a), fixed(c))
        lay_rows(desk, first, stock, planes, width, course, (fixed(b), fixed(d)), laying, (columns, rows))
        return
    for row in range(rows):
        x, y = e + a * left + b * (top + row), f + c * left + d * (top + row)
        start, end = within(x, a, width - 1, 0, columns)
        start, end = within(y, c, height - 1, start, end)
        if end <= start:
            continue
        x, y, at, count = x + a * start, y + c * start, row * PITCH + first + start, end - start
        behind = (int(y) + 1) * width + int(x + a * count)
        for number in range(3):
            if is_read(number, laying):
                for ahead in range(64, count + 64, 64):  # wanted by the tile to the right, and by the next row but one
                    fetch(stock, planes[number] + behind + ahead)
                    fetch(stock, planes[number] + behind + 2 * width + ahead - count - SWATH)
        lay_row(desk, at, stock, planes, width, (fixed(x), fixed(y), fixed(a), fixed(c)), laying, count)


@compiled
def _small(way: Way, tile: Tile) -> tuple[Way, Tile]:
    """The same among pixels of chroma."""
    a, b, e, c, d, f = way
    half = (a, b, 0.25 * (a + b) + 0.5 * e - 0.25, c, d, 0.25 * (c + d) + 0.5 * f - 0.25)
    return half, (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)


@compiled
def _lay_picture(
    desk: Desk, stock: Memory, table: Memory, way: Way, laying: tuple[int, bool, bool], first: int, tile: Tile
) -> None:
    """Lays a picture behind what is there, over the part of a tile that begins at its column ``first``."""
    strength, copies, hides = laying
    planes, size = (table[LUMA], table[LUMA], table[COVER]), (table[WIDTH], table[HEIGHT])
    _lay_planes(desk, stock, planes, size, way, (strength, copies, hides, 0), first, tile)
    planes, size = (table[BLUENESS], table[REDNESS], table[CHROMA_COVER]), (size[0] // 2, size[1] // 2)
    way, tile = _small(way, tile)
    _lay_planes(desk, stock, planes, size, way, (strength, copies, hides, 1), first // 2, tile)


@compiled
def _lay_tile(desk: Desk, kept: Scene, fallen: Rain, tile: Tile) -> None:
    """Sums up what a tile shows."""
    (stock, cells, tables, places, order, count), (drops, tints, found, ends), touched = kept, fallen, False
    sheets = desk[0]
    for number in range(count):
        picture, row = order[2 * number], order[2 * number + 1]
        if picture < 0:
            for at in range(ends[row - 1] if row > 0 else 0, ends[row]):
                drop = beyond(drops, DROP * found[at])
                met = meeting(drop, tile)
                if met[2] > 0:
                    if not touched:
                        begin(sheets)
                        touched = True
                    lay_drop(sheets, drop, tints, met, tile)
            continue
        place, table = beyond(places, PLACE * row), beyond(tables, TABLE * picture)
        way = (place[0], place[1], place[2], place[3], place[4], place[5])
        state, first, end = look(cells, table, way, tile)
        if end <= first:
            continue
        strength = int(place[STRENGTH] * ALL)
        hides = state == SOLID and strength == ALL
        copies = hides and not touched
        if not touched and not copies:
            begin(sheets)
        touched = True
        seen = (tile[0] + first, tile[1], end - first, tile[3])
        _lay_picture(desk, stock, table, way, (strength, copies, hides), first, seen)
        small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
        if hides or (is_covered(sheets, 0, tile) and is_covered(sheets, 1, small)):
            break
    if not touched:
        begin(sheets)


@compiled
def _lay_tiles(
    canvas: Canvas,
    size: tuple[int, int],
    kept: Kept,
    places: Places,
    fallen: Fallen,
    order: Numbers,
    light: Light,
    desk: tuple[Wides, Wides],
    close: tuple[Numbers, Numbers],
) -> None:
    """Whoever calls keeps the arrays that lie beneath. ``close``: which drops are near, as ``near`` notes them."""
    width, number, curtains = size[0], 0, fallen[1].shape[0]
    sheets, weights, shade, lit = memory(desk[0]), memory(desk[1]), memory(light[0]), memory(light[1])
    drops, every, found, ends = memory(fallen[0]), memory(fallen[1]), memory(close[0]), memory(close[1])
    pictures = (memory(kept[0]), memory(kept[1]), memory(kept[2]), memory(places), memory(order), order.shape[0])
    planes = (memory(canvas[0]), memory(canvas[1]), memory(canvas[2]))
    pitches = (canvas[0].size // size[1], canvas[1].size // (size[1] // 2), canvas[2].size // (size[1] // 2))
    rain = (drops, memory(fallen[2]), found, ends)
    for top in range(0, size[1], ROWS):
        rows = min(ROWS, size[1] - top)
        near(drops, every, curtains, (0, top, width, rows), found, ends)
        for left in range(0, width, COLUMNS):
            tile = (left, top, min(COLUMNS, width - left), rows)
            is_lit = lit[number] != 0
            number += 1
            _lay_tile((sheets, weights), pictures, rain, tile)
            small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
            for plane in range(3):
                part_of = tile if plane == 0 else small
                develop(planes[plane], pitches[plane], sheets, plane, shade, width // 2, is_lit, part_of)


@compiled
def lay_frame(
    canvas: Canvas, size: tuple[int, int], kept: Kept, places: Places, fallen: Fallen, order: Numbers, light: Light
) -> None:
    """Fills ``canvas`` with a frame; ``size`` is its width and height, both even.

    ``order`` says what lies where, the nearest first: the number of a picture in ``kept`` and of its row in ``places``
    (the six numbers of its way, of which the first is above 0 and at most ``STEP_MAX``, then its strength), or -1 and
    the number of a curtain in ``fallen``.
    """
    # Sheets begin where a line of the processor's cache does: half of what is read and written would lie in two.
    room, weights = np.zeros(ROOM + _CACHE_LINE_BYTES // 2, np.uint16), np.zeros(TAPS * SWATH, np.uint16)
    off = (-room.ctypes.data % _CACHE_LINE_BYTES) // 2
    close = (np.zeros(fallen[0].shape[0], np.int64), np.zeros(fallen[1].shape[0], np.int64))
    _lay_tiles(canvas, size, kept, places, fallen, order, light, (room[off : off + ROOM], weights), close)
