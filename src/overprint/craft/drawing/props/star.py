"""A star to hold: small, golden, glowing."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import ellipse, polygon, smooth
from overprint.craft.drawing.vector import star as star_path


def _star(g: Group, y: float, size: float, colour: Colour) -> None:
    glow(g, 0, y, size * 3.4, colour, 0.75, shine=Shine.TWINKLE)
    points = [values[-2:] for op, values in star_path(0, y, size, inner=0.52).segments if op != "Z"]
    g.solid(smooth([(x, py) for x, py in points], ease=1 / 14), colour, 0.09, light=(-3, -4), soft=4)
    facet = [(0, y - size * 0.8), (size * 0.12, y), (-size * 0.4, y - size * 0.2)]
    g.fill(polygon(facet), shade(colour, 0.1), opacity=0.6)
    g.fill(ellipse(-size * 0.2, y - size * 0.12, size * 0.07, size * 0.11), "#5a3d2e")
    g.fill(ellipse(size * 0.2, y - size * 0.12, size * 0.07, size * 0.11), "#5a3d2e")


def held(g: Group, colour: Colour) -> None:
    _star(g, -22, 28, colour)


def standing(g: Group, colour: Colour) -> None:
    _star(g, -40, 46, colour)


ART = PropArt("#ffd257", held, standing, width=96, height=88, lamp=True)
