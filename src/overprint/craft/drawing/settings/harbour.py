"""A harbour: coloured houses, moored boats and a stone quay."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.houses import house, lighthouse
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.elements.water import glitter, waves
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props import boat as boats
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, at, box, ellipse

_WALLS = ("#e8a48a", "#f2d79a", "#a9cbd6", "#c9d6a8", "#e3b3c4", "#f3e3cc", "#d98a6a")
_ROOFS = ("#b5523f", "#6a5a7a", "#8a6a4f", "#4f7a8a")
_HULLS = ("#c65f45", "#3f7a9a", "#e0a83c", "#5a8a5f", "#8a5a7a")


def build(stage: Stage) -> Scenery:
    p, dice, h = stage.palette, stage.dice, stage.height
    shore = h * dice.between(0.53, 0.57)
    sky(stage, horizon=0.66, stars=170, disc=dice.between(60, 90))
    clouds(stage, mix("#ffffff", p.sky[2], 0.2 + 0.5 * p.dark), number=4, low=0.3)
    birds(stage, stage.layer("gulls", 0.12), dice.whole(3, 6), mix("#ffffff", p.sky[0], 0.2 + 0.4 * p.dark))
    _town(stage, shore)
    for i in range(3):
        g = stage.layer(f"water-{i}", 0.4 + 0.1 * i, shadow=0.16)
        y = shore + h * 0.075 * i
        waves(
            stage,
            g,
            y,
            mix(p.water[0], p.water[1], 0.2 + i / 4),
            swell=3 + i,
            length=70 + 26 * i,
            phase=dice.between(0, 80),
        )
        if stage.allows("sun", "moon"):
            glitter(stage, g, stage.light[0], y + 8, y + 44, near=40 + i * 20, wide=100 + i * 30, number=18)
        if i < 2 and stage.allows("boat"):
            _moored(stage, g, y + h * 0.05, i)
    _quay(stage)
    motes(stage, "#ffffff", 6)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865))


def _town(stage: Stage, shore: float) -> None:
    p, dice, w = stage.palette, stage.dice.child("town"), stage.width
    g = stage.layer("town", 0.28, shadow=0.2)
    gap = w * dice.between(0.3, 0.7)
    if stage.allows("lighthouse"):
        lighthouse(g, gap, shore + 8, 0.8, lit=stage.is_dark)
        stage.note("lighthouse")
    for row in (0, 1):
        x = stage.area.x0 + 30 * row
        while x < stage.area.x1 + 60:
            size = dice.between(0.85, 1.1) * (0.86 if row == 0 else 1.0)
            if abs(x - gap) > 90:
                wall = mix(dice.pick(_WALLS), p.ambient, p.ambient_share + 0.06 * (1 - row))
                roof = mix(dice.pick(_ROOFS), p.ambient, p.ambient_share)
                y = shore + 12 - (1 - row) * 84
                house(g, x, y, size, wall, roof, lit=stage.is_dark, snowy=stage.is_snowy, tall=dice.between(1.0, 1.7))
            x += 124 * size
    g.fill(box(stage.area.x0, shore, stage.area.width, 60), mix("#a89c94", p.near, 0.4))


def _moored(stage: Stage, g: Group, y: float, row: int) -> None:
    dice, w = stage.dice.child("moored", row), stage.width
    for share in dice.pick(((0.12, 0.8), (0.26, 0.92), (0.08, 0.5, 0.88))):
        place = at(
            w * (share + dice.between(-0.04, 0.04)), y, dice.between(0.4, 0.52) * (1 + 0.3 * row), flip=dice.chance(0.5)
        )
        vessel = g.group("boat", matrix=place)
        p = stage.palette
        boats.rigging(vessel, mix("#fdf0d5", p.ambient, p.ambient_share), starred=stage.allows("star", "stars"))
        hull = mix(dice.pick(_HULLS), p.ambient, p.ambient_share)
        boats.inside(vessel, hull)
        boats.hull(vessel, hull)
        vessel.fill(ellipse(0, 34, 150, 8), "#ffffff", opacity=0.3)
    stage.note("boat")


def _quay(stage: Stage) -> None:
    p, dice, h, area = stage.palette, stage.dice.child("quay"), stage.height, stage.area
    stone = mix("#b8a898", p.ground, 0.14 + 0.4 * p.dark)
    if stage.is_snowy:
        stone = mix(stone, "#f4f7ff", 0.5)
    stage.floor_colour = stone
    g = stage.layer("quay", 0.85, shadow=0.3)
    top = h * 0.8
    g.fill(box(area.x0, top, area.width, area.y1 - top), shade(stone, -0.02))
    y, step, row = top + 22, 22.0, 0
    while y < area.y1:
        joints = Path().move(area.x0, y).line(area.x1, y)
        x = area.x0 + (row % 2) * step * 1.6
        while x < area.x1:
            joints.move(x, y).line(x + (x - stage.width / 2) * 0.04, y + step * 1.2)
            x += step * 3.2
        g.stroke(joints, shade(stone, -0.09), 3, opacity=0.6)
        y, step, row = y + step * 1.2, step * 1.25, row + 1
    g.solid(box(area.x0, top - 12, area.width, 26, 5), shade(stone, 0.05), 0.07, light=(0, -3), soft=3)
    for share in (0.08, 0.36, 0.64, 0.92):
        _bollard(g, stage.width * (share + dice.between(-0.03, 0.03)), top + 4)
    _cargo(stage, g, top)


def _bollard(g: Group, x: float, y: float) -> None:
    g.solid(box(x - 17, y - 52, 34, 58, 9), "#4a4a5a", 0.1)
    g.solid(ellipse(x, y - 52, 23, 10), "#5a5a6a", 0.08)
    g.stroke(Path().move(x - 17, y - 24).quad(x, y - 14, x + 17, y - 24), "#e0c48a", 8)


def _cargo(stage: Stage, g: Group, top: float) -> None:
    """Crates and barrels at one side."""
    p, dice, w = stage.palette, stage.dice.child("cargo"), stage.width
    x, wood = w * dice.pick((0.02, 0.9)), mix("#b98755", p.ambient, p.ambient_share)
    for dx, dy in ((0, 0), (86, 0), (40, -82)):
        g.solid(box(x + dx, top + 18 + dy - 80, 82, 80, 4), wood, 0.09)
        g.stroke(box(x + dx + 8, top + 26 + dy - 80, 66, 64, 2), shade(wood, -0.1), 6)
        g.stroke(Path().move(x + dx + 10, top + 8 + dy).line(x + dx + 72, top - 50 + dy), shade(wood, -0.1), 6)
    barrel(g, w * 0.8 if x < w / 2 else w * 0.17, top + 26, wood)


def barrel(g: Group, x: float, y: float, wood: Colour) -> None:
    outline = Path().move(x - 34, y - 96).cubic(x - 50, y - 64, x - 50, y - 30, x - 34, y).line(x + 34, y)
    outline.cubic(x + 50, y - 30, x + 50, y - 64, x + 34, y - 96).close()
    body = g.solid(outline, shade(wood, -0.05), 0.1)
    for dy in (-78, -18):
        body.fill(box(x - 60, y + dy, 120, 10), "#5a5a68")
    g.fill(ellipse(x, y - 96, 34, 8), shade(wood, 0.06))
