"""A fire: on the ground between stones, in a hand as a torch."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse, smooth

_FLAME = [(0.0, 0.0), (-24.0, -10.0), (-27.0, -34.0), (-14.0, -52.0), (-12.0, -70.0), (2.0, -96.0), (10.0, -66.0)]
_FLAME += [(22.0, -50.0), (28.0, -30.0), (22.0, -8.0)]


def _flames(g: Group, colour: Colour) -> None:
    glow(g, 0, -40, 190, "#ffb45a", 0.75, shine=Shine.FIRE)
    for scale, tint in ((1.0, colour), (0.72, mix(colour, "#ffc93c", 0.65)), (0.42, "#fff3b0")):
        tongue = smooth([(x * scale, y * scale) for x, y in _FLAME])
        g.group(shine=Shine.FLAME).fill(tongue, tint)


def held(g: Group, colour: Colour) -> None:
    g.stroke(Path().move(-3, 26).line(2, -30), "#7a5237", 8)
    g.fill(box(-6, -36, 16, 12, 4), "#4a3b3b")
    _flames(g.group(matrix=at(2, -30, 0.5)), colour)


def standing(g: Group, colour: Colour) -> None:
    for turn in (-16, 16):
        log = g.group(matrix=at(0, -9, turn=turn))
        log.solid(box(-46, -9, 92, 18, 9), "#7a5237", 0.1)
        log.fill(ellipse(42, 0, 6, 8), "#c79a6a")
    _flames(g.group(matrix=at(0, -12)), colour)
    for x, y, r in ((-50, 2, 14), (-26, 8, 15), (2, 10, 14), (28, 8, 15), (50, 2, 13)):
        g.solid(ellipse(x, y - 6, r, r * 0.75), shade("#9a928c", 0.02 * (x % 3)), 0.1, light=(-3, -4), soft=3)


ART = PropArt("#f0663c", held, standing, width=124, height=112, lamp=True)
