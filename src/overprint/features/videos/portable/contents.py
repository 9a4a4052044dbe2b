"""What of a film travels beside its storyboard: what was drawn, spoken, filmed and followed. The rest is made anew."""

from overprint.core.film import Storyboard
from overprint.features.videos.rules.locks import HELD
from overprint.features.videos.steps import CLIP, MOTION, PICTURE, SPOKEN, scene_key

_KINDS = {PICTURE: "videos.picture@1", SPOKEN: "videos.narrate@1", CLIP: "videos.clip@1"}
MOTION_KIND = "videos.motion@1"


def kinds_of(board: Storyboard) -> dict[str, str]:
    """The kinds of the steps that travel, by their keys."""
    of_scenes = {scene_key(part, card.id): kind for part, kind in _KINDS.items() for card in board.cards}
    return {**of_scenes, MOTION: MOTION_KIND}


def held_kinds(board: Storyboard) -> dict[str, str]:
    """The same of those that stand for good, because their card is locked."""
    locked = [card.id for card in board.cards if card.is_locked]
    return {scene_key(part, card_id): _KINDS[part] for part in HELD for card_id in locked}
