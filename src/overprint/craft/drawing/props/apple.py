"""An apple."""

from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, ellipse, leaf, smooth


def _apple(g: Group, colour: Colour) -> None:
    half = [(0, -28), (14, -34), (26, -22), (22, -4), (8, 2)]
    g.stroke(Path().move(0, -28).quad(1, -38, 6, -42), "#6a4a34", 4)
    g.fill(leaf(4, -36, 20, -28), "#6fa84a")
    g.solid(smooth([*half, (0, 0), *((-x, y) for x, y in half[:0:-1])]), colour, 0.1, light=(-4, -5), soft=4)
    g.fill(ellipse(-11, -22, 4, 6, 20), "#ffffff", opacity=0.7)


def held(g: Group, colour: Colour) -> None:
    _apple(g.group(matrix=at(9, 4, 0.95)), colour)


def standing(g: Group, colour: Colour) -> None:
    for x, y in ((-24, 0), (24, 0), (0, -24)):
        _apple(g.group(matrix=at(x, y)), colour)


ART = PropArt("#d8433a", held, standing, width=100, height=68)
