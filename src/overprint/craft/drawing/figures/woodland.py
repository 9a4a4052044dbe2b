"""Raccoon, badger and otter and goat."""

from overprint.core.scene import View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures.beast import LONG, WIDE, Beast, kind_of
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.profile import PINK, Profile, whiskers
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, ellipse, smooth

_DARK = "#38343f"


def _mask(g: Group, look: Look) -> None:
    if look.view is View.SIDE:
        g.fill(ellipse(18, -20, 20, 8, 12), look.marking)
        g.fill(ellipse(20, -2, 23, 13, 14), mix(_DARK, look.body, 0.15))
        _ring(g, look, 20, -3)
        return
    for side, x in look.sides(23):
        g.fill(ellipse(x + side * 5, -20, 20, 8, side * 16), look.marking)
        g.fill(ellipse(x + side * 4, -1, 22, 14, side * 18), mix(_DARK, look.body, 0.15))
        _ring(g, look, x, -2)


def _ring(g: Group, look: Look, x: float, y: float) -> None:
    """Round an eye that would be lost in a dark patch."""
    if not look.eyes_are_shut:
        g.fill(ellipse(x, y, 9.2, 11), mix(look.marking, _DARK, 0.12))


def _rings(g: Group, look: Look, build: Build) -> None:
    fat = [(8, -24), (46, -14), (86, -34), (100, -72), (92, -92), (76, -80), (66, -52), (34, -44), (10, -44)]
    tail = g.group("tail").solid(smooth(fat), look.body, 0.1, light=(-4, -5), soft=5)
    for x0, y0, x1, y1 in ((42, -48, 50, -8), (64, -56, 86, -26), (72, -74, 104, -62)):
        tail.stroke(Path().move(x0, y0).line(x1, y1), mix(_DARK, look.body, 0.2), 10)


def _stripe(g: Group, look: Look) -> None:
    dark = mix(_DARK, look.body, 0.1)
    if look.view is View.SIDE:
        g.fill(smooth([(-40, -22), (-8, -22), (22, -16), (52, 2), (46, 10), (18, 8), (-10, 4), (-42, -2)]), dark)
        _ring(g, look, 20, -3)
        return
    for _, x in look.sides(23):
        g.fill(
            smooth([(x - 12, -44), (x + 12, -44), (x + 13, 2), (x * 0.7 + 5, 20), (x * 0.7 - 5, 20), (x - 13, 2)]), dark
        )
        _ring(g, look, x, -5)


def _thick_tail(g: Group, look: Look, build: Build) -> None:
    outline = [(8, -44), (42, -30), (78, -18), (108, -22), (104, -8), (64, -2), (10, -10)]
    g.group("tail").solid(smooth(outline), shade(look.body, -0.05), 0.1)


def _horns_and_beard(g: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    for side in (-1, 1) if not side_on else (-1,):
        x = side * 16.0 if not side_on else -2.0
        horn = [
            (x - 7, -38),
            (x + side * 4, -62),
            (x + side * 26, -80),
            (x + side * 34, -72),
            (x + side * 18, -56),
            (x + 8, -36),
        ]
        g.solid(smooth(horn), "#d9c8a4", 0.09)
    x = 36.0 if side_on else look.shift
    g.solid(smooth([(x - 13, 44), (x + 13, 44), (x + 7, 66), (x, 82), (x - 7, 66)]), look.marking, 0.07)


def _small_tail(g: Group, look: Look, build: Build) -> None:
    g.group("tail").solid(smooth([(20, -46), (40, -66), (52, -54), (38, -36)]), look.body, 0.08)


RACCOON = kind_of(
    Beast(
        ear="round", ear_at=(38, -38), ear_size=0.9, inner=_DARK, muzzle="cheeks", muzzle_at=(27, 28, 15),
        over=_mask, nose=7,
        profile=Profile(snout=18, thick=16, drop=18, ear_size=0.85, inner=_DARK, nose=7, over=_mask),
    ),
    Build(hip=38, neck=98, girth=1.1), -0.2, behind=_rings,
)  # fmt: skip
BADGER = kind_of(
    Beast(
        half=LONG, ear="round", ear_at=(36, -36), ear_size=0.68, inner="#f3ece0", muzzle="oval",
        muzzle_at=(6, 60, 70), pale=0.92, nose=9, nose_y=34, mouth_y=44, eyes=(22, -4, 6.4), over=_stripe,
        profile=Profile(snout=26, thick=17, drop=20, pale=1.0, ear_size=0.66, inner="#f3ece0", nose=8, over=_stripe),
    ),
    Build(hip=34, neck=100, girth=1.22, limb=1.1), -0.2, behind=_small_tail,
)  # fmt: skip
OTTER = kind_of(
    Beast(
        half=WIDE, ear="round", ear_at=(46, -24), ear_size=0.55, inner=PINK, muzzle="cheeks", muzzle_at=(22, 34, 16),
        nose=9, nose_y=10, nose_colour=INK, mouth_y=22, eyes=(25, -8, 6.8), top=None,
        profile=Profile(snout=10, thick=20, drop=16, ear_at=(-14, -22), ear_size=0.5, nose=8, over=whiskers),
    ),
    Build(hip=34, neck=106, girth=1.02, limb=0.95), -0.1, behind=_thick_tail,
)  # fmt: skip
GOAT = kind_of(
    Beast(
        half=LONG, ear="leaf", ear_at=(40, -18), ear_size=0.95, inner=PINK, muzzle="oval", muzzle_at=(40, 21, 16),
        pale=0.8, nose=6, nose_y=33, mouth_y=42, under=_horns_and_beard,
        profile=Profile(snout=30, thick=17, drop=20, pale=0.8, ear="leaf", ear_at=(-12, -20), nose=6,
                        under=_horns_and_beard),
    ),
    Build(hip=48, neck=110, girth=1.04), -0.26, behind=_small_tail,
)  # fmt: skip
