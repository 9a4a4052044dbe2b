"""What is asked of a writer, and what a writer answers. Typed, so that no writer has to read a prompt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.codec import bounds
from overprint.core.scene import (
    Accessory,
    Constraint,
    Garment,
    Hair,
    Mood,
    PropKind,
    Scene,
    Season,
    Setting,
    Sheet,
    Species,
    Time,
    Weather,
)

PREMISE_MIN_CHARACTERS, PREMISE_MAX_CHARACTERS = 3, 2000
STORY_PAGES_MIN, STORY_PAGES_MAX = 6, 60
NAME_MAX_CHARACTERS = 60
LOOKS_MAX = 4
CHARACTERS_MAX = 8
TAKES_MAX = 9999
TOLD_MAX_CHARACTERS = 400  # of a picture, for who cannot see it


class Age(StrEnum):
    """Who reads it. Sets sentence length, vocabulary and how dark the low point may be."""

    EARLY = "3-5"
    YOUNG = "6-8"
    MIDDLE = "9-12"
    ALL = "all"


class Genre(StrEnum):
    """The kind of story, or its era. A ``RHYME`` is told in verse."""

    ADVENTURE = "adventure"
    FANTASY = "fantasy"
    BEDTIME = "bedtime"
    MYSTERY = "mystery"
    SPACE = "space"
    SEA = "sea"
    FAIRY_TALE = "fairy-tale"
    EVERYDAY = "everyday"
    HISTORICAL = "historical"
    FABLE = "fable"
    INVENTION = "invention"
    COMIC = "comic"
    RHYME = "rhyme"


class Tone(StrEnum):
    WARM = "warm"
    FUNNY = "funny"
    BRAVE = "brave"
    DREAMY = "dreamy"


class Style(StrEnum):
    """How the pictures are made to look: a treatment of the same scene."""

    STORYBOOK = "storybook"
    WATERCOLOUR = "watercolour"
    PAPERCUT = "papercut"
    FLAT = "flat"
    PENCIL = "pencil"
    INK = "ink"
    POP = "pop"
    PIXEL = "pixel"


class Trim(StrEnum):
    """Finished page size. Inches, except A5, A4 landscape and what says centimetres."""

    SQUARE = "8.5x8.5"
    PORTRAIT = "8x10"
    NOVEL = "6x9"
    A5 = "a5"
    A4_LANDSCAPE = "a4-landscape"
    SQUARE_20 = "20x20cm"
    PORTRAIT_21 = "21x28cm"


class Pronouns(StrEnum):
    SHE = "she"
    HE = "he"
    THEY = "they"
    IT = "it"


class CharacterRole(StrEnum):
    HERO = "hero"
    COMPANION = "companion"
    HELPER = "helper"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody whom the premise names looks, as a person has confirmed it. What is None the plan decides.

    Colours are ``#rrggbb`` and mean what they do in a ``Sheet``.
    """

    name: str = field(metadata=bounds(min_length=1, max_length=NAME_MAX_CHARACTERS))
    body: str
    marking: str
    outfit: str
    accent: str
    hair_colour: str
    hair: Hair
    species: Species | None = None
    garment: Garment | None = None
    accessories: tuple[Accessory, ...] | None = field(default=None, metadata=bounds(max_length=4))


@dataclass(frozen=True, slots=True)
class Brief:
    """What the person asked for. The same brief and seed always make the same book."""

    premise: str = field(metadata=bounds(min_length=PREMISE_MIN_CHARACTERS, max_length=PREMISE_MAX_CHARACTERS))
    title: str = field(default="", metadata=bounds(max_length=120, about="empty: the writer chooses"))
    author: str = field(default="", metadata=bounds(max_length=120))
    dedication: str = field(default="", metadata=bounds(max_length=300))
    age: Age = Age.YOUNG
    genre: Genre = Genre.ADVENTURE
    tone: Tone = Tone.WARM
    style: Style = Style.STORYBOOK
    trim: Trim = Trim.SQUARE
    chapters: int = field(default=3, metadata=bounds(at_least=1, at_most=12))
    pages: int = field(
        default=12,
        metadata=bounds(at_least=STORY_PAGES_MIN, at_most=STORY_PAGES_MAX, about="story pages, each with a picture"),
    )
    picture_dpi: int = field(default=200, metadata=bounds(at_least=72, at_most=300))
    seed: int = field(default=1, metadata=bounds(at_least=0, at_most=2**31 - 1))
    looks: tuple[Look, ...] = field(default=(), metadata=bounds(max_length=LOOKS_MAX))
    chapter_titles: tuple[str, ...] = field(default=(), metadata=bounds(max_length=12, about="as title"))


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody in the story. How they look is in ``Plan.sheets``, under the same ``id``."""

    id: str = field(metadata=bounds(min_length=1, max_length=40))
    name: str = field(metadata=bounds(min_length=1, max_length=NAME_MAX_CHARACTERS))
    noun: str = field(
        metadata=bounds(min_length=1, max_length=60, about="what they are, in words: fox, lighthouse keeper")
    )
    role: CharacterRole
    pronouns: Pronouns
    traits: tuple[str, ...] = field(default=(), metadata=bounds(max_length=6))
    want: str = field(default="", metadata=bounds(max_length=300))
    facts: tuple[str, ...] = field(
        default=(),
        metadata=bounds(max_length=8, about="whole clauses from the premise that must stay true, negations included"),
    )


@dataclass(frozen=True, slots=True)
class Beat:
    """One page's worth of story."""

    purpose: str = field(
        metadata=bounds(max_length=60, about="opening, want, attempt, setback, low point, turn, resolution, echo")
    )
    summary: str = field(metadata=bounds(min_length=1, max_length=400))
    setting: Setting
    place: str = field(metadata=bounds(max_length=200))
    cast: tuple[str, ...] = field(metadata=bounds(max_length=6))
    time: Time = Time.DAY
    weather: Weather = Weather.CLEAR
    mood: Mood = Mood.CALM
    props: tuple[PropKind, ...] = field(default=(), metadata=bounds(max_length=6))


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """One chapter: one beat a page."""

    title: str = field(metadata=bounds(min_length=1, max_length=120))
    beats: tuple[Beat, ...] = field(metadata=bounds(min_length=1, max_length=STORY_PAGES_MAX))


@dataclass(frozen=True, slots=True)
class Outline:
    """The story before it is told. Nothing here says how anybody looks."""

    title: str = field(metadata=bounds(min_length=1, max_length=120))
    logline: str = field(metadata=bounds(max_length=400))
    season: Season
    characters: tuple[Character, ...] = field(metadata=bounds(min_length=1, max_length=CHARACTERS_MAX))
    chapters: tuple[ChapterPlan, ...] = field(metadata=bounds(min_length=1, max_length=12))
    constraints: tuple[Constraint, ...] = field(default=(), metadata=bounds(max_length=12))


@dataclass(frozen=True, slots=True)
class Plan:
    """A writer's first answer: the outline, and a look for every character in it."""

    outline: Outline
    sheets: Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class PageText:
    paragraphs: tuple[str, ...] = field(metadata=bounds(min_length=1, max_length=12))


@dataclass(frozen=True, slots=True)
class ChapterText:
    """The words of one chapter, a page for each beat of its plan."""

    pages: tuple[PageText, ...] = field(metadata=bounds(min_length=1, max_length=STORY_PAGES_MAX))


@dataclass(frozen=True, slots=True)
class Touch:
    """What a person asked of one picture beside its scene. ``take``: how often it was drawn anew, each time from
    another seed; ``style``: its own, where it is not the book's; ``told``: their own alternative text, empty for the
    program's."""

    take: int = field(default=0, metadata=bounds(at_least=0, at_most=TAKES_MAX))
    style: Style | None = None
    told: str = field(default="", metadata=bounds(max_length=TOLD_MAX_CHARACTERS))


@dataclass(frozen=True, slots=True)
class ChapterScenes:
    """One scene for each page of a chapter, in order."""

    scenes: tuple[Scene, ...] = field(metadata=bounds(min_length=1, max_length=STORY_PAGES_MAX))


@dataclass(frozen=True, slots=True)
class TouchedScenes:
    """The same as a book keeps it. ``touches`` are a person's, by number of the page; no model is asked for them."""

    scenes: tuple[Scene, ...] = field(metadata=bounds(min_length=1, max_length=STORY_PAGES_MAX))
    touches: Mapping[str, Touch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanTask:
    """Plan a book. Answer: ``Plan`` with exactly ``brief.chapters`` chapters and ``brief.pages`` beats in all."""

    brief: Brief


@dataclass(frozen=True, slots=True)
class ChapterTask:
    """Write one chapter (``index`` from 0). Answer: ``ChapterText``, one page for each beat."""

    outline: Outline
    index: int
    age: Age
    tone: Tone
    genre: Genre


@dataclass(frozen=True, slots=True)
class ScenesTask:
    """Say what each page of a chapter shows. Answer: ``ChapterScenes``, one scene for each page."""

    outline: Outline
    index: int
    text: ChapterText


StoryTask = PlanTask | ChapterTask | ScenesTask
