"""Animals of the farm: pig, sheep, cow, horse; and the unicorn."""

import math
from dataclasses import replace

from overprint.core.scene import View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures.beast import LONG, Beast, kind_of, tail_stroke
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import PINK, Profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.vector import Path, blob, ellipse, polygon, smooth


def _curl(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(30, -46).cubic(54, -40, 60, -66, 46, -66).cubic(34, -66, 42, -44, 66, -56)
    tail_stroke(look, g, curve, 6)


def _snout_in_profile(g: Group, look: Look) -> None:
    tone = shade(mix(look.body, look.marking, 0.7), -0.02)
    g.solid(ellipse(62, 13, 8, 14, -6), tone, 0.06, light=(-2, -2), soft=2)
    g.fill(ellipse(64, 11, 2.6, 4, -6), shade(tone, -0.2))


def _nostril(g: Group, look: Look) -> None:
    g.fill(ellipse(68, 22, 3, 4, 30), shade(look.marking, -0.2))


def _wool(g: Group, look: Look) -> None:
    puffs = Path()
    ahead = 0 if look.view is not View.SIDE else -8
    for i in range(11):
        angle = math.radians(170 + i * 200 / 10)
        puffs.join(ellipse(ahead + 42 * math.cos(angle), -6 + 44 * math.sin(angle), 19))
    g.fill(puffs, look.marking)


def _wool_on_top(g: Group, look: Look) -> None:
    ahead = look.shift * 0.4 if look.view is not View.SIDE else 2
    for x, y in ((-20, -40), (0, -46), (20, -40), (-9, -34), (10, -33)):
        g.solid(ellipse(ahead + x, y, 15), look.marking, 0.06, soft=3)


def _fleece(g: Group, look: Look, build: Build) -> None:
    from_dice = Dice("fleece", round(build.girth, 2))
    top, low, w = build.down(0), build.down(1.15), build.girth
    g.solid(
        blob(0, (top + low) / 2, 40 * w, (low - top) / 2 + 8, from_dice, points=12, wobble=0.05),
        look.marking,
        0.09,
        soft=7,
    )
    for k in range(12):
        x, y = (-26 + (k % 4) * 17) * w, top + 14 + (k // 4) * (low - top) * 0.3
        g.stroke(Path().move(x - 7, y).quad(x, y + 9, x + 7, y), shade(look.marking, -0.1), 2.6, opacity=0.8)


def _horns(g: Group, look: Look) -> None:
    if look.view is View.SIDE:
        g.solid(smooth([(-2, -38), (4, -62), (20, -72), (16, -52), (12, -36)]), "#efe0c0", 0.08)
        return
    for side in (-1, 1):
        horn = [(side * 22, -38), (side * 40, -46), (side * 44, -68), (side * 28, -56), (side * 14, -42)]
        g.solid(smooth(horn), "#efe0c0", 0.08)


def _cow_patch(g: Group, look: Look) -> None:
    lk = look.shift
    if look.view is View.SIDE:
        g.fill(smooth([(-44, -10), (-30, -36), (-4, -34), (2, -8), (-14, 12), (-36, 14)]), look.hair_colour)
        return
    g.fill(
        smooth([(8 + lk, -42), (34 + lk * 0.6, -36), (44, -10), (32 + lk * 0.6, 10), (14 + lk, 2)]), look.hair_colour
    )


def _long_tail(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -44).cubic(56, -50, 66, -30, 62, -12)
    tail_stroke(look, g, curve, 7).fill(smooth([(56, -18), (68, -18), (70, 4), (58, 4)]), look.hair_colour)


def _mane(g: Group, look: Look) -> None:
    """Behind the head: a mane down one side of the neck, in the hair's colour."""
    if look.view is View.SIDE:
        outline = [(10, -54), (-24, -56), (-52, -30), (-60, 16), (-54, 56), (-34, 50), (-36, 10), (-20, -20)]
    else:
        outline = [(-6, -62), (-36, -50), (-54, -12), (-56, 40), (-40, 60), (-30, 20), (-20, -30)]
    g.solid(smooth(outline), look.hair_colour, 0.08)


def _forelock(g: Group, look: Look) -> None:
    if look.view is View.SIDE:
        _nostril(g, look)
    lk = look.shift * 0.5 if look.view is not View.SIDE else 12
    g.solid(
        smooth([(lk - 16, -48), (lk + 4, -60), (lk + 16, -44), (lk + 8, -16), (lk + 2, -30), (lk - 8, -14)]),
        look.hair_colour,
        0.07,
    )


def _horn_and_forelock(g: Group, look: Look) -> None:
    x = look.shift * 0.5 if look.view is not View.SIDE else 22
    lean = 0 if look.view is not View.SIDE else 22
    horn = g.solid(polygon([(x - 9, -42), (x + lean, -98), (x + 10, -40)]), "#f6d98a", 0.08)
    for k in range(4):
        y = -48 - k * 12
        horn.stroke(Path().move(x - 20, y + 5).line(x + 30, y - 5), "#d9a850", 2.4, opacity=0.8)
    _forelock(g, look)


def _horse_tail(g: Group, look: Look, build: Build) -> None:
    outline = [(14, -52), (48, -60), (74, -36), (76, 0), (58, 4), (56, -24), (38, -38), (14, -38)]
    g.group("tail").solid(smooth(outline), look.hair_colour, 0.09)


PIG = kind_of(
    Beast(
        ear="pointed",
        ear_at=(34, -40),
        ear_size=0.86,
        inner="#e88f98",
        muzzle="snout",
        muzzle_at=(20, 21, 16),
        pale=0.7,
        nose=0,
        mouth_y=37,
        blush=0.6,
        profile=Profile(
            snout=20,
            thick=16,
            drop=14,
            pale=0.5,
            ear="pointed",
            ear_size=0.72,
            inner="#e88f98",
            nose=0,
            over=_snout_in_profile,
        ),
    ),
    Build(hip=38, neck=100, girth=1.25, limb=1.1),
    -0.14,
    behind=_curl,
)
SHEEP = kind_of(
    Beast(
        half=((0, -40), (28, -34), (38, -8), (35, 20), (22, 40), (0, 46)),
        ear="leaf",
        ear_at=(34, -16),
        ear_size=0.8,
        inner=PINK,
        muzzle="none",
        nose=7,
        under=_wool,
        over=_wool_on_top,
        eyes=(18, -4, 6.6),
        profile=Profile(
            snout=14,
            thick=18,
            drop=18,
            pale=0,
            ear="leaf",
            ear_at=(-8, -14),
            ear_size=0.75,
            under=_wool,
            over=_wool_on_top,
        ),
    ),
    Build(hip=40, neck=102, girth=1.2),
    -0.05,
    trunk=_fleece,
)
COW = kind_of(
    Beast(
        half=LONG,
        ear="leaf",
        ear_at=(42, -22),
        inner=PINK,
        muzzle="snout",
        muzzle_at=(38, 31, 19),
        pale=1.0,
        nose=0,
        mouth_y=47,
        under=_horns,
        over=_cow_patch,
        eyes=(23, -6, 6.6),
        profile=Profile(
            snout=28,
            thick=20,
            drop=20,
            ear="leaf",
            ear_at=(-14, -22),
            inner=PINK,
            nose=0,
            under=_horns,
            over=_cow_patch,
        ),
    ),
    Build(hip=44, neck=112, girth=1.25, limb=1.1),
    -0.3,
    behind=_long_tail,
)
_HORSE_PROFILE = Profile(
    snout=36, thick=18, drop=24, pale=0.8, ear="pointed", ear_size=0.8, nose=0, under=_mane, over=_forelock
)
HORSE_HEAD = Beast(
    half=LONG,
    ear="pointed",
    ear_at=(26, -44),
    ear_size=0.8,
    inner=PINK,
    muzzle="snout",
    muzzle_at=(40, 25, 18),
    pale=0.8,
    nose=0,
    mouth_y=48,
    under=_mane,
    over=_forelock,
    eyes=(24, -4, 6.8),
    profile=_HORSE_PROFILE,
)
_UNICORN = replace(
    HORSE_HEAD,
    over=_horn_and_forelock,
    eyes=(24, -4, 7),
    blush=0.6,
    profile=replace(_HORSE_PROFILE, over=_horn_and_forelock),
)
HORSE = kind_of(HORSE_HEAD, Build(hip=54, neck=120, girth=1.05), -0.26, behind=_horse_tail)
UNICORN = kind_of(_UNICORN, Build(hip=54, neck=120, girth=1.0), -0.12, behind=_horse_tail)
