"""The skeleton of everybody on two legs: proportions and limbs."""

import math
from dataclasses import dataclass

from overprint.core.scene import View
from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, box

_SHOULDERS = {View.FRONT: (-25.0, 25.0), View.THREE_QUARTER: (-22.0, 20.0), View.SIDE: (4.0, -3.0)}


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions. Heights above the ground in figure units; the rest are factors of a child's. ``nape`` is how much
    higher than from the shoulders the head sits."""

    hip: float = 44.0
    neck: float = 108.0
    girth: float = 1.0
    head: float = 1.0
    limb: float = 1.0
    nape: float = 0.0

    @property
    def head_at(self) -> Point:
        return 0.0, -(self.neck + self.nape + 38 * self.head)

    @property
    def reach(self) -> float:
        """How much longer the arms are than a child's."""
        return (self.neck - self.hip) / 64

    @property
    def tall(self) -> float:
        return self.neck + self.nape + 94 * self.head

    def shoulder(self, side: int, view: View) -> Point:
        """``side`` -1 is the left one on the page; from the side, the far one."""
        return _SHOULDERS[view][0 if side < 0 else 1] * self.girth, -(self.neck - 14)

    def down(self, share: float) -> float:
        """The height between neck (0) and hip (1), as y."""
        return -(self.neck + (self.hip - self.neck) * share)


def limb(
    g: Group, start: Point, end: Point, width: float, colour: Colour, *, bend: float = 0, tip: float = 0.8
) -> None:
    """A soft tapered limb, bent sideways in the middle; ``tip`` is how wide the end is of ``width``."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    px, py = -uy, ux
    mx, my = (x0 + x1) / 2 + px * bend, (y0 + y1) / 2 + py * bend
    a, c = width / 2, width * tip / 2
    b = (a + c) / 2
    path = Path().move(x0 + px * a, y0 + py * a).quad(mx + px * b, my + py * b, x1 + px * c, y1 + py * c)
    over = c * 1.3
    path.cubic(x1 + px * c + ux * over, y1 + py * c + uy * over, x1 - px * c + ux * over, y1 - py * c + uy * over,
               x1 - px * c, y1 - py * c)  # fmt: skip
    path.quad(mx - px * b, my - py * b, x0 - px * a, y0 - py * a)
    over = a * 1.3
    path.cubic(x0 - px * a - ux * over, y0 - py * a - uy * over, x0 + px * a - ux * over, y0 + py * a - uy * over,
               x0 + px * a, y0 + py * a).close()  # fmt: skip
    g.solid(path, colour, 0.085, light=(-3, -3), soft=2.5)


def foot(g: Group, x: float, y: float, toward: float, colour: Colour) -> None:
    """A shoe or paw under an ankle at ``(x, y - 22)``. ``toward`` -1 to 1 is where the toes point."""
    out = toward * 3
    toe, heel = 18 + out + max(0.0, abs(toward) - 0.9) * 60 * (toward > 0), -17 + out
    path = Path().move(x - 11, y - 22).line(x + 11, y - 22).cubic(x + 12, y - 12, x + toe + 1, y - 11, x + toe, y - 1)
    path.line(x + heel, y - 1).cubic(x + heel - 1, y - 9, x - 12, y - 12, x - 11, y - 22).close()
    g.solid(path, colour, 0.1)
    g.fill(box(x + heel, y - 4, toe - heel, 4, 2), shade(colour, -0.15))
