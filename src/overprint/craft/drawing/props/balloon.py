"""A balloon on a string."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, ellipse, polygon, smooth


def _balloon(g: Group, x: float, y: float, colour: Colour) -> None:
    g.stroke(Path().move(0, 0).cubic(8, y * 0.3, x - 14, y * 0.55, x, y + 44), "#6b5b5b", 1.8, opacity=0.8)
    shape = [(0, -42), (29, -25), (33, 4), (14, 32), (0, 41), (-14, 32), (-33, 4), (-29, -25)]
    g.fill(polygon([(x - 6, y + 48), (x + 6, y + 48), (x, y + 38)]), shade(colour, -0.1))
    g.solid(smooth([(x + px, y + py) for px, py in shape]), colour, 0.11, light=(-7, -9), soft=6)
    g.fill(ellipse(x - 13, y - 17, 5, 10, 25), "#ffffff", opacity=0.55)


def held(g: Group, colour: Colour) -> None:
    _balloon(g, 22, -150, colour)


def standing(g: Group, colour: Colour) -> None:
    _balloon(g, 10, -175, colour)
    g.solid(smooth([(-14, 3), (-10, -14), (0, -18), (10, -14), (14, 3)]), shade(colour, -0.12))


ART = PropArt("#e8505b", held, standing, width=66, height=225, floats=True)
