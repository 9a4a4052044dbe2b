"""Looks that other programs made: files of the ``.cube`` format, read strictly.

The format is Adobe's ("Cube LUT Specification", version 1.0, 2013), with the input range that DaVinci Resolve writes. A
line is a keyword with its values, or three numbers; the table begins after the keywords and has exactly as many rows as
its size says, the first colour fastest. What else is in such a file makes it another kind of file, and it is refused.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overprint.core.problems import Invalid, LimitReached

CUBE_MAX_BYTES = 10_000_000
SIDE_MAX, ROWS_MAX = 65, 4096
"""Of a table of colours a side, and of a table of curves."""
_SIZES = {"LUT_3D_SIZE": SIDE_MAX, "LUT_1D_SIZE": ROWS_MAX}
_RANGES = {"LUT_3D_INPUT_RANGE": "LUT_3D_SIZE", "LUT_1D_INPUT_RANGE": "LUT_1D_SIZE"}
_LINE_MAX_CHARACTERS = 250
_VALUE_MOST = 100.0
Table = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cube:
    """``table`` is red × green × blue × 3 for a table of colours, rows × 3 for curves. ``low`` and ``high``: the
    colours that its first and its last place stand for."""

    table: Table
    low: tuple[float, float, float]
    high: tuple[float, float, float]

    def at(self, rgb: Table) -> Table:
        """What becomes of colours (the last axis: red, green, blue, 0 to 1), 0 to 1."""
        low, high = np.array(self.low, np.float32), np.array(self.high, np.float32)
        side = self.table.shape[0]
        place = np.clip((rgb - low) / (high - low), 0, 1) * (side - 1)
        found = self._curved(place) if self.table.ndim == 2 else self._mixed(place)
        return np.asarray(np.clip(found, 0, 1), np.float32)

    def _curved(self, place: Table) -> Table:
        rows = np.arange(self.table.shape[0])
        return np.stack([np.interp(place[..., n], rows, self.table[:, n]) for n in range(3)], axis=-1)

    def _mixed(self, place: Table) -> Table:
        first = np.minimum(place.astype(np.int64), self.table.shape[0] - 2)
        share = place - first
        found = np.zeros(place.shape, np.float32)
        for corner in range(8):
            step = np.array([corner & 1, corner >> 1 & 1, corner >> 2])
            weight = np.where(step, share, 1 - share).prod(axis=-1, keepdims=True)
            red, green, blue = np.moveaxis(first + step, -1, 0)
            found += (weight * self.table[red, green, blue]).astype(np.float32)
        return found


def read_cube(data: bytes) -> Cube:
    """Raises ``Invalid`` for what is no such file or is damaged, ``LimitReached`` for more than it may have."""
    if len(data) > CUBE_MAX_BYTES:
        raise LimitReached(
            f"This .cube file is larger than {CUBE_MAX_BYTES // 1_000_000} MB.", "Export it with fewer steps a side."
        )
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Invalid("This file is not text, as .cube files are.", "Choose another file.", field="lut") from None
    head, rows = _parted(lines)
    size = _size(head)
    if len(rows) != (size[1] ** 3 if size[0] == "LUT_3D_SIZE" else size[1]):
        raise Invalid(
            f"This .cube file says a size of {size[1]} and has {len(rows)} rows.", "Export it again.", field="lut"
        )
    table = np.array(rows, np.float32)
    if size[0] == "LUT_3D_SIZE":
        # In the file red changes fastest.
        table = np.ascontiguousarray(table.reshape(size[1], size[1], size[1], 3).transpose(2, 1, 0, 3))
    low, high = _domain(head, size[0])
    if any(below >= above for below, above in zip(low, high, strict=True)):
        raise Invalid("The range of this .cube file is empty.", "Export it again.", field="lut")
    return Cube(table, low, high)


def _parted(lines: list[str]) -> tuple[dict[str, list[float]], list[list[float]]]:
    """Keywords with their values, and the rows of the table."""
    head: dict[str, list[float]] = {}
    rows: list[list[float]] = []
    for number, line in enumerate(lines, 1):
        if len(line) > _LINE_MAX_CHARACTERS:
            raise _wrong(number)
        words = line.split()
        if not words or words[0].startswith("#") or words[0] == "TITLE":
            continue
        is_row = not words[0][:1].isalpha()
        values = [_number(word, number) for word in (words if is_row else words[1:])]
        if is_row:
            if len(values) != 3:
                raise _wrong(number)
            rows.append(values)
        elif rows or words[0] in head or len(values) != _WORDS.get(words[0]):
            raise _wrong(number)
        else:
            head[words[0]] = values
    return head, rows


_WORDS = {**dict.fromkeys(_SIZES, 1), **dict.fromkeys(_RANGES, 2), "DOMAIN_MIN": 3, "DOMAIN_MAX": 3}
"""How many numbers follow a keyword."""


def _number(word: str, line: int) -> float:
    try:
        value = float(word)
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


def _domain(head: dict[str, list[float]], size: str) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
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
