"""The robot: a biped of boxes and ribbed tubes, with a screen for a face."""

import math
from collections.abc import Mapping

from overprint.core.scene import Accessory, Expression, Garment, Pose, View
from overprint.craft.drawing.colour import Colour, lightness, mix, shade
from overprint.craft.drawing.figures import worn
from overprint.craft.drawing.figures.biped import stance_for
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Figure, Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.figures.stances import Stance
from overprint.craft.drawing.nodes import Group, extent, glow, linear
from overprint.craft.drawing.props import PropArt
from overprint.craft.drawing.vector import (
    Matrix,
    Path,
    Point,
    Rect,
    apply,
    apply_rect,
    at,
    box,
    ellipse,
    inverse,
    multiply,
    smooth,
    turned,
)

_FACE = Rect(-54, -44, 54, 42)
_BUILD = Build(hip=44, neck=108, girth=1.15)


def _head(g: Group, look: Look) -> None:
    metal, side_on = look.body, look.view is View.SIDE
    if not side_on:
        for side in (-1, 1):
            g.solid(box(side * 56 - 8, -16, 16, 32, 7), look.outfit)
    g.stroke(Path().move(0, -44).quad(2, -58, 0, -66), shade(metal, -0.15), 5)
    glow(g, 0, -72, 30, "#ffd978", 0.7)
    g.solid(ellipse(0, -72, 10), "#ffd978", 0.08, light=(-2, -3), soft=2)
    g.solid(box(-54, -46, 108, 88, 34), metal, 0.1, light=(-7, -9), soft=8)
    g.stroke(Path().move(-36, -35).quad(-20, -43, 8, -42), "#ffffff", 5, opacity=0.5)
    ahead = 30.0 if side_on else look.shift * 0.5
    face = g.group(clip=box(-54, -46, 108, 88, 34)).group(matrix=(0.8 if side_on else 1.0, 0, 0, 1, ahead, 0))
    face.fill(box(-43, -30, 86, 58, 24), linear(0, -30, 0, 28, "#2a3a5c", "#18213a"))
    _screen(face, look, 3.0 if side_on else look.shift * 0.5)
    if side_on:
        g.solid(ellipse(-18, 0, 14), look.outfit, 0.08)
        g.fill(ellipse(-18, 0, 7), shade(look.outfit, -0.1))


def _screen(g: Group, look: Look, lk: float) -> None:
    light = look.eye_colour if lightness(look.eye_colour) > 0.55 else "#8ff5ea"
    kind = Expression.SLEEPY if look.asleep else look.expression
    for side in (-1, 1):
        x = side * 19 + lk
        glow(g, x, -5, 22, light, 0.4)
        if kind is Expression.SLEEPY:
            g.stroke(Path().move(x - 9, -5).quad(x, 3, x + 9, -5), light, 4)
        elif kind is Expression.JOY:
            g.stroke(Path().move(x - 9, 0).quad(x, -16, x + 9, 0), light, 4.4)
        else:
            g.fill(ellipse(x, -5, 8, 12 if kind is Expression.SURPRISED else 9.5), light)
            g.fill(ellipse(x + 2.5, -9, 2.8), "#ffffff")
        slope = {Expression.SAD: 5, Expression.WORRIED: 5, Expression.BRAVE: -5}.get(kind, 0)
        if slope:
            g.stroke(Path().move(x - side * 9, -19 - slope).line(x + side * 9, -19 + slope * 0.6), light, 3)
        g.fill(ellipse(side * 33 + lk, 10, 5, 3.2), "#ff9aa6", opacity=0.65)
    _lips(g, kind, lk, light)


def _lips(g: Group, kind: Expression, x: float, light: Colour) -> None:
    if kind is Expression.SURPRISED:
        g.stroke(ellipse(x, 15, 4, 5), light, 3)
    elif kind in (Expression.SAD, Expression.WORRIED):
        g.stroke(Path().move(x - 8, 19).quad(x, 10, x + 8, 19), light, 3.2)
    elif kind is Expression.JOY:
        g.fill(
            Path().move(x - 10, 10).quad(x, 12, x + 10, 10).quad(x + 7, 23, x, 23).quad(x - 7, 23, x - 10, 10).close(),
            light,
        )
    elif kind is Expression.BRAVE:
        g.stroke(Path().move(x - 9, 14).line(x + 9, 12), light, 3.2)
    else:
        g.stroke(Path().move(x - 9, 12).quad(x, 21, x + 9, 12), light, 3.2)


def _trunk(g: Group, look: Look) -> None:
    metal = look.body
    shell = g.solid(box(-42, -108, 84, 74, 24), metal, 0.11, light=(-7, -9), soft=7)
    if look.garment is Garment.STRIPES:
        for y in (-100, -50, -40):
            shell.fill(box(-60, y, 120, 6), look.accent)
    elif look.garment is not Garment.NONE:
        shell.fill(box(-60, -74, 120, 60), look.outfit)
    shell.fill(box(-60, -46, 120, 20), shade(metal, -0.07), opacity=0.6)
    g.fill(box(-24, -96, 48, 36, 10), shade(metal, -0.13))
    g.fill(box(-22, -94, 44, 32, 8), "#22304a")
    heart = Path().move(0, -66).cubic(-22, -80, -10, -93, 0, -83).cubic(10, -93, 22, -80, 0, -66).close()
    g.fill(heart, mix(look.accent, "#ff6b7d", 0.4))
    glow(g, 0, -78, 24, "#ff9aa6", 0.4)


def _arm(g: Group, look: Look, hand: Point, side: int) -> None:
    sx, sy = side * (6.0 if look.view is View.SIDE else 38.0), -88.0
    bx, by = (sx + hand[0]) / 2 + side * 12, (sy + hand[1]) / 2 + 8
    for i in range(7):
        u = i / 6
        x = (1 - u) ** 2 * sx + 2 * u * (1 - u) * bx + u * u * hand[0]
        y = (1 - u) ** 2 * sy + 2 * u * (1 - u) * by + u * u * hand[1]
        g.fill(ellipse(x, y, 7.6), shade(look.body, -0.05 if i % 2 else -0.14))
    claw = g.group(matrix=at(*hand, turn=math.degrees(math.atan2(hand[1] - by, hand[0] - bx))))
    for k in (-1, 1):
        claw.solid(smooth([(-4, k * 3), (4, k * 12), (17, k * 11), (15, k * 5), (7, k * 4)]), look.outfit, 0.08)
    claw.fill(ellipse(0, 0, 9), look.outfit)


def _legs(g: Group, look: Look, stance: Stance) -> None:
    sink = 26 if stance.seated else 0
    for (x, lift), side in ((stance.left_foot, -1), (stance.right_foot, 1)):
        for i in range(4):
            u = i / 3
            lx, ly = side * 16 * (1 - u) + x * u, (-44 + sink) * (1 - u) + (-22 - lift) * u
            g.solid(box(lx - 8, ly - 6, 16, 11, 5), shade(look.body, -0.1), 0.08)
        foot = (
            Path().move(x - 20, -lift).line(x + 20, -lift).cubic(x + 21, -20 - lift, x + 12, -26 - lift, x, -26 - lift)
        )
        g.solid(foot.cubic(x - 12, -26 - lift, x - 21, -20 - lift, x - 20, -lift).close(), look.outfit)


KIND = Kind(_BUILD, _head, _FACE, -36, 40, 19, -5, lambda look: look.outfit)


def draw_robot(look: Look, pose: Pose, held: tuple[PropArt, Colour] | None, grasps: Mapping[int, Point]) -> Figure:
    stance = stance_for(pose, look.view, held[0] if held else None, stride=look.stride)
    whole = multiply((1, 0, 0, 1, 0, -stance.rise), turned(stance.roll, 0, -65))
    body = multiply((1, 0, 0, 1, 0, 26 if stance.seated else 0), turned(stance.lean, 0, -40))
    inside = multiply(whole, body)
    root = Group("figure")
    g = root.group(matrix=whole)
    parts: list[tuple[str, Group, Matrix]] = []
    back = g.group("back", matrix=body)
    _worn(back, look, parts, inside, {Accessory.CAPE: worn.cape, Accessory.BACKPACK: worn.backpack})
    _legs(g, look, stance)
    upper = g.group("front", matrix=body)
    left, right = _hands(stance, look.view)
    left, right = (apply(inverse(inside), grasps[-1]) if -1 in grasps else left,
                   apply(inverse(inside), grasps[1]) if 1 in grasps else right)  # fmt: skip
    if not stance.arms_front:
        _arm(upper.group("arm", lift=2), look, left, -1)
    if not stance.arms_front and held is None:
        _arm(upper.group("arm", lift=2), look, right, 1)
    _trunk(upper.group("trunk", lift=2), look)
    head = multiply(at(0, -154), turned(stance.tilt, 0, 40))
    upper.fill(box(-13, -120, 26, 16, 4), shade(look.body, -0.15))
    _head_with_hats(upper.group("head", matrix=head, lift=3), look, parts, multiply(inside, head))
    _worn(upper, look, parts, inside, {Accessory.SCARF: worn.scarf})
    if held is not None:
        where = (0.0, -52.0) if stance.arms_front else (right[0] + 6, right[1])
        part = upper.group("held")
        draw = held[0].in_both_hands if stance.arms_front and held[0].in_both_hands else held[0].held
        draw(part.group(matrix=at(*where, turn=-stance.roll - stance.lean)), held[1])
        parts.append(("held", part, inside))
    if stance.arms_front:
        _arm(upper, look, left, -1)
    if stance.arms_front or held is not None:
        _arm(upper, look, right, 1)
    found = {name: apply_rect(within, covered) for name, part, within in parts if (covered := extent(part)) is not None}
    return Figure(root, apply_rect(multiply(inside, head), _FACE), extent(root) or _FACE, found, stance.rise == 0, 50)


def _hands(stance: Stance, view: View) -> tuple[Point, Point]:
    (lx, ly), (rx, ry) = stance.left_hand, stance.right_hand
    wide = 4.0 if view is View.SIDE else 30.0 if stance.arms_front else 36.0
    return (-wide + lx * 1.05, -92 + ly), (wide + rx * 1.05, -92 + ry)


def _worn(
    g: Group, look: Look, parts: list[tuple[str, Group, Matrix]], within: Matrix, items: dict[Accessory, worn.PutOn]
) -> None:
    for name, draw in items.items():
        if name in look.worn:
            part = g.group(name)
            draw(part, look, _BUILD)
            parts.append((name, part, within))


def _head_with_hats(g: Group, look: Look, parts: list[tuple[str, Group, Matrix]], within: Matrix) -> None:
    _head(g, look)
    hats = {Accessory.WITCH_HAT: worn.witch_hat, Accessory.CROWN: worn.crown, Accessory.CAP: worn.cap}
    for name, draw in {**hats, Accessory.BOW: worn.bow, Accessory.GLASSES: worn.glasses}.items():
        if name in look.worn:
            part = g.group(name)
            draw(part, look, KIND)
            parts.append((name, part, within))
