"""Presets: looks of films that have a name, so that a film can be asked for by it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from overprint.core.codec import bounds, encode
from overprint.core.film import (
    AMOUNT_MAX,
    LIVELINESS,
    MOVES_MAX,
    SCENE_SECONDS,
    SCENE_SECONDS_MAX,
    SCENE_SECONDS_MIN,
    CaptionStyle,
    Grade,
    Mood,
    Move,
    Transition,
)
from overprint.core.motion import Curves

NAME_MAX, DESCRIPTION_MAX = 80, 300


class Category(StrEnum):
    """What a preset is for."""

    CAMERA = "camera"
    STORY = "story"
    MOOD = "mood"
    SOCIAL = "social"
    PRODUCT = "product"
    DOCUMENTARY = "documentary"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class PresetConfig:
    """What a preset decides about a film. ``camera``: moves for one scene after the other, then from the first again;
    ``motion``: how much stirs by itself; ``duration``: seconds that a scene lasts if its words do not last longer.
    ``curves``: a motion of its own, which films take as they take that of a driving clip."""

    camera: tuple[Move, ...] = field(metadata=bounds(min_length=1, max_length=MOVES_MAX))
    motion: int = field(default=LIVELINESS, metadata=bounds(at_least=0, at_most=AMOUNT_MAX))
    duration: float = field(
        default=SCENE_SECONDS, metadata=bounds(at_least=SCENE_SECONDS_MIN, at_most=SCENE_SECONDS_MAX)
    )
    transition: Transition = Transition.DISSOLVE
    grade: Grade = Grade.NATURAL
    grain: int = field(default=0, metadata=bounds(at_least=0, at_most=AMOUNT_MAX))
    vignette: int = field(default=0, metadata=bounds(at_least=0, at_most=AMOUNT_MAX))
    captions: CaptionStyle | None = field(
        default=CaptionStyle.BAR, metadata=bounds(about="none: only as a track beside the film")
    )
    music: Mood = Mood.FITTING
    curves: Curves | None = field(
        default=None, metadata=bounds(about="how the camera and figures move besides, over and over")
    )

    def asked(self, name: str, preset_id: str = "") -> dict[str, Any]:
        """What it says of a film, as fields of a ``FilmBrief`` in JSON."""
        told = encode(self)
        style = {} if self.captions is None else {"caption_style": told["captions"]}
        return {
            "preset": name,
            "preset_id": preset_id,
            "captions": self.captions is not None,
            **style,
            "camera": told["camera"],
            "liveliness": self.motion,
            "scene_seconds": self.duration,
            "mood": told["music"],
            **({"curves": told["curves"]} if self.curves else {}),
            **{same: told[same] for same in ("transition", "grade", "grain", "vignette")},
        }


@dataclass(frozen=True, slots=True)
class Preset:
    name: str = field(metadata=bounds(min_length=1, max_length=NAME_MAX))
    description: str = field(metadata=bounds(max_length=DESCRIPTION_MAX))
    category: Category
    config: PresetConfig
