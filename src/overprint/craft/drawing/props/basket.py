"""A woven basket of apples."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse, leaf


def _basket(g: Group, colour: Colour) -> None:
    """The handle's top is at the origin, the foot at (0, 66)."""
    g.stroke(Path().move(-28, 34).cubic(-26, -12, 26, -12, 28, 34), shade(colour, -0.1), 5)
    for x, y, tint in ((-14.0, 28.0, "#d9483b"), (2, 24, "#e8a33c"), (16, 29, "#c93f45")):
        g.solid(ellipse(x, y, 11, 10.5), tint, 0.09, light=(-2, -3), soft=2)
        g.fill(leaf(x, y - 9, 9, -40), "#5a9a4f")
    bowl = (
        Path().move(-34, 32).line(34, 32).cubic(33, 52, 28, 66, 20, 66).line(-20, 66).cubic(-28, 66, -33, 52, -34, 32)
    )
    weave = g.solid(bowl.close(), colour, 0.09)
    for row in range(4):
        for column in range(-4, 5):
            x, y = column * 9 + (row % 2) * 4.5, 37.0 + row * 8
            weave.stroke(Path().move(x - 3, y).quad(x, y + 3, x + 3, y), shade(colour, -0.13), 2)
    g.fill(box(-37, 29, 74, 8, 4), shade(colour, 0.05))


def held(g: Group, colour: Colour) -> None:
    _basket(g.group(matrix=at(0, 0, 0.86)), colour)


def standing(g: Group, colour: Colour) -> None:
    _basket(g.group(matrix=at(0, -83, 1.25)), colour)


ART = PropArt("#c08a4f", held, standing, width=94, height=86)
