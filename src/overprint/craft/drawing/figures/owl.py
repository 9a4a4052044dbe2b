"""The owl: wings for arms, a body that is nearly all head."""

from dataclasses import replace

from overprint.core.scene import Accessory, Expression, Garment, Pose, View
from overprint.craft.drawing.colour import Colour, lightness, mix, shade
from overprint.craft.drawing.figures import worn
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import INK, Figure, Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group, extent
from overprint.craft.drawing.props import PropArt
from overprint.craft.drawing.vector import Matrix, Path, Point, Rect, apply_rect, at, ellipse, multiply, smooth, turned

_BEAK = "#f0a33c"
_BODY: list[Point] = [
    (0, -150),
    (40, -142),
    (60, -104),
    (62, -60),
    (46, -20),
    (0, -4),
    (-46, -20),
    (-62, -60),
    (-60, -104),
    (-40, -142),
]
_HEAD: list[Point] = [
    (0, -40),
    (36, -38),
    (58, -12),
    (56, 20),
    (30, 36),
    (0, 40),
    (-30, 36),
    (-56, 20),
    (-58, -12),
    (-36, -38),
]
_UP: list[Point] = [(40, -96), (78, -138), (110, -148), (106, -118), (98, -98), (86, -80), (64, -62), (40, -60)]
_DOWN: list[Point] = [(44, -104), (64, -92), (72, -56), (58, -20), (46, -40), (42, -76)]
_OUT: list[Point] = [(42, -100), (66, -96), (92, -84), (94, -70), (80, -62), (60, -58), (42, -64)]
_FACE = Rect(-57, -40, 57, 40)


def _head(g: Group, look: Look) -> None:
    lk, colour = look.shift * 0.7, look.body
    for side in (-1, 1):
        g.solid(
            smooth([(side * 22, -28), (side * 47, -64), (side * 54, -40), (side * 50, -12)], ease=1 / 7),
            shade(colour, -0.05),
            0.08,
        )
    g.solid(smooth(_HEAD), colour, 0.07, light=(-5, -6), soft=6)
    g.fill(smooth([(0, -38), (12, -26), (0, -4), (-12, -26)]), shade(colour, -0.09))
    disc = mix(look.marking, "#fff6e2", 0.35)
    for side in (-1, 1):
        g.fill(ellipse(side * 25 + lk * 0.6, 0, 29), disc)
        g.stroke(ellipse(side * 25 + lk * 0.6, 0, 29), shade(colour, -0.05), 2, opacity=0.5)
    for side in (-1, 1):
        _eye(g, look, side * 23 + lk, side)
    beak = [(lk * 1.2 - 8, 10), (lk * 1.2, 7), (lk * 1.2 + 8, 10), (lk * 1.2, 28)]
    g.solid(smooth(beak), _BEAK, 0.08, light=(-2, -2), soft=2)
    if look.expression in (Expression.JOY, Expression.SURPRISED) and not look.asleep:
        g.fill(smooth([(lk * 1.2 - 4, 24), (lk * 1.2 + 4, 24), (lk * 1.2, 33)]), "#8c2f39")


def _eye(g: Group, look: Look, x: float, side: int) -> None:
    if look.eyes_are_shut:
        g.stroke(Path().move(x - 13, 0).quad(x, 13, x + 13, 0), INK, 3.4)
        return
    if look.expression is Expression.JOY:
        g.stroke(Path().move(x - 13, 6).quad(x, -13, x + 13, 6), INK, 3.8)
        return
    iris = look.eye_colour if lightness(look.eye_colour) > 0.45 else "#f5b52e"
    r = 19.0 if look.expression is Expression.SURPRISED else 17.0
    g.fill(ellipse(x, 0, r), iris)
    g.stroke(ellipse(x, 0, r), shade(iris, -0.15), 1.8)
    g.fill(ellipse(x + look.gaze * 3, 1, 11 if r < 18 else 9), INK)
    g.fill(ellipse(x + 4 + look.gaze * 3, -4.5, 4.2), "#ffffff")
    g.fill(ellipse(x - 4 + look.gaze * 3, 5, 1.9), "#ffffff", opacity=0.8)
    slant = {Expression.SAD: 7, Expression.WORRIED: 8, Expression.BRAVE: -8, Expression.SLEEPY: 1, Expression.CALM: 0}
    if look.expression in slant:
        drop = {Expression.SLEEPY: 1, Expression.CALM: -10, Expression.BRAVE: -9}.get(look.expression, -8)
        tip = slant[look.expression]
        lid = (
            Path()
            .move(x - side * 22, drop - tip)
            .line(x + side * 22, drop + tip)
            .line(x + side * 22, -26)
            .line(x - side * 22, -26)
        )
        g.group(clip=ellipse(x, 0, r + 2)).fill(lid.close(), shade(look.body, -0.02))


def _wing(g: Group, look: Look, side: int, outline: list[Point]) -> None:
    wing = g.group("wing", lift=2).solid(smooth([(side * x, y) for x, y in outline]), shade(look.body, -0.055), 0.1)
    tips = outline[3:6]
    for x, y in tips:
        wing.stroke(
            Path().move(side * x * 0.96, y * 0.97).quad(side * x * 0.85, y * 0.95, side * 52, -84),
            shade(look.body, -0.15),
            2.5,
            opacity=0.55,
        )


def _plumage(g: Group, look: Look) -> None:
    body = g.solid(smooth(_BODY), look.body, 0.1, light=(-6, -8), soft=7)
    middle = look.front * 0.9
    body.fill(ellipse(middle, -46, 44, 46), look.marking)
    for row in range(4):
        for column in range(-3, 4):
            x, y = column * 17 + (8.5 if row % 2 else 0), -72 + row * 15
            if (x / 44) ** 2 + ((y + 46) / 46) ** 2 < 0.8:
                body.stroke(
                    Path().move(x - 6, y).quad(x, y + 9, x + 6, y).moved(middle, 0),
                    mix(look.body, look.marking, 0.25),
                    2.8,
                    opacity=0.8,
                )
    if look.garment is Garment.NONE:
        return
    low = -34 if look.garment in (Garment.VEST, Garment.DUNGAREES) else -20
    cloth = Path().move(-80, -86).quad(0, -74, 80, -86).line(80, low).quad(0, low + 12, -80, low).close()
    body.fill(cloth, look.outfit)
    if look.garment is Garment.STRIPES:
        for i in range(4):
            body.stroke(Path().move(-70, -68 + i * 14).quad(0, -58 + i * 14, 70, -68 + i * 14), look.accent, 5)
    elif look.garment is Garment.VEST:
        body.fill(smooth([(-8, -90), (8, -90), (22, -24), (-22, -24)]), look.marking)
    else:
        for i in range(3):
            body.fill(ellipse(0, -68 + i * 15, 3.6), mix(look.accent, "#fff3d0", 0.3))


KIND = Kind(Build(hip=20, neck=82, girth=1.32, head=1.0), _head, _FACE, -30, 36, 23, 0, lambda look: _BEAK)


def draw_owl(look: Look, pose: Pose, held: tuple[PropArt, Colour] | None) -> Figure:
    if look.view is View.SIDE:  # an owl turns its whole head: both eyes are seen from the side too
        look = replace(look, view=View.THREE_QUARTER, gaze=1.0)
    root = Group("figure")
    rise: Matrix = (1, 0, 0, 1, 0, -64 if pose is Pose.FLY else 0)
    g = root.group(matrix=rise)
    parts: list[tuple[str, Group, Matrix]] = []
    for name, draw in ((Accessory.CAPE, worn.cape), (Accessory.BACKPACK, worn.backpack)):
        if name in look.worn:
            behind = g.group(name)
            draw(behind, look, KIND.build)
            parts.append((name, behind, rise))
    _feet(g, look)
    left, right = _wings_for(pose, held is not None)
    for side, outline in ((-1, left), (1, right)):
        if outline is not _DOWN:
            _wing(g, look, side, outline)
    _plumage(g.group("trunk", lift=2), look)
    for side, outline in ((-1, left), (1, right)):
        if outline is _DOWN:
            _wing(g, look, side, outline)
    head = multiply(at(0, -120), turned(4 if pose in (Pose.WAVE, Pose.HUG) else 0, 0, 30))
    _dress_head(g.group("head", matrix=head, lift=3), look, parts, multiply(rise, head))
    if Accessory.SCARF in look.worn:
        around = g.group(Accessory.SCARF)
        worn.scarf(around, look, KIND.build)
        parts.append((Accessory.SCARF, around, rise))
    if held is not None:
        _carry(g, held, pose, parts, rise)
    found = {name: apply_rect(within, covered) for name, part, within in parts if (covered := extent(part)) is not None}
    face = apply_rect(multiply(rise, head), _FACE)
    return Figure(root, face, extent(root) or _FACE, found, pose is not Pose.FLY, 44)


def _wings_for(pose: Pose, holds: bool) -> tuple[list[Point], list[Point]]:
    """Left and right wing."""
    left = _UP if pose in (Pose.CHEER, Pose.FLY) or (pose is Pose.WAVE and holds) else _DOWN
    right = _UP if pose in (Pose.CHEER, Pose.FLY, Pose.WAVE) and not holds else _DOWN
    if holds or pose in (Pose.POINT, Pose.HOLD):
        right = _OUT
    return (_OUT if pose is Pose.HUG else left), (_OUT if pose is Pose.HUG else right)


def _feet(g: Group, look: Look) -> None:
    for side in (-1, 1):
        for k in (-7, 0, 7):
            g.fill(smooth([(side * 20 + k - 4, -8), (side * 20 + k * 1.5, 1), (side * 20 + k + 4, -8)]), _BEAK)
    g.fill(smooth([(-16, -24), (16, -24), (11, 2), (-11, 2)]), shade(look.body, -0.12))


def _dress_head(g: Group, look: Look, parts: list[tuple[str, Group, Matrix]], within: Matrix) -> None:
    _head(g, look)
    hats = {Accessory.WITCH_HAT: worn.witch_hat, Accessory.CROWN: worn.crown, Accessory.CAP: worn.cap}
    for name, draw in {**hats, Accessory.BOW: worn.bow, Accessory.GLASSES: worn.glasses}.items():
        if name in look.worn:
            part = g.group(name)
            draw(part, look, KIND)
            parts.append((name, part, within))


def _carry(
    g: Group, held: tuple[PropArt, Colour], pose: Pose, parts: list[tuple[str, Group, Matrix]], rise: Matrix
) -> None:
    art, colour = held
    part = g.group("held")
    if pose is Pose.READ and art.in_both_hands is not None:
        art.in_both_hands(part.group(matrix=at(0, -34)), colour)
    else:
        art.held(part.group(matrix=at(86, -74)), colour)
        g.fill(ellipse(86, -74, 8, 6), shade(colour, 0), opacity=0)
    parts.append(("held", part, rise))
