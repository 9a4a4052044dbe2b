"""Penguin, duck, songbird and hen: round heads with a beak."""

from functools import partial

from overprint.core.scene import Expression, View
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.kind import DrawBack, Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Rect, ellipse, smooth

_BEAK = "#f2a33a"


def _front(g: Group, look: Look, *, mask: str, bill: float) -> None:
    lk = look.shift
    head = g.solid(ellipse(0, 0, 47, 45), look.body, 0.08, soft=7)
    if mask == "heart":
        for side in (-1, 1):
            head.fill(ellipse(lk + side * 17, 4, 22, 27), look.marking)
        head.fill(ellipse(lk, 24, 24, 16), look.marking)
    elif mask == "bib":
        head.fill(ellipse(lk * 0.8, 40, 36, 24), look.marking)
    faces.cheeks(head, look, gap=32, y=18, strength=0.5)
    faces.eyes(g, look, gap=20, y=-2, r=6.8, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=20, y=-19, colour=shade(look.body, -0.2))
    _beak(g, look, lk * 1.3, bill)
    faces.tear(g, look, x=-20, y=12)
    _crest(g, look, mask)


def _beak(g: Group, look: Look, x: float, bill: float) -> None:
    is_open = look.expression in (Expression.JOY, Expression.SURPRISED) and not look.asleep
    if is_open:
        g.fill(smooth([(x - 9 * bill, 18), (x + 9 * bill, 18), (x, 34)]), "#8c2f39")
    droop = {Expression.SAD: 4, Expression.WORRIED: 3}.get(look.expression, -1)
    upper = [(x - 13 * bill, 16 + droop), (x, 8), (x + 13 * bill, 16 + droop), (x, 24 if bill > 1 else 27)]
    g.solid(smooth(upper), _BEAK, 0.09, light=(-2, -3), soft=2)


def _profile(g: Group, look: Look, *, mask: str, bill: float) -> None:
    long = 20 * bill
    mouth = 6 if look.expression in (Expression.JOY, Expression.SURPRISED) and not look.asleep else 0
    lower = [(36, 18), (42 + long * 0.8, 20 + mouth), (38, 27 + mouth)]
    g.fill(smooth(lower), shade(_BEAK, -0.1))
    head = g.solid(ellipse(0, 0, 46, 45), look.body, 0.08, soft=7)
    if mask == "heart":
        head.fill(ellipse(26, 6, 24, 28), look.marking)
    elif mask == "bib":
        head.fill(ellipse(26, 40, 40, 22), look.marking)
    g.solid(
        smooth([(36, 0), (44 + long * 0.5, 9), (46 + long, 15), (46 + long * 0.9, 20), (38, 23)]),
        _BEAK,
        0.09,
        light=(-2, -3),
        soft=2,
    )
    faces.cheeks(head, look, gap=16, y=18, strength=0.5)
    faces.eyes(g, look, gap=24, y=-4, r=6.8, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=24, y=-21, colour=shade(look.body, -0.2))
    faces.tear(g, look, x=22, y=10)
    _crest(g, look, mask)


def _crest(g: Group, look: Look, mask: str) -> None:
    if mask == "heart":
        return
    if mask == "comb":
        _comb(g, look)
        return
    x = -6 if look.view is View.SIDE else 0
    for turn in (-14, 0, 13):
        g.solid(smooth([(x - 5, -40), (x + turn - 4, -62), (x + turn + 6, -60), (x + 6, -40)]), look.body, 0.08)


def _comb(g: Group, look: Look) -> None:
    red = "#d9483f"
    x = 8.0 if look.view is View.SIDE else look.shift * 0.5
    for dx, dy, r in ((-14, -44, 10), (0, -52, 12), (14, -46, 10)):
        g.solid(ellipse(x + dx, dy, r, r * 1.1), red, 0.08, light=(-2, -2), soft=2)
    low = 48.0 if look.view is View.SIDE else look.shift * 1.3
    g.solid(smooth([(low - 7, 26), (low + 7, 26), (low + 6, 42), (low, 47), (low - 6, 42)]), red, 0.08)


def _tail(g: Group, look: Look, build: Build) -> None:
    feathers = [(18, -50), (44, -66), (62, -64), (54, -54), (64, -46), (50, -40), (20, -34)]
    g.group("tail").solid(smooth(feathers), shade(look.body, -0.06), 0.08)


def _wing(look: Look) -> Colour:
    return shade(look.body, -0.06)


def _bird(mask: str, bill: float, build: Build, behind: DrawBack | None) -> Kind:
    def feet(look: Look) -> Colour:
        return mix(_BEAK, look.body, 0.05)

    return Kind(
        build,
        partial(_front, mask=mask, bill=bill),
        Rect(-47, -45, 47, 45),
        -32,
        40,
        20,
        -2,
        feet,
        behind=behind,
        hands=_wing,
        hand="wing",
        profile=partial(_profile, mask=mask, bill=bill),
        profile_eye=24,
    )


PENGUIN = _bird("heart", 0.8, Build(hip=30, neck=104, girth=1.22, limb=1.0), None)
DUCK = _bird("plain", 1.35, Build(hip=30, neck=96, girth=1.14, limb=0.95), _tail)
BIRD = _bird("bib", 0.7, Build(hip=30, neck=88, girth=1.12, head=1.04, limb=0.9), _tail)
HEN = _bird("comb", 0.75, Build(hip=30, neck=90, girth=1.24, head=0.96, limb=0.9), _tail)
