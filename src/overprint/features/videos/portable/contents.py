"""What of a film travels beside its storyboard: what was drawn, spoken, filmed and followed. The rest is made anew."""

from overprint.core.files import StoredFile
from overprint.core.film import Storyboard
from overprint.core.problems import LimitReached
from overprint.features.jobs import FilmHeader
from overprint.features.library import UPLOAD_MAX_BYTES
from overprint.features.videos.rules.locks import HELD
from overprint.features.videos.steps import CLIP, MOTION, PICTURE, SPOKEN, scene_key

_KINDS = {PICTURE: "videos.picture@1", SPOKEN: "videos.narrate@1", CLIP: "videos.clip@1"}
MOTION_KIND = "videos.motion@1"
TRAVELS = frozenset({*_KINDS.values(), MOTION_KIND})
OWN = ("picture", "driving", "lut")
"""Files of a person's own that a film names beside its storyboard."""


def kinds_of(board: Storyboard) -> dict[str, str]:
    """The kinds of the steps that travel, by their keys."""
    of_scenes = {scene_key(part, card.id): kind for part, kind in _KINDS.items() for card in board.cards}
    return {**of_scenes, MOTION: MOTION_KIND}


def held_kinds(board: Storyboard) -> dict[str, str]:
    """The same of those that stand for good, because their card is locked."""
    locked = [card.id for card in board.cards if card.is_locked]
    return {scene_key(part, card_id): _KINDS[part] for part in HELD for card_id in locked}


def own_files(header: FilmHeader) -> tuple[StoredFile, ...]:
    """What a person brought to a film, each file once."""
    named = [*(card.picture for card in header.board.cards), *(getattr(header, name) for name in OWN)]
    return tuple(dict.fromkeys(file for file in named if file is not None))


def refuse_large_own(header: FilmHeader) -> None:
    """Each of these is judged as an upload is. Raises ``LimitReached``."""
    largest_bytes = max((file.size_bytes for file in own_files(header)), default=0)
    if largest_bytes > UPLOAD_MAX_BYTES:  # a film of the library that this one follows may be
        raise LimitReached(
            f"A file that somebody brought to this film is larger than {UPLOAD_MAX_BYTES // 1_000_000} MB.",
            "Have the film follow a smaller clip, or none.",
        )
