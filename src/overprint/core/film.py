"""A film before it is rendered: what was asked for, and the storyboard that says what each scene shows and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.codec import bounds
from overprint.core.scene import Scene, Sheet
from overprint.core.story import PREMISE_MAX_CHARACTERS, Genre, Style, Tone

SECONDS_MIN, SECONDS_MAX = 5, 180
SCENES_MAX = 36
MOVE_MAX = 10.0


class Aspect(StrEnum):
    """Width to height."""

    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"
    PORTRAIT = "4:5"


class Definition(StrEnum):
    """The shorter side in pixels."""

    HD = "720p"
    FULL_HD = "1080p"


_SIDES = {Aspect.WIDE: (16, 9), Aspect.TALL: (9, 16), Aspect.SQUARE: (1, 1), Aspect.PORTRAIT: (4, 5)}
_SHORT_PX = {Definition.HD: 720, Definition.FULL_HD: 1080}


def frame_size_px(aspect: Aspect, definition: Definition) -> tuple[int, int]:
    """Width and height of a frame, both even."""
    across, down = _SIDES[aspect]
    unit = _SHORT_PX[definition] / min(across, down)
    return round(across * unit / 2) * 2, round(down * unit / 2) * 2


def _notches() -> Mapping[str, object]:
    return bounds(at_least=-MOVE_MAX, at_most=MOVE_MAX)


@dataclass(frozen=True, slots=True)
class Move:
    """What the camera does in a shot, -10 to 10 each. ``horizontal`` and ``vertical`` move it (right, down), ``pan``
    and ``tilt`` turn it, ``roll`` leans it to the right, ``zoom`` goes nearer."""

    horizontal: float = field(default=0.0, metadata=_notches())
    vertical: float = field(default=0.0, metadata=_notches())
    pan: float = field(default=0.0, metadata=_notches())
    tilt: float = field(default=0.0, metadata=_notches())
    roll: float = field(default=0.0, metadata=_notches())
    zoom: float = field(default=0.0, metadata=_notches())


@dataclass(frozen=True, slots=True)
class FilmBrief:
    """What the person asked for. The same brief and seed always make the same film."""

    premise: str = field(metadata=bounds(min_length=3, max_length=PREMISE_MAX_CHARACTERS))
    title: str = field(default="", metadata=bounds(max_length=120, about="empty: the writer chooses"))
    seconds: int = field(default=30, metadata=bounds(at_least=SECONDS_MIN, at_most=SECONDS_MAX))
    aspect: Aspect = Aspect.WIDE
    definition: Definition = Definition.HD
    fps: int = field(default=30, metadata=bounds(at_least=24, at_most=60, about="24, 25, 30 or 60"))
    style: Style = Style.STORYBOOK
    genre: Genre = Genre.ADVENTURE
    tone: Tone = Tone.WARM
    captions: bool = field(default=True, metadata=bounds(about="words in the picture; a track comes along anyway"))
    seed: int = field(default=1, metadata=bounds(at_least=0, at_most=2**31 - 1))


@dataclass(frozen=True, slots=True)
class Card:
    """One scene of the storyboard. ``words`` are spoken and shown; ``seconds`` is how long it is meant to last, and it
    lasts longer only if its words do."""

    words: str = field(metadata=bounds(min_length=1, max_length=400))
    scene: Scene
    move: Move
    seconds: float = field(metadata=bounds(at_least=1.0, at_most=SECONDS_MAX))
    sheets: Mapping[str, Sheet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Storyboard:
    title: str = field(metadata=bounds(min_length=1, max_length=120))
    cards: tuple[Card, ...] = field(metadata=bounds(min_length=1, max_length=SCENES_MAX))
