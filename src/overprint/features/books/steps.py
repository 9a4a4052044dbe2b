"""Inputs and outputs of the room's steps. They are stored, so a change of meaning needs a new step version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.book import BookDoc
from overprint.core.codec import bounds
from overprint.core.files import MENTIONS, StoredFile
from overprint.core.scene import Constraint, Scene, Sheet
from overprint.core.story import Age, Brief, ChapterScenes, ChapterText, Genre, Outline, Style, Tone, Trim

PLAN, COMPOSE, PDF, EPUB, PRINT, COVER = "plan", "compose", "pdf", "epub", "print", "picture/cover"

# The parts of a print edition, as ``PrintOut`` names them.
PRINTED = ("inside", "cover", "report")


def text_key(chapter: int) -> str:
    return f"text/{chapter}"


def cast_key(character_id: str) -> str:
    return f"cast/{character_id}"


def portrait_key(character_id: str) -> str:
    return f"portrait/{character_id}"


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
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class MakeBook:
    """The request of a ``books.make`` job. ``printer``: whose terms a print edition follows; empty: none is made."""

    brief: Brief
    target: Target = Target.BOOK
    printer: str = field(default="", metadata=bounds(max_length=40))


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
class PortraitIn:
    """``constraints`` are the whole book's."""

    who: str
    sheet: Sheet
    style: Style
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class PortraitOut:
    """``file`` is what further pictures of this character are drawn after; none where the illustrator needs none."""

    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class IllustrateIn:
    """``folder`` is where the picture belongs in the book: ``chapters/2/pictures``. A portrait that failed is null."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    name: str
    folder: str
    portraits: Mapping[str, PortraitOut | None] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class PrintIn:
    doc: BookDoc
    files: Mapping[str, StoredFile]
    printer: str


@dataclass(frozen=True, slots=True)
class PrintOut:
    """Two PDF/X-4 files, and what preflight has to say about them as plain text. ``errors`` counts what a printer would
    refuse."""

    inside: StoredFile
    cover: StoredFile
    report: StoredFile
    pages: int
    errors: int
