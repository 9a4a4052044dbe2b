"""A garden: beds and an arch of roses, a shed or a greenhouse, a path between."""

import math

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import bush, flower, grass, height_at, hill, path_down, ridge
from overprint.craft.drawing.elements.houses import fence, house
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.elements.trees import SNOW
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.settings.forest import plant
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, leaf, smooth

_BLOOMS = ("#f0708a", "#f6c04a", "#b58ae0", "#ffffff", "#f08a5a", "#7aa0e8")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.48, 0.54)
    sky(stage, horizon=0.66, stars=130, disc=dice.between(52, 74))
    clouds(stage, mix("#ffffff", p.sky[2 if not stage.is_dark else 1], 0.15 + 0.6 * p.dark), number=5, low=0.32)
    g = stage.layer("far", 0.18, shadow=0.14)
    far = ridge(stage, h * horizon, 20, "far")
    birds(stage, g, dice.whole(1, 4), mix(p.shadow, p.sky[1], 0.4))
    for _ in range(stage.count(8)):
        x = dice.between(stage.area.x0, stage.area.x1)
        plant(stage, g, x, height_at(far, x) + 20, dice.between(150, 250), dice.chance(0.2), 0.3)
    hill(stage, g, far, p.mid, mix(p.mid, p.near, 0.5))
    _hedge(stage, h * (horizon + 0.1))
    g = stage.layer("lawn", 0.5, shadow=0.2)
    lawn = ridge(stage, h * (horizon + 0.15), 10, "lawn")
    ground = hill(stage, g, lawn, p.near, mix(p.near, p.ground, 0.5))
    side = dice.sign()
    path = mix("#f0dcb4", p.ground, 0.25 + 0.35 * p.dark)
    path_down(stage, ground, w * (0.5 + side * 0.04), h * (horizon + 0.16), h * 1.06, 330, path, 0.0)
    _house_and_arch(stage, g, lawn, side)
    _beds(stage, w * (0.5 + side * 0.04))
    motes(stage, "#fffbe0", 12)
    return Scenery(Floor(h * 0.945, h * 0.89, h * 0.84))


def _hedge(stage: Stage, y: float) -> None:
    p, dice = stage.palette, stage.dice.child("hedge")
    g = stage.layer("hedge", 0.34, shadow=0.24)
    colour = mix(p.leaf[1], p.mid, 0.15) if not stage.is_snowy else mix(SNOW, p.mid, 0.25)
    x = stage.area.x0
    while x < stage.area.x1:
        size = dice.between(56, 84)
        bush(g, x, y + 40, size, shade(colour, dice.between(-0.03, 0.03)), dice)
        x += size * 1.1
    if dice.chance(0.5):
        span = int(stage.area.width / 34)
        fence(g, stage.area.x0, stage.area.x1, [y + 60] * span, mix("#fff6e6", p.ambient, 0.1 + 0.3 * p.dark), size=1.5)


def _house_and_arch(stage: Stage, g: Group, lawn: list[tuple[float, float]], side: int) -> None:
    p, dice, w = stage.palette, stage.dice.child("arch"), stage.width
    x = w * (0.5 - side * dice.between(0.3, 0.38))
    y = height_at(lawn, x) + 40
    if stage.allows("house", "cottage") and dice.chance(0.6):
        wall, roof = mix("#9ac0b0", p.ambient, p.ambient_share), mix("#8a5a48", p.ambient, p.ambient_share)
        house(g, x, y, 1.25, wall, roof, lit=stage.is_dark, snowy=stage.is_snowy)
    else:
        plant(stage, g, x, y, dice.between(330, 420), False, 0.0)
    _arch(stage, g, w * (0.5 + side * 0.04), height_at(lawn, w / 2) + 30, dice)


def _arch(stage: Stage, g: Group, x: float, y: float, dice: Dice) -> None:
    """A wooden arch with climbing roses."""
    p = stage.palette
    wood = mix("#f3e9d8", p.ambient, p.ambient_share + 0.1)
    arc = (
        Path()
        .move(x - 84, y)
        .line(x - 84, y - 150)
        .cubic(x - 84, y - 260, x + 84, y - 260, x + 84, y - 150)
        .line(x + 84, y)
    )
    g.stroke(arc, wood, 16)
    leaves = mix(p.leaf[1], p.near, 0.1) if not stage.is_snowy else SNOW
    tuft, roses = Path(), Path()
    for i in range(46):
        u = i / 45
        angle = math.pi * (1 - u)
        ax = x + 86 * math.cos(angle) if 0.2 < u < 0.8 else x + (86 if u >= 0.8 else -86)
        ay = y - 150 - 84 * math.sin(angle) if 0.2 < u < 0.8 else y - 150 * (u / 0.2 if u <= 0.2 else (1 - u) / 0.2)
        px, py = ax + dice.around(0, 12), ay + dice.around(0, 10)
        tuft.join(leaf(px, py, dice.between(16, 28), dice.between(0, 360)))
        if i % 3 == 0:
            roses.join(ellipse(px, py, dice.between(8, 12)))
    g.fill(tuft, leaves)
    if stage.allows("flower", "flowers"):
        g.fill(roses, mix(dice.pick(_BLOOMS), p.ground, 0.3 * p.dark))


def _beds(stage: Stage, middle: float) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("beds"), stage.width, stage.height
    front = ridge(stage, h * 0.8, 10, "front")
    g = stage.layer("beds", 0.84, shadow=0.24)
    ground = hill(stage, g, front, p.ground, shade(p.ground, -0.06))
    grass(stage, g, front, p.ground, 190, low=8, high=18)
    path = mix("#f0dcb4", p.ground, 0.25 + 0.35 * p.dark)
    path_down(stage, ground, middle, h * 0.79, h * 1.06, 330, path, 0.0, start=0.24)
    soil = mix("#7a5a44", p.ground, 0.25 + 0.3 * p.dark)
    for left, right in ((-0.1, 0.24), (0.76, 1.1)):
        y = h * 0.83
        bed = [
            (w * left, y),
            (w * (left + right) / 2, y - 16),
            (w * right, y),
            (w * (right - 0.03), y + 34),
            (w * left, y + 40),
        ]
        g.fill(smooth(bed, ease=1 / 8), soil)
        _row(stage, g, w * left, w * right, y, dice)
    _watering_can(g, w * dice.pick((0.3, 0.7)), h * 0.87, mix("#7a9ab0", p.ambient, p.ambient_share))


def _row(stage: Stage, g: Group, x0: float, x1: float, y: float, dice: Dice) -> None:
    p = stage.palette
    vegetables = dice.chance(0.4) or not stage.allows("flower", "flowers") or stage.is_snowy
    for row in range(2):
        x = x0 + 20 + row * 16
        while x < x1 - 10:
            size, fy = dice.between(11, 17), y + 6 + row * 22
            if vegetables:
                _cabbage(g, x, fy, size * 1.7, mix(p.leaf[2], "#6fb06a", 0.4) if not stage.is_snowy else SNOW)
                x += 62
            else:
                colour = mix(dice.pick(_BLOOMS), p.ground, 0.3 * p.dark)
                flower(g, x, fy, size, colour, shade(p.ground, 0.08), dice.whole(0, 2))
                x += 30


def _cabbage(g: Group, x: float, y: float, size: float, colour: Colour) -> None:
    for dx, tone in ((-0.5, -0.05), (0.5, -0.05), (0, 0.04)):
        g.solid(ellipse(x + dx * size, y - size * 0.4, size * 0.62, size * 0.56), shade(colour, tone), 0.08, soft=3)
    g.stroke(Path().move(x, y - size * 0.1).line(x, y - size * 0.8), shade(colour, 0.12), 2.4)


def _watering_can(g: Group, x: float, y: float, colour: Colour) -> None:
    g.stroke(Path().move(x + 30, y - 22).line(x + 76, y - 60), colour, 10)
    g.stroke(Path().move(x - 30, y - 14).cubic(x - 76, y - 20, x - 60, y - 80, x - 10, y - 62), colour, 7)
    g.solid(box(x - 34, y - 58, 68, 58, 9), colour, 0.1)
    g.fill(ellipse(x, y - 58, 34, 8), shade(colour, -0.12))
    g.fill(ellipse(x + 80, y - 63, 14, 8, -40), shade(colour, 0.05))
