"""The skeleton of everybody on two legs: builds, poses, limbs."""

import math
from dataclasses import dataclass, replace

from overprint.core.scene import Pose
from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions. Heights above the ground in figure units; the rest are factors of a child's."""

    hip: float = 44.0
    neck: float = 108.0
    girth: float = 1.0
    head: float = 1.0
    limb: float = 1.0

    @property
    def shoulder(self) -> Point:
        """The right one."""
        return 25 * self.girth, -(self.neck - 14)

    @property
    def head_at(self) -> Point:
        return 0.0, -(self.neck + 38 * self.head)

    @property
    def reach(self) -> float:
        """How much longer the arms are than a child's."""
        return (self.neck - self.hip) / 64

    @property
    def tall(self) -> float:
        return self.neck + 94 * self.head

    def down(self, share: float) -> float:
        """The height between neck (0) and hip (1), as y."""
        return -(self.neck + (self.hip - self.neck) * share)


@dataclass(frozen=True, slots=True)
class Stance:
    """Hands relative to their shoulder, feet as x and lift. ``seated``: legs forward. ``arms_front``: arms over
    the chest. ``rise`` and ``roll`` lift and turn the whole figure."""

    left_hand: Point = (-24.0, 33.0)
    right_hand: Point = (24.0, 33.0)
    left_foot: Point = (-17.0, 0.0)
    right_foot: Point = (17.0, 0.0)
    lean: float = 0.0
    tilt: float = 0.0
    seated: bool = False
    arms_front: bool = False
    rise: float = 0.0
    roll: float = 0.0


STANCES: dict[Pose, Stance] = {
    Pose.STAND: Stance(),
    Pose.WALK: Stance((-27.0, 22.0), (24.0, 26.0), (-25.0, 5.0), (23.0, 0.0), lean=3.0),
    Pose.WAVE: Stance(right_hand=(46.0, -50.0), lean=2.0, tilt=3.0),
    Pose.HOLD: Stance(right_hand=(37.0, 2.0)),
    Pose.CHEER: Stance((-40.0, -58.0), (40.0, -58.0), (-21.0, 0.0), (21.0, 0.0)),
    Pose.POINT: Stance(right_hand=(52.0, -22.0), lean=3.0),
    Pose.SIT: Stance((-24.0, 36.0), (24.0, 36.0), (-34.0, 0.0), (34.0, 0.0), seated=True),
    Pose.READ: Stance((-8.0, 33.0), (8.0, 33.0), (-34.0, 0.0), (34.0, 0.0), seated=True, arms_front=True, tilt=2.0),
    Pose.HUG: Stance((34.0, 24.0), (-26.0, 17.0), tilt=6.0, arms_front=True),
    Pose.FLY: Stance((-48.0, -12.0), (50.0, -26.0), (-9.0, 0.0), (9.0, 0.0), tilt=-12.0, rise=70.0, roll=26.0),
}

EMBRACE = Stance((28.0, 26.0), (40.0, 2.0), tilt=5.0, lean=3.0, arms_front=True)
"""Arms around somebody who stands at the right."""

_GRIP: Point = (36.0, 3.0)
_RAISED: Point = (17.0, -4.0)


def gripping(stance: Stance, *, overhead: bool) -> Stance:
    """The same stance with the right hand ready to carry something."""
    if overhead:
        return replace(stance, right_hand=_RAISED)
    if stance.right_hand[1] < -10 or stance.right_hand[0] > 30:
        return stance
    return replace(stance, right_hand=_GRIP)


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
