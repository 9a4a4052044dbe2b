"""Under the sea: light from above, kelp, coral and fish over a floor of sand."""

import math

from overprint.core.scene import Time
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import hill, ridge, rock
from overprint.craft.drawing.elements.water import fish
from overprint.craft.drawing.nodes import Group, Layer, glow, linear
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, Rect, ellipse, smooth, star

CORALS = ("#f08a7a", "#f0b05a", "#c98ad0", "#f2789a", "#7fd0b8")
_FISH = ("#f6a04a", "#f2cf5a", "#e86a7a", "#7ac0e8", "#b79be8")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    light, deep = mix("#7fe0e0", "#2a5aa0", 0.8 * p.dark), mix("#12609a", "#0c1c4a", 0.85 * p.dark)
    g = stage.layer("water", 0.0)
    middle = mix(light, deep, 0.5)
    stage.wall_colour = middle
    g.fill(stage.cover(), linear(0, min(0.0, stage.area.y0), 0, h * 1.0, light, middle, deep))
    _surface(stage, g, light)
    for i, share in enumerate((0.56, 0.66)):
        tone = mix(deep, light, 0.34 - 0.14 * i)
        points = ridge(stage, h * share, 46 - 10 * i, f"reef-{i}", slope=dice.between(-80, 80))
        g = stage.layer(f"reef-{i}", 0.2 + 0.2 * i, shadow=0.15)
        for _ in range(stage.count(9)):
            x = dice.between(stage.area.x0, stage.area.x1)
            kelp(g, x, h * (share + 0.05), dice.between(110, 260), shade(mix("#3f8a6a", tone, 0.62), 0.03 * i), dice)
        hill(stage, g, points, tone, mix(tone, deep, 0.5))
    _shoal(stage, stage.layer("shoal", 0.5), mix(light, deep, 0.35))
    _beams(stage, light)
    sand = mix("#f0dca8", middle, 0.2 + 0.42 * p.dark)
    stage.floor_colour = sand
    front = ridge(stage, h * 0.79, 18, "floor", slope=dice.between(-40, 40))
    g = stage.layer("floor", 0.85, shadow=0.2)
    _garden(stage, g, front, deep)
    ground = hill(stage, g, front, sand, shade(sand, -0.1))
    for _ in range(stage.count(20)):
        x, y, r = dice.between(stage.area.x0, stage.area.x1), h * dice.between(0.84, 1.03), dice.between(16, 44)
        ground.fill(ellipse(x, y, r, r * 0.17), shade(sand, -0.05), opacity=0.7)
    for _ in range(stage.count(4)):
        ground.fill(star(dice.between(0, w), h * dice.between(0.86, 1.0), dice.between(10, 17), inner=0.5), "#f0876a")
    return Scenery(Floor(h * 0.945, h * 0.89, h * 0.84), front=(_bubbles(stage), _near_kelp(stage, deep)), indoors=True)


def _surface(stage: Stage, g: Group, light: Colour) -> None:
    """The sun or the moon, seen through the waves."""
    moon = (stage.time in (Time.NIGHT, Time.DUSK) or stage.requires("moon")) and not stage.requires("sun")
    what = "moon" if moon else "sun"
    x, y = stage.light[0], max(30.0, stage.area.y0 + 110)
    if stage.allows(what):
        glow(g, x, y, 420, stage.palette.halo, 0.75)
        face = g.group(what)
        face.fill(
            smooth(
                [(x - 70, y), (x - 30, y - 26), (x + 34, y - 24), (x + 72, y + 3), (x + 26, y + 24), (x - 36, y + 26)]
            ),
            stage.palette.disc,
            opacity=0.9,
        )
        stage.note(what, Rect(x - 72, y - 26, x + 72, y + 26))
    dice = stage.dice.child("surface")
    path = Path()
    for _ in range(stage.count(34)):
        sx, sy, reach = (
            dice.between(stage.area.x0, stage.area.x1),
            stage.area.y0 + dice.between(0, 1) ** 2 * 260,
            dice.between(24, 80),
        )
        path.join(smooth([(sx - reach, sy), (sx, sy - 5), (sx + reach, sy), (sx, sy + 4)]))
    g.fill(path, shade(light, 0.1), opacity=0.4)


def _beams(stage: Stage, light: Colour) -> None:
    dice = stage.dice.child("beams")
    g = stage.layer("beams", 0.6, is_light=True)
    top = stage.area.y0
    for _ in range(stage.count(6)):
        x, wide, lean = dice.between(-0.1, 1.1) * stage.width, dice.between(30, 80), dice.between(-160, 160)
        for share, strength in ((1.5, 0.05), (1.0, 0.07)):
            beam = Path().move(x - wide * share * 0.3, top).line(x + wide * share * 0.3, top)
            beam.line(x + lean + wide * share, stage.height * 0.92).line(
                x + lean - wide * share, stage.height * 0.92
            ).close()
            stops = ((0.0, shade(light, 0.1), strength * 2.4), (1.0, light, 0.0))
            g.fill(beam, linear(0, top, 0, stage.height * 0.92, *stops))


def kelp(g: Group, x: float, y: float, height: float, colour: Colour, dice: Dice) -> None:
    """A waving ribbon of seaweed with leaves."""
    sway = dice.between(-40, 40)
    stem = Path().move(x, y).cubic(x + sway, y - height * 0.35, x - sway, y - height * 0.7, x + sway * 0.6, y - height)
    g.stroke(stem, colour, 7)
    leaves = Path()
    for k in range(7):
        u = (k + 1) / 7.5
        cx = x + sway * math.sin(u * 4.4) * 0.5
        cy, side = y - height * u, 1 if k % 2 else -1
        leaves.join(smooth([(cx, cy), (cx + side * 20, cy - 16), (cx + side * 34, cy - 10), (cx + side * 16, cy + 2)]))
    g.fill(leaves, shade(colour, 0.03))


def _shoal(stage: Stage, g: Group, haze: Colour) -> None:
    if not stage.allows("fish"):
        return
    dice, w, h = stage.dice.child("shoal"), stage.width, stage.height
    for _ in range(dice.whole(2, 3)):
        cx, cy, way, colour = w * dice.between(0.1, 0.9), h * dice.between(0.22, 0.6), dice.sign(), dice.pick(_FISH)
        for _ in range(dice.whole(3, 7)):
            x, y = cx + dice.between(-130, 130), cy + dice.between(-60, 60)
            fish(g, x, y, dice.between(13, 24), mix(colour, haze, 0.25), flip=way < 0)
    stage.note("fish")


def _garden(stage: Stage, g: Group, floor: list[tuple[float, float]], deep: Colour) -> None:
    """Coral, rocks and tall weed at both sides of the stage."""
    dice, w, h = stage.dice.child("garden"), stage.width, stage.height
    for i in range(stage.count(13)):
        share = dice.between(-0.04, 0.34) if i % 2 else dice.between(0.66, 1.04)
        x, y = w * share, h * dice.between(0.8, 0.83)
        colour = mix(dice.pick(CORALS), deep, 0.18 + 0.25 * stage.palette.dark)
        kind = i % 4
        if kind == 0:
            kelp(g, x, y, dice.between(180, 340), mix("#4fae7a", deep, 0.3), dice)
        elif kind == 1:
            coral(g, x, y, dice.between(60, 120), colour)
        elif kind == 2:
            for k in range(3):
                g.solid(ellipse(x + (k - 1) * 30, y - 16 - (k == 1) * 16, 30, 34), shade(colour, 0.03 * k), 0.09)
        else:
            rock(g, x, y + 6, dice.between(36, 70), mix("#7a86a0", deep, 0.35))


def coral(g: Group, x: float, y: float, height: float, colour: Colour) -> None:
    tree = Path().move(x, y).line(x, y - height)
    for side, low, reach, top in (
        (-1, 0.25, 0.42, 0.82),
        (1, 0.38, 0.4, 0.95),
        (-1, 0.55, 0.26, 1.05),
        (1, 0.66, 0.2, 1.12),
    ):
        tree.move(x, y - height * low).quad(
            x + side * height * reach, y - height * low, x + side * height * reach, y - height * top
        )
    g.stroke(tree, colour, height * 0.12)
    g.stroke(tree.moved(-2, -3), shade(colour, 0.06), height * 0.05, opacity=0.7)


def _bubbles(stage: Stage) -> Layer:
    dice, w, h = stage.dice.child("bubbles"), stage.width, stage.height
    layer = Layer("bubbles", 1.1, Group("bubbles"))
    for _ in range(stage.count(5)):
        x, y = w * dice.between(0.04, 0.96), h * dice.between(0.3, 0.8)
        for k in range(dice.whole(2, 5)):
            bx, by, r = x + dice.between(-22, 22), y - k * dice.between(26, 44), dice.between(5, 13)
            layer.group.stroke(ellipse(bx, by, r), "#e6fbff", 2.2, opacity=0.75)
            layer.group.fill(ellipse(bx - r * 0.35, by - r * 0.35, r * 0.26), "#ffffff", opacity=0.9)
    return layer


def _near_kelp(stage: Stage, deep: Colour) -> Layer:
    dice, w, h = stage.dice.child("near"), stage.width, stage.height
    layer = Layer("near kelp", 1.25, Group("near kelp"), softness=3.0)
    for share in dice.pick(((0.01, 0.06), (0.95, 1.0), (0.02, 0.98))):
        kelp(layer.group, w * share, h * 1.06, h * dice.between(0.4, 0.6), mix("#1f5a5a", deep, 0.45), dice)
    return layer
