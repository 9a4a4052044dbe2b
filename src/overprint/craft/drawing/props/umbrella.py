"""An umbrella, open over whoever holds it."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at


def _open(g: Group, colour: Colour, reach: float) -> None:
    g.stroke(Path().move(0, -reach - 62).line(0, 14).quad(0, 28, -12, 26), "#6a4837", 5)
    top = -reach
    canopy = Path().move(-92, top).cubic(-84, top - 76, 84, top - 76, 92, top)
    for x in (92, 46, 0, -46):
        canopy.quad(x - 23, top - 17, x - 46, top)
    cloth = g.solid(canopy.close(), colour, 0.1, light=(-8, -8), soft=8)
    for x in (-46, 0, 46):
        cloth.stroke(Path().move(0, top - 60).quad(x * 0.85, top - 44, x, top), shade(colour, -0.09), 3)
    lit = Path().move(-46, top).quad(-44, top - 44, 0, top - 60).quad(-6, top - 40, 0, top)
    cloth.fill(lit.quad(-23, top - 17, -46, top).close(), shade(colour, 0.07))
    g.fill(Path().move(-4, top - 54).line(0, top - 72).line(4, top - 54).close(), "#6a4837")


def held(g: Group, colour: Colour) -> None:
    _open(g.group(matrix=at(0, 0, turn=-15)), colour, 126)


def standing(g: Group, colour: Colour) -> None:
    _open(g.group(matrix=at(18, -44, turn=62)), colour, 30)


ART = PropArt("#d9544d", held, standing, width=150, height=170, overhead=True)
