"""A lantern with a flame."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, Shine, glow, radial
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, smooth

_FRAME = "#4a3b3b"


def lamp(g: Group, colour: Colour) -> None:
    """Hangs from the origin: the handle's top is at (0, 0), the foot at (0, 52)."""
    glow(g, 0, 28, 130, "#ffd27a", 0.8, shine=Shine.CANDLE)
    g.stroke(Path().move(-9, 10).quad(0, -12, 9, 10), _FRAME, 3)
    g.fill(box(-14, 8, 28, 7, 3), colour)
    glass = box(-12, 14, 24, 31, 7)
    g.fill(glass, radial(0, 31, 24, "#fffbe6", "#ffd978", "#f0a33c"))
    g.fill(smooth([(0, 20), (5, 31), (0, 39), (-5, 31)]), "#ffffff", opacity=0.95)
    g.stroke(Path().move(-6, 15).line(-6, 44).move(6, 15).line(6, 44), _FRAME, 1.8, opacity=0.7)
    g.fill(box(-15, 44, 30, 7, 3), shade(colour, -0.04))


def standing(g: Group, colour: Colour) -> None:
    lamp(g.group(matrix=at(0, -78, 1.5)), colour)


ART = PropArt("#5a4040", lamp, standing, width=50, height=92, lamp=True)
