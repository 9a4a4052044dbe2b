"""What is somebody's own in how they go about things: tries that suit them, and what their way is good for."""

import re
from dataclasses import dataclass
from functools import cache
from re import Pattern

from overprint.core.codec import decode
from overprint.core.story import Character
from overprint.craft.writing.facts import Fact, FactKind, facts_of
from overprint.craft.writing.plots import Attempt
from overprint.craft.writing.vocabulary import load, word_set

_LIKINGS = ("collect", "love", "adore", "paint", "draw", "keep", "count")
_NO_THINGS = word_set(
    "songs stories jokes noises words people numbers names his her their its times friends letters colours"
)
_TOLD = {
    "blind": re.compile(r"\bblind\b"),
    "deaf": re.compile(r"\bdeaf\b|\bhard of hearing\b"),
    "autistic": re.compile(r"\bautistic\b"),
    "wheels": re.compile(r"\bwheelchair\b"),
    "stammer": re.compile(r"\b(?:stutters?|stammers?)\b"),
}
# What they do not do, so that no line about them may say it.
_NOT_DONE = {
    "blind": r"look(?:s|ed|ing)?|saw|see(?:s|ing)?|read|watch(?:ed|ing)?|star(?:ed|ing)|glanced|peered|winked",
    "deaf": r"heard|listen(?:ed|ing)?|hummed|whispered",
    "wheels": r"ran|running|stood|jump(?:ed|ing)|climb(?:ed|ing)?|walk(?:ed|ing)?|kneel|knelt|feet|knees?|legs?|toes"
    r"|tiptoed?|danc(?:ed|ing)|fell|fallen|hopped|kicked|stepped|leaned|shoes|somersault|ladder",
}


# What a line says of somebody who sees, as it is of somebody who does not.
_INSTEAD = {
    "blind": (
        ("looked up", "lifted {his} head"),
        ("looked round", "turned round"),
        ("looked down", "bent down"),
        ("looked at", "turned to"),
        ("looked", "listened"),
        ("was looking", "was listening"),
        ("had been looking at", "had been thinking of"),
        ("stared at", "turned to"),
        ("watched", "listened to"),
        ("saw that", "knew that"),
        ("saw", "noticed"),
        ("read", "heard"),
    )
}
# Ways for which lines are told in other words, so that no plot has to be left out.
RETOLD = frozenset(_INSTEAD)
_SAID_OF = {"hero": "hero|he|hero_the", "pal": "pal|phe|pal_the"}


@dataclass(frozen=True, slots=True)
class OwnTries:
    """``intro``: how each way is told first; ``payoff``: what it was good for in the end, ``payoff_early`` to the
    youngest."""

    intro: dict[str, tuple[str, ...]]
    payoff: dict[str, tuple[str, ...]]
    payoff_early: dict[str, tuple[str, ...]]
    attempt: tuple[Attempt, ...]


@cache
def own_tries() -> OwnTries:
    return decode(OwnTries, load("own_tries"))


def passion_of(character: Character) -> str:
    """What somebody collects or loves, several of them: ``stones``; else empty."""
    for fact in facts_of(character):
        verb, _, rest = fact.what.partition(" ")
        words = rest.lower().split()
        is_liking = fact.kind is FactKind.HABIT and verb in _LIKINGS and 0 < len(words) < 4
        is_many = bool(words) and words[-1].endswith("s") and not words[-1].endswith("ss")
        if is_liking and is_many and not set(words) & _NO_THINGS and words[-1] not in character.want.split():
            return rest
    return ""


def way_of(fact: Fact, character: Character) -> str:
    """The way that a fact of somebody tells of; empty for any other."""
    if fact.kind is FactKind.HABIT and passion_of(character) and fact.what.endswith(passion_of(character)):
        return "passion"
    told = fact.clause("") if fact.kind in (FactKind.IS, FactKind.HABIT) else ""
    return next((way for way, pattern in _TOLD.items() if pattern.search(told)), "")


def ways_of(character: Character) -> frozenset[str]:
    """The ways that the story has been told somebody has: ``blind``, ``wheels``, ``passion``."""
    told = " ".join((*character.traits, *character.facts)).lower()
    ways = {way for way, pattern in _TOLD.items() if pattern.search(told)}
    return frozenset(ways | ({"passion"} if passion_of(character) else set()))


def as_they_do(template: str, hero: frozenset[str], pal: frozenset[str]) -> str:
    """``template`` with what somebody does in their own way: ``{hero} looked up`` → ``{hero} lifted {his} head``."""
    for who, ways in (("hero", hero), ("pal", pal)):
        for way in sorted(ways & _INSTEAD.keys()):
            for seen, instead in _INSTEAD[way]:
                told = instead if who == "hero" else instead.replace("{his}", "{phis}")
                subject = rf"\{{(?:{_SAID_OF[who]})\}}"
                between = r"(?: only| just|[^.!?“”{]{0,60}?,? and)?"
                template = re.sub(rf"({subject}{between}) {seen}\b", rf"\1 {told}", template)
    return template


@cache
def unfit(hero: frozenset[str], pal: frozenset[str]) -> Pattern[str] | None:
    """Finds in a template what a hero or a companion with these ways does not do."""
    parts = [
        rf"\{{(?:{names})\}}(?!’)(?! (?:of|and)\b)[^.!?“”{{]*?\b(?:{_NOT_DONE[way]})\b"
        for names, ways in (("hero|he|hero_the", hero), ("pal|phe|pal_the", pal))
        for way in sorted(ways)
        if way in _NOT_DONE
    ]
    own = [
        rf"\{{(?:{names})\}} (?:\w+ )?(?:feet|knees?|legs?|toes|shoes)\b"
        for names, ways in (("his|hero\\}’s\\{", hero), ("phis", pal))
        if "wheels" in ways
    ]
    either = [r"same legs|legs like|[Oo]n foot\b|both of them,” said"] if "wheels" in hero | pal else []
    return re.compile("|".join([*parts, *own, *either])) if parts or own else None
