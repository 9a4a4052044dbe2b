"""A kite with a tail of bows."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, polygon


def _kite(g: Group, x: float, y: float, colour: Colour) -> None:
    g.stroke(Path().move(0, 0).cubic(x * 0.3, y * 0.15, x * 0.9, y * 0.5, x, y), "#6b5b5b", 1.6, opacity=0.75)
    sail = g.group(matrix=at(x, y, turn=24))
    second = mix(colour, "#ffe08a", 0.75)
    sail.stroke(Path().move(0, 44).cubic(-16, 62, 18, 78, 0, 98).cubic(-12, 112, 10, 122, 0, 134), "#6b5b5b", 2)
    for i, (bx, by) in enumerate(((-4, 66), (6, 92), (-2, 118))):
        bow = Path().move(bx, by).line(bx - 12, by - 7).line(bx - 12, by + 7).close()
        sail.fill(bow.move(bx, by).line(bx + 12, by - 7).line(bx + 12, by + 7).close(), colour if i % 2 else second)
    quarters = [((0, -46), (34, -6), colour), ((34, -6), (0, 46), second)]
    quarters += [((0, 46), (-34, -6), shade(colour, -0.03)), ((-34, -6), (0, -46), second)]
    for one, two, tint in quarters:
        sail.fill(polygon([(0, -6), one, two]), tint)
    sail.stroke(Path().move(0, -46).line(0, 46).move(-34, -6).line(34, -6), "#fff6e6", 2)


def held(g: Group, colour: Colour) -> None:
    _kite(g, 56, -160, colour)


def standing(g: Group, colour: Colour) -> None:
    _kite(g, 40, -200, colour)
    g.fill(polygon([(-5, 2), (5, 2), (3, -12), (-3, -12)]), "#8a6244")


ART = PropArt("#e0574f", held, standing, width=120, height=250, floats=True)
