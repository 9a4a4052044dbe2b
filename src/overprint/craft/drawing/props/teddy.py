"""A teddy bear."""

from overprint.craft.drawing.colour import Colour, mix
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import at, ellipse


def _teddy(g: Group, colour: Colour) -> None:
    """Sits on the origin, 94 high."""
    pale = mix(colour, "#fff3d8", 0.62)
    for side in (-1, 1):
        g.solid(ellipse(side * 20, -88, 10), colour, 0.08, soft=2)
        g.solid(ellipse(side * 26, -8, 15, 11), colour, 0.08, soft=2)
        g.solid(ellipse(side * 28, -38, 9, 15, side * -30), colour, 0.08, soft=2)
    g.solid(ellipse(0, -30, 25, 27), colour, 0.08, soft=3)
    g.fill(ellipse(0, -27, 15, 17), pale)
    g.solid(ellipse(0, -70, 27, 24), colour, 0.08, soft=3)
    g.fill(ellipse(0, -63, 11, 9), pale)
    for side in (-1, 1):
        g.fill(ellipse(side * 9, -75, 3), "#3a2a24")
    g.fill(ellipse(0, -67, 4, 3), "#3a2a24")


def held(g: Group, colour: Colour) -> None:
    _teddy(g.group(matrix=at(14, 26, 0.62)), colour)


def in_both_hands(g: Group, colour: Colour) -> None:
    _teddy(g.group(matrix=at(0, 16, 0.66)), colour)


def standing(g: Group, colour: Colour) -> None:
    _teddy(g, colour)


ART = PropArt("#b98556", held, standing, width=90, height=98, in_both_hands=in_both_hands)
