"""A book read aloud: who speaks, what is said when, and where in the words each moment lies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.codec import bounds

NARRATOR = ""


class Register(StrEnum):
    """How high a voice sits; what casting needs to know of it."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who can speak. ``languages`` are tags like ``en`` or ``pt-BR``; none means any the provider knows."""

    id: str
    label: str
    register: Register = Register.MIDDLE
    languages: tuple[str, ...] = ()


# Voice ids by character id, with NARRATOR for whoever tells the story.
Casting = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of one sentence in one voice. ``who`` is a character's id, or ``NARRATOR``."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: characters ``first`` up to ``last`` (not included) of a page's part ``place``, in order."""

    place: int
    first: int
    last: int
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """When a sentence sounds. Cues of a page follow one another without gaps, so that pauses are heard."""

    place: int
    first: int
    last: int
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Mark:
    """When a word sounds: the one that begins at character ``first`` of its part."""

    first: int
    start_seconds: float


@dataclass(frozen=True, slots=True)
class PageNarration:
    """The sound of one page. ``words_hash`` says of which words; ``content_hash`` is SHA-256 of the file, in hex."""

    words_hash: str
    content_hash: str
    media_type: str
    duration_seconds: float
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Narration:
    """``pages`` by page number of the book document, from 1, as text. ``narrator`` is what people read: who speaks."""

    narrator: str
    pages: Mapping[str, PageNarration] = field(metadata=bounds(about="page number of the document, from 1"))
