"""A story in a few seconds: what somebody wants, where there is time how it goes wrong, and how it ends.

Of each of these one sentence is told, for all that fits into such a time of a whole page is its beginning. Wish and end
are the sentences of the first and the last page that have the most words in common: what is wanted is what comes true.
If there is no time for both, somebody tries, and it comes true.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from overprint.core.film import WORDS_MAX
from overprint.craft.narration.dialogue import quotations
from overprint.craft.narration.sentences import SPEECH_VERB, sentences

_SPARE_SECONDS = 0.3  # most voices are quicker than the slowest
_LETTERS_A_SECOND = 14.0  # marks are not said
_PAUSES_SECONDS, _SENTENCE_SECONDS = 1.0, 0.32  # around what is said in a scene, and within it, as it is mixed
_UNSAID = re.compile(r"[^\w\s]")
_WORD = re.compile(r"\w{3,}")
_LONG_WORD = 4  # letters
_LOOKED_AT = 100
"""So many sentences of a page at most: each of one is held against each of another."""
_VERB = re.compile(rf"(?<!\w){SPEECH_VERB}")
_TAG_MOST = 40  # letters
_CAPITAL = re.compile(r"[^\W\d_a-z]\w{2,}")
_CRY = re.compile(r"[^\W\d_]{3,12}!")
_GOES_ON = re.compile(r"[\"“„«»‹›‘]")


@dataclass(frozen=True, slots=True)
class _Part:
    """Sentences ``first`` up to ``last``, not included, of a page; ``plain``: the one sentence, without who says it."""

    page: int
    first: int
    last: int
    plain: str = ""

    def words(self, parted: Sequence[Sequence[str]]) -> str:
        return self.plain or " ".join(parted[self.page][self.first : self.last])


def told_briefly(
    parted: Sequence[Sequence[str]], seconds: float, scenes_most: int, hangs: re.Pattern[str] | None, want: str = ""
) -> tuple[tuple[int, str], ...]:
    """A page (from 0) and words for each of two or three scenes; nothing where no wish and end fit. ``parted``: the
    sentences of each page; ``hangs`` matches those that are not understood without the one before. ``want``: what
    somebody wants, where that is known."""
    if len(parted) < 2 or scenes_most < 2:
        return ()
    parted = [units[:_LOOKED_AT] for units in parted]

    def stands(part: _Part) -> bool:
        return not (hangs and hangs.match(parted[part.page][part.first]))

    def fits(parts: Sequence[_Part]) -> bool:
        return bool(tight_seconds([part.words(parted) for part in parts], seconds))

    wish, end = _wish_and_end(parted, want)
    names = _names(wish.words(parted)) & _capitals(end.words(parted))
    framed = [*product(_said(wish, parted), [end, *_shouted(end, parted)])]
    framed += [(part, end) for part in _named(parted, names) if stands(part)]
    chosen = next(([*parts] for parts in framed if fits(parts)), None)
    if chosen is None:
        return ()
    if scenes_most > 2 and chosen[0].page == 0:
        turns = (part for part in (*_named(parted, names), *_cries(parted)) if part.page and stands(part))
        turn = next((part for part in turns if fits([chosen[0], part, chosen[1]])), None)
        chosen[1:1] = [turn] if turn else []
    for place in (len(chosen) - 1, *range(1, len(chosen) - 1), 0):
        for longer in _longer(chosen[place], parted):
            if not fits([*chosen[:place], longer, *chosen[place + 1 :]]):
                break
            if place or stands(longer):
                chosen[place] = longer
    return tuple((part.page, part.words(parted)) for part in chosen)


def tight_seconds(words: Sequence[str], seconds: float) -> tuple[float, ...]:
    """How long scenes last in which these words are said in so short a time, the last one as long as the others leave:
    whole halves of a second. Nothing if they do not fit."""
    *said, last = map(_spoken_seconds, words)
    lengths = [math.ceil(2 * each) / 2 for each in said]
    left = seconds - sum(lengths)
    fits = last <= left + _SPARE_SECONDS and max(map(len, words)) <= WORDS_MAX
    return (*lengths, left) if fits else ()


def _spoken_seconds(words: str) -> float:
    breaks = max(0, len(sentences(words)) - 1)
    return len(_UNSAID.sub("", words)) / _LETTERS_A_SECOND + _PAUSES_SECONDS + breaks * _SENTENCE_SECONDS


def _wish_and_end(parted: Sequence[Sequence[str]], want: str) -> tuple[_Part, _Part]:
    """The pair of the first and the last page that has most words of what is wanted, then most words in common, then
    most names; an exclamation before other ends, then the last such of the first page, the first of the last."""
    wanted = set(_WORD.findall(want.lower()))
    ends = [(_wanted_in(end, wanted), _content(end), _capitals(end), end.endswith("!")) for end in parted[-1]]
    scores = [
        (asks + answers, len(content & spoken_of), len(names & named), is_cry, number, -place)
        for number, wish in enumerate(parted[0])
        for asks, content, names in [(_wanted_in(wish, wanted), _content(wish), _names(wish))]
        for place, (answers, spoken_of, named, is_cry) in enumerate(ends)
    ]
    *_, wish, end = max(scores)
    return _Part(0, wish, wish + 1), _Part(len(parted) - 1, -end, -end + 1)


def _wanted_in(unit: str, wanted: set[str]) -> int:
    return len(wanted & set(_WORD.findall(unit.lower())))


def _said(wish: _Part, parted: Sequence[Sequence[str]]) -> Iterator[_Part]:
    yield wish
    if plain := _without_speaker(wish.words(parted)):
        yield replace(wish, plain=plain)


def _shouted(end: _Part, parted: Sequence[Sequence[str]]) -> Iterator[_Part]:
    """What is said on the last page, for an end in fewer words."""
    for number, unit in enumerate(parted[-1]):
        if plain := _without_speaker(unit):
            yield _Part(end.page, number, number + 1, plain)


def _named(parted: Sequence[Sequence[str]], names: set[str]) -> Iterator[_Part]:
    """Sentences with one of these names between the first page and the last: those of the lowest point, which comes
    before the end, and then of what goes wrong on the way to it; at last those of the first."""
    for page in (*range(len(parted) - 2, 0, -1), 0):
        for number, unit in enumerate(parted[page]):
            if names & _capitals(unit):
                yield _Part(page, number, number + 1)


def _cries(parted: Sequence[Sequence[str]]) -> Iterator[_Part]:
    """``Crash!``: where there is time for no more."""
    for page in range(len(parted) - 2, 0, -1):
        for number, unit in enumerate(parted[page]):
            if _CRY.fullmatch(unit):
                yield _Part(page, number, number + 1)


def _names(wish: str) -> set[str]:
    """Of whoever wishes: any word may be written with a capital where a sentence begins."""
    return _capitals(wish.partition(" ")[2]) or _capitals(wish)


def _longer(part: _Part, parted: Sequence[Sequence[str]]) -> Iterator[_Part]:
    """With one more sentence, and one more: of the first page those before the wish, of others those behind."""
    if part.plain:
        return
    if part.page == 0:
        yield from (replace(part, first=first) for first in range(part.first - 1, -1, -1))
    else:
        yield from (replace(part, last=last) for last in range(part.last + 1, len(parted[part.page]) + 1))


def _without_speaker(unit: str) -> str:
    """What is said in one pair of quotation marks, in them, without ``said Mira`` behind it; else nothing."""
    said = quotations(unit, ())
    if len(said) != 1 or said[0].first or not 0 < len(unit) - said[0].last <= _TAG_MOST:
        return ""
    tag, inner = unit[said[0].last :], unit[1 : said[0].last - 1].rstrip(",")
    if not _VERB.search(tag) or _GOES_ON.search(tag):
        return ""
    return f"{unit[0]}{inner}{'' if inner.endswith(('.', '!', '?', '…')) else '.'}{unit[said[0].last - 1]}"


def _content(words: str) -> set[str]:
    """What they speak of: neither names nor ``said``."""
    spoken_of = {word for word in _WORD.findall(_VERB.sub("", words)) if len(word) >= _LONG_WORD}
    return {word.lower() for word in spoken_of - _capitals(words)}


def _capitals(words: str) -> set[str]:
    return set(_CAPITAL.findall(words))
