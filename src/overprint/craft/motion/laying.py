"""One frame laid from front to back: what is covered already costs nothing.

Everything is planar YUV 4:2:0, premultiplied: a value is ``cover × colour`` with black's 16 and grey's 128 among it, so
that laying one picture behind another is the same sum in every plane. The frame is cut into tiles. A tile takes the
nearest picture first and stops when nothing shines through.

A place between pixels is a mix of those beside it. Where a row is stretched, 16 pixels in a row lie among 19 of the
plane, so each is a sum of four neighbours of which two weigh nothing: no index is looked up, and a processor does
eight at a time. Indexes are unsigned: numba then asks nothing about negative ones. All that is compiled is in this one
file: what numba keeps is made anew when the file changes, not when one changes that it calls.
"""

import numpy as np
import numpy.typing as npt

from overprint.craft.motion.compiled import compiled

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.float64]
Tile = tuple[int, int, int, int]
"""Its left, top, columns and rows, in pixels of the plane that it is of."""
Planes = tuple[int, int, int]
Sums = tuple[Floats, Floats, Floats, Floats, Floats]
"""Of luma, blueness and redness, then what still shines through of luma and of chroma."""
Scratch = tuple[Floats, Floats, Floats]
Way = tuple[float, float, float, float, float, float]
"""From pixels of a frame to those of a picture: ``a x + b y + e``, ``c x + d y + f``."""

CELL = 16
"""Side of the squares, in pixels of a picture, that are known to be empty, mixed or solid."""
EMPTY, MIXED, SOLID = 0, 1, 2
# What a table says of a picture: where its planes begin in the stock, its size, where its cells begin, how many a row.
LUMA, COVER, BLUENESS, REDNESS, CHROMA_COVER, WIDTH, HEIGHT, CELLS, CELLS_A_ROW = range(9)
STRENGTH = 6  # after the six numbers of a way
_CHUNK = 16
_BEFORE = 3
"""Places of a line before the first that counts; they are read, and weigh nothing."""
_SLACK = 2 / (_CHUNK - 1)
"""How far from 1 a step may be for 16 pixels to lie among 19."""
_SLOW = 1 / 64
"""How near to 1 it must be for whole runs of pixels to lie between the same two."""
_ROWS, _COLUMNS = 8, 128
_PITCH = _COLUMNS + _CHUNK
_LINE = 1024
"""Room for the pixels of a picture that a row of a tile lies among."""
_FULL = np.float32(1 / 255)
_SEEN = np.float32(0.5 / 255)
_NOTHING, _HALF = np.float32(0), np.float32(0.5)
_ONE, _TWO, _THREE = np.float32(1), np.float32(2), np.float32(3)
_U = np.uint64


@compiled
def _mix_rows(line: Floats, stock: Bytes, at: int, pitch: int, below: np.float32, count: int) -> None:
    """The row that begins at ``at`` and the one under it, ``below`` of which 0 to 1 counts."""
    upper, lower = _U(at), _U(at + pitch)
    for x in range(_U(count)):
        near = np.float32(stock[upper + x])
        line[_U(_BEFORE) + x] = near + below * (np.float32(stock[lower + x]) - near)


@compiled
def _weight(distance: np.float32) -> np.float32:
    """What a pixel that far away counts."""
    left = _ONE - abs(distance)
    return left if left > _NOTHING else _NOTHING


@compiled
def _run(place: float, step: float, count: int) -> int:
    """For how many more steps the whole part of ``place`` stays the same: 1 to ``count``."""
    left = place - np.floor(place) if step < 0.0 else 1.0 - (place - np.floor(place))
    return count if left >= abs(step) * count else max(1, int(left / abs(step)))


@compiled
def _mix_rising(line: Floats, stock: Bytes, at: int, pitch: int, y0: float, slope: float, count: int) -> None:
    """The same where the line falls by ``slope`` rows a pixel; at its first it is ``y0`` rows below ``at``."""
    drop, down, done = np.float32(slope), _U(pitch), 0
    if abs(slope) < _SLOW or abs(slope) > _SLACK:
        while done < count:
            y = y0 + slope * done
            row, length = int(np.floor(y)), _run(y, slope, count - done)
            upper, out, rest = _U(at + row * pitch + done), _U(_BEFORE + done), np.float32(y - row)
            for x in range(_U(length)):
                near = np.float32(stock[upper + x])
                beneath = rest + drop * np.float32(np.int32(x))
                line[out + x] = near + beneath * (np.float32(stock[upper + down + x]) - near)
            done += length
        return
    for chunk in range(0, count, _CHUNK):
        y = y0 + slope * chunk
        row = int(np.floor(y)) - (2 if slope < 0.0 else 0)
        rest = np.float32(y - row)
        out, first = _U(_BEFORE + chunk), _U(at + row * pitch + chunk)
        second = first + down
        third = second + down
        fourth = third + down
        for x in range(_U(_CHUNK)):
            beneath = rest + drop * np.float32(np.int32(x))
            line[out + x] = (
                _weight(beneath) * np.float32(stock[first + x])
                + _weight(beneath - _ONE) * np.float32(stock[second + x])
                + _weight(beneath - _TWO) * np.float32(stock[third + x])
                + _weight(beneath - _THREE) * np.float32(stock[fourth + x])
            )


@compiled
def _read_straight(into: Floats, start: int, line: Floats, right: np.float32, count: int) -> None:
    """As many pixels of a frame as of the plane, ``right`` of a pixel farther on."""
    out = _U(start)
    for x in range(_U(count)):
        near = line[_U(_BEFORE) + x]
        into[out + x] = near + right * (line[_U(_BEFORE + 1) + x] - near)


@compiled
def _read_stretched(into: Floats, start: int, line: Floats, origin: float, step: float, count: int) -> None:
    """Pixel ``n`` lies at ``origin + step × n`` of the line. Writes up to 15 pixels more than asked for."""
    slope, done = np.float32(step - 1.0), 0
    if abs(step - 1.0) < _SLOW or abs(step - 1.0) > _SLACK:
        while done < count:
            place = origin + step * done
            column, length = int(place), _run(place, step - 1.0, count - done)
            first, out, rest = _U(_BEFORE + column), _U(start + done), np.float32(place - column)
            for x in range(_U(length)):
                near = line[first + x]
                right = rest + slope * np.float32(np.int32(x))
                into[out + x] = near + right * (line[first + x + _U(1)] - near)
            done += length
        return
    for chunk in range(0, count, _CHUNK):
        place = origin + step * chunk
        base = int(place) - (2 if step < 1.0 else 0)
        rest = np.float32(place - base)
        first, out = _U(_BEFORE + base), _U(start + chunk)
        for x in range(_U(_CHUNK)):
            along = rest + slope * np.float32(np.int32(x))
            at = first + x
            into[out + x] = (
                _weight(along) * line[at]
                + _weight(along - _ONE) * line[at + _U(1)]
                + _weight(along - _TWO) * line[at + _U(2)]
                + _weight(along - _THREE) * line[at + _U(3)]
            )


@compiled
def _state(cells: Bytes, table: Numbers, way: Way, tile: Tile) -> int:
    """EMPTY, MIXED or SOLID: what the part of a picture is that a tile sees, with the pixels beside it."""
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    x0, y0 = e + a * left + b * top, f + c * left + d * top
    across, sideways = a * (columns - 1), b * (rows - 1)
    rising, down = c * (columns - 1), d * (rows - 1)
    west = x0 + min(0.0, across) + min(0.0, sideways) - 2.0
    east = x0 + max(0.0, across) + max(0.0, sideways) + 3.0
    north = y0 + min(0.0, rising) + min(0.0, down) - 2.0
    south = y0 + max(0.0, rising) + max(0.0, down) + 3.0
    width, height = table[WIDTH], table[HEIGHT]
    if east < 0 or south < 0 or west >= width or north >= height:
        return EMPTY
    solid = west >= 0 and north >= 0 and east < width and south < height
    empty = True
    for row in range(max(0, int(north)) // CELL, min(height - 1, int(south)) // CELL + 1):
        at = table[CELLS] + row * table[CELLS_A_ROW]
        for column in range(max(0, int(west)) // CELL, min(width - 1, int(east)) // CELL + 1):
            state = cells[at + column]
            solid = solid and state == SOLID
            empty = empty and state == EMPTY
        if not solid and not empty:
            return MIXED
    return EMPTY if empty else SOLID


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
    into: Floats, line: Floats, stock: Bytes, planes: Planes, count: int, size: tuple[int, int], way: Way, tile: Tile
) -> None:
    """The first ``count`` planes (where each begins; all of one size), as a tile sees them, a row of ``into`` each.
    Outside them there is nothing."""
    width, height = size
    a, b, e, c, d, f = way
    left, top, columns, rows = tile
    inside, rising = _is_inside(size, way, tile), c / a
    for y in range(rows):
        x0, y0 = e + a * left + b * (top + y), f + c * left + d * (top + y)
        begin, end, start = 0, columns, y * _PITCH
        if not inside:
            begin, end = _within(x0, a, width - 1, begin, end)
            begin, end = _within(y0, c, height - 1, begin, end)
            for part in range(count):
                into[part, start : start + columns] = np.float32(0)
            if end <= begin:
                continue
            x0, y0, start = x0 + a * begin, y0 + c * begin, start + begin
        first, row = int(x0), int(y0)
        along, beneath = x0 - first, y0 - row + rising * (first - x0)
        length = min(width - first, int(along + a * (end - begin - 1)) + 2)
        for part in range(count):
            at, read = planes[part] + row * width + first, into[part]
            if c == 0.0:
                _mix_rows(line, stock, at, width, np.float32(beneath), length)
            else:
                _mix_rising(line, stock, at, width, beneath, rising, length)
            if a == 1.0:
                _read_straight(read, start, line, np.float32(along), end - begin)
            else:
                _read_stretched(read, start, line, along, a, end - begin)
            for x in range(end, min(columns, end + _CHUNK)):  # what was written too much
                read[y * _PITCH + x] = np.float32(0)


@compiled
def _add(sums: Floats, clear: Floats, values: Floats, strength: np.float32, tile: Tile) -> None:
    for y in range(tile[3]):
        row = _U(y * _PITCH)
        for x in range(_U(tile[2])):
            sums[row + x] += strength * clear[row + x] * values[row + x]


@compiled
def _cover(clear: Floats, most: Floats, covers: Floats, strength: np.float32, tile: Tile) -> np.float32:
    """Darkens what shines through; answers the most that still does anywhere in the tile."""
    factor = strength * _FULL
    for x in range(_U(tile[2])):
        most[x] = np.float32(0)
    for y in range(tile[3]):
        row = _U(y * _PITCH)
        for x in range(_U(tile[2])):
            left = clear[row + x] * (_ONE - factor * covers[row + x])
            clear[row + x] = left
            most[x] = left if left > most[x] else most[x]
    worst = np.float32(0)
    for x in range(_U(tile[2])):
        worst = max(worst, most[x])
    return worst


@compiled
def _curtain(into: Floats, thin: Floats, covers: Bytes, width: int, tile: Tile) -> bool:
    """A curtain's cover in a tile, and the same for chroma. False: there is none."""
    left, top, columns, rows = tile
    found = np.uint8(0)
    for y in range(rows):
        at, row = _U((top + y) * width + left), _U(y * _PITCH)
        for x in range(_U(columns)):
            found |= covers[at + x]
            into[row + x] = np.float32(covers[at + x])
    if found == 0:
        return False
    for y in range(rows // 2):
        upper = _U(2 * y * _PITCH)
        lower, row = upper + _U(_PITCH), _U(y * _PITCH)
        for x in range(_U(columns // 2)):
            twice = x + x
            four = into[upper + twice] + into[upper + twice + _U(1)] + into[lower + twice] + into[lower + twice + _U(1)]
            thin[row + x] = np.float32(0.25) * four
    return True


@compiled
def _develop(plane: Bytes, at: int, width: int, sums: Floats, light: Bytes, grey: np.float32, tile: Tile) -> None:
    """Writes a tile's sums into a plane; what ``light`` (0 to 255) leaves out becomes ``grey``."""
    left, top, columns, rows = tile
    for y in range(rows):
        out, row = _U((top + y) * width + left), _U(y * _PITCH)
        for x in range(_U(columns)):
            share = np.float32(light[out + x]) * _FULL
            value = grey + (sums[row + x] - grey) * share + _HALF
            plane[_U(at) + out + x] = np.uint8(np.int32(value))


@compiled
def _lay_picture(
    sums: Sums, scratch: Scratch, stock: Bytes, table: Numbers, way: Way, strength: np.float32, state: int, tile: Tile
) -> np.float32:
    """Lays a picture behind what is there; answers the most that still shines through anywhere in the tile."""
    luma, blueness, redness, clear, chroma_clear = sums
    values, line, most = scratch
    a, b, e, c, d, f = way
    half = (a, b, 0.25 * (a + b) + 0.5 * e - 0.25, c, d, 0.25 * (c + d) + 0.5 * f - 0.25)
    small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
    size = (table[WIDTH], table[HEIGHT])
    hides = state == SOLID and strength == _ONE
    parts = (table[LUMA], table[COVER], 0)
    _sample(values, line, stock, parts, 1 if hides else 2, size, way, tile)
    _add(luma, clear, values[0], strength, tile)
    through = np.float32(0) if hides else _cover(clear, most, values[1], strength, tile)
    parts = (table[BLUENESS], table[REDNESS], table[CHROMA_COVER])
    _sample(values, line, stock, parts, 2 if hides else 3, (size[0] // 2, size[1] // 2), half, small)
    _add(blueness, chroma_clear, values[0], strength, small)
    _add(redness, chroma_clear, values[1], strength, small)
    return through if hides else max(through, _cover(chroma_clear, most, values[2], strength, small))


@compiled
def _lay_curtain(sums: Sums, scratch: Scratch, covers: Bytes, tint: Floats, width: int, tile: Tile) -> None:
    luma, blueness, redness, clear, chroma_clear = sums
    values, _, most = scratch
    if _curtain(values[0], values[1], covers, width, tile):
        small = (tile[0] // 2, tile[1] // 2, tile[2] // 2, tile[3] // 2)
        _add(luma, clear, values[0], tint[0], tile)
        _add(blueness, chroma_clear, values[1], tint[1], small)
        _add(redness, chroma_clear, values[1], tint[2], small)
        _cover(clear, most, values[0], tint[3], tile)
        _cover(chroma_clear, most, values[1], tint[3], small)


@compiled
def lay_frame(
    frame: Bytes,
    size: tuple[int, int],
    stock: Bytes,
    cells: Bytes,
    tables: Numbers,
    places: Places,
    curtains: Bytes,
    tints: Floats,
    order: Numbers,
    light: tuple[Bytes, Bytes],
) -> None:
    """Fills ``frame``: a plane of luma, then both of chroma, one after the other; ``size`` is its width and height.

    ``order`` says what lies where, the nearest first: the number of a picture in ``tables`` and of its row in
    ``places`` (the six numbers of its way, then its strength), or -1 and the number of a curtain in ``curtains``, which
    covers the frame with one tint (luma, blueness and redness, then its strength). ``light`` is what is left of luma
    and of chroma, 0 to 255.
    """
    width, height = size
    half_width, whole = width // 2, width * height
    room = _ROWS * _PITCH
    luma, blueness, redness = np.zeros(room, np.float32), np.zeros(room, np.float32), np.zeros(room, np.float32)
    clear, chroma_clear = np.zeros(room, np.float32), np.zeros(room, np.float32)
    sums = (luma, blueness, redness, clear, chroma_clear)
    scratch = (np.zeros((3, room), np.float32), np.zeros(_LINE, np.float32), np.zeros(_PITCH, np.float32))
    for top in range(0, height, _ROWS):
        for left in range(0, width, _COLUMNS):
            tile = (left, top, min(_COLUMNS, width - left), min(_ROWS, height - top))
            small = (left // 2, top // 2, tile[2] // 2, tile[3] // 2)
            for x in range(_U(room)):
                luma[x] = blueness[x] = redness[x] = np.float32(0)
                clear[x] = chroma_clear[x] = _ONE
            for number in range(order.shape[0]):
                picture, row = order[number, 0], order[number, 1]
                if picture < 0:
                    _lay_curtain(sums, scratch, curtains[row], tints[row], width, tile)
                    continue
                place = places[row]
                way = (place[0], place[1], place[2], place[3], place[4], place[5])
                state = _state(cells, tables[picture], way, tile)
                if state != EMPTY:
                    strength = np.float32(place[STRENGTH])
                    if _lay_picture(sums, scratch, stock, tables[picture], way, strength, state, tile) < _SEEN:
                        break
            _develop(frame, 0, width, luma, light[0], np.float32(16), tile)
            _develop(frame, whole, half_width, blueness, light[1], np.float32(128), small)
            _develop(frame, whole + whole // 4, half_width, redness, light[1], np.float32(128), small)
