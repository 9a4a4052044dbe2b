"""A magic wand with a star."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, sparkle, star


def held(g: Group, colour: Colour) -> None:
    wand = g.group(matrix=at(0, 0, turn=24))
    wand.stroke(Path().move(0, 16).line(0, -58), "#6a4a6a", 6)
    glow(wand, 0, -68, 74, shade(colour, 0.05), 0.7, shine=Shine.TWINKLE)
    wand.solid(star(0, -68, 20), colour, 0.08, light=(-2, -3), soft=2)
    for x, y, r in ((26, -88, 8), (-24, -90, 6), (30, -54, 5)):
        wand.fill(sparkle(x, y, r), "#fffbe0")


def standing(g: Group, colour: Colour) -> None:
    held(g.group(matrix=at(-26, -14, turn=50)), colour)


ART = PropArt("#f6cf5a", held, standing, width=110, height=70, lamp=True)
