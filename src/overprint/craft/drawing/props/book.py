"""A book: open when it is read, closed in a hand, a small pile on the ground."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, polygon, star


def opened(g: Group, colour: Colour) -> None:
    """Seen from outside, as held by a reader: the spine's foot is at the origin."""
    for side in (-1, 1):
        g.fill(polygon([(0, -1), (side * 33, -10), (side * 33, -46), (0, -36)]), "#fff6e0")
        g.solid(polygon([(0, 4), (side * 36, -5), (side * 36, -41), (0, -30)]), colour, 0.06)
    g.stroke(Path().move(0, 4).line(0, -31), shade(colour, -0.12), 3)
    g.fill(star(19, -22, 7), mix(colour, "#fff3c4", 0.75))


def held(g: Group, colour: Colour) -> None:
    closed = g.group(matrix=at(9, 2, turn=-8))
    closed.fill(box(-15, -34, 34, 44, 3), "#fff3dd")
    closed.solid(box(-18, -36, 34, 46, 4), colour, 0.08)
    closed.fill(box(-18, -36, 6, 46, 2), shade(colour, -0.1))
    closed.fill(star(3, -14, 8), mix(colour, "#fff3c4", 0.75))


def standing(g: Group, colour: Colour) -> None:
    for x, y, width, tint in ((-34, 0, 72, -0.06), (-28, -17, 62, 0.08)):
        g.solid(box(x, y - 17, width, 17, 4), shade(mix(colour, "#4f86b8", 0.5), tint), 0.07)
        g.fill(box(x + 8, y - 13, width - 10, 9, 2), "#fff3dd")
    opened(g.group(matrix=at(2, -40)), colour)


ART = PropArt("#c0504d", held, standing, width=76, height=86, in_both_hands=opened)
