"""A wheelchair, behind and before whoever sits in it."""

from overprint.core.scene import View
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, box, ellipse

SEAT = 34.0
_TYRE, _STEEL = "#3a3a48", "#b9c2cc"


def behind(g: Group, look: Look) -> None:
    cloth = mix(look.accent, "#4a5060", 0.35)
    if look.view is View.SIDE:
        _wheel(g, -2, -41, 40, shade(_TYRE, 0.08), look.accent)
        g.solid(box(-40, -100, 12, 74, 6), cloth, 0.1)
        g.stroke(Path().move(-34, -96).line(-52, -98), _TYRE, 7)
        g.solid(box(-34, -46, 66, 13, 6), cloth, 0.1)
        return
    shift = -6.0 if look.view is View.THREE_QUARTER else 0.0
    g.solid(box(-42 + shift, -104, 84, 74, 12), cloth, 0.1)
    for side in (-1, 1):
        x = side * 44 + shift
        g.stroke(Path().move(x, -100).line(x, -114), _TYRE, 8)
    _wheel(g, 51 + shift, -41, 40, shade(_TYRE, 0.05), look.accent, squash=0.3)


def before(g: Group, look: Look) -> None:
    if look.view is View.SIDE:
        g.stroke(Path().move(20, -40).line(38, -12).line(54, -10), _STEEL, 5)
        g.solid(ellipse(30, -10, 10), _TYRE, 0.06)
        wheel = g.group()
        _wheel(wheel, -4, -41, 41, _TYRE, look.accent)
        return
    shift = 4.0 if look.view is View.THREE_QUARTER else 0.0
    g.solid(box(-30 + shift, -10, 60, 8, 3), _STEEL, 0.08)
    for side in (-1, 1):
        g.solid(ellipse(side * 27 + shift, -7, 5, 8), _TYRE, 0.06)
    _wheel(g, -51, -41, 41, _TYRE, look.accent, squash=0.3 if not shift else 0.5)


def _wheel(g: Group, x: float, y: float, r: float, tyre: Colour, rim: Colour, *, squash: float = 1.0) -> None:
    spokes = Path()
    for dx, dy in ((0, 1), (1, 0), (0.7, 0.7), (0.7, -0.7)):
        spokes.move(x - dx * r * 0.85 * squash, y - dy * r * 0.85).line(x + dx * r * 0.85 * squash, y + dy * r * 0.85)
    g.stroke(spokes, _STEEL, 1.8, opacity=0.9)
    g.stroke(ellipse(x, y, r * squash, r), tyre, 6)
    g.stroke(ellipse(x, y, r * 0.82 * squash, r * 0.82), rim, 3.2)
    g.fill(ellipse(x, y, 5.5 * max(squash, 0.5), 5.5), _STEEL)
