"""The fonts that ship with Overprint, those of Chinese, Japanese and Korean that can be added, and their characters."""

import struct
from collections.abc import Set
from functools import cache
from importlib.util import find_spec
from itertools import compress
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

TEXT_FILE = "EBGaramond12-Regular.otf"
ITALIC_FILE = "EBGaramond12-Italic.otf"
DISPLAY_FILE = "FrauncesSoft-Bold.ttf"
OTHER_FILES = (
    "NotoNaskhArabic-Regular.ttf",
    "NotoSerifHebrew-Regular.ttf",
    "NotoSerifDevanagari-Regular.ttf",
    "NotoSerifThai-Regular.ttf",
    "NotoSerifBengali-Regular.ttf",
    "NotoSerifTamil-Regular.ttf",
)
_FALLBACK_FILES = (*OTHER_FILES, "NotoEmoji-Regular.ttf")

_KANA, _HANGUL = range(0x3041, 0x3100), range(0xAC00, 0xD7A4)

# By script: the package that brings the font, its file, its family. requirements/cjk.txt pins the packages.
ADDED = {
    "ja": ("pylopdf_fonts_jp", "NotoSerifJP-Regular.otf", "Noto Serif JP"),
    "ko": ("pylopdf_fonts_ko", "NotoSerifKR-Regular.otf", "Noto Serif KR"),
    "zh": ("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf", "Noto Serif SC"),
    "zh-Hant": ("pylopdf_fonts_zh_tw", "NotoSerifTC-Regular.otf", "Noto Serif TC"),
}


def font_bytes(name: str) -> bytes:
    return (FONTS / name).read_bytes()


def needs_added(script: str) -> bool:
    """Whether ``script`` (see ``words.script_of``) is set in a font that does not ship with Overprint."""
    return script in ADDED


def added_family(script: str) -> str:
    return ADDED[script][2]


def added_file(script: str) -> Path | None:
    """The font that a script needs beside ours, if it needs one and somebody installed it."""
    if script not in ADDED:
        return None
    package, name, _ = ADDED[script]
    found = find_spec(package)
    folders = found.submodule_search_locations if found else None
    path = Path(next(iter(folders)), name) if folders else None
    return path if path and path.is_file() else None


def installed_scripts() -> tuple[str, ...]:
    """The scripts whose fonts somebody added here."""
    return tuple(script for script in ADDED if added_file(script) is not None)


@cache
def covered(script: str = "") -> frozenset[int]:
    """Code points that the text face, one of its fallbacks or the font added for ``script`` can show."""
    added = added_file(script)
    ours = frozenset().union(*(characters_of(FONTS / name) for name in (TEXT_FILE, *_FALLBACK_FILES)))
    return ours | characters_of(added) if added else ours


@cache
def covered_letters(script: str = "") -> frozenset[str]:
    """The same as characters, of which a whole text is quickly told to have no others."""
    return frozenset(map(chr, covered(script)))


def covered_here(script: str = "") -> frozenset[int]:
    """Code points that any font here can show, those added for other scripts too: a book may have single words so."""
    return _covered_here(script, installed_scripts())


@cache
def _covered_here(script: str, installed: tuple[str, ...]) -> frozenset[int]:
    return covered(script).union(*map(_shown_by, installed))


def scripts_for(wanted: Set[int]) -> tuple[str, ...]:
    """The scripts whose added fonts together show as much of ``wanted`` as all could; as few as do, the best first.

    Which language a few Han letters are of nobody knows: beside kana Japanese, otherwise Chinese if it can be.
    """
    left = set(wanted).intersection(set().union(*map(_shown_by, installed_scripts())))
    is_japanese = not left.isdisjoint(_KANA)
    known = sorted(installed_scripts(), key=lambda script: (is_japanese != (script == "ja"), script[:2] != "zh"))
    chosen: list[str] = []
    while left:
        told = left.difference(_HANGUL) or left
        best = max(known, key=lambda script: len(told & _shown_by(script)))
        chosen.append(best)
        left -= _shown_by(best)
    return tuple(chosen)


def _shown_by(script: str) -> frozenset[int]:
    added = added_file(script)
    return characters_of(added) if added else frozenset()


@cache
def text_face(script: str = "") -> frozenset[int]:
    """Code points of the text face alone, and of the font added for ``script``."""
    added = added_file(script)
    return characters_of(FONTS / TEXT_FILE) | (characters_of(added) if added else frozenset())


@cache
def upright_only() -> frozenset[int]:
    """Code points of the text face that its italic does not have."""
    return characters_of(FONTS / TEXT_FILE) - characters_of(FONTS / ITALIC_FILE)


@cache
def characters_of(path: Path) -> frozenset[int]:
    """Code points in an OpenType file's ``cmap`` (formats 4 and 12, the two that Unicode fonts use)."""
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for record in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * record)
        if tag == b"cmap":
            return _read_cmap(data, offset)
    raise ValueError(f"{path.name} has no cmap table.")


def _read_cmap(data: bytes, start: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    # Two platforms often share one table.
    for offset in {struct.unpack_from(">I", data, start + 8 + 8 * record)[0] for record in range(count)}:
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if kind == 4:
            found |= _read_format_4(data, start + offset)
        elif kind == 12:
            found |= _read_format_12(data, start + offset)
    return frozenset(found)


def _read_format_4(data: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    tables = (at + 14, at + 16 + doubled, at + 16 + 2 * doubled, at + 16 + 3 * doubled)
    ends, starts, deltas, offsets = (struct.unpack_from(f">{doubled // 2}H", data, table) for table in tables)
    found: set[int] = set()
    for segment, (end, first, delta, offset) in enumerate(zip(ends, starts, deltas, offsets, strict=True)):
        codes = range(first, min(end, 0xFFFE) + 1)
        if offset:
            glyphs = struct.unpack_from(f">{len(codes)}H", data, tables[3] + 2 * segment + offset)
            found.update(compress(codes, glyphs))
        else:
            none = -delta & 0xFFFF  # whose glyph would be 0
            found.update(codes if none not in codes else (code for code in codes if code != none))
    return found


def _read_format_12(data: bytes, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for group in range(groups):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * group)
        found.update(range(first, last + 1))
    return found
