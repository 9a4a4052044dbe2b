"""Bear, cat, rabbit and mouse."""

from functools import partial

from overprint.core.scene import Expression
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.profile import PINK, Profile, draw_profile, whiskers
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, Rect, ellipse, smooth

_ROUND: list[Point] = [
    (0, -48),
    (38, -38),
    (55, -6),
    (53, 23),
    (31, 43),
    (0, 48),
    (-31, 43),
    (-53, 23),
    (-55, -6),
    (-38, -38),
]
_CAT: list[Point] = [(0, -44), (36, -38), (55, -10), (62, 16), (46, 36), (22, 45), (0, 46)]
_MOUSE: list[Point] = [
    (0, -44),
    (32, -36),
    (48, -8),
    (46, 16),
    (26, 36),
    (0, 48),
    (-26, 36),
    (-46, 16),
    (-48, -8),
    (-32, -36),
]


def _features(g: Group, look: Look, *, gap: float, y: float, r: float, nose_colour: Colour, nose: float = 8) -> None:
    faces.eyes(g, look, gap=gap, y=y, r=r, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=gap, y=y - 17, colour=shade(look.body, -0.22))
    faces.nose(g, look, y=17, w=nose, colour=nose_colour)
    faces.snout_mouth(g, look, y=28, w=9)
    faces.tear(g, look, x=-gap, y=y + 14)


def _bear_head(g: Group, look: Look) -> None:
    for side in (-1, 1):
        g.solid(ellipse(side * 40, -38, 20), look.body, 0.08)
        g.fill(ellipse(side * 40, -37, 11), mix(look.marking, look.body, 0.3))
    head = g.solid(smooth(_ROUND), look.body, 0.08, soft=7)
    head.fill(ellipse(look.shift, 25, 27, 21), look.marking)
    faces.cheeks(head, look, gap=38, y=20, strength=0.45)
    _features(g, look, gap=22, y=-2, r=6.4, nose_colour=INK, nose=9)


def _rabbit_head(g: Group, look: Look) -> None:
    for side in (-1, 1):
        bend = 12 if side > 0 else 0
        ear = [
            (side * 8, -34),
            (side * 7, -70),
            (side * 16, -108 + bend),
            (side * 32, -110 + bend),
            (side * 38, -70),
            (side * 32, -32),
        ]
        g.solid(smooth(ear), look.body, 0.07)
        fold = [
            (side * 16, -44),
            (side * 15, -70),
            (side * 20, -98 + bend),
            (side * 28, -98 + bend),
            (side * 31, -68),
            (side * 26, -42),
        ]
        g.fill(smooth(fold), mix(PINK, look.body, 0.15))
    head = g.solid(smooth(_ROUND), look.body, 0.07, soft=7)
    for side in (-1, 1):
        head.fill(ellipse(look.shift * 1.15 + side * 10, 27, 14, 12), look.marking)
    faces.cheeks(head, look, gap=37, y=20)
    _features(g, look, gap=23, y=-1, r=6.6, nose_colour="#e58b8b", nose=7)
    if look.expression not in (Expression.HAPPY, Expression.CALM) or look.asleep:
        return
    x = look.shift * 1.2
    g.fill(Path().move(x - 4, 31).line(x + 4, 31).line(x + 3, 39).line(x - 3, 39).close(), "#fffdf8")


def _cat_head(g: Group, look: Look) -> None:
    lk = look.shift
    for side in (-1, 1):
        ear = [(side * 10, -38), (side * 34, -62), (side * 50, -76), (side * 58, -50), (side * 54, -12)]
        g.solid(smooth(ear, ease=1 / 9), look.body, 0.08)
        fold = [(side * 26, -38), (side * 38, -56), (side * 47, -62), (side * 51, -46), (side * 48, -22)]
        g.fill(smooth(fold, ease=1 / 9), mix(PINK, look.body, 0.2))
    head = g.solid(smooth([*_CAT, *((-x, y) for x, y in _CAT[-2:0:-1])]), look.body, 0.08, soft=7)
    for side in (-1, 1):
        head.fill(ellipse(lk * 1.15 + side * 11, 25, 16, 13), look.marking)
    for dx in (-12, 0, 12):
        stripe = Path().move(lk * 0.4 + dx * 0.8, -50).line(lk * 0.5 + dx, -28 - abs(dx) * 0.4)
        head.stroke(stripe, shade(look.body, -0.12), 5, opacity=0.7)
    faces.cheeks(head, look, gap=38, y=20, strength=0.45)
    for side in (-1, 1):
        for dy in (-3, 4):
            whisker = (
                Path().move(lk + side * 34, 22 + dy * 0.6).quad(lk + side * 52, 18 + dy, lk + side * 72, 17 + dy * 2.4)
            )
            g.stroke(whisker, shade(look.body, -0.28), 1.6, opacity=0.65)
    _features(g, look, gap=24, y=-2, r=7.2, nose_colour="#d9837f", nose=6.5)


def _mouse_head(g: Group, look: Look) -> None:
    lk = look.shift
    for side in (-1, 1):
        g.solid(ellipse(side * 49 - lk * 0.3, -40, 32, 33), look.body, 0.08)
        g.fill(ellipse(side * 49 - lk * 0.3, -38, 21, 22), mix(PINK, look.body, 0.15))
    head = g.solid(smooth(_MOUSE), look.body, 0.07, soft=7)
    head.fill(ellipse(lk, 30, 23, 19), look.marking)
    faces.cheeks(head, look, gap=31, y=19)
    for side in (-1, 1):
        for dy in (-3, 4):
            whisker = Path().move(lk + side * 16, 26 + dy).quad(lk + side * 34, 22 + dy, lk + side * 52, 24 + dy * 2.2)
            g.stroke(whisker, shade(look.body, -0.3), 1.4, opacity=0.6)
    _features(g, look, gap=20, y=0, r=6.8, nose_colour="#e07a80", nose=7)


def _stub(g: Group, look: Look, build: Build) -> None:
    g.group("tail").solid(ellipse(34, -44, 15, 14), mix(look.marking, look.body, 0.25), 0.08)


def _cat_tail(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -38).cubic(62, -20, 92, -52, 70, -84).cubic(60, -100, 70, -122, 86, -124)
    tail = g.group("tail")
    tail.stroke(curve, shade(look.body, -0.06), 15)
    tail.stroke(Path().move(71, -96).cubic(64, -108, 74, -121, 86, -124), look.marking, 14)


def _mouse_tail(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(14, -30).cubic(60, -6, 96, -14, 88, -48).cubic(84, -66, 100, -76, 108, -66)
    g.group("tail").stroke(curve, mix(PINK, look.body, 0.25), 6)


def _paws(look: Look) -> Colour:
    return shade(look.body, -0.09)


def _white_paws(look: Look) -> Colour:
    return mix(look.marking, look.body, 0.15)


def _pink_paws(look: Look) -> Colour:
    return mix(PINK, look.body, 0.25)


BEAR = Kind(
    Build(hip=44, neck=108, girth=1.3, head=1.04, limb=1.25),
    _bear_head,
    Rect(-54, -48, 54, 48),
    -36,
    40,
    22,
    -2,
    _paws,
    behind=_stub,
    profile=partial(draw_profile, shape=Profile(snout=15, thick=19, drop=18)),
)
CAT = Kind(
    Build(hip=42, neck=102),
    _cat_head,
    Rect(-58, -44, 58, 47),
    -34,
    40,
    24,
    -2,
    _white_paws,
    behind=_cat_tail,
    profile=partial(
        draw_profile,
        shape=Profile(
            snout=6, thick=17, drop=16, ear="pointed", inner=PINK, nose=6, nose_colour="#d9837f", over=whiskers
        ),
    ),
)
RABBIT = Kind(
    Build(hip=42, neck=102),
    _rabbit_head,
    Rect(-54, -48, 54, 48),
    -34,
    36,
    23,
    -1,
    _paws,
    behind=_stub,
    profile=partial(
        draw_profile,
        shape=Profile(
            snout=8, thick=18, drop=18, ear="long", ear_at=(-14, -34), inner=PINK, nose=6, nose_colour="#e58b8b"
        ),
    ),
)
MOUSE = Kind(
    Build(hip=36, neck=90, girth=0.95, head=1.08),
    _mouse_head,
    Rect(-48, -44, 48, 48),
    -32,
    34,
    20,
    0,
    _pink_paws,
    behind=_mouse_tail,
    profile=partial(
        draw_profile,
        shape=Profile(
            snout=24,
            thick=15,
            drop=20,
            ear="large",
            ear_at=(-14, -26),
            inner=PINK,
            nose=6.5,
            nose_colour="#e07a80",
            over=whiskers,
        ),
    ),
)
