"""Fox, wolf and dog."""

from collections.abc import Sequence
from functools import partial

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import Profile, draw_profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Point, Rect, ellipse, smooth

_FOX = [(0, -45), (34, -40), (54, -20), (62, 0), (78, 18), (60, 24), (56, 33), (40, 39), (20, 46), (0, 49)]
_WOLF = [(0, -46), (34, -41), (54, -22), (60, -2), (72, 8), (62, 16), (70, 28), (52, 31), (42, 41), (20, 49), (0, 52)]
_DOG = [(0, -45), (36, -39), (52, -14), (52, 14), (40, 36), (20, 46), (0, 49)]


def _both(half: Sequence[Point]) -> list[Point]:
    return [*half, *((-x, y) for x, y in half[-2:0:-1])]


def _pointed_ears(g: Group, look: Look, inner: Colour) -> None:
    for side in (-1, 1):
        ear = [(side * 12, -34), (side * 29, -63), (side * 47, -82), (side * 57, -58), (side * 54, -16)]
        g.solid(smooth(ear, ease=1 / 7), look.body, 0.08)
        fold = [(side * 25, -32), (side * 36, -56), (side * 46, -67), (side * 50, -50), (side * 47, -24)]
        g.fill(smooth(fold, ease=1 / 7), inner)


def _fox_head(g: Group, look: Look) -> None:
    lk = look.shift
    _pointed_ears(g, look, shade(mix(look.body, "#4a2430", 0.72), -0.02))
    head = g.solid(smooth(_both(_FOX), ease=1 / 6.5), look.body, 0.09, soft=7)
    for side in (-1, 1):
        cheek = [(lk * 1.1, 20), (side * 10 + lk, 13), (side * 22 + lk * 0.9, 20), (side * 40 + lk * 0.6, 15)]
        cheek += [(side * 60, 4), (side * 84, 18), (side * 66, 46), (0, 62), (lk * 0.5, 50)]
        head.fill(smooth(cheek), look.marking)
    faces.cheeks(head, look, gap=38, y=26)
    head.fill(smooth([(lk * 0.3 - 5, -48), (lk * 0.6, -22), (lk * 0.3 + 5, -48)]), shade(look.body, -0.07), opacity=0.6)
    _features(g, look, gap=25, y=3)


def _wolf_head(g: Group, look: Look) -> None:
    lk = look.shift
    _pointed_ears(g, look, mix(look.marking, "#d99a94", 0.5))
    head = g.solid(smooth(_both(_WOLF), ease=1 / 9), look.body, 0.09, soft=7)
    mask = [(lk, -14), (16 + lk, 10), (34 + lk, 4), (66, 22), (30, 60), (0, 62), (-30, 60), (-66, 22)]
    head.fill(smooth([*mask, (-34 + lk, 4), (-16 + lk, 10)], ease=1 / 8), look.marking)
    head.fill(smooth([(lk * 0.4 - 9, -50), (lk * 0.6, -14), (lk * 0.4 + 9, -50)]), shade(look.body, -0.08), opacity=0.7)
    faces.cheeks(head, look, gap=36, y=26, strength=0.35)
    _features(g, look, gap=25, y=1)


def _dog_head(g: Group, look: Look) -> None:
    lk = look.shift
    head = g.solid(smooth(_both(_DOG)), look.body, 0.08, soft=7)
    head.fill(ellipse(24 + lk, -2, 19, 23, -14), mix(look.body, shade(look.accent, -0.15), 0.35), opacity=0.9)
    muzzle = [(lk, -44), (8 + lk, -8), (30 + lk, 16), (26 + lk, 40), (lk, 52), (-26 + lk, 40), (-30 + lk, 16)]
    head.fill(smooth([*muzzle, (-8 + lk, -8)]), look.marking)
    faces.cheeks(head, look, gap=38, y=20, strength=0.4)
    ear_colour = shade(mix(look.body, "#4a3028", 0.45), 0)
    for side in (-1, 1):
        ear = [(side * 30, -40), (side * 54, -36), (side * 66, -4), (side * 62, 26), (side * 50, 28), (side * 44, -4)]
        g.solid(smooth(ear), ear_colour, 0.08)
    _features(g, look, gap=23, y=1)


def _features(g: Group, look: Look, *, gap: float, y: float) -> None:
    faces.eyes(g, look, gap=gap, y=y, r=6.9, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=gap, y=y - 17, colour=shade(look.body, -0.24))
    faces.nose(g, look, y=25, w=10)
    faces.snout_mouth(g, look, y=37, w=10)
    faces.tear(g, look, x=-gap, y=y + 14)


def _brush(g: Group, look: Look, build: Build) -> None:
    """The fox's tail, its tip in the marking colour."""
    outline = [
        (8, -34),
        (40, -24),
        (78, -34),
        (104, -70),
        (106, -112),
        (94, -142),
        (78, -120),
        (66, -86),
        (44, -66),
        (16, -62),
    ]
    tail = g.group("tail").solid(smooth(outline), look.body, 0.1, light=(-5, -6), soft=6)
    tip = [(60, -108), (72, -102), (80, -110), (90, -100), (98, -108), (118, -98), (124, -160), (70, -160)]
    tail.fill(smooth(tip, ease=1 / 9), look.marking)


def _wolf_tail(g: Group, look: Look, build: Build) -> None:
    outline = [(10, -52), (36, -52), (66, -44), (84, -20), (92, 2), (76, -4), (66, 4), (54, -10), (36, -24), (12, -32)]
    tail = g.group("tail").solid(smooth(outline, ease=1 / 8), look.body, 0.1, light=(-4, -5), soft=5)
    tail.fill(smooth([(60, -18), (76, -24), (100, 4), (64, 10)]), look.marking, opacity=0.9)


def _wagging(g: Group, look: Look, build: Build) -> None:
    outline = [(14, -48), (38, -56), (58, -80), (66, -100), (74, -92), (72, -70), (52, -42), (20, -34)]
    g.group("tail").solid(smooth(outline), look.body, 0.1, light=(-3, -4), soft=4)


def _dark_socks(look: Look) -> Colour:
    return shade(mix(look.body, "#3a2230", 0.72), 0)


def _light_socks(look: Look) -> Colour:
    return mix(look.body, look.marking, 0.6)


FOX = Kind(
    Build(hip=42, neck=102),
    _fox_head,
    Rect(-62, -45, 62, 50),
    -34,
    38,
    25,
    3,
    _dark_socks,
    behind=_brush,
    profile=partial(
        draw_profile,
        shape=Profile(snout=34, thick=15, drop=20, ear="pointed", ear_size=1.1, inner="#5a3038", eye=(18, -2, 6.8)),
    ),
)
WOLF = Kind(
    Build(hip=50, neck=116, girth=1.1, limb=1.05),
    _wolf_head,
    Rect(-60, -46, 60, 52),
    -35,
    38,
    25,
    1,
    _light_socks,
    behind=_wolf_tail,
    profile=partial(
        draw_profile,
        shape=Profile(snout=36, thick=18, drop=18, ear="pointed", ear_size=1.05, eye=(16, -3, 6.4), pale=0.9),
    ),
)
DOG = Kind(
    Build(hip=42, neck=102, girth=1.05),
    _dog_head,
    Rect(-54, -45, 54, 50),
    -32,
    42,
    23,
    1,
    _light_socks,
    behind=_wagging,
    profile=partial(draw_profile, shape=Profile(snout=24, thick=21, drop=18, ear="flop", ear_at=(-16, -26))),
)
