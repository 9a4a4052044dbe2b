"""What was made of a scene and stays, because its card is locked."""

from typing import Any

from overprint.core.codec import digest, encode
from overprint.core.film import Card, FilmBrief
from overprint.features.videos import rules
from overprint.features.videos.steps import CLIP, PICTURE, SPOKEN

HELD = (PICTURE, SPOKEN, CLIP)
Row = dict[str, Any]


def is_filmed_otherwise(before: FilmBrief, after: FilmBrief) -> bool:
    """Whether clips that were made for one brief do not fit the other."""
    return (before.aspect, before.definition, before.fps) != (after.aspect, after.definition, after.fps)


def is_of_card(row: Row, card: Card, brief: FilmBrief, spoken: Row | None) -> bool:
    """Whether a step made this (key, seed, ``resolved`` input) of what stands on the card now. By whom and in which
    style does not matter: that is what a lock is for. ``spoken`` is what the narration's step made."""
    key, resolved = row["key"], row["resolved"]
    if key.startswith(SPOKEN):
        return bool(resolved["words"] == card.words)
    is_seen = row["seed"] == rules.scene_seed(brief, card) and _same(resolved["scene"], encode(card.scene))
    if key.startswith(PICTURE):
        return is_seen and _same(resolved.get("given"), encode(card.picture))
    if spoken is None or not is_seen or not _same(resolved["move"], encode(card.move)):
        return False
    frames = rules.frames_for([card.seconds], [spoken["output"]["seconds"]], brief.fps)
    return bool(resolved["frames"] == frames[0] and resolved["fps"] == brief.fps)


def _same(one: Any, other: Any) -> bool:
    return digest(one) == digest(other)
