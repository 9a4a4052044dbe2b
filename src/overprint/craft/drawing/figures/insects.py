"""Small ones with feelers or many legs: bee, ant, butterfly, ladybird, caterpillar, spider; the bat for its wings."""

from dataclasses import replace
from functools import partial

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.beast import ROUND, Beast, kind_of
from overprint.craft.drawing.figures.kind import DrawBack, DrawHead, Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import PINK, Profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, ellipse, smooth

_DARK = "#3a3340"


def _feelers(g: Group, look: Look, *, curl: float) -> None:
    for side, x in look.sides(15) if look.view is not View.SIDE else ((-1, 6.0), (1, 20.0)):
        line = Path().move(x, -38).quad(x + side * 4, -62, x + side * (14 + curl), -70)
        g.stroke(line, _DARK, 4.2)
        g.solid(ellipse(x + side * (15 + curl), -71, 7), mix(_DARK, look.accent, 0.45), 0.07, light=(-1, -2), soft=1.5)


def _round(g: Group, look: Look, *, curl: float = 0.0, mask: bool = False) -> None:
    """``mask``: a dark head with the face's colour in the middle."""
    _feelers(g, look, curl=curl)
    ahead = 12.0 if look.view is View.SIDE else look.shift
    head = g.solid(ellipse(0, 0, 46, 44), _DARK if mask else look.body, 0.08, soft=7)
    if mask:
        head.fill(ellipse(ahead, 8, 37, 34), look.marking)
    faces.features(g, head, look, gap=19, y=-2, r=7.2, mouth_y=21, beside=(24, 32))


def _striped(g: Group, look: Look, build: Build) -> None:
    w, top = build.girth, build.down(0)
    half = [(16 * w, top - 6), (34 * w, build.down(0.45)), (30 * w, build.down(1.0)), (8 * w, build.down(1.45))]
    body = g.solid(smooth([*half, *((-x, y) for x, y in reversed(half))]), look.body, 0.1, light=(-5, -6), soft=6)
    for v in (0.3, 0.68, 1.06):
        y = build.down(v)
        body.stroke(Path().move(-60, y).quad(0, y + 8, 60, y), _DARK, 11)
    _worn(g, look, build)


def _worn(g: Group, look: Look, build: Build) -> None:
    if look.garment in (Garment.VEST, Garment.DUNGAREES):
        garments.trunk(g, look, build)


def _glassy(g: Group, look: Look, build: Build) -> None:
    y = build.down(0.2)
    wings = g.group("wings", opacity=0.82)
    for side in (-1, 1):
        for outline in ([(8, 8), (50, 4), (70, 22), (44, 34)], [(8, -2), (40, -52), (84, -62), (92, -30), (56, 2)]):
            wings.solid(smooth([(side * x, y + dy) for x, dy in outline]), "#e3f2fa", 0.06, light=(-3, -3), soft=4)


def _painted(g: Group, look: Look, build: Build) -> None:
    """A butterfly's wings: the outfit's colour with spots of the accent's."""
    y = build.down(0.3)
    wings = g.group("wings")
    lower = [(6, 8), (50, 14), (82, 42), (66, 74), (34, 60)]
    upper = [(6, 0), (26, -56), (84, -92), (112, -62), (96, -12), (40, 14)]
    for side in (-1, 1):
        for outline, tint in ((lower, shade(look.outfit, -0.04)), (upper, look.outfit)):
            wing = wings.solid(smooth([(side * x, y + dy) for x, dy in outline]), tint, 0.09, light=(-4, -5), soft=6)
            edge = smooth([(side * x, y + dy) for x, dy in outline])
            wing.stroke(edge, shade(tint, -0.14), 8)
        for x, dy, r in ((76, -56, 15), (56, -24, 9), (88, -28, 7), (54, 40, 11)):
            wings.fill(ellipse(side * x, y + dy, r), look.accent)
            wings.fill(ellipse(side * x, y + dy, r * 0.5), mix(look.accent, "#fff8ea", 0.6))


def _cases(g: Group, look: Look, build: Build) -> None:
    """A ladybird's back: two dotted halves."""
    x, y = {View.FRONT: 0.0, View.THREE_QUARTER: 14.0, View.SIDE: 26.0}[look.view], build.down(0.55)
    back = g.group("back").solid(ellipse(x, y, 58, 56), look.body, 0.1, light=(-6, -8), soft=8)
    back.stroke(Path().move(x, y - 60).line(x, y + 60), _DARK, 4)
    for side in (-1, 1):
        for dx, dy, r in ((42, -22, 10), (46, 14, 9), (26, 42, 9), (24, -44, 7)):
            back.fill(ellipse(x + side * dx, y + dy, r), _DARK)


def _dark_belly(g: Group, look: Look, build: Build) -> None:
    w = build.girth
    half = [
        (14 * w, build.down(-0.06)),
        (29 * w, build.down(0.5)),
        (25 * w, build.down(1.05)),
        (10 * w, build.down(1.3)),
    ]
    body = g.solid(smooth([*half, *((-x, y) for x, y in reversed(half))]), _DARK, 0.06, soft=5)
    for v in (0.4, 0.75, 1.1):
        y = build.down(v)
        body.stroke(Path().move(-40, y).quad(0, y + 6, 40, y), mix(_DARK, "#ffffff", 0.16), 3)
    _worn(g, look, build)


def _segments(g: Group, look: Look, build: Build) -> None:
    """A row of balls that comes up to the head, each on two short feet; the rear trails behind."""
    back = {View.FRONT: -1.0, View.THREE_QUARTER: -1.25, View.SIDE: -1.5}[look.view]
    chain = [(back * 92, -24, 24), (back * 62, -28, 27), (back * 30, -28, 28), (-2.0, -34, 30), (2.0, -66, 28)]
    for n, (x, y, r) in enumerate(chain):
        for dx in (-9, 9) if n < 4 else ():
            g.fill(ellipse(x + dx, -5, 8, 6), shade(look.outfit, -0.06))
        ball = g.solid(ellipse(x, y, r), look.body if n % 2 == 0 else mix(look.body, look.marking, 0.4), 0.09, soft=5)
        ball.fill(ellipse(x, y + r * 0.75, r * 0.7, r * 0.4), mix(look.body, look.marking, 0.75), opacity=0.8)


def _eight(g: Group, look: Look, build: Build) -> None:
    """Six more legs, and the large hind part."""
    x = {View.FRONT: 0.0, View.THREE_QUARTER: 22.0, View.SIDE: 46.0}[look.view]
    for side in (-1, 1):
        for k, (knee, foot_x, up) in enumerate(((62, 96, -104), (58, 78, -74), (44, 58, -50))):
            leg = Path().move(side * 14, build.down(0.4)).quad(side * knee, up - 22, side * (foot_x - 6), -44 + 12 * k)
            g.stroke(leg.line(side * foot_x, -3), shade(look.body, -0.04 - 0.02 * k), 8.5)
    rear = g.group("rear").solid(ellipse(x, build.down(0.35), 52, 47), shade(look.body, -0.03), 0.1, soft=7)
    for dx, dy in ((-24, -22), (0, -32), (24, -22)):
        rear.fill(ellipse(x + dx, build.down(0.35) + dy, 7), mix(look.body, look.accent, 0.7))


def _spider(g: Group, look: Look) -> None:
    head = g.solid(ellipse(0, 0, 48, 45), look.body, 0.08, soft=7)
    head.fill(ellipse(look.shift, 46, 34, 24), mix(look.body, look.marking, 0.6))
    side_on = look.view is View.SIDE
    for _, x in look.sides(27 if side_on else 20):
        g.fill(ellipse(x, -3, 13, 14), "#fffdf4")
    for x in (6, 20) if side_on else (look.across(-11), look.across(11)):
        g.fill(ellipse(x, -28, 5.5), "#fffdf4")
        g.fill(ellipse(x + 1, -28, 3), _DARK)
    faces.features(g, head, look, gap=20, y=-3, r=7, mouth_y=24, beside=(27, 34))


def _leathery(g: Group, look: Look, build: Build) -> None:
    skin, y = shade(look.body, -0.07), build.down(0.1)
    for side in (-1, 1):
        web = [(12, -4), (52, -58), (98, -66), (112, -20), (92, -26), (84, 6), (66, -4), (52, 26), (36, 10), (14, 34)]
        wing = g.group("wing").solid(smooth([(side * x, y + dy) for x, dy in web], ease=1 / 11), skin, 0.09, soft=6)
        for x, dy in ((92, -26), (66, -4)):
            wing.stroke(Path().move(side * 50, y - 54).line(side * x, y + dy), shade(skin, -0.1), 3, opacity=0.7)


def _three_parts(g: Group, look: Look, build: Build) -> None:
    """An ant: a narrow waist between breast and hind part, and two more pairs of legs."""
    x = {View.FRONT: 26.0, View.THREE_QUARTER: 34.0, View.SIDE: 46.0}[look.view]
    for side in (-1, 1):
        for reach, up in ((56, -58), (44, -36)):
            leg = Path().move(side * 12, build.down(0.6)).quad(side * reach, up - 16, side * (reach + 6), -3)
            g.stroke(leg, shade(look.body, -0.07), 7)
    g.solid(ellipse(-x, -44, 40, 31, 24), shade(look.body, -0.04), 0.1, light=(-4, -6), soft=5)
    g.solid(ellipse(0, build.down(0.42), 23 * build.girth, 31), look.body, 0.09, soft=5)
    _worn(g, look, build)


def _dark(look: Look) -> Colour:
    return mix(_DARK, look.body, 0.12)


def _small(
    build: Build, head: DrawHead, trunk: DrawBack, behind: DrawBack | None, *, legs: bool = True, spread: float = 0.0
) -> Kind:
    return Kind(build, head, Rect(-46, -44, 46, 44), -32, 36, 19, -2, _dark, behind=behind, profile=head,
                profile_eye=24, trunk=trunk, legs=legs, spread=spread)  # fmt: skip


BEE = _small(Build(hip=32, neck=88, girth=1.08, limb=0.62), _round, _striped, _glassy, spread=76)
ANT = _small(Build(hip=32, neck=92, girth=0.84, head=1.04, limb=0.58), partial(_round, curl=3), _three_parts, None)
BUTTERFLY = _small(
    Build(hip=34, neck=88, girth=0.72, head=0.98, limb=0.6),
    partial(_round, curl=6),
    _dark_belly,
    _painted,
    spread=102,
)
LADYBIRD = _small(Build(hip=28, neck=86, girth=1.0, limb=0.62), partial(_round, mask=True), _dark_belly, _cases)
CATERPILLAR = _small(Build(hip=26, neck=84, girth=0.9, head=1.02, limb=0.6), _round, _segments, None, legs=False)
SPIDER = Kind(
    Build(hip=32, neck=80, girth=0.86, head=1.04, limb=0.6), _spider, Rect(-48, -45, 48, 45), -34, 38, 20, -3,
    lambda look: shade(look.body, -0.06), behind=_eight, profile=_spider, profile_eye=27, spread=88,
)  # fmt: skip
_BAT = kind_of(
    Beast(
        half=ROUND, ear="pointed", ear_at=(36, -42), ear_size=1.15, inner=PINK, muzzle="oval",
        muzzle_at=(20, 30, 26), pale=0.6, nose=6, nose_y=14, mouth_y=24,
        profile=Profile(snout=9, thick=17, drop=16, pale=0.6, ear="pointed", ear_size=1.1, inner=PINK, nose=6),
    ),
    Build(hip=34, neck=92, girth=0.98, limb=0.8),
    behind=_leathery,
)  # fmt: skip
BAT = replace(_BAT, spread=98)
