"""What a want is about, in the words that a plot may name: ``run a tea shop`` → shop "a tea shop".

The table stands in ``data/subjects.toml``.
"""

import re
from dataclasses import dataclass
from functools import cache

from overprint.core.codec import decode
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.vocabulary import lexicon, load

_END = re.compile(
    r" (?:to|in|on|for|with|from|at|into|by|under|over|before|after|until|without|and|so|because|than)\b.*"
)
_STALL_OF_ONE = re.compile(r"([a-z-]+)s (stall)$")
_WORDS_MAX = 6
_THERE = ("charge", "cheered")


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of the table. ``number``: ``one``, ``many`` or ``any``; ``beings``: whether it is somebody, if told."""

    slot: str
    patterns: tuple[str, ...]
    number: str = "any"
    told: str = "{}"
    beings: bool | None = None


@dataclass(frozen=True, slots=True)
class _Subjects:
    subject: tuple[Subject, ...]


@cache
def subjects() -> tuple[Subject, ...]:
    return decode(_Subjects, load("subjects")).subject


@cache
def _patterns(subject: Subject) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in subject.patterns)


def subject_slots() -> tuple[str, ...]:
    """Every slot that a subject may fill."""
    return tuple(dict.fromkeys(subject.slot for subject in subjects()))


def subject_words(want: str) -> dict[str, str]:
    """Every subject slot; empty where the want is not about such a thing."""
    words = dict.fromkeys(subject_slots(), "")
    for subject in subjects():
        words[subject.slot] = words[subject.slot] or _phrase(subject, want)
    return words


def is_about_somebody(want: str) -> bool:
    """Whether it is about somebody who is there from the start, beside the hero and a friend: to be minded, cheered."""
    words = subject_words(want)
    return any(words[slot] for slot in _THERE)


def _phrase(subject: Subject, want: str) -> str:
    found = next((m for pattern in _patterns(subject) if (m := pattern.match(want))), None)
    if found is None:
        return ""
    phrase = _END.sub("", found[1] or "").strip()
    if len(phrase.split()) > _WORDS_MAX or not _fits(subject, phrase):
        return ""
    return _STALL_OF_ONE.sub(_one_of, subject.told.format(phrase))


def _one_of(stall: re.Match[str]) -> str:
    """``umbrellas stall`` → ``umbrella stall``."""
    return f"{singular(f'{stall[1]}s')} {stall[2]}"


def _fits(subject: Subject, phrase: str) -> bool:
    last = phrase.split()[-1] if phrase else ""
    is_many = singular(last) != last and last.islower()
    is_somebody = last.lower() in lexicon().beings or last[:1].isupper()
    if subject.number != "any" and subject.told == "{}" and is_many != (subject.number == "many"):
        return False
    return subject.beings is None or subject.beings is is_somebody
