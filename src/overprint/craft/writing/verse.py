"""Verse: four beats a line. The data marks beats by an acute accent, which is taken away before the words are told."""

import re
from dataclasses import dataclass
from functools import cache

from overprint.core.codec import decode
from overprint.core.story import Genre
from overprint.craft.writing.vocabulary import load, split_words

BEATS = 4
# Longer books are told in prose: there is not enough verse for them.
VERSE_PAGES_MAX = 17
_MARKED = str.maketrans("áéíóúýÁÉÍÓÚÝ", "aeiouyAEIOUY")
_SILENT_ENDING = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^tdaeiouy])ed$|(?<=[aeiouy][^aeiouyscxgz])es$")
_COUNTED = {"something": 2, "somebody": 3, "sometimes": 2, "every": 2, "everybody": 4, "everything": 3, "evening": 2}


@dataclass(frozen=True, slots=True)
class Verses:
    """``rest``: stanzas for any book. ``rhymes``: words of one sound, separated by commas."""

    rest: tuple[str, ...]
    rhymes: tuple[str, ...]


@cache
def verses() -> Verses:
    return decode(Verses, load("verse"))


def is_verse(genre: Genre, pages: int) -> bool:
    """Whether a book of this kind and length is told in verse."""
    return genre is Genre.RHYME and pages <= VERSE_PAGES_MAX


def unmarked(stanza: str) -> str:
    return stanza.translate(_MARKED)


def rhymes(one: str, other: str) -> bool:
    """Whether two words are in one group of the data."""
    groups = (set(split_words(group)) for group in verses().rhymes)
    return any({one.lower(), other.lower()} <= group for group in groups)


def syllables(word: str) -> int:
    """About how many syllables an English word has: groups of vowels, less an ending that is not spoken."""
    if unmarked(word).lower() in _COUNTED:
        return _COUNTED[unmarked(word).lower()]
    plain = _SILENT_ENDING.sub("", unmarked(word).lower().replace("’", ""))
    return max(1, len(re.findall(r"[aeiouy]+", plain)))
