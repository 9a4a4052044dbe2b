"""A cave with a mouth to the world, glowing crystals and a still pool."""

import math

from overprint.core.scene import Time
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import hill, ridge, rock
from overprint.craft.drawing.elements.sky import draw_disc, motes
from overprint.craft.drawing.elements.trees import conifer
from overprint.craft.drawing.nodes import Group, Layer, Shine, glow, linear
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, Point, Rect, ellipse, polygon, smooth, sparkle

_STONES = ("#7a72a0", "#93786a", "#64868c", "#86709a")
_GEMS = ("#7fe0e8", "#c99af0", "#8ff0b0", "#f0b8e0", "#ffd27a")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    stone = mix(stage.same("stone").pick(_STONES), "#1c1c3a", 0.4 * p.dark)
    stage.wall_colour = stone
    gem = stage.same("gem").pick(_GEMS)
    mouth = (
        w * dice.between(0.3, 0.7),
        h * dice.between(0.42, 0.48),
        w * dice.between(0.2, 0.26),
        h * dice.between(0.24, 0.3),
    )
    g = stage.layer("outside", 0.0)
    g.fill(stage.cover(), linear(0, mouth[1] - mouth[3], 0, mouth[1] + mouth[3], *p.sky))
    _outside(stage, g, mouth)
    for i, grow in enumerate((1.0, 1.28)):
        layer = stage.layer(f"wall-{i}", 0.16 + 0.2 * i, shadow=0.3)
        _wall(stage, layer, mouth, grow, shade(stone, -0.05 * (1 - i) + 0.07), i)
    _crystals(stage, gem, h * 0.8)
    stage.floor_colour = shade(stone, -0.04)
    floor = ridge(stage, h * 0.785, 14, "floor", slope=dice.between(-30, 30))
    g = stage.layer("floor", 0.82, shadow=0.35)
    ground = hill(stage, g, floor, shade(stone, 0.03), shade(stone, -0.12))
    _pool(stage, ground, gem)
    for _ in range(stage.count(12)):
        x = dice.pick((dice.between(-0.03, 0.28), dice.between(0.72, 1.03))) * w
        rock(ground, x, h * dice.between(0.84, 1.0), dice.between(16, 46), shade(stone, dice.between(-0.05, 0.06)))
    beam = stage.layer("daylight", 0.9, is_light=True)
    glow(beam, mouth[0], mouth[1], w * 0.55, p.glow, 0.4 - 0.2 * p.dark)
    motes(stage, gem, 22, top=0.2, low=0.95)
    return Scenery(Floor(h * 0.945, h * 0.89, h * 0.845), front=(_teeth(stage, stone),), indoors=True)


def _outside(stage: Stage, g: Group, mouth: tuple[float, float, float, float]) -> None:
    p, dice, (x, y, rx, ry) = stage.palette, stage.dice.child("outside"), mouth
    moon = (stage.time in (Time.NIGHT, Time.DUSK) or stage.requires("moon")) and not stage.requires("sun")
    what = "moon" if moon else "sun"
    if stage.is_dark and stage.allows("stars"):
        stars = Path()
        for _ in range(40):
            stars.join(ellipse(x + dice.between(-rx, rx), y - dice.between(-0.2, 1) * ry, dice.between(1, 2.4)))
        g.fill(stars.join(sparkle(x + rx * 0.4, y - ry * 0.6, 10)), "#fff8e0", opacity=0.9)
        stage.note("stars")
    if stage.allows(what):
        cx, cy, r = x + rx * dice.between(-0.3, 0.3), y - ry * 0.4, ry * 0.24
        draw_disc(stage, g, cx, cy, r, moon=moon)
        stage.note(what, Rect(cx - r, cy - r, cx + r, cy + r))
    hills = [
        (x - rx * 1.6, y + ry * 0.4),
        (x - rx * 0.3, y + ry * 0.05),
        (x + rx * 0.4, y + ry * 0.3),
        (x + rx * 1.6, y),
    ]
    low = stage.height
    g.fill(smooth([*hills, (x + rx * 1.6, low), (x - rx * 1.6, low)], ease=1 / 7), p.mid)
    for share, size in ((-0.7, 0.5), (-0.45, 0.34), (0.6, 0.46)):
        conifer(g, x + rx * share, y + ry * 0.62, ry * size, p.near, dice, snowy=stage.is_snowy)


def _wall(
    stage: Stage, g: Group, mouth: tuple[float, float, float, float], grow: float, tone: Colour, number: int
) -> None:
    """Rock with a ragged hole."""
    dice, (x, y, rx, ry), area = stage.dice.child("wall", number), mouth, stage.area
    hole: list[Point] = []
    for i in range(18):
        angle = 2 * math.pi * i / 18
        reach = grow * (1 + dice.between(-0.1, 0.1))
        low = 1.5 if math.sin(angle) > 0.3 else 1.0
        hole.append((x + rx * reach * math.cos(angle), y + ry * reach * low * math.sin(angle)))
    sheet = Path().move(area.x0, area.y0).line(area.x1, area.y0).line(area.x1, area.y1).line(area.x0, area.y1).close()
    g.cutout(
        sheet.join(smooth(hole)), linear(0, area.y0, 0, stage.height, shade(tone, -0.13), tone, shade(tone, -0.05))
    )
    g.stroke(smooth(hole), mix(stage.palette.glow, tone, 0.35), 9, opacity=0.5, blur=4)
    for _ in range(stage.count(16)):
        cx, cy = dice.between(area.x0, area.x1), dice.between(0.02, 0.74) * stage.height
        if ((cx - x) / (rx * grow * 1.15)) ** 2 + ((cy - y) / (ry * grow * 1.3)) ** 2 < 1:
            continue
        size = dice.between(40, 110)
        facet = [
            (cx - size, cy),
            (cx - size * 0.2, cy - size * 0.5),
            (cx + size * 0.9, cy - size * 0.1),
            (cx + size * 0.1, cy + size * 0.4),
        ]
        g.fill(smooth(facet, ease=1 / 10), shade(tone, dice.pick((-0.05, 0.035))), opacity=0.55)


def _crystals(stage: Stage, gem: Colour, y: float) -> None:
    dice, w = stage.dice.child("crystals"), stage.width
    g = stage.layer("crystals", 0.7, shadow=0.2)
    for share in dice.pick(((0.08, 0.93), (0.14, 0.86), (0.05, 0.22, 0.95))):
        x = w * (share + dice.between(-0.03, 0.03))
        glow(g, x, y - 50, 190, gem, 0.5, shine=Shine.TWINKLE)
        for k in (-2, 2, -1, 1, 0):
            tall, wide = dice.between(60, 110) * (1.3 - 0.28 * abs(k)), dice.between(13, 20)
            bx, tip = x + k * 24, x + k * 40
            left = [(bx - wide, y + 8), (tip - wide * 0.7, y - tall * 0.8), (tip, y - tall), (bx, y + 8)]
            right = [(bx, y + 8), (tip, y - tall), (tip + wide * 0.7, y - tall * 0.8), (bx + wide, y + 8)]
            g.fill(polygon(left), shade(gem, 0.05))
            g.fill(polygon(right), shade(gem, -0.1))


def _pool(stage: Stage, ground: Group, gem: Colour) -> None:
    dice, w, h = stage.dice.child("pool"), stage.width, stage.height
    if dice.chance(0.35):
        return
    x, y = w * dice.pick((0.24, 0.76, 0.5)), h * 0.835
    water = mix(stage.palette.water[1], gem, 0.3)
    ground.fill(ellipse(x, y, 190, 24), shade(water, -0.1))
    ground.fill(ellipse(x, y + 3, 180, 20), linear(0, y - 20, 0, y + 22, shade(water, 0.08), water))
    for k in range(3):
        ground.stroke(ellipse(x - 30, y + 4, 40 + k * 30, 5 + k * 3.4), "#ffffff", 2, opacity=0.3)


def _teeth(stage: Stage, stone: Colour) -> Layer:
    """Stalactites along the top, near the camera."""
    dice, area, h = stage.dice.child("teeth"), stage.area, stage.height
    layer = Layer("stalactites", 1.2, Group("stalactites"), softness=2.0)
    x = area.x0
    outline: list[Point] = [(x, area.y0 - 20)]
    while x < area.x1:
        wide = dice.between(50, 130)
        edge = abs((x + wide / 2) / stage.width - 0.5) * 2
        tall = (0.02 + 0.17 * min(1.0, edge) ** 1.6) * h * dice.between(0.6, 1.2)
        outline += [(x + wide * 0.36, 6 + tall * 0.3), (x + wide * 0.5, 10 + tall), (x + wide * 0.64, 6 + tall * 0.3)]
        x += wide
    top = shade(mix(stone, stage.palette.shadow, 0.5), -0.02)
    layer.group.fill(smooth([*outline, (area.x1 + 20, area.y0 - 20)], ease=1 / 9), top)
    return layer
