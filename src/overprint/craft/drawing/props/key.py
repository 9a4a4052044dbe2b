"""An old key, golden."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, glow
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse


def _key(g: Group, colour: Colour) -> None:
    """Upright, the bow at the origin, the bit at the top."""
    for tint, dx in ((shade(colour, -0.14), 2.0), (colour, 0.0)):
        g.stroke(Path().move(dx, -14).line(dx, -66), tint, 7)
        g.stroke(ellipse(dx, 0, 13), tint, 7)
        g.fill(box(dx, -66, 17, 7, 2), tint)
        g.fill(box(dx, -52, 13, 7, 2), tint)
    g.fill(ellipse(-5, -10, 3, 2), "#ffffff", opacity=0.7)


def held(g: Group, colour: Colour) -> None:
    glow(g, 0, -24, 60, "#ffe39a", 0.35)
    _key(g.group(matrix=at(0, -6, turn=14)), colour)


def standing(g: Group, colour: Colour) -> None:
    glow(g, 10, -20, 90, "#ffe39a", 0.45)
    _key(g.group(matrix=at(-34, -18, 1.15, turn=80)), colour)


ART = PropArt("#e6b345", held, standing, width=110, height=44)
