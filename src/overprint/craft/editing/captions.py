"""Captions: which words are shown when. A sentence is shown whole if it is short, else piece by piece, each piece from
when its first word is said. Where nobody told when words are said, they take time by their letters."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overprint.core.narration import Cue, Mark

LETTERS_MAX = 62
"""So much fits in two lines in the narrowest film."""
_LETTERS_LEAST = 14  # nothing shorter stands alone
_PAUSE_SHOWN_SECONDS = 0.25
_SHOWN_SECONDS = 0.8  # so long at least, where nothing else is said: one word is over sooner than it is read
_BREAKS = ",;:—–"


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """Characters ``first`` up to ``last`` of a caption, said from ``start_seconds`` on."""

    first: int
    last: int
    start_seconds: float


@dataclass(frozen=True, slots=True)
class Caption:
    """``words`` from ``start_seconds`` until ``end_seconds`` of the film or of its scene."""

    words: str
    start_seconds: float
    end_seconds: float
    spoken: tuple[SpokenWord, ...] = ()

    def later(self, seconds: float) -> "Caption":
        """The same by a clock that began so much earlier."""
        spoken = tuple(
            SpokenWord(word.first, word.last, round(word.start_seconds + seconds, 3)) for word in self.spoken
        )
        return Caption(self.words, round(self.start_seconds + seconds, 3), round(self.end_seconds + seconds, 3), spoken)


def captions_of(words: str, cues: Sequence[Cue], marks: Sequence[Mark] = ()) -> tuple[Caption, ...]:
    """The captions of one scene. ``cues``: when each sentence of ``words`` is heard; ``marks``: when words of it are,
    as far as that is known, in order."""
    return tuple(caption for cue in cues for caption in _of_sentence(words, cue, marks))


def _of_sentence(words: str, cue: Cue, marks: Sequence[Mark]) -> Iterator[Caption]:
    clock = _Clock(cue, marks)
    pieces = list(_pieces(words, cue.first, cue.last))
    for number, (first, last) in enumerate(pieces):
        start = clock.at(first) if number else cue.start_seconds
        until = clock.at(pieces[number + 1][0]) if number + 1 < len(pieces) else clock.end_seconds
        spoken = tuple(
            SpokenWord(begin - first, end - first, round(clock.at(begin), 3))
            for begin, end in _words_in(words, first, last)
        )
        if number + 1 == len(pieces):
            until = max(until, min(cue.end_seconds, start + _SHOWN_SECONDS))
        yield Caption(words[first:last], round(start, 3), round(max(start, until), 3), spoken)


class _Clock:
    """When a character of a sentence is said: between what is known, evenly."""

    def __init__(self, cue: Cue, marks: Sequence[Mark]) -> None:
        self.end_seconds = max(cue.start_seconds, cue.end_seconds - _PAUSE_SHOWN_SECONDS)
        known = [(mark.first, mark.start_seconds) for mark in marks if cue.first <= mark.first < cue.last]
        knots = [*known, (cue.last, self.end_seconds)]
        if not known or known[0][0] > cue.first:
            knots.insert(0, (cue.first, cue.start_seconds))
        self._places = [place for place, _ in knots]
        self._times = [min(self.end_seconds, max(cue.start_seconds, seconds)) for _, seconds in knots]

    def at(self, place: int) -> float:
        right = min(len(self._places) - 1, max(1, bisect_right(self._places, place)))
        left = right - 1
        long = self._places[right] - self._places[left]
        share = min(1.0, max(0.0, (place - self._places[left]) / long)) if long else 0.0
        return self._times[left] + (self._times[right] - self._times[left]) * share


def _words_in(words: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    begin = first
    for word in words[first:last].split():
        begin = words.index(word, begin, last)
        yield begin, begin + len(word)
        begin += len(word)


def _pieces(words: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Of about the same length, cut where somebody would take a breath if there is such a place nearby."""
    first, last = _trimmed(words, first, last)
    while last - first > LETTERS_MAX:
        count = -(-(last - first) // LETTERS_MAX)
        cut = first + _cut(words[first:last], (last - first) // count)
        yield _trimmed(words, first, cut)
        first, last = _trimmed(words, cut, last)
    if first < last:
        yield first, last


def _trimmed(words: str, first: int, last: int) -> tuple[int, int]:
    piece = words[first:last]
    return last - len(piece.lstrip()), first + len(piece.rstrip())


def _cut(sentence: str, near: int) -> int:
    """The space to cut at, the nearest to ``near``; one after a comma may be farther away."""
    spaces = [at for at, letter in enumerate(sentence[: LETTERS_MAX + 1]) if letter == " "]
    usable = [at for at in spaces if _LETTERS_LEAST <= at <= len(sentence) - _LETTERS_LEAST] or spaces
    if not usable:
        return LETTERS_MAX
    return min(usable, key=lambda at: abs(at - near) - (20 if sentence[at - 1] in _BREAKS else 0))
