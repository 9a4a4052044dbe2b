"""Inputs and outputs of the room's steps. They are stored, so a change of meaning needs a new step version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from overprint.core.checks import FilmChecks
from overprint.core.codec import bounds
from overprint.core.files import SIGNED, StoredFile
from overprint.core.film import (
    CARD_ID_MAX,
    LIVELINESS,
    SCENE_SECONDS,
    SCENES_MAX,
    CaptionStyle,
    FilmBrief,
    Look,
    Mood,
    Move,
    Output,
    Storyboard,
    Transition,
    scenes_most,
)
from overprint.core.motion import Curves, Orientation
from overprint.core.narration import Cue, Mark
from overprint.core.scene import Scene, Sheet
from overprint.core.story import ChapterText, Character, Genre, Outline, Plan, Style, Tone

PLAN, TEXT, STORYBOARD, CUT, SOUND, FILM = "plan", "text", "storyboard", "cut", "sound", "film"
MOTION = "motion"
PICTURE, SPOKEN, CLIP, FINISHED, PACKAGE = "picture/", "narrate/", "clip/", "finish/", "output/"
HOUSE = "Overprint"
CREDIT_LINES_MAX = 8
SIGNED_FILM = f"{SIGNED}{FILM}"


def scene_key(part: str, card_id: int) -> str:
    """The step that makes ``part`` of the scene whose card has this id."""
    return f"{part}{card_id:02}"


class Target(StrEnum):
    """How far a job goes. Steps made before are reused, so a nearer target costs nothing later."""

    STORYBOARD = "storyboard"
    ANIMATIC = "animatic"
    """The pictures and the narration of every scene, and nothing that moves."""
    FILM = "film"


@dataclass(frozen=True, slots=True)
class Imported:
    """Of a film that comes from elsewhere: what stood over its end there, of how it was made."""

    credits: tuple[str, ...] = field(default=(), metadata=bounds(max_length=CREDIT_LINES_MAX))


@dataclass(frozen=True, slots=True)
class MakeFilm:
    """The request of a ``videos.make`` job.

    ``script``: what is said in each scene, where a person wrote it. ``picture``: a person's own, for the first scene.
    ``board``: a whole storyboard that was made of something else; then nobody plans. ``source``: the work that it was
    made of. ``redone``: the card that the job was begun for, by its id, if it was begun to make one scene anew.
    ``driving``: a clip whose motion the film follows. ``lut``: a ``.cube`` file with a look for all of it.
    ``house``: in whose name the credits are. ``imported``: of a film that was not begun here.
    ``filmed_most``: so many seconds can be filmed at once, where that has a limit. A film with a longer scene stops at
    its storyboard, before anything is drawn, spoken and paid for that cannot be filmed; not for a scene whose card is
    among ``held``, by its id: its clip is there, and stays.
    """

    brief: FilmBrief
    target: Target = Target.FILM
    script: tuple[str, ...] = field(default=(), metadata=bounds(max_length=SCENES_MAX))
    picture: StoredFile | None = None
    board: Storyboard | None = None
    source: UUID | None = None
    redone: int = field(default=0, metadata=bounds(at_least=0, at_most=CARD_ID_MAX))
    filmed_most: float | None = None
    held: tuple[int, ...] = field(default=(), metadata=bounds(max_length=SCENES_MAX))
    driving: StoredFile | None = None
    lut: StoredFile | None = None
    house: str = HOUSE
    imported: Imported | None = None

    @property
    def has_motion(self) -> bool:
        """Whether it moves as a driving clip does, or as curves of a preset say."""
        return self.driving is not None or self.brief.curves is not None

    @property
    def scenes_most(self) -> int:
        """How many scenes there can be, as long as nobody changes the storyboard."""
        if self.board is not None:
            return len(self.board.cards)
        return len(self.script) or scenes_most(self.brief.seconds, self.brief.scene_seconds)


@dataclass(frozen=True, slots=True)
class WriteIn:
    outline: Outline
    tone: Tone
    genre: Genre


@dataclass(frozen=True, slots=True)
class StoryboardIn:
    """``camera``: moves for one scene after the other; none: as suits films. ``picture``: a person's own, for
    the first scene. ``is_scripted``: a person wrote the text, a page for every scene, and all of it is told."""

    plan: Plan
    text: ChapterText
    title: str
    seconds: int
    scene_seconds: float = SCENE_SECONDS
    camera: tuple[Move, ...] = ()
    is_scripted: bool = False
    picture: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class GivenIn:
    board: Storyboard


@dataclass(frozen=True, slots=True)
class NarrateIn:
    """``people``: whose own voices are heard in what they say; ``heights`` of them as on their sheets, by id."""

    words: str
    language: str
    people: tuple[Character, ...] = ()
    heights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NarrateOut:
    """``cues``: when in the sound each sentence of the words is heard; ``marks``: when words are, as far as the voice
    told. ``voices``: how many are heard."""

    file: StoredFile
    cues: tuple[Cue, ...]
    seconds: float
    marks: tuple[Mark, ...] = ()
    voices: int = 1


@dataclass(frozen=True, slots=True)
class CutIn:
    """Of each scene in the order of the film: ``meant_seconds`` as on the storyboard, ``spoken_seconds`` as heard.
    ``end_seconds``: so long the last one goes on after its words."""

    meant_seconds: tuple[float, ...]
    spoken_seconds: tuple[float, ...]
    fps: int
    end_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CutOut:
    """How many frames each scene has in the film, and how many are filmed of it: its *handle* beyond its end is for a
    transition, so that another one films nothing anew."""

    frames: tuple[int, ...]
    filmed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MotionIn:
    """``driving``: a clip whose motion is followed; ``curves`` where there is none, or none that can be."""

    orientation: Orientation = Orientation.CLIP
    driving: StoredFile | None = None
    curves: Curves | None = None


@dataclass(frozen=True, slots=True)
class MotionOut:
    """``file``: the curves as JSON, ``seconds`` long. ``camera_share`` and ``figure_share``, 0 to 1: how much of the
    clip's way there is room for in a picture; what is followed is so much smaller. ``seen_share``: of how much of the
    clip anything could be said; the rest stands still. ``is_followed``: false of a clip that tells too little, or in
    which nothing moves; then the curves are those that were given besides, or rest."""

    file: StoredFile
    seconds: float
    camera_share: float = 1.0
    figure_share: float = 1.0
    seen_share: float = 1.0
    is_followed: bool = True


@dataclass(frozen=True, slots=True)
class PictureIn:
    """``given``: a person's own picture, which stands in place of a drawn one."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    name: str
    given: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class PictureOut:
    """``is_layered``: drawn by an illustrator whose pictures come in layers, from the scene alone."""

    file: StoredFile
    alt: str
    is_layered: bool


@dataclass(frozen=True, slots=True)
class ClipIn:
    """``motion``: what is followed besides ``move``, if anything is. ``otherwise``: what the camera does in place of
    standing, where a clip was to be followed and cannot be."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    move: Move
    picture: PictureOut
    fps: int
    frames: int
    name: str
    liveliness: int = LIVELINESS
    motion: MotionOut | None = None
    otherwise: Move | None = None


@dataclass(frozen=True, slots=True)
class ClipOut:
    file: StoredFile


@dataclass(frozen=True, slots=True)
class FinishIn:
    """``is_captioned``: whether the words are drawn into the picture. ``opens`` and ``ends``: of the film. ``before``:
    the clip of the scene before, of which ``before_frames`` are in the film. Over the last ``end_seconds`` lies
    ``title``, with how it was made, said in ``language`` and in the name of the ``house``; ``is_drawn``: whether any of
    its pictures was made here; ``credits``: what is said instead, of a film that comes from elsewhere. ``width_px`` and
    ``height_px``: to what it is enlarged, if it is. ``denoise``, ``is_steadied``, ``lut``: what is taken out of it and
    laid over its colours, if that was asked."""

    clip: ClipOut
    words: str
    cues: tuple[Cue, ...]
    marks: tuple[Mark, ...]
    is_captioned: bool
    caption_style: CaptionStyle
    look: Look
    transition: Transition
    frames: int
    fps: int
    opens: bool
    ends: bool
    name: str
    before: ClipOut | None = None
    before_frames: int = 0
    title: str = ""
    end_seconds: float = 0.0
    width_px: int = 0
    height_px: int = 0
    denoise: int = 0
    is_steadied: bool = False
    lut: StoredFile | None = None
    house: str = HOUSE
    language: str = "en"
    is_drawn: bool = True
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FinishOut:
    """``credits``: the lines that lie over its end, if any do."""

    file: StoredFile
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundIn:
    """``scenes``: as in keys, in the order of the film; ``spoken`` by these. ``mood`` is not ``FITTING``."""

    scenes: tuple[str, ...]
    spoken: Mapping[str, NarrateOut]
    frames: tuple[int, ...]
    fps: int
    mood: Mood


@dataclass(frozen=True, slots=True)
class SoundOut:
    """What all of the film sounds like, measured: LUFS, and decibels below full scale between samples too."""

    file: StoredFile
    loudness_lufs: float
    peak_dbtp: float


@dataclass(frozen=True, slots=True)
class FilmIn:
    """``scenes`` names the scenes in the order of the film, as in keys; ``words``, ``frames`` are of each in this
    order, ``finished`` and ``spoken`` by their names. ``motion``: of the clip that they follow, if there is one."""

    title: str
    scenes: tuple[str, ...]
    words: tuple[str, ...]
    frames: tuple[int, ...]
    fps: int
    finished: Mapping[str, FinishOut]
    spoken: Mapping[str, NarrateOut]
    sound: SoundOut
    motion: MotionOut | None = None


@dataclass(frozen=True, slots=True)
class FilmOut:
    """``captions`` is the track beside the film (WebVTT). ``checks``: what was found in the film itself; one
    that has problems is not delivered."""

    file: StoredFile
    captions: StoredFile
    seconds: float
    checks: FilmChecks


@dataclass(frozen=True, slots=True)
class PackageIn:
    """The film, and what it is to be had as too."""

    film: StoredFile
    output: Output
    title: str


@dataclass(frozen=True, slots=True)
class PackageOut:
    """``files`` by their names in a folder, made of the film that has the SHA-256 ``of``."""

    of: str
    files: Mapping[str, StoredFile]
