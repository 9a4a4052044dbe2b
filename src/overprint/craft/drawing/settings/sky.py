"""High up among the clouds."""

from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.elements.ground import hill, ridge
from overprint.craft.drawing.elements.sky import birds, cloud, motes, scattered, sky
from overprint.craft.drawing.nodes import Group, Layer, linear
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, blob, ellipse


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    sky(stage, horizon=1.0, stars=260, disc=dice.between(90, 160))
    white = mix("#ffffff", p.sky[2], 0.12 + 0.42 * p.dark)
    _land_below(stage)
    for i, (depth, low, size) in enumerate(((0.12, 0.5, 90), (0.3, 0.66, 130))):
        g = stage.layer(f"clouds-{i}", depth, shadow=0.16)
        if not stage.allows("clouds", "cloud"):
            break
        for x in scattered(dice, stage.count(4 - i), stage.area.x0, stage.area.x1):
            y = h * (low + dice.between(-0.3, 0.06))
            cloud(
                g,
                x,
                max(y, stage.area.y0 + 120),
                size * dice.between(0.7, 1.3),
                mix(white, p.sky[1], 0.34 - 0.17 * i),
                puffs=dice.whole(0, 2),
            )
    stage.floor_colour = white
    if stage.allows("clouds", "cloud"):
        stage.note("clouds")
    birds(stage, stage.layer("birds", 0.4), dice.whole(3, 7), mix("#ffffff", p.shadow, 0.2))
    if dice.chance(0.35) and stage.allows("rainbow") and not stage.is_dark:
        _rainbow(stage)
    _bank(stage, "bank-far", 0.6, 0.82, mix(white, p.sky[2], 0.3))
    if not stage.afloat:
        _bank(stage, "bank", 0.85, 0.845, white)
    motes(stage, p.glow if not stage.is_dark else "#fff3c4", 18, top=0.1)
    front = Layer("wisps", 1.2, Group("wisps"), softness=4)
    for x in (dice.between(-0.1, 0.12), dice.between(0.88, 1.1)):
        cloud(front.group, w * x, h * dice.between(0.99, 1.04), 150, white, opacity=0.92, puffs=dice.whole(0, 2))
    return Scenery(Floor(h * 0.93, h * 0.9, h * 0.875), front=(front,), air=True)


def _land_below(stage: Stage) -> None:
    """Far down, fields and a river."""
    p, dice, h = stage.palette, stage.dice.child("land"), stage.height
    if dice.chance(0.4):
        return
    g = stage.layer("land", 0.05)
    line = ridge(stage, h * dice.between(0.72, 0.8), 12, "land", slope=dice.between(-60, 60))
    ground = hill(stage, g, line, mix(p.far, p.sky[3], 0.3), mix(p.mid, p.sky[3], 0.35))
    for _ in range(stage.count(12)):
        x, y = dice.between(stage.area.x0, stage.area.x1), h * dice.between(0.8, 1.0)
        field = mix(dice.pick((p.near, p.mid, p.leaf[2], p.leaf[0])), p.sky[3], 0.4)
        ground.fill(ellipse(x, y, dice.between(50, 150), dice.between(8, 18)), field, opacity=0.8)
    x = stage.width * dice.between(0.3, 0.7)
    river = Path().move(x, h * 0.78).cubic(x + 160, h * 0.83, x - 220, h * 0.88, x + 90, h * 1.05)
    ground.stroke(river, mix(p.water[0], p.sky[3], 0.3), 14, opacity=0.9)


def _bank(stage: Stage, name: str, depth: float, y: float, colour: str) -> None:
    """A sea of clouds to stand on."""
    dice, h, area = stage.dice.child(name), stage.height, stage.area
    g = stage.layer(name, depth, shadow=0.2)
    for x in scattered(dice, stage.count(13), area.x0 - 40, area.x1 + 40):
        r = dice.between(64, 120)
        puff = blob(x, h * y + r * 0.55, r * 1.15, r * 0.85, dice, points=10, wobble=0.05)
        g.solid(puff, shade(colour, dice.between(-0.015, 0.01)), 0.055, light=(-8, -14), soft=12)
    low = ridge(stage, h * (y + 0.055), 10, name)
    floor = hill(stage, g, low, colour, shade(colour, -0.06))
    for x in scattered(dice, stage.count(9), area.x0, area.x1):
        cy, r = h * dice.between(y + 0.08, 1.06), dice.between(60, 130)
        floor.fill(
            ellipse(x, cy, r, r * 0.32),
            linear(0, cy - r * 0.3, 0, cy + r * 0.3, (0.0, shade(colour, 0.04), 0.9), (1.0, colour, 0.0)),
        )


def _rainbow(stage: Stage) -> None:
    dice, w, h = stage.dice.child("rainbow"), stage.width, stage.height
    g = stage.layer("rainbow", 0.35)
    x, r = w * dice.between(0.2, 0.8), h * dice.between(0.5, 0.62)
    for i, colour in enumerate(("#f08a8a", "#f6b878", "#f6e08a", "#9fd69a", "#8fc4ec", "#b3a0e6")):
        g.stroke(ellipse(x, h * 0.92, r - i * 15, r - i * 15), colour, 16, opacity=0.5)
