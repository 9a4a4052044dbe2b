"""Scripts: in which language words must be read, and which of them a voice of one language cannot read."""

import unicodedata
from collections import Counter
from functools import lru_cache

# The languages written in each script, the likeliest first. Latin is everybody's.
_LANGUAGES = {
    "HEBREW": "he yi",
    "ARABIC": "ar fa ur ps sd ug ku",
    "CJK": "zh cmn yue hak ja ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "BOPOMOFO": "zh cmn",
    "CYRILLIC": "ru uk be bg sr mk kk ky tg mn tt ba cv bs uz",
    "GREEK": "el grc",
    "ARMENIAN": "hy hyw",
    "GEORGIAN": "ka",
    "DEVANAGARI": "hi mr ne sa kok",
    "BENGALI": "bn as",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "ORIYA": "or",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my shn",
    "TIBETAN": "bo",
    "ETHIOPIC": "am ti",
    "CHEROKEE": "chr",
}
_WRITES = {script: tuple(tags.split()) for script, tags in _LANGUAGES.items()}
_KANA = frozenset({"HIRAGANA", "KATAKANA"})


def language_written(text: str, language: str) -> str:
    """The language to read ``text`` in: ``language``, unless most of its letters cannot be of that language.

    Then it is the likeliest language of their script; a text with kana is Japanese.
    """
    counts = Counter(script for script in map(script_of, text) if script)
    foreign = Counter({script: count for script, count in counts.items() if not _is_of(script, language)})
    if 2 * foreign.total() <= counts.total():
        return language
    if counts.keys() & _KANA:
        return "ja"
    return _WRITES[foreign.most_common(1)[0][0]][0]


def readable(text: str, language: str) -> str:
    """``text`` without the letters that nobody who reads ``language`` learns, and what hangs on them."""
    kept, is_left_out = "", False
    for letter in text:
        if not unicodedata.combining(letter):
            script = script_of(letter)
            is_left_out = bool(script) and not _is_of(script, language)
        kept += " " if is_left_out else letter
    return kept


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """The script of a letter as Unicode names it, ``LATIN`` for those it does not tell apart; empty for no letter."""
    if not letter.isalpha():
        return ""
    script = unicodedata.name(letter, "").partition(" ")[0]
    return script if script in _WRITES else "LATIN"


def _is_of(script: str, language: str) -> bool:
    return script == "LATIN" or language.lower().partition("-")[0] in _WRITES[script]
