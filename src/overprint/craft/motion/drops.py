"""Drops of rain, flakes and leaves, laid where each falls: how far a pixel's middle is from the edge is how much of it
is covered."""

import numpy as np

from overprint.craft.motion.compiled import compiled
from overprint.craft.motion.memory import Memory, beyond
from overprint.craft.motion.seeing import Tile
from overprint.craft.motion.sheets import ALL, COVERED, PITCH, lay
from overprint.craft.motion.swath import SWATH, part, read, same

# A drop: its middle, the way it lies, half the length of its core, its radii along and across, how far it reaches, and
# the number of its tint; in pixels of a frame, of which the first reaches from 0 to 1.
X, Y, COS, SIN, HALF, ALONG, ACROSS, REACH_X, REACH_Y, TINT = range(10)
DROP = TINT + 1
_FEW = 16
"""So many pixels of a row are shaped at a time: few drops are as wide as a swath."""
_NOTHING, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_TINIEST = np.float32(0.001)


@compiled
def _shape(covers: Memory, drop: Memory, wide: np.float32, part_of: Tile) -> None:
    """How much of each pixel in a part of the frame a drop covers, row after row. ``wide``: how many pixels of luma are
    one of these. What is thinner than one covers less of it."""
    left, top, columns, rows = part_of
    least, cos, sin, core = _HALF * wide, drop[COS], drop[SIN], drop[HALF]
    along, across = max(drop[ALONG], least), max(drop[ACROSS], least)
    most = drop[ACROSS] / across * (_ONE if core > _NOTHING else drop[ALONG] / along) * np.float32(65280)
    is_round, smaller = along == across, _ONE / wide
    for row in range(rows):
        down = wide * np.float32(top + row + 0.5) - drop[Y]
        for done in range(0, columns, _FEW):
            right, at = wide * np.float32(left + done + 0.5) - drop[X], np.uint64(COVERED + row * PITCH + done)
            if is_round:
                for x in range(np.uint64(_FEW)):
                    beside = right + wide * np.float32(np.int32(x))
                    u, v = max(abs(beside * cos + down * sin) - core, _NOTHING), down * cos - beside * sin
                    outside = (np.sqrt(u * u + v * v) - along) * smaller
                    covers[at + x] = np.uint16(np.int32(most * min(_ONE, max(_NOTHING, _HALF - outside))))
                continue
            for x in range(np.uint64(_FEW)):
                beside = right + wide * np.float32(np.int32(x))
                u = max(abs(beside * cos + down * sin) - core, _NOTHING) / along
                v = max(abs(down * cos - beside * sin) / across, _TINIEST)
                radius = np.sqrt(u * u + v * v)
                steep = np.sqrt(u * u / (along * along) + v * v / (across * across))
                outside = (radius - _ONE) * radius / (steep * wide)
                covers[at + x] = np.uint16(np.int32(most * min(_ONE, max(_NOTHING, _HALF - outside))))


@compiled
def lay_drop(sheets: Memory, drop: Memory, tints: Memory, met: Tile, tile: Tile) -> None:
    """Lays a drop behind what is there. ``met``: the part of the tile where it is. All rows are shaped before the first
    is laid: what was just written in halves cannot be read whole at once."""
    tint, x, y = 4 * int(drop[TINT]), met[0] - tile[0], met[1] - tile[1]
    for level in range(2):
        laying = (ALL, False, False, level)
        left, top, columns, rows = met[0] >> level, met[1] >> level, met[2] >> level, met[3] >> level
        _shape(sheets, drop, np.float32(1 + level), (left, top, columns, rows))
        value, other, covers = same(tints[tint + level]), same(tints[tint + 2]), same(tints[tint + 3])
        for row in range(rows):
            at = ((y >> level) + row) * PITCH + (x >> level)
            for done in range(0, columns, SWATH):
                cover = read(sheets, COVERED + row * PITCH + done)
                values = part(cover, value), part(cover, other), part(cover, covers)
                lay(sheets, at + done, values, laying, min(SWATH, columns - done))


@compiled
def meeting(drop: Memory, tile: Tile) -> Tile:
    """The part of a tile where a drop is, with even sides; it may have none."""
    left = max(tile[0], int(drop[X] - drop[REACH_X]) // 2 * 2)
    top = max(tile[1], int(drop[Y] - drop[REACH_Y]) // 2 * 2)
    right = min(tile[0] + tile[2], (int(drop[X] + drop[REACH_X]) // 2 + 1) * 2)
    below = min(tile[1] + tile[3], (int(drop[Y] + drop[REACH_Y]) // 2 + 1) * 2)
    return (left, top, max(0, right - left), max(0, below - top))


@compiled
def near(drops: Memory, curtains: Memory, number: int, band: Tile, found: Memory, ends: Memory) -> None:
    """Of so many curtains, notes which drops a band of the frame meets, one curtain after the other, and where each
    one's end in the list."""
    count = 0
    for curtain in range(number):
        for drop in range(curtains[2 * curtain], curtains[2 * curtain + 1]):
            if meeting(beyond(drops, DROP * drop), band)[3] > 0:
                found[count] = drop
                count += 1
        ends[curtain] = count
