"""A flowering meadow under a wide sky."""

from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.elements.ground import bush, flower, grass, height_at, hill, litter, path_down, ridge
from overprint.craft.drawing.elements.houses import fence, house, smoke
from overprint.craft.drawing.elements.sky import birds, clouds, motes, scattered, sky
from overprint.craft.drawing.elements.trees import conifer_row
from overprint.craft.drawing.nodes import Group, Layer
from overprint.craft.drawing.settings.forest import plant
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, ellipse

_PETALS = ("#fff6e0", "#f6a6a0", "#f9d25e", "#e7709a", "#b79be8", "#ffffff")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.46, 0.56)
    sky(stage, horizon=0.68, stars=120, disc=dice.between(50, 70))
    clouds(stage, mix("#ffffff", p.sky[2 if not stage.is_dark else 1], 0.15 + 0.6 * p.dark), number=5, low=0.36)
    far = ridge(stage, h * horizon, 46, "far", slope=dice.between(-70, 70))
    g = stage.layer("far", 0.14, shadow=0.14)
    birds(stage, g, dice.whole(3, 6), mix(p.shadow, p.sky[1], 0.4))
    hill(stage, g, far, p.far, mix(p.far, p.sky[3], 0.5))
    conifer_row(stage, g, far, mix(p.far, p.conifer[0], 0.3), 24, 50, 44)
    _farm(stage, horizon)
    near = ridge(stage, h * (horizon + 0.18), 30, "near", slope=dice.between(-40, 40))
    g = stage.layer("near", 0.5, shadow=0.22)
    for x in dice.pick(((0.9,), (0.08,), (0.05, 0.94), (0.82,), (0.18,))):
        x = w * (x + dice.between(-0.04, 0.04))
        plant(stage, g, x, height_at(near, x) + 30, dice.between(360, 470), False, 0.05)
    field = hill(stage, g, near, p.near, mix(p.near, p.ground, 0.6))
    grass(stage, g, near, p.near, 220, low=7, high=15)
    if dice.chance(0.5):
        path_down(
            stage,
            field,
            w * dice.between(0.25, 0.75),
            h * (horizon + 0.17),
            h * 1.05,
            260,
            mix("#f6e3b8", p.near, 0.35 + 0.3 * p.dark),
            dice.between(-130, 130),
        )
    _flowers(stage)
    motes(stage, "#fffbe0", 12)
    return Scenery(Floor(h * 0.945, h * 0.885, h * 0.835), front=(_tufts(stage),))


def _farm(stage: Stage, horizon: float) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("farm"), stage.width, stage.height
    mid = ridge(stage, h * (horizon + 0.085), 38, "mid")
    g = stage.layer("mid", 0.28, shadow=0.2)
    for x in scattered(dice, stage.count(7), stage.area.x0, stage.area.x1):
        if dice.chance(0.7):
            plant(stage, g, x, height_at(mid, x) + 12, dice.between(110, 180), dice.chance(0.25), 0.2)
    hill(stage, g, mid, p.mid, mix(p.mid, p.near, 0.5))
    if not stage.allows("house", "cottage"):
        return
    kind = dice.whole(0, 2)
    x = w * dice.pick((dice.between(0.12, 0.3), dice.between(0.7, 0.88)))
    y = height_at(mid, x) + 34
    if kind == 0:
        wall, roof = mix("#fbeedb", p.ambient, p.ambient_share), mix("#d4624f", p.ambient, p.ambient_share)
        house(g, x, y, 0.9, wall, roof, lit=stage.is_dark, snowy=stage.is_snowy)
        smoke(g, x + 30, y - 172, 0.7, "#ffffff", dice)
    if kind < 2:
        side = 1 if x < w / 2 else -1
        x0, x1 = x + side * 80, x + side * 330
        fence(
            g,
            x0,
            x1,
            [height_at(mid, x0 + (x1 - x0) * i / 8) + 34 for i in range(9)],
            mix("#fff6e6", p.ambient, 0.1 + 0.3 * p.dark),
        )


def _flowers(stage: Stage) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("flowers"), stage.width, stage.height
    front = ridge(stage, h * 0.795, 18, "front")
    g = stage.layer("front", 0.85, shadow=0.26)
    ground = hill(stage, g, front, p.ground, shade(p.ground, -0.06))
    grass(stage, g, front, p.ground, 240, low=10, high=24)
    if stage.is_snowy:
        for x in scattered(dice, stage.count(5), 0, w):
            bush(g, x, h * dice.between(0.84, 0.98), dice.between(20, 34), shade(p.ground, -0.04), dice)
        return
    if not stage.allows("flower", "flowers"):
        return
    favourite = stage.same("flower").pick(_PETALS)
    spots = sorted(
        (h * dice.between(0.825, 1.0), dice.between(stage.area.x0, stage.area.x1)) for _ in range(stage.count(95))
    )
    for y, x in spots:
        size = (4 + 9 * (y / h - 0.8) / 0.2) * dice.between(0.8, 1.25)
        colour = favourite if dice.chance(0.35) else dice.pick(_PETALS)
        flower(g, x, y + 6, size, mix(colour, p.ground, 0.35 * p.dark), shade(p.ground, 0.08), dice.whole(0, 2))
    litter(stage, ground, (shade(p.ground, 0.06), shade(p.ground, -0.05)), 60, h * 0.82, h)
    _butterflies(stage)


def _butterflies(stage: Stage) -> None:
    dice, w, h = stage.dice.child("butterflies"), stage.width, stage.height
    if stage.is_dark or not stage.allows("butterflies", "butterfly"):
        return
    g = stage.layer("butterflies", 0.9)
    for _ in range(dice.whole(2, 5)):
        x, y, s = dice.between(0.06, 0.94) * w, h * dice.between(0.5, 0.76), dice.between(9, 15)
        colour = dice.pick(_PETALS[1:5])
        for side in (-1, 1):
            g.fill(ellipse(x + side * s * 0.55, y - s * 0.3, s * 0.6, s * 0.75, side * 28), colour)
            g.fill(ellipse(x + side * s * 0.42, y + s * 0.42, s * 0.4, s * 0.5, side * 20), shade(colour, 0.05))
        g.fill(ellipse(x, y, s * 0.12, s * 0.75), "#4a3b3b")


def _tufts(stage: Stage) -> Layer:
    """Tall grass at the lower corners, close to the camera."""
    p, dice, w, h = stage.palette, stage.dice.child("tufts"), stage.width, stage.height
    layer = Layer("tufts", 1.25, Group("tufts"), softness=2.5)
    if stage.is_snowy:
        return layer
    colour = mix(p.ground, p.shadow, 0.32)
    for x0 in dice.pick(((0.02, 0.97), (0.0, 0.1), (0.9, 1.0))):
        blades = Path()
        for _ in range(26):
            x, tall = w * x0 + dice.around(0, w * 0.05), dice.between(60, 150)
            bend = dice.between(-0.35, 0.35) * tall
            blade = Path().move(x - 5, h * 1.04).quad(x + bend * 0.2, h * 1.04 - tall * 0.6, x + bend, h * 1.04 - tall)
            blades.join(blade.quad(x + bend * 0.2 + 7, h * 1.04 - tall * 0.5, x + 5, h * 1.04).close())
        layer.group.fill(blades, colour)
    return layer
