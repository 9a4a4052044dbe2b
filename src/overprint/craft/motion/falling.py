"""What falls and blows in a film: rain, snow and leaves, each drop where the clock says it is.

What is drawn is cover alone: a curtain of drops has one tint, so a frame needs a byte a pixel of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import skia

from overprint.core.scene import Weather
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.rng import Dice
from overprint.craft.motion.laying import Bytes, Floats
from overprint.craft.motion.planes import tint

_BEYOND = 90.0  # world units around the picture where things fall too


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
_Drop = tuple[float, float, float]


class Falling:
    """All curtains of a weather over one picture. ``covers`` are as large as a frame; each has a row in ``tints``."""

    def __init__(self, weather: Weather, view: Lens, seed: int) -> None:
        self._view, self._weather = view, weather
        self._width = view.width_px / view.scale + 2 * _BEYOND
        self._height = view.height_px / view.scale + 2 * _BEYOND
        share = min(3.0, self._width * self._height / 1_400_000)
        self._planes = [
            (curtain, _starts(curtain, round(curtain.count * share), seed)) for curtain in CURTAINS.get(weather, ())
        ]
        colours = {Weather.RAIN: (_RAIN_TINT,), Weather.SNOW: (_SNOW_TINT,)}.get(weather, _LEAF_TINTS)
        self._kinds = len(colours)
        tints = [tint(*colour, curtain.opacity) for curtain, _ in self._planes for colour in colours]
        self.tints: Floats = np.array(tints, np.float32).reshape(-1, 4)
        self.covers: Bytes = np.zeros((len(tints), view.height_px * view.width_px), np.uint8)

    def draw(self, seconds: float, nearer_than: float, up_to: float, shift: tuple[float, float]) -> Sequence[int]:
        """Draws the curtains between two depths, and answers their numbers, far to near; ``shift`` is how far the
        camera has moved them, world units."""
        drawn: list[int] = []
        for number, (curtain, starts) in enumerate(self._planes):
            if nearer_than < curtain.depth <= up_to:
                drops = [self._at(curtain, start, seconds, shift) for start in starts]
                for kind in range(self._kinds):
                    drawn.append(number * self._kinds + kind)
                    self._draw(self._canvas(drawn[-1]), curtain, drops[kind :: self._kinds], seconds)
        return drawn

    def _canvas(self, number: int) -> skia.Canvas:
        cover = self.covers[number].reshape(self._view.height_px, self._view.width_px)
        cover[:] = 0
        size = skia.ImageInfo.MakeA8(self._view.width_px, self._view.height_px)
        return skia.Surface.MakeRasterDirect(size, cover, self._view.width_px).getCanvas()

    def _draw(self, canvas: skia.Canvas, curtain: Curtain, drops: Sequence[_Drop], seconds: float) -> None:
        if self._weather is Weather.RAIN:
            self._streaks(canvas, curtain, drops)
        elif self._weather is Weather.SNOW:
            self._flakes(canvas, curtain, drops)
        else:
            self._leaves(canvas, curtain, drops, seconds)

    def _at(self, curtain: Curtain, start: _Drop, seconds: float, shift: tuple[float, float]) -> _Drop:
        """Where a drop is, in pixels, and what makes it different from its neighbours (0 to 1)."""
        x0, y0, own = start
        pace = 0.75 + 0.5 * own
        waver = 0.0 if self._weather is Weather.RAIN else 16 * math.sin(seconds * (0.8 + own) + own * 40)
        x = (x0 * self._width + curtain.drift * pace * seconds + waver + shift[0]) % self._width - _BEYOND
        y = (y0 * self._height + curtain.speed * pace * seconds + shift[1]) % self._height - _BEYOND
        return x * self._view.scale, y * self._view.scale, own

    def _streaks(self, canvas: skia.Canvas, curtain: Curtain, drops: Sequence[_Drop]) -> None:
        scale = self._view.scale
        path = skia.Path()
        for x, y, own in drops:
            length = curtain.length * (0.7 + 0.5 * own) * scale
            path.moveTo(x, y)
            path.lineTo(x + length * curtain.drift / curtain.speed, y + length)
        brush = _brush()
        brush.setStyle(skia.Paint.kStroke_Style)
        brush.setStrokeWidth(curtain.width * scale)
        brush.setStrokeCap(skia.Paint.kRound_Cap)
        canvas.drawPath(path, brush)

    def _flakes(self, canvas: skia.Canvas, curtain: Curtain, drops: Sequence[_Drop]) -> None:
        path = skia.Path()
        for x, y, own in drops:
            path.addCircle(x, y, curtain.length * (0.35 + 0.3 * own) * self._view.scale)
        canvas.drawPath(path, _brush())

    def _leaves(self, canvas: skia.Canvas, curtain: Curtain, drops: Sequence[_Drop], seconds: float) -> None:
        for x, y, own in drops:
            size = curtain.length * (0.6 + 0.5 * own) * self._view.scale
            canvas.save()
            canvas.translate(x, y)
            canvas.rotate(math.degrees(seconds * (1.5 + 2 * own)) + own * 360)
            canvas.scale(1.0, 0.35 + 0.25 * math.sin(seconds * 3 + own * 9))
            canvas.drawOval(skia.Rect.MakeXYWH(-size / 2, -size / 3, size, size / 1.5), _brush())
            canvas.restore()


def _brush() -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=skia.ColorWHITE)


def _starts(curtain: Curtain, count: int, seed: int) -> list[_Drop]:
    dice = Dice("falling", seed, curtain.depth)
    return list(zip(dice.many(count, 0, 1), dice.many(count, 0, 1), dice.many(count, 0, 1), strict=True))
