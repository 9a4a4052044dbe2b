"""A striped ball."""

from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import at, ellipse, smooth


def _ball(g: Group, colour: Colour, r: float) -> None:
    ball = g.solid(ellipse(0, 0, r), colour, 0.11, light=(-r * 0.2, -r * 0.25), soft=r * 0.16)
    for x in (-0.62, 0.62):
        band = [(0, -r * 1.05), (x * r * 1.5, -r * 0.3), (x * r * 1.5, r * 0.3), (0, r * 1.05), (x * r * 0.55, 0)]
        ball.fill(smooth(band), "#fff6e6")
    g.fill(ellipse(-r * 0.3, -r * 0.42, r * 0.2, r * 0.13, -30), "#ffffff", opacity=0.75)


def held(g: Group, colour: Colour) -> None:
    _ball(g.group(matrix=at(16, -10)), colour, 25)


def standing(g: Group, colour: Colour) -> None:
    _ball(g.group(matrix=at(0, -31)), colour, 31)


ART = PropArt("#e0584a", held, standing, width=64, height=64)
