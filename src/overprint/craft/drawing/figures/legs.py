"""Legs of everybody on two of them: standing and striding, sitting on the ground, and in a wheelchair."""

import math

from overprint.core.scene import View
from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.figures import garments
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build, foot, limb
from overprint.craft.drawing.figures.stances import Stance
from overprint.craft.drawing.figures.wheelchair import SEAT
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import box, ellipse

_APART = {View.FRONT: 14.0, View.THREE_QUARTER: 12.0, View.SIDE: 4.0}
_CHILD_HIP = 44.0


def leg_reach(build: Build) -> float:
    """How much farther somebody steps than a child, seen from the side."""
    return min(1.35, build.hip / _CHILD_HIP)


def standing(g: Group, look: Look, kind: Kind, stance: Stance) -> None:
    build, view = kind.build, look.view
    colour, shoe, girth = garments.leg_colour(look), kind.socks(look), build.girth
    reach = leg_reach(build)
    for (x, lift), side in ((stance.left_foot, -1), (stance.right_foot, 1)):
        dim = -0.04 if view is View.SIDE and side < 0 else 0.0
        toward, bend = (side * 0.85 if view is View.FRONT else 0.55 + 0.35 * side), 0.0
        if view is View.SIDE:
            x, toward, bend = x * reach, 1.0, -4 - 0.45 * lift
        hip, ankle = (side * _APART[view] * girth, stance.dip - build.hip), (x * girth, -12 - lift)
        limb(g, hip, ankle, 20 * build.limb, shade(colour, dim), bend=bend, tip=0.85)
        foot(g, x * girth, -lift, toward, shade(shoe, dim))


def forward(g: Group, look: Look, kind: Kind, *, rides: bool) -> None:
    """Sitting: from the front the soles are towards us, from the side the legs lie along the ground."""
    colour, shoe = garments.leg_colour(look), kind.socks(look)
    for side in (-1, 1):
        if rides:
            _on_footrest(g, look.view, side, colour, shoe)
        elif look.view is View.SIDE:
            x = (50.0 - 5 * side) * math.sqrt(kind.build.hip / _CHILD_HIP)
            limb(g, (-2, -18), (x, -13), 22 * kind.build.limb, shade(colour, 0.03 * side), tip=0.8, bend=-5)
            g.solid(box(x - 4, -31, 17, 32, 8), shade(shoe, 0.02 * side), 0.1)
        else:
            _towards_us(g, look, kind, side, colour, shoe)


def _towards_us(g: Group, look: Look, kind: Kind, side: int, colour: Colour, shoe: Colour) -> None:
    size, girth = math.sqrt(min(1.5, kind.build.hip / _CHILD_HIP)), kind.build.girth
    x = side * 31 * girth + (6 if look.view is View.THREE_QUARTER else 0)
    limb(g, (side * 14 * girth, -20), (x, -12), 24 * kind.build.limb * size, colour, tip=0.85)
    g.solid(box(x + side * 3 - 14 * size, -28 * size, 28 * size, 29 * size, 13 * size), shoe, 0.1)
    g.fill(ellipse(x + side * 3, -13 * size, 8.5 * size, 9.5 * size), shade(shoe, 0.09), opacity=0.8)


def _on_footrest(g: Group, view: View, side: int, colour: Colour, shoe: Colour) -> None:
    y = -SEAT - 16
    if view is View.SIDE:
        limb(g, (0, y), (34, y), 21, shade(colour, 0.03 * side), tip=0.9)
        limb(g, (34, y), (40, -24), 18, shade(colour, 0.03 * side))
        foot(g, 42, -9, 1.0, shoe)
        return
    x = side * 16 + (5 if view is View.THREE_QUARTER else 0)
    limb(g, (x, y + 4), (x, -24), 21, colour, tip=0.85)
    foot(g, x, -9, side * 0.5, shoe)
