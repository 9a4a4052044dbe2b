"""Animals of the savanna and the bush: giraffe, hippo, rhino, zebra, leopard, koala, kangaroo."""

from dataclasses import replace

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import farm, garments
from overprint.craft.drawing.figures.beast import LONG, ROUND, Beast, kind_of, tail_stroke
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.profile import PINK, Profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, ellipse, polygon, smooth

_DARK = "#33303c"


def _ossicones(g: Group, look: Look) -> None:
    for x in (-15.0, 15.0) if look.view is not View.SIDE else (-10.0, 8.0):
        x += look.shift * 0.4
        g.stroke(Path().move(x, -38).line(x * 1.1, -66), shade(look.body, -0.04), 8)
        g.solid(ellipse(x * 1.1, -68, 8), look.hair_colour, 0.07, light=(-2, -2), soft=2)


def _map_of_spots(g: Group, look: Look) -> None:
    patch = mix(look.body, look.hair_colour, 0.75)
    for x, y, r in ((-30, -18, 8), (30, -22, 7), (-10, -36, 6), (14, -36, 5)):
        g.fill(ellipse(x + look.shift * 0.4, y, r, r * 0.85), patch, opacity=0.75)


def _long_neck(g: Group, look: Look, build: Build) -> None:
    w, patch = build.girth, mix(look.body, look.hair_colour, 0.75)
    ahead = {View.FRONT: 0.0, View.THREE_QUARTER: 3.0, View.SIDE: 6.0}[look.view]
    top = build.down(0) - build.nape - 8
    neck = [(-14 + ahead, top), (14 + ahead, top), (19 * w, build.down(0.1)), (-19 * w, build.down(0.1))]
    column = g.solid(smooth(neck, ease=1 / 9), look.body, 0.09, light=(-4, -4), soft=4)
    for k in range(4):
        x, y = ahead + (-7 if k % 2 else 8), top + 16 + k * 16
        column.fill(smooth([(x - 7, y - 6), (x + 6, y - 8), (x + 8, y + 5), (x - 5, y + 7)]), patch, opacity=0.85)
    garments.trunk(g, look, build)
    if look.garment in (Garment.NONE, Garment.VEST):
        for x, v in ((-30, 0.35), (30, 0.45), (-29, 0.85), (30, 0.95)):
            g.fill(ellipse(x * w * 0.98, build.down(v), 7, 9), patch, opacity=0.8)


def _tasselled(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -50).cubic(50, -50, 64, -36, 60, -22)
    tail_stroke(look, g, curve, 7).fill(smooth([(54, -26), (66, -26), (68, -4), (56, -4)]), look.hair_colour)


def _teeth(g: Group, look: Look) -> None:
    x = look.shift * 1.2
    for side in (-1, 1):
        g.fill(smooth([(x + side * 10, 41), (x + side * 19, 40), (x + side * 17, 52), (x + side * 12, 52)]), "#fffaf0")


def _horned(g: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    x = 62.0 if side_on else look.shift * 1.3
    tip = 20 if side_on else 0
    g.solid(
        smooth(
            [(x - 12, 14), (x - 6 + tip * 0.4, -14), (x + tip, -36), (x + 7 + tip * 0.3, -12), (x + 12, 14)], ease=1 / 8
        ),
        "#efe6d2",
        0.09,
    )
    y = -2.0 if side_on else 0.0
    if side_on:
        g.solid(smooth([(38, y), (44, -18), (50, -24), (52, 0)], ease=1 / 8), "#efe6d2", 0.08)


def _zebra(g: Group, look: Look) -> None:
    lk = look.shift
    if look.view is View.SIDE:
        for k, x in enumerate((-30, -14, 2)):
            g.fill(polygon([(x - 4, -44 + k * 2), (x + 6, 26), (x + 11, 24), (x + 4, -46)]), _DARK)
    else:
        for side in (-1, 1):
            for y, long in ((-24, 20), (-8, 16), (8, 14)):
                g.fill(polygon([(side * 46, y - 5), (side * (46 - long) + lk * 0.4, y + 1), (side * 45, y + 5)]), _DARK)
        for x in (-11, 0, 11):
            g.fill(polygon([(lk * 0.5 + x - 3, -46), (lk * 0.5 + x * 0.8, -24), (lk * 0.5 + x + 3, -46)]), _DARK)


def _striped(g: Group, look: Look, build: Build) -> None:
    garments.trunk(g, look, build)
    if look.garment in (Garment.NONE, Garment.VEST):
        w = build.girth
        for side in (-1, 1):
            for v in (0.2, 0.5, 0.8):
                y = build.down(v)
                g.fill(polygon([(side * 36 * w, y - 5), (side * 22 * w, y + 2), (side * 36 * w, y + 6)]), _DARK)


def _rosettes(g: Group, look: Look) -> None:
    dark = mix(look.body, INK, 0.75)
    places = [(-14, -38), (14, -38), (0, -28), (-36, -20), (36, -20), (-44, 6), (44, 6), (-38, 24), (38, 24)]
    if look.view is View.SIDE:
        places = [(-30, -18), (-12, -34), (8, -36), (-34, 6), (-18, 26), (-4, -14)]
    for x, y in places:
        g.stroke(ellipse(x + look.shift * 0.4, y, 5.4, 4.6), dark, 3)


def _spotted(g: Group, look: Look, build: Build) -> None:
    garments.trunk(g, look, build)
    if look.garment in (Garment.NONE, Garment.VEST):
        for x, v in ((-30, 0.3), (-33, 0.62), (-27, 0.92), (30, 0.3), (33, 0.62), (27, 0.92)):
            g.stroke(ellipse(x * build.girth, build.down(v), 5.4, 4.8), mix(look.body, INK, 0.75), 3)


def _spotted_tail(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -38).cubic(62, -20, 92, -52, 70, -84).cubic(62, -100, 70, -116, 84, -118)
    tail = tail_stroke(look, g, curve, 13)
    for x, y in ((40, -35), (60, -42), (74, -58), (72, -76), (68, -94), (78, -114)):
        tail.fill(ellipse(x, y, 4.5), mix(look.body, INK, 0.75))


def _big_nose(g: Group, look: Look) -> None:
    if look.view is View.SIDE:
        g.solid(ellipse(50, 8, 10, 15), INK, 0.02)
        return
    x = look.shift * 1.3
    g.solid(smooth([(x, -10), (x + 12, 2), (x + 11, 20), (x, 26), (x - 11, 20), (x - 12, 2)]), INK, 0.02)
    g.fill(ellipse(x - 4, 0, 3, 5), "#ffffff", opacity=0.5)


def _fluffy(g: Group, look: Look) -> None:
    for side in (-1, 1) if look.view is not View.SIDE else (-1,):
        x = side * 50 if look.view is not View.SIDE else -20
        for dx, dy in ((0, 0), (9, -12), (-9, -12), (12, 6), (-12, 6)):
            g.fill(ellipse(x + dx, -28 + dy, 19), shade(look.body, -0.02))
        g.fill(ellipse(x, -26, 16, 15), mix(look.marking, PINK, 0.3))


def _heavy_tail(g: Group, look: Look, build: Build) -> None:
    outline = [(8, -52), (44, -34), (84, -16), (112, -14), (112, -4), (70, 0), (10, -10)]
    g.group("tail").solid(smooth(outline), shade(look.body, -0.04), 0.1)


def _pouch(g: Group, look: Look, build: Build) -> None:
    garments.trunk(g, look, build)
    if look.garment in (Garment.NONE, Garment.VEST):
        x, y = look.front * build.girth, build.down(0.62)
        g.stroke(Path().move(x - 20, y).quad(x, y + 14, x + 20, y), shade(look.marking, -0.14), 3.4)


GIRAFFE = kind_of(
    Beast(
        half=LONG, ear="leaf", ear_at=(38, -26), ear_size=0.85, inner=PINK, muzzle="snout", muzzle_at=(40, 25, 17),
        pale=0.85, nose=0, mouth_y=48, under=_ossicones, over=_map_of_spots, eyes=(25, -6, 7.2),
        profile=Profile(snout=34, thick=17, drop=22, pale=0.85, ear="leaf", ear_at=(-14, -26), nose=0,
                        under=_ossicones, over=_map_of_spots),
    ),
    Build(hip=58, neck=112, girth=0.92, head=0.84, limb=0.9, nape=48), -0.3, behind=_tasselled, trunk=_long_neck,
)  # fmt: skip
HIPPO = kind_of(
    Beast(
        half=((0, -40), (34, -34), (48, -8), (60, 22), (46, 46), (0, 52)), ear="round", ear_at=(32, -38), ear_size=0.6,
        inner=PINK, muzzle="snout", muzzle_at=(26, 46, 25), pale=0.35, nose=0, mouth_y=38, eyes=(22, -14, 6.6),
        top=_teeth,
        profile=Profile(snout=26, thick=30, drop=16, pale=0.35, ear_at=(-10, -40), ear_size=0.55, nose=0,
                        eye=(18, -14, 6.6)),
    ),
    Build(hip=36, neck=104, girth=1.42, head=1.06, limb=1.35),
)  # fmt: skip
RHINO = kind_of(
    Beast(
        half=((0, -42), (34, -36), (46, -8), (50, 22), (38, 46), (0, 54)), ear="leaf", ear_at=(32, -38), ear_size=0.7,
        inner=PINK, muzzle="snout", muzzle_at=(34, 32, 19), pale=0.3, nose=0, mouth_y=42, eyes=(25, -8, 6.4),
        top=_horned,
        profile=Profile(snout=30, thick=24, drop=16, pale=0.3, ear="leaf", ear_at=(-14, -32), ear_size=0.7, nose=0,
                        over=_horned),
    ),
    Build(hip=40, neck=108, girth=1.38, head=1.02, limb=1.3),
)  # fmt: skip
ZEBRA = kind_of(
    replace(farm.HORSE_HEAD, over=_zebra, profile=replace(farm.HORSE_HEAD.profile, over=_zebra)),
    Build(hip=52, neck=116, girth=1.05), -0.26, behind=_tasselled, trunk=_striped,
)  # fmt: skip
LEOPARD = kind_of(
    Beast(
        inner=PINK, muzzle="cheeks", muzzle_at=(26, 30, 17), over=_rosettes, nose_colour="#c9706a",
        profile=Profile(snout=12, thick=20, drop=16, inner=PINK, over=_rosettes),
    ),
    Build(hip=46, neck=106, girth=1.02), behind=_spotted_tail, trunk=_spotted,
)  # fmt: skip
KOALA = kind_of(
    Beast(
        half=ROUND, ear="none", muzzle="oval", muzzle_at=(36, 26, 16), pale=0.7, nose=0, mouth_y=34,
        eyes=(25, -2, 6.4), under=_fluffy, top=_big_nose,
        profile=Profile(snout=4, thick=22, drop=16, pale=0.5, ear="none", nose=0, under=_fluffy, over=_big_nose),
    ),
    Build(hip=36, neck=98, girth=1.2, head=1.06, limb=1.15),
)  # fmt: skip
KANGAROO = kind_of(
    Beast(
        half=LONG, ear="leaf", ear_at=(24, -46), ear_size=1.05, inner=PINK, muzzle="oval", muzzle_at=(38, 21, 17),
        pale=0.8, nose=7, nose_y=32, mouth_y=42,
        profile=Profile(snout=28, thick=16, drop=20, pale=0.8, ear="long", ear_size=0.7, inner=PINK, nose=7),
    ),
    Build(hip=54, neck=114, girth=1.1, limb=1.05), -0.18, behind=_heavy_tail, trunk=_pouch,
)  # fmt: skip
