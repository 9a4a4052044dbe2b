"""Those who go somewhere: where they are at a moment of a shot, and in which of their steps.

A foot on the ground stands still: the figure goes on by as much as its foot goes back. So it moves with its poses,
about fifteen times a second, as drawn figures do.
"""

from dataclasses import dataclass

import numpy as np

from overprint.craft.drawing.nodes import Gait
from overprint.craft.motion.idle import Stir

PACES = 18
"""Poses in two steps."""
_SLOWEST = 0.35  # of their speed: who has no more room than that stays, and so does who goes with them


@dataclass(frozen=True, slots=True)
class Walk:
    """A way of so many world units in the direction of ``gait``, begun ``behind`` of where the picture has them."""

    gait: Gait
    length: float
    behind: float
    seconds: float

    def at(self, seconds: float) -> tuple[int, Stir]:
        """Which pose it is, and where it is seen."""
        gait = self.gait
        poses = int(min(1.0, seconds / self.seconds) * self.length / gait.stride * PACES)
        along = poses * gait.stride / PACES - self.behind
        places = np.linspace(-gait.back, gait.ahead, len(gait.rises))
        return poses % PACES, Stir(dx=gait.way * along, dy=float(np.interp(along, places, gait.rises)))


def walk_of(gait: Gait, seconds: float) -> Walk | None:
    """The way of somebody through a shot; ``None`` where there is no room to go."""
    length = min(gait.speed * seconds, gait.back + gait.ahead)
    if length < _SLOWEST * gait.speed * seconds:
        return None
    behind = min(gait.back, max(length / 2, length - gait.ahead))
    return Walk(gait, length, behind, seconds)
