"""Whoever comes from elsewhere: a visitor from another star, and the made-up creature that stands for everybody
who has no kind of their own."""

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group, glow
from overprint.craft.drawing.vector import Path, Rect, ellipse, leaf, smooth


def _alien(g: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    for side, x in ((-1, 2.0), (1, 16.0)) if side_on else look.sides(18):
        g.stroke(Path().move(x, -44).quad(x + side * 3, -64, x + side * 13, -72), shade(look.body, -0.06), 5.5)
        glow(g, x + side * 14, -76, 34, look.accent, 0.4)
        g.solid(ellipse(x + side * 14, -76, 9), mix(look.accent, "#fff6c8", 0.25), 0.07, light=(-2, -3), soft=2)
    half = [(0, -54), (44, -46), (62, -14), (48, 22), (26, 42), (0, 48)]
    head = g.solid(smooth([*half, *((-x, y) for x, y in half[-2:0:-1])]), look.body, 0.08, soft=8)
    for x, y, r in ((-38, -34, 5), (-26, -42, 3.5), (40, -32, 4), (30, -42, 3)):
        head.fill(ellipse(x, y, r), mix(look.body, look.marking, 0.6), opacity=0.8)
    for _, x in ((0, 28.0),) if side_on else look.sides(25):
        g.fill(ellipse(x, -6, 17, 19), "#fdfdf6")
    faces.features(g, head, look, gap=25, y=-5, r=9, mouth_y=28, mouth_w=8, beside=(29, 34), blush=0.4)


def _suit(g: Group, look: Look, build: Build) -> None:
    """One overall with a bright disc, unless something else is worn."""
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)
        return
    w = build.girth
    half = [
        (16 * w, build.down(-0.06)),
        (30 * w, build.down(0.4)),
        (34 * w, build.down(0.9)),
        (22 * w, build.down(1.2)),
    ]
    cloth = g.solid(smooth([*half, *((-x, y) for x, y in reversed(half))]), look.outfit, 0.1, light=(-5, -6), soft=6)
    cloth.stroke(Path().move(-50, build.down(0.86)).quad(0, build.down(0.96), 50, build.down(0.86)), look.accent, 6)
    x = look.front * w
    g.fill(ellipse(x, build.down(0.42), 12), mix(look.accent, "#fff6c8", 0.2))
    g.fill(ellipse(x, build.down(0.42), 6), look.marking)


def _creature(g: Group, look: Look) -> None:
    """Leaves for ears, a sprig on top, freckles: not like any animal that has a name."""
    side_on = look.view is View.SIDE
    fresh = mix(look.accent, look.body, 0.25)
    for side in (-1, 1) if not side_on else (-1,):
        x = side * 40.0 if not side_on else -16.0
        for turn, long in ((-28, 62), (4, 56)):
            blade = leaf(0, 0, long, turn if side > 0 else 180 - turn).moved(x, -16)
            g.solid(blade, fresh if turn < 0 else shade(fresh, -0.05), 0.08, light=(-2, -3), soft=3)
    top = -6.0 if side_on else look.shift * 0.3
    g.stroke(Path().move(top, -40).quad(top + 2, -54, top + 8, -60), shade(fresh, -0.12), 4.5)
    for turn in (-70, -15):
        g.solid(leaf(top + 7, -58, 26, turn), fresh, 0.08, light=(-2, -2), soft=2)
    half = [(0, -44), (36, -36), (54, -4), (52, 26), (32, 45), (0, 50)]
    head = g.solid(smooth([*half, *((-x, y) for x, y in half[-2:0:-1])]), look.body, 0.08, soft=8)
    head.fill(ellipse(22 if side_on else look.shift, 22, 40, 32), mix(look.body, look.marking, 0.75))
    gap = 28 if side_on else 22
    for _, x in look.sides(gap):
        for dx, dy in ((-9, 17), (0, 21), (9, 17)):
            head.fill(ellipse(x + dx, dy, 2.1), shade(look.body, -0.12), opacity=0.7)
    faces.features(g, head, look, gap=22, y=0, r=7.6, mouth_y=30, mouth_w=10, beside=(28, 34))
    g.fill(ellipse(46 if side_on else look.shift * 1.3, 17, 4.5, 3.6), shade(look.body, -0.2))


def _tuft(g: Group, look: Look, build: Build) -> None:
    tail = g.group("tail")
    tail.stroke(Path().move(14, -34).cubic(52, -22, 74, -40, 78, -66), shade(look.body, -0.05), 11)
    for turn in (-120, -80, -40):
        tail.solid(leaf(78, -64, 36, turn), mix(look.accent, look.body, 0.25), 0.08, light=(-2, -2), soft=2)


def _pear(g: Group, look: Look, build: Build) -> None:
    garments.trunk(g, look, build)
    if look.garment in (Garment.NONE, Garment.VEST):
        for x, v in ((-28, 0.5), (-22, 0.8), (27, 0.62), (20, 0.92)):
            g.fill(ellipse(x * build.girth, build.down(v), 4.4), mix(look.body, look.accent, 0.5), opacity=0.85)


ALIEN = Kind(
    Build(hip=38, neck=88, girth=0.86, head=1.1, limb=0.78), _alien, Rect(-58, -54, 58, 48), -42, 38, 25, -5,
    lambda look: shade(look.body, -0.06), profile=_alien, profile_eye=29, trunk=_suit,
)  # fmt: skip
CREATURE = Kind(
    Build(hip=34, neck=92, girth=1.16, head=1.06, limb=1.0), _creature, Rect(-54, -44, 54, 50), -34, 38, 22, 0,
    lambda look: shade(look.body, -0.08), behind=_tuft, profile=_creature, profile_eye=28, trunk=_pear,
)  # fmt: skip
