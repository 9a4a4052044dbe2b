"""Inputs and outputs of the room's steps. They are stored, so a change of meaning needs a new step version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.book import BookDoc
from overprint.core.files import MENTIONS, StoredFile
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Age, Brief, ChapterScenes, ChapterText, Genre, Outline, Style, Tone, Trim

PLAN, COMPOSE, PDF, EPUB, COVER = "plan", "compose", "pdf", "epub", "picture/cover"


def text_key(chapter: int) -> str:
    return f"text/{chapter}"


def cast_key(character_id: str) -> str:
    return f"cast/{character_id}"


def scenes_key(chapter: int) -> str:
    return f"scenes/{chapter}"


def picture_key(chapter: int, page: int) -> str:
    return f"picture/{chapter}/{page}"


class Target(StrEnum):
    """How far a job goes. Steps made before are reused, so a nearer target costs nothing later."""

    BOOK = "book"
    CHAPTERS = "chapters"
    ILLUSTRATIONS = "illustrations"
    PDF = "pdf"
    EPUB = "epub"


@dataclass(frozen=True, slots=True)
class MakeBook:
    """The request of a ``books.make`` job."""

    brief: Brief
    target: Target = Target.BOOK


@dataclass(frozen=True, slots=True)
class PlanIn:
    brief: Brief


@dataclass(frozen=True, slots=True)
class CastIn:
    """A look as the plan has it. A person's edit of the step replaces it for the whole book."""

    sheet: Sheet


@dataclass(frozen=True, slots=True)
class WriteIn:
    """``index`` counts chapters from 0."""

    outline: Outline
    index: int
    age: Age
    tone: Tone
    genre: Genre


@dataclass(frozen=True, slots=True)
class ScenesIn:
    outline: Outline
    index: int
    text: ChapterText


@dataclass(frozen=True, slots=True)
class IllustrateIn:
    """``folder`` is where the picture belongs in the book: ``chapters/2/pictures``."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    name: str
    folder: str


@dataclass(frozen=True, slots=True)
class IllustrateOut:
    """``shown`` names what can be seen, where the illustrator can tell."""

    file: StoredFile
    alt: str
    quiet: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposeIn:
    """Chapters and pictures that could not be made are simply absent."""

    outline: Outline
    author: str
    dedication: str
    trim: Trim
    identifier: str
    texts: Mapping[str, ChapterText] = field(default_factory=dict)
    scenes: Mapping[str, ChapterScenes] = field(default_factory=dict)
    pictures: Mapping[str, IllustrateOut] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComposeOut:
    """``files``: the pictures of the document, by content hash."""

    doc: BookDoc
    files: Mapping[str, StoredFile] = field(metadata=MENTIONS)


@dataclass(frozen=True, slots=True)
class SetIn:
    doc: BookDoc
    files: Mapping[str, StoredFile]


@dataclass(frozen=True, slots=True)
class SetOut:
    file: StoredFile
