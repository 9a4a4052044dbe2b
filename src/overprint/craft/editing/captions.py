"""Captions: which words are shown when. A sentence is shown whole if it is short, else piece by piece, each piece for
as long as it takes to say its share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overprint.core.narration import Cue

LETTERS_MAX = 62
"""So much fits in two lines in the narrowest film."""
_LETTERS_LEAST = 14  # nothing shorter stands alone
_PAUSE_SHOWN_SECONDS = 0.25
_BREAKS = ",;:—–"


@dataclass(frozen=True, slots=True)
class Caption:
    """``words`` from ``start_seconds`` until ``end_seconds`` of the film or of its scene."""

    words: str
    start_seconds: float
    end_seconds: float


def captions_of(words: str, cues: Sequence[Cue]) -> tuple[Caption, ...]:
    """The captions of one scene. ``cues``: when each sentence of ``words`` is heard."""
    return tuple(caption for cue in cues for caption in _of_sentence(words[cue.first : cue.last].strip(), cue))


def _of_sentence(sentence: str, cue: Cue) -> Iterator[Caption]:
    pieces = list(_pieces(sentence))
    whole = sum(map(len, pieces)) or 1
    end_seconds = max(cue.start_seconds, cue.end_seconds - _PAUSE_SHOWN_SECONDS)
    at, said = cue.start_seconds, 0
    for piece in pieces:
        said += len(piece)
        until = cue.start_seconds + (end_seconds - cue.start_seconds) * said / whole
        yield Caption(piece, round(at, 3), round(until, 3))
        at = until


def _pieces(sentence: str) -> Iterator[str]:
    """Of about the same length, cut where somebody would take a breath if there is such a place nearby."""
    while len(sentence) > LETTERS_MAX:
        count = -(-len(sentence) // LETTERS_MAX)
        cut = _cut(sentence, len(sentence) // count)
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence


def _cut(sentence: str, near: int) -> int:
    """The space to cut at, the nearest to ``near``; one after a comma may be farther away."""
    spaces = [at for at, letter in enumerate(sentence[: LETTERS_MAX + 1]) if letter == " "]
    usable = [at for at in spaces if _LETTERS_LEAST <= at <= len(sentence) - _LETTERS_LEAST] or spaces
    if not usable:
        return LETTERS_MAX
    return min(usable, key=lambda at: abs(at - near) - (20 if sentence[at - 1] in _BREAKS else 0))
