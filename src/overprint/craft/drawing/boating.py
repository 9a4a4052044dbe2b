"""The big boat that people sit in: on water, in the air with lanterns, or drawn up on land."""

from dataclasses import dataclass

from overprint.core.scene import PropKind
from overprint.craft.drawing.colour import Colour, mix
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.props import boat as art
from overprint.craft.drawing.props import lantern
from overprint.craft.drawing.stage import Scenery, Stage
from overprint.craft.drawing.vector import Path, at, ellipse, sparkle

_SEAT = 128.0


@dataclass(frozen=True, slots=True)
class Berth:
    """Where the boat is: its middle, scale and half length (boat units), and where the crew's feet go."""

    x: float
    y: float
    scale: float
    half: float

    def seat(self, index: int, crew: int) -> tuple[float, float]:
        """World position of a crew member's feet, left to right."""
        x = (index - (crew - 1) / 2) * _SEAT
        return self.x + x * self.scale, self.y - 22 * self.scale


def berth(stage: Stage, scenery: Scenery, crew: int, scale: float) -> Berth:
    """The boat grows with its crew, and shrinks with it where the picture is too narrow."""
    dice = stage.dice.child("berth")
    half = max(190.0, crew * _SEAT * 0.5 + 105)
    start, span = stage.acting[0], stage.acting[1] - stage.acting[0]
    scale = min(scale, span * 0.47 / half, stage.height * 0.6 / 330)
    x = start + span * 0.5 + dice.between(-0.06, 0.06) * span
    x = min(max(x, start + half * scale), start + span - half * scale)
    if scenery.air:
        y = stage.height * dice.between(0.74, 0.8)
    elif scenery.water:
        y = scenery.floor.near
    else:
        y = scenery.floor.middle - 30 * scale
    return Berth(x, y, scale, half)


def behind_crew(g: Group, stage: Stage, scenery: Scenery, place: Berth, colour: Colour) -> None:
    if scenery.air:
        _wake(g, stage, place)
    elif not scenery.water:
        g.fill(
            ellipse(place.x, place.y + 36 * place.scale, place.half * place.scale, 18 * place.scale),
            stage.palette.shadow,
            opacity=0.3,
            blur=6,
        )
    boat = g.group("boat", matrix=at(place.x, place.y, place.scale, turn=-2))
    art.rigging(boat, mix("#fdf0d5", stage.palette.ambient, stage.palette.ambient_share), starred=stage.allows("star"))
    art.inside(boat, colour, place.half)


def before_crew(g: Group, stage: Stage, scenery: Scenery, place: Berth, colour: Colour) -> bool:
    """The near side; answers whether lanterns hang on it."""
    boat = g.group("boat", matrix=at(place.x, place.y, place.scale, turn=-2))
    art.hull(boat, colour, place.half)
    lit = (scenery.air or stage.is_dark) and stage.allows(PropKind.LANTERN)
    if lit:
        for side in (-1, 1):
            x = side * (place.half - 14)
            boat.stroke(Path().move(x, -62).quad(x + side * 22, -128, x + side * 20, -150), "#6a4837", 6)
            lantern.lamp(boat.group(matrix=at(x + side * 20, -152)), "#5a4040")
        glow(boat, 0, -40, 300, "#ffcf7a", 0.3, shine=Shine.CANDLE)
    if scenery.water:
        foam = Path()
        k = place.half
        for x in (-k * 0.95, -k * 0.5, 0.0, k * 0.5, k * 0.9):
            foam.join(ellipse(x, 30, k * 0.16, 5))
        boat.fill(foam, "#ffffff", opacity=0.35)
    return lit


def _wake(g: Group, stage: Stage, place: Berth) -> None:
    """Stardust behind a flying boat."""
    dice = stage.dice.child("wake")
    sparks = Path()
    for i in range(26):
        u = i / 26
        x = place.x - place.half * place.scale * (0.8 + 1.5 * u)
        y = place.y + (20 + 190 * u * u) * place.scale + dice.between(-30, 30) * (0.4 + u)
        sparks.join(sparkle(x, y, dice.between(4, 13)))
    g.fill(sparks, "#fff3c4", opacity=0.85)
