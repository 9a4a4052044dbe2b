"""A city: on a roof above it, or down in a street."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.houses import building, smoke, street_lamp
from overprint.craft.drawing.elements.sky import clouds, motes, sky
from overprint.craft.drawing.elements.trees import tree
from overprint.craft.drawing.nodes import Group, linear
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, polygon

_FACADES = ("#e0a98a", "#d9c39a", "#b7c4c9", "#c99a9a", "#a9b8a0", "#e6cfae", "#8fa3b8")


def build(stage: Stage) -> Scenery:
    p, dice = stage.palette, stage.dice
    sky(stage, horizon=0.8, stars=190, disc=dice.between(60, 92))
    clouds(stage, mix(p.sky[1], p.sky[2] if stage.is_dark else "#ffffff", 0.6), number=4, low=0.34, opacity=0.85)
    base = dice.between(-0.04, 0.03)
    day = 1 - p.dark
    rows = (
        (0.18, 0.72 + base, mix(p.far, p.sky[2], 0.35), 170, 390, 0.25),
        (0.32, 0.78 + base, mix(p.mid, p.sky[2], 0.1), 150, 370, 0.4),
        (0.48, 0.86 + base, p.near, 140, 300, 0.5),
    )
    for i, (depth, y, tone, low, high, share) in enumerate(rows):
        _skyline(stage, i, depth, y, tone, low, high, share, 0.16 + 0.3 * i * day)
    motes(stage, "#ffe9a8", 12, top=0.1)
    return _roof(stage) if dice.chance(0.5) else _street(stage)


def _skyline(
    stage: Stage, row: int, depth: float, y: float, tone: Colour, low: float, high: float, share: float, tint: float
) -> None:
    dice, area, h = stage.dice.child("row", row), stage.area, stage.height
    g = stage.layer(f"row-{row}", depth, shadow=0.3)
    x = area.x0
    for _ in range(60):
        if x > area.x1:
            break
        width = dice.between(78, 155)
        facade = mix(tone, dice.pick(_FACADES), tint * (1 - stage.palette.dark))
        building(
            g,
            x,
            h * y,
            width,
            dice.between(low, high),
            shade(facade, dice.between(-0.025, 0.025)),
            dice,
            lit=stage.is_dark,
            share=share,
            roof=dice.whole(0, 3),
            foot=area.y1,
        )
        x += width + dice.between(-6, 10)


def _roof(stage: Stage) -> Scenery:
    p, dice, w, h, area = stage.palette, stage.dice.child("roof"), stage.width, stage.height, stage.area
    tile = mix(mix("#a8604f", p.ground, 0.12), p.shadow, 0.5 * p.dark)
    if stage.is_snowy:
        tile = mix(tile, "#eef3fc", 0.7)
    stage.floor_colour = tile
    peak = w * dice.between(0.35, 0.65)
    g = stage.layer("roof", 0.85, shadow=0.4)

    def rise(x: float) -> float:
        return abs(x - peak) / (w * 0.7) * h * 0.06

    edge = [(area.x0, h * 0.79 + rise(area.x0)), (peak, h * 0.79), (area.x1, h * 0.79 + rise(area.x1))]
    slab = g.solid(polygon([*edge, (area.x1, area.y1), (area.x0, area.y1)]), tile, 0.05)
    tiles = Path()
    for row in range(int((area.y1 - h * 0.79) / 30) + 1):
        for i in range(int(area.width / 44) + 2):
            x = area.x0 + i * 44 + (row % 2) * 22
            y = h * 0.79 + rise(x) + row * 30 + 8
            tiles.join(Path().move(x - 22, y).quad(x, y + 24, x + 22, y))
    slab.stroke(tiles, shade(tile, -0.06), 3.5, opacity=0.8)
    slab.stroke(Path().move(*edge[0]).line(*edge[1]).line(*edge[2]), shade(tile, 0.1), 12, opacity=0.9)
    x = w * dice.pick((dice.between(0.06, 0.14), dice.between(0.86, 0.94)))
    y = h * 0.79 + rise(x) + 40
    g.solid(box(x - 38, y - 130, 76, 170, 3), shade(tile, 0.03), 0.08)
    g.solid(box(x - 46, y - 144, 92, 22, 4), shade(tile, 0.07), 0.08)
    smoke(g, x, y - 160, 1.1, mix("#ffffff", p.sky[1], 0.4), dice)
    return Scenery(Floor(h * 0.925, h * 0.885, h * 0.85, lambda at: rise(at) * 0.5))


def _street(stage: Stage) -> Scenery:
    p, dice, w, h, area = stage.palette, stage.dice.child("street"), stage.width, stage.height, stage.area
    g = stage.layer("shops", 0.62, shadow=0.3)
    x = area.x0 - dice.between(0, 90)
    for _ in range(40):
        if x > area.x1:
            break
        width = dice.between(170, 240)
        _shop(stage, g, x, h * 0.79, width, dice.between(230, 330), mix(dice.pick(_FACADES), p.shadow, 0.42 * p.dark))
        x += width
    pavement = mix(mix("#cfc6ba", p.ground, 0.12), p.shadow, 0.45 * p.dark)
    if stage.is_snowy:
        pavement = mix(pavement, "#eef3fc", 0.65)
    stage.floor_colour = pavement
    g = stage.layer("pavement", 0.85, shadow=0.3)
    g.fill(
        box(area.x0, h * 0.785, area.width, area.y1 - h * 0.785),
        linear(0, h * 0.785, 0, h * 1.05, shade(pavement, 0.03), shade(pavement, -0.05)),
    )
    lines = Path()
    for i in range(1, 8):
        y = h * 0.785 + (area.y1 - h * 0.785) * (i / 8) ** 1.5
        lines.move(area.x0, y).line(area.x1, y)
    for i in range(-14, 15):
        lines.move(w / 2 + i * 90, h * 0.785).line(w / 2 + i * 190, area.y1)
    g.stroke(lines, shade(pavement, -0.06), 2.5, opacity=0.7)
    g.fill(box(area.x0, h * 0.782, area.width, 9), shade(pavement, 0.06))
    lamp = w * dice.pick((dice.between(0.04, 0.12), dice.between(0.88, 0.96)))
    street_lamp(g, lamp, h * 0.83, 0.95, lit=stage.is_dark, snowy=stage.is_snowy)
    other = w - lamp
    g.solid(box(other - 34, h * 0.79, 68, 44, 6), mix("#8a6a4f", p.shadow, 0.4 * p.dark))
    tree(g, other, h * 0.8, 260, dice.pick(p.leaf), p.trunk, dice, side=stage.side, snowy=stage.is_snowy)
    return Scenery(Floor(h * 0.945, h * 0.895, h * 0.85))


def _shop(stage: Stage, g: Group, x: float, y: float, width: float, tall: float, colour: Colour) -> None:
    dice, lit = stage.dice.child("shop", round(x)), stage.is_dark
    building(g, x, y, width, tall, colour, dice, lit=lit, share=0.45, roof=dice.pick((0, 0, 1, 2)), foot=y)
    g.fill(box(x + 6, y - 128, width - 12, 128, 4), shade(colour, -0.07))
    pane = "#ffe3a0" if lit else "#d3e8ee"
    g.fill(box(x + 18, y - 92, width * 0.5, 84, 4), pane)
    g.fill(box(x + width * 0.66, y - 96, width * 0.24, 96, 4), shade(colour, -0.14))
    g.fill(ellipse(x + width * 0.7, y - 46, 3.5), "#f0cf8a")
    accent = mix(
        dice.pick(("#d9544d", "#3f8f86", "#e0a03c", "#5a72b0")), stage.palette.shadow, 0.35 * stage.palette.dark
    )
    stripes = max(4, int(width / 26))
    step = (width - 4) / stripes
    for i in range(stripes):
        sx = x + 2 + i * step
        awning = (
            Path()
            .move(sx, y - 132)
            .line(sx + step, y - 132)
            .line(sx + step, y - 100)
            .quad(sx + step / 2, y - 86, sx, y - 100)
            .close()
        )
        g.fill(awning, accent if i % 2 else mix("#fff6e8", stage.palette.shadow, 0.25 * stage.palette.dark))
