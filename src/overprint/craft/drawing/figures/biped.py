"""Draws everybody on two legs from a look, a kind and a stance."""

import math
from collections.abc import Mapping
from dataclasses import replace

from overprint.core.scene import Accessory, Pose, View
from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.figures import garments, hands, legs, wheelchair, worn
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Figure, Look
from overprint.craft.drawing.figures.rig import limb
from overprint.craft.drawing.figures.stances import STEPS, Stance, gripping, stance_of, striding
from overprint.craft.drawing.nodes import Group, extent
from overprint.craft.drawing.props import PropArt
from overprint.craft.drawing.vector import (
    IDENTITY,
    Matrix,
    Point,
    Rect,
    apply,
    apply_rect,
    at,
    box,
    ellipse,
    inverse,
    multiply,
    turned,
)

Held = tuple[PropArt, Colour]
_HATS = {
    Accessory.WITCH_HAT: worn.witch_hat,
    Accessory.CROWN: worn.crown,
    Accessory.CAP: worn.cap,
    Accessory.SUN_HAT: worn.sun_hat,
    Accessory.BOW: worn.bow,
    Accessory.GLASSES: worn.glasses,
}
_ON_THE_BACK = (
    (Accessory.WINGS, worn.wings),
    (Accessory.CAPE, worn.cape),
    (Accessory.BACKPACK, worn.backpack),
)
_MIRROR: Matrix = (-1, 0, 0, 1, 0, 0)
_STRING_DEGREES = 20.0  # how far from upright what is on a string flies before somebody seen from the side


def draw_biped(
    look: Look, kind: Kind, pose: Pose, held: Held | None, *, embraces: bool = False, grasps: Mapping[int, Point]
) -> Figure:
    """``embraces``: the arms of a hug go around somebody at the right. ``grasps`` are points in figure units that the
    left (-1) and the right (1) hand hold on to, whatever the pose says."""
    return _Puppet(look, kind, _stance(look, kind, pose, held, embraces=embraces), held, grasps).draw()


def face_of(look: Look, kind: Kind, pose: Pose, *, embraces: bool = False) -> Rect:
    """Where the face will be, in figure units, without drawing anything."""
    return _Puppet(look, kind, _stance(look, kind, pose, None, embraces=embraces), None, {}).face()


def _stance(look: Look, kind: Kind, pose: Pose, held: Held | None, *, embraces: bool) -> Stance:
    stance = stance_for(pose, look.view, held[0] if held else None, embraces=embraces, stride=look.stride)
    if Accessory.WHEELCHAIR in look.worn:
        return replace(stance, seated=True, rise=0.0, roll=0.0)
    if kind.floats:
        return replace(stance, seated=False, rise=max(14.0, stance.rise))
    if kind.legs:
        return stance
    is_off = pose in (Pose.FLY, Pose.JUMP)  # whoever has no legs keeps to the ground otherwise
    return replace(stance, seated=False, lean=stance.lean * 0.3, rise=stance.rise if is_off else 0.0)


def stance_for(
    pose: Pose, view: View, held: PropArt | None, *, embraces: bool = False, stride: float | None = None
) -> Stance:
    """How somebody stands who carries ``held``: the right hand grips it unless both arms are in front."""
    stance = stance_of(pose, view, embraces=embraces and held is None)
    if stride is not None and pose in STEPS:
        going = striding(stance, pose, view, stride)
        stance = (
            going if held is None else replace(going, right_hand=stance.right_hand)
        )  # what is carried does not swing
    if held is None or stance.arms_front:
        return stance
    if pose is Pose.WAVE and view is not View.SIDE:  # the waving hand stays free, the other one carries
        stance = replace(stance, left_hand=(-40.0, -46.0), right_hand=(24.0, 33.0), lean=-2.0)
    if held.both_hands and pose is not Pose.FLY:
        near = 26.0 if view is View.SIDE else 13.0
        return replace(stance, left_hand=(near - 26, 30.0), right_hand=(near, 30.0), arms_front=True)
    return gripping(stance, view, overhead=held.overhead, aloft=held.floats)


class _Puppet:
    """One figure while it is drawn, back to front."""

    def __init__(self, look: Look, kind: Kind, stance: Stance, held: Held | None, grasps: Mapping[int, Point]) -> None:
        self.look, self.kind, self.held, self.stance, self.view = look, kind, held, stance, look.view
        self.build = kind.build
        self.rides = Accessory.WHEELCHAIR in look.worn
        sink = self.build.hip - 18 - (wheelchair.SEAT if self.rides else 0.0) if stance.seated else stance.dip
        rise: Matrix = (1, 0, 0, 1, 0, -stance.rise)
        self.whole = multiply(rise, turned(stance.roll, 0, -self.build.neck * 0.6))
        self.upper = multiply((1, 0, 0, 1, 0, sink), turned(stance.lean, 0, -self.build.hip))
        self.body = multiply(self.whole, self.upper)
        x, y = self.build.head_at
        forward = {View.FRONT: 0.0, View.THREE_QUARTER: 3.0, View.SIDE: 6.0}[self.view]
        self.head = multiply(at(x + forward, y, self.build.head), turned(stance.tilt, 0, 40))
        within = inverse(self.body)
        self.grasps = {side: apply(within, point) for side, point in grasps.items()}
        self.parts: list[tuple[str, Group, Matrix]] = []

    def draw(self) -> Figure:
        root = Group("figure")
        inner = root.group(matrix=self.whole)
        if self.rides:
            wheelchair.behind(self._part(Accessory.WHEELCHAIR, inner, whole=IDENTITY), self.look)
        self._behind(inner.group("back", matrix=self.upper))
        if self._far_arm_first:
            self._arm(inner.group("far", matrix=self.upper), self._far_side)
        if not self.stance.seated and self._has_legs:
            legs.standing(inner, self.look, self.kind, self.stance)
        self._chest(inner.group("chest", matrix=self.upper))
        if self.stance.seated and self._has_legs:
            legs.forward(inner, self.look, self.kind, rides=self.rides)
        if self.rides:
            wheelchair.before(inner, self.look)
        self._over(inner.group("front", matrix=self.upper))
        return self._figure(root)

    def _figure(self, root: Group) -> Figure:
        found = {
            name: apply_rect(within, covered) for name, g, within in self.parts if (covered := extent(g)) is not None
        }
        return Figure(
            group=root,
            face=self.face(),
            box=extent(root) or self.kind.face,
            parts=found,
            is_grounded=self.stance.rise == 0,
            shadow_half_width=44 * self.build.girth,
        )

    def face(self) -> Rect:
        """In figure units; from the side with the snout."""
        seen = self.kind.face
        if self.view is View.SIDE:
            seen = Rect(-48, seen.y0, 62 if self.look.is_person else 88, seen.y1)
        return apply_rect(multiply(self.body, self.head), seen)

    def _part(self, name: str, parent: Group, *inside: Matrix, whole: Matrix | None = None) -> Group:
        """A named group whose place in the picture is wanted later; ``inside``: the transforms of its parents."""
        within = self.body if whole is None else multiply(self.whole, whole)
        for matrix in inside:
            within = multiply(within, matrix)
        group = parent.group(name)
        self.parts.append((name, group, within))
        return group

    def _behind(self, g: Group) -> None:
        back: Matrix = (1, 0, 0, 1, {View.FRONT: 0, View.THREE_QUARTER: -10, View.SIDE: -30}[self.view], 0)
        for accessory, draw in _ON_THE_BACK:
            if accessory in self.look.worn:
                part = self._part(accessory, g, back)
                draw(part.group(matrix=back), self.look, self.build)
        if self.kind.behind is not None:
            mirrored = IDENTITY if self.view is View.FRONT else _MIRROR
            self.kind.behind(g.group(matrix=mirrored), self.look, self.build)
        if self.kind.hair_behind is not None:
            self.kind.hair_behind(g.group(matrix=self.head), self.look)

    def _chest(self, g: Group) -> None:
        if not self.stance.arms_front and not self._far_arm_first:
            self._arm(g, -1)
            if not self._carries_in_front:
                self._arm(g, 1)
        narrow = {View.FRONT: 1.0, View.THREE_QUARTER: 0.95, View.SIDE: 0.84}[self.view]
        build = replace(self.build, girth=self.build.girth * narrow)
        draw = garments.trunk if self.kind.trunk is None else self.kind.trunk
        draw(g.group("trunk", lift=2), self.look, build)
        if Accessory.BACKPACK in self.look.worn and self.view is not View.SIDE:
            worn.straps(g, self.look, build)
        if Accessory.CAPE in self.look.worn:
            worn.clasp(g, self.look, build)
        if self.look.is_person:
            self._scarf(g)
        if self._far_arm_first and not self.stance.arms_front and not self._near_arm_carries:
            self._arm(g, -self._far_side)

    def _over(self, g: Group) -> None:
        head = g.group("head", matrix=self.head, lift=3)
        draw = self.kind.head if self.view is not View.SIDE or self.kind.profile is None else self.kind.profile
        draw(head, self.look)
        if Accessory.HIJAB in self.look.worn:
            worn.hijab(self._part(Accessory.HIJAB, head, self.head), self.look, self.kind)
        for accessory, put_on in _HATS.items():
            if accessory in self.look.worn:
                put_on(self._part(accessory, head, self.head), self.look, self.kind)
        if not self.look.is_person:
            self._scarf(g)
        self._carry(g)

    def _carry(self, g: Group) -> None:
        if self.stance.arms_front:
            if self.held is not None:
                x = 30.0 if self.view is View.SIDE else 0.0
                self._thing(g, (x, self.build.shoulder(1, self.view)[1] + 42 * self.build.reach))
            self._arm(g, -self._far_side if self.view is View.SIDE else -1)
            if self.view is not View.SIDE:
                self._arm(g, 1)
        elif self.held is not None:
            if self._carries_in_front and self.view is not View.THREE_QUARTER:
                self._arm(g, 1)
            self._thing(g, self._hand(1))
            self._paw(g, 1)

    def _thing(self, g: Group, where: Point) -> None:
        if self.held is not None:
            art, colour = self.held
            forward = _STRING_DEGREES if art.floats and self.view is View.SIDE else 0.0
            upright = at(*where, turn=forward - self.stance.roll - self.stance.lean)
            draw = art.held if not self.stance.arms_front or art.in_both_hands is None else art.in_both_hands
            draw(self._part("held", g).group(matrix=upright), colour)

    def _scarf(self, g: Group) -> None:
        if Accessory.SCARF in self.look.worn:
            worn.scarf(self._part(Accessory.SCARF, g), self.look, self.build)

    @property
    def _has_legs(self) -> bool:
        return self.kind.legs and not self.kind.floats

    @property
    def _far_side(self) -> int:
        """Whose arm is behind the body: the left one from the side, the right one in a three-quarter view."""
        return -1 if self.view is View.SIDE else 1

    @property
    def _far_arm_first(self) -> bool:
        return self.view is not View.FRONT and not (self.stance.arms_front and self.view is View.THREE_QUARTER)

    @property
    def _near_arm_carries(self) -> bool:
        return self.view is View.SIDE and self._carries_in_front

    @property
    def _carries_in_front(self) -> bool:
        """A hand below the shoulder carries in front of the body; a raised one stays behind the head."""
        return self.held is not None and self._hand(1)[1] > self.build.shoulder(1, self.view)[1] - 12

    def _hand(self, side: int) -> Point:
        if side in self.grasps:
            return self.grasps[side]
        x, y = self.build.shoulder(side, self.view)
        dx, dy = self.stance.right_hand if side > 0 else self.stance.left_hand
        hx, hy = x + dx * self.build.reach, y + dy * self.build.reach
        if dy < -15 and abs(dx) > 6 and self.stance.roll < 40:  # a raised hand is seen beside the head, not behind it
            way = 1 if dx > 0 else -1
            hx = way * max(way * hx, self.kind.face.x1 * self.build.head + (22 if self.view is View.FRONT else 28))
        return hx, hy

    def _arm(self, g: Group, side: int) -> None:
        x, y = self.build.shoulder(side, self.view)
        hand = self._hand(side)
        sleeve = garments.sleeve_colour(self.look)
        if self.view is View.SIDE:
            sleeve, bend = shade(sleeve, -0.04 if side < 0 else 0.0), 9.0
        else:
            bend = -side * (9 if hand[1] > y - 8 else -6)
        arm = g.group("arm", lift=2)
        if self.kind.hand != "paw":
            hands.draw_arm(arm, self.look, self.kind, side, (x, y), hand)
            return
        limb(arm, (x, y), hand, 21 * self.build.limb, sleeve, bend=bend, tip=0.76)
        if self.look.is_person:
            angle = math.degrees(math.atan2(hand[1] - y, hand[0] - x))
            arm.group(matrix=at(*hand, turn=angle)).fill(box(-12, -9.5, 8, 19, 4), shade(sleeve, -0.08))
        self._paw(arm, side)

    def _paw(self, g: Group, side: int) -> None:
        if self.kind.hand != "paw":
            hands.draw_hand(g, self.look, self.kind, side, self._hand(side))
            return
        paint = self.kind.hands or self.kind.socks
        colour = self.look.body if self.look.is_person else paint(self.look)
        x, y = self._hand(side)
        r = 10.5 * self.build.limb
        inward = 1 if self.view is View.SIDE else -side
        thumb = ellipse(x + inward * r * 0.62, y - r * 0.5, r * 0.42, r * 0.62, inward * 40)
        g.solid(thumb, colour, 0.05, light=(-1, -1), soft=1)
        g.solid(ellipse(x, y, r), colour, 0.07, light=(-2, -2), soft=2)
