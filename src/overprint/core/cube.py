"""Looks that other programs made: files of the ``.cube`` format, read strictly.

The format is Adobe's ("Cube LUT Specification", version 1.0, 2013), with the input range that DaVinci Resolve writes. A
line is a keyword with its values, or three numbers; the table begins after the keywords and has exactly as many rows as
its size says, the first colour fastest. What else is in such a file makes it another kind of file, and it is refused.
"""

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass

from overprint.core.problems import Invalid, LimitReached

CUBE_MAX_BYTES = 10_000_000
CUBE_MEDIA_TYPE = "application/x-cube"
SIDE_MAX, ROWS_MAX = 65, 4096
"""Of a table of colours a side, and of a table of curves."""
_SIZES = {"LUT_3D_SIZE": SIDE_MAX, "LUT_1D_SIZE": ROWS_MAX}
_RANGES = {"LUT_3D_INPUT_RANGE": "LUT_3D_SIZE", "LUT_1D_INPUT_RANGE": "LUT_1D_SIZE"}
_WORDS = {**dict.fromkeys(_SIZES, 1), **dict.fromkeys(_RANGES, 2), "DOMAIN_MIN": 3, "DOMAIN_MAX": 3}
"""How many numbers follow a keyword."""
_HEAD_BYTES = 4096
_LINE_MAX_CHARACTERS = 250
_SILENT_MAX = 10_000  # empty lines and comments
_VALUE_MOST = 100.0
_RANGE_LEAST = 0.001  # narrower ones are no range for whoever counts in single precision
Colour = tuple[float, float, float]
"""Red, green and blue; 0 to 1 are those that a screen has."""


@dataclass(frozen=True, slots=True)
class Cube:
    """``rows`` of a table of colours, ``side`` × ``side`` × ``side`` of which red changes fastest; or ``side`` rows of
    three curves, if ``is_curves``. ``low`` and ``high``: the colours that its first and its last place stand for."""

    rows: tuple[Colour, ...]
    side: int
    is_curves: bool
    low: Colour
    high: Colour


def looks_like_cube(data: bytes) -> bool:
    """Whether a file says near its beginning that it is one."""
    return b"\0" not in data[:_HEAD_BYTES] and any(word.encode() in data[:_HEAD_BYTES] for word in _SIZES)


def read_cube(data: bytes) -> Cube:
    """Raises ``Invalid`` for what is no such file or is damaged, ``LimitReached`` for more than it may have."""
    if len(data) > CUBE_MAX_BYTES:
        raise LimitReached(
            f"This .cube file is larger than {CUBE_MAX_BYTES // 1_000_000} MB.", "Export it with fewer steps a side."
        )
    try:
        lines = io.StringIO(data.decode("utf-8-sig"), newline=None)
    except UnicodeDecodeError:
        raise Invalid("This file is not text, as .cube files are.", "Choose another file.", field="lut") from None
    head, rows = _parted(lines)
    size = _size(head)
    if len(rows) != _rows_of(size):
        raise Invalid(
            f"This .cube file says a size of {size[1]} and has {len(rows)} rows.", "Export it again.", field="lut"
        )
    low, high = _domain(head, size[0])
    if any(above - below < _RANGE_LEAST for below, above in zip(low, high, strict=True)):
        raise Invalid("The range of this .cube file is empty.", "Export it again.", field="lut")
    return Cube(tuple(rows), size[1], size[0] == "LUT_1D_SIZE", low, high)


def _parted(lines: Iterable[str]) -> tuple[dict[str, list[float]], list[Colour]]:
    """Keywords with their values, and the rows of the table: none is kept beyond those that the size says."""
    head: dict[str, list[float]] = {}
    rows: list[Colour] = []
    silent = 0
    size: tuple[str, int] | None = None
    for number, line in enumerate(lines, 1):
        if len(line) > _LINE_MAX_CHARACTERS + 1:  # with its end
            raise _wrong(number)
        words = line.split()
        if not words or words[0].startswith("#") or words[0] == "TITLE":
            silent += 1
            if silent > _SILENT_MAX:
                raise LimitReached(
                    f"More than {_SILENT_MAX} lines of this .cube file say nothing.", "Export it without comments."
                )
            continue
        is_row = not words[0][:1].isalpha()
        values = [_number(word, number) for word in (words if is_row else words[1:])]
        if is_row:
            size = size or _size(head)
            if len(values) != 3:
                raise _wrong(number)
            if len(rows) == _rows_of(size):
                raise Invalid(
                    f"This .cube file says a size of {size[1]} and has more rows.", "Export it again.", field="lut"
                )
            rows.append((values[0], values[1], values[2]))
        elif rows or words[0] in head or len(values) != _WORDS.get(words[0]):
            raise _wrong(number)
        else:
            head[words[0]] = values
    return head, rows


def _number(word: str, line: int) -> float:
    try:
        # Python reads more as numbers than the format has: 1_0, and digits of other scripts.
        value = float(word) if word.isascii() and "_" not in word else math.nan
    except ValueError:
        raise _wrong(line) from None
    if not math.isfinite(value) or abs(value) > _VALUE_MOST:
        raise _wrong(line)
    return value


def _size(head: dict[str, list[float]]) -> tuple[str, int]:
    said = [word for word in _SIZES if word in head]
    word, size = (said[0], head[said[0]][0]) if len(said) == 1 else ("", 0.0)
    if size != int(size) or size < 2:
        raise Invalid("This .cube file does not say one size.", "Export it again.", field="lut")
    if size > _SIZES[word]:
        raise LimitReached(
            f"This .cube file has {size:g} steps a side; at most {_SIZES[word]} can be read.",
            "Export it with fewer steps a side.",
        )
    return word, int(size)


def _rows_of(size: tuple[str, int]) -> int:
    return size[1] ** 3 if size[0] == "LUT_3D_SIZE" else size[1]


def _domain(head: dict[str, list[float]], size: str) -> tuple[Colour, Colour]:
    for word, of in _RANGES.items():
        if word in head:
            if of != size or "DOMAIN_MIN" in head or "DOMAIN_MAX" in head:
                raise Invalid("This .cube file says two ranges.", "Export it again.", field="lut")
            low, high = head[word]
            return (low, low, low), (high, high, high)
    below, above = head.get("DOMAIN_MIN", [0.0] * 3), head.get("DOMAIN_MAX", [1.0] * 3)
    return (below[0], below[1], below[2]), (above[0], above[1], above[2])


def _wrong(line: int) -> Invalid:
    return Invalid(f"Line {line} of this .cube file is not what the format says.", "Export it again.", field="lut")
