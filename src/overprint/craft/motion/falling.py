"""What falls and blows in a film: rain, snow and leaves, each drop where the clock says it is."""

import math
from dataclasses import dataclass

import skia

from overprint.core.scene import Weather
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.rng import Dice

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
_LEAF_COLOURS = ("#c98a3b", "#a8683a", "#7f9a4a")


class Falling:
    """All curtains of a weather over one picture."""

    def __init__(self, weather: Weather, view: Lens, seed: int) -> None:
        self._view, self._weather = view, weather
        self._width = view.width_px / view.scale + 2 * _BEYOND
        self._height = view.height_px / view.scale + 2 * _BEYOND
        share = min(3.0, self._width * self._height / 1_400_000)
        self._planes = [
            (curtain, _starts(curtain, round(curtain.count * share), seed)) for curtain in CURTAINS.get(weather, ())
        ]

    def draw(
        self, canvas: skia.Canvas, seconds: float, nearer_than: float, up_to: float, shift: tuple[float, float]
    ) -> None:
        """Those between two depths; ``shift`` is how far the camera has moved them, world units."""
        for curtain, starts in self._planes:
            if nearer_than < curtain.depth <= up_to:
                self._draw(canvas, curtain, starts, seconds, shift)

    def _draw(
        self,
        canvas: skia.Canvas,
        curtain: Curtain,
        starts: list[tuple[float, float, float]],
        seconds: float,
        shift: tuple[float, float],
    ) -> None:
        drops = [self._at(curtain, start, seconds, shift) for start in starts]
        if self._weather is Weather.RAIN:
            self._streaks(canvas, curtain, drops)
        elif self._weather is Weather.SNOW:
            self._flakes(canvas, curtain, drops)
        else:
            self._leaves(canvas, curtain, drops, seconds)

    def _at(
        self, curtain: Curtain, start: tuple[float, float, float], seconds: float, shift: tuple[float, float]
    ) -> tuple[float, float, float]:
        """Where a drop is, in pixels, and what makes it different from its neighbours (0 to 1)."""
        x0, y0, own = start
        pace = 0.75 + 0.5 * own
        waver = 0.0 if self._weather is Weather.RAIN else 16 * math.sin(seconds * (0.8 + own) + own * 40)
        x = (x0 * self._width + curtain.drift * pace * seconds + waver + shift[0]) % self._width - _BEYOND
        y = (y0 * self._height + curtain.speed * pace * seconds + shift[1]) % self._height - _BEYOND
        return x * self._view.scale, y * self._view.scale, own

    def _streaks(self, canvas: skia.Canvas, curtain: Curtain, drops: list[tuple[float, float, float]]) -> None:
        scale = self._view.scale
        path = skia.Path()
        for x, y, own in drops:
            length = curtain.length * (0.7 + 0.5 * own) * scale
            path.moveTo(x, y)
            path.lineTo(x + length * curtain.drift / curtain.speed, y + length)
        brush = skia.Paint(AntiAlias=True, Color=skia.Color(228, 240, 248), Style=skia.Paint.kStroke_Style)
        brush.setAlphaf(curtain.opacity)
        brush.setStrokeWidth(curtain.width * scale)
        brush.setStrokeCap(skia.Paint.kRound_Cap)
        canvas.drawPath(path, brush)

    def _flakes(self, canvas: skia.Canvas, curtain: Curtain, drops: list[tuple[float, float, float]]) -> None:
        path = skia.Path()
        for x, y, own in drops:
            path.addCircle(x, y, curtain.length * (0.35 + 0.3 * own) * self._view.scale)
        brush = skia.Paint(AntiAlias=True, Color=skia.ColorWHITE)
        brush.setAlphaf(curtain.opacity)
        canvas.drawPath(path, brush)

    def _leaves(
        self, canvas: skia.Canvas, curtain: Curtain, drops: list[tuple[float, float, float]], seconds: float
    ) -> None:
        for number, (x, y, own) in enumerate(drops):
            size = curtain.length * (0.6 + 0.5 * own) * self._view.scale
            red, green, blue = bytes.fromhex(_LEAF_COLOURS[number % 3][1:])
            canvas.save()
            canvas.translate(x, y)
            canvas.rotate(math.degrees(seconds * (1.5 + 2 * own)) + own * 360)
            canvas.scale(1.0, 0.35 + 0.25 * math.sin(seconds * 3 + own * 9))
            canvas.drawOval(
                skia.Rect.MakeXYWH(-size / 2, -size / 3, size, size / 1.5),
                skia.Paint(AntiAlias=True, Color=skia.Color(red, green, blue)),
            )
            canvas.restore()


def _starts(curtain: Curtain, count: int, seed: int) -> list[tuple[float, float, float]]:
    dice = Dice("falling", seed, curtain.depth)
    return list(zip(dice.many(count, 0, 1), dice.many(count, 0, 1), dice.many(count, 0, 1), strict=True))
