"""Who digs, gnaws or dozes: mole, hamster, beaver, skunk, wombat, sloth."""

from overprint.core.scene import View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures.beast import LONG, ROUND, WIDE, Beast, kind_of
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.profile import PINK, Profile, whiskers
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, box, ellipse, smooth

_TOOTH = "#fffaf0"


def _buck_teeth(g: Group, look: Look) -> None:
    x = 36.0 if look.view is View.SIDE else look.shift * 1.25
    for side in (-1, 1) if look.view is not View.SIDE else (1,):
        g.solid(box(x + side * 5 - 4.6, 31, 9.2, 16, 3), _TOOTH, 0.05, light=(-1, -1), soft=1)


def _paddle(g: Group, look: Look, build: Build) -> None:
    """A beaver's tail: broad, flat, crossed with lines."""
    outline = [(14, -30), (48, -34), (86, -58), (112, -96), (126, -92), (132, -62), (104, -22), (60, -6), (16, -12)]
    dark = mix(look.body, INK, 0.55)
    tail = g.group("tail").solid(smooth(outline), dark, 0.09, light=(-3, -4), soft=4)
    for k in range(6):
        tail.stroke(Path().move(40 + k * 16, -110).line(74 + k * 16, 0), shade(dark, 0.09), 2.2, opacity=0.8)
        tail.stroke(Path().move(20, -110 + k * 20).line(140, -90 + k * 20), shade(dark, 0.09), 2.2, opacity=0.8)


def _pink_tip(g: Group, look: Look) -> None:
    """The snout of a mole ends in a soft pink nose; its eyes are hardly there."""
    if look.view is View.SIDE:
        g.solid(ellipse(74, 16, 11, 10), PINK, 0.07, light=(-2, -2), soft=2)
        whiskers(g, look)
        return
    x = look.shift * 1.4
    g.solid(ellipse(x, 15, 21, 17), shade(look.body, 0.05), 0.06, light=(-2, -3), soft=3)
    g.solid(ellipse(x, 11, 13, 11), PINK, 0.07, light=(-2, -3), soft=2)
    g.fill(ellipse(x - 4, 7, 4, 2.6), "#ffffff", opacity=0.6)
    for side in (-1, 1):
        for dy in (-2, 4):
            line = Path().move(x + side * 20, 18 + dy).quad(x + side * 36, 16 + dy, x + side * 50, 16 + dy * 3)
            g.stroke(line, shade(look.body, 0.2), 1.6, opacity=0.7)


def _blaze(g: Group, look: Look) -> None:
    """A pale stripe from the crown down to the nose."""
    if look.view is View.SIDE:
        g.fill(smooth([(-42, -20), (-14, -46), (14, -42), (40, -16), (34, -8), (4, -26), (-36, -2)]), look.marking)
        return
    x = look.shift * 0.6
    g.fill(smooth([(x - 9, -50), (x + 9, -50), (x + 7, -16), (x + 3, 6), (x - 3, 6), (x - 7, -16)]), look.marking)


def _plume(g: Group, look: Look, build: Build) -> None:
    """A skunk's tail stands higher than its head, with a white stripe."""
    outline = [(8, -24), (52, -18), (88, -50), (98, -104), (84, -154), (52, -178), (34, -162), (56, -128)]
    tail = g.group("tail").solid(smooth([*outline, (52, -84), (26, -54)]), look.body, 0.1, light=(-5, -6), soft=6)
    tail.stroke(Path().move(24, -34).cubic(80, -44, 88, -120, 52, -168), look.marking, 19)


def _broad_nose(g: Group, look: Look) -> None:
    if look.view is View.SIDE:
        g.solid(ellipse(54, 8, 9, 13), INK, 0.02)
        return
    x = look.shift * 1.3
    g.solid(smooth([(x, 2), (x + 16, 7), (x + 14, 21), (x, 26), (x - 14, 21), (x - 16, 7)]), INK, 0.02)
    g.fill(ellipse(x - 5, 9, 4, 3), "#ffffff", opacity=0.45)


def _dozy_mask(g: Group, look: Look) -> None:
    """A sloth's pale face with dark bands that slant down from the eyes."""
    dark = mix(look.body, INK, 0.5)
    if look.view is View.SIDE:
        g.fill(ellipse(24, 6, 32, 32), look.marking)
        g.fill(smooth([(20, -12), (34, -4), (20, 10), (-16, 22), (-20, 8)]), dark)
        g.fill(ellipse(20, -3, 10, 11.5), look.marking)
        return
    x = look.shift
    g.fill(ellipse(x * 0.8, 5, 45, 39), look.marking)
    for side, eye in look.sides(22):
        band = [(eye - side * 9, -12), (eye + side * 11, -8), (eye + side * 27, 18), (eye + side * 18, 24)]
        g.fill(smooth([*band, (eye - side * 7, 9)]), dark)
        g.fill(ellipse(eye, -2, 10, 11.5), mix(look.marking, dark, 0.1))


def _fringe(g: Group, look: Look) -> None:
    x = 4.0 if look.view is View.SIDE else look.shift * 0.4
    for k in range(-3, 4):
        tip = (x + k * 11 + 4, -22 - abs(k) * 1.5)
        g.solid(smooth([(x + k * 10 - 10, -40), (x + k * 10 + 9, -43), tip]), look.body, 0.07, light=(-2, -2), soft=2)


MOLE = kind_of(
    Beast(
        half=LONG, ear="none", muzzle="none", nose=0, mouth_y=38, eyes=(17, -14, 4.6), top=_pink_tip, blush=0.35,
        profile=Profile(snout=30, thick=14, drop=17, pale=0, ear="none", nose=0, eye=(20, -12, 4.6), over=_pink_tip),
    ),
    Build(hip=28, neck=88, girth=1.18, head=0.98, limb=1.35), feet=PINK,
)  # fmt: skip
HAMSTER = kind_of(
    Beast(
        half=((0, -44), (34, -38), (52, -10), (65, 20), (48, 42), (0, 46)), ear="round", ear_at=(36, -38),
        ear_size=0.78, inner=PINK, muzzle="cheeks", muzzle_at=(60, 26, 22), nose=5.5, nose_y=10,
        nose_colour="#e07a80", mouth_y=19, eyes=(22, -6, 7.4), blush=0.6,
        profile=Profile(snout=8, thick=22, drop=18, ear_at=(-12, -38), ear_size=0.8, inner=PINK, nose=5.5,
                        nose_colour="#e07a80", over=whiskers),
    ),
    Build(hip=28, neck=84, girth=1.34, head=1.06, limb=0.86), feet="#f0c4b4",
)  # fmt: skip
BEAVER = kind_of(
    Beast(
        half=WIDE, ear="round", ear_at=(44, -30), ear_size=0.62, inner=PINK, muzzle="cheeks", muzzle_at=(27, 30, 16),
        nose=10, nose_y=12, mouth_y=25, top=_buck_teeth,
        profile=Profile(snout=14, thick=20, drop=14, ear_at=(-12, -34), ear_size=0.62, inner=PINK, nose=9,
                        over=_buck_teeth),
    ),
    Build(hip=34, neck=98, girth=1.28, limb=1.05), -0.18, behind=_paddle,
)  # fmt: skip
SKUNK = kind_of(
    Beast(
        half=LONG, ear="round", ear_at=(36, -36), ear_size=0.66, muzzle="none", nose=7, nose_y=26, mouth_y=37,
        eyes=(22, -2, 6.8), over=_blaze,
        profile=Profile(snout=22, thick=16, drop=19, pale=0, ear_size=0.66, nose=7, over=_blaze),
    ),
    Build(hip=36, neck=98, girth=1.06), -0.06, behind=_plume,
)  # fmt: skip
WOMBAT = kind_of(
    Beast(
        half=WIDE, ear="pointed", ear_at=(38, -34), ear_size=0.6, inner=PINK, muzzle="oval", muzzle_at=(20, 30, 20),
        pale=0.5, nose=0, mouth_y=32, eyes=(29, -8, 6.2), top=_broad_nose,
        profile=Profile(snout=8, thick=24, drop=16, pale=0.5, ear="pointed", ear_size=0.55, nose=0, over=_broad_nose),
    ),
    Build(hip=28, neck=92, girth=1.42, head=1.02, limb=1.25), -0.12,
)  # fmt: skip
SLOTH = kind_of(
    Beast(
        half=ROUND, ear="none", muzzle="none", nose=9, nose_y=15, mouth_y=27, eyes=(22, -2, 6.4), over=_dozy_mask,
        top=_fringe, blush=0.35,
        profile=Profile(snout=9, thick=22, drop=16, pale=0, ear="none", nose=9, over=_dozy_mask),
    ),
    Build(hip=36, neck=102, girth=1.08, limb=1.15), -0.2,
)  # fmt: skip
