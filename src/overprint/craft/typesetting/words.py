"""Text on its way to the page: every character stays itself, and nothing in it can break a page or a file.

What goes: control characters, lone surrogates, noncharacters, private-use characters and tag characters.
What stays, whatever it looks like: markup, quotes, slashes, right-to-left marks.
"""

import re
import unicodedata
from collections.abc import Iterable

from overprint.core.book import BookDoc
from overprint.core.problems import Invalid
from overprint.craft.typesetting.fontfile import (
    ADDED,
    added_file,
    covered,
    covered_here,
    covered_letters,
    installed_scripts,
    needs_added,
    scripts_for,
    text_face,
)

REPLACEMENT = "\ufffd"
DENSE = frozenset({"ja", "zh", "zh-Hant"})  # scripts without spaces between words
_NAMES = {"ja": "Japanese", "ko": "Korean", "zh": "Chinese", "zh-Hant": "traditional Chinese"}
_FROM_RIGHT = frozenset({"ar", "fa", "he", "ur", "yi"})
_MISSING_MAX_SHARE = 0.05
_INSTALL = "Run `overprint fonts install cjk`, then make the book again."
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")
_SPACES = re.compile(r"[ \t\n\r\f\v\u0085\u2028\u2029]+")
_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(1, 15) for low in (0xFFFE, 0xFFFF))
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\ue000-\uf8ff"
    f"\U000e0000-\U000e0fff\U000f0000-\U0010ffff{_NONCHARACTERS}]"
)
_LONG_RUN_LENGTH = 25
_LONG_RUN = re.compile(rf"\S{{{_LONG_RUN_LENGTH},}}")
_STEP = 12
# Thai, Lao, Burmese and Khmer are written without spaces, and broken where Typst finds their words end.
_WRITTEN_ON = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_CLUSTER_MARKS_MAX = 4
_MARK = re.compile("[\u0300-\u036f]")
_MARKS = re.compile(rf"([\u0300-\u036f]{{{_CLUSTER_MARKS_MAX}}})[\u0300-\u036f]+")
_VIRAMA = 9  # the class of marks that join two consonants in the scripts of India
_UNSEEN = frozenset({0x00AD, 0x034F, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)}) | frozenset(
    {*range(0x2060, 0x2070), *range(0xFE00, 0xFE10)}
)


def cleaned(text: str) -> str:
    """``text`` without what no file may hold, white space collapsed, composed (NFC)."""
    if not _is_tidy(text):
        text = _FORBIDDEN.sub("", _SPACES.sub(" ", text))
    plain = unicodedata.normalize("NFC", text.strip())
    return _MARKS.sub(r"\1", plain) if _MARK.search(plain) else plain  # to search alone is quick


def _is_tidy(text: str) -> bool:
    """Certainly without anything that is forbidden and without spaces to collapse, as nearly all text: quickly said.

    Of what is forbidden Python calls only selectors of variants printable; they lie beyond 16 bits.
    """
    return text.isprintable() and "  " not in text and len(text.encode("utf-16-le")) == 2 * len(text)


def printable(text: str, *, text_face_only: bool = False, script: str = "") -> str:
    """Cleaned text for the PDF: characters that no font has become ``�``; endless words may break."""
    shown = cleaned(text)
    if text_face_only or not covered_letters(script).issuperset(shown):
        known = text_face(script) if text_face_only else covered_here(script)
        shown = "".join(c if ord(c) in known or ord(c) in _UNSEEN else _stand_in(c, known) for c in shown)
    if script in DENSE or max(map(len, shown.split()), default=0) < _LONG_RUN_LENGTH:
        return shown
    return _LONG_RUN.sub(_breakable, shown)


def missing_characters(doc: BookDoc) -> tuple[str, ...]:
    """Characters in whose place the PDF has a sign, because no font here has them: each once, in order of code point.

    None in a book that :func:`check_fonts` refuses: it has no PDF.
    """
    text = _text(doc)
    if _wanting(doc, text):
        return ()
    foreign = _foreign(text, script_of(doc))
    return tuple(map(chr, sorted(foreign - covered_here(script_of(doc))))) if foreign else ()


def could_be_added(characters: Iterable[str]) -> bool:
    """Whether one of them is Chinese, Japanese or Korean, and not all fonts for those are installed."""
    return len(installed_scripts()) < len(ADDED) and any(_EAST_ASIAN.match(c) for c in characters)


def _foreign(text: str, script: str) -> set[int]:
    """Code points of it that neither our fonts have nor the one added for ``script``."""
    if covered_letters(script).issuperset(text):
        return set()
    return set(map(ord, set(text))) - covered(script) - _UNSEEN


def told_character(character: str) -> str:
    """Itself, or its number where it would not be seen, lie on its neighbour or turn the line round."""
    stands_alone = unicodedata.category(character)[0] in "LNPS"
    return character if stands_alone else f"U+{ord(character):04X}"


def check_fonts(doc: BookDoc) -> tuple[str, ...]:
    """The scripts whose added fonts the book needs for single words, beside those of its own.

    Raises ``Invalid`` for a book that would come out as signs for missing letters; a few of them are printed so.
    """
    text = _text(doc)
    wanting = _wanting(doc, text)
    if wanting:
        raise wanting
    return _scripts_beside(doc, text)


def scripts_in(doc: BookDoc) -> tuple[str, ...]:
    """The scripts whose fonts somebody added and the book needs: its own first."""
    script = script_of(doc)
    own = (script,) if added_file(script) else ()
    return (*own, *_scripts_beside(doc, _text(doc)))


def _scripts_beside(doc: BookDoc, text: str) -> tuple[str, ...]:
    foreign = _foreign(text, script_of(doc))
    return scripts_for(foreign) if foreign else ()


def wanting_fonts(doc: BookDoc) -> Invalid | None:
    """Why no font here can show the book, and what to do; ``None`` for one that can be shown."""
    return _wanting(doc, _text(doc))


def check_letters(text: str, field: str) -> None:
    """Raises ``Invalid`` where most letters of ``text``, what ``field`` says of a book to come, have no font here."""
    letters = [letter for letter in cleaned(text) if letter.isalpha()]
    if all(letter < "\u0250" for letter in letters):
        return
    known = covered_here()
    missing = [letter for letter in letters if ord(letter) not in known]
    if len(missing) * 2 > len(letters):
        examples = ", ".join(dict.fromkeys(missing[:3]))
        advice = _INSTALL if could_be_added(missing) else "Ask for the e-book alone: its reader brings letters along."
        raise Invalid(
            f"Pages cannot be set in this script: no font here has letters such as {examples}.", advice, field=field
        )


def characters_in(doc: BookDoc) -> frozenset[int]:
    """Code points of all that stands in the book."""
    return frozenset(map(ord, set(_text(doc))))


def _text(doc: BookDoc) -> str:
    """All that stands in the book."""
    return "".join(map(cleaned, _parts(doc)))


def _wanting(doc: BookDoc, text: str) -> Invalid | None:
    script = script_of(doc)
    if needs_added(script) and added_file(script) is None:
        return Invalid(
            f"The fonts for {_NAMES[script]} are not installed.",
            _INSTALL,
            field="language",
        )
    foreign = _foreign(text, script)
    missing = set(filter(str.isalpha, map(chr, foreign - covered_here(script)))) if foreign else set()
    if missing and sum(map(text.count, missing)) > _MISSING_MAX_SHARE * sum(map(str.isalpha, text)):
        examples = ", ".join(sorted(missing, key=text.index)[:3])
        advice = _INSTALL if could_be_added(missing) else "The e-book has all of them."
        return Invalid(f"No font here has the letters of this book, such as {examples}.", advice)
    return None


def script_of(doc: BookDoc) -> str:
    """What decides fonts and line breaking: ``ja``, ``ko``, ``zh`` (simplified) or ``zh-Hant``; else nothing."""
    language, region = language_of(doc)
    if language == "zh" and ("hant" in doc.language.lower() or region in ("TW", "HK", "MO")):
        return "zh-Hant"
    return language if needs_added(language) else ""


def is_from_right(language: str) -> bool:
    """Whether books of this language are read, and bound, from right to left."""
    return language in _FROM_RIGHT


def _parts(doc: BookDoc) -> list[str]:
    parts = [doc.title, doc.author, doc.description]
    for page in doc.pages:
        parts += [page.heading, *page.paragraphs]
    return parts


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
    """A run without a space, with places to break: after every few characters, where nothing else tells where."""
    word = run.group()
    if _WRITTEN_ON.search(word):
        return word
    cuts = [word[at : at + _STEP] for at in range(0, len(word), _STEP)]
    joined = cuts[0]
    for cut in cuts[1:]:
        is_mark = unicodedata.category(cut[0]).startswith("M") or cut[0] in "\u200c\u200d"
        tied = is_mark or joined[-1] == "\u200d" or unicodedata.combining(joined[-1]) == _VIRAMA
        joined += cut if tied else "\u200b" + cut
    return joined
