"""How much of a told story fits into a given time, and where it is parted into scenes.

A page loses words only at its end, so that what is said always follows from what was said before; only the first page
loses them at its beginning, because it ends with what somebody wants.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from overprint.core.film import WORDS_MAX
from overprint.craft.narration.briefly import told_briefly
from overprint.craft.narration.dialogue import quotations
from overprint.craft.narration.sentences import sentences

LETTERS_A_SECOND = 15.0  # as slow as our slowest voice
PAUSES_SECONDS = 1.2  # before and after what is said in a scene
# A picture may be looked at somewhat longer than scenes last on the whole, before its words are parted.
SCENE_SECONDS_SLACK = 1.4
_ARC_PAGES = 3  # as many as an opening, a turn and an end take
_LEAST_LETTERS = 60  # a page says at least this much, if it is told at all
_OPENING_LEAST_LETTERS = 40
_SOONER = 0.5
_VERSE_LETTERS = 80
_PAUSES = (", ", "; ", ": ", ". ")
_LONG_LETTERS = 240  # what is said in one breath of quotation marks is parted all the same
_HANGING = {
    "en": re.compile(
        r"(?:And|But|So|Then|He|She|They|(?:On|In|Under|Behind|Beside|Before|With|Near|By|At|To|From|Around|Over)"
        r" (?:it|him|her|them|that|this))\b"
    ),
    "de": re.compile(
        r"(?:Und|Aber|Dann|Da|Er|Sie|Dar(?:auf|in|unter|an|über)|Da(?:hinter|neben|vor|mit)|(?:Auf|In|Unter|Hinter|"
        r"Neben|Vor|Mit|Bei|Zu) (?:ihm|ihr|ihnen))\b"
    ),
}
"""How a sentence begins that is not understood without the one before."""
OPENING_SECONDS_MAX = (_OPENING_LEAST_LETTERS + _LONG_LETTERS) / LETTERS_A_SECOND
"""What is told at the least of any story, its opening, is said in this time, without the pauses of its scenes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many scenes there may be, and how long one is when nothing speaks for another length."""

    scenes_most: int
    scene_seconds: float


def spoken_seconds(words: str) -> float:
    """How long a scene lasts in which these words are said, about."""
    return len(words) / LETTERS_A_SECOND + PAUSES_SECONDS


def letters_within(seconds: float) -> int:
    """How many letters can be said in a scene that lasts so long."""
    return max(0, math.floor((seconds - PAUSES_SECONDS) * LETTERS_A_SECOND))


def told_within(
    pages: Sequence[str], seconds: float, pace: Pace, language: str = "en", want: str = ""
) -> tuple[tuple[int, str], ...]:
    """As much of ``pages`` as can be said in ``seconds``: a number of a page (from 0) and words for each scene.

    From the beginning to the end of the story, however short the time is: parts of many pages come before more words of
    few. Where less than three would be told, it is told in single sentences (``briefly``). If not even the least fits,
    that is what comes back. At the ``pace`` of scenes. ``want``: what somebody in it wants, where that is known.
    """
    parted = [_units(page, language) for page in pages]
    parted[:1] = [[breath for unit in units for breath in _breaths(unit)] for units in parted[:1]]
    for count in range(min(len(pages), pace.scenes_most), 0, -1):
        if count < _ARC_PAGES and (
            briefly := told_briefly(parted, seconds, pace.scenes_most, _HANGING.get(language), want)
        ):
            return briefly
        chosen = _spread(len(pages), count)
        kept = {n: _least(parted[n]) if n else _least(parted[0][::-1], _OPENING_LEAST_LETTERS) for n in chosen}
        if count == 1 or _scenes_seconds(parted, kept, pace) <= seconds:
            return _scenes(parted, _standing(parted, _lengthened(parted, kept, seconds, pace), language), pace)
    return ()


def _units(page: str, language: str) -> list[str]:
    """Sentences; but what stands in one pair of quotation marks stays together, and so does a page of verse."""
    lines = page.split("\n")
    if len(lines) > 1 and max(map(len, lines)) <= _VERSE_LETTERS:
        return [" ".join(page.split())]
    quoted = quotations(page, ())
    units: list[str] = []
    begin = None
    for first, last in sentences(page, language):
        begin = first if begin is None else begin
        if not any(quotation.first < last < quotation.last for quotation in quoted) or last - begin > _LONG_LETTERS:
            units.append(page[begin:last])
            begin = None
    if begin is not None:
        units.append(page[begin:].strip())
    return units or [page]


def _breaths(unit: str) -> list[str]:
    """What takes longer than a breath, parted behind its last comma before that, or else between words: of an opening
    only so much is told at the least as ``OPENING_SECONDS_MAX`` says."""
    parts: list[str] = []
    while len(unit) > _LONG_LETTERS:
        ends = (max(unit.rfind(mark, 1, _LONG_LETTERS) for mark in marks) + 1 for marks in (_PAUSES, (" ",)))
        cut = next(filter(None, ends), _LONG_LETTERS)
        parts.append(unit[:cut].strip())
        unit = unit[cut:].strip()
    return [*parts, unit]


def _spread(pages: int, count: int) -> list[int]:
    """``count`` of ``pages``, evenly, the first and the last always among them."""
    return [0] if count == 1 else [round(n * (pages - 1) / (count - 1)) for n in range(count)]


def _least(units: Sequence[str], letters: int = _LEAST_LETTERS) -> int:
    """How many units of a page are told at the very least."""
    return next((n for n in range(1, len(units)) if _letters(units[:n]) >= letters), len(units))


def _kept_of(units: Sequence[str], page: int, many: int) -> Sequence[str]:
    return units[:many] if page else units[len(units) - many :]


def _letters(units: Sequence[str]) -> int:
    return sum(map(len, units)) + max(0, len(units) - 1)


def _lengthened(parted: Sequence[Sequence[str]], kept: dict[int, int], seconds: float, pace: Pace) -> dict[int, int]:
    """With further units of whichever page has been told the least, as long as there is time; sooner of the first."""
    closed: set[int] = set()
    while open_ones := [n for n in kept if n not in closed and kept[n] < len(parted[n])]:
        page = min(open_ones, key=lambda n: _letters(_kept_of(parted[n], n, kept[n])) * (1.0 if n else _SOONER))
        longer = {**kept, page: kept[page] + 1}
        if _scenes_seconds(parted, longer, pace) <= seconds:
            kept = longer
        else:
            closed.add(page)
    return kept


def _standing(parted: Sequence[Sequence[str]], kept: dict[int, int], language: str) -> dict[int, int]:
    """Without what begins the opening and speaks of something before it that is not told ("On it sat Noor.")."""
    first, hangs = parted[0], _HANGING.get(language)
    many = kept[0]
    while hangs and 1 < many < len(first) and hangs.match(first[-many]):
        many -= 1
    return {**kept, 0: many}


def _scenes_seconds(parted: Sequence[Sequence[str]], kept: dict[int, int], pace: Pace) -> float:
    return sum(spoken_seconds(words) for _, words in _scenes(parted, kept, pace))


def _scenes(parted: Sequence[Sequence[str]], kept: dict[int, int], pace: Pace) -> tuple[tuple[int, str], ...]:
    """A long page becomes scenes of about the same length, the longest first while there are scenes left."""
    told = {n: _kept_of(parted[n], n, many) for n, many in kept.items()}
    whole_letters = pace.scene_seconds * SCENE_SECONDS_SLACK * LETTERS_A_SECOND
    wanted = {n: min(len(units), max(1, math.ceil(_letters(units) / whole_letters))) for n, units in told.items()}
    while sum(wanted.values()) > pace.scenes_most and max(wanted.values()) > 1:
        wanted[min((n for n in wanted if wanted[n] > 1), key=lambda n: _letters(told[n]) / wanted[n])] -= 1
    return tuple((n, words) for n, units in told.items() for words in _in_parts(units, wanted[n]))


def _in_parts(units: Sequence[str], count: int) -> list[str]:
    """``units`` in their order in ``count`` parts, none empty, of about the same length."""
    parts: list[str] = []
    rest = list(units)
    while rest:
        left = count - len(parts)
        goal = _letters(rest) / left
        taken = 1
        while len(rest) - taken >= left and left > 1:
            with_next = _letters(rest[: taken + 1])
            if with_next - goal > goal - _letters(rest[:taken]):
                break
            taken += 1
        if left == 1:
            taken = len(rest)
        parts.append(_cut(" ".join(rest[:taken])))
        rest = rest[taken:]
    return parts


def _cut(words: str) -> str:
    """No longer than may be said in a scene; only sentences without end come so far."""
    return words if len(words) <= WORDS_MAX else words[: WORDS_MAX - 1].rpartition(" ")[0] + "…"
