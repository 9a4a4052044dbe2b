"""Frog and turtle."""

from overprint.core.scene import View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.beast import ROUND, Beast, kind_of
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import Profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, at, ellipse, smooth

_HEAD = [(0, -30), (34, -28), (58, -4), (60, 16), (44, 36), (0, 44)]


def _frog(g: Group, look: Look) -> None:
    for _, x in look.sides(27):
        g.solid(ellipse(x * 0.95, -32, 19), look.body, 0.08, soft=3)
        if not look.eyes_are_shut:
            g.fill(ellipse(x, -33, 13.5), "#fffdf2")
    outline = [*_HEAD, *((-x, y) for x, y in _HEAD[-2:0:-1])]
    head = g.solid(smooth(outline), look.body, 0.08, soft=7)
    head.fill(ellipse(look.shift * 0.8, 42, 48, 24), look.marking)
    faces.cheeks(head, look, gap=40, y=14, strength=0.5)
    faces.eyes(g, look, gap=27, y=-33, r=7.2, skin=look.body)
    for side in (-1, 1):
        g.fill(ellipse(look.shift * 1.3 + side * 6, -6, 2.2, 2.8), shade(look.body, -0.25))
    faces.mouth(g, look, y=13, w=22)


def _frog_in_profile(g: Group, look: Look) -> None:
    g.solid(ellipse(10, -32, 19), look.body, 0.08, soft=3)
    outline = [(-46, 6), (-30, -24), (10, -34), (46, -14), (62, 8), (54, 28), (20, 44), (-26, 40)]
    head = g.solid(smooth(outline), look.body, 0.08, soft=7)
    head.fill(ellipse(30, 44, 44, 20), look.marking)
    faces.cheeks(head, look, gap=18, y=16, strength=0.5)
    if not look.eyes_are_shut:
        g.fill(ellipse(15, -34, 12.5), "#fffdf2")
    faces.eyes(g, look, gap=17, y=-34, r=7, skin=look.body)
    g.fill(ellipse(54, -2, 2.2, 2.8), shade(look.body, -0.25))
    faces.mouth(g.group(matrix=at(42, 14)), look, y=0, w=14)


def _shell(g: Group, look: Look, build: Build) -> None:
    middle = 0.0 if look.view is View.FRONT else 22.0
    shell = g.group("shell").solid(ellipse(middle, -72, 56, 54), look.outfit, 0.1, light=(-6, -8), soft=8)
    shell.stroke(ellipse(middle, -72, 50, 48), shade(look.outfit, -0.1), 5)
    for x, y in ((-44, -90), (44, -90), (46, -50), (-46, -50)):
        shell.fill(ellipse(middle + x, y, 17), shade(look.outfit, 0.06), opacity=0.8)


def _plates(g: Group, look: Look, build: Build) -> None:
    garments.trunk(g, look, build)
    w, x = build.girth, look.front * build.girth
    for k in range(3):
        y = build.down(0.25 + 0.3 * k)
        g.stroke(Path().move(x - 18 * w, y).quad(x, y + 6, x + 18 * w, y), mix(look.body, look.marking, 0.4), 2.6)


FROG = Kind(
    Build(hip=40, neck=94, girth=1.12, head=1.02),
    _frog,
    Rect(-58, -48, 58, 44),
    -42,
    36,
    27,
    -33,
    lambda look: shade(look.body, -0.07),
    profile=_frog_in_profile,
    profile_eye=17,
)
TURTLE = kind_of(
    Beast(
        half=ROUND,
        ear="none",
        muzzle="oval",
        muzzle_at=(32, 32, 18),
        pale=0.4,
        nose=0,
        mouth_y=30,
        eyes=(23, -2, 7.2),
        profile=Profile(snout=16, thick=20, drop=16, pale=0.4, ear="none", nose=0),
    ),
    Build(hip=36, neck=98, girth=1.08, head=0.96),
    behind=_shell,
    trunk=_plates,
)
