"""One frame laid from front to back: what is covered already costs nothing.

Everything is planar YUV 4:2:0, premultiplied: a value is ``cover × colour`` with black's 16 and grey's 128 among it, so
that laying one picture behind another is the same sum in every plane. The frame is cut into tiles. A tile takes the
nearest picture first and stops when nothing shines through; one that is all of a single picture is copied, not summed.

Sums are of whole numbers of 16 bits, 256 for each of a byte's steps, 32 of them at a time (``swath``). A place between
pixels is a mix of those beside it. Pixels of a row are done as far as they lie between the same two rows and are one
column apart; where a row is stretched, 16 or 32 of them lie among 3 more of the plane, so each is a sum of four
neighbours of which two weigh nothing: no index is looked up, and rows of a tile share the weights. What will be wanted
next is asked of memory beforehand.
"""

import numpy as np

from overprint.craft.motion.compiled import compiled, fetch
from overprint.craft.motion.forms import Bytes, Fallen, Floats, Kept, Light, Numbers, Places, Wides
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
from overprint.craft.motion.swath import (
    SWATH,
    Swath,
    first,
    highest,
    larger,
    part,
    ramp,
    read,
    read_twice,
    same,
    write,
    write_first,
)

Planes = tuple[int, int, int]
Values = tuple[Swath, Swath, Swath]
"""Of luma, or of blueness and redness; then of what covers."""
Laying = tuple[int, bool, bool, int]
"""How a picture is laid: its strength; whether it is all that a tile shows; whether nothing shows through it; what is
laid of it: 0 luma, 1 chroma."""
Desk = tuple[Wides, Wides, Wides, Numbers]
"""What a tile is worked out on: sheets; rows of planes; and how those are stretched, as ``_weigh`` says."""
Course = tuple[int, int, int, int]
"""Where in a plane the first pixel of a row lies, and how far the next one is from it; fixed."""

STRENGTH = 6  # after the six numbers of a way
# A drop: its middle, the way it lies, half the length of its core, its radii along and across, how far it reaches, and
# the number of its tint; in pixels of a frame, of which the first reaches from 0 to 1.
X, Y, COS, SIN, HALF, ALONG, ACROSS, REACH_X, REACH_Y, TINT = range(10)
ROWS, COLUMNS = 16, 192
"""Of the tiles that a frame is laid in."""
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
_PITCH = COLUMNS + SWATH
SHEET = ROWS * _PITCH
# Sheets: sums of luma, blueness and redness; what still shines through, of luma and of chroma; room for a drop's cover.
CLEAR, COVERED = 3 * SHEET, 5 * SHEET
_LINE = COLUMNS + 4 * SWATH
"""Room for the pixels of a picture that a row of a tile lies among, where it is stretched."""
_LINE_MAX = _LINE - _BEFORE - 2 * SWATH
STEP_MAX = 4.0
"""At most so many pixels of a picture lie between two of a frame, and none backwards: of more, each would be read by
itself, and what is between them never seen."""
_FINE = 32
"""A fixed number has so many bits after its point."""
_UNIT = 1 << _FINE
_ALL = 65535
_SEEN = 128
_NOTHING, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_WHOLE, _TINIEST = np.float32(_ALL), np.float32(0.001)


@compiled
def _fixed(value: float) -> int:
    return int(np.floor(value * _UNIT))


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
    left = part(_mixed(stock, at, pitch, lower), same(_ALL) - right)
    return left + part(_mixed(stock, at + 1, pitch, lower), right)


@compiled
def _lay(sheets: Wides, at: int, values: Values, laying: Laying, count: int) -> None:
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
        if strength < _ALL:
            lit = part(lit, same(strength))
        write(sheets, out, read(sheets, out) + part(lit, values[0]))
        if level == 1:
            write(sheets, out + SHEET, read(sheets, out + SHEET) + part(lit, values[1]))
        if not hides:
            write(sheets, clear, through - part(lit, values[2] + (values[2] >> same(8))))


@compiled
def _lay_straight(
    sheets: Wides, at: int, stock: Bytes, planes: Planes, pitch: int, course: Course, laying: Laying, count: int
) -> None:
    """Lays a row of a tile by as many pixels as lie between the same two rows and are one column apart."""
    x, y, step, slope = course
    drift, done = step - _UNIT, 0
    while done < count:
        length = min(min(_run(x, drift), _run(y, slope)), count - done)
        place = (y >> _FINE) * pitch + (x >> _FINE) + done
        right, lower = _shares(x, drift), _shares(y, slope) >> same(8)
        value = _between(stock, planes[0] + place, pitch, lower, right)
        other = _between(stock, planes[1] + place, pitch, lower, right) if laying[3] == 1 else value
        cover = value if laying[2] else _between(stock, planes[2] + place, pitch, lower, right)
        _lay(sheets, at + done, (value, other, cover), laying, length)
        done, x, y = done + length, x + drift * length, y + slope * length


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
def _mix_rows(line: Wides, out: int, stock: Bytes, at: int, pitch: int, y: int, slope: int, count: int) -> None:
    """A line across the plane that falls by ``slope`` rows a pixel; at its first it is ``y`` rows below ``at``; both
    fixed."""
    done = 0
    while done < count:
        length = _run(y, slope)
        mixed = _mixed(stock, at + (y >> _FINE) * pitch + done, pitch, _shares(y, slope) >> same(8))
        write(line, out + done, mixed)
        done, y = done + length, y + slope * length


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
        _lay(sheets, at + done, (value, other, cover), laying, min(each, count - done))


@compiled
def _is_read(number: int, laying: Laying) -> bool:
    """Of three planes; the second is of chroma only, the third what they cover."""
    return number == 0 or (number == 1 and laying[3] == 1) or (number == 2 and not laying[2])


@compiled
def _lay_planes(
    desk: Desk, stock: Bytes, planes: Planes, size: tuple[int, int], way: Way, laying: Laying, begin: int, tile: Tile
) -> None:
    """Lays planes of one size behind what is there, over the part of a tile that begins at its column ``begin``.
    Outside them there is nothing."""
    width, height = size
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    inside, off = is_inside(size, way, tile), abs(a - 1.0)
    each = 0 if off < _SLOW or off > _SLACK_OF_FEW else SWATH if off < _SLACK else _FEW
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
        at, count, behind = row * _PITCH + begin + start, end - start, (int(y) + 1) * width + int(x + a * (end - start))
        for number in range(3):
            if _is_read(number, laying):
                for ahead in range(64, count + 64, 64):  # wanted by the tile to the right, and by the next row but one
                    fetch(stock, planes[number] + behind + ahead)
                    fetch(stock, planes[number] + behind + 2 * width + ahead - count - SWATH)
        if each == 0:
            course = (_fixed(x), _fixed(y), _fixed(a), _fixed(c))
            _lay_straight(desk[0], at, stock, planes, width, course, laying, count)
            continue
        column, along = int(x), x - int(x)
        if abs(along - weighed_at) > _NEARLY or count > weighed:
            _weigh(desk[2], desk[3], along, a, count, each)
            weighed, weighed_at = count, along
        length = min(_LINE_MAX, width - column, int(along + a * (count - 1)) + 2)
        falls = c / a
        for number in range(3):
            if _is_read(number, laying):
                out, beneath = number * _LINE + _BEFORE, _fixed(y - falls * along)
                _mix_rows(desk[1], out, stock, planes[number] + column, width, beneath, _fixed(falls), length)
        _lay_stretched(desk, at, laying, count, each)


@compiled
def _is_covered(sheets: Wides, clear: int, tile: Tile) -> bool:
    """Whether what still shines through can be seen nowhere; ``clear``: where on the sheets that begins."""
    for y in range(tile[3]):
        most = same(0)
        for x in range(0, tile[2], SWATH):
            most = larger(most, read(sheets, clear + y * _PITCH + x) & first(tile[2] - x))
        if highest(most) > _SEEN:
            return False
    return True


@compiled
def _begin(sheets: Wides) -> None:
    """Nothing is there yet, and everything shines through."""
    for at in range(0, CLEAR, SWATH):
        write(sheets, at, same(0))
    for at in range(CLEAR, COVERED, SWATH):
        write(sheets, at, same(_ALL))


@compiled
def _develop(
    plane: Bytes, at: int, width: int, sheets: Wides, level: int, number: int, light: Bytes, is_lit: bool, tile: Tile
) -> None:
    """Writes sums of a tile into a plane, ``number`` of the three; what ``light`` leaves out becomes black's or grey's.
    ``light`` has a number for four pixels of luma, 0 to 255."""
    left, top, columns, rows = tile
    rest = 128 << 8 if level == 1 else 16 << 8
    for y in range(rows):
        seen = (top + y) * width + left
        shade = ((top + y) >> (1 - level)) * (width >> (1 - level)) + (left >> (1 - level))
        for x in range(0, columns, SWATH):
            value = read(sheets, number * SHEET + y * _PITCH + x)
            if not is_lit:
                lit = read(light, shade + x) if level == 1 else read_twice(light, shade + (x >> 1))
                share = lit * same(257)
                value = part(value, share) + part(same(rest), same(_ALL) - share)
            byte = (value + same(128)) >> same(8)
            if columns - x >= SWATH:
                write(plane, at + seen + x, byte)
            else:
                write_first(plane, at + seen + x, byte, columns - x)


@compiled
def _small(way: Way, tile: Tile) -> tuple[Way, Tile]:
    """The same among pixels of chroma."""
    a, b, e, c, d, f = way
    half = (a, b, 0.25 * (a + b) + 0.5 * e - 0.25, c, d, 0.25 * (c + d) + 0.5 * f - 0.25)
    return half, (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)


@compiled
def _lay_picture(
    desk: Desk, stock: Bytes, table: Numbers, way: Way, laying: tuple[int, bool, bool], begin: int, tile: Tile
) -> None:
    """Lays a picture behind what is there, over the part of a tile that begins at its column ``begin``."""
    strength, copies, hides = laying
    planes, size = (table[LUMA], table[LUMA], table[COVER]), (table[WIDTH], table[HEIGHT])
    _lay_planes(desk, stock, planes, size, way, (strength, copies, hides, 0), begin, tile)
    planes, size = (table[BLUENESS], table[REDNESS], table[CHROMA_COVER]), (size[0] // 2, size[1] // 2)
    way, tile = _small(way, tile)
    _lay_planes(desk, stock, planes, size, way, (strength, copies, hides, 1), begin // 2, tile)


@compiled
def _shape(covers: Wides, drop: Floats, wide: np.float32, right: np.float32, down: np.float32) -> None:
    """How much of each pixel in a row a drop covers: by how far the pixel's middle is from its edge. ``wide``: how many
    pixels of luma are one of these; ``right``, ``down``: of the first. What is thinner than one covers less of it."""
    least, cos, sin, core = _HALF * wide, drop[COS], drop[SIN], drop[HALF]
    along, across = max(drop[ALONG], least), max(drop[ACROSS], least)
    most = drop[ACROSS] / across * (_ONE if core > _NOTHING else drop[ALONG] / along) * np.float32(65280)
    if along == across:
        for x in range(np.uint64(SWATH)):
            beside = right + wide * np.float32(np.int32(x))
            u, v = max(abs(beside * cos + down * sin) - core, _NOTHING), down * cos - beside * sin
            outside = (np.sqrt(u * u + v * v) - along) / wide
            covers[COVERED + x] = np.uint16(np.int32(most * min(_ONE, max(_NOTHING, _HALF - outside))))
        return
    for x in range(np.uint64(SWATH)):
        beside = right + wide * np.float32(np.int32(x))
        u = max(abs(beside * cos + down * sin) - core, _NOTHING) / along
        v = max(abs(down * cos - beside * sin) / across, _TINIEST)
        radius = np.sqrt(u * u + v * v)
        steep = np.sqrt(u * u / (along * along) + v * v / (across * across))
        outside = (radius - _ONE) * radius / (steep * wide)
        covers[COVERED + x] = np.uint16(np.int32(most * min(_ONE, max(_NOTHING, _HALF - outside))))


@compiled
def _lay_drop(sheets: Wides, drop: Floats, tints: Wides, met: Tile, tile: Tile) -> None:
    """Lays a drop behind what is there. ``met``: the part of the tile where it is."""
    tint, x, y = int(drop[TINT]), met[0] - tile[0], met[1] - tile[1]
    for level in range(2):
        laying, wide = (_ALL, False, False, level), np.float32(1 + level)
        left, top, columns, rows = met[0] >> level, met[1] >> level, met[2] >> level, met[3] >> level
        for row in range(rows):
            down = wide * np.float32(top + row + 0.5) - drop[Y]
            for done in range(0, columns, SWATH):
                _shape(sheets, drop, wide, wide * np.float32(left + done + 0.5) - drop[X], down)
                cover = read(sheets, COVERED)
                value = part(cover, same(tints[tint, level])), part(cover, same(tints[tint, 2]))
                at = ((y >> level) + row) * _PITCH + (x >> level) + done
                values = (value[0], value[1], part(cover, same(tints[tint, 3])))
                _lay(sheets, at, values, laying, columns - done)


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
                met = _met(drops[near[0][found]], tile)
                if met[2] > 0:
                    if not touched:
                        _begin(desk[0])
                        touched = True
                    _lay_drop(desk[0], drops[near[0][found]], tints, met, tile)
            continue
        place, table = places[row], tables[picture]
        way = (place[0], place[1], place[2], place[3], place[4], place[5])
        state, begin, end = look(cells, table, way, tile)
        if end <= begin:
            continue
        strength = int(place[STRENGTH] * _ALL)
        hides = state == SOLID and strength == _ALL
        copies = hides and not touched
        if not touched and not copies:
            _begin(desk[0])
        touched = True
        seen = (tile[0] + begin, tile[1], end - begin, tile[3])
        _lay_picture(desk, stock, table, way, (strength, copies, hides), begin, seen)
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
    chunks = COLUMNS // _FEW
    weights, firsts = np.zeros(_TAPS * SWATH * chunks, np.uint16), np.zeros(chunks, np.int64)
    desk = (np.zeros(COVERED + SWATH, np.uint16), np.zeros(3 * _LINE, np.uint16), weights, firsts)
    near = (np.zeros(fallen[0].shape[0], np.int64), np.zeros(fallen[1].shape[0], np.int64))
    for top in range(0, size[1], ROWS):
        rows = min(ROWS, size[1] - top)
        _near(fallen[0], fallen[1], (0, top, width, rows), *near)
        for left in range(0, width, COLUMNS):
            tile = (left, top, min(COLUMNS, width - left), rows)
            is_lit = light[1][number] != 0
            number += 1
            _lay_tile(desk, kept, places, fallen, order, near, tile)
            _develop(frame, 0, width, desk[0], 0, 0, light[0], is_lit, tile)
            tile = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
            for chroma in range(2):
                at = whole + chroma * (whole // 4)
                _develop(frame, at, width // 2, desk[0], 1, 1 + chroma, light[0], is_lit, tile)
