"""Camera moves: where the eye is at any moment of a shot, and how far each depth of the picture follows.

World units, as the illustrator's: the shorter side of a picture is 1000. Nothing here knows pixels.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from overprint.core.film import Course, Easing, Move
from overprint.core.motion import Moment
from overprint.craft.drawing.rng import Dice
from overprint.craft.motion.following import Following

OVERSCAN = 84.0
"""World units that are drawn beyond each edge of the picture; settings fill 90."""
DEEPEST, NEAREST = 0.0, 1.45
_TRAVEL, _ROLL_DEGREES, _ZOOM = 10.0, 1.0, 0.03  # for each of the ten notches of a move
_SHAKE, _SHAKE_DEGREES = 1.4, 0.05  # for each notch; as far to either side
_FLOOR_STEP, _FLOOR_MAX = 0.01, 2.0
_LOOKED_AT = tuple(n / 16 for n in range(17))
_TURNED = 0.6
"""How much of the way of a camera that is followed is taken for its turning and for its lens."""
_FOLLOWED_AT = tuple(n / 90 for n in range(91))


@dataclass(frozen=True, slots=True)
class Eye:
    """The camera at a moment. ``x`` and ``y`` move it, so that near things pass faster; ``pan`` and ``tilt`` turn it,
    so that everything moves alike. ``zoom`` is how near it is and ``lens`` how narrow its view; at 1 and 1 the picture
    is as it was drawn."""

    x: float
    y: float
    pan: float
    tilt: float
    roll_degrees: float
    zoom: float
    lens: float


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes of a layer: scaled around the middle of the picture, moved (world units), then turned."""

    scale: float
    dx: float
    dy: float
    roll_degrees: float


@dataclass(frozen=True, slots=True)
class Path:
    """A move through one shot. ``seed``: of the hand that holds the camera. ``floor``: how far the whole picture is
    enlarged, for an edge of the drawing would be seen without it. ``follows``: what the camera does besides."""

    move: Move
    seed: int = 0
    floor: float = 1.0
    follows: Following | None = None

    def at(self, share: float, seconds: float) -> Eye:
        """``share`` of the shot that has passed, 0 to 1; ``seconds`` since it began."""
        eye, shake = self.steady(_EASINGS[self.move.easing](min(1.0, max(0.0, share)))), self.move.shake
        if self.follows is not None:
            eye = _along(eye, self.follows.at(seconds))
        if not shake:
            return eye
        x, y, roll = _trembling(seconds, self.seed)
        return replace(
            eye,
            x=eye.x + _SHAKE * shake * x,
            y=eye.y + _SHAKE * shake * y,
            roll_degrees=eye.roll_degrees + _SHAKE_DEGREES * shake * roll,
        )

    def steady(self, passed: float) -> Eye:
        """Where it would be without the hand; ``passed``: how much of its way, 0 to 1."""
        move = self.move
        across, out = _COURSES[move.course](passed)
        along = across if move.course is not Course.ARC else out - 0.5
        nearer = _ZOOM * abs(move.zoom) * (out if move.zoom >= 0 else 1 - out)
        wider = _ZOOM * abs(move.lens) * (out if move.lens < 0 else 1 - out)
        return Eye(
            x=_TRAVEL * move.horizontal * across,
            y=_TRAVEL * move.vertical * along,
            pan=_TRAVEL * move.pan * across,
            tilt=_TRAVEL * move.tilt * along,
            roll_degrees=_ROLL_DEGREES * move.roll * across,
            zoom=1 + nearer,
            lens=self.floor / (1 + wider),
        )

    def looked_at(self) -> Iterable[Eye]:
        """Where it is now and then from the beginning to the end, without the hand."""
        if self.follows is None:
            return [self.steady(passed) for passed in _LOOKED_AT]
        still = replace(self, move=replace(self.move, shake=0))
        return [still.at(share, share * self.follows.seconds) for share in _FOLLOWED_AT]


def _along(eye: Eye, moment: Moment) -> Eye:
    """Where the camera is that goes its own way and another one's besides. Nobody knows whether that other one went or
    turned, came nearer or narrowed its view: it is taken to have done both, so that far things follow, too."""
    went = 1 - _TURNED
    return replace(
        eye,
        x=eye.x + went * moment.x,
        y=eye.y + went * moment.y,
        pan=eye.pan + _TURNED * moment.x,
        tilt=eye.tilt + _TURNED * moment.y,
        roll_degrees=eye.roll_degrees + moment.roll_degrees,
        zoom=eye.zoom * moment.zoom**went,
        lens=eye.lens * moment.zoom**_TURNED,
    )


def eased(share: float) -> float:
    """Starts and ends softly without ever standing still: half a straight line, half a cosine."""
    return 0.45 * share + 0.55 * (0.5 - 0.5 * math.cos(math.pi * share))


def _gathering(share: float) -> float:
    return 0.3 * share + 0.7 * share**2


def _settling(share: float) -> float:
    return 1 - _gathering(1 - share)


def _whip(share: float) -> float:
    """Six sevenths of the way in a quarter of the time."""
    dart = min(1.0, max(0.0, (share - 0.36) / 0.26))
    return 0.14 * share + 0.86 * dart**3 * (dart * (6 * dart - 15) + 10)


_EASINGS: Mapping[Easing, Callable[[float], float]] = {
    Easing.SOFT: eased,
    Easing.EVEN: lambda share: share,
    Easing.GATHERING: _gathering,
    Easing.SETTLING: _settling,
    Easing.WHIP: _whip,
}


def _line(passed: float) -> tuple[float, float]:
    return passed - 0.5, passed


def _arc(passed: float) -> tuple[float, float]:
    """A third of a circle."""
    widest = math.pi / 3
    angle = (2 * passed - 1) * widest
    return math.sin(angle) / (2 * math.sin(widest)), (math.cos(angle) - 0.5) / 0.5


def _swing(passed: float) -> tuple[float, float]:
    return 0.5 * math.sin(2 * math.pi * passed), 0.5 - 0.5 * math.cos(2 * math.pi * passed)


# How far to the side, -0.5 to 0.5, and how far out, 0 to 1, after each share of the way.
_COURSES: Mapping[Course, Callable[[float], tuple[float, float]]] = {
    Course.LINE: _line,
    Course.ARC: _arc,
    Course.SWING: _swing,
}
_TREMORS = ((0.31, 0.55), (0.73, 0.3), (1.57, 0.15))  # cycles a second, and each one's part in the whole


def _trembling(seconds: float, seed: int) -> tuple[float, float, float]:
    """How far a hand is from where it means to be, sideways, upright and leaning: -1 to 1 each, never by a jolt."""
    phases = _phases(seed)
    x, y, lean = (
        sum(
            part * math.sin(2 * math.pi * (pace * seconds + phase))
            for (pace, part), phase in zip(_TREMORS, own, strict=True)
        )
        for own in (phases[:3], phases[3:6], phases[6:])
    )
    return x, y, lean


@lru_cache(maxsize=256)
def _phases(seed: int) -> tuple[float, ...]:
    return tuple(Dice("hand", seed).many(9, 0, 1))


def placed(eye: Eye, depth: float) -> Placement:
    """How a layer at this depth (0 the horizon, 1 the stage) is seen: what is near moves and grows more."""
    follows = 0.15 + 0.85 * depth
    grows = 0.3 + 0.7 * min(depth, 1.25)
    return Placement(
        scale=eye.lens * (1 + (eye.zoom - 1) * grows),
        dx=-eye.lens * (eye.x * follows + eye.pan),
        dy=-eye.lens * (eye.y * follows + eye.tilt),
        roll_degrees=eye.roll_degrees,
    )


def path_for(move: Move, width: float, height: float, seed: int = 0, follows: Following | None = None) -> Path:
    """The move over a picture of this size (world units), enlarged so far that no edge of the drawing is ever seen."""
    path = Path(move, seed, follows=follows)
    while path.floor < _FLOOR_MAX and not _covers(path, width / 2, height / 2):
        path = replace(path, floor=path.floor + _FLOOR_STEP)
    return path


def beyond_frame(path: Path, width: float, height: float, depths: Sequence[float]) -> tuple[float, float]:
    """How far beyond the left and right, and beyond the upper and lower edge of a picture of this size layers of these
    depths are seen, world units: 0 to ``OVERSCAN``."""
    half = width / 2, height / 2
    seen = [
        _reach(placed(eye, depth), *half)
        for looked in path.looked_at()
        for eye in _farthest(looked, path.move.shake)
        for depth in depths
    ]
    across, down = (max(0.0, max(reach) - side) for reach, side in zip(zip(*seen, strict=True), half, strict=True))
    return min(OVERSCAN, across), min(OVERSCAN, down)


def _covers(path: Path, half_width: float, half_height: float) -> bool:
    return all(
        reach <= half + OVERSCAN
        for seen in path.looked_at()
        for eye in _farthest(seen, path.move.shake)
        for depth in (DEEPEST, 1.0, NEAREST)
        for reach, half in zip(
            _reach(placed(eye, depth), half_width, half_height), (half_width, half_height), strict=True
        )
    )


def _farthest(eye: Eye, shake: float) -> Iterable[Eye]:
    """Where a hand could hold it instead."""
    off, lean = _SHAKE * shake, math.copysign(_SHAKE_DEGREES * shake, eye.roll_degrees)
    for way in (off, -off):
        yield replace(eye, x=eye.x + way, y=eye.y + way, roll_degrees=eye.roll_degrees + lean)


def _reach(place: Placement, half_width: float, half_height: float) -> tuple[float, float]:
    """How far from its middle a layer is seen, sideways and upright."""
    turn = math.radians(abs(place.roll_degrees))
    across = half_width * math.cos(turn) + half_height * math.sin(turn)
    upright = half_height * math.cos(turn) + half_width * math.sin(turn)
    return (across + abs(place.dx)) / place.scale, (upright + abs(place.dy)) / place.scale
