"""What can be seen on a picture, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as fractions of the picture's width and height, from the top left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that can be seen: a character id, prop, ``moon``, ``rain``; and where, if that is known."""

    what: str
    box: Box | None = None
    face: Box | None = None


_IN_PLACE_OF = " in place of "


def stand_in(drawn_as: str, what: str) -> str:
    """What an illustrator says is shown where it drew somebody as the nearest it can."""
    return f"{drawn_as}{_IN_PLACE_OF}{what}"


def stand_ins(shown: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Who, among what is shown, is drawn as something else, and as what: ``("moose", "a deer")``."""
    found = (each.split(_IN_PLACE_OF, 1) for each in shown if _IN_PLACE_OF in each)
    return tuple((what, f"{'an' if kind[0] in 'aeio' else 'a'} {kind}") for kind, what in found)
