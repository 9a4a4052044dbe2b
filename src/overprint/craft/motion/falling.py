"""What falls and blows in a film: rain, snow and leaves, each drop where the clock says it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overprint.core.scene import Weather
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.rng import Dice
from overprint.craft.motion.drops import ACROSS, ALONG, COS, HALF, REACH_X, REACH_Y, SIN, TINT, X, Y
from overprint.craft.motion.forms import Floats, Numbers, Wides
from overprint.craft.motion.planes import tint

_BEYOND = 90.0  # world units around the picture where things fall too
_AREA = 1_400_000  # square world units that a curtain's count is for
_SHARE_MAX = 3.0
_Many = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curtain:
    """One plane of falling things. Speeds in world units a second; ``length`` is of a streak or across a flake."""

    depth: float
    count: int
    speed: float
    drift: float
    length: float
    width: float
    opacity: float


_RAIN = (
    Curtain(0.55, 150, 900, -110, 40, 1.7, 0.34),
    Curtain(1.15, 70, 1500, -190, 84, 2.6, 0.42),
)
_SNOW = (
    Curtain(0.4, 150, 70, 22, 5, 0, 0.75),
    Curtain(0.9, 80, 110, 34, 8, 0, 0.9),
    Curtain(1.2, 26, 170, 48, 15, 0, 0.7),
)
_LEAVES = (Curtain(0.9, 16, 60, 330, 26, 0, 0.95),)
CURTAINS = {Weather.RAIN: _RAIN, Weather.SNOW: _SNOW, Weather.WIND: _LEAVES}
_RAIN_TINT, _SNOW_TINT = (228, 240, 248), (255, 255, 255)
_LEAF_TINTS = ((201, 138, 59), (168, 104, 58), (127, 154, 74))


@dataclass(frozen=True, slots=True)
class _Plane:
    """A curtain, where its drops begin (shares of the field they fall in), and what makes each its own, 0 to 1."""

    curtain: Curtain
    x: _Many
    y: _Many
    own: _Many


class Falling:
    """All curtains of a weather over one picture, as ``laying`` takes them."""

    def __init__(self, weather: Weather, view: Lens, seed: int) -> None:
        self._view, self._weather = view, weather
        self._width = view.width_px / view.scale + 2 * _BEYOND
        self._height = view.height_px / view.scale + 2 * _BEYOND
        share = min(_SHARE_MAX, self._width * self._height / _AREA)
        self._planes = [
            _scattered(curtain, round(curtain.count * share), seed) for curtain in CURTAINS.get(weather, ())
        ]
        colours = {Weather.RAIN: (_RAIN_TINT,), Weather.SNOW: (_SNOW_TINT,)}.get(weather, _LEAF_TINTS)
        tints = [tint(*colour, plane.curtain.opacity) for plane in self._planes for colour in colours]
        self.tints: Wides = (np.array(tints, np.float32).reshape(-1, 4) * 65535).astype(np.uint16)
        ends = np.cumsum([0, *(len(plane.own) for plane in self._planes)])
        self.curtains: Numbers = np.stack([ends[:-1], ends[1:]], axis=1).astype(np.int64)
        self.drops: Floats = np.zeros((ends[-1], TINT + 1), np.float32)
        for number, (first, last) in enumerate(self.curtains):
            self.drops[first:last, TINT] = number * len(colours) + np.arange(last - first) % len(colours)
            if weather is Weather.RAIN:
                _lie_as_streaks(self.drops[first:last], self._planes[number], view.scale)

    def place(self, seconds: float, nearer_than: float, up_to: float, shift: tuple[float, float]) -> Sequence[int]:
        """Places the drops between two depths, and answers the numbers of their curtains, far to near; ``shift`` is how
        far the camera has moved them, world units."""
        placed: list[int] = []
        for number, plane in enumerate(self._planes):
            if nearer_than <= plane.curtain.depth < up_to:
                placed.append(number)
                first, last = self.curtains[number]
                self._place(self.drops[first:last], plane, seconds, shift)
        return placed

    def _place(self, drops: Floats, plane: _Plane, seconds: float, shift: tuple[float, float]) -> None:
        curtain, scale, own = plane.curtain, self._view.scale, plane.own
        pace = 0.75 + 0.5 * own
        x = plane.x * self._width + curtain.drift * pace * seconds + shift[0]
        if self._weather is not Weather.RAIN:
            x += 16 * _sines(seconds * (0.8 + own) + own * 40)
        y = (plane.y * self._height + curtain.speed * pace * seconds + shift[1]) % self._height - _BEYOND
        drops[:, X], drops[:, Y] = (x % self._width - _BEYOND) * scale, y * scale
        if self._weather is Weather.RAIN:  # each streak begins where its drop is, and goes on the way that it falls
            drops[:, X] += drops[:, HALF] * drops[:, COS]
            drops[:, Y] += drops[:, HALF] * drops[:, SIN]
            return
        if self._weather is Weather.SNOW:
            drops[:, ALONG] = drops[:, ACROSS] = curtain.length * (0.35 + 0.3 * own) * scale
            drops[:, COS] = 1
        else:
            _lie_as_leaves(drops, curtain, own, scale, seconds)
        _reach(drops)


def _reach(drops: Floats) -> None:
    cos, sin, half = (np.abs(drops[:, column]) for column in (COS, SIN, HALF))
    along, across = drops[:, ALONG], drops[:, ACROSS]
    drops[:, REACH_X] = half * cos + np.hypot(along * cos, across * sin) + 2
    drops[:, REACH_Y] = half * sin + np.hypot(along * sin, across * cos) + 2


def _lie_as_streaks(drops: Floats, plane: _Plane, scale: float) -> None:
    """All that stays as it is while they fall."""
    curtain = plane.curtain
    down = curtain.length * (0.7 + 0.5 * plane.own) * scale
    slant = curtain.drift / curtain.speed
    long = math.hypot(1, slant)
    drops[:, COS], drops[:, SIN], drops[:, HALF] = slant / long, 1 / long, down * long / 2
    drops[:, ALONG] = drops[:, ACROSS] = curtain.width * scale / 2
    _reach(drops)


def _lie_as_leaves(drops: Floats, curtain: Curtain, own: _Many, scale: float, seconds: float) -> None:
    """They turn, and tumble: seen from the side they are narrow."""
    size = curtain.length * (0.6 + 0.5 * own) * scale
    turn = seconds * (1.5 + 2 * own) + 2 * math.pi * own
    drops[:, COS], drops[:, SIN] = _sines(turn + math.pi / 2), _sines(turn)
    drops[:, ALONG] = size / 2
    drops[:, ACROSS] = size / 3 * (0.35 + 0.25 * _sines(seconds * 3 + own * 9))


def _sines(angles: _Many) -> _Many:
    """One by one: NumPy's own differ in their last bit from processor to processor."""
    return np.array([math.sin(angle) for angle in angles])


def _scattered(curtain: Curtain, count: int, seed: int) -> _Plane:
    dice = Dice("falling", seed, curtain.depth)
    return _Plane(curtain, *(np.array(dice.many(count, 0, 1)) for _ in range(3)))
