"""One flower in the hand, a clump on the ground."""

import math

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, ellipse, leaf

_STEM = "#5a9a4f"


def bloom(g: Group, colour: Colour) -> None:
    """From the foot of the stem at the origin, 62 high."""
    g.stroke(Path().move(0, 14).quad(6, -20, 0, -46), _STEM, 4.5)
    g.fill(leaf(2, -8, 22, -38), _STEM)
    g.fill(leaf(2, -2, 20, -142), shade(_STEM, 0.05))
    for i in range(7):
        angle = math.radians(i * 360 / 7)
        petal = ellipse(10.5 * math.cos(angle), -52 + 10.5 * math.sin(angle), 9.5, 7, i * 360 / 7)
        g.fill(petal, shade(colour, 0.04 if i % 2 else -0.02))
    g.solid(ellipse(0, -52, 8), mix("#ffd35a", colour, 0.08), 0.08, light=(-2, -2), soft=1.5)


def held(g: Group, colour: Colour) -> None:
    bloom(g.group(matrix=at(0, -4, turn=8)), colour)


def standing(g: Group, colour: Colour) -> None:
    for x, scale, turn, tint in ((-20, 0.95, -12, 0.03), (22, 0.9, 14, -0.04), (0, 1.35, 0, 0.0)):
        bloom(g.group(matrix=at(x, -12 * scale, scale, turn=turn)), shade(colour, tint))


ART = PropArt("#f07a9a", held, standing, width=80, height=100)
