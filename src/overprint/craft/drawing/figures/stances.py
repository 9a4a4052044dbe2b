"""Poses: where hands and feet are, seen from the front and from the side."""

import math
from dataclasses import dataclass, replace

from overprint.core.scene import Pose, View
from overprint.craft.drawing.vector import Point


@dataclass(frozen=True, slots=True)
class Stance:
    """Hands relative to their shoulder, feet as x and lift. ``seated``: legs forward. ``arms_front``: arms over
    the chest. ``rise`` and ``roll`` lift and turn the whole figure, ``dip`` lowers the hips between the feet. Seen from
    the side, ``right`` is near us."""

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
    dip: float = 0.0


_FRONT: dict[Pose, Stance] = {
    Pose.STAND: Stance(),
    Pose.WALK: Stance((-30.0, 20.0), (24.0, 26.0), (-25.0, 5.0), (23.0, 0.0), lean=3.0),
    Pose.RUN: Stance((-38.0, 4.0), (36.0, 14.0), (-22.0, 20.0), (20.0, 0.0), lean=6.0, tilt=-3.0, rise=6.0),
    Pose.JUMP: Stance((-44.0, -48.0), (44.0, -48.0), (-30.0, 12.0), (30.0, 12.0), rise=36.0),
    Pose.REACH: Stance((-30.0, 24.0), (34.0, -84.0), (-14.0, 0.0), (14.0, 3.0), lean=5.0, tilt=-6.0),
    Pose.WAVE: Stance(right_hand=(46.0, -50.0), lean=2.0, tilt=3.0),
    Pose.HOLD: Stance(right_hand=(37.0, 2.0)),
    Pose.CHEER: Stance((-40.0, -58.0), (40.0, -58.0), (-21.0, 0.0), (21.0, 0.0)),
    Pose.POINT: Stance(right_hand=(52.0, -22.0), lean=3.0),
    Pose.SIT: Stance((-24.0, 36.0), (24.0, 36.0), (-34.0, 0.0), (34.0, 0.0), seated=True),
    Pose.READ: Stance((-8.0, 33.0), (8.0, 33.0), (-34.0, 0.0), (34.0, 0.0), seated=True, arms_front=True, tilt=2.0),
    Pose.HUG: Stance((34.0, 24.0), (-26.0, 17.0), tilt=6.0, arms_front=True),
    Pose.FLY: Stance((-48.0, -12.0), (50.0, -26.0), (-9.0, 0.0), (9.0, 0.0), tilt=-12.0, rise=70.0, roll=26.0),
}

_SIDE: dict[Pose, Stance] = {
    Pose.STAND: Stance((13.0, 34.0), (5.0, 37.0), (10.0, 0.0), (-4.0, 0.0)),
    Pose.WALK: Stance((30.0, 24.0), (-20.0, 32.0), (-26.0, 9.0), (26.0, 1.0), lean=4.0),
    Pose.RUN: Stance((-30.0, 20.0), (36.0, 2.0), (42.0, 10.0), (-40.0, 22.0), lean=15.0, tilt=-8.0, rise=12.0),
    Pose.JUMP: Stance((34.0, -42.0), (-26.0, -30.0), (30.0, 14.0), (-28.0, 8.0), lean=6.0, tilt=-6.0, rise=36.0),
    Pose.REACH: Stance((48.0, -48.0), (56.0, -56.0), (-16.0, 0.0), (14.0, 2.0), lean=10.0, tilt=-8.0),
    Pose.WAVE: Stance((13.0, 34.0), (34.0, -48.0), (8.0, 0.0), (-8.0, 0.0), tilt=-3.0),
    Pose.HOLD: Stance((15.0, 33.0), (40.0, 6.0), (9.0, 0.0), (-5.0, 0.0)),
    Pose.CHEER: Stance((30.0, -54.0), (-12.0, -58.0), (10.0, 0.0), (-8.0, 0.0), tilt=-8.0),
    Pose.POINT: Stance((8.0, 34.0), (54.0, -12.0), (10.0, 0.0), (-8.0, 0.0), lean=3.0),
    Pose.SIT: Stance((26.0, 28.0), (22.0, 31.0), (54.0, 0.0), (48.0, 0.0), seated=True, lean=-3.0),
    Pose.READ: Stance((30.0, 22.0), (34.0, 26.0), (54.0, 0.0), (48.0, 0.0), seated=True, arms_front=True, tilt=7.0),
    Pose.HUG: Stance((40.0, 4.0), (38.0, 14.0), (8.0, 0.0), (-8.0, 0.0), lean=8.0, tilt=4.0, arms_front=True),
    Pose.FLY: Stance((16.0, -58.0), (4.0, -60.0), (4.0, 10.0), (-8.0, 0.0), tilt=-46.0, rise=70.0, roll=64.0),
}

_EMBRACE = Stance((28.0, 26.0), (40.0, 2.0), tilt=5.0, lean=3.0, arms_front=True)  # around somebody at the right
_GRIP: Point = (36.0, 3.0)
_RAISED: Point = (17.0, -4.0)
_AHEAD: Point = (60.0, 4.0)  # clear of the face


def stance_of(pose: Pose, view: View, *, embraces: bool = False) -> Stance:
    """``embraces``: the arms of a hug go around somebody at the right."""
    if view is View.SIDE:
        return _SIDE[pose]
    return _EMBRACE if embraces and pose is Pose.HUG else _FRONT[pose]


STEPS: dict[Pose, float] = {Pose.WALK: 24.0, Pose.RUN: 34.0}
"""How far a foot of those who go comes before and behind them, figure units, seen from the side; half turned to us it
is less by ``TURNED``."""
TURNED = 0.55
_LIFTS: dict[Pose, float] = {Pose.WALK: 10.0, Pose.RUN: 22.0}
_SWING, _SWAY = 21.0, 1.6


def striding(stance: Stance, pose: Pose, view: View, phase: float) -> Stance:
    """The same stance in the middle of two steps; ``phase`` 0 to 1 is where. A foot on the ground goes back evenly, so
    that it stands still while the figure goes on; the other one swings forward in the air."""
    turn = 2 * math.pi * phase
    reach = STEPS[pose] * (1.0 if view is View.SIDE else TURNED if view is View.THREE_QUARTER else 0.0)
    apart = {View.FRONT: 15.0, View.THREE_QUARTER: 9.0, View.SIDE: 1.0}[view]
    right, left = _foot(phase, reach, _LIFTS[pose]), _foot((phase + 0.5) % 1, reach, _LIFTS[pose])
    swing = _SWING * math.cos(turn) * (1.0 if view is View.SIDE else 0.5)
    rest = 5.0 if view is View.SIDE else 24.0
    return replace(
        stance,
        right_foot=(apart + right[0], right[1]),
        left_foot=(-apart + left[0], left[1]),
        right_hand=(rest - swing, 34.0 - 0.12 * abs(swing)),
        left_hand=((rest if view is View.SIDE else -rest) + swing, 34.0 - 0.12 * abs(swing)),
        lean=stance.lean + _SWAY * math.sin(turn),
        dip=1.8 * (1 + math.cos(2 * turn)),
        rise=stance.rise * (0.5 - 0.5 * math.cos(2 * turn)),
    )


def _foot(phase: float, reach: float, lift: float) -> Point:
    """How far ahead it is, and how high."""
    if phase < 0.5:
        return reach * (1 - 4 * phase), 0.0
    share = 2 * phase - 1
    return -reach + 2 * reach * share * share * (3 - 2 * share), lift * math.sin(math.pi * share)


def gripping(stance: Stance, view: View, *, overhead: bool, aloft: bool) -> Stance:
    """The same stance with the right hand ready to carry something; ``aloft``: it rises from the hand on a string."""
    if overhead:
        return replace(stance, right_hand=_RAISED)
    if aloft and view is View.SIDE:
        return replace(stance, right_hand=_AHEAD)
    if stance.right_hand[1] < -10 or stance.right_hand[0] > 30:
        return stance
    return replace(stance, right_hand=(38.0, 8.0) if view is View.SIDE else _GRIP)
