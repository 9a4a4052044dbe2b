"""What was made of a scene and stays, because its card is locked."""

from collections.abc import Collection, Mapping
from typing import Any

from overprint.core.codec import digest, encode
from overprint.core.film import Card, FilmBrief, Storyboard
from overprint.features.videos import rules
from overprint.features.videos.steps import CLIP, PICTURE, SPOKEN, scene_key

HELD = (PICTURE, SPOKEN, CLIP)
Row = dict[str, Any]


def is_filmed_otherwise(before: FilmBrief, after: FilmBrief) -> bool:
    """Whether clips that were made for one brief do not fit the other."""
    return (before.aspect, before.definition, before.fps) != (after.aspect, after.definition, after.fps)


def held(board: Storyboard, brief: FilmBrief, made: Mapping[str, Row]) -> dict[str, Any]:
    """What stands for good of locked scenes, by the keys of its steps; ``made``: what steps made last (seed,
    ``resolved`` input and output). By whom and in which style does not matter: that is what a lock is for."""
    found: dict[str, Any] = {}
    for place, card in enumerate(board.cards):
        spoken = made.get(scene_key(SPOKEN, card.id))
        end = rules.end_seconds(brief.seconds) if place == len(board.cards) - 1 else 0.0
        for key in (scene_key(part, card.id) for part in HELD) if card.is_locked else ():
            if key in made and _is_of_card(key, made[key], card, brief, spoken, end):
                found[key] = made[key]["output"]
    return found


def filmed(board: Storyboard, held: Collection[str]) -> tuple[int, ...]:
    """The scenes whose clips are among what is ``held``, by the ids of their cards."""
    return tuple(card.id for card in board.cards if scene_key(CLIP, card.id) in held)


def _is_of_card(key: str, row: Row, card: Card, brief: FilmBrief, spoken: Row | None, end: float) -> bool:
    """Whether a step made this of what stands on the card now; a clip, as long as it has to be there at least."""
    resolved = row["resolved"]
    if key.startswith(SPOKEN):
        return bool(resolved["words"] == card.words)
    is_seen = row["seed"] == rules.scene_seed(brief, card) and _same(resolved["scene"], encode(card.scene))
    if key.startswith(PICTURE):
        return is_seen and _same(resolved.get("given"), encode(card.picture))
    if spoken is None or not is_seen or not _same(resolved["move"], encode(card.move)):
        return False
    frames = rules.frames_for([card.seconds], [spoken["output"]["seconds"]], brief.fps, end)
    return bool(resolved["frames"] >= rules.filmed(frames, brief.fps)[0] and resolved["fps"] == brief.fps)


def _same(one: Any, other: Any) -> bool:
    return digest(one) == digest(other)
