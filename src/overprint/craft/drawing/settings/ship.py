"""The deck of a sailing ship at sea."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.room import planks
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.elements.water import glitter, waves
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.props.lantern import lamp
from overprint.craft.drawing.settings.harbour import barrel
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, at, box, ellipse, smooth


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.5, 0.57)
    sky(stage, horizon=0.62, stars=220, disc=dice.between(70, 110))
    clouds(stage, mix("#ffffff", p.sky[2], 0.25 + 0.5 * p.dark), number=5, low=horizon - 0.06)
    birds(stage, stage.layer("gulls", 0.16), dice.whole(2, 5), mix("#ffffff", p.sky[0], 0.2 + 0.4 * p.dark))
    for i in range(3):
        g = stage.layer(f"wave-{i}", 0.2 + 0.1 * i, shadow=0.16)
        y = h * (horizon + 0.06 * i)
        waves(
            stage,
            g,
            y,
            mix(p.water[0], p.water[1], 0.2 + i / 4),
            swell=5 + 2.5 * i,
            length=70 + 30 * i,
            phase=dice.between(0, 80),
        )
        if stage.allows("sun", "moon"):
            glitter(stage, g, stage.light[0], y + 6, y + 46, near=50 + i * 26, wide=110 + i * 34, number=20)
    wood = mix("#a8744a", p.ambient, p.ambient_share + 0.25 * p.dark)
    stage.floor_colour = wood
    mast_x = w * dice.pick((dice.between(0.16, 0.28), dice.between(0.72, 0.84), dice.between(0.45, 0.55)))
    _rigging(stage, mast_x, h * 0.8, wood)
    _rail(stage, h * 0.8, wood)
    g = stage.layer("deck", 0.82, shadow=0.2)
    planks(stage, g, h * 0.8, wood)
    _on_deck(stage, g, mast_x, wood)
    motes(stage, "#ffffff", 6)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.86))


def _rigging(stage: Stage, x: float, y: float, wood: Colour) -> None:
    """The mast, a full sail and the shrouds."""
    p, dice, top = stage.palette, stage.dice.child("rigging"), stage.area.y0 - 30
    g = stage.layer("mast", 0.56, shadow=0.28)
    side = 1 if x < stage.width / 2 else -1
    sail = mix("#fbf0d8", p.ambient, p.ambient_share)
    reach, low = side * min(460.0, stage.width * 0.46), stage.height * 0.4
    cloth = (
        Path()
        .move(x, top)
        .line(x + reach * 0.8, top)
        .cubic(x + reach * 1.06, low * 0.3, x + reach, low * 0.7, x + reach * 0.86, low)
    )
    cloth.cubic(x + reach * 0.5, low * 0.86, x + reach * 0.3, low * 0.92, x, low * 1.02).close()
    canvas = g.solid(cloth, sail, 0.09, light=(-10, -8), soft=16)
    for share in (0.34, 0.66):
        seam = (
            Path()
            .move(x + reach * share * 0.8, top)
            .quad(x + reach * share * 1.1, low * 0.4, x + reach * share * 0.9, low)
        )
        canvas.stroke(seam, shade(sail, -0.07), 3)
    if dice.chance(0.5):
        canvas.fill(
            box(min(x, x + reach) - 40, low * 0.34, abs(reach) + 80, low * 0.2), mix("#c9573f", sail, 0.2), opacity=0.85
        )
    shrouds = Path()
    for k in range(5):
        shrouds.move(x - side * 6, top + 20).line(x - side * (90 + k * 46), y)
    for k in range(6):
        u = 0.45 + k * 0.1
        shrouds.move(x - side * (6 + 84 * u), top + (y - top) * u).line(x - side * (6 + 268 * u), top + (y - top) * u)
    g.stroke(shrouds, mix("#5a4638", wood, 0.3), 3.4, opacity=0.85)
    g.solid(box(x - 19, top, 38, y - top + 30, 6), shade(wood, -0.06), 0.11, light=(-8, 0), soft=6)
    for share in (0.3, 0.62):
        g.fill(box(x - 22, y * share, 44, 15, 4), shade(wood, -0.16))
    if stage.allows("lantern"):
        if stage.is_dark:
            glow(g, x, y * 0.66, 260, "#ffcf7a", 0.4, shine=Shine.CANDLE)
        lamp(g.group(matrix=at(x + side * 32, y * 0.64)), "#5a4040")


def _rail(stage: Stage, y: float, wood: Colour) -> None:
    area, g = stage.area, stage.layer("rail", 0.7, shadow=0.3)
    tall = stage.height * 0.13
    g.fill(box(area.x0, y - tall * 0.36, area.width, tall * 0.4), shade(wood, -0.11))
    x = area.x0
    while x < area.x1:
        turned = [
            (x - 11, y),
            (x - 6, y - tall * 0.3),
            (x - 14, y - tall * 0.6),
            (x - 6, y - tall),
            (x + 6, y - tall),
            (x + 14, y - tall * 0.6),
            (x + 6, y - tall * 0.3),
            (x + 11, y),
        ]
        g.solid(smooth(turned), shade(wood, 0.05), 0.09, light=(-3, 0), soft=2)
        x += 72
    g.solid(box(area.x0, y - tall - 16, area.width, 26, 9), shade(wood, 0.07), 0.09, light=(0, -4), soft=4)
    g.solid(box(area.x0, y - 10, area.width, 20, 4), shade(wood, 0.02), 0.07, light=(0, -3), soft=3)


def _on_deck(stage: Stage, g: Group, mast_x: float, wood: Colour) -> None:
    """The wheel, barrels and a coil of rope, away from the mast."""
    dice, w, h = stage.dice.child("deck"), stage.width, stage.height
    far = w * 0.88 if mast_x < w / 2 else w * 0.12
    if dice.chance(0.6):
        _wheel(g, far, h * 0.74, 96, shade(wood, -0.04))
    else:
        for dx in (-52, 44):
            barrel(g, far + dx, h * 0.845, wood)
    x, y = mast_x, h * 0.84
    for k in range(4):
        g.stroke(ellipse(x, y - k * 9, 60 - k * 3, 15), mix("#e3c890", wood, 0.2), 9)


def _wheel(g: Group, x: float, y: float, r: float, wood: Colour) -> None:
    g.solid(box(x - 26, y, 52, r * 1.05, 6), shade(wood, -0.08), 0.09)
    spokes = Path()
    for dx, dy in ((1, 0), (0, 1), (0.71, 0.71), (0.71, -0.71)):
        spokes.move(x - dx * r * 1.3, y - dy * r * 1.3).line(x + dx * r * 1.3, y + dy * r * 1.3)
    g.stroke(spokes, wood, 11)
    g.stroke(ellipse(x, y, r), shade(wood, 0.05), 18)
    g.solid(ellipse(x, y, 24), "#d9b060", 0.1)
