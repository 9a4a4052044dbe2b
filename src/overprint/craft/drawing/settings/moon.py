"""On the moon or another small world, under stars and planets."""

import math
from collections.abc import Callable
from dataclasses import replace

from overprint.core.scene import Time
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.elements.ground import hill, ridge, rock
from overprint.craft.drawing.elements.sky import motes
from overprint.craft.drawing.elements.space import comet, crater, earth, planet, rocket
from overprint.craft.drawing.nodes import Group, Shine, glow, linear
from overprint.craft.drawing.palettes import Palette
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, blob, ellipse, leaf, multiply, smooth, sparkle, turned

_SKIES = {
    Time.DAY: ("#142a5e", "#2a4a8c", "#5a6fb0", "#9fb0d8"),
    Time.GOLDEN: ("#2a1c4a", "#5a2f5c", "#a8586a", "#f0a070"),
    Time.DAWN: ("#1a2050", "#3f3a78", "#8a6a9c", "#e0a8a8"),
    Time.DUSK: ("#1a1240", "#3f2260", "#7a3a78", "#c0688c"),
    Time.NIGHT: ("#0a0a2a", "#1e1a52", "#3f2a72", "#74488a"),
}
_SURFACES = (("#dcd8e6", "#b7b0d0"), ("#e3b58f", "#b9806a"), ("#cfe0d6", "#8fb0ac"), ("#e6d3a0", "#c09a6a"))


def build(stage: Stage) -> Scenery:
    dice, w, h = stage.dice, stage.width, stage.height
    stage.palette = p = _alien(stage)
    g = stage.layer("sky", 0.0)
    g.fill(stage.cover(), linear(0, min(-40.0, stage.area.y0 * 0.5), 0, h * 0.9, *p.sky))
    _nebula(stage, g)
    _heavens(stage)
    light, low = stage.same("surface").pick((*_SURFACES, *_SURFACES[:1] * 4))
    light, low = mix(light, p.sky[2], 0.1), mix(low, p.sky[1], 0.15)
    far = ridge(stage, h * dice.between(0.62, 0.68), 30, "far", slope=dice.between(-70, 70))
    g = stage.layer("far", 0.45, shadow=0.3)
    back = hill(stage, g, far, mix(low, p.sky[2], 0.5), mix(low, p.sky[1], 0.55))
    for _ in range(stage.count(6)):
        crater(back, dice.between(0, w), h * dice.between(0.7, 0.8), dice.between(22, 56), mix(low, p.sky[2], 0.5))
    stage.floor_colour = low
    radius = dice.between(1.5, 2.6) * max(w, h)
    top = h * 0.775

    def drop(x: float) -> float:
        return radius - math.sqrt(max(0.0, radius**2 - (x - w / 2) ** 2))

    g = stage.layer("surface", 0.85, shadow=0.4)
    points = [(x, top + drop(x)) for x in [stage.area.x0 - 20 + (stage.area.width + 40) * i / 24 for i in range(25)]]
    ground = hill(stage, g, points, light, low, depth=260)
    for _ in range(stage.count(8)):
        x, y = dice.between(stage.area.x0, stage.area.x1), h * dice.between(0.84, 1.02)
        crater(ground, x, y, dice.between(26, 74) * (y / h), shade(light, -0.03))
    for _ in range(stage.count(5)):
        x = dice.between(0, w)
        rock(ground, x, top + drop(x) + dice.between(10, 150), dice.between(8, 22), shade(low, -0.02))
    _flora(stage, g, top, drop)
    if stage.allows("moon"):
        stage.note("moon")
    motes(stage, "#cfeeff", 16, top=0.1)
    return Scenery(Floor(h * 0.935, h * 0.88, h * 0.835, drop), air=stage.afloat)


def _alien(stage: Stage) -> Palette:
    sky = tuple(mix(colour, stage.palette.sky[1], 0.12) for colour in _SKIES[stage.time])
    return replace(stage.palette, sky=sky, dark=1.0, glow="#bff3ff", shadow="#0a0820")


def _nebula(stage: Stage, g: Group) -> None:
    dice, w, h = stage.dice.child("nebula"), stage.width, stage.height
    for _ in range(6):
        colour = dice.pick(("#c05a9a", "#5a6ae0", "#8f5ae0", "#3f9ac0"))
        x, y, r = dice.between(-0.1, 1.1) * w, dice.between(0, 0.6) * h, dice.between(220, 480)
        tilted = g.group(matrix=multiply(turned(dice.between(-35, 10), x, y), (1, 0, 0, 0.5, 0, y * 0.5)))
        glow(tilted, x, y, r, colour, 0.34)
    if not stage.allows("stars"):
        return
    dots, bright = Path(), Path()
    for i in range(stage.count(260)):
        x = dice.between(stage.area.x0, stage.area.x1)
        y = stage.area.y0 + (h * 0.75 - stage.area.y0) * dice.between(0, 1)
        if i % 11 == 0:
            bright.join(sparkle(x, y, dice.between(5, 11)))
        else:
            dots.join(ellipse(x, y, dice.between(0.8, 2.2)))
    g.fill(dots, "#fff8e0", opacity=0.85)
    g.fill(bright, "#fffbe8")
    stage.note("stars")


def _heavens(stage: Stage) -> None:
    dice, w, h = stage.dice.child("heavens"), stage.width, stage.height
    g = stage.layer("planets", 0.12)
    x, y = stage.light
    if dice.chance(0.6):
        earth(g, x, y, dice.between(80, 130))
        stage.note("earth")
    else:
        planet(g, x, y, dice.between(80, 115), dice.pick(("#f0a86a", "#e07a9a", "#7ac0b8")), dice, ring="#f6dcb0")
    other = w - x
    for _ in range(dice.whole(1, 3)):
        px, py = other + dice.between(-0.22, 0.22) * w, h * dice.between(0.06, 0.42)
        planet(g, px, py, dice.between(22, 54), dice.pick(("#5fb8c9", "#e07a9a", "#9a86e0", "#f0c46a")), dice)
    if stage.allows("comet"):
        for _ in range(dice.whole(0, 2)):
            comet(
                g, w * dice.between(0.1, 0.9), h * dice.between(0.08, 0.4), dice.between(140, 220), dice.between(14, 34)
            )
    if stage.allows("rocket") and dice.chance(0.45) and not stage.afloat:
        g = stage.layer("rocket", 0.25)
        rx, ry, turn = other + dice.between(-0.12, 0.12) * w, h * dice.between(0.28, 0.42), dice.between(22, 44)
        for i in range(8):
            back = math.radians(turn + 90)
            away = 120 + i * 30
            puff = blob(rx + away * math.cos(back), ry + away * math.sin(back), 13 + i * 4.4, 11 + i * 4, dice)
            g.fill(puff, "#f3e3ff", opacity=0.42 - 0.045 * i, blur=4)
        rocket(g, rx, ry, 0.85, turn)
        stage.note("rocket")


def _flora(stage: Stage, g: Group, top: float, drop: Callable[[float], float]) -> None:
    """Glowing plants of another world, at the sides."""
    dice, w = stage.dice.child("flora"), stage.width
    if dice.chance(0.3):
        return
    for share in (0.03, 0.09, 0.17, 0.83, 0.9, 0.96):
        x = w * (share + dice.between(-0.02, 0.02))
        y, tall = top + drop(x) + 12, dice.between(60, 130)
        colour = dice.pick(("#66d0c0", "#f28aa0", "#f6c45a", "#8f7ae0"))
        tip = x + dice.between(-14, 14)
        g.stroke(Path().move(x, y).cubic(x - 8, y - tall * 0.4, x + 14, y - tall * 0.7, tip, y - tall), "#4fa89c", 7)
        kind = dice.whole(0, 2)
        glow(g, tip, y - tall, 64, colour, 0.5, shine=Shine.TWINKLE)
        if kind == 0:
            g.solid(ellipse(tip, y - tall - 8, 23), colour)
        elif kind == 1:
            for turn in range(5):
                g.fill(leaf(tip, y - tall, 42, -90 + (turn - 2) * 38), shade(colour, 0.02 * turn))
        else:
            cap = [(-30, 6), (-20, -22), (0, -30), (20, -22), (30, 6), (0, 0)]
            g.solid(smooth([(tip + px, y - tall + py) for px, py in cap]), colour)
