"""What falls, drifts and blows: layers between and in front of the others."""

from overprint.core.scene import Season, Weather
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.nodes import Group, Layer, linear
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, box, ellipse, leaf


def weather_layers(stage: Stage, *, ground: float) -> list[Layer]:
    """Layers of the weather outdoors, to be sorted in by depth. ``ground`` is where the stage begins, as y."""
    draw = {Weather.RAIN: _rain, Weather.SNOW: _snow, Weather.FOG: _fog, Weather.WIND: _wind}.get(stage.weather)
    if draw is None:
        return []
    stage.note(stage.weather)
    return draw(stage, ground)


def _rain(stage: Stage, ground: float) -> list[Layer]:
    dice, area = stage.dice.child("rain"), stage.area
    layers = []
    slant = dice.between(-0.3, 0.3)
    for depth, number, length, width, opacity in ((0.55, 120, 34, 1.6, 0.4), (1.15, 90, 62, 2.4, 0.5)):
        layer = Layer("rain", depth, Group("rain"), is_light=True)
        drops = Path()
        for _ in range(stage.count(number)):
            x, y = dice.between(area.x0, area.x1), dice.between(area.y0, area.y1)
            drops.join(Path().move(x, y).line(x + slant * length, y + length * dice.between(0.7, 1.2)))
        layer.group.stroke(drops, "#e4f0f8", width, opacity=opacity)
        layers.append(layer)
    rings = Group("rain")
    for _ in range(stage.count(26)):
        x, y = dice.between(area.x0, area.x1), dice.between(ground + 20, stage.height * 1.02)
        r = dice.between(10, 26)
        rings.stroke(ellipse(x, y, r, r * 0.26), "#e4f0f8", 2, opacity=0.5)
    for _ in range(stage.count(3)):
        x, y, r = dice.between(0, stage.width), dice.between(ground + 70, stage.height * 1.0), dice.between(60, 120)
        rings.fill(ellipse(x, y, r, r * 0.2), mix(stage.palette.water[0], stage.palette.sky[2], 0.4), opacity=0.55)
    return [*layers, Layer("puddles", 0.9, rings)]


def _snow(stage: Stage, ground: float) -> list[Layer]:
    dice, area = stage.dice.child("snow"), stage.area
    layers = []
    for depth, number, low, high, blur, opacity in (
        (0.4, 130, 1.5, 3.5, 0.0, 0.7),
        (0.9, 80, 2.5, 5.0, 0.0, 0.9),
        (1.2, 34, 4.5, 8.5, 1.6, 0.75),
    ):
        layer = Layer("snow", depth, Group("snow"), is_light=True)
        flakes = Path()
        for _ in range(stage.count(number)):
            flakes.join(
                ellipse(dice.between(area.x0, area.x1), dice.between(area.y0, area.y1), dice.between(low, high))
            )
        layer.group.fill(flakes, "#ffffff", opacity=opacity, blur=blur)
        layers.append(layer)
    return layers


def _fog(stage: Stage, ground: float) -> list[Layer]:
    dice, area, p = stage.dice.child("fog"), stage.area, stage.palette
    colour = mix(shade(p.sky[2], 0.06), "#eef1f5", 0.55 - 0.3 * p.dark)
    layers = []
    for depth, centre, half, strength in (
        (0.22, 0.55, 0.2, 0.75),
        (0.48, 0.68, 0.18, 0.62),
        (0.7, 0.79, 0.13, 0.5),
        (1.12, 0.99, 0.1, 0.35),
    ):
        y = stage.height * (centre + dice.between(-0.02, 0.02))
        reach = stage.height * half
        layer = Layer("fog", depth, Group("fog"))
        stops = ((0.0, colour, 0.0), (0.5, colour, strength), (1.0, colour, 0.0))
        layer.group.fill(box(area.x0, y - reach, area.width, 2 * reach), linear(0, y - reach, 0, y + reach, *stops))
        for _ in range(stage.count(4)):
            x, w = dice.between(area.x0, area.x1), dice.between(160, 320)
            layer.group.fill(ellipse(x, y + dice.between(-0.4, 0.4) * reach, w, w * 0.14), colour, opacity=0.4, blur=16)
        layers.append(layer)
    return layers


def _wind(stage: Stage, ground: float) -> list[Layer]:
    dice, area, p = stage.dice.child("wind"), stage.area, stage.palette
    layer = Layer("wind", 0.9, Group("wind"))
    way = dice.sign()
    for _ in range(stage.count(7)):
        x, y, reach = dice.between(area.x0, area.x1), dice.between(0.12, 0.8) * stage.height, dice.between(120, 260)
        gust = (
            Path()
            .move(x, y)
            .cubic(x + way * reach * 0.4, y - 26, x + way * reach * 0.7, y + 18, x + way * reach, y - 12)
        )
        gust.cubic(x + way * (reach + 40), y - 32, x + way * (reach + 22), y - 62, x + way * (reach - 2), y - 44)
        layer.group.stroke(gust, "#ffffff", 4, opacity=0.5)
    tones = p.leaf if stage.season is not Season.WINTER else ("#ffffff", "#e6eefa")
    for tone in tones:
        leaves = Path()
        for _ in range(stage.count(6)):
            spot = (dice.between(area.x0, area.x1), dice.between(0.15, 0.92) * stage.height)
            leaves.join(leaf(*spot, dice.between(12, 20), dice.between(-40, 40) + (0 if way > 0 else 180)))
        layer.group.fill(leaves, shade(tone, 0.03), opacity=0.95)
    return [layer]
