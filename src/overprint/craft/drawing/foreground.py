"""What stands before the empty ground where words will be: grass and leaves, or corals, that rise to both sides."""

import math

from overprint.core.scene import Area, Scene, Setting, Shot
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.elements.ground import flower
from overprint.craft.drawing.nodes import Group, Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.settings.underwater import CORALS, coral, kelp
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, blob, leaf

_PETALS = ("#fff6e0", "#f6a6a0", "#f9d25e", "#b79be8")
_LOW, _HIGH = 0.02, 0.13  # of the picture's height: in the middle, and at its sides
_SIDE = 0.1  # of the width: words keep clear of it


def foreground_layers(stage: Stage, view: Lens, scene: Scene) -> list[Layer]:
    """Nothing where the ground is a floor or water, or where the near ground rises anyway."""
    if stage.quiet is not Area.BOTTOM or scene.camera.shot is Shot.CLOSE:
        return []
    low = view.y0 + view.height_px / view.scale
    if scene.setting is Setting.UNDERWATER:
        return [_reef(stage, low)]
    if stage.is_room or stage.floor_colour:
        return []
    return [_drifts(stage, low)] if stage.is_snowy else _growth(stage, low, view.height_px / view.scale)


def _growth(stage: Stage, low: float, tall: float) -> list[Layer]:
    p, dice, w = stage.palette, stage.dice.child("foreground"), stage.width
    back, front = Layer("undergrowth", 1.41, softness=1.2), Layer("undergrowth", 1.43, softness=2.6)
    tones = [mix(p.ground, p.shadow, share) for share in (0.18, 0.34, 0.5)]
    blades = [Path(), Path(), Path()]
    for i in range(stage.count(190)):
        share = dice.between(-0.04, 1.04)
        x, high = w * share, tall * _height(share) * dice.between(0.5, 1.0)
        bend = dice.between(-0.5, 0.5) * high
        blade = Path().move(x - 4, low + 8).quad(x + bend * 0.2, low - high * 0.6, x + bend, low - high)
        blades[i % 3].join(blade.quad(x + bend * 0.2 + 6, low - high * 0.5, x + 5, low + 8).close())
    for layer, path, tone in zip((back, back, front), blades, tones, strict=True):
        layer.group.fill(path, tone)
    for side in (0.0, 1.0):
        _fern(stage, front.group, w * side, low, tall * 0.1, 1 if side == 0 else -1)
        if stage.allows("flower", "flowers"):
            _flowers(stage, back.group, w * side, low, tall)
    return [back, front]


def _height(share: float) -> float:
    """How high it grows, of the picture's height, at this share of its width."""
    beside = max(0.0, 1 - min(share, 1 - share) / _SIDE)
    return _LOW + (_HIGH - _LOW) * math.sqrt(beside)


def _fern(stage: Stage, g: Group, x: float, low: float, size: float, way: int) -> None:
    dice, colour = stage.dice.child("fern", way), mix(stage.palette.ground, stage.palette.shadow, 0.42)
    for turn in (-78.0, -52.0, -28.0):
        turn += dice.between(-8, 8)
        g.fill(
            leaf(x - way * size * 0.3, low + 6, size * dice.between(1.0, 1.5), turn if way > 0 else 180 - turn), colour
        )


def _flowers(stage: Stage, g: Group, x: float, low: float, tall: float) -> None:
    p, dice = stage.palette, stage.dice.child("foreground flowers", round(x))
    for _ in range(dice.whole(3, 6)):
        away = dice.between(0.01, 0.075) * stage.width * (1 if x == 0 else -1)
        colour = mix(dice.pick(_PETALS), p.ground, 0.35 * p.dark)
        y = low - tall * dice.between(0.0, 0.035)
        flower(g, x + away, y, dice.between(13, 20), colour, shade(p.ground, 0.05), dice.whole(0, 2))


def _drifts(stage: Stage, low: float) -> Layer:
    """Snow that the wind has left at the sides."""
    layer, dice = Layer("drifts", 1.42, softness=2.0), stage.dice.child("drifts")
    for x in (0.0, stage.width):
        wide, high = stage.width * dice.between(0.1, 0.16), stage.height * dice.between(0.05, 0.09)
        heap = blob(x, low + high * 0.3, wide, high, dice, points=10, wobble=0.08)
        layer.group.solid(heap, shade(stage.palette.ground, 0.02), 0.06, light=(-6, -10), soft=10)
    return layer


def _reef(stage: Stage, low: float) -> Layer:
    """Kelp and corals at both sides."""
    layer, dice = Layer("reef", 1.42, softness=1.4), stage.dice.child("reef in front")
    haze = stage.wall_colour
    for side in (-1, 1):
        edge = 0.0 if side < 0 else stage.width
        for _ in range(4):
            x = edge - side * dice.between(0.0, 0.07) * stage.width
            kelp(layer.group, x, low + 20, dice.between(120, 260), mix("#2f7a62", haze, dice.between(0.1, 0.35)), dice)
        for _ in range(2):
            x = edge - side * dice.between(0.01, 0.09) * stage.width
            tint = mix(dice.pick(CORALS), haze, 0.2 + 0.3 * stage.palette.dark)
            coral(layer.group, x, low + 10, dice.between(70, 120), tint)
    return layer
