"""A telescope: a brass tube in the hand, on three legs on the ground."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse


def _tube(g: Group, colour: Colour) -> None:
    """Along x, its middle at the origin."""
    for x, wide, tall in ((-44, 34, 18), (-12, 40, 24), (26, 36, 31)):
        g.solid(box(x, -tall / 2, wide, tall, 4), colour, 0.1, light=(-2, -5), soft=4)
        g.fill(box(x, -tall / 2, 6, tall, 2), shade(colour, -0.12))
    g.fill(ellipse(62, 0, 4, 15), "#bfe6fb")


def held(g: Group, colour: Colour) -> None:
    _tube(g.group(matrix=at(8, -4, 0.8, turn=-28)), colour)


def standing(g: Group, colour: Colour) -> None:
    legs = Path().move(0, -96).line(-44, 0).move(0, -96).line(4, 0).move(0, -96).line(46, 0)
    g.stroke(legs, "#6a4a38", 8)
    _tube(g.group(matrix=at(0, -112, 1.35, turn=-30)), colour)


ART = PropArt("#c99a4a", held, standing, width=150, height=170)
