"""Hills and what grows low on them."""

import itertools
import math

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group, linear
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, Point, blob, ellipse, leaf, smooth

Ridge = list[Point]


def ridge(stage: Stage, y: float, swing: float, name: str, *, slope: float = 0.0) -> Ridge:
    """A soft skyline around ``y``; ``slope`` tilts it (world units from edge to edge)."""
    dice = stage.dice.child("ridge", name)
    phases = dice.many(3, 0, 2 * math.pi)
    low, high = stage.area.x0 - 20, stage.area.x1 + 20
    points: Ridge = []
    for i in range(34):
        x = low + (high - low) * i / 33
        wave = (
            0.6 * math.sin(x / 310 + phases[0])
            + 0.3 * math.sin(x / 150 + phases[1])
            + 0.18 * math.sin(x / 73 + phases[2])
        )
        points.append((x, y + swing * wave + slope * ((x - low) / (high - low) - 0.5)))
    return points


def height_at(points: Ridge, x: float) -> float:
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def hill(stage: Stage, g: Group, points: Ridge, top: Colour, low: Colour, *, depth: float = 330) -> Group:
    """Fills from the skyline down; answers a group clipped to it."""
    bottom = stage.area.y1 + 20
    outline = smooth(points, closed=False).line(points[-1][0], bottom).line(points[0][0], bottom).close()
    y = min(y for _, y in points)
    ground = g.group(clip=outline)
    ground.fill(outline, linear(0, y, 0, y + depth, shade(top, 0.05), top, low))
    ground.stroke(smooth(points, closed=False), shade(top, 0.12), 5, opacity=0.55, blur=2)
    return ground


def grass(
    stage: Stage, g: Group, points: Ridge, colour: Colour, number: float, *, low: float = 8, high: float = 20
) -> None:
    """Blades along a skyline; none where snow lies."""
    if stage.is_snowy:
        return
    dice = stage.dice.child("grass", points[0][1])
    tones = [Path(), Path(), Path()]
    for i in range(stage.count(number)):
        x = dice.between(stage.area.x0, stage.area.x1)
        y = height_at(points, x) + dice.between(0, 4)
        for j in range(3):
            h = dice.between(low, high)
            bend = dice.between(-0.6, 0.6) * h
            blade = Path().move(x - 1.8 + j * 2, y + 2).quad(x + bend * 0.3, y - h * 0.6, x + bend + j * 2, y - h)
            tones[i % 3].join(blade.quad(x + bend * 0.3 + 2, y - h * 0.5, x + 1.8 + j * 2, y + 2).close())
    for path, step in zip(tones, (0.06, -0.05, 0.1), strict=True):
        g.fill(path, shade(colour, step))


def path_down(
    stage: Stage,
    ground: Group,
    x: float,
    y0: float,
    y1: float,
    width: float,
    colour: Colour,
    sway: float,
    *,
    start: float = 0.09,
) -> None:
    """A footpath that comes towards us from ``(x, y0)``, ``width`` at ``y1``; ``sway`` bends it;
    ``start`` is its share of the width where it begins. One that leaves the stage goes on below it."""
    if y1 > stage.height:
        longer = (stage.area.y1 + 40 - y0) / (y1 - y0)
        y1, width = stage.area.y1 + 40, width * longer**1.2
    left: list[Point] = []
    right: list[Point] = []
    for i in range(7):
        u = i / 6
        half = (start + (1 - start) * u**1.6) * width / 2
        centre = x + sway * math.sin(u * 2.6) * (0.4 + u)
        left.append((centre - half, y0 + (y1 - y0) * u))
        right.append((centre + half, y0 + (y1 - y0) * u))
    ground.fill(smooth([*left, *reversed(right)], ease=1 / 7), colour, opacity=0.85, blur=2)
    dice = stage.dice.child("pebbles")
    for _ in range(20):
        u = dice.between(0, 1)
        half = (start + (1 - start) * u**1.6) * width / 2
        px = x + sway * math.sin(u * 2.6) * (0.4 + u) + dice.between(-half, half) * 0.9
        size = 2 + 6 * u
        ground.fill(
            ellipse(px, y0 + (y1 - y0) * u, size, size * 0.5), shade(colour, dice.pick((-0.07, 0.06))), opacity=0.6
        )


def flower(g: Group, x: float, y: float, size: float, colour: Colour, stem: Colour, kind: int) -> None:
    """A meadow flower: daisy, tulip or spike."""
    g.stroke(Path().move(x, y).quad(x + size * 0.3, y - size, x, y - size * 2.4), stem, size * 0.22)
    g.fill(smooth([(x, y - size * 0.7), (x + size * 0.7, y - size * 1.3), (x + size * 0.1, y - size * 1.1)]), stem)
    top = y - size * 2.6
    if kind == 0:
        petals = Path()
        for i in range(6):
            angle = i * math.pi / 3
            petals.join(ellipse(x + size * 0.55 * math.cos(angle), top + size * 0.55 * math.sin(angle), size * 0.42))
        g.fill(petals, colour)
        g.fill(ellipse(x, top, size * 0.38), "#ffd35a")
    elif kind == 1:
        cup = [(-0.6, -0.5), (-0.2, -0.1), (0, -0.7), (0.2, -0.1), (0.6, -0.5), (0.5, 0.4), (0, 0.6), (-0.5, 0.4)]
        g.fill(smooth([(x + px * size, top + py * size) for px, py in cup], ease=1 / 8), colour)
    else:
        for i in range(6):
            g.fill(
                ellipse(x + math.sin(i * 2.4) * size * 0.25, top + size * (0.6 - i * 0.3), size * 0.21),
                shade(colour, 0.02 * i - 0.05),
            )


def mushroom(g: Group, x: float, y: float, size: float, colour: Colour) -> None:
    stem = [(-0.3, 0), (-0.24, -0.7), (0.24, -0.7), (0.3, 0)]
    g.solid(smooth([(x + px * size, y + py * size) for px, py in stem]), "#f6ead6", 0.1, soft=2)
    hat = [(-0.85, -0.62), (-0.6, -1.2), (0, -1.5), (0.6, -1.2), (0.85, -0.62), (0, -0.5)]
    cap = g.solid(smooth([(x + px * size, y + py * size) for px, py in hat]), colour, 0.1, light=(-4, -4), soft=3)
    for px, py, r in ((-0.35, -1.0, 0.16), (0.2, -1.2, 0.19), (0.5, -0.85, 0.12), (-0.05, -0.78, 0.11)):
        cap.fill(ellipse(x + px * size, y + py * size, r * size, r * size * 0.85), "#fff6e8")


def rock(g: Group, x: float, y: float, size: float, colour: Colour) -> None:
    outline = [(-1, 0.1), (-0.8, -0.5), (-0.2, -0.78), (0.5, -0.62), (1, -0.1), (0.8, 0.15)]
    path = smooth([(x + px * size, y + py * size) for px, py in outline])
    g.solid(path, colour, 0.1, light=(-size * 0.12, -size * 0.16), soft=size * 0.08)


def bush(
    g: Group, x: float, y: float, size: float, colour: Colour, dice: Dice, *, berries: Colour | None = None
) -> None:
    for dx, dy, r in ((-0.6, -0.3, 0.5), (0.6, -0.3, 0.5), (0, -0.55, 0.62), (-0.2, -0.2, 0.5), (0.3, -0.2, 0.5)):
        path = blob(x + dx * size, y + dy * size, r * size, r * size * 0.9, dice, points=10, wobble=0.06)
        g.solid(path, shade(colour, 0.02 * dx), 0.07, light=(-4, -6), soft=4)
    if berries:
        for _ in range(9):
            g.fill(
                ellipse(x + dice.between(-0.8, 0.8) * size, y - dice.between(0.1, 0.95) * size, size * 0.06), berries
            )


def litter(stage: Stage, g: Group, colours: tuple[Colour, ...], number: float, top: float, low: float) -> None:
    """Fallen leaves."""
    dice = stage.dice.child("litter")
    piles = [Path() for _ in colours]
    for i in range(stage.count(number)):
        x, y = dice.between(stage.area.x0, stage.area.x1), dice.between(top, low)
        piles[i % len(piles)].join(leaf(x, y, dice.between(7, 13), dice.between(0, 360)))
    for path, colour in zip(piles, colours, strict=True):
        g.fill(path, colour, opacity=0.88)


def shadowed(colour: Colour, stage: Stage) -> Colour:
    """A foreground tone: nearly a silhouette."""
    return mix(colour, stage.palette.shadow, 0.55)
