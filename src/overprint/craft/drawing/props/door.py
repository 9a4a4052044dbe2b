"""A small round-topped door. In a hand it is a toy door, held by its frame."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, radial
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse, polygon, smooth


def _arch(half: float, height: float) -> Path:
    path = (
        Path()
        .move(-half, 0)
        .line(-half, -height + half)
        .cubic(-half, -height - half * 0.3, half, -height - half * 0.3, half, -height + half)
    )
    return path.line(half, 0).close()


def _door(g: Group, colour: Colour) -> None:
    """The threshold's middle is the origin; 200 high."""
    g.solid(_arch(64, 198), "#a89a8c", 0.09)
    for x, y in ((-57, -40), (-57, -92), (57, -66), (57, -118), (-40, -176), (40, -176)):
        g.fill(box(x - 7, y - 9, 14, 18, 5), "#bfb2a3", opacity=0.8)
    leaf = g.solid(_arch(50, 180), colour, 0.09, light=(-6, -6), soft=8)
    for x in (-25, 0, 25):
        leaf.stroke(Path().move(x, 0).line(x, -190), shade(colour, -0.1), 3)
    for y in (-36, -124):
        leaf.fill(box(-52, y - 5, 58, 10, 4), "#4a3b3b")
    g.fill(ellipse(0, -146, 15), "#4a3b3b")
    g.fill(ellipse(0, -146, 12), radial(0, -146, 14, "#fff3c0", "#ffc95a"))
    g.stroke(Path().move(0, -158).line(0, -134).move(-12, -146).line(12, -146), "#4a3b3b", 2.5)
    g.solid(ellipse(34, -76, 6), "#e6b345", 0.08, light=(-1, -2), soft=1)
    g.fill(box(-70, -8, 140, 12, 5), "#8f8478")


def held(g: Group, colour: Colour) -> None:
    _door(g.group(matrix=at(0, 14, 0.34)), colour)


def standing(g: Group, colour: Colour) -> None:
    _door(g, colour)


def porch(g: Group, colour: Colour) -> None:
    """The front of a small house: out of doors no door stands alone."""
    wall = g.solid(polygon([(-104, 0), (-104, -178), (0, -268), (104, -178), (104, 0)]), "#f4e6cc", 0.09, soft=8)
    for x, y in ((-84, -30), (82, -52), (-80, -142), (78, -150), (-88, -84)):
        wall.fill(box(x - 12, y - 6, 24, 12, 4), "#e2cfae", opacity=0.8)
    roof = [(-132, -160), (-124, -184), (-8, -292), (8, -292), (124, -184), (132, -160), (114, -158), (0, -262)]
    g.solid(smooth([*roof, (-114, -158)], ease=1 / 12), shade(colour, -0.1), 0.09, light=(-3, -5), soft=4)
    wall.fill(ellipse(0, -216, 17), "#8a6a50")
    wall.fill(ellipse(0, -216, 12), "#ffe7a8")
    _door(g.group(matrix=at(0, 0, 0.88)), colour)


ART = PropArt("#4f8f86", held, standing, width=146, height=204, outdoors=porch)
