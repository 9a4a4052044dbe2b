"""How long what is filmed of scenes is, before their words are spoken; and what cannot be filmed at once."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from overprint.core.film import SCENE_SECONDS_MIN, WORDS_MAX, Card, FilmBrief
from overprint.core.problems import Invalid
from overprint.craft.narration import (
    OPENING_SECONDS_MAX,
    PAUSES_SECONDS,
    SCENE_SECONDS_SLACK,
    letters_within,
    spoken_seconds,
)
from overprint.features.videos.rules import END_SECONDS_MAX, TRANSITION_SECONDS, end_seconds

_ROUNDED_SECONDS = 0.5  # by so much a scene may be meant to last less than its words take
_WORDS_LEAST = 40  # letters; whoever films less at once films nothing that is told


def filmed_seconds(card: Card, end: float = 0.0) -> float:
    """So long is what is filmed of a scene, as far as it can be known before its words are spoken: as long as it is
    meant to last, or as its words take with ``end`` seconds after them, and its handle."""
    return max(card.seconds, spoken_seconds(card.words) + end) + TRANSITION_SECONDS


def too_long(
    brief: FilmBrief, cards: Sequence[Card], filmed_most: float | None, held: Collection[int] = ()
) -> tuple[int, ...]:
    """The ids of the scenes that last longer than can be filmed at once. Those of ``held`` are not filmed again."""
    if filmed_most is None:
        return ()
    ends = [0.0] * (len(cards) - 1) + [end_seconds(brief.seconds)]
    filmed = [(card, end) for card, end in zip(cards, ends, strict=True) if card.id not in held]
    return tuple(card.id for card, end in filmed if filmed_seconds(card, end) > filmed_most)


def check_filmable(
    brief: FilmBrief, cards: Sequence[Card], filmed_most: float | None, held: Collection[int] = ()
) -> None:
    """Raises ``Invalid`` for the first scene that is too long."""
    long = too_long(brief, cards, filmed_most, held)
    if long:
        number = next(number for number, card in enumerate(cards, 1) if card.id in long)
        raise Invalid(
            f"Scene {number} is longer than can be filmed at once, which is {filmed_most:.0f} seconds.",
            "Make two scenes of it, or make it shorter.",
            field="cards",
        )


def paced(brief: FilmBrief, filmed_most: float | None) -> FilmBrief:
    """With scenes that can be filmed at once, as far as nothing that is said takes longer."""
    if filmed_most is None:
        return brief
    longest = max(SCENE_SECONDS_MIN, filmed_most / SCENE_SECONDS_SLACK - TRANSITION_SECONDS)
    return replace(brief, scene_seconds=min(brief.scene_seconds, longest))


def words_most(filmed_most: float | None) -> int:
    """How many letters one scene may say, so that it can be filmed at once wherever it stands."""
    if filmed_most is None:
        return WORDS_MAX
    seconds = filmed_most - TRANSITION_SECONDS - END_SECONDS_MAX
    return max(_WORDS_LEAST, min(WORDS_MAX, letters_within(seconds)))


def filmed_seconds_most(brief: FilmBrief, scenes: int, cards: Sequence[Card] = (), *, is_script: bool = False) -> float:
    """What is filmed of all scenes together; without ``cards``, the most that so many can come to. A script fits its
    film; of a story that is still to be written the opening is told, however short the film was meant to be."""
    end = end_seconds(brief.seconds)
    if cards:
        return sum(map(filmed_seconds, cards)) + end
    opening = 0.0 if is_script else OPENING_SECONDS_MAX + scenes * PAUSES_SECONDS
    return max(brief.seconds, opening) + scenes * (_ROUNDED_SECONDS + TRANSITION_SECONDS) + end
