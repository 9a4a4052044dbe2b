"""Words that people are told, and words that they bring."""

import unicodedata

_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(128, 160)))


def counted(count: object, what: str) -> str:
    """``1 step``, ``2 steps``."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def clean_text(text: str) -> str:
    """Without control characters, bidirectional overrides and runs of white space."""
    plain = text.translate(_CONTROL)
    plain = "".join(
        letter for letter in plain if letter not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    return " ".join(plain.encode("utf-8", "ignore").decode().split())


def says_something(text: str) -> bool:
    """Whether there is a letter, a digit or a pictogram in it, in any script."""
    return any(letter.isalnum() or unicodedata.category(letter) == "So" for letter in text)
