"""One frame laid from front to back: what is covered already costs nothing.

Everything is planar YUV 4:2:0, premultiplied: a value is ``cover × colour`` with black's 16 and grey's 128 among it, so
that laying one picture behind another is the same sum in every plane. The frame is cut into tiles. A tile takes the
nearest picture first and stops when nothing shines through; one that is all of a single picture is copied, not summed.

Sums are of whole numbers of 16 bits, 256 for each of a byte's steps: a processor does 32 of them at a time, and every
one answers the same. A place between pixels is a mix of those beside it. Where a row is stretched, 16 pixels in a row
lie among 19 of the plane, so each is a sum of four neighbours of which two weigh nothing: no index is looked up, and
rows of a tile share the weights. What the next tile will want is asked of memory before it is needed. Indexes are
unsigned: numba then asks nothing about negative ones. All that is compiled is in this one file: what numba keeps is
made anew when the file changes, not when one changes that it calls.
"""

import numpy as np

from overprint.craft.motion.compiled import compiled, fetch
from overprint.craft.motion.forms import Bytes, Fallen, Floats, Kept, Light, Numbers, Places, Wides

Tile = tuple[int, int, int, int]
"""Its left, top, columns and rows, in pixels of the plane that it is of."""
Planes = tuple[int, int, int]
Strengths = tuple[np.uint16, np.uint16, np.uint16]
Hiding = tuple[bool, bool]
"""Whether a picture is all that a tile shows, and whether nothing shows through it."""
Desk = tuple[Wides, Wides, Wides, Numbers]
"""What a tile is worked out on: eight sheets; a row of a plane; and how that is stretched, as ``_weigh`` says."""
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
STRENGTH = 6  # after the six numbers of a way
# A drop: its middle, the way it lies, half the length of its core, its radii along and across, how far it reaches, and
# the number of its tint; in pixels of a frame, of which the first reaches from 0 to 1.
X, Y, COS, SIN, HALF, ALONG, ACROSS, REACH_X, REACH_Y, TINT = range(10)
ROWS, COLUMNS = 16, 192
"""Of the tiles that a frame is laid in."""
_STRIDE = 32
"""So many pixels are done at a time, whether or not the last of them are wanted."""
_CHUNK = 16
_BEFORE = 3
"""Places of a line before the first that counts; they are read, and weigh nothing."""
_EACH = 2 * _STRIDE
"""Parts of a tile that have nothing in them are left out by so many columns: whole strides of chroma, too."""
_SLACK = 2 / (_CHUNK - 1)
"""How far from 1 a step may be for 16 pixels to lie among 19."""
_SLOW = 1 / 64
"""How near to 1 it must be for whole runs of pixels to lie between the same two."""
_NEARLY = 1 / 512
"""So many pixels apart, two rows of a tile share their weights."""
_PITCH = COLUMNS + _STRIDE
SHEET = ROWS * _PITCH
# Sheets: sums of luma, blueness and redness; what still shines through, of luma and of chroma; three that are read.
CLEAR, VALUES = 3 * SHEET, 5 * SHEET
_LINE = 1024
"""Room for the pixels of a picture that a row of a tile lies among."""
_LINE_MAX = _LINE - _BEFORE - 2 * _STRIDE
STEP_MAX = 4.0
"""At most so many pixels of a picture lie between two of a frame, and none backwards: of more, a row of a tile would be
read past the end of its line."""
_RAMP = np.arange(_LINE, dtype=np.uint16)
_AROUND = 4.0
"""Pixels beside those that a tile sees that may count too: chroma is read from two farther away."""
_ALL = 65535
_SEEN = 128
_STEP = 65535
_NOTHING, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_TWO, _THREE, _WHOLE = np.float32(2), np.float32(3), np.float32(_ALL)
_TINIEST = np.float32(0.001)
_U = np.uint64


@compiled
def _part(value: np.uint16, share: np.uint16) -> np.uint16:
    """``share`` 65535ths of it."""
    return np.uint16((np.uint32(value) * np.uint32(share)) >> np.uint32(16))


@compiled
def _weight(distance: np.float32) -> np.uint16:
    """What a pixel that far away counts, in 65535ths."""
    left = _ONE - abs(distance)
    return np.uint16(np.int32(_WHOLE * (left if left > _NOTHING else _NOTHING)))


@compiled
def _run(place: float, step: float, count: int) -> int:
    """For how many more steps the whole part of ``place`` stays the same: 1 to ``count``."""
    left = place - np.floor(place) if step < 0.0 else 1.0 - (place - np.floor(place))
    return count if left >= abs(step) * count else max(1, int(left / abs(step)))


@compiled
def _mix_rows(line: Wides, stock: Bytes, at: int, pitch: int, y0: float, slope: float, count: int) -> None:
    """A line across the plane that falls by ``slope`` rows a pixel; at its first it is ``y0`` rows below ``at``."""
    down, drop, done = _U(pitch), np.uint16(np.int32(slope * _STEP)), 0
    while done < count:
        y = y0 + slope * done
        row, length = int(np.floor(y)), _run(y, slope, count - done)
        upper, out, rest = _U(at + row * pitch + done), _U(_BEFORE + done), np.uint16((y - row) * _STEP)
        for at_once in range(_U((length + _STRIDE - 1) // _STRIDE)):
            begin = at_once * _U(_STRIDE)
            for x in range(begin, begin + _U(_STRIDE)):
                share = np.uint16(np.uint16(rest + drop * _RAMP[x]) >> np.uint16(8))
                near = np.uint32(stock[upper + x]) * np.uint32(np.uint16(256 - share))
                line[out + x] = np.uint16(near + np.uint32(stock[upper + down + x]) * np.uint32(share))
        done += length


@compiled
def _read_straight(into: Wides, start: int, line: Wides, along: float, step: float, count: int) -> None:
    """Pixel ``n`` lies at ``along + step × n`` of the line. Done by runs of as many as lie between two neighbours
    that move on by one: for steps that are near to 1, where runs are long, and for those that are far from it."""
    slope, done = np.uint16(np.int32((step - 1.0) * _STEP)), 0
    while done < count:
        place = along + step * done
        column, length = int(place), _run(place, step - 1.0, count - done)
        first, out, rest = _U(_BEFORE + column), _U(start + done), np.uint16((place - column) * _STEP)
        for at_once in range(_U((length + _STRIDE - 1) // _STRIDE)):
            begin = at_once * _U(_STRIDE)
            for x in range(begin, begin + _U(_STRIDE)):
                share = np.uint16(rest + slope * _RAMP[x])
                near = _part(line[first + x], np.uint16(np.uint16(_ALL) - share))
                into[out + x] = np.uint16(near + _part(line[first + x + _U(1)], share))
        done += length


@compiled
def _weigh(weights: Wides, firsts: Numbers, origin: float, step: float, count: int) -> None:
    """How a line is stretched whose pixel ``n`` lies at ``origin + step × n``: the four weights of each pixel and, for
    each sixteen, from where on they count."""
    slope = np.float32(step - 1.0)
    for number in range(_U((count + _CHUNK - 1) // _CHUNK)):
        at = number * _U(_CHUNK)
        place = origin + step * np.float64(at)
        base = int(place) - (2 if step < 1.0 else 0)
        rest = np.float32(place - base)
        firsts[number] = _BEFORE + base
        for x in range(_U(_CHUNK)):
            along = rest + slope * np.float32(np.int32(x))
            weights[at + x] = _weight(along)
            weights[at + x + _U(_PITCH)] = _weight(along - _ONE)
            weights[at + x + _U(2 * _PITCH)] = _weight(along - _TWO)
            weights[at + x + _U(3 * _PITCH)] = _weight(along - _THREE)


@compiled
def _read_stretched(into: Wides, start: int, line: Wides, weights: Wides, firsts: Numbers, count: int) -> None:
    """As ``_weigh`` says. Writes up to 15 pixels more than asked for."""
    for number in range(_U((count + _CHUNK - 1) // _CHUNK)):
        own = number * _U(_CHUNK)
        first, out = _U(firsts[number]), _U(start) + own
        for x in range(_U(_CHUNK)):
            at, share = first + x, own + x
            into[out + x] = np.uint16(
                _part(line[at], weights[share])
                + _part(line[at + _U(1)], weights[share + _U(_PITCH)])
                + _part(line[at + _U(2)], weights[share + _U(2 * _PITCH)])
                + _part(line[at + _U(3)], weights[share + _U(3 * _PITCH)])
            )


@compiled
def _look(cells: Numbers, table: Numbers, way: Way, tile: Tile) -> tuple[int, int, int]:
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
    first, last = max(0, int(west)) // CELL, min(width - 1, int(east)) // CELL
    begin, end = each, -1
    for row in range(max(0, int(north)) // CELL, min(height - 1, int(south)) // CELL + 1):
        at = table[CELLS] + 3 * row * each
        begin, end = min(begin, cells[at + first]), max(end, cells[at + 2 * each + last])
        solid = solid and cells[at + each + first] > last
    if begin > last or end < first:
        return EMPTY, 0, 0
    if solid:
        return SOLID, 0, columns
    if a < 0.5:
        return MIXED, 0, columns
    x_first = (begin * CELL - _AROUND - x0 - max(0.0, sideways)) / a
    x_last = ((end + 1) * CELL + _AROUND - x0 - min(0.0, sideways)) / a
    return MIXED, max(0, int(x_first)) // _EACH * _EACH, min(columns, (int(x_last) // _EACH + 1) * _EACH)


@compiled
def _within(origin: float, step: float, limit: int, begin: int, end: int) -> tuple[int, int]:
    """The part of ``begin`` to ``end`` where ``origin + step × n`` is at least 0 and less than ``limit``."""
    if step == 0.0:
        return (begin, end) if 0 <= origin < limit else (begin, begin)
    enters, leaves = -origin / step, (limit - origin) / step
    if step < 0:
        return max(begin, int(np.floor(leaves)) + 1), min(end, int(np.floor(enters)) + 1)
    return max(begin, int(np.ceil(enters))), min(end, int(np.ceil(leaves)))


@compiled
def _is_inside(size: tuple[int, int], way: Way, tile: Tile) -> bool:
    """Whether every pixel of a tile lies between four of the plane."""
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    for x in (left, left + columns - 1):
        for y in (top, top + rows - 1):
            if not (0 <= e + a * x + b * y < size[0] - 1 and 0 <= f + c * x + d * y < size[1] - 1):
                return False
    return True


@compiled
def _sample(
    desk: Desk, to: int, stock: Bytes, planes: Planes, count: int, size: tuple[int, int], way: Way, tile: Tile
) -> None:
    """Reads the first ``count`` planes (where each begins; all of one size) as a tile sees them, onto the sheets from
    ``to`` on. Outside them there is nothing."""
    sheets, line, weights, firsts = desk
    width, height = size
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    inside, rising = _is_inside(size, way, tile), c / a
    straight = abs(a - 1.0) < _SLOW or abs(a - 1.0) > _SLACK
    weighed, weighed_at = 0, 0.0
    for y in range(rows):
        x0, y0 = e + a * left + b * (top + y), f + c * left + d * (top + y)
        begin, end = 0, columns
        if not inside:
            begin, end = _within(x0, a, width - 1, begin, end)
            begin, end = _within(y0, c, height - 1, begin, end)
            for part in range(count):
                _wipe(sheets, to + part * SHEET + y * _PITCH, columns)
            if end <= begin:
                continue
            x0, y0 = x0 + a * begin, y0 + c * begin
        first, row = int(x0), int(y0)
        along, beneath = x0 - first, y0 - row + rising * (first - x0)
        length = min(_LINE_MAX, width - first, int(along + a * (end - begin - 1)) + 2)
        if not straight and (abs(along - weighed_at) > _NEARLY or end - begin > weighed):
            _weigh(weights, firsts, along, a, end - begin)
            weighed, weighed_at = end - begin, along
        for part in range(count):
            at, out = planes[part] + row * width + first, to + part * SHEET + y * _PITCH + begin
            for line_at in range(0, length, 64):  # the tile to the right will ask for this
                fetch(stock, at + width + length + line_at)
            _mix_rows(line, stock, at, width, beneath, rising, length)
            if straight:
                _read_straight(sheets, out, line, along, a, end - begin)
            else:
                _read_stretched(sheets, out, line, weights, firsts, end - begin)
            if end < columns:  # what was written too much
                _wipe(sheets, out + end - begin, min(columns - end, _STRIDE))


@compiled
def _wipe(sheets: Wides, at: int, count: int) -> None:
    for x in range(_U(count)):
        sheets[_U(at) + x] = np.uint16(0)


@compiled
def _add(sheets: Wides, sums: int, clear: int, values: int, strength: np.uint16, tile: Tile) -> None:
    """Values to sums, as much of them as shines through; each begins somewhere on the sheets."""
    for y in range(tile[3]):
        out, through, read = _U(sums + y * _PITCH), _U(clear + y * _PITCH), _U(values + y * _PITCH)
        for x in range(_U(tile[2])):
            added = _part(_part(sheets[through + x], sheets[read + x]), strength)
            sheets[out + x] = np.uint16(sheets[out + x] + added)


@compiled
def _cover(sheets: Wides, clear: int, covers: int, strength: np.uint16, tile: Tile) -> None:
    """Darkens what shines through."""
    for y in range(tile[3]):
        through, read = _U(clear + y * _PITCH), _U(covers + y * _PITCH)
        for x in range(_U(tile[2])):
            cover = sheets[read + x]
            share = _part(np.uint16(cover + (cover >> np.uint16(8))), strength)
            sheets[through + x] = np.uint16(sheets[through + x] - _part(sheets[through + x], share))


@compiled
def _is_covered(sheets: Wides, clear: int, tile: Tile) -> bool:
    """Whether what still shines through can be seen nowhere; ``clear``: where on the sheets that begins."""
    for y in range(tile[3]):
        most, row = np.uint16(0), _U(clear + y * _PITCH)
        for x in range(_U(tile[2])):
            most = max(most, sheets[row + x])
        if most > _SEEN:
            return False
    return True


@compiled
def _begin(sheets: Wides) -> None:
    """Nothing is there yet, and everything shines through."""
    for x in range(_U(CLEAR)):
        sheets[x] = np.uint16(0)
    for x in range(_U(2 * SHEET)):
        sheets[_U(CLEAR) + x] = np.uint16(_ALL)


@compiled
def _develop(
    plane: Bytes, at: int, width: int, sheets: Wides, sums: int, light: Bytes, is_lit: bool, grey: int, tile: Tile
) -> None:
    """Writes a tile's sums into a plane; what ``light`` (0 to 255) leaves out becomes ``grey``."""
    left, top, columns, rows = tile
    rest, half = np.uint16(grey << 8), np.uint16(128)
    for y in range(rows):
        seen, row = _U((top + y) * width + left), _U(sums + y * _PITCH)
        out = _U(at) + seen
        if is_lit:
            for x in range(_U(columns)):
                plane[out + x] = np.uint8(np.uint16(sheets[row + x] + half) >> np.uint16(8))
            continue
        for x in range(_U(columns)):
            share = np.uint16(np.uint16(light[seen + x]) * np.uint16(257))
            value = _part(sheets[row + x], share) + _part(rest, np.uint16(np.uint16(_ALL) - share))
            plane[out + x] = np.uint8(np.uint16(value + half) >> np.uint16(8))


@compiled
def _small(way: Way, tile: Tile) -> tuple[Way, Tile]:
    """The same among pixels of chroma."""
    a, b, e, c, d, f = way
    half = (a, b, 0.25 * (a + b) + 0.5 * e - 0.25, c, d, 0.25 * (c + d) + 0.5 * f - 0.25)
    return half, (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)


@compiled
def _lay_values(sheets: Wides, level: int, at: int, apart: int, strengths: Strengths, covers: bool, tile: Tile) -> None:
    """Lays what was read behind what is there. ``level``: 0 luma, 1 chroma; ``at``: where on a sheet; ``apart``: how
    far what is of one plane is from what is of the next; ``strengths``: of two colours, then of what covers."""
    clear = CLEAR + level * SHEET + at
    for part in range(1 + level):
        strength = strengths[1] if part > 0 else strengths[0]
        _add(sheets, (level + part) * SHEET + at, clear, VALUES + part * apart, strength, tile)
    if covers:
        _cover(sheets, clear, VALUES + (1 + level) * apart, strengths[2], tile)


@compiled
def _lay_picture(
    desk: Desk, stock: Bytes, table: Numbers, way: Way, strength: np.uint16, hiding: Hiding, begin: int, tile: Tile
) -> None:
    """Lays a picture behind what is there, over the part of a tile that begins at its column ``begin``."""
    copies, hides = hiding
    planes, size = (table[LUMA], table[COVER], table[COVER]), (table[WIDTH], table[HEIGHT])
    for level in range(2):
        if level == 1:
            way, tile = _small(way, tile)
            planes, size = (table[BLUENESS], table[REDNESS], table[CHROMA_COVER]), (size[0] // 2, size[1] // 2)
        to = level * SHEET if copies else VALUES
        _sample(desk, to, stock, planes, 1 + level if hides else 2 + level, size, way, tile)
        if not copies:
            strengths = (strength, strength, strength)
            _lay_values(desk[0], level, begin >> level, SHEET, strengths, not hides, tile)


@compiled
def _shape(covers: Wides, drop: Floats, grain: int, tile: Tile) -> None:
    """How much of each pixel a drop covers: by how far the pixel's middle is from its edge. ``grain``: how many pixels
    of luma are one of these. What is thinner than a pixel covers less of it."""
    left, top, columns, rows = tile
    wide, least = np.float32(grain), np.float32(0.5 * grain)
    along, across = max(drop[ALONG], least), max(drop[ACROSS], least)
    thin = drop[ACROSS] / across * (_ONE if drop[HALF] > _NOTHING else drop[ALONG] / along)
    cos, sin, core = drop[COS], drop[SIN], drop[HALF]
    for y in range(rows):
        down, row = wide * np.float32(top + y + 0.5) - drop[Y], _U(VALUES + y * _PITCH)
        first = wide * np.float32(left + 0.5) - drop[X]
        for x in range(_U(columns)):
            right = first + wide * np.float32(np.int32(x))
            u = max(abs(right * cos + down * sin) - core, _NOTHING) / along
            v = max(abs(down * cos - right * sin) / across, _TINIEST)
            radius = np.sqrt(u * u + v * v)
            steep = np.sqrt(u * u / (along * along) + v * v / (across * across))
            outside = (radius - _ONE) * radius / (steep * wide)
            cover = min(_ONE, max(_NOTHING, _HALF - outside))
            covers[row + x] = np.uint16(np.int32(cover * thin * np.float32(65280)))


@compiled
def _lay_drop(sheets: Wides, drop: Floats, tints: Wides, part: Tile, tile: Tile) -> None:
    """Lays a drop behind what is there. ``part``: of the tile, where it is."""
    tint, x, y = int(drop[TINT]), part[0] - tile[0], part[1] - tile[1]
    strengths = (tints[tint, 0], tints[tint, 0], tints[tint, 3])
    for level in range(2):
        if level == 1:
            x, y, part = x // 2, y // 2, (part[0] // 2, part[1] // 2, part[2] // 2, part[3] // 2)
            strengths = (tints[tint, 1], tints[tint, 2], tints[tint, 3])
        _shape(sheets, drop, 1 + level, part)
        _lay_values(sheets, level, y * _PITCH + x, 0, strengths, True, part)


@compiled
def _met(drop: Floats, tile: Tile) -> Tile:
    """The part of a tile where a drop is, with even sides; it may have none."""
    left = max(tile[0], int(drop[X] - drop[REACH_X]) // 2 * 2)
    top = max(tile[1], int(drop[Y] - drop[REACH_Y]) // 2 * 2)
    right = min(tile[0] + tile[2], (int(drop[X] + drop[REACH_X]) // 2 + 1) * 2)
    below = min(tile[1] + tile[3], (int(drop[Y] + drop[REACH_Y]) // 2 + 1) * 2)
    return (left, top, max(0, right - left), max(0, below - top))


@compiled
def _near(drops: Floats, curtains: Numbers, band: Tile, found: Numbers, ends: Numbers) -> None:
    """Notes which drops a band of the frame meets, curtain after curtain, and where each curtain's end in the list."""
    count = 0
    for curtain in range(curtains.shape[0]):
        for drop in range(curtains[curtain, 0], curtains[curtain, 1]):
            if _met(drops[drop], band)[3] > 0:
                found[count] = drop
                count += 1
        ends[curtain] = count


@compiled
def _lay_tile(
    desk: Desk, kept: Kept, places: Places, fallen: Fallen, order: Numbers, near: tuple[Numbers, Numbers], tile: Tile
) -> None:
    (stock, cells, tables), (drops, _, tints), touched = kept, fallen, False
    for number in range(order.shape[0]):
        picture, row = order[number, 0], order[number, 1]
        if picture < 0:
            for found in range(near[1][row - 1] if row > 0 else 0, near[1][row]):
                part = _met(drops[near[0][found]], tile)
                if part[2] > 0:
                    if not touched:
                        _begin(desk[0])
                        touched = True
                    _lay_drop(desk[0], drops[near[0][found]], tints, part, tile)
            continue
        place, table = places[row], tables[picture]
        way = (place[0], place[1], place[2], place[3], place[4], place[5])
        state, begin, end = _look(cells, table, way, tile)
        if end <= begin:
            continue
        strength = np.uint16(place[STRENGTH] * _ALL)
        hides = state == SOLID and strength == _ALL
        copies = hides and not touched
        if not touched and not copies:
            _begin(desk[0])
        touched = True
        part = (tile[0] + begin, tile[1], end - begin, tile[3])
        _lay_picture(desk, stock, table, way, strength, (copies, hides), begin, part)
        small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
        if hides or (_is_covered(desk[0], CLEAR, tile) and _is_covered(desk[0], CLEAR + SHEET, small)):
            break
    if not touched:
        _begin(desk[0])


@compiled
def lay_frame(
    frame: Bytes, size: tuple[int, int], kept: Kept, places: Places, fallen: Fallen, order: Numbers, light: Light
) -> None:
    """Fills ``frame``: a plane of luma, then both of chroma, one after the other; ``size`` is its width and height.

    ``order`` says what lies where, the nearest first: the number of a picture in ``kept`` and of its row in ``places``
    (the six numbers of its way, of which the first is above 0 and at most ``STEP_MAX``, then its strength), or -1 and
    the number of a curtain in ``fallen``.
    """
    width, whole, number = size[0], size[0] * size[1], 0
    weights, firsts = np.zeros(4 * _PITCH, np.uint16), np.zeros(_PITCH, np.int64)
    desk = (np.zeros(8 * SHEET, np.uint16), np.zeros(_LINE, np.uint16), weights, firsts)
    near = (np.zeros(fallen[0].shape[0], np.int64), np.zeros(fallen[1].shape[0], np.int64))
    for top in range(0, size[1], ROWS):
        rows = min(ROWS, size[1] - top)
        _near(fallen[0], fallen[1], (0, top, width, rows), *near)
        for left in range(0, width, COLUMNS):
            tile = (left, top, min(COLUMNS, width - left), rows)
            is_lit = light[2][number] != 0
            number += 1
            _lay_tile(desk, kept, places, fallen, order, near, tile)
            _develop(frame, 0, width, desk[0], 0, light[0], is_lit, 16, tile)
            tile = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
            for part in range(2):
                at = whole + part * (whole // 4)
                _develop(frame, at, width // 2, desk[0], (1 + part) * SHEET, light[1], is_lit, 128, tile)
