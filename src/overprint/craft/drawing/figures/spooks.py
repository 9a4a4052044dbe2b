"""A small ghost and a furry monster, both friendly."""

import math

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group, glow
from overprint.craft.drawing.vector import Path, Rect, at, ellipse, smooth


def _ghost(g: Group, look: Look) -> None:
    glow(g, 0, 0, 90, "#ffffff", 0.25)
    head = g.solid(ellipse(0, 0, 48, 47), look.body, 0.07, soft=8)
    side_on = look.view is View.SIDE
    faces.cheeks(head, look, gap=16 if side_on else 30, y=20, strength=0.6)
    faces.eyes(g, look, gap=26 if side_on else 19, y=-2, r=8, skin=shade(look.body, -0.04))
    faces.brows(g, look, gap=26 if side_on else 19, y=-20, colour=shade(look.body, -0.18))
    mouth = g.group(matrix=at(34, 22)) if side_on else g
    faces.mouth(mouth, look, y=0 if side_on else 22, w=8)
    faces.tear(g, look, x=-20 if not side_on else 24, y=14)


def _sheet(g: Group, look: Look, build: Build) -> None:
    w, top = build.girth, build.down(0)
    hem = []
    for k in range(9):
        hem.append(((46 - k * 11.5) * w, -8.0 if k % 2 else -24.0))
    half = [(30 * w, top - 14), (42 * w, build.down(0.6))]
    cloth = g.solid(smooth([*half, *hem, (-42 * w, build.down(0.6)), (-30 * w, top - 14)]), look.body, 0.09, soft=8)
    cloth.fill(ellipse(0, -4, 60, 34), mix(look.body, look.accent, 0.35), opacity=0.5, blur=10)
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)


def _monster(g: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    for side in (-1, 1) if not side_on else (1,):
        x = side * 26.0 if not side_on else -4.0
        horn = [(x - 9, -36), (x + side * 2, -62), (x + side * 16, -76), (x + side * 12, -54), (x + 11, -36)]
        g.solid(smooth(horn), mix(look.marking, "#f6e4b8", 0.5), 0.09)
    fur = []
    for i in range(36):
        angle = 2 * math.pi * i / 36
        r = 50 + (7 if i % 2 else -1)
        fur.append((r * math.cos(angle), 2 + r * 0.94 * math.sin(angle)))
    head = g.solid(smooth(fur, ease=1 / 9), look.body, 0.09, soft=7)
    head.fill(ellipse(look.shift if not side_on else 34, 24, 34, 22), mix(look.body, look.marking, 0.5))
    gap = 28 if side_on else 19
    for _, x in look.sides(gap):
        g.fill(ellipse(x, -6, 16, 17), "#fffdf4")
    faces.cheeks(head, look, gap=gap + 14 if not side_on else 10, y=22, strength=0.45)
    faces.eyes(g, look, gap=gap, y=-5, r=8, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=gap, y=-28, colour=shade(look.body, -0.22), width=4)
    mouth = g.group(matrix=at(30, 25)) if side_on else g
    faces.mouth(mouth, look, y=0 if side_on else 25, w=14)
    faces.tear(g, look, x=-gap, y=16)


def _spiny_tail(g: Group, look: Look, build: Build) -> None:
    tail = g.group("tail")
    tail.stroke(Path().move(16, -36).cubic(60, -14, 92, -34, 92, -70), look.body, 16)
    tail.solid(smooth([(82, -66), (92, -92), (104, -66), (94, -58)]), look.accent, 0.08)


GHOST = Kind(
    Build(hip=36, neck=98, girth=1.04, limb=0.85), _ghost, Rect(-48, -47, 48, 47), -34, 40, 19, -2,
    lambda look: look.body, profile=_ghost, profile_eye=26, floats=True, trunk=_sheet,
)  # fmt: skip
MONSTER = Kind(
    Build(hip=38, neck=100, girth=1.28, head=1.05, limb=1.2), _monster, Rect(-54, -50, 54, 52), -38, 38, 19, -5,
    lambda look: shade(look.body, -0.1), behind=_spiny_tail, profile=_monster, profile_eye=28,
)  # fmt: skip
