"""Wants that follow from what a premise tells, kept as patterns in ``data/readings.toml``."""

import re
from dataclasses import dataclass
from functools import cache

from overprint.core.codec import decode
from overprint.craft.writing.clauses import before_another_deed, before_somebody_else, cut_clause
from overprint.craft.writing.language import base_of, gerund, past
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.vocabulary import lexicon, load, word_set
from overprint.craft.writing.wants import Want

_PHRASE_MAX_WORDS = 10
_DONE = word_set(
    "found caught told heard read sold won bought taught held understood built kept left lost met sent made"
)
_SLOT = re.compile(r"\{(\d)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """``says``: a pattern over a premise; ``wants``: the want that follows, with slots for what was found.

    ``outright``: as certain as a want that is said, so that it comes before a deed told as it happens.
    ``event``: read in what happens after the beginning, and nowhere else.
    """

    says: str
    wants: str
    outright: bool = False
    event: bool = False


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Rule], ...]:
    rules = decode(tuple[Rule, ...], load("readings")["reading"])
    return tuple((re.compile(_expanded(rule.says), re.IGNORECASE), rule) for rule in rules)


def _expanded(says: str) -> str:
    """``W`` as one word and ``P`` as the rest of a clause."""
    says = re.sub(r"(?<![\w\\])P(?!\w)", r"[^\\W\\d_][^.!?;:]*", says)
    return re.sub(r"(?<![\w\\])W(?!\w)", r"(?:[^\\W\\d_][\\w’-]*|\\{p\\d\\})", says)


def want_that_follows(text: str, is_outright: bool) -> Want | None:
    """The want that ``text`` lets one conclude, with where it was read; ``None`` where no rule fits."""
    for pattern, rule in _rules():
        found = pattern.search(text) if rule.outright is is_outright and not rule.event else None
        phrase = _filled(rule.wants, found) if found else ""
        if found and phrase:
            end = _end_of(found) if _SLOT.search(rule.wants) else found.start()
            return Want(phrase, found.start(), end)
    return None


def want_of_an_event(event: str) -> str:
    """The want that follows from what happens; empty where no rule fits."""
    found = ((rule, pattern.search(event)) for pattern, rule in _rules() if rule.event)
    return next((phrase for rule, m in found if m and (phrase := _filled(rule.wants, m))), "")


def _end_of(found: re.Match[str]) -> int:
    """Where what was found ends, without what the last phrase goes on with."""
    last = found.lastindex
    return found.start(last) + len(_cut(found[last])) if last else found.end()


def _cut(phrase: str) -> str:
    phrase = re.sub(r" any ?more\b", "", phrase)
    if phrase.startswith("which "):
        return f"which {_cut(phrase.removeprefix('which '))}"
    return before_another_deed(before_somebody_else(cut_clause(phrase, _PHRASE_MAX_WORDS))) if " " in phrase else phrase


def _filled(wants: str, found: re.Match[str]) -> str:
    """``wants`` with what was found; empty when a phrase may not be told."""
    parts: list[str] = []

    def part(slot: re.Match[str]) -> str:
        told = _in_form(_cut(found[int(slot[1])] or ""), slot[2] or "")
        parts.append(told)
        return told

    phrase = _SLOT.sub(part, wants).strip()
    words = [word.lower() for told in parts for word in told.split()]
    is_refused = any(word in lexicon().refused or len(word) > 24 for word in words)
    return "" if is_refused or any(not told for told in parts) else phrase


def _in_form(phrase: str, form: str) -> str:
    verb, _, rest = phrase.partition(" ")
    match form:
        case "base":
            return f"{base_of(verb) or verb} {rest}".strip()
        case "doing":
            verb, _, rest = phrase.removeprefix("has ").partition(" ")
            return f"{gerund(base_of(verb) or verb)} {rest}".strip()
        case "done":
            done = past(base_of(verb) or verb)
            return done if done.endswith("ed") or done in _DONE else ""
        case "one":
            return singular(phrase)
        case "the":
            return re.sub(r"^(?:an?|some|the) ", "the ", phrase, flags=re.IGNORECASE)
        case _:
            return phrase
