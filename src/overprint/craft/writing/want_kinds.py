"""Of which kind a want is, what it is all for, and how it is said."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from overprint.core.codec import decode
from overprint.craft.writing.clauses import ASKS
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of
from overprint.craft.writing.vocabulary import lexicon, load


class WantKind(StrEnum):
    """Decides which plots fit, and which lines of the want and the success."""

    REACH = "reach"
    FIND = "find"
    MAKE = "make"
    LEARN = "learn"
    HELP = "help"
    FRIEND = "friend"
    QUARREL = "quarrel"
    FEAR = "fear"
    RIDDLE = "riddle"
    HAVE = "have"
    REFUSE = "refuse"
    WIN = "win"
    CARRY = "carry"
    BECOME = "become"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindRule:
    """A want that begins as ``says`` is of ``kind``."""

    kind: WantKind
    says: str


@cache
def _by_words() -> tuple[tuple[WantKind, re.Pattern[str]], ...]:
    rules = decode(tuple[KindRule, ...], load("want_kinds")["rule"])
    return tuple((rule.kind, re.compile(rule.says)) for rule in rules)


# "hear the sea sing": nothing that could be looked for
_WITH_A_DEED = re.compile(r"(?:hear|see|watch|feel) (?:an?|the|her|his|their) \S+ (?:\S+ )*\S+$")


def goal_of(want: str) -> str:
    """What it is all for: ``sail a bathtub to find a teapot`` → ``find a teapot``; else the want itself."""
    words = want.split()
    if not words or words[0] not in grammar().with_a_purpose:
        return want
    for n, word in enumerate(words[2:-1], start=2):
        if word == "to" and words[n + 1] in grammar().purposes and words[n - 1] not in ("how", "and", "a", "the"):
            return " ".join(words[n + 1 :])
    return want


def means_of(want: str) -> str:
    """What leads to it: ``sail a bathtub``; empty where the want is all there is."""
    goal = goal_of(want)
    return "" if goal == want else want.removesuffix(f" to {goal}")


def kind_of_want(want: str) -> WantKind:
    """Of which kind a want is; wanting to know something for which there is no plot is of none."""
    want = goal_of(want)
    if (
        _WITH_A_DEED.match(want)
        and base_of(want.split()[-1]) == want.split()[-1]
        and want.split()[-2] not in grammar().loose
    ):
        return WantKind.OTHER
    special = next((kind for kind, pattern in _by_words() if pattern.match(want)), None)
    if special is not None:
        return special
    first = want.split()[0] if want.split() else ""
    return WantKind.OTHER if ASKS.search(want) else WantKind(lexicon().want_kinds.get(first, WantKind.OTHER))


_FIRST = {
    "her": "my",
    "his": "my",
    "their": "my",
    "its": "my",
    "herself": "myself",
    "himself": "myself",
    "themself": "myself",
    "themselves": "myself",
    "itself": "myself",
}
_SECOND = {key: value.replace("my", "your") for key, value in _FIRST.items()}


def spoken(want: str, person: int) -> str:
    """The want as the hero says it of themself (1) or somebody says it to them (2)."""
    table = _FIRST if person == 1 else _SECOND
    words = want.split()
    return " ".join(
        table.get(w, w) if w.endswith(("self", "selves")) or n + 1 < len(words) else w for n, w in enumerate(words)
    )
