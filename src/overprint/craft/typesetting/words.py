"""Text on its way to the page: every character stays itself, and nothing in it can break a page or a file.

What goes: control characters, lone surrogates, noncharacters, private-use characters and tag characters.
What stays, whatever it looks like: markup, quotes, slashes, right-to-left marks.
"""

import re
import unicodedata

from overprint.core.book import BookDoc
from overprint.core.problems import Invalid
from overprint.craft.typesetting.fontfile import covered, text_face

REPLACEMENT = "\ufffd"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")
_SPACES = re.compile(r"[ \t\n\r\f\v\u0085\u2028\u2029]+")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\ue000-\uf8ff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LONG_RUN = re.compile(r"\S{25,}")
_STEP = 12
_CLUSTER_MARKS_MAX = 4
_MARKS = re.compile(rf"([\u0300-\u036f]{{{_CLUSTER_MARKS_MAX}}})[\u0300-\u036f]+")
_UNSEEN = frozenset({0x00AD, 0x034F, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)}) | frozenset(
    {*range(0x2060, 0x2070), *range(0xFE00, 0xFE10)}
)


def cleaned(text: str) -> str:
    """``text`` without what no file may hold, white space collapsed, composed (NFC)."""
    astral_noncharacters = "".join(c for c in text if (ord(c) & 0xFFFE) != 0xFFFE)
    plain = _FORBIDDEN.sub("", _SPACES.sub(" ", astral_noncharacters)).strip()
    return _MARKS.sub(r"\1", unicodedata.normalize("NFC", plain))


def printable(text: str, *, text_face_only: bool = False) -> str:
    """Cleaned text for the PDF: characters that no font has become ``�``; endless words may break."""
    known = text_face() if text_face_only else covered()
    shown = "".join(c if ord(c) in known or ord(c) in _UNSEEN else _stand_in(c, known) for c in cleaned(text))
    return _LONG_RUN.sub(_breakable, shown)


def missing_characters(doc: BookDoc) -> tuple[str, ...]:
    """Characters of the book that no font here has, each once, in order of code point."""
    parts = [doc.title, doc.author]
    for page in doc.pages:
        parts += [page.heading, *page.paragraphs]
    return tuple(sorted({c for part in parts for c in cleaned(part) if ord(c) not in covered() | _UNSEEN}))


def language_of(doc: BookDoc) -> tuple[str, str | None]:
    """Language and region of a tag such as ``de`` or ``pt-BR``. Raises ``Invalid`` for anything else."""
    tag = doc.language.strip()
    if not _LANGUAGE.fullmatch(tag):
        raise Invalid(
            f"{doc.language[:40]!r} is not a language that pages can be set in.", "Use a tag like en.", field="language"
        )
    parts = tag.split("-")
    region = parts[-1].upper() if len(parts) > 1 and len(parts[-1]) == 2 else None
    return parts[0].lower(), region


def _stand_in(character: str, known: frozenset[int]) -> str:
    if character.isspace():
        return " "
    if unicodedata.combining(character):
        return ""
    simpler = unicodedata.normalize("NFKC", character)
    return simpler if all(ord(c) in known for c in simpler) else REPLACEMENT


def _breakable(run: re.Match[str]) -> str:
    """A run without a space, with places to break: after every few characters."""
    word = run.group()
    cuts = [word[at : at + _STEP] for at in range(0, len(word), _STEP)]
    joined = cuts[0]
    for cut in cuts[1:]:
        tied = unicodedata.combining(cut[0]) or cut[0] in "\u200d\ufe0f" or joined[-1] == "\u200d"
        joined += cut if tied else "\u200b" + cut
    return joined
