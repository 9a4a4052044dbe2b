"""What can be seen on a picture, and where."""

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
