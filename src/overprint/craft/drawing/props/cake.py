"""A birthday cake with candles."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, box, ellipse, smooth


def standing(g: Group, colour: Colour) -> None:
    g.fill(ellipse(0, -6, 66, 11), "#e6eef2")
    for y, half, tall in ((-8, 54, 38), (-46, 38, 32)):
        g.solid(box(-half, y - tall, 2 * half, tall, 8), "#f6dcae", 0.08)
        icing = Path().move(-half, y - tall + 2)
        for k in range(4):
            x = -half + (k + 0.5) * half / 2
            icing.quad(x, y - tall + 26, x + half / 4, y - tall + 10)
        icing.line(half, y - tall + 2).quad(0, y - tall - 14, -half, y - tall + 2).close()
        g.solid(icing, colour, 0.07)
    for x in (-22, 0, 22):
        g.fill(box(x - 3, -104, 6, 26, 2), "#7ac0e0" if x else "#fff6e6")
        glow(g, x, -112, 26, "#ffd27a", 0.7, shine=Shine.CANDLE)
        g.group(shine=Shine.FLAME).fill(smooth([(x - 4, -104), (x, -120), (x + 4, -104)]), "#ffb03a")
    g.fill(ellipse(0, -24, 6), shade(colour, -0.1))


def held(g: Group, colour: Colour) -> None:
    standing(g.group(matrix=at(14, 12, 0.55)), colour)


def in_both_hands(g: Group, colour: Colour) -> None:
    standing(g.group(matrix=at(0, 12, 0.72)), colour)


ART = PropArt("#f08aa0", held, standing, width=132, height=124, both_hands=True, in_both_hands=in_both_hands)
