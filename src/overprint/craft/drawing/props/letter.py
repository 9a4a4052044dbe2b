"""A letter with a wax seal."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse


def _letter(g: Group, colour: Colour) -> None:
    envelope = g.solid(box(-27, -38, 54, 38, 3), colour, 0.05, light=(-2, -3), soft=3)
    folds = Path().move(-28, -38).line(0, -14).line(28, -38).move(-28, 0).line(-7, -20).move(28, 0).line(7, -20)
    envelope.stroke(folds, shade(colour, -0.14), 2)
    g.solid(ellipse(0, -15, 6.5), "#d0453f", 0.08, light=(-1.5, -2), soft=1)


def held(g: Group, colour: Colour) -> None:
    _letter(g.group(matrix=at(6, 4, turn=-6)), colour)


def standing(g: Group, colour: Colour) -> None:
    _letter(g.group(matrix=at(0, -6, 1.35, turn=-9)), colour)


ART = PropArt("#fff3dc", held, standing, width=78, height=62, in_both_hands=_letter)
