"""Which pages of a book lie across two facing pages: where the story turns, and where it sets off or comes home.

Decided from the plan, before anything is drawn, because such a page has a picture of twice the width.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from overprint.core.scene import Area, Camera, Mood, Scene, Setting, Shot
from overprint.core.story import Beat, ChapterText, Outline
from overprint.craft.writing.plot import Role, roles_of

LETTERS_MAX = 480  # what stands in half of a picture in letters that a child can read
_TWO_FROM_PAGES = 12
_APART = 2  # pages, at least
_FIRST = 4  # story pages: a book begins quietly
_TURNS = frozenset({Role.TURN, Role.SUCCESS})
_JOURNEYS = frozenset({Role.SETTING_OFF, Role.HOME, Role.ECHO})
_ROOMS = frozenset(
    {Setting.BEDROOM, Setting.LIBRARY, Setting.KITCHEN, Setting.CLASSROOM, Setting.SPACESHIP, Setting.CAVE}
)
_MOODS = {Mood.WONDER: 3, Mood.JOYFUL: 3, Mood.COSY: 2, Mood.CALM: 2, Mood.TENSE: 1, Mood.SAD: 0}


@dataclass(frozen=True, slots=True)
class _Planned:
    """A beat and where it stands: chapter and page from 1, and its number among all story pages from 1."""

    chapter: int
    page: int
    number: int
    beat: Beat

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(roles_of(self.beat.purpose))

    @property
    def width(self) -> tuple[bool, int, int]:
        """How much there is to see: out of doors, in good spirits, early rather than late."""
        return self.beat.setting not in _ROOMS, _MOODS[self.beat.mood], -self.number


def spreads(outline: Outline) -> frozenset[tuple[int, int]]:
    """Chapter and page, from 1, of at most two pages; the same plan gives the same. A page that opens a chapter, and
    those a book begins with, stay single."""
    pages = list(_pages(outline))
    free = [page for page in pages if page.page > 1 and page.number >= _FIRST]
    chosen = [best] if (best := _best(free, _TURNS)) else []
    apart = [page for page in free if all(abs(page.number - one.number) >= _APART for one in chosen)]
    if len(pages) >= _TWO_FROM_PAGES or not chosen:
        chosen += [best] if (best := _best(apart, _JOURNEYS)) else []
    return frozenset((page.chapter, page.page) for page in chosen)


def is_spread(outline: Outline, chapter: int, page: int, text: ChapterText) -> bool:
    """Whether that page is one: the plan says so, and its words leave the picture room."""
    letters = sum(map(len, text.pages[page - 1].paragraphs))
    return letters <= LETTERS_MAX and (chapter, page) in spreads(outline)


def across(scene: Scene) -> Scene:
    """The scene as two pages show it: never so near that the place is lost, and with words in a wide sky, or on a
    wall, rather than among feet."""
    shot = Shot.MEDIUM if scene.camera.shot is Shot.CLOSE else scene.camera.shot
    return replace(scene, camera=Camera(shot, Area.TOP))


def _pages(outline: Outline) -> Iterator[_Planned]:
    number = 0
    for chapter, planned in enumerate(outline.chapters, 1):
        for page, beat in enumerate(planned.beats, 1):
            number += 1
            yield _Planned(chapter, page, number, beat)


def _best(pages: list[_Planned], roles: frozenset[Role]) -> _Planned | None:
    return max((page for page in pages if page.roles & roles), key=lambda page: page.width, default=None)
