"""A desert of dunes, with cacti or an oasis, and rocks far away."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import height_at, hill, ridge, rock
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.nodes import Group, linear
from overprint.craft.drawing.settings.beach import palm
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, polygon, smooth

_SANDS = ("#f0c47c", "#e8b08a", "#f3d59a")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.5, 0.58)
    sky(stage, horizon=0.66, stars=240, disc=dice.between(64, 96))
    clouds(stage, mix("#fff3e0", p.sky[2], 0.35 + 0.4 * p.dark), number=1.6, low=0.3, opacity=0.8)
    sand = mix(stage.same("sand").pick(_SANDS), p.ground, 0.06 + 0.5 * p.dark)
    if stage.is_snowy:
        sand = mix(sand, "#f4f7ff", 0.45)
    stage.floor_colour = sand
    g = stage.layer("far", 0.14, shadow=0.12)
    _far_away(stage, g, h * horizon, mix(mix(sand, "#b5654a", 0.45), p.sky[2], 0.35))
    birds(stage, g, dice.whole(0, 3), mix(p.shadow, p.sky[1], 0.4))
    tones = (mix(sand, p.sky[3], 0.3), mix(sand, p.sky[3], 0.12), sand)
    for i, (share, tone) in enumerate(zip((0.02, 0.1, 0.2), tones, strict=True)):
        dune = ridge(stage, h * (horizon + share), 34 + 8 * i, f"dune-{i}", slope=dice.between(-80, 80))
        g = stage.layer(f"dune-{i}", 0.26 + 0.16 * i, shadow=0.18)
        ground = hill(stage, g, dune, tone, shade(tone, -0.08))
        _ripples(stage, ground, dune, tone)
        if i == 1:
            _life(stage, g, dune)
    front = ridge(stage, h * 0.8, 16, "front", slope=dice.between(-40, 40))
    g = stage.layer("front", 0.85, shadow=0.2)
    ground = hill(stage, g, front, shade(sand, 0.015), shade(sand, -0.07))
    _ripples(stage, ground, front, sand)
    for _ in range(stage.count(6)):
        rock(g, dice.between(0, w), h * dice.between(0.86, 1.0), dice.between(10, 30), mix("#b08668", sand, 0.4))
    for x in (w * dice.between(-0.02, 0.08), w * dice.between(0.92, 1.02)):
        cactus(g, x, h * dice.between(0.86, 0.95), dice.between(150, 260), stage, dice.sign())
    motes(stage, "#fff0c8", 8)
    return Scenery(Floor(h * 0.945, h * 0.89, h * 0.84))


def _ripples(stage: Stage, ground: Group, dune: list[tuple[float, float]], tone: Colour) -> None:
    """Wind marks, and the shaded side of the dune."""
    dice = stage.dice.child("ripples", round(dune[0][1]))
    path = Path()
    for _ in range(stage.count(26)):
        x = dice.between(stage.area.x0, stage.area.x1)
        y, reach = height_at(dune, x) + dice.between(16, 130), dice.between(30, 90)
        path.join(Path().move(x - reach, y).quad(x, y - 7, x + reach, y + 3))
    ground.stroke(path, shade(tone, -0.05), 3, opacity=0.7)
    x = stage.width * dice.between(0.2, 0.8)
    y = height_at(dune, x)
    slope = [(x, y + 2), (x + 60, y + 60), (x + 20, y + 140), (x + 320, y + 200), (x + 420, y + 70), (x + 200, y + 26)]
    ground.fill(smooth(slope), shade(tone, -0.055), opacity=0.6, blur=10)


def _far_away(stage: Stage, g: Group, y: float, colour: Colour) -> None:
    dice, w = stage.dice.child("far away"), stage.width
    kind = dice.whole(0, 2)
    x = w * dice.pick((dice.between(0.12, 0.34), dice.between(0.66, 0.88)))
    if kind == 0:
        for dx, size in ((0, 190), (170, 120), (-130, 90)):
            g.fill(polygon([(x + dx - size, y + 30), (x + dx, y - size * 0.9), (x + dx + size, y + 30)]), colour)
            dark = [(x + dx + size * 0.16, y + 30), (x + dx, y - size * 0.9), (x + dx + size, y + 30)]
            g.fill(polygon(dark), shade(colour, -0.07))
    else:
        for dx, wide, tall in ((0, 150, 150), (200, 90, 210), (-210, 110, 90)):
            mesa = [(-1.3, 0.2), (-1, -0.5), (-0.9, -1), (0.9, -1), (1, -0.5), (1.3, 0.2)]
            outline = polygon([(x + dx + a * wide / 1.6, y + 20 + b * tall) for a, b in mesa])
            body = g.solid(outline, colour, 0.06, light=(-10, -4), soft=8)
            for k in range(3):
                body.fill(
                    box(x + dx - wide, y + 20 - tall * (0.85 - k * 0.3), wide * 2, tall * 0.08), shade(colour, -0.04)
                )


def _life(stage: Stage, g: Group, dune: list[tuple[float, float]]) -> None:
    p, dice, w = stage.palette, stage.dice.child("life"), stage.width
    if dice.chance(0.45):
        x = w * dice.pick((0.2, 0.78))
        y = height_at(dune, x) + 46
        g.fill(ellipse(x, y + 6, 150, 26), linear(0, y - 20, 0, y + 30, p.water[0], p.water[1]))
        for dx, tall in ((-120, 190), (-70, 150), (110, 170)):
            palm(g, x + dx, y - 6, tall, stage, dice, lean=dice.between(-30, 30))
        return
    for share in (0.12, 0.32, 0.7, 0.88):
        if dice.chance(0.7):
            x = w * (share + dice.between(-0.05, 0.05))
            cactus(g, x, height_at(dune, x) + 20, dice.between(80, 150), stage, dice.sign())


def cactus(g: Group, x: float, y: float, height: float, stage: Stage, side: int) -> None:
    """A cactus with two arms; ``side`` is where the lower one is."""
    p = stage.palette
    green = mix("#5a9a68", p.ground, 0.1 + 0.5 * p.dark)
    wide = height * 0.2
    for k, low, top in ((side, 0.34, 0.72), (-side, 0.5, 0.82)):
        ax = x + k * wide * 1.25
        arm = Path().move(x, y - height * low).quad(ax, y - height * (low - 0.02), ax, y - height * (low + 0.14))
        g.stroke(arm.line(ax, y - height * top), shade(green, -0.03), wide * 0.62)
    body = g.solid(box(x - wide / 2, y - height, wide, height + 6, wide / 2), green, 0.09)
    for dx in (-0.22, 0.0, 0.22):
        body.stroke(Path().move(x + dx * wide, y - height * 0.96).line(x + dx * wide, y), shade(green, -0.09), 2.4)
    if stage.allows("flower", "flowers"):
        for dx in (-0.2, 0.2):
            g.fill(ellipse(x + dx * wide, y - height - 2, wide * 0.2), "#f07a8a")
