"""A boat. As a prop it is whole; :mod:`boating` draws the big one that people sit in."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.props.art import PropArt
from overprint.craft.drawing.vector import Path, at, smooth, star


def rigging(g: Group, sail: Colour = "#fdf0d5", badge: Colour = "#f0a83c", *, starred: bool = True) -> None:
    """Mast, two sails and a pennant over a hull whose middle is the origin."""
    g.stroke(Path().move(14, -46).line(14, -330), "#6a4837", 9)
    main = Path().move(26, -322).cubic(120, -260, 150, -170, 140, -96).cubic(100, -84, 60, -84, 26, -92).close()
    cloth = g.solid(main, sail, 0.07, light=(-10, -6), soft=12)
    seams = Path().move(20, -200).quad(90, -186, 160, -196).move(20, -146).quad(90, -134, 160, -140)
    cloth.stroke(seams, shade(sail, -0.08), 3)
    if starred:
        g.fill(star(80, -232, 24), badge)
    fore = Path().move(4, -300).cubic(-50, -240, -86, -170, -96, -100).cubic(-60, -90, -30, -92, 4, -98).close()
    g.solid(fore, shade(sail, -0.03), 0.07, light=(-8, -4), soft=10)
    pennant = [(14.0, -334.0), (40.0, -326.0), (64.0, -336.0), (60.0, -316.0), (36.0, -311.0), (14.0, -314.0)]
    g.fill(smooth(pennant, ease=1 / 8), "#e8505b")


def hull(g: Group, colour: Colour, half: float = 190) -> None:
    """The near side of the boat, ``half`` its length each way from the origin."""
    k = half / 190
    outline = Path().move(-190 * k, -66).cubic(-150 * k, -50, 130 * k, -48, 196 * k, -78)
    outline.cubic(184 * k, -20, 150 * k, 24, 110 * k, 34).line(-112 * k, 34)
    outline.cubic(-150 * k, 22, -180 * k, -20, -190 * k, -66).close()
    wood = g.solid(outline, colour, 0.1, light=(-8, -12), soft=10)
    for row in range(3):
        y = -28 + row * 22
        wood.stroke(Path().move(-210 * k, y).quad(0, y + 16, 210 * k, y - 6), shade(colour, -0.09), 3, opacity=0.7)
    wood.stroke(Path().move(-210 * k, -60).quad(0, -40, 215 * k, -72), shade(colour, 0.2), 12, opacity=0.9)


def inside(g: Group, colour: Colour, half: float = 190) -> None:
    """The far rim, seen behind whoever sits in the boat."""
    k = half / 190
    rim = Path().move(-190 * k, -66).cubic(-120 * k, -86, 120 * k, -92, 196 * k, -78)
    rim.cubic(130 * k, -48, -150 * k, -50, -190 * k, -66).close()
    g.fill(rim, shade(colour, -0.16))


def held(g: Group, colour: Colour) -> None:
    toy = g.group(matrix=at(14, -10, 0.2))
    rigging(toy)
    hull(toy, colour)


def standing(g: Group, colour: Colour) -> None:
    whole = g.group(matrix=at(0, -18, 0.62, turn=-3))
    rigging(whole)
    inside(whole, colour)
    hull(whole, colour)


ART = PropArt("#c65f45", held, standing, width=250, height=230)
