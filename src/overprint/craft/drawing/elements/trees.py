"""Trees."""

import math

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import Ridge, height_at
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, blob, box, ellipse, leaf, polygon, smooth

SNOW = "#f4f8ff"


def conifer(
    g: Group,
    x: float,
    y: float,
    height: float,
    colour: Colour,
    dice: Dice,
    *,
    side: int = -1,
    snowy: bool = False,
    trunk: Colour = "#5a4032",
) -> None:
    """A fir in five tiers, its foot at ``(x, y)``."""
    width = height * 0.4
    g.fill(box(x - height * 0.03, y - height * 0.13, height * 0.06, height * 0.15, 2), trunk)
    for i in range(5):
        u = i / 5
        low, half = y - height * 0.08 - u * height * 0.72, width * (1 - u * 0.74) * 0.5
        top = max(y - height, low - height * (0.4 - 0.12 * u))
        rise = low - top
        edge = [dice.between(-2, 4) * height / 200 for _ in range(2)]
        right = [
            (half * 0.42, -rise * 0.42),
            (half, edge[0]),
            (half * 0.6, -height * 0.015),
            (half * 0.33, height * 0.022),
        ]
        left = [
            (-half * 0.35, height * 0.022),
            (-half * 0.62, -height * 0.015),
            (-half, edge[1]),
            (-half * 0.42, -rise * 0.42),
        ]
        points = [(0.0, -rise), *right, (0.0, -height * 0.004), *left]
        tone = shade(colour, -0.035 + 0.055 * u)
        tier = g.solid(
            smooth([(x + px, low + py) for px, py in points], ease=1 / 8),
            tone,
            0.07,
            light=(side * height * 0.035, -height * 0.012),
            soft=height * 0.014,
        )
        if snowy:
            cap = [
                (0, -rise - 4),
                (half * 0.4, -rise * 0.46),
                (half * 0.9, -height * 0.02),
                (half * 0.5, -height * 0.07),
                (half * 0.2, -height * 0.03),
            ]
            cap += [
                (-half * 0.1, -height * 0.08),
                (-half * 0.45, -height * 0.035),
                (-half * 0.92, -height * 0.02),
                (-half * 0.4, -rise * 0.46),
            ]
            tier.fill(smooth([(x + px, low + py) for px, py in cap], ease=1 / 7), SNOW, opacity=0.95)


def conifer_row(stage: Stage, g: Group, points: Ridge, colour: Colour, low: float, high: float, number: float) -> None:
    """A far forest: bare triangles along a skyline."""
    dice = stage.dice.child("row", points[0][1])
    row = Path()
    for _ in range(stage.count(number)):
        x, h = dice.between(stage.area.x0, stage.area.x1), dice.between(low, high)
        y, half = height_at(points, x) + 6, h * 0.19
        for i in range(4):
            base, w = y - i / 4 * h * 0.7, half * (1 - i / 4 * 0.72)
            row.join(polygon([(x - w, base), (x, base - h * 0.42), (x + w, base)]))
    g.fill(row, colour)


def tree(
    g: Group,
    x: float,
    y: float,
    height: float,
    leaf_colour: Colour,
    trunk: Colour,
    dice: Dice,
    *,
    side: int = -1,
    snowy: bool = False,
) -> None:
    """A round storybook tree: forked trunk, a crown in three tones, loose leaves."""
    _trunk(g, x, y, height, trunk, side)
    centre, r = y - height * 0.68, height * 0.3
    puffs = [
        (-0.72, 0.3, 0.62),
        (0.74, 0.26, 0.6),
        (-0.42, -0.36, 0.66),
        (0.46, -0.34, 0.64),
        (0, 0.1, 0.8),
        (0, -0.72, 0.5),
    ]
    crown = [
        (x + px * r + dice.between(-0.07, 0.07) * r, centre + py * r, q * r * dice.between(0.92, 1.08))
        for px, py, q in puffs
    ]
    for cx, cy, q in crown:
        g.fill(blob(cx + 3, cy + r * 0.1, q * 1.02, q * 0.96, dice, points=11, wobble=0.05), shade(leaf_colour, -0.085))
    for cx, cy, q in crown:
        path = blob(cx, cy, q, q * 0.92, dice, points=11, wobble=0.05)
        puff = g.group(clip=path)
        puff.fill(path, shade(leaf_colour, -0.03))
        puff.fill(
            ellipse(cx + side * q * 0.28, cy - q * 0.3, q * 0.86, q * 0.78), shade(leaf_colour, 0.03), blur=q * 0.12
        )
        if snowy:
            puff.fill(ellipse(cx, cy - q * 0.62, q * 0.8, q * 0.42), SNOW, opacity=0.8, blur=q * 0.05)
    _loose_leaves(g, crown, leaf_colour, dice, height, side)


def _trunk(g: Group, x: float, y: float, height: float, colour: Colour, side: int) -> None:
    w, top = height * 0.05, y - height * 0.55
    outline = [
        (x - w * 1.9, y + 4),
        (x - w * 0.9, y - height * 0.08),
        (x - w * 0.75, y - height * 0.3),
        (x - w * 2.6, top),
    ]
    outline += [(x - w * 1.6, top - 4), (x - w * 0.1, y - height * 0.4), (x + w * 1.8, top - 8), (x + w * 2.6, top)]
    outline += [(x + w * 0.8, y - height * 0.28), (x + w, y - height * 0.08), (x + w * 2.1, y + 4), (x, y - 2)]
    bark = g.solid(smooth(outline, ease=1 / 7), colour, 0.07, light=(side * 3, 0), soft=2)
    for i in range(5):
        by = y - height * (0.06 + 0.07 * i)
        groove = (
            Path()
            .move(x - w * 0.5 + i * w * 0.2, by)
            .quad(x - w * 0.3 + i * w * 0.2, by - height * 0.02, x - w * 0.5 + i * w * 0.2, by - height * 0.045)
        )
        bark.stroke(groove, shade(colour, -0.08), 1.6, opacity=0.7)


def _loose_leaves(
    g: Group, crown: list[tuple[float, float, float]], colour: Colour, dice: Dice, height: float, side: int
) -> None:
    lit, dim = Path(), Path()
    size = min(height * 0.0095, 3.6)
    x, y = crown[4][0], crown[4][1]
    for _ in range(int(24 + height * 0.16)):
        cx, cy, q = dice.pick(crown)
        angle, away = dice.between(0, 2 * math.pi), q * math.sqrt(dice.between(0, 0.9))
        px, py = cx + away * math.cos(angle), cy + away * math.sin(angle)
        mark = ellipse(px, py, size, size * 0.52, dice.between(0, 180))
        (lit if (px - x) * side + (y - py) > 0 else dim).join(mark)
    g.fill(lit, shade(colour, 0.13), opacity=0.75)
    g.fill(dim, shade(colour, -0.13), opacity=0.5)


def bare_tree(g: Group, x: float, y: float, height: float, colour: Colour, dice: Dice, *, snowy: bool = True) -> None:
    """Winter: branches only."""
    twigs: list[tuple[float, float, float, float, float]] = [(x, y, -90.0, height * 0.36, height * 0.06)]
    for _ in range(4):
        grown: list[tuple[float, float, float, float, float]] = []
        for bx, by, angle, length, width in twigs:
            ex, ey = bx + length * math.cos(math.radians(angle)), by + length * math.sin(math.radians(angle))
            g.stroke(Path().move(bx, by).line(ex, ey), colour, width)
            if snowy and width < height * 0.045:
                g.stroke(Path().move(bx, by - width * 0.4).line(ex, ey - width * 0.4), SNOW, width * 0.4, opacity=0.9)
            for turn in (-1, 1):
                grown.append(
                    (ex, ey, angle + turn * dice.between(16, 36), length * dice.between(0.62, 0.76), width * 0.6)
                )
        twigs = grown


def birch(
    g: Group,
    x: float,
    y: float,
    height: float,
    bark: Colour,
    mark: Colour,
    leaves: tuple[Colour, ...],
    dice: Dice,
    *,
    lean: float = 0.0,
) -> None:
    """A slender white trunk that leaves the picture at the top, with sprays of leaves."""
    w = height * 0.016
    outline = [
        (x - w, y + 6),
        (x - w * 0.8, y - height * 0.5),
        (x - w * 0.6 + lean, y - height),
        (x + w * 0.6 + lean, y - height),
        (x + w * 0.8, y - height * 0.5),
        (x + w * 1.1, y + 6),
    ]
    trunk = g.solid(smooth(outline, ease=1 / 8), bark, 0.14, light=(-w * 0.5, 0), soft=w * 0.35)
    for _ in range(int(height / 30)):
        by, k = y - dice.between(0.02, 0.98) * height, dice.sign()
        bx, length = x + lean * (y - by) / height, dice.between(0.4, 1.3) * w
        trunk.fill(smooth([(bx + k * w, by - 3), (bx + k * (w - length), by), (bx + k * w, by + 3)]), mark, opacity=0.8)
    sprays = [Path(), Path()]
    for i in range(20):
        bx, by = x + lean + dice.between(-115, 115), y - height + 70 + dice.between(0, 1) ** 1.3 * 380
        if i < 8:
            g.stroke(
                Path().move(x + lean * 0.8, by + 50).quad((x + bx) / 2, by + 30, bx, by),
                mix(bark, mark, 0.3),
                4,
                opacity=0.8,
            )
        for _ in range(13):
            mark_at = (bx + dice.around(0, 22), by + dice.around(0, 16))
            sprays[dice.whole(0, 1)].join(leaf(*mark_at, dice.between(9, 17), dice.between(20, 160)))
    g.fill(sprays[0], shade(leaves[0], -0.02))
    g.fill(sprays[1], shade(leaves[1], 0.06))


def sprig(g: Group, x: float, y: float, turn: float, count: int, size: float, colour: Colour) -> None:
    """A twig with leaves in pairs, for the dark frame near the camera."""
    path = Path()
    bend, cx, cy = math.radians(turn), x, y
    for i in range(count):
        s = size * (1 - 0.55 * i / count)
        for side in (-1, 1):
            path.join(leaf(cx, cy, s, math.degrees(bend) + side * 52))
        cx, cy = cx + size * 0.46 * math.cos(bend), cy + size * 0.46 * math.sin(bend)
        bend += math.radians(3)
    path.join(leaf(cx, cy, size * 0.5, math.degrees(bend)))
    g.fill(path, colour)
