"""A forest with a clearing in front."""

from overprint.core.scene import Season
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.elements.ground import (
    flower,
    grass,
    height_at,
    hill,
    litter,
    mushroom,
    path_down,
    ridge,
    rock,
    shadowed,
)
from overprint.craft.drawing.elements.houses import house, smoke
from overprint.craft.drawing.elements.sky import clouds, motes, rays, scattered, sky
from overprint.craft.drawing.elements.trees import bare_tree, birch, conifer, conifer_row, sprig, tree
from overprint.craft.drawing.nodes import Group, Layer
from overprint.craft.drawing.stage import Floor, Scenery, Stage


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.46, 0.54)
    sky(stage, horizon=0.74, stars=130, disc=dice.between(52, 74))
    clouds(stage, mix(p.sky[2], "#ffffff" if not stage.is_dark else p.sky[1], 0.5), number=3, low=0.34, opacity=0.8)
    far = ridge(stage, h * horizon, 40, "far", slope=dice.between(-50, 50))
    g = stage.layer("far", 0.14, shadow=0.16)
    hill(stage, g, far, p.far, mix(p.far, p.sky[3], 0.6))
    conifer_row(stage, g, far, mix(p.far, p.conifer[0], 0.3), 40, 95, 80)
    mid = ridge(stage, h * (horizon + 0.085), 36, "mid", slope=dice.between(-40, 40))
    g = stage.layer("mid", 0.26, shadow=0.24)
    conifer_row(stage, g, mid, mix(p.mid, p.conifer[0], 0.55), 80, 165, 74)
    hill(stage, g, mid, p.mid, mix(p.mid, p.sky[3], 0.35))
    if dice.chance(0.4) and stage.allows("house", "cottage"):
        x = w * dice.pick((dice.between(0.1, 0.28), dice.between(0.72, 0.9)))
        y = height_at(mid, x) + 26
        house(
            g,
            x,
            y,
            0.66,
            mix("#f1dcc0", p.ambient, p.ambient_share),
            mix("#b5523f", p.ambient, 0.1),
            lit=True,
            snowy=stage.is_snowy,
        )
        smoke(g, x + 26, y - 110, 0.6, "#fff4e6", dice)
    _wood(stage, horizon)
    rays(stage, number=dice.whole(5, 8), strength=0.13 if not stage.is_dark else 0.06)
    _clearing(stage)
    motes(stage, p.glow if not stage.is_dark else "#fff0a8", 24)
    return Scenery(Floor(h * 0.94, h * 0.88, h * 0.835), front=(_frame(stage),))


def _wood(stage: Stage, horizon: float) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("wood"), stage.width, stage.height
    near = ridge(stage, h * (horizon + 0.185), 28, "near")
    g = stage.layer("trees", 0.46, shadow=0.32)
    glade = dice.between(0.36, 0.64) * w
    opening = dice.between(0.17, 0.3) * w
    mostly_firs = dice.between(0.2, 0.8)
    for x in scattered(dice, stage.count(18), stage.area.x0 - 60, stage.area.x1 + 60):
        away = abs(x - glade)
        if away < opening:
            continue
        size = (0.72 + 0.3 * min(1.0, away / (w * 0.5))) * dice.between(210, 330)
        plant(stage, g, x, height_at(near, x) + 16, size, dice.chance(mostly_firs), 0.18)
    hill(stage, g, near, p.near, mix(p.near, p.ground, 0.4))
    grass(stage, g, near, p.near, 220, low=7, high=16)


def plant(stage: Stage, g: Group, x: float, y: float, size: float, fir: bool, haze: float) -> None:
    """One tree of the season; ``haze`` mixes it with the distance."""
    p, dice = stage.palette, stage.dice.child("tree", round(x), round(y))
    if fir:
        conifer(g, x, y, size, mix(dice.pick(p.conifer), p.mid, haze), dice, side=stage.side, snowy=stage.is_snowy)
    elif stage.is_snowy and dice.chance(0.75):
        bare_tree(g, x, y, size * 0.95, mix(p.trunk, p.mid, haze * 1.4), dice)
    else:
        tree(g, x, y, size, mix(dice.pick(p.leaf), p.mid, haze), p.trunk, dice, side=stage.side, snowy=stage.is_snowy)


def _clearing(stage: Stage) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("clearing"), stage.width, stage.height
    front = ridge(stage, h * 0.79, 16, "front")
    g = stage.layer("clearing", 0.8, shadow=0.34)
    for x, size in ((-0.13, 660), (-0.02, 540), (1.02, 570), (1.14, 680)):
        if dice.chance(0.8):
            x = w * (x + dice.between(-0.05, 0.05))
            plant(stage, g, x, height_at(front, x) + 40, size * dice.between(0.85, 1.1), dice.chance(0.5), 0.0)
    if dice.chance(0.65):
        bark, mark = mix("#efe6d6", p.ground, 0.1 + 0.4 * p.dark), mix("#4a3f3a", p.ground, 0.2)
        leaves = (p.leaf[2], p.leaf[0])
        for share in dice.pick(((0.12,), (0.88,), (0.1, 0.9))):
            x = w * (share + dice.between(-0.03, 0.03))
            birch(g, x, height_at(front, x) + 26, h * 1.06, bark, mark, leaves, dice, lean=dice.between(-34, 34))
    ground = hill(stage, g, front, p.ground, shade(p.ground, -0.07))
    if dice.chance(0.7):
        tone = mix(p.glow, p.ground, 0.5)
        path_down(stage, ground, w * dice.between(0.36, 0.64), h * 0.775, h * 1.06, 330, tone, dice.between(-90, 90))
    grass(stage, g, front, p.ground, 170, low=10, high=24)
    _undergrowth(stage, ground)
    if stage.season is Season.AUTUMN:
        litter(stage, ground, ("#e8a04a", "#c9583a", "#d9c04f"), 90, h * 0.81, h * 1.02)


def _undergrowth(stage: Stage, g: Group) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("undergrowth"), stage.width, stage.height
    for i in range(stage.count(18)):
        x, y = dice.between(-0.05, 1.05) * w, h * dice.between(0.84, 1.0)
        if abs(x - w * 0.5) < w * 0.24 and y < h * 0.97:
            continue
        if i % 4 == 0 and not stage.is_snowy:
            mushroom(
                g,
                x,
                y,
                dice.between(15, 27),
                mix(dice.pick(("#d8483f", "#e0893c", "#c95a6a")), p.ground, 0.15 + 0.3 * p.dark),
            )
        elif i % 4 == 1:
            rock(g, x, y, dice.between(18, 34), mix("#9a928c", p.ground, 0.45))
        elif not stage.is_snowy and stage.allows("flower", "flowers"):
            for j in range(3):
                colour = mix(dice.pick(("#fff2c9", "#f7b7a3", "#f6d365", "#d9b8f0")), p.ground, 0.12 + 0.3 * p.dark)
                flower(
                    g,
                    x + j * 15 - 12,
                    y + dice.between(-4, 8),
                    dice.between(7, 11),
                    colour,
                    shade(p.ground, 0.08),
                    dice.whole(0, 1),
                )


def _frame(stage: Stage) -> Layer:
    """Dark leaves at the corners, close to the camera."""
    p, dice, w, h = stage.palette, stage.dice.child("frame"), stage.width, stage.height
    layer = Layer("frame", 1.25, Group("frame"), softness=3.0)
    colour = shadowed(p.ground, stage)
    corners = dice.pick(((1, 0, 1, 0), (0, 1, 0, 1), (1, 1, 0, 0), (0, 0, 1, 1), (1, 0, 0, 1)))
    spots = ((-20.0, h * 0.98, -50.0), (w + 20, h * 0.98, -130.0), (w + 20, 20.0, 150.0), (-20.0, 20.0, 30.0))
    for wanted, (x, y, turn) in zip(corners, spots, strict=True):
        if wanted:
            for k in range(4):
                sprig(layer.group, x, y + k * 9, turn + (k - 1.5) * 24, 8, 46, shade(colour, 0.015 * k))
    return layer
