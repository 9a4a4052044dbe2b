"""Where, when and with what a premise takes place, and what it rules out."""

import re
from collections.abc import Iterable
from typing import TypeVar

from overprint.core.scene import PropKind, Season, Setting, Time, Weather
from overprint.craft.writing.clauses import cut_clause
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.vocabulary import lexicon

Found = TypeVar("Found", Time, Weather, Season)
_W = r"[^\W\d_][\w’-]*"
_WITHOUT = re.compile(
    r"\b(?:without|with no|there (?:is|are|was|were) no|has no|have no|isn’t any|no(?! other)) (?:an? |any |the "
    r"|more )?"
    rf"((?:{_W} )?{_W})",
    re.IGNORECASE,
)

_NEVER_FALLS = re.compile(r"\bit (?:never|does not|doesn’t|cannot|can’t) (rain|snow)s?\b", re.IGNORECASE)


def forbidden_in(text: str) -> tuple[str, ...]:
    """The plain nouns that a premise rules out: ``without a moon`` → ``moon``."""
    known = lexicon()
    found: list[str] = [m[1].lower() for m in _NEVER_FALLS.finditer(text)]
    for m in _WITHOUT.finditer(text):
        for word in cut_clause(m[1], 2).lower().split():
            single = singular(word)
            if single.removesuffix("s") == "animal":
                found.append("animal")
            elif single in known.props | known.weathers | known.settings | known.beings | known.accessories:
                found.append(single)
    return tuple(dict.fromkeys(found))[:4]


def _occurring(table: Iterable[str], text: str, forbidden: tuple[str, ...]) -> list[str]:
    low = text.lower()
    # "ice cream" is no ice
    spoken = (word for word in table if word in low)
    hits = [(*m.span(), word) for word in spoken for m in re.finditer(rf"\b{re.escape(word)}\b(?! cream)", low)]
    # nor is "under the sea" the sea
    whole = [hit for hit in hits if not any(o[0] <= hit[0] and hit[1] <= o[1] and o[:2] != hit[:2] for o in hits)]
    return [word for *_, word in sorted(whole) if word not in forbidden and word.rstrip("s") not in forbidden]


def settings_in(text: str, forbidden: tuple[str, ...]) -> tuple[Setting, ...]:
    table = lexicon().settings
    return tuple(
        dict.fromkeys(table[word] for word in _occurring(table, text, forbidden) if table[word].value not in forbidden)
    )


def props_in(text: str, forbidden: tuple[str, ...]) -> tuple[tuple[PropKind, str], ...]:
    table = lexicon().props
    found: dict[PropKind, str] = {}
    for word in _occurring(table, text, forbidden):
        if table[word].value not in forbidden:
            found.setdefault(table[word], word)
    return tuple(found.items())[:4]


def first_in(table: dict[str, Found], text: str, forbidden: tuple[str, ...]) -> Found | None:
    return next((table[word] for word in _occurring(table, text, forbidden)), None)
