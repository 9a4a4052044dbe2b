"""The fonts that ship with Overprint, and which characters they have."""

import struct
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

TEXT_FILE = "EBGaramond12-Regular.otf"
ITALIC_FILE = "EBGaramond12-Italic.otf"
DISPLAY_FILE = "FrauncesSoft-Bold.ttf"
_FALLBACK_FILES = ("NotoNaskhArabic-Regular.ttf", "NotoSerifHebrew-Regular.ttf", "NotoEmoji-Regular.ttf")


def font_bytes(name: str) -> bytes:
    return (FONTS / name).read_bytes()


@cache
def covered() -> frozenset[int]:
    """Code points that the text face or one of its fallbacks can show."""
    return frozenset().union(*(_characters_of(name) for name in (TEXT_FILE, *_FALLBACK_FILES)))


@cache
def text_face() -> frozenset[int]:
    """Code points of the text face alone."""
    return _characters_of(TEXT_FILE)


@cache
def _characters_of(name: str) -> frozenset[int]:
    """Code points in an OpenType file's ``cmap`` (formats 4 and 12, the two that Unicode fonts use)."""
    data = font_bytes(name)
    (tables,) = struct.unpack_from(">H", data, 4)
    for record in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * record)
        if tag == b"cmap":
            return _read_cmap(data, offset)
    raise ValueError(f"{name} has no cmap table.")


def _read_cmap(data: bytes, start: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for record in range(count):
        (offset,) = struct.unpack_from(">I", data, start + 8 + 8 * record)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if kind == 4:
            found |= _read_format_4(data, start + offset)
        elif kind == 12:
            found |= _read_format_12(data, start + offset)
    return frozenset(found)


def _read_format_4(data: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    count = doubled // 2
    ends, starts, deltas, ranges = (at + 14, at + 16 + doubled, at + 16 + 2 * doubled, at + 16 + 3 * doubled)
    found: set[int] = set()
    for segment in range(count):
        end, first, delta, offset = (
            struct.unpack_from(">H", data, table + 2 * segment)[0] for table in (ends, starts, deltas, ranges)
        )
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", data, ranges + 2 * segment + offset + 2 * (code - first))
            if glyph if offset else (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def _read_format_12(data: bytes, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for group in range(groups):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * group)
        found.update(range(first, last + 1))
    return found
