"""Inputs and outputs of the room's steps. They are stored, so a change of meaning needs a new step version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from overprint.core.book import BookDoc, Spot
from overprint.core.codec import bounds
from overprint.core.files import MENTIONS, SIGNED, StoredFile
from overprint.core.narration import Casting, Cue, Line
from overprint.core.scene import Constraint, Scene, Sheet
from overprint.core.story import (
    LOOKS_MAX,
    Age,
    Brief,
    ChapterText,
    Character,
    Genre,
    Outline,
    Style,
    Tone,
    TouchedScenes,
    Trim,
)

PLAN, COMPOSE, PDF, EPUB, PRINT, COVER = "plan", "compose", "pdf", "epub", "print", "picture/cover"

COVER_SCENE = "scene/cover"

FIXED = "fixed-layout"

VOICES, NARRATED, AUDIOBOOK = "voices", "narrate/", "audiobook"

READ_ALOUD, READ_ALOUD_FIXED = "read-aloud", "read-aloud-fixed"

# The parts of a print edition, as ``PrintOut`` names them.
PRINTED = ("inside", "cover", "whole", "report")


def text_key(chapter: int) -> str:
    return f"text/{chapter}"


def cast_key(character_id: str) -> str:
    return f"cast/{character_id}"


def portrait_key(character_id: str) -> str:
    return f"portrait/{character_id}"


def scenes_key(chapter: int) -> str:
    """Of the cover, which stands before the first chapter, it is that of chapter 0."""
    return f"scenes/{chapter}" if chapter else COVER_SCENE


def picture_key(chapter: int, page: int) -> str:
    return f"picture/{chapter}/{page}" if chapter else COVER


def signed_key(step: str) -> str:
    """The step that signs what ``step`` made."""
    return f"{SIGNED}{step}"


def narrate_key(page: int) -> str:
    """``page`` is the number of a page of the composed book, from 1."""
    return f"{NARRATED}{page}"


class Target(StrEnum):
    """How far a job goes. Steps made before are reused, so a nearer target costs nothing later."""

    BOOK = "book"
    CHAPTERS = "chapters"
    ILLUSTRATIONS = "illustrations"
    PDF = "pdf"
    EPUB = "epub"
    PRINT = "print"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Imported:
    """Who wrote and drew a book that came from elsewhere, as it says itself: nobody here can know."""

    words_by: str = field(default="", metadata=bounds(max_length=200))
    pictures_by: str = field(default="", metadata=bounds(max_length=200))


@dataclass(frozen=True, slots=True)
class MakeBook:
    """The request of a ``books.make`` job. ``printer``: whose terms a print edition follows; empty: none is made.

    ``is_aloud``: whether the book is read aloud too. ``imported``: of a book that was not begun here. ``photos``: whose
    looks the brief has, so that the same request is known when it comes again and they are gone.
    """

    brief: Brief
    target: Target = Target.BOOK
    printer: str = field(default="", metadata=bounds(max_length=40))
    is_aloud: bool = False
    imported: Imported | None = None
    photos: tuple[UUID, ...] = field(default=(), metadata=bounds(max_length=LOOKS_MAX))


@dataclass(frozen=True, slots=True)
class SamplePage:
    """The request of a ``samples.page`` job: the first page of the book that ``brief`` asks for, for nothing."""

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
class CoverIn:
    outline: Outline


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
    """``folder`` is where the picture belongs in the book: ``chapters/2/pictures``. A portrait that failed is null.
    ``is_spread``: the picture lies across two facing pages; ``page_width_px``: of one for a single page instead."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    name: str
    folder: str
    portraits: Mapping[str, PortraitOut | None] = field(default_factory=dict)
    is_spread: bool = False
    page_width_px: int = 0


@dataclass(frozen=True, slots=True)
class IllustrateOut:
    """``shown`` names what can be seen and ``spots`` where, as far as the illustrator can tell;
    ``vector`` is the picture as SVG, for print."""

    file: StoredFile
    alt: str
    quiet: str
    shown: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    vector: StoredFile | None = None
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class ComposeIn:
    """Chapters and pictures that could not be made are simply absent. ``words_by`` and ``pictures_by`` stand in the
    colophon; empty: who writes and draws here. ``scripts`` as in ``SetIn``. ``titles``: of chapters, where a person
    chose others than the plan."""

    outline: Outline
    author: str
    dedication: str
    trim: Trim
    identifier: str
    texts: Mapping[str, ChapterText] = field(default_factory=dict)
    scenes: Mapping[str, TouchedScenes] = field(default_factory=dict)
    pictures: Mapping[str, IllustrateOut] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    words_by: str = ""
    pictures_by: str = ""


@dataclass(frozen=True, slots=True)
class ComposeOut:
    """``files``: the pictures of the document, by content hash. ``words_by`` and ``pictures_by`` as the colophon has
    them. ``notes``: what is not as people would expect, and what to do, in words for them."""

    doc: BookDoc
    files: Mapping[str, StoredFile] = field(metadata=MENTIONS)
    words_by: str = ""
    pictures_by: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetIn:
    """``scripts``: those whose fonts were installed here when the job began. A book that lacked letters for want of
    them is set again once they are."""

    doc: BookDoc
    files: Mapping[str, StoredFile]
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetOut:
    """``file``: None where a book cannot be had in this form."""

    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class PrintIn:
    doc: BookDoc
    files: Mapping[str, StoredFile]
    printer: str
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintOut:
    """PDF/X-4 files, and what preflight has to say about them as plain text. ``whole``: inside and cover together,
    where the printer takes them so; then the two are None. ``errors`` counts what a printer would refuse."""

    inside: StoredFile | None
    cover: StoredFile | None
    report: StoredFile
    pages: int
    errors: int
    whole: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class VoicesIn:
    """``heights`` as on sheets (1 is a child's)."""

    characters: tuple[Character, ...]
    heights: Mapping[str, float]
    language: str


@dataclass(frozen=True, slots=True)
class VoicesOut:
    """``reader`` is what people read: who speaks."""

    casting: Casting
    language: str
    reader: str


@dataclass(frozen=True, slots=True)
class NarrateIn:
    """A page's sentences, none where there are too many, and the voices of those who speak on it.

    ``words_hash`` says of which words the sentences are.
    """

    words_hash: str
    lines: tuple[Line, ...] | None
    language: str
    voices: Casting


@dataclass(frozen=True, slots=True)
class NarrateOut:
    file: StoredFile
    words_hash: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class ReadAloudIn:
    """``spoken`` by page number; pages that could not be spoken are absent. ``scripts`` as in ``SetIn``."""

    doc: BookDoc
    files: Mapping[str, StoredFile]
    reader: str
    spoken: Mapping[str, NarrateOut] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AudiobookIn:
    """``chapters``: the title of its chapter for each story page, by page number, as in ``spoken``."""

    title: str
    author: str
    reader: str
    cover: StoredFile | None
    chapters: Mapping[str, str]
    spoken: Mapping[str, NarrateOut] = field(default_factory=dict)
