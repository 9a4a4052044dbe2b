"""Camera moves: where the eye is at any moment of a shot, and how far each depth of the picture follows.

World units, as the illustrator's: the shorter side of a picture is 1000. Nothing here knows pixels.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from overprint.core.film import Move

OVERSCAN = 84.0
"""World units that are drawn beyond each edge of the picture; settings fill 90."""
DEEPEST, NEAREST = 0.0, 1.45
_TRAVEL, _ROLL_DEGREES, _ZOOM = 7.0, 0.22, 0.016  # for each of the ten notches of a move
_ZOOM_STEP, _ZOOM_MAX = 0.01, 1.6
_BREATH = 1.4  # world units that a hand-held camera never stops moving


@dataclass(frozen=True, slots=True)
class Eye:
    """The camera at a moment. ``x`` and ``y`` move it, so that near things pass faster; ``pan`` and ``tilt`` turn it,
    so that everything moves alike. ``zoom`` 1 is the picture as it was drawn."""

    x: float
    y: float
    pan: float
    tilt: float
    roll_degrees: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes of a layer: scaled around the middle of the picture, moved (world units), then turned."""

    scale: float
    dx: float
    dy: float
    roll_degrees: float


@dataclass(frozen=True, slots=True)
class Path:
    """A move through one shot. ``floor`` is the zoom below which an edge of the drawing would be seen."""

    move: Move
    floor: float = 1.0

    def at(self, share: float, seconds: float) -> Eye:
        """``share`` of the shot that has passed, 0 to 1; ``seconds`` since it began."""
        passed, move, breath = eased(share), self.move, _BREATH
        way = passed - 0.5
        nearness = passed if move.zoom >= 0 else 1 - passed
        return Eye(
            x=_TRAVEL * move.horizontal * way + breath * math.sin(seconds * 0.9),
            y=_TRAVEL * move.vertical * way + breath * math.sin(seconds * 0.7 + 1.3),
            pan=_TRAVEL * move.pan * way,
            tilt=_TRAVEL * move.tilt * way,
            roll_degrees=_ROLL_DEGREES * move.roll * way,
            zoom=self.floor + _ZOOM * abs(move.zoom) * nearness,
        )


def eased(share: float) -> float:
    """Starts and ends softly without ever standing still: half a straight line, half a cosine."""
    share = min(1.0, max(0.0, share))
    return 0.45 * share + 0.55 * (0.5 - 0.5 * math.cos(math.pi * share))


def placed(eye: Eye, depth: float) -> Placement:
    """How a layer at this depth (0 the horizon, 1 the stage) is seen: what is near moves and grows more."""
    follows = 0.15 + 0.85 * depth
    grows = 0.3 + 0.7 * min(depth, 1.25)
    return Placement(
        scale=1 + (eye.zoom - 1) * grows,
        dx=-(eye.x * follows + eye.pan),
        dy=-(eye.y * follows + eye.tilt),
        roll_degrees=eye.roll_degrees,
    )


def path_for(move: Move, width: float, height: float) -> Path:
    """The move over a picture of this size (world units), from so near that no edge of the drawing is ever seen."""
    path = Path(move)
    while path.floor < _ZOOM_MAX and not _covers(path, width / 2, height / 2):
        path = replace(path, floor=path.floor + _ZOOM_STEP)
    return path


def _covers(path: Path, half_width: float, half_height: float) -> bool:
    eyes = [path.at(share, seconds) for share in (0.0, 0.5, 1.0) for seconds in (0.0, 1.75, 3.5, 5.25)]
    return all(
        reach <= half + OVERSCAN
        for eye in eyes
        for depth in (DEEPEST, 1.0, NEAREST)
        for reach, half in zip(
            _reach(placed(eye, depth), half_width, half_height), (half_width, half_height), strict=True
        )
    )


def _reach(place: Placement, half_width: float, half_height: float) -> Iterable[float]:
    """How far from its middle a layer is seen, sideways and upright."""
    turn = math.radians(abs(place.roll_degrees))
    across = half_width * math.cos(turn) + half_height * math.sin(turn)
    upright = half_height * math.cos(turn) + half_width * math.sin(turn)
    return (across + abs(place.dx)) / place.scale, (upright + abs(place.dy)) / place.scale
