"""What a tile of a frame is summed up on: sheets of numbers of 16 bits, 256 for each of a byte's steps.

Everything lies behind what is there already, so each sum takes as much of a picture as still shines through.
"""

from overprint.craft.motion.compiled import compiled, written_in
from overprint.craft.motion.memory import Memory, fetch
from overprint.craft.motion.seeing import Tile
from overprint.craft.motion.swath import (
    SWATH,
    Swath,
    exceeds,
    first,
    part,
    read,
    read_twice,
    same,
    write,
    write_first,
)

Values = tuple[Swath, Swath, Swath]
"""Of luma, or of blueness and redness; then of what covers."""
Laying = tuple[int, bool, bool, int]
"""How a picture is laid: its strength; whether it is all that a tile shows; whether nothing shows through it; what is
laid of it: 0 luma, 1 chroma."""

ROWS, COLUMNS = 16, 192
"""Of the tiles that a frame is laid in."""
PITCH = COLUMNS + SWATH
SHEET = ROWS * PITCH
# Sheets: sums of luma, blueness and redness; what still shines through, of luma and of chroma; what a drop covers.
CLEAR, COVERED = 3 * SHEET, 5 * SHEET
ROOM = COVERED + SHEET
"""Numbers that all sheets have."""
ALL = 65535
SEEN = 128
"""What shines through less cannot be seen."""


@written_in
def lay(sheets: Memory, at: int, values: Values, laying: Laying, count: int) -> None:
    """Lays ``count`` pixels behind what is there; ``at``: where on a sheet."""
    strength, copies, hides, level = laying
    out, clear = at + level * SHEET, at + CLEAR + level * SHEET
    if copies:  # what is written too much is written over, or lies beside the tile
        write(sheets, out, values[0])
        if level == 1:
            write(sheets, out + SHEET, values[1])
    else:
        through = read(sheets, clear)
        lit = through & first(count)
        if strength < ALL:
            lit = part(lit, same(strength))
        write(sheets, out, read(sheets, out) + part(lit, values[0]))
        if level == 1:
            write(sheets, out + SHEET, read(sheets, out + SHEET) + part(lit, values[1]))
        if not hides:
            write(sheets, clear, through - part(lit, values[2] + (values[2] >> same(8))))


@compiled
def begin(sheets: Memory) -> None:
    """Nothing is there yet, and everything shines through. Chroma has half the columns and half the rows."""
    for row in range(0, ROWS * PITCH, PITCH):
        for at in range(row, row + COLUMNS, SWATH):
            write(sheets, at, same(0))
            write(sheets, at + CLEAR, same(ALL))
    for row in range(SHEET, SHEET + ROWS // 2 * PITCH, PITCH):
        for at in range(row, row + COLUMNS // 2, SWATH):
            write(sheets, at, same(0))
            write(sheets, at + SHEET, same(0))
            write(sheets, at + CLEAR, same(ALL))


@compiled
def is_covered(sheets: Memory, level: int, tile: Tile) -> bool:
    """Whether what still shines through can be seen nowhere; ``level``: as in ``Laying``."""
    for y in range(tile[3]):
        for x in range(0, tile[2], SWATH):
            if exceeds(read(sheets, CLEAR + level * SHEET + y * PITCH + x) & first(tile[2] - x), SEEN):
                return False
    return True


@compiled
def develop(
    plane: Memory, pitch: int, sheets: Memory, number: int, light: Memory, width: int, is_lit: bool, tile: Tile
) -> None:
    """Writes sums of a tile into a plane, ``number`` of the three, whose rows are ``pitch`` bytes apart; what ``light``
    leaves out becomes black's or grey's. ``light`` has a number for four pixels of luma, 0 to 255, ``width`` a row."""
    left, top, columns, rows = tile
    level = 0 if number == 0 else 1
    rest = 128 << 8 if level == 1 else 16 << 8
    for y in range(rows):
        seen = (top + y) * pitch + left
        shade = ((top + y) >> (1 - level)) * width + (left >> (1 - level))
        if level == 0 and not is_lit:
            fetch(light, shade + columns // 2)
            fetch(light, shade + columns // 2 + 64)
        for x in range(0, columns, SWATH):
            value = read(sheets, number * SHEET + y * PITCH + x)
            if not is_lit:
                lit = read(light, shade + x) if level == 1 else read_twice(light, shade + (x >> 1))
                share = lit * same(257)
                value = part(value, share) + part(same(rest), same(ALL) - share)
            byte = (value + same(128)) >> same(8)
            if columns - x >= SWATH:
                write(plane, seen + x, byte)
            else:
                write_first(plane, seen + x, byte, columns - x)
