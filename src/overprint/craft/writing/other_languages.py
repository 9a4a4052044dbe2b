"""Tells a premise that is not in English: the embedded writer knows no other language, and says so kindly."""

import re
import unicodedata

from overprint.core.language import language_of
from overprint.core.problems import Invalid
from overprint.craft.writing.cleaning import clean
from overprint.craft.writing.vocabulary import lexicon, word_set

_ENGLISH = word_set(
    "a an the and of to in who is are was wants want with her his their but on for that it she he they not has my our "
    "about at from like can does doesn’t don’t story book there i you we loves goes lives finds named called why what "
    "where when how never everyone everybody nobody if because this that’s it’s won’t isn’t were had two three "
    "who’s says said more them very too new old little big one nobody’s isn’t didn’t out up down over"
)
_NAMES = {
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "sv": "Swedish",
    "ja": "Japanese",
    "ko": "Korean",
    "zh": "Chinese",
    "zh-Hant": "Chinese",
    "he": "Hebrew",
    "ar": "Arabic",
    "fa": "Persian",
    "el": "Greek",
    "ru": "Russian",
    "uk": "Ukrainian",
}
# One word in so many has to be English for a premise to count as English with names from elsewhere.
_ENGLISH_SHARE = 6


# First words of what Unicode calls letters of ours.
_LATIN = ("Latin", "Fullwidth", "Feminine", "Masculine", "Modifier")


def refuse_other_languages(premise: str) -> None:
    """Raises ``Invalid`` where ``premise`` is in a language other than English, and says what to do."""
    text = clean(premise)
    words = re.findall(r"[^\W\d_]+(?:’[^\W\d_]+)*", text.lower())
    known = lexicon()
    is_english = sum(word in _ENGLISH for word in words) * _ENGLISH_SHARE >= max(1, len(words))
    script = _other_script(text)
    if is_english or (not script and any(word in known.beings for word in words)):
        return
    language = language_of(text)
    if language == "en" and not script and not _is_in_the_glossary(text, words):
        return
    name = _NAMES.get(language, "")
    in_letters = f"in {script} letters" if script else "in another language than English"
    seems = f"in {name}" if name else in_letters
    raise Invalid(
        f"This premise seems to be {seems}, and the built-in writer knows only English.",
        "Write it in English, or choose a text model that knows your language: every other part of the book does.",
        field="premise",
    )


def _other_script(text: str) -> str:
    """``Bengali``, where most letters are of that script; empty where most are Latin, or there are none."""
    letters = [letter for letter in text if letter.isalpha()]
    scripts = [unicodedata.name(letter, "foreign").split()[0].capitalize() for letter in letters]
    foreign = [script for script in scripts if script not in _LATIN]
    return foreign[0] if len(foreign) * 2 > len(letters) else ""


def _is_in_the_glossary(text: str, words: list[str]) -> bool:
    low = text.lower()
    return any(
        word in words or (not word.isascii() and ord(word[0]) > 0x2E80 and word in low) for word in lexicon().foreign
    )
