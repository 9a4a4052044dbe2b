"""What a tile of a frame sees of a picture, asked of its cells rather than of its pixels."""

import numpy as np

from overprint.craft.motion.compiled import compiled
from overprint.craft.motion.memory import Memory

Tile = tuple[int, int, int, int]
"""Its left, top, columns and rows, in pixels of the plane that it is of."""
Way = tuple[float, float, float, float, float, float]
"""From pixels of a frame to those of a picture: ``a x + b y + e``, ``c x + d y + f``."""

CELL = 16
"""Side of the squares, in pixels of a picture, that are known to be empty, mixed or solid."""
EMPTY, MIXED, SOLID = 0, 1, 2
# What is kept of every cell, in rows of them: from it on, the first that is not empty and the first that is not solid;
# up to it, the last that is not empty.
FILLED, BROKEN, ENDED = range(3)
# What a table says of a picture: where its planes begin in the stock, its size, where its cells begin, how many a row.
LUMA, COVER, BLUENESS, REDNESS, CHROMA_COVER, WIDTH, HEIGHT, CELLS, CELLS_A_ROW = range(9)
TABLE = CELLS_A_ROW + 1
_AROUND = 4.0
"""Pixels beside those that a tile sees that may count too: chroma is read from two farther away."""
_EACH = 64
"""Parts of a tile that have nothing in them are left out by so many columns: whole swaths of chroma, too."""


@compiled
def look(cells: Memory, table: Memory, way: Way, tile: Tile) -> tuple[int, int, int]:
    """EMPTY, MIXED or SOLID: what the part of a picture is that a tile sees, with the pixels beside it; and between
    which pixels of the tile there is anything at all, in whole chunks."""
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    x0, y0 = e + a * left + b * top, f + c * left + d * top
    across, sideways = a * (columns - 1), b * (rows - 1)
    rising, down = c * (columns - 1), d * (rows - 1)
    west = x0 + min(0.0, across) + min(0.0, sideways) - _AROUND
    east = x0 + max(0.0, across) + max(0.0, sideways) + _AROUND
    north = y0 + min(0.0, rising) + min(0.0, down) - _AROUND
    south = y0 + max(0.0, rising) + max(0.0, down) + _AROUND
    width, height, each = table[WIDTH], table[HEIGHT], table[CELLS_A_ROW]
    if east < 0 or south < 0 or west >= width or north >= height:
        return EMPTY, 0, 0
    solid = west >= 0 and north >= 0 and east < width and south < height
    leftmost, last = max(0, int(west)) // CELL, min(width - 1, int(east)) // CELL
    begin, end = each, -1
    for row in range(max(0, int(north)) // CELL, min(height - 1, int(south)) // CELL + 1):
        at = table[CELLS] + 3 * row * each
        begin, end = min(begin, cells[at + leftmost]), max(end, cells[at + 2 * each + last])
        solid = solid and cells[at + each + leftmost] > last
    if begin > last or end < leftmost:
        return EMPTY, 0, 0
    if solid:
        return SOLID, 0, columns
    if a < 0.5:
        return MIXED, 0, columns
    x_first = (begin * CELL - _AROUND - x0 - max(0.0, sideways)) / a
    x_last = ((end + 1) * CELL + _AROUND - x0 - min(0.0, sideways)) / a
    return MIXED, max(0, int(x_first)) // _EACH * _EACH, min(columns, (int(x_last) // _EACH + 1) * _EACH)


@compiled
def within(origin: float, step: float, limit: int, begin: int, end: int) -> tuple[int, int]:
    """The part of ``begin`` to ``end`` where ``origin + step × n`` is at least 0 and less than ``limit``."""
    if step == 0.0:
        return (begin, end) if 0 <= origin < limit else (begin, begin)
    enters, leaves = -origin / step, (limit - origin) / step
    if step < 0:
        return max(begin, int(np.floor(leaves)) + 1), min(end, int(np.floor(enters)) + 1)
    return max(begin, int(np.ceil(enters))), min(end, int(np.ceil(leaves)))


@compiled
def is_inside(size: tuple[int, int], way: Way, tile: Tile) -> bool:
    """Whether every pixel of a tile lies between four of the plane."""
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    for x in (left, left + columns - 1):
        for y in (top, top + rows - 1):
            if not (0 <= e + a * x + b * y < size[0] - 1 and 0 <= f + c * x + d * y < size[1] - 1):
                return False
    return True
