"""Octopus, crab and snail: nobody here has legs to stand on, everybody has hands."""

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, ellipse, smooth

_ARMS = ((-74, 0.7), (74, 0.7), (-44, 0.85), (44, 0.85), (-15, 1.0), (17, 1.0))


def _octopus(g: Group, look: Look) -> None:
    dome = [(0, -68), (42, -58), (62, -18), (52, 22), (34, 42), (0, 46), (-34, 42), (-52, 22), (-62, -18), (-42, -58)]
    head = g.solid(smooth(dome), look.body, 0.09, light=(-6, -8), soft=8)
    back = -30 if look.view is not View.FRONT else 0
    for x, y, r in ((-30, -44, 7), (-14, -54, 5), (30, -46, 6), (44, -28, 4), (-46, -22, 5)):
        head.fill(ellipse(x + back * 0.3, y, r), mix(look.body, look.marking, 0.55), opacity=0.8)
    faces.features(g, head, look, gap=22, y=0, r=8, mouth_y=23, mouth_w=10, beside=(38, 46))


def _skirt(g: Group, look: Look, build: Build) -> None:
    """Six arms to stand on; two more are what it holds things with."""
    w, top = build.girth, build.down(0.2)
    for n, (x, thick) in enumerate(_ARMS):
        way = 1 if x > 0 else -1
        colour = shade(look.body, -0.06 + 0.02 * (n // 2))
        path = Path().move(x * 0.32 * w, top).cubic(x * 0.5 * w, -26, x * 0.5 * w, -9, x * 0.8 * w, -9)
        g.stroke(path.cubic(x * 1.02 * w, -9, x * 1.12 * w, -22, x * w + way * 3, -28), colour, 20 * thick)
        for u in (0.62, 0.78, 0.94):
            g.fill(ellipse(x * u * w, -6.5, 3.4, 2.6), look.marking, opacity=0.8)
    body = [
        (-30 * w, build.down(-0.3)),
        (30 * w, build.down(-0.3)),
        (36 * w, build.down(0.4)),
        (24 * w, -16),
        (-24 * w, -16),
    ]
    g.solid(smooth([*body, (-36 * w, build.down(0.4))]), look.body, 0.08, soft=6)
    _worn(g, look, build)


def _worn(g: Group, look: Look, build: Build) -> None:
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)


def _crab(g: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    eyes = (26.0,) if side_on else tuple(x for _, x in look.sides(22))
    for x in eyes:
        g.stroke(Path().move(x * 0.8, -22).line(x, -44), shade(look.body, -0.05), 9)
        g.solid(ellipse(x, -50, 16), "#fffdf6", 0.05, light=(-2, -2), soft=2)
    shell = [(0, -34), (42, -30), (70, -4), (60, 24), (32, 38), (0, 41), (-32, 38), (-60, 24), (-70, -4), (-42, -30)]
    head = g.solid(smooth(shell), look.body, 0.1, light=(-5, -7), soft=7)
    head.fill(ellipse(0, 46, 60, 26), mix(look.body, look.marking, 0.6))
    for x in (-42, -28, 30, 44):
        head.fill(ellipse(x, -12, 4.5), shade(look.body, 0.07))
    gap = 26 if side_on else 22
    faces.cheeks(head, look, gap=gap + 14, y=10, strength=0.55)
    faces.eyes(g, look, gap=gap, y=-50, r=7.6, skin=look.body)
    faces.brows(g, look, gap=gap, y=-71, colour=shade(look.body, -0.2))
    faces.mouth(g, look, y=8, w=14)
    faces.tear(g, look, x=-gap, y=-32)


def _crab_legs(g: Group, look: Look, build: Build) -> None:
    w, top = build.girth, build.down(0)
    for side in (-1, 1):
        for k, (reach, lift) in enumerate(((86, 36), (66, 30), (44, 24))):
            path = Path().move(side * (34 - 8 * k) * w, top + 2 + 5 * k).line(side * reach * 0.86, -lift)
            g.stroke(path.line(side * (reach + 6), -5), shade(look.body, -0.05 - 0.02 * k), 10)
    g.solid(ellipse(0, -24, 40 * w, 21), shade(look.body, -0.03), 0.08)
    _worn(g, look, build)


def _snail(g: Group, look: Look) -> None:
    for _, x in look.sides(17) if look.view is not View.SIDE else ((0, 10.0), (0, 26.0)):
        g.stroke(Path().move(x * 0.8, -30).quad(x, -54, x * 1.5, -66), shade(look.body, -0.04), 6)
        g.solid(ellipse(x * 1.5, -68, 8), shade(look.body, 0.03), 0.07, light=(-2, -2), soft=2)
    head = g.solid(
        smooth([(0, -44), (34, -34), (46, -2), (36, 32), (0, 44), (-36, 32), (-46, -2), (-34, -34)]),
        look.body,
        0.08,
        soft=6,
    )
    head.fill(ellipse(look.shift, 46, 30, 22), mix(look.body, look.marking, 0.7))
    faces.features(g, head, look, gap=19, y=-4, r=7.4, mouth_y=20, beside=(24, 34))


def _house(g: Group, look: Look, build: Build) -> None:
    """The shell, with its spiral; from the front it looks out over one shoulder."""
    x = {View.FRONT: 20.0, View.THREE_QUARTER: 34.0, View.SIDE: 44.0}[look.view]
    shell = g.group("shell").solid(ellipse(x, -70, 60, 58), look.outfit, 0.1, light=(-6, -8), soft=8)
    line = shade(look.outfit, -0.12)
    spiral = Path().move(x + 54, -62).cubic(x + 50, -122, x - 44, -124, x - 42, -66)
    spiral.cubic(x - 40, -26, x + 32, -26, x + 32, -66).cubic(x + 32, -98, x - 20, -98, x - 20, -68)
    shell.stroke(spiral.cubic(x - 20, -48, x + 14, -48, x + 13, -68), line, 6)
    shell.fill(ellipse(x - 20, -104, 14, 8, -30), shade(look.outfit, 0.1), opacity=0.7)


def _foot(g: Group, look: Look, build: Build) -> None:
    w, ahead = build.girth, {View.FRONT: 0.0, View.THREE_QUARTER: -8.0, View.SIDE: -22.0}[look.view]
    sole = [
        (-74 + ahead, -2),
        (-50 + ahead, -17),
        (-24 * w, -26),
        (24 * w, -26),
        (52 + ahead * 0.3, -14),
        (64 + ahead * 0.3, -2),
    ]
    g.solid(smooth([*sole, (0, 1)]), shade(look.body, -0.03), 0.09, light=(-3, -5), soft=4)
    neck = [
        (-17 * w, build.down(-0.2)),
        (17 * w, build.down(-0.2)),
        (27 * w, build.down(0.6)),
        (32 * w, -8),
        (-32 * w, -8),
    ]
    trunk = g.solid(smooth([*neck, (-27 * w, build.down(0.6))]), look.body, 0.09, soft=6)
    trunk.fill(ellipse(look.front * w, -30, 17 * w, 44), mix(look.body, look.marking, 0.75))
    if look.garment in (Garment.VEST, Garment.DUNGAREES):
        garments.trunk(g, look, build)


OCTOPUS = Kind(
    Build(hip=24, neck=64, girth=1.16, head=1.14, limb=0.95), _octopus, Rect(-60, -66, 60, 46), -50, 42, 22, 0,
    lambda look: look.body, profile=_octopus, profile_eye=38, legs=False, trunk=_skirt, hand="tentacle",
    hands=lambda look: shade(look.body, -0.02),
)  # fmt: skip
CRAB = Kind(
    Build(hip=18, neck=44, girth=1.2, head=1.16, limb=0.95), _crab, Rect(-66, -66, 66, 41), -26, 38, 22, -50,
    lambda look: look.body, profile=_crab, profile_eye=26, legs=False, trunk=_crab_legs, hand="claw",
)  # fmt: skip
SNAIL = Kind(
    Build(hip=22, neck=86, girth=0.92, head=0.96, limb=0.72), _snail, Rect(-46, -44, 46, 44), -34, 34, 19, -4,
    lambda look: look.body, behind=_house, profile=_snail, profile_eye=24, legs=False, trunk=_foot,
)  # fmt: skip
