"""A holiday beach: sand, parasols, palms and a calm sea."""

import math

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import hill, ridge, rock
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.elements.water import glitter, waves
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, at, box, ellipse, leaf, polygon, smooth, star

_CLOTHS = (("#e0584a", "#fff3dd"), ("#4f9ac0", "#fff6e6"), ("#f0b03c", "#fff6e6"), ("#6fae7a", "#fff3dd"))


def build(stage: Stage) -> Scenery:
    p, dice, h = stage.palette, stage.dice, stage.height
    horizon = dice.between(0.44, 0.52)
    sky(stage, horizon=0.6, stars=160, disc=dice.between(60, 90))
    clouds(stage, mix("#ffffff", p.sky[2], 0.25 + 0.5 * p.dark), number=4, low=horizon - 0.06)
    birds(stage, stage.layer("gulls", 0.2), dice.whole(2, 5), mix("#ffffff", p.sky[0], 0.25 + 0.4 * p.dark))
    for i in range(3):
        g = stage.layer(f"wave-{i}", 0.24 + 0.1 * i, shadow=0.15)
        y = h * (horizon + 0.07 * i)
        waves(
            stage,
            g,
            y,
            mix(p.water[1], p.water[0], i / 3),
            swell=3 + 2 * i,
            length=64 + 30 * i,
            phase=dice.between(0, 80),
        )
        if stage.allows("sun", "moon"):
            glitter(stage, g, stage.light[0], y + 6, y + 40, near=50 + i * 30, wide=110 + i * 40, number=20)
    sand = mix("#f6e0ac", p.ground, 0.1 + 0.45 * p.dark)
    if stage.is_snowy:
        sand = mix(sand, "#f4f7ff", 0.5)
    stage.floor_colour = sand
    shore = ridge(stage, h * (horizon + 0.19), 14, "shore", slope=dice.between(-90, 90))
    g = stage.layer("beach", 0.6, shadow=0.16)
    g.stroke(smooth(shore, closed=False), "#ffffff", 24, opacity=0.8)
    ground = hill(stage, g, shore, sand, shade(sand, -0.05))
    ground.stroke(smooth([(x, y + 14) for x, y in shore], closed=False), shade(sand, -0.09), 24, opacity=0.5)
    _dips(stage, ground, sand)
    _holiday(stage, horizon, sand)
    _shells(stage, sand)
    motes(stage, "#ffffff", 8)
    return Scenery(Floor(h * 0.945, h * 0.89, h * 0.84))


def _dips(stage: Stage, ground: Group, sand: Colour) -> None:
    dice, h = stage.dice.child("dips"), stage.height
    for _ in range(stage.count(26)):
        x, y, r = dice.between(stage.area.x0, stage.area.x1), h * dice.between(0.74, 1.02), dice.between(14, 40)
        ground.fill(ellipse(x, y, r, r * 0.16), shade(sand, -0.05), opacity=0.7)


def _holiday(stage: Stage, horizon: float, sand: Colour) -> None:
    dice, w, h = stage.dice.child("holiday"), stage.width, stage.height
    g = stage.layer("holiday", 0.72, shadow=0.3)
    side = dice.sign()
    palm_x = w * (0.5 - side * dice.between(0.4, 0.47))
    palm(g, palm_x, h * 0.82, h * dice.between(0.5, 0.62), stage, dice, lean=side * dice.between(40, 110))
    if dice.chance(0.5):
        palm(g, palm_x + side * 70, h * 0.84, h * 0.4, stage, dice, lean=side * 70)
    x = w * (0.5 + side * dice.between(0.3, 0.4))
    if stage.allows("umbrella"):
        _parasol(g, x, h * 0.84, dice.pick(_CLOTHS), side * 8)
    if dice.chance(0.8) and stage.allows("castle"):
        _sandcastle(g, w * (0.5 + side * dice.between(0.08, 0.2)), h * 0.8, shade(sand, -0.06))


def palm(g: Group, x: float, y: float, height: float, stage: Stage, dice: Dice, *, lean: float) -> None:
    """A palm whose crown is ``lean`` beside its foot."""
    p = stage.palette
    tx, ty = x + lean, y - height
    bark = mix("#a57b52", p.ground, 0.12 + 0.3 * p.dark)
    width = height * 0.055
    stem = [(x - width, y + 6), (x + lean * 0.25 - width * 0.8, y - height * 0.5), (tx - width * 0.5, ty)]
    stem += [(tx + width * 0.5, ty), (x + lean * 0.25 + width * 0.8, y - height * 0.5), (x + width, y + 6)]
    trunk = g.solid(smooth(stem, ease=1 / 7), bark, 0.09)
    for k in range(11):
        u = k / 11
        cx, cy = x + lean * u**1.7, y - height * u
        trunk.stroke(Path().move(cx - width, cy).quad(cx, cy + 8, cx + width, cy), shade(bark, -0.09), 3)
    for k in range(9):
        angle = -195 + k * 210 / 8 + dice.between(-8, 8)
        _frond(
            g,
            tx,
            ty,
            height * dice.between(0.36, 0.46),
            angle,
            shade(mix(p.leaf[k % 3], "#3f9a5a", 0.45), 0.02 * (k % 3)),
        )
    for k in (-1, 0, 1):
        g.solid(ellipse(tx + k * 13, ty + 12 + abs(k), 11), "#8a5a3a", 0.08, soft=2)


def _frond(g: Group, x: float, y: float, length: float, angle: float, colour: Colour) -> None:
    droop = length * 0.42 * abs(math.cos(math.radians(angle)))
    ex, ey = x + length * math.cos(math.radians(angle)), y + length * math.sin(math.radians(angle)) * 0.6 + droop
    mx, my = (x + ex) / 2, min(y, ey) - length * 0.2
    blade = Path().move(x, y).quad(mx, my - 8, ex, ey).quad(mx, my + length * 0.22, x, y + 10).close()
    g.solid(blade, colour, 0.07, light=(-2, -4), soft=4)
    g.stroke(Path().move(x, y).quad(mx, my + 8, ex, ey), shade(colour, -0.1), 2, opacity=0.7)


def _parasol(g: Group, x: float, y: float, cloth: tuple[Colour, Colour], turn: float) -> None:
    shade_ = g.group(matrix=at(x, y, turn=turn))
    shade_.stroke(Path().move(0, 0).line(0, -260), "#f0e6d0", 9)
    dome = Path().move(-150, -206).cubic(-140, -320, 140, -320, 150, -206).quad(0, -232, -150, -206).close()
    top = shade_.solid(dome, cloth[0], 0.09)
    for k in (-1, 1):
        top.fill(polygon([(0, -300), (k * 48, -200), (k * 104, -200)]), cloth[1])
    g.solid(box(x - 130, y - 4, 220, 20, 8), mix(cloth[0], "#ffffff", 0.2), 0.07)


def _sandcastle(g: Group, x: float, y: float, sand: Colour) -> None:
    for dx, wide, tall in ((-48, 40, 70), (48, 40, 70), (0, 84, 48), (0, 38, 104)):
        g.solid(box(x + dx - wide / 2, y - tall, wide, tall, 4), sand, 0.08)
        for k in range(3):
            g.fill(box(x + dx - wide / 2 + k * wide * 0.36, y - tall - 10, wide * 0.26, 12, 2), shade(sand, -0.01))
    g.stroke(Path().move(x, y - 110).line(x, y - 150), "#8a6a4a", 4)
    g.fill(polygon([(x, y - 150), (x + 34, y - 140), (x, y - 128)]), "#e0584a")
    g.fill(box(x - 12, y - 30, 24, 30, 11), shade(sand, -0.16))


def _shells(stage: Stage, sand: Colour) -> None:
    dice, h = stage.dice.child("shells"), stage.height
    g = stage.layer("shells", 0.86)
    for i in range(stage.count(14)):
        x, y = dice.between(stage.area.x0, stage.area.x1), h * dice.between(0.86, 1.02)
        if i % 4 == 0:
            g.fill(star(x, y, dice.between(10, 16), inner=0.5, turn=dice.between(0, 72)), mix("#f0876a", sand, 0.2))
        elif i % 4 == 1:
            rock(g, x, y, dice.between(10, 22), mix("#a89a8c", sand, 0.4))
        else:
            for k in range(3):
                g.fill(leaf(x, y, dice.between(9, 13), -130 + k * 40), mix("#f6c9b8", sand, 0.15))
