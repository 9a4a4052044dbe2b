"""A market square: striped stalls, fruit in crates, strings of lamps, old houses behind."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.houses import building
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse

_WALLS = ("#e6c3a0", "#d9a58a", "#cfd3c0", "#e8d8b0", "#c9b0b8")
_CLOTHS = ("#d9544a", "#4f8fb0", "#e0a03c", "#6a9a5f", "#a06aa0")
_FRUIT = ("#e0483c", "#f0a83a", "#f2d24a", "#8fb84a", "#8a5aa0", "#e8773a")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    street = h * dice.between(0.72, 0.75)
    sky(stage, horizon=0.6, stars=120, disc=dice.between(50, 72))
    clouds(stage, mix("#ffffff", p.sky[2 if not stage.is_dark else 1], 0.2 + 0.5 * p.dark), number=4, low=0.26)
    birds(stage, stage.layer("birds", 0.1), dice.whole(2, 5), mix(p.shadow, p.sky[1], 0.4))
    _houses(stage, street)
    _square(stage, street)
    g = stage.layer("stalls", 0.55, shadow=0.35)
    gap = w * dice.between(0.42, 0.58)
    wide = min(330.0, w * 0.32)
    places = [
        gap - wide * 1.12,
        gap + wide * 1.12,
        gap - wide * 2.3,
        gap + wide * 2.3,
        gap - wide * 3.4,
        gap + wide * 3.4,
    ]
    for n, x in enumerate(places):
        if stage.area.x0 - wide < x < stage.area.x1 + wide:
            _stall(stage, g, x, street + 34, wide, dice.child("stall", n))
    _lamps(stage, h * 0.24)
    motes(stage, p.glow, 8)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865))


def _houses(stage: Stage, street: float) -> None:
    p, dice = stage.palette, stage.dice.child("houses")
    for row, (haze, low, high) in enumerate(((0.4, 300, 440), (0.1, 210, 330))):
        g = stage.layer(f"houses-{row}", 0.2 + 0.14 * row, shadow=0.22)
        x = stage.area.x0 - 20
        while x < stage.area.x1:
            wide = dice.between(110, 180)
            colour = mix(mix(dice.pick(_WALLS), p.ambient, p.ambient_share), p.sky[2], haze)
            tall = dice.between(low, high)
            building(
                g,
                x,
                street,
                wide - 4,
                tall,
                colour,
                dice,
                lit=stage.is_dark,
                share=0.5,
                roof=dice.whole(0, 2),
                foot=street + 20,
            )
            x += wide


def _square(stage: Stage, street: float) -> None:
    p, dice, area = stage.palette, stage.dice.child("square"), stage.area
    stone = mix("#cdb9a4", p.ground, 0.12 + 0.42 * p.dark)
    if stage.is_snowy:
        stone = mix(stone, "#f4f7ff", 0.55)
    stage.floor_colour = stone
    g = stage.layer("square", 0.48, shadow=0.1)
    g.fill(box(area.x0, street, area.width, area.y1 - street), stone)
    y, size, row = street + 8, 9.0, 0
    while y < area.y1:
        light, dark = Path(), Path()
        x = area.x0 + (row % 2) * size * 1.4
        while x < area.x1:
            (light if dice.chance(0.5) else dark).join(ellipse(x, y, size * 1.25, size * 0.52))
            x += size * 2.8
        g.fill(light, shade(stone, 0.03), opacity=0.8)
        g.fill(dark, shade(stone, -0.045), opacity=0.8)
        y, size, row = y + size * 1.35, size * 1.17, row + 1


def _stall(stage: Stage, g: Group, x: float, y: float, wide: float, dice: Dice) -> None:
    p = stage.palette
    cloth = mix(dice.pick(_CLOTHS), p.ambient, p.ambient_share)
    pale = mix("#fff6e6", p.ambient, p.ambient_share)
    wood = mix("#a8744a", p.ambient, p.ambient_share)
    half, top = wide / 2, y - 290
    g.fill(box(x - half + 16, top + 40, wide - 32, 200), shade(mix(wood, "#2a2030", 0.6), 0))
    for side in (-1, 1):
        g.solid(box(x + side * (half - 12) - 8, top, 16, 296, 4), wood, 0.08)
    _wares(g, x, y - 96, wide - 40, dice, p.ambient, p.ambient_share)
    g.solid(box(x - half, y - 92, wide, 96, 6), wood, 0.09)
    boards = Path()
    for k in range(1, 6):
        boards.move(x - half + k * wide / 6, y - 88).line(x - half + k * wide / 6, y)
    g.stroke(boards, shade(wood, -0.1), 3, opacity=0.7)
    stripes = 8
    step = wide * 1.12 / stripes
    for k in range(stripes):
        x0 = x - wide * 0.56 + k * step
        flap = Path().move(x0 + step * 0.12 * (3.5 - k), top - 20).line(x0 + step + step * 0.12 * (2.5 - k), top - 20)
        flap.line(x0 + step, top + 62).quad(x0 + step / 2, top + 92, x0, top + 62).close()
        g.solid(flap, cloth if k % 2 else pale, 0.07, light=(-2, -6), soft=5)
    if stage.is_dark:
        glow(g, x, top + 120, wide * 0.7, "#ffc870", 0.45, shine=Shine.CANDLE)


def _wares(g: Group, x: float, y: float, wide: float, dice: Dice, ambient: Colour, share: float) -> None:
    """Three crates of fruit, heaped."""
    for k in range(3):
        colour = mix(dice.pick(_FRUIT), ambient, share)
        cx, reach = x + (k - 1) * wide / 3, wide / 6.6
        for row, count in ((0, 4), (1, 3), (2, 2)):
            for i in range(count):
                fx = cx + (i - (count - 1) / 2) * reach * 0.56
                g.solid(
                    ellipse(fx, y - 16 - row * 17, 13),
                    shade(colour, dice.between(-0.03, 0.03)),
                    0.07,
                    light=(-2, -3),
                    soft=2,
                )
        g.solid(box(cx - reach * 1.3, y - 18, reach * 2.6, 26, 3), mix("#c9985f", ambient, share), 0.08)


def _lamps(stage: Stage, y: float) -> None:
    """Strings of lamps over the square."""
    dice = stage.dice.child("lamps")
    g = stage.layer("lamps", 0.75)
    for row in range(2):
        x0, x1, py, sag = stage.area.x0, stage.area.x1, y - row * 70, dice.between(60, 100)
        g.stroke(Path().move(x0, py).quad((x0 + x1) / 2, py + 2 * sag, x1, py + dice.between(-20, 20)), "#5a4a4a", 3)
        count = stage.count(13)
        for k in range(count):
            u = (k + 0.5) / count
            lx, ly = x0 + (x1 - x0) * u, py + 4 * sag * u * (1 - u) + 9
            if stage.is_dark:
                glow(g, lx, ly, 56, "#ffd58a", 0.6)
            g.fill(ellipse(lx, ly, 9, 11), "#ffe7a8" if stage.is_dark else _CLOTHS[k % 5])
