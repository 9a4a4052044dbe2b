"""How a camera and those it films move, as curves: what a driving clip shows, or what a preset brings along.

World units, as the illustrator's: the shorter side of a picture is 1000.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from overprint.core.codec import bounds
from overprint.core.problems import Invalid

RATE = 30
"""Samples a second of what was measured."""
SECONDS_MIN, SECONDS_MAX = 0.5, 12.0
SAMPLES_MAX = round(RATE * SECONDS_MAX) + 1
TRAVEL_MAX, ROLL_MAX_DEGREES, ZOOM_MIN, ZOOM_MAX, SWAY_MAX = 120.0, 12.0, 0.625, 1.6, 150.0
"""The farthest that a picture has room for: beyond it nothing is drawn."""
_SEEN_TRAVEL, _SEEN_DEGREES, _SEEN_GROWTH = 2.0, 0.1, 0.003


class Orientation(StrEnum):
    """Which way is up, and which way people face, in a film that follows a clip."""

    CLIP = "clip"
    """As in the clip: the camera leans when the clip's does, and everybody faces the way that its figure goes."""
    PICTURE = "picture"
    """As in the picture, which stays level, and whose people face whom they did."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the camera is (right, down, leaning to the right, and how near: 1 is as drawn), and how far those who are
    filmed are from where they were drawn (right, down)."""

    x: float = 0.0
    y: float = 0.0
    roll_degrees: float = 0.0
    zoom: float = 1.0
    sway: float = 0.0
    bob: float = 0.0


REST = Moment()


def _samples() -> tuple[float, ...]:
    values: tuple[float, ...] = field(default=(), metadata=bounds(max_length=SAMPLES_MAX))
    return values


@dataclass(frozen=True, slots=True)
class Curves:
    """What a ``Moment`` says, as numbers at even distances over ``seconds``; none: at rest. Those that ``loops`` go
    round: after the last number comes the first. Between numbers they go as Catmull-Rom splines do. ``facing``:
    everybody faces the left (-1) or the right (1); 0: as in the picture."""

    seconds: float = field(metadata=bounds(at_least=SECONDS_MIN, at_most=SECONDS_MAX))
    loops: bool = False
    facing: int = field(default=0, metadata=bounds(at_least=-1, at_most=1))
    x: tuple[float, ...] = _samples()
    y: tuple[float, ...] = _samples()
    roll_degrees: tuple[float, ...] = _samples()
    zoom: tuple[float, ...] = _samples()
    sway: tuple[float, ...] = _samples()
    bob: tuple[float, ...] = _samples()

    def at(self, seconds: float) -> Moment:
        """Before the beginning and after the end it stays as it is there, unless it ``loops``."""
        share = seconds / self.seconds
        share = share % 1.0 if self.loops else min(1.0, max(0.0, share))
        return Moment(
            *(_between(values, share, rest, self.loops) for values, rest in zip(self._axes(), _REST, strict=True))
        )

    def _axes(self) -> tuple[tuple[float, ...], ...]:
        return self.x, self.y, self.roll_degrees, self.zoom, self.sway, self.bob


_REST = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def check_length(seconds: float) -> None:
    """Raises ``Invalid`` for a clip of a moment."""
    if seconds < SECONDS_MIN:
        raise Invalid(
            "This clip is too short to be followed.", f"Send one of {SECONDS_MIN:g} seconds at least.", field="driving"
        )


def check_curves(curves: Curves) -> None:
    """Raises ``Invalid`` for what goes farther than a picture has room for."""
    farthest = {
        "x": TRAVEL_MAX,
        "y": TRAVEL_MAX,
        "roll_degrees": ROLL_MAX_DEGREES,
        "sway": SWAY_MAX,
        "bob": SWAY_MAX,
    }
    for name, most in farthest.items():
        _check(name, getattr(curves, name), -most, most)
    _check("zoom", curves.zoom, ZOOM_MIN, ZOOM_MAX)


def levelled(curves: Curves, orientation: Orientation) -> Curves:
    """The same with the picture's own way up and its people as they were, if that is wanted."""
    return replace(curves, roll_degrees=(), facing=0) if orientation is Orientation.PICTURE else curves


def is_moving(curves: Curves) -> bool:
    """Whether anything in them moves so far that somebody could see it."""
    travel = max(map(_reach, (curves.x, curves.y, curves.sway, curves.bob)))
    turn, growth = _reach(curves.roll_degrees), _reach(curves.zoom)
    return travel > _SEEN_TRAVEL or turn > _SEEN_DEGREES or growth > _SEEN_GROWTH or bool(curves.facing)


def _reach(values: Sequence[float]) -> float:
    return max(values) - min(values) if values else 0.0


def _check(name: str, values: Sequence[float], least: float, most: float) -> None:
    if not all(least <= value <= most for value in values):
        raise Invalid(f"A curve of {name} goes from {least:g} to {most:g} at most.", "Make it smaller.", field="curves")


def _between(values: Sequence[float], share: float, rest: float, loops: bool) -> float:
    """Catmull and Rom, "A class of local interpolating splines" (1974)."""
    if len(values) < 2:
        return values[0] if values else rest
    place = share * (len(values) if loops else len(values) - 1)
    left = min(int(place), len(values) - (1 if loops else 2))
    before, here, there, after = (_value(values, left + n, loops) for n in (-1, 0, 1, 2))
    t = place - left
    bend = 2 * before - 5 * here + 4 * there - after + t * (3 * (here - there) + after - before)
    return here + 0.5 * t * (there - before + t * bend)


def _value(values: Sequence[float], number: int, loops: bool) -> float:
    """Beyond the ends: round again, or straight on."""
    if loops:
        return values[number % len(values)]
    if number < 0:
        return 2 * values[0] - values[1]
    return values[number] if number < len(values) else 2 * values[-1] - values[-2]
