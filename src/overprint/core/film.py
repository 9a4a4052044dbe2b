"""A film before it is rendered: what was asked for, and the storyboard that says what each scene shows and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.codec import bounds
from overprint.core.files import MENTIONS, StoredFile
from overprint.core.motion import Curves, Orientation
from overprint.core.scene import Scene, Sheet
from overprint.core.story import (
    CHARACTERS_MAX,
    PREMISE_MAX_CHARACTERS,
    PREMISE_MIN_CHARACTERS,
    TAKES_MAX,
    Character,
    Genre,
    Style,
    Tone,
)

SECONDS_MIN, SECONDS_MAX = 5, 180
UHD_SECONDS_MAX = 60
SCENES_MAX = 36
WORDS_MAX = 400
"""Letters of what is said in one scene."""
CARD_ID_MAX = 9999
MOVE_MAX = 10.0
AMOUNT_MAX = 10
MOVES_MAX = 6
SCENE_SECONDS_MIN, SCENE_SECONDS, SCENE_SECONDS_MAX = 2.0, 5.0, 15.0
_THREE_SCENES_SECONDS = 8
LIVELINESS = 5
"""Between 0, where nothing stirs by itself, and 10, twice as much as this."""


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
    UHD = "2160p"
    """Filmed in 1080p and enlarged when it is finished; what is written over it is as sharp as can be."""


class Transition(StrEnum):
    """How one scene gives way to the next."""

    CUT = "cut"
    DISSOLVE = "dissolve"
    DIP = "dip"
    """Into black and out of it."""
    FLASH = "flash"
    """Into white and out of it."""
    SLIDE = "slide"
    """The next scene pushes this one out."""
    WIPE = "wipe"
    """A soft edge passes over."""
    IRIS = "iris"
    """The next scene opens in a circle."""
    BLUR = "blur"
    """Out of focus, and back into it."""


class Grade(StrEnum):
    """How the colours of the whole film are made to look."""

    NATURAL = "natural"
    WARM = "warm"
    COOL = "cool"
    GOLDEN = "golden"
    MOONLIT = "moonlit"
    VIVID = "vivid"
    FADED = "faded"
    DREAM = "dream"
    SEPIA = "sepia"
    NOIR = "noir"


class CaptionStyle(StrEnum):
    """How words are drawn into the picture."""

    BAR = "bar"
    """White on a dark ground."""
    OUTLINE = "outline"
    """White with a dark edge."""
    SPOKEN = "spoken"
    """As a bar; the word that is being said is lit."""
    STORYBOOK = "storybook"
    """Ink on a slip of paper."""


class Mood(StrEnum):
    """What the music under the words is like."""

    FITTING = "fitting"
    """As the story's tone asks."""
    NONE = "none"
    CALM = "calm"
    PLAYFUL = "playful"
    DREAMY = "dreamy"
    TENSE = "tense"
    GRAND = "grand"


class Output(StrEnum):
    """What a film can be had as beside MP4. Each is made by itself."""

    WEBM = "webm"
    HLS = "hls"
    GIF = "gif"
    WEBP = "webp"


def scenes_most(seconds: int, scene_seconds: float = SCENE_SECONDS) -> int:
    """Into how many scenes a film of this length is divided at most. The shortest films have two or three all the same,
    unless their scenes are meant to be long: one that begins and does not end is none."""
    least = 1 if scene_seconds > SCENE_SECONDS else 2 if seconds < _THREE_SCENES_SECONDS else 3
    return max(least, min(SCENES_MAX, round(seconds / scene_seconds)))


_SIDES = {Aspect.WIDE: (16, 9), Aspect.TALL: (9, 16), Aspect.SQUARE: (1, 1), Aspect.PORTRAIT: (4, 5)}
_SHORT_PX = {Definition.HD: 720, Definition.FULL_HD: 1080, Definition.UHD: 2160}


def frame_size_px(aspect: Aspect, definition: Definition) -> tuple[int, int]:
    """Width and height of a frame, both even."""
    across, down = _SIDES[aspect]
    unit = _SHORT_PX[definition] / min(across, down)
    return round(across * unit / 2) * 2, round(down * unit / 2) * 2


def filmed_size_px(aspect: Aspect, definition: Definition) -> tuple[int, int]:
    """Width and height in which scenes are drawn and filmed."""
    return frame_size_px(aspect, Definition.FULL_HD if definition is Definition.UHD else definition)


def _notches() -> Mapping[str, object]:
    return bounds(at_least=-MOVE_MAX, at_most=MOVE_MAX)


class Course(StrEnum):
    """The way from one end of a move to the other."""

    LINE = "line"
    ARC = "arc"
    """Around what is seen: sideways from end to end, while height and nearness go out and come back."""
    SWING = "swing"
    """There and back, so that it ends as it began."""


class Easing(StrEnum):
    """How a move spends its time."""

    SOFT = "soft"
    """Begins and ends softly."""
    EVEN = "even"
    GATHERING = "gathering"
    """Slowly at first."""
    SETTLING = "settling"
    """Slowly at last."""
    WHIP = "whip"
    """Waits, darts, waits."""


@dataclass(frozen=True, slots=True)
class Move:
    """What the camera does in a shot, -10 to 10 each. ``horizontal`` and ``vertical`` move it (right, down), ``pan``
    and ``tilt`` turn it, ``roll`` leans it to the right, ``zoom`` goes nearer. What moves far one way and turns as far
    the other goes around its subject.

    ``lens`` narrows the view, so that everything grows alike; against a ``zoom`` as large it leaves the subject as it
    is while what is behind it grows or shrinks (a dolly-zoom). ``shake``: the hand that holds the camera, 0 to 10.
    """

    horizontal: float = field(default=0.0, metadata=_notches())
    vertical: float = field(default=0.0, metadata=_notches())
    pan: float = field(default=0.0, metadata=_notches())
    tilt: float = field(default=0.0, metadata=_notches())
    roll: float = field(default=0.0, metadata=_notches())
    zoom: float = field(default=0.0, metadata=_notches())
    lens: float = field(default=0.0, metadata=_notches())
    shake: float = field(default=1.0, metadata=bounds(at_least=0, at_most=MOVE_MAX))
    course: Course = Course.LINE
    easing: Easing = Easing.SOFT


def _amount() -> Mapping[str, object]:
    return bounds(at_least=0, at_most=AMOUNT_MAX)


@dataclass(frozen=True, slots=True)
class Look:
    """What is done to the colours of a whole film."""

    grade: Grade = Grade.NATURAL
    grain: int = field(default=0, metadata=_amount())
    vignette: int = field(default=0, metadata=_amount())


@dataclass(frozen=True, slots=True)
class FilmBrief:
    """What the person asked for. The same brief and seed always make the same film."""

    premise: str = field(metadata=bounds(min_length=PREMISE_MIN_CHARACTERS, max_length=PREMISE_MAX_CHARACTERS))
    title: str = field(default="", metadata=bounds(max_length=120, about="empty: the writer chooses"))
    seconds: int = field(default=30, metadata=bounds(at_least=SECONDS_MIN, at_most=SECONDS_MAX))
    aspect: Aspect = Aspect.WIDE
    definition: Definition = Definition.HD
    fps: int = field(default=30, metadata=bounds(at_least=24, at_most=60, about="24, 25, 30 or 60"))
    style: Style = Style.STORYBOOK
    genre: Genre = Genre.ADVENTURE
    tone: Tone = Tone.WARM
    captions: bool = field(default=True, metadata=bounds(about="words in the picture; a track comes along anyway"))
    caption_style: CaptionStyle = CaptionStyle.BAR
    transition: Transition = Transition.DISSOLVE
    grade: Grade = Grade.NATURAL
    grain: int = field(default=0, metadata=_amount())
    vignette: int = field(default=0, metadata=_amount())
    denoise: int = field(default=0, metadata=bounds(at_least=0, at_most=AMOUNT_MAX, about="noise taken out of clips"))
    is_steadied: bool = field(default=False, metadata=bounds(about="a camera that trembles is held"))
    mood: Mood = Mood.FITTING
    characters_speak: bool = field(default=True, metadata=bounds(about="else the narrator says everything"))
    preset: str = field(
        default="", metadata=bounds(max_length=80, about="the name of the preset that was used, if any")
    )
    preset_id: str = field(
        default="", metadata=bounds(max_length=36, about="which preset that was, whatever it is called by now")
    )
    camera: tuple[Move, ...] = field(
        default=(), metadata=bounds(max_length=MOVES_MAX, about="for one scene after the other; none: as suits films")
    )
    undriven: tuple[Move, ...] = field(
        default=(),
        metadata=bounds(
            max_length=MOVES_MAX,
            about="for scenes that stand for a clip, in turn, if it cannot be followed",
        ),
    )
    scene_seconds: float = field(
        default=SCENE_SECONDS,
        metadata=bounds(
            at_least=SCENE_SECONDS_MIN, at_most=SCENE_SECONDS_MAX, about="of a scene in which little is said"
        ),
    )
    liveliness: int = field(default=LIVELINESS, metadata=_amount())
    curves: Curves | None = field(
        default=None, metadata=bounds(about="how the camera and figures move besides, where no clip is followed")
    )
    orientation: Orientation = field(
        default=Orientation.CLIP,
        metadata=bounds(about="which way is up, and people face, where a clip is followed"),
    )
    credits: bool = field(default=True, metadata=bounds(about="words over the end that say how it was made"))
    outputs: tuple[Output, ...] = field(default=(), metadata=bounds(max_length=len(Output)))
    seed: int = field(default=1, metadata=bounds(at_least=0, at_most=2**31 - 1))


@dataclass(frozen=True, slots=True)
class Card:
    """One scene of the storyboard. ``words`` are spoken and shown; ``seconds`` is how long it is meant to last, and it
    lasts longer only if its words do.

    ``id`` names the card for as long as it is there, wherever it stands. ``take``: how often it was made anew, each
    time from another seed. ``is_locked``: nothing changes it or makes it anew. ``picture``: a person's own, which is
    filmed in place of a drawn one.
    """

    words: str = field(metadata=bounds(min_length=1, max_length=WORDS_MAX))
    scene: Scene
    move: Move
    seconds: float = field(metadata=bounds(at_least=1.0, at_most=SECONDS_MAX))
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    id: int = field(default=1, metadata=bounds(at_least=1, at_most=CARD_ID_MAX))
    take: int = field(default=0, metadata=bounds(at_least=0, at_most=TAKES_MAX))
    is_locked: bool = False
    picture: StoredFile | None = field(default=None, metadata=MENTIONS)


@dataclass(frozen=True, slots=True)
class Storyboard:
    """What a film will show and say. Every card has an id of its own. ``people``: who may say their own words in a
    voice of their own. ``gone_id``: the highest id of a card that was taken away; none is given again."""

    title: str = field(metadata=bounds(min_length=1, max_length=120))
    cards: tuple[Card, ...] = field(metadata=bounds(min_length=1, max_length=SCENES_MAX))
    people: tuple[Character, ...] = field(default=(), metadata=bounds(max_length=CHARACTERS_MAX))
    gone_id: int = field(default=0, metadata=bounds(at_least=0, at_most=CARD_ID_MAX))
