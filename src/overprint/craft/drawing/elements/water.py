"""Waves and light on water."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group, Shine, linear
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, ellipse, smooth, sparkle

_TURNS = 3
"""Glints come and go in so many groups, one after the other."""


def waves(
    stage: Stage, g: Group, y: float, colour: Colour, *, swell: float = 9, length: float = 92, phase: float = 0
) -> None:
    """Water from a row of crests at ``y`` down."""
    dice = stage.dice.child("waves", y)
    start = stage.area.x0 - length + phase % length - length
    body, crest = Path().move(start, y), Path().move(start, y)
    for i in range(int((stage.area.width + 3 * length) / length) + 1):
        x = start + i * length
        for path in (body, crest):
            path.cubic(x + length * 0.25, y, x + length * 0.36, y - swell * 1.6, x + length * 0.56, y - swell * 1.5)
            path.cubic(x + length * 0.74, y - swell * 1.4, x + length * 0.8, y, x + length, y)
    bottom = stage.area.y1 + 10
    body.line(stage.area.x1 + 2 * length, bottom).line(start, bottom).close()
    g.fill(body, linear(0, y - swell * 2, 0, y + 230, shade(colour, 0.05), colour, shade(colour, -0.05)))
    g.stroke(crest, shade(colour, 0.13), 3.2, opacity=0.6)
    ripples = Path()
    for _ in range(stage.count(28)):
        rx, ry, w = dice.between(stage.area.x0, stage.area.x1), y + dice.between(14, 90), dice.between(10, 34)
        ripples.join(Path().move(rx - w, ry).quad(rx, ry - 4, rx + w, ry).quad(rx, ry - 1.5, rx - w, ry).close())
    g.fill(ripples, shade(colour, 0.1), opacity=0.5)


def glitter(stage: Stage, g: Group, x: float, y0: float, y1: float, *, near: float, wide: float, number: int) -> None:
    """The road of light under the disc; ``near`` and ``wide`` are its widths at ``y0`` and ``y1``."""
    dice = stage.dice.child("glitter", y0)
    path = Path()
    for _ in range(number):
        u = dice.between(0, 1)
        y, reach = y0 + (y1 - y0) * u, near + (wide - near) * u
        w, px = reach * dice.between(0.15, 0.6), x + dice.around(0, reach * 0.42)
        path.join(smooth([(px - w, y), (px, y - 1.6 - 2.4 * u), (px + w, y), (px, y + 1.6 + 2.4 * u)]))
    g.fill(path, mix(stage.palette.disc, "#ffdc8f", 0.6), opacity=0.62)
    glints = dice.child("glints")
    for _ in range(_TURNS):
        sparks = Path()
        for _ in range(max(3, number // 4)):
            u = glints.between(0, 1)
            reach, size = near + (wide - near) * u, 3 + 4 * u
            sparks.join(sparkle(x + glints.around(0, reach * 0.42), y0 + (y1 - y0) * u, glints.between(size, 2 * size)))
        g.group(opacity=0, shine=Shine.GLINT).fill(sparks, mix(stage.palette.disc, "#ffffff", 0.5))


def fish(g: Group, x: float, y: float, size: float, colour: Colour, *, flip: bool) -> None:
    k = -1 if flip else 1
    body = [
        (x - k * size, y),
        (x - k * size * 0.3, y - size * 0.42),
        (x + k * size * 0.7, y - size * 0.2),
        (x + k * size, y),
        (x + k * size * 0.5, y + size * 0.26),
        (x - k * size * 0.4, y + size * 0.3),
    ]
    g.solid(smooth(body), colour, 0.08, light=(-2, -3), soft=2)
    g.fill(
        smooth(
            [(x - k * size * 0.9, y), (x - k * size * 1.45, y - size * 0.36), (x - k * size * 1.4, y + size * 0.34)],
            ease=1 / 8,
        ),
        shade(colour, -0.04),
    )
    g.fill(ellipse(x + k * size * 0.6, y - size * 0.06, size * 0.08), "#22304a")
