"""A village street or green with cottages."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import bush, flower, grass, height_at, hill, path_down, ridge
from overprint.craft.drawing.elements.houses import fence, house, smoke, street_lamp
from overprint.craft.drawing.elements.sky import clouds, motes, scattered, sky
from overprint.craft.drawing.elements.trees import conifer_row
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.settings.forest import plant
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, polygon, smooth

_WALLS = ("#f6e6cc", "#f2d0b0", "#e9c6b8", "#dfe6d8", "#cfdbe4", "#f3e2a8")
_ROOFS = ("#b5523f", "#c9704a", "#5f7f9a", "#7a5f86", "#8a5a45", "#5a8a78")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.42, 0.5)
    sky(stage, horizon=0.66, stars=150, disc=dice.between(54, 80))
    clouds(stage, mix(p.sky[1], "#ffffff", 0.6 - 0.45 * p.dark), number=4, low=0.32)
    far = ridge(stage, h * horizon, 40, "far", slope=dice.between(-60, 60))
    g = stage.layer("far", 0.14, shadow=0.16)
    hill(stage, g, far, p.far, mix(p.far, p.sky[3], 0.5))
    conifer_row(stage, g, far, mix(p.far, p.conifer[0], 0.35), 36, 80, 40)
    if stage.allows("church") and dice.chance(0.6):
        _church(stage, g, w * dice.between(0.2, 0.8), h * (horizon + 0.07))
    _row(stage, "back", 0.3, horizon + 0.11, 0.62, 0.3)
    _row(stage, "street", 0.5, horizon + 0.225, 1.0, 0.06)
    _green(stage)
    motes(stage, "#ffe9a8", 12)
    return Scenery(Floor(h * 0.94, h * 0.885, h * 0.835))


def _row(stage: Stage, name: str, depth: float, y: float, size: float, haze: float) -> None:
    """Cottages and trees along a rise."""
    p, dice, h = stage.palette, stage.dice.child(name), stage.height
    line = ridge(stage, h * y, 18, name)
    g = stage.layer(name, depth, shadow=0.28)
    tones = list(_WALLS)
    for x in scattered(dice, stage.count(9 if size < 0.8 else 6), stage.area.x0, stage.area.x1):
        foot = height_at(line, x) + 20 * size
        if dice.chance(0.68) and stage.allows("house", "cottage"):
            k = size * dice.between(0.95, 1.2)
            wall = _lit(stage, tones[dice.whole(0, len(tones) - 1)], haze)
            roof = _lit(stage, dice.pick(_ROOFS), haze)
            tall = dice.pick((1.0, 1.0, 1.45))
            if dice.chance(0.6):
                smoke(g, x + 32 * k, foot - (92 * tall + 88) * k, 0.6 * k, mix("#ffffff", p.sky[2], 0.3), dice)
            house(g, x, foot, k, wall, roof, lit=stage.is_dark or dice.chance(0.3), snowy=stage.is_snowy, tall=tall)
        else:
            plant(stage, g, x, foot, dice.between(150, 230) * size, dice.chance(0.4), haze)
    hill(stage, g, line, mix(p.mid if size < 0.8 else p.near, p.sky[3], haze * 0.5), p.near)
    grass(stage, g, line, p.near, 120, low=6, high=13)


def _lit(stage: Stage, colour: Colour, haze: float) -> Colour:
    p = stage.palette
    return mix(mix(colour, p.shadow, 0.42 * p.dark), mix(p.far, p.sky[2], 0.5), haze + 0.14 * p.dark)


def _church(stage: Stage, g: Group, x: float, y: float) -> None:
    wall, roof = _lit(stage, "#efe3d0", 0.3), _lit(stage, "#8a5a5a", 0.3)
    g.solid(box(x - 20, y - 150, 40, 170), wall, 0.07)
    g.solid(polygon([(x - 26, y - 148), (x, y - 240), (x + 26, y - 148)]), roof, 0.07)
    g.solid(box(x + 18, y - 70, 86, 90), wall, 0.07)
    g.solid(polygon([(x + 14, y - 68), (x + 40, y - 106), (x + 92, y - 106), (x + 112, y - 68)]), roof, 0.07)
    g.fill(ellipse(x, y - 118, 9), "#ffe3a0" if stage.is_dark else "#fff8ea")
    g.stroke(Path().move(x, y - 118).line(x, y - 125).move(x, y - 118).line(x + 5, y - 116), "#4a3b3b", 1.6)


def _green(stage: Stage) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("green"), stage.width, stage.height
    front = ridge(stage, h * 0.79, 12, "front")
    g = stage.layer("green", 0.85, shadow=0.26)
    lamp_x = w * dice.pick((dice.between(0.06, 0.14), dice.between(0.86, 0.94)))
    ground = hill(stage, g, front, p.ground, shade(p.ground, -0.06))
    stones = mix(mix("#cdbfae", p.ground, 0.3), p.shadow, 0.35 * p.dark)
    if stage.is_snowy:
        stones = mix(stones, "#eef2fb", 0.6)
    path_down(
        stage, ground, w * dice.between(0.35, 0.65), h * 0.775, h * 1.06, w * 0.5, stones, dice.between(-110, 110)
    )
    grass(stage, g, front, p.ground, 130, low=8, high=18)
    street_lamp(g, lamp_x, height_at(front, lamp_x) + h * 0.045, 0.92, lit=stage.is_dark, snowy=stage.is_snowy)
    side = w - lamp_x
    if stage.is_snowy and stage.allows("snowman", "snow") and dice.chance(0.7):
        _snowman(g, side, h * 0.9, 0.9)
        stage.note("snowman")
    elif dice.chance(0.6):
        x0, x1 = side - 150, side + 150
        fence(g, x0, x1, [height_at(front, x0 + 30 * i) + 30 for i in range(11)], _lit(stage, "#fff6e6", 0.0), size=1.5)
    for i in range(stage.count(5)):
        x = dice.pick((dice.between(-0.04, 0.22), dice.between(0.78, 1.04))) * w
        y = h * dice.between(0.85, 1.0)
        if i % 2 or stage.is_snowy:
            bush(
                g,
                x,
                y,
                dice.between(26, 46),
                shade(p.ground, -0.02),
                dice,
                berries="#d9484f" if stage.is_snowy else None,
            )
        else:
            for k in range(4):
                flower(
                    g,
                    x + k * 16,
                    y + dice.between(-5, 6),
                    dice.between(8, 12),
                    dice.pick(("#f6a6a0", "#fff3c9", "#e7709a")),
                    shade(p.ground, 0.07),
                    k % 3,
                )


def _snowman(g: Group, x: float, y: float, s: float) -> None:
    for dy, r in ((-52, 58), (-128, 43), (-188, 31)):
        g.solid(ellipse(x, y + dy * s, r * s), "#f9fbff", 0.085, light=(-8, -9), soft=9)
    for side in (-1, 1):
        g.fill(ellipse(x + side * 11 * s, y - 194 * s, 4 * s), "#2d2430")
        g.stroke(Path().move(x + side * 38 * s, y - 132 * s).line(x + side * 92 * s, y - 168 * s), "#5a4038", 6 * s)
    g.fill(smooth([(x, y - 190 * s), (x + 34 * s, y - 183 * s), (x, y - 179 * s)], ease=1 / 9), "#f08a3c")
    g.stroke(Path().move(x - 12 * s, y - 174 * s).quad(x, y - 166 * s, x + 12 * s, y - 174 * s), "#2d2430", 3 * s)
    for dy in (-142, -120, -98):
        g.fill(ellipse(x, y + dy * s, 4.4 * s), "#2d2430")
    g.fill(box(x - 34 * s, y - 220 * s, 68 * s, 9 * s, 4), "#2c2f4a")
    g.fill(box(x - 23 * s, y - 258 * s, 46 * s, 40 * s, 6), "#2c2f4a")
    g.fill(box(x - 23 * s, y - 232 * s, 46 * s, 9 * s), "#c9404a")
    g.solid(
        smooth(
            [
                (x - 30 * s, y - 164 * s),
                (x, y - 156 * s),
                (x + 30 * s, y - 164 * s),
                (x + 33 * s, y - 152 * s),
                (x, y - 143 * s),
                (x - 33 * s, y - 152 * s),
            ]
        ),
        "#c9404a",
    )
