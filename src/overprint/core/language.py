"""In which language words are written, told from the words: by their script, and among Latin ones by small words.

It decides hyphenation, direction and fonts. A guess that is wrong costs some beauty, never a word.
"""

import re
from collections import Counter

_SCRIPTS = (
    ("ja", "\u3041-\u30ff"),
    ("ko", "\uac00-\ud7af"),
    ("zh", "\u3400-\u9fff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff"),
    ("el", "\u0370-\u03ff"),
    ("ru", "\u0400-\u04ff"),
)
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# Letters that one language of a script has and its neighbour has not.
_PERSIAN, _UKRAINIAN = re.compile("[پچژگ]"), re.compile("[іїєґІЇЄҐ]")
_TRADITIONAL, _SIMPLIFIED = (
    re.compile("[們這來時說國會個為後學開關見話邊]"),
    re.compile("[们这来时说国会个为后学开关见话边]"),
)
_KANA_LEAST_SHARE = 0.08
_SMALL_WORDS = {
    "en": "the and was said with that had but not they his her",
    "de": "der die das und nicht ist ein eine sie war mit dass",
    "fr": "le la les et des une est dans pas elle il que",
    "es": "el los las y una que en no con por se del",
    "it": "il che di una non per con gli della era sono e",
    "pt": "o os uma que não com para ela ele do da em",
    "nl": "de het een en van niet was dat ze met zijn hij",
    "sv": "och det att som en inte den var med han hon på",
}
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _language)
_WORD = re.compile(r"[^\W\d_]+")
_MAX_CHARACTERS = 20_000
_SURE = 1.2


def language_of(text: str) -> str:
    """A tag such as ``en``, ``ja`` or ``zh-Hant``. English where nothing speaks for another."""
    sample = text[:_MAX_CHARACTERS]
    counts = {language: len(letters.findall(sample)) for language, letters in _LETTERS.items()}
    counts["latin"] = len(_LATIN.findall(sample))
    if counts["ja"] >= _KANA_LEAST_SHARE * (counts["ja"] + counts["zh"]) > 0:
        counts["ja"], counts["zh"] = counts["ja"] + counts["zh"], 0
    found = max(counts, key=lambda language: counts[language])
    if counts[found] == 0 or found == "latin":
        return _latin(sample)
    if found == "zh" and len(_TRADITIONAL.findall(sample)) > len(_SIMPLIFIED.findall(sample)):
        return "zh-Hant"
    if found == "ar" and _PERSIAN.search(sample):
        return "fa"
    return "uk" if found == "ru" and _UKRAINIAN.search(sample) else found


def _latin(sample: str) -> str:
    votes = Counter(language for word in _WORD.findall(sample.lower()) for language in _BY_WORD.get(word, ()))
    best = max(votes, key=lambda language: votes[language], default="en")
    return best if votes[best] > _SURE * votes["en"] else "en"
