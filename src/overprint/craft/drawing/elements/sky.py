"""Skies: the colour behind everything, sun or moon, stars and clouds."""

import math

from overprint.core.scene import Time, Weather
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Gradient, Group, Shine, glow, linear
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, Rect, ellipse, smooth, sparkle


def sky(stage: Stage, *, horizon: float = 0.7, stars: float = 150, disc: float = 62) -> None:
    """The backdrop with everything in it that the hour, the weather and the constraints allow."""
    g = stage.layer("sky", 0.0)
    top = min(-40.0, stage.area.y0 * 0.6)
    g.fill(stage.cover(), linear(0, top, 0, stage.height * horizon, *stage.palette.sky))
    veiled = stage.weather in (Weather.RAIN, Weather.FOG, Weather.SNOW)
    if (stage.is_dark and not veiled) or stage.requires("stars"):
        _stars(stage, g, stars)
    night = stage.time is Time.NIGHT or (stage.time is Time.DUSK and stage.palette.dark > 0.5)
    what = "moon" if night else "sun"
    if stage.requires("moon") and not night:
        what = "moon"
    if stage.requires("sun"):
        what = "sun"
    if (not veiled or stage.requires(what)) and stage.allows(what):
        x, y = stage.light
        draw_disc(stage, g, x, y, disc, moon=what == "moon", shine=Shine.DISC)
        stage.note(what, Rect(x - disc, y - disc, x + disc, y + disc))


def _stars(stage: Stage, g: Group, number: float) -> None:
    if not stage.allows("stars"):
        return
    dice = stage.dice.child("stars")
    dots, bright = Path(), Path()
    reach = stage.height * 0.64 - stage.area.y0
    for _ in range(stage.count(number)):
        x = dice.between(stage.area.x0, stage.area.x1)
        y = stage.area.y0 + reach * dice.between(0, 1) ** 1.3
        if dice.chance(0.1):
            size = dice.between(5, 11)
            bright.join(sparkle(x, y, size))
            glow(g.group(opacity=0, shine=Shine.TWINKLE), x, y, size * 1.8, "#fffbe8", 0.9)
        else:
            dots.join(ellipse(x, y, dice.between(0.9, 2.3)))
    g.fill(dots, "#fff8e0", opacity=0.85)
    g.fill(bright, "#fffbe8")
    for _ in range(5):
        x, y = dice.between(0, stage.width), dice.between(0, stage.height * 0.42)
        glow(g, x, y, 20, "#fff8e0", 0.5, shine=Shine.TWINKLE)
        g.fill(sparkle(x, y, 13), "#fffbe8")
    stage.note("stars")


def draw_disc(
    stage: Stage, g: Group, x: float, y: float, radius: float, *, moon: bool, shine: Shine | None = None
) -> None:
    colour, halo = stage.palette.disc, stage.palette.halo
    if moon and not stage.is_dark:
        colour, halo = mix(colour, "#ffffff", 0.4), mix(halo, "#ffffff", 0.4)
    rings = g.group(shine=shine)
    for ring in (3, 2, 1):
        rings.fill(ellipse(x, y, radius * (1 + 0.42 * ring)), halo, opacity=0.12)
    fade = ((0.0, 0.5), (0.25, 0.26), (0.5, 0.1), (0.75, 0.03), (1.0, 0.0))
    light = Gradient("radial", (x, y, radius * 4.6), tuple((place, halo, share) for place, share in fade))
    g.fill(ellipse(x, y, radius * 4.6), light, blend="screen")
    face = g.group("moon" if moon else "sun", clip=ellipse(x, y, radius), shine=shine)
    face.fill(ellipse(x, y, radius), colour)
    if moon:
        craters = ((-0.38, -0.2, 0.2), (0.25, 0.3, 0.26), (0.35, -0.38, 0.13), (-0.2, 0.45, 0.12), (-0.05, -0.55, 0.09))
        for cx, cy, r in craters:
            face.fill(
                ellipse(x + cx * radius, y + cy * radius, r * radius, r * radius * 0.92),
                shade(colour, -0.07),
                opacity=0.75,
            )
        edge = ellipse(x, y, radius * 1.5).join(ellipse(x - radius * 0.18, y - radius * 0.2, radius * 1.02))
        face.cutout(edge, shade(colour, -0.14), opacity=0.35, blur=radius * 0.1)


def cloud(g: Group, x: float, y: float, size: float, colour: Colour, *, opacity: float = 1.0, puffs: int = 0) -> None:
    """A flat-bottomed cloud, about twice ``size`` wide. ``puffs`` 0 to 2 picks a shape."""
    shapes = (
        [
            (-1.0, 0.0),
            (-1.02, -0.22),
            (-0.72, -0.38),
            (-0.52, -0.62),
            (-0.12, -0.66),
            (0.1, -0.84),
            (0.46, -0.7),
            (0.56, -0.42),
            (0.92, -0.36),
            (1.04, -0.1),
            (0.9, 0.02),
        ],
        [
            (-0.96, 0.0),
            (-1.05, -0.16),
            (-0.8, -0.34),
            (-0.5, -0.32),
            (-0.3, -0.6),
            (0.06, -0.62),
            (0.3, -0.4),
            (0.56, -0.46),
            (0.78, -0.26),
            (1.06, -0.2),
            (0.98, 0.0),
        ],
        [
            (-0.9, 0.02),
            (-1.1, -0.12),
            (-0.9, -0.36),
            (-0.62, -0.4),
            (-0.4, -0.74),
            (0.0, -0.9),
            (0.36, -0.72),
            (0.44, -0.5),
            (0.74, -0.54),
            (0.98, -0.3),
            (1.0, 0.0),
        ],
    )
    outline = smooth([(x + px * size, y + py * size) for px, py in shapes[puffs % 3]], ease=1 / 5)
    body = g.group(clip=outline, opacity=opacity)
    body.fill(outline, linear(0, y - size * 0.9, 0, y + size * 0.05, shade(colour, 0.05), colour, shade(colour, -0.05)))
    body.fill(outline.moved(-size * 0.03, -size * 0.06), shade(colour, 0.05), opacity=0.6, blur=size * 0.06)


def clouds(stage: Stage, colour: Colour, *, number: float = 4, low: float = 0.4, opacity: float = 0.9) -> None:
    """A few clouds between the top and ``low`` (a share of the height); more when the weather is heavy."""
    if not stage.allows("clouds", "cloud"):
        return
    dice = stage.dice.child("clouds")
    g = stage.layer("clouds", 0.08, shadow=0.1)
    heavy = stage.weather in (Weather.CLOUDY, Weather.RAIN, Weather.SNOW)
    total = stage.count(number * (2.2 if heavy else 1.0))
    if heavy:
        colour = mix(colour, mix("#aab4c0", stage.palette.sky[0], 0.35), 0.45)
    top = max(0.03, stage.area.y0 / stage.height + 0.05)
    for i in range(total):
        x = stage.area.x0 + (i + dice.between(0.1, 0.9)) * stage.area.width / total
        y = stage.height * (top + (low - top) * dice.between(0, 1))
        size = dice.between(70, 140) * (1.25 if heavy else 1.0)
        cloud(g, x, y, size, colour, opacity=opacity, puffs=dice.whole(0, 2))
    stage.note("clouds")


def birds(stage: Stage, g: Group, number: int, colour: Colour) -> None:
    """In the dark they sleep."""
    if stage.is_dark or not stage.allows("birds", "bird"):
        return
    dice = stage.dice.child("birds")
    x, y = dice.between(0.15, 0.85) * stage.width, dice.between(0.16, 0.34) * stage.height
    for i in range(number):
        bx, by, s = x + i * 26 * (-1) ** i, y + i * 11 + dice.between(-6, 6), dice.between(8, 13)
        wings = Path().move(bx - s, by - s * 0.4).quad(bx - s * 0.3, by - s * 0.7, bx, by)
        g.stroke(wings.quad(bx + s * 0.3, by - s * 0.7, bx + s, by - s * 0.4), colour, 2.6, opacity=0.8)


def rays(stage: Stage, *, number: int = 6, strength: float = 0.13) -> None:
    """Shafts of light down from the disc."""
    dice = stage.dice.child("rays")
    if not ({"sun", "moon"} & {what for what, _ in stage.shown}):
        return
    g = stage.layer("rays", 0.5, is_light=True)
    x, y = stage.light
    low, high = (20.0, 100.0) if stage.side < 0 else (80.0, 160.0)
    for _ in range(number):
        angle, spread = math.radians(dice.between(low, high)), math.radians(dice.between(1.5, 4.5))
        for width, share in ((1.25, 0.3), (1.0, 0.35), (0.7, 0.35)):  # nested beams: softer edges than one, no blur
            far = [
                (x + 1700 * math.cos(angle + k * width), y + 1700 * math.sin(angle + k * width))
                for k in (-spread, spread)
            ]
            beam = Path().move(x, y).line(*far[0]).line(*far[1]).close()
            colour, light = stage.palette.glow, strength * share
            stops = ((0.0, colour, light * 1.4), (0.5, colour, light), (1.0, colour, 0.0))
            g.fill(beam, Gradient("radial", (x, y, 1275.0), stops), blend="screen")


def motes(stage: Stage, colour: Colour, number: float, *, top: float = 0.3, low: float = 0.95) -> None:
    """Specks of light in the air: dust, fireflies, stardust."""
    dice = stage.dice.child("motes")
    g = stage.layer("motes", 0.95, is_light=True)
    for _ in range(stage.count(number)):
        x, y = dice.between(stage.area.x0, stage.area.x1), dice.between(stage.height * top, stage.height * low)
        size = dice.between(1.6, 4.0)
        glow(g, x, y, size * 4.5, colour, 0.55)
        g.fill(ellipse(x, y, size * 0.75), shade(colour, 0.1), opacity=0.95)


def scattered(dice: Dice, count: int, low: float, high: float) -> list[float]:
    """Places about evenly apart, none on a grid."""
    step = (high - low) / max(1, count)
    return [low + (i + dice.between(0.12, 0.88)) * step for i in range(count)]
