"""The shape of a story: which page does what, and which attempt it belongs to."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a page is for; the words stand in ``Beat.purpose``."""

    OPENING = "opening"
    WANT = "want"
    SETTING_OFF = "setting off"
    ROAD = "road"
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
START_ROLES = (Role.OPENING, Role.WANT, Role.SETTING_OFF)


@dataclass(frozen=True, slots=True)
class PageShape:
    """``attempt`` counts from 0; it is -1 on pages that belong to no attempt."""

    roles: tuple[Role, ...]
    attempt: int = -1

    @property
    def purpose(self) -> str:
        words = " and ".join(role.value for role in self.roles)
        return f"attempt {self.attempt + 1}: {words}" if self.attempt >= 0 else words


def shape(pages: int, is_brief: bool = False) -> tuple[PageShape, ...]:
    """What each of ``pages`` (6 to 60) does. Up to 10 pages there are one or two attempts, then three, later more.

    ``is_brief``: pages hold so few words that every attempt needs three of them.
    """
    start = [PageShape((Role.OPENING,)), PageShape((Role.WANT,))]
    if pages >= 14:
        start.append(PageShape((Role.SETTING_OFF,)))
    end = [PageShape(roles) for roles in _ending(pages)]
    middle = pages - len(start) - len(end)
    attempts = max(1, min(middle // (3 if is_brief else 2), max(3, round(middle / 3.6))))
    shapes = list(start)
    for n in range(attempts):
        size = middle // attempts + (1 if n < middle % attempts else 0)
        shapes += [PageShape(roles, n) for roles in _attempt(size)]
    return tuple(shapes + end)


def _ending(pages: int) -> list[tuple[Role, ...]]:
    if pages <= 7:
        return [(Role.LOW, Role.TURN), (Role.SUCCESS, Role.ECHO)]
    if pages <= 11:
        return [(Role.LOW, Role.TURN), (Role.SUCCESS,), (Role.ECHO,)]
    if pages <= 17:
        return [(Role.LOW,), (Role.TURN,), (Role.SUCCESS,), (Role.ECHO,)]
    return [(Role.SETBACK,), (Role.LOW,), (Role.TURN,), (Role.SUCCESS,), (Role.HOME,), (Role.ECHO,)]


def _attempt(size: int) -> list[tuple[Role, ...]]:
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
    Role.HOME: ("homecoming", "return", "home"),
    Role.ECHO: ("echo", "ending", "close", "conclusion"),
    Role.ROAD: ("road", "journey", "travel"),
    Role.ATTEMPT: ("trying", "attempt", "trial", "try"),
    Role.GIVE: ("outcome", "gift", "reward", "lesson"),
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
