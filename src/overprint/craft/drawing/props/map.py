"""A treasure map, unfolded."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, smooth


def unfolded(g: Group, colour: Colour) -> None:
    """A sheet whose lower edge's middle is the origin, seen from its drawn side."""
    sheet = [(-44.0, 2.0), (-22.0, 8.0), (0.0, 2.0), (22.0, 8.0), (44.0, 2.0), (42.0, -48.0), (22.0, -42.0)]
    sheet += [(0.0, -48.0), (-22.0, -42.0), (-42.0, -48.0)]
    page = g.solid(smooth(sheet, ease=1 / 12), colour, 0.05, light=(-3, -4), soft=3)
    page.fill(smooth([(-36, -8), (-20, -30), (4, -20), (0, -4), (-20, 0)]), mix(colour, "#7fb08a", 0.6))
    page.fill(smooth([(12, -26), (30, -38), (38, -20), (24, -10)]), mix(colour, "#7fb08a", 0.6))
    for x, y in ((-24, -14), (-14, -20), (-3, -18), (8, -24), (18, -22)):
        page.stroke(Path().move(x, y).line(x + 4, y - 2), "#8a5a3a", 2.4)
    page.stroke(Path().move(25, -30).line(33, -22).move(33, -30).line(25, -22), "#d0453f", 3.2)
    for x in (-22, 0, 22):
        page.stroke(Path().move(x, 8).line(x, -48), shade(colour, -0.09), 1.5, opacity=0.7)


def held(g: Group, colour: Colour) -> None:
    unfolded(g.group(matrix=at(10, 2, turn=6)), colour)


def standing(g: Group, colour: Colour) -> None:
    unfolded(g.group(matrix=(1.25, 0.0, -0.3, 0.8, 0.0, -4.0)), colour)


ART = PropArt("#f0dcae", held, standing, width=112, height=44, both_hands=True, in_both_hands=unfolded)
