"""The fonts in an e-book: our three faces, and whatever other letters of the book need, cut down to those where it can
be. Letters that no font here has are left to the reading device."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec

from overprint.core.book import BookDoc
from overprint.craft.typesetting.fontfile import (
    DISPLAY_FILE,
    FONTS,
    ITALIC_FILE,
    OTHER_FILES,
    TEXT_FILE,
    added_file,
    characters_of,
    font_bytes,
    text_face,
)
from overprint.craft.typesetting.words import characters_in, scripts_in

_FACES = (TEXT_FILE, ITALIC_FILE, DISPLAY_FILE)
_FAMILY = "Other Letters"
_KEPT_MAX = 8


@dataclass(frozen=True, slots=True)
class EbookFonts:
    """``files`` by name; ``css`` declares those that the style sheet does not: the family ``Other Letters``."""

    files: dict[str, bytes]
    css: bytes


def fonts_for(doc: BookDoc) -> EbookFonts:
    files, css = {name: font_bytes(name) for name in _FACES}, ""
    for name, data, letters in _others(doc):
        files[name] = data
        css += f'@font-face {{ font-family: "{_FAMILY}"; src: url("../fonts/{name}"); unicode-range: {letters}; }}\n'
    return EbookFonts(files, css.encode())


def _others(doc: BookDoc) -> Iterator[tuple[str, bytes, str]]:
    """Name and bytes of each further font, and which letters it is for."""
    left = characters_in(doc) - text_face()
    for name in OTHER_FILES:
        here = left & characters_of(FONTS / name)
        left -= here
        if here:
            yield name, font_bytes(name), _ranges(here)
    for script in scripts_in(doc) if find_spec("fontTools") else ():
        path = added_file(script)
        here = left & characters_of(path) if path else frozenset()
        left -= here
        if path and here:
            yield path.name, _cut(script, here), _ranges(here)


@lru_cache(_KEPT_MAX)
def _cut(script: str, letters: frozenset[int]) -> bytes:
    """A book is set as several e-books, one after the other."""
    from overprint.craft.typesetting.cutting import cut  # noqa: PLC0415 - what it needs comes with the added fonts

    path = added_file(script)
    return cut(path, letters) if path else b""


def _ranges(letters: frozenset[int]) -> str:
    """As CSS has them."""
    runs: list[list[int]] = []
    for code in sorted(letters):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in runs)
