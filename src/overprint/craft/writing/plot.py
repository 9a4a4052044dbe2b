"""The shape of a story: which page does what, and which attempt it belongs to."""

from dataclasses import dataclass
from enum import StrEnum

from overprint.core.story import STORY_PAGES_MIN, Age


class Role(StrEnum):
    """What a page is for; the words stand in ``Beat.purpose``."""

    OPENING = "opening"
    WANT = "want"
    SETTING_OFF = "setting off"
    ROAD = "road"
    TRY = "first steps"
    FAIL = "mishap"
    REST = "rest"
    BACK = "way back"
    MEET = "meeting"
    ATTEMPT = "trying"
    GIVE = "outcome"
    SETBACK = "setback"
    LOW = "low point"
    TURN = "turn"
    SUCCESS = "resolution"
    HOME = "homecoming"
    ECHO = "echo"


EPISODE_ROLES = (Role.ROAD, Role.MEET, Role.ATTEMPT, Role.GIVE)
TRY_ROLES = (Role.TRY, Role.FAIL, Role.REST)
OWN_TRIES_MAX = 3
_LONG_PAGES = 22
_TRY_PAGES_MAX = 3
_TWO_PAGES_TO_BEGIN = 7


@dataclass(frozen=True, slots=True)
class PageShape:
    """``attempt`` counts from 0; it is -1 on pages that belong to no attempt."""

    roles: tuple[Role, ...]
    attempt: int = -1

    @property
    def purpose(self) -> str:
        words = " and ".join(role.value for role in self.roles)
        return f"attempt {self.attempt + 1}: {words}" if self.attempt >= 0 else words

    @property
    def is_own(self) -> bool:
        """Whether the attempt is one of the plot's own, not a meeting on the road."""
        return self.roles[0] in TRY_ROLES


def shape(pages: int, roams: bool = False, in_verse: bool = False) -> tuple[PageShape, ...]:
    """What each of ``pages`` (6 to 60) does: three tries of the hero's own, and people met on the road.

    ``in_verse``: a page holds one stanza. ``roams``: the story is a journey, so that even a short one
    leads past somebody.
    """
    is_long = pages >= _LONG_PAGES
    start = [PageShape(roles) for roles in _beginning(pages)]
    end = [PageShape(roles) for roles in _ending(pages)]
    if not is_long:
        short = start + _short_middle(pages - len(start) - len(end), roams) + end
        return tuple(_one_part(page) if in_verse else page for page in short)
    return tuple(start + _long_middle(pages - len(start) - len(end)) + end)


def is_brief(pages: int, chapters: int, age: Age, in_verse: bool) -> bool:
    """Whether a book is told as a board book is, in about 25 words a page: the shortest there is, for the youngest."""
    return is_shortest(pages, chapters) and age is Age.EARLY and not in_verse


def is_shortest(pages: int, chapters: int) -> bool:
    return pages == STORY_PAGES_MIN and chapters == 1


def _one_part(page: PageShape) -> PageShape:
    """A page of verse has room for one stanza: the turn before the low point, the rest in the order they come.

    Two couplets tell a whole try, or who it is and what they want.
    """
    if page.roles in ((Role.TRY, Role.FAIL), (Role.OPENING, Role.WANT)):
        return page
    return PageShape(page.roles[-1:] if Role.TURN in page.roles else page.roles[:1], page.attempt)


def _short_middle(pages: int, roams: bool) -> list[PageShape]:
    count = max(1, min(OWN_TRIES_MAX, pages))
    found: list[PageShape] = []
    for n in range(count):
        size = pages // count + (1 if n < pages % count else 0)
        is_met = roams and n == 1 and size > 1
        found += [PageShape(roles, n) for roles in (_meeting(size) if is_met else _try(size))]
    return found


def _long_middle(pages: int) -> list[PageShape]:
    """Two tries at home, then away, and the third when everything that was met has been met."""
    tries = [[PageShape(roles, 0) for roles in _try(2)], [PageShape(roles, 1) for roles in _try(3)]]
    left = pages - 5 - 2 - _TRY_PAGES_MAX
    meetings = max(1, round(left / 3.6))
    away: list[PageShape] = []
    for n in range(meetings):
        size = left // meetings + (1 if n < left % meetings else 0)
        away += [PageShape(roles, 2 + n) for roles in _meeting(size)]
    last = [PageShape(roles, 2 + meetings) for roles in _try(_TRY_PAGES_MAX)]
    return [*tries[0], *tries[1], PageShape((Role.SETTING_OFF,)), *away, PageShape((Role.BACK,)), *last]


def _try(size: int) -> list[tuple[Role, ...]]:
    if size == 1:
        return [(Role.TRY, Role.FAIL)]
    return [(Role.TRY,), (Role.FAIL,), *[(Role.REST,)] * (size - 2)]


def _beginning(pages: int) -> list[tuple[Role, ...]]:
    """In the shortest book one page says who it is and what they want, so that there is room for three tries."""
    return [(Role.OPENING, Role.WANT)] if pages < _TWO_PAGES_TO_BEGIN else [(Role.OPENING,), (Role.WANT,)]


def _ending(pages: int) -> list[tuple[Role, ...]]:
    if pages <= 7:
        return [(Role.LOW, Role.TURN), (Role.SUCCESS, Role.ECHO)]
    if pages <= 11:
        return [(Role.LOW, Role.TURN), (Role.SUCCESS,), (Role.ECHO,)]
    if pages <= 17:
        return [(Role.LOW,), (Role.TURN,), (Role.SUCCESS,), (Role.ECHO,)]
    return [(Role.SETBACK,), (Role.LOW,), (Role.TURN,), (Role.SUCCESS,), (Role.HOME,), (Role.ECHO,)]


def _meeting(size: int) -> list[tuple[Role, ...]]:
    if size <= 2:
        two: list[tuple[Role, ...]] = [(Role.MEET,), (Role.ATTEMPT, Role.GIVE)]
        return two[:size]
    roads: list[tuple[Role, ...]] = [(Role.ROAD,)] * (size - 3)
    return [*roads, (Role.MEET,), (Role.ATTEMPT,), (Role.GIVE,)]


_KEYWORDS = {
    Role.OPENING: ("open", "introduc", "begin", "ordinary"),
    Role.WANT: ("want", "desire", "wish", "inciting", "call"),
    Role.SETTING_OFF: ("setting off", "departure", "threshold", "leav", "set out"),
    Role.SETBACK: ("setback", "crisis", "disaster"),
    Role.LOW: ("low", "dark", "despair"),
    Role.TURN: ("turn", "change", "realis", "realiz", "insight"),
    Role.SUCCESS: ("resolution", "climax", "success", "triumph"),
    Role.HOME: ("homecoming", "home"),
    Role.ECHO: ("echo", "ending", "close", "conclusion"),
    Role.ROAD: ("road", "journey", "travel"),
    Role.TRY: ("first steps",),
    Role.FAIL: ("mishap", "failure"),
    Role.REST: ("rest", "pause", "interlude"),
    Role.ATTEMPT: ("trying", "attempt", "trial", "try"),
    Role.GIVE: ("outcome", "gift", "reward", "lesson"),
    Role.BACK: ("way back", "return"),
    Role.MEET: ("meeting", "meet", "encounter"),
}


def roles_of(purpose: str) -> tuple[Role, ...]:
    """The roles a purpose names, in our own words or another writer's; a plain page is an attempt."""
    words = purpose.split(": ", 1)[-1].lower()
    own = tuple(Role(part) for part in words.split(" and ") if part in set(Role))
    if own:
        return own
    found = next((role for role, keys in _KEYWORDS.items() if any(key in words for key in keys)), Role.ATTEMPT)
    return (found,)


def chapter_sizes(pages: int, chapters: int) -> list[int]:
    """Pages in each chapter, as even as can be."""
    return [pages // chapters + (1 if n < pages % chapters else 0) for n in range(chapters)]
