"""Long necks and long ears: camel, llama, donkey."""

from dataclasses import replace

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import farm, garments
from overprint.craft.drawing.figures.beast import LONG, Beast, kind_of, tail_stroke
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import PINK, Profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, ellipse, smooth


def _neck(g: Group, look: Look, build: Build) -> Group:
    """Between the shoulders and a head that is carried high; answers it, for wool or patches."""
    w = build.girth
    ahead = {View.FRONT: 0.0, View.THREE_QUARTER: 3.0, View.SIDE: 6.0}[look.view]
    top = build.down(0) - build.nape - 8
    column = [(-17 + ahead, top), (17 + ahead, top), (22 * w, build.down(0.1)), (-22 * w, build.down(0.1))]
    return g.solid(smooth(column, ease=1 / 9), look.body, 0.09, light=(-4, -4), soft=4)


def _necked(g: Group, look: Look, build: Build) -> None:
    _neck(g, look, build)
    garments.trunk(g, look, build)


def _hump(g: Group, look: Look, build: Build) -> None:
    """On the back; from the front it looks over one shoulder."""
    x = {View.FRONT: 34.0, View.THREE_QUARTER: 36.0, View.SIDE: 42.0}[look.view]
    outline = [
        (x - 44, -60),
        (x - 36, -96),
        (x - 12, -134),
        (x + 8, -140),
        (x + 26, -118),
        (x + 34, -78),
        (x + 18, -44),
    ]
    g.group("hump").solid(smooth(outline), shade(look.body, -0.03), 0.1, light=(-5, -7), soft=7)
    tuft = [(x - 18, -126), (x - 8, -148), (x + 2, -140), (x + 12, -150), (x + 20, -126)]
    g.fill(smooth(tuft), mix(look.body, look.hair_colour, 0.45))
    curve = Path().move(24, -44).cubic(60, -46, 74, -30, 70, -14)
    tail_stroke(look, g, curve, 6).fill(smooth([(64, -18), (77, -18), (78, 2), (66, 2)]), look.hair_colour)


def _crop(g: Group, look: Look) -> None:
    """A tuft between the ears."""
    x = 6.0 if look.view is View.SIDE else look.shift * 0.4
    for dx, dy in ((-12, -46), (0, -54), (12, -47)):
        g.solid(ellipse(x + dx, dy, 12), mix(look.body, look.hair_colour, 0.35), 0.07, light=(-2, -2), soft=3)


def _wool_cap(g: Group, look: Look) -> None:
    x = 6.0 if look.view is View.SIDE else look.shift * 0.4
    for dx, dy, r in ((-17, -36, 14), (17, -36, 14), (-7, -49, 15), (9, -50, 15), (0, -37, 14)):
        g.solid(ellipse(x + dx, dy, r), shade(look.body, 0.03), 0.06, light=(-2, -3), soft=3)


def _woolly(g: Group, look: Look, build: Build) -> None:
    """Fleece down the neck and over the body."""
    _neck(g, look, build)
    top, low, w = build.down(0), build.down(1.1), build.girth
    rows = ((top - 34, 19), (top - 10, 24), (top + 16, 34), (top + 40, 39), (low - 8, 38))
    for y, half in rows:
        for k in (-1, 0, 1):
            g.solid(ellipse(k * half * 0.62 * w, y, 19), shade(look.body, 0.02 - 0.02 * abs(k)), 0.07, soft=4)
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)


def _ears_up(g: Group, look: Look) -> None:
    """Curved like bananas."""
    for side in (-1, 1) if look.view is not View.SIDE else (-1,):
        x = side * 24 if look.view is not View.SIDE else -6
        ear = [
            (x - side * 8, -34),
            (x - side * 4, -66),
            (x + side * 6, -86),
            (x + side * 13, -62),
            (x + side * 10, -30),
        ]
        g.solid(smooth(ear), look.body, 0.08)
        fold = [(x - side * 2, -42), (x + side, -64), (x + side * 6, -76), (x + side * 8, -60), (x + side * 6, -40)]
        g.fill(smooth(fold), mix(PINK, look.body, 0.25))


def _ass_ears(g: Group, look: Look) -> None:
    for side in (-1, 1) if look.view is not View.SIDE else (-1,):
        x = side * 25 if look.view is not View.SIDE else -8
        ear = [
            (x - side * 11, -32),
            (x - side * 9, -78),
            (x + side * 10, -116),
            (x + side * 25, -80),
            (x + side * 16, -30),
        ]
        g.solid(smooth(ear), look.body, 0.08)
        fold = [(x - side * 3, -42), (x, -76), (x + side * 10, -100), (x + side * 17, -76), (x + side * 10, -40)]
        g.fill(smooth(fold), mix(PINK, look.body, 0.3))


def _brush(g: Group, look: Look) -> None:
    """A short upright mane between the ears, and a pale muzzle below."""
    x = 0.0 if look.view is View.SIDE else look.shift * 0.4
    shape = [
        (x - 13, -34),
        (x - 12, -60),
        (x - 4, -54),
        (x + 2, -66),
        (x + 8, -54),
        (x + 15, -58),
        (x + 12, -30),
        (x, -22),
    ]
    g.solid(smooth(shape, ease=1 / 9), look.hair_colour, 0.07)


def _tassel(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -50).cubic(50, -50, 66, -36, 62, -20)
    tail_stroke(look, g, curve, 7).fill(smooth([(55, -26), (69, -26), (71, -2), (57, -2)]), look.hair_colour)


CAMEL = kind_of(
    Beast(
        half=LONG, ear="leaf", ear_at=(36, -30), ear_size=0.6, inner=PINK, muzzle="snout", muzzle_at=(36, 29, 19),
        pale=0.8, nose=0, mouth_y=46, eyes=(24, -8, 7), under=_crop,
        profile=Profile(snout=32, thick=20, drop=18, pale=0.8, ear="leaf", ear_at=(-14, -32), ear_size=0.6, nose=0,
                        under=_crop),
    ),
    Build(hip=58, neck=114, girth=1.06, head=0.9, nape=26), -0.2, behind=_hump, trunk=_necked,
)  # fmt: skip
LLAMA = kind_of(
    Beast(
        half=LONG, ear="none", muzzle="oval", muzzle_at=(35, 21, 18), pale=0.9, nose=7, nose_y=26, mouth_y=37,
        eyes=(24, -5, 7), under=_ears_up, over=_wool_cap,
        profile=Profile(snout=24, thick=17, drop=19, pale=0.9, ear="none", nose=7, under=_ears_up, over=_wool_cap),
    ),
    Build(hip=50, neck=108, girth=1.08, head=0.88, nape=34), -0.2, trunk=_woolly,
)  # fmt: skip
DONKEY = kind_of(
    replace(
        farm.HORSE_HEAD, ear="none", pale=1.0, under=_ass_ears, over=_brush,
        profile=replace(farm.HORSE_HEAD.profile, ear="none", pale=1.0, under=_ass_ears, over=_brush),
    ),
    Build(hip=48, neck=112, girth=1.08), -0.2, behind=_tassel,
)  # fmt: skip
