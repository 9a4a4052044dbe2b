"""Inputs and outputs of the room's steps. They are stored, so a change of meaning needs a new step version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from overprint.core.codec import bounds
from overprint.core.files import StoredFile
from overprint.core.film import LIVELINESS, SCENE_SECONDS, SCENES_MAX, FilmBrief, Move, Storyboard, scenes_most
from overprint.core.narration import Cue
from overprint.core.scene import Scene, Sheet
from overprint.core.story import ChapterText, Genre, Outline, Plan, Style, Tone

PLAN, TEXT, STORYBOARD, CUT, FILM = "plan", "text", "storyboard", "cut", "film"
PICTURE, SPOKEN, CLIP, FINISHED = "picture/", "narrate/", "clip/", "finish/"


def scene_key(part: str, card_id: int) -> str:
    """The step that makes ``part`` of the scene whose card has this id."""
    return f"{part}{card_id:02}"


class Target(StrEnum):
    """How far a job goes. Steps made before are reused, so a nearer target costs nothing later."""

    STORYBOARD = "storyboard"
    PREVIEW = "preview"
    """The pictures and the narration of every scene, and nothing that moves."""
    FILM = "film"


@dataclass(frozen=True, slots=True)
class MakeFilm:
    """The request of a ``videos.make`` job.

    ``script``: what is said in each scene, where a person wrote it. ``picture``: a person's own, for the first scene.
    ``board``: a whole storyboard that was made of something else; then nobody plans. ``source``: the work that it was
    made of.
    """

    brief: FilmBrief
    target: Target = Target.FILM
    script: tuple[str, ...] = field(default=(), metadata=bounds(max_length=SCENES_MAX))
    picture: StoredFile | None = None
    board: Storyboard | None = None
    source: UUID | None = None

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
    """Of each scene in the order of the film: ``meant_seconds`` as on the storyboard, ``spoken_seconds`` as heard."""

    meant_seconds: tuple[float, ...]
    spoken_seconds: tuple[float, ...]
    fps: int


@dataclass(frozen=True, slots=True)
class CutOut:
    """How many frames each scene has."""

    frames: tuple[int, ...]


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
    """``scenes`` names the scenes in the order of the film, as in keys; ``words``, ``frames`` are of each in this
    order, ``finished`` and ``spoken`` by their names."""

    title: str
    scenes: tuple[str, ...]
    words: tuple[str, ...]
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
