"""Draws everybody on two legs from a look, a kind and a stance."""

import math
from dataclasses import replace

from overprint.core.scene import Accessory, Pose
from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.figures import garments, worn
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Figure, Look
from overprint.craft.drawing.figures.rig import EMBRACE, STANCES, Stance, gripping, limb
from overprint.craft.drawing.nodes import Group, extent
from overprint.craft.drawing.props import PropArt
from overprint.craft.drawing.vector import Matrix, Path, Point, apply_rect, at, box, ellipse, multiply, turned

_HATS = {
    Accessory.WITCH_HAT: worn.witch_hat,
    Accessory.CROWN: worn.crown,
    Accessory.CAP: worn.cap,
    Accessory.BOW: worn.bow,
    Accessory.GLASSES: worn.glasses,
}


def draw_biped(
    look: Look, kind: Kind, pose: Pose, held: tuple[PropArt, Colour] | None, *, embraces: bool = False
) -> Figure:
    """``embraces``: the arms of a hug go around somebody at the right."""
    stance = EMBRACE if embraces and held is None else stance_for(pose, held[0] if held else None)
    return _Puppet(look, kind, stance, held).draw()


def stance_for(pose: Pose, held: PropArt | None) -> Stance:
    """How somebody stands who carries ``held``: the right hand grips it unless both arms are in front."""
    stance = STANCES[pose]
    if held is None or stance.arms_front:
        return stance
    if pose is Pose.WAVE:  # the waving hand stays free: the other one carries, and the figure is mirrored
        stance = replace(stance, left_hand=(-40.0, -46.0), right_hand=(24.0, 33.0), lean=-2.0)
    if held.both_hands and pose is not Pose.FLY:
        return replace(stance, left_hand=(-13.0, 30.0), right_hand=(13.0, 30.0), arms_front=True)
    return gripping(stance, overhead=held.overhead)


class _Puppet:
    """One figure while it is drawn, back to front."""

    def __init__(self, look: Look, kind: Kind, stance: Stance, held: tuple[PropArt, Colour] | None) -> None:
        self.look, self.kind, self.held, self.build = look, kind, held, kind.build
        self.stance = stance
        sink = self.build.hip - 18 if self.stance.seated else 0.0
        rise: Matrix = (1, 0, 0, 1, 0, -self.stance.rise)
        self.whole = multiply(rise, turned(self.stance.roll, 0, -self.build.neck * 0.6))
        self.upper = multiply((1, 0, 0, 1, 0, sink), turned(self.stance.lean, 0, -self.build.hip))
        x, y = self.build.head_at
        self.head = multiply(at(x, y, self.build.head), turned(self.stance.tilt, 0, 40))
        self.parts: list[tuple[str, Group, Matrix]] = []

    def draw(self) -> Figure:
        root = Group("figure")
        inner = root.group(matrix=self.whole)
        self._behind(inner.group("back", matrix=self.upper))
        if not self.stance.seated:
            self._legs(inner)
        self._chest(inner.group("chest", matrix=self.upper))
        if self.stance.seated:
            self._legs_forward(inner)
        self._over(inner.group("front", matrix=self.upper))
        body = multiply(self.whole, self.upper)
        found = {
            name: apply_rect(within, covered) for name, g, within in self.parts if (covered := extent(g)) is not None
        }
        return Figure(
            group=root,
            face=apply_rect(multiply(body, self.head), self.kind.face),
            box=extent(root) or self.kind.face,
            parts=found,
            is_grounded=self.stance.rise == 0,
            shadow_half_width=44 * self.build.girth,
        )

    def _part(self, name: str, parent: Group, *inside: Matrix) -> Group:
        """A named group whose place in the picture is wanted later; ``inside``: the transforms of its parents."""
        within = multiply(self.whole, self.upper)
        for matrix in inside:
            within = multiply(within, matrix)
        group = parent.group(name)
        self.parts.append((name, group, within))
        return group

    def _behind(self, g: Group) -> None:
        if Accessory.CAPE in self.look.worn:
            worn.cape(self._part(Accessory.CAPE, g), self.look, self.build)
        if Accessory.BACKPACK in self.look.worn:
            worn.backpack(self._part(Accessory.BACKPACK, g), self.look, self.build)
        if self.kind.behind is not None:
            self.kind.behind(g, self.look, self.build)
        if self.kind.hair_behind is not None:
            self.kind.hair_behind(g.group(matrix=self.head), self.look)

    def _legs(self, g: Group) -> None:
        colour, shoe, girth = garments.leg_colour(self.look), self.kind.socks(self.look), self.build.girth
        for (x, lift), side in ((self.stance.left_foot, -1), (self.stance.right_foot, 1)):
            hip = (side * 14 * girth, -self.build.hip)
            limb(g, hip, (x * girth, -12 - lift), 20 * self.build.limb, colour, tip=0.85)
            _foot(g, x * girth, -lift, side, shoe)

    def _legs_forward(self, g: Group) -> None:
        """Sitting, seen from the front: the soles towards us."""
        colour, shoe, girth = garments.leg_colour(self.look), self.kind.socks(self.look), self.build.girth
        size = math.sqrt(min(1.5, self.build.hip / 44))
        for side in (-1, 1):
            x = side * 31 * girth
            limb(g, (side * 14 * girth, -20), (x, -12), 24 * self.build.limb * size, colour, tip=0.85)
            g.solid(box(x + side * 3 - 14 * size, -28 * size, 28 * size, 29 * size, 13 * size), shoe, 0.1)
            g.fill(ellipse(x + side * 3, -13 * size, 8.5 * size, 9.5 * size), shade(shoe, 0.09), opacity=0.8)

    def _chest(self, g: Group) -> None:
        if not self.stance.arms_front:
            self._arm(g, -1)
            if not self._carries_in_front:
                self._arm(g, 1)
        garments.trunk(g.group("trunk", lift=2), self.look, self.build)
        if Accessory.BACKPACK in self.look.worn:
            worn.straps(g, self.look, self.build)
        if Accessory.CAPE in self.look.worn:
            worn.clasp(g, self.look, self.build)
        if self.look.is_person:
            self._scarf(g)

    def _over(self, g: Group) -> None:
        head = g.group("head", matrix=self.head, lift=3)
        self.kind.head(head, self.look)
        for accessory, put_on in _HATS.items():
            if accessory in self.look.worn:
                put_on(self._part(accessory, head, self.head), self.look, self.kind)
        if not self.look.is_person:
            self._scarf(g)
        self._carry(g)

    def _carry(self, g: Group) -> None:
        if self.held is not None and not self.stance.arms_front:
            if self._carries_in_front:
                self._arm(g, 1)
            self._thing(g, self._hand(1))
            self._paw(g, 1)
            return
        if self.stance.arms_front:
            if self.held is not None:
                self._thing(g, (0.0, self.build.shoulder[1] + 42 * self.build.reach))
            self._arm(g, -1)
            self._arm(g, 1)

    def _thing(self, g: Group, where: Point) -> None:
        if self.held is not None:
            art, colour = self.held
            upright = at(*where, turn=-self.stance.roll - self.stance.lean)
            draw = art.held if not self.stance.arms_front or art.in_both_hands is None else art.in_both_hands
            draw(self._part("held", g).group(matrix=upright), colour)

    def _scarf(self, g: Group) -> None:
        if Accessory.SCARF in self.look.worn:
            worn.scarf(self._part(Accessory.SCARF, g), self.look, self.build)

    @property
    def _carries_in_front(self) -> bool:
        """A hand below the shoulder carries in front of the body; a raised one stays behind the head."""
        return self.held is not None and self._hand(1)[1] > self.build.shoulder[1] - 12

    def _hand(self, side: int) -> Point:
        x, y = self.build.shoulder
        dx, dy = self.stance.right_hand if side > 0 else self.stance.left_hand
        hx, hy = side * x + dx * self.build.reach, y + dy * self.build.reach
        if dy < -15 and side * hx > 0:  # a raised hand is seen beside the head, not behind it
            hx = side * max(side * hx, self.kind.face.x1 * self.build.head + 13)
        return hx, hy

    def _arm(self, g: Group, side: int) -> None:
        x, y = self.build.shoulder
        hand = self._hand(side)
        sleeve = garments.sleeve_colour(self.look)
        bend = -side * (9 if hand[1] > y - 8 else -6)
        arm = g.group("arm", lift=2)
        limb(arm, (side * x, y), hand, 21 * self.build.limb, sleeve, bend=bend, tip=0.76)
        if self.look.is_person:
            angle = math.degrees(math.atan2(hand[1] - y, hand[0] - side * x))
            arm.group(matrix=at(*hand, turn=angle)).fill(box(-12, -9.5, 8, 19, 4), shade(sleeve, -0.08))
        self._paw(arm, side)

    def _paw(self, g: Group, side: int) -> None:
        colour = self.look.body if self.look.is_person else self.kind.socks(self.look)
        hand = self._hand(side)
        g.solid(ellipse(*hand, 10.5 * self.build.limb), colour, 0.07, light=(-2, -2), soft=2)


def _foot(g: Group, x: float, y: float, side: int, colour: Colour) -> None:
    out = side * 2.5
    path = (
        Path()
        .move(x - 11, y - 22)
        .line(x + 11, y - 22)
        .cubic(x + 12, y - 12, x + 19 + out, y - 10, x + 18 + out, y - 1)
    )
    path.line(x - 17 + out, y - 1).cubic(x - 18 + out, y - 9, x - 12, y - 12, x - 11, y - 22).close()
    g.solid(path, colour, 0.1)
    g.fill(box(x - 17 + out, y - 4, 35, 4, 2), shade(colour, -0.15))
