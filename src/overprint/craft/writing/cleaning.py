"""What of a person's text may reach the pages: letters, spaces and simple punctuation."""

import re
import unicodedata

from overprint.core.story import PREMISE_MAX_CHARACTERS

_NAME_MAX_CHARACTERS = 40
_MARKUP = re.compile(r"<[^<>]{0,200}>|https?\S+|\S+@\S+|[\\#${}\[\]<>|@*_`~^=%&/+]\S*")


def clean(text: str) -> str:
    """``text`` with markup, control characters and symbols turned into breaks, at most the premise's length."""
    text = unicodedata.normalize("NFC", text[:PREMISE_MAX_CHARACTERS]).replace("'", "’").replace("`", "’")
    text = re.sub(r"[\r\n]+", ". ", text)
    text = re.sub(r"\b(Mr|Mrs|Ms|Dr|Prof|St)\.", r"\1", text)
    text = re.sub(r"\bT[. ]{1,2}rex\b", "T-rex", text, flags=re.IGNORECASE)
    text = _COUNTED.sub(lambda m: _NUMBERS[int(m[0])], _ORDINAL.sub(_in_words, text))
    text = _MARKUP.sub(" . ", text)
    text = text.replace("–", ", ").replace("—", ", ").replace(" - ", ", ")
    kept = "".join(letter if _is_plain(letter) else " " for letter in text)
    kept = re.sub(r"([^\W\d_])\1{3,}", r"\1", kept)
    kept = re.sub(r"\s+", " ", kept)
    if sum(c.isupper() for c in kept) > 0.7 * max(1, sum(c.isupper() or c.islower() for c in kept)) and len(kept) > 12:
        kept = kept.lower()
    return kept.strip()


_NUMBERS = dict(
    enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
)
_ORDINALS = {
    **dict(
        enumerate(
            [
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
            ],
            start=1,
        )
    ),
    20: "twentieth",
    30: "thirtieth",
    40: "fortieth",
    50: "fiftieth",
    100: "hundredth",
}
_ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE)
# "3 bears", but no age, no date and no year
_COUNTED = re.compile(r"(?<![\d.,:/-])\b(?:[2-9]|1[0-2])(?= (?!years?\b|yrs?\b|months?\b|weeks?\b|and\b)[a-z]+s\b)")


def _in_words(found: re.Match[str]) -> str:
    return _ORDINALS.get(int(found[1]), "")


def _is_plain(letter: str) -> bool:
    return letter.isalpha() or unicodedata.category(letter) in ("Mn", "Mc") or letter in " .,;:!?’-"


def clean_name(name: str) -> str:
    """A name fit for a page; empty when nothing of it is."""
    kept = "".join(c for c in name if c.isalpha() or unicodedata.category(c) in ("Mn", "Mc") or c in " ’-.0123456789")
    return re.sub(r"\s+", " ", kept).strip(" .-’")[:_NAME_MAX_CHARACTERS].strip()


def is_caseless(word: str) -> bool:
    """Whether ``word`` is in a script without capitals (Chinese, Arabic, Hebrew, …)."""
    return any(c.isalpha() and not c.islower() and not c.isupper() for c in word)
