"""Inputs and outputs of the room's steps. They are stored, so a change of meaning needs a new step version."""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.files import StoredFile
from overprint.core.film import LIVELINESS, SCENE_SECONDS, FilmBrief, Move, Storyboard
from overprint.core.narration import Cue
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Brief, ChapterText, Genre, Outline, Plan, Style, Tone

PLAN, TEXT, STORYBOARD, CUT, FILM = "plan", "text", "storyboard", "cut", "film"
PICTURE, SPOKEN, CLIP, FINISHED = "picture/", "narrate/", "clip/", "finish/"


def scene_key(part: str, number: int) -> str:
    """The step that makes ``part`` of scene ``number``, from 1. Keys of one part sort like their scenes."""
    return f"{part}{number:02}"


@dataclass(frozen=True, slots=True)
class MakeFilm:
    """The request of a ``videos.make`` job."""

    brief: FilmBrief


@dataclass(frozen=True, slots=True)
class PlanIn:
    brief: Brief


@dataclass(frozen=True, slots=True)
class WriteIn:
    outline: Outline
    tone: Tone
    genre: Genre


@dataclass(frozen=True, slots=True)
class StoryboardIn:
    """``camera``: moves for one scene after the other; none: as suits films."""

    plan: Plan
    text: ChapterText
    title: str
    seconds: int
    scene_seconds: float = SCENE_SECONDS
    camera: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class NarrateIn:
    words: str
    language: str


@dataclass(frozen=True, slots=True)
class NarrateOut:
    """``cues``: when in the sound each sentence of the words is heard."""

    file: StoredFile
    cues: tuple[Cue, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class CutIn:
    """``meant_seconds`` as on the storyboard; ``spoken_seconds`` by number of the scene, as in keys."""

    meant_seconds: tuple[float, ...]
    spoken_seconds: tuple[float, ...]
    fps: int


@dataclass(frozen=True, slots=True)
class CutOut:
    """How many frames each scene has."""

    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureIn:
    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    name: str


@dataclass(frozen=True, slots=True)
class PictureOut:
    """``is_layered``: drawn by an illustrator whose pictures come in layers, from the scene alone."""

    file: StoredFile
    alt: str
    is_layered: bool


@dataclass(frozen=True, slots=True)
class ClipIn:
    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    move: Move
    picture: PictureOut
    fps: int
    frames: int
    name: str
    liveliness: int = LIVELINESS


@dataclass(frozen=True, slots=True)
class ClipOut:
    file: StoredFile


@dataclass(frozen=True, slots=True)
class FinishIn:
    """``is_captioned``: whether the words are drawn into the picture. ``opens`` and ``ends``: of the film."""

    clip: ClipOut
    words: str
    cues: tuple[Cue, ...]
    is_captioned: bool
    frames: int
    fps: int
    opens: bool
    ends: bool
    name: str


@dataclass(frozen=True, slots=True)
class FilmIn:
    """``finished`` and ``spoken`` by number of the scene, as in keys."""

    storyboard: Storyboard
    frames: tuple[int, ...]
    fps: int
    finished: Mapping[str, ClipOut]
    spoken: Mapping[str, NarrateOut]


@dataclass(frozen=True, slots=True)
class FilmOut:
    """``captions`` is the track beside the film (WebVTT). ``loudness_lufs`` and ``peak_dbfs`` of its sound."""

    file: StoredFile
    captions: StoredFile
    seconds: float
    loudness_lufs: float
    peak_dbfs: float
