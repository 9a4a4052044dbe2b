"""Animals of wood and savanna: elephant, lion, tiger, panda, monkey, deer, squirrel, hedgehog."""

import math

from overprint.core.scene import View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures.beast import LONG, ROUND, Beast, kind_of, tail_stroke
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.profile import PINK, Profile, whiskers
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, ellipse, polygon, smooth

_DARK = "#33303c"


def _trunk_in_front(g: Group, look: Look) -> None:
    x = look.shift * 1.2
    nose = [
        (x - 15, 4),
        (x - 13, 34),
        (x - 6, 62),
        (x + 14, 74),
        (x + 30, 64),
        (x + 24, 56),
        (x + 14, 60),
        (x + 11, 34),
    ]
    skin = g.solid(smooth([*nose, (x + 15, 4)]), look.body, 0.08, light=(-4, -3), soft=4)
    for k in range(4):
        skin.stroke(
            Path().move(x - 20, 20 + k * 11).quad(x, 26 + k * 11, x + 18, 20 + k * 11), shade(look.body, -0.1), 2
        )
    for side in (-1, 1):
        tusk = [(x + side * 18, 30), (x + side * 27, 34), (x + side * 27, 54), (x + side * 21, 46)]
        g.fill(smooth(tusk), "#fff8e6")


def _trunk_in_profile(g: Group, look: Look) -> None:
    nose = [(24, -4), (46, 2), (62, 30), (66, 62), (84, 72), (88, 62), (94, 70), (82, 88), (56, 80), (44, 46), (28, 36)]
    g.solid(smooth(nose), look.body, 0.08, light=(-4, -3), soft=4)
    g.fill(smooth([(34, 34), (44, 36), (58, 56), (44, 50)]), "#fff8e6")


def _tuft(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -40).cubic(52, -26, 74, -50, 72, -84)
    tuft = smooth([(64, -80), (72, -110), (82, -84), (74, -74)])
    tail_stroke(look, g, curve, 8).fill(tuft, shade(mix(look.body, look.marking, 0.3), -0.2))


def _mane(g: Group, look: Look) -> None:
    colour = look.hair_colour
    ring = Path()
    for i in range(16):
        angle = 2 * math.pi * i / 16
        ring.join(ellipse(54 * math.cos(angle), 4 + 52 * math.sin(angle), 19))
    g.fill(ring, shade(colour, -0.04))
    g.fill(ellipse(0, 3, 58, 56), colour)


def _mane_in_profile(g: Group, look: Look) -> None:
    ring = Path()
    for i in range(14):
        angle = math.radians(40 + i * 252 / 13)
        ring.join(ellipse(-8 + 50 * math.cos(angle), 4 + 52 * math.sin(angle), 20))
    g.fill(ring, shade(look.hair_colour, -0.04))
    g.fill(ellipse(-12, 4, 50, 52), look.hair_colour)


def _stripes(g: Group, look: Look) -> None:
    dark, lk = shade(mix(look.body, INK, 0.8), 0), look.shift
    for x, y, long in ((0, -46, 22), (-15, -44, 16), (15, -44, 16)):
        g.fill(polygon([(x + lk * 0.4 - 4, y), (x + lk * 0.5, y + long), (x + lk * 0.4 + 4, y)]), dark)
    for side in (-1, 1):
        for y in (4, 18):
            g.fill(polygon([(side * 54, y - 5), (side * 32 + lk * 0.2, y + 1), (side * 53, y + 5)]), dark)


def _stripes_in_profile(g: Group, look: Look) -> None:
    dark = shade(mix(look.body, INK, 0.8), 0)
    for x in (-8, 6, 18):
        g.fill(polygon([(x - 4, -48), (x + 2, -26), (x + 5, -46)]), dark)
    for y in (0, 14, 28):
        g.fill(polygon([(-50, y - 5), (-20, y + 1), (-48, y + 6)]), dark)


def _ringed_tail(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(16, -38).cubic(62, -20, 92, -52, 70, -84).cubic(62, -100, 70, -116, 84, -118)
    tail = tail_stroke(look, g, curve, 14)
    for x, y in ((50, -36), (74, -56), (70, -88)):
        tail.fill(ellipse(x, y, 8, 6, 40), mix(look.body, INK, 0.75))


def _patches(g: Group, look: Look) -> None:
    for side, x in look.sides(23):
        g.fill(ellipse(x + side * 2, 0, 15, 18, side * 30), _DARK)


def _patch_in_profile(g: Group, look: Look) -> None:
    g.fill(ellipse(17, 0, 14, 18, -30), _DARK)


def _monkey_face(g: Group, look: Look) -> None:
    x = look.shift
    pale = look.marking
    for side in (-1, 1):
        g.fill(ellipse(x * 0.9 + side * 17, -4, 21, 23), pale)
    g.fill(ellipse(x, 24, 34, 21), pale)


def _monkey_in_profile(g: Group, look: Look) -> None:
    g.fill(ellipse(24, -4, 18, 22), look.marking)


def _curled(g: Group, look: Look, build: Build) -> None:
    curve = (
        Path().move(14, -36).cubic(70, -10, 100, -60, 74, -92).cubic(58, -110, 40, -92, 54, -80).quad(62, -74, 66, -84)
    )
    tail_stroke(look, g, curve, 9)


def _antlers(g: Group, look: Look) -> None:
    bone = "#c9a878"
    sides = (-1, 1) if look.view is not View.SIDE else (1,)
    for side in sides:
        x = side * 18 if look.view is not View.SIDE else -8
        k = side if look.view is not View.SIDE else -1
        branch = Path().move(x, -38).quad(x + k * 10, -66, x + k * 26, -92)
        branch.move(x + k * 10, -62).quad(x - k * 4, -76, x - k * 2, -90).move(x + k * 17, -76).quad(
            x + k * 34, -78, x + k * 40, -90
        )
        g.stroke(branch, bone, 7)


def _spots(g: Group, look: Look) -> None:
    for x, y in ((-14, -30), (0, -36), (14, -30)):
        g.fill(ellipse(x + look.shift * 0.4, y, 3.6), look.marking, opacity=0.9)


def _scut(g: Group, look: Look, build: Build) -> None:
    g.group("tail").solid(smooth([(22, -44), (40, -62), (50, -50), (38, -36)]), look.marking, 0.08)


def _bushy(g: Group, look: Look, build: Build) -> None:
    big = [
        (6, -20),
        (40, -10),
        (78, -30),
        (92, -78),
        (84, -128),
        (58, -152),
        (40, -136),
        (60, -116),
        (56, -76),
        (30, -50),
    ]
    tail = g.group("tail").solid(smooth(big), look.body, 0.1, light=(-5, -6), soft=7)
    tail.stroke(
        Path().move(30, -28).cubic(80, -40, 84, -110, 56, -140), mix(look.body, look.marking, 0.5), 14, opacity=0.7
    )


def _prickles(g: Group, look: Look) -> None:
    """Spines around the head, in the hair's colour."""
    ahead = 0 if look.view is not View.SIDE else -14
    _spines(g, look, ahead, 2, 52, (150, 390) if look.view is not View.SIDE else (118, 296))


def _spines(g: Group, look: Look, x: float, y: float, r: float, arc: tuple[float, float]) -> None:
    for reach, step in ((24, -0.05), (14, 0.03)):
        outline = []
        for i in range(33):
            angle = math.radians(arc[0] + (arc[1] - arc[0]) * i / 32)
            away = r + (reach if i % 2 else 2)
            outline.append((x + away * math.cos(angle), y + away * 0.98 * math.sin(angle)))
        g.fill(polygon([*outline, (x, y)]), shade(look.hair_colour, step))


def _prickly_back(g: Group, look: Look, build: Build) -> None:
    for reach, step in ((20, -0.06), (10, 0.0)):
        outline = []
        for i in range(29):
            angle = math.radians(-200 + 230 * i / 28)
            away = 46 + (reach if i % 2 else 2)
            outline.append((away * math.cos(angle), -66 + away * math.sin(angle)))
        g.fill(polygon(outline), shade(look.hair_colour, step))


ELEPHANT = kind_of(
    Beast(
        half=ROUND,
        ear="fan",
        ear_at=(40, -8),
        ear_size=0.92,
        inner=PINK,
        muzzle="none",
        nose=0,
        mouth_y=36,
        eyes=(25, -6, 6.6),
        top=_trunk_in_front,
        profile=Profile(
            snout=4, thick=18, pale=0, ear="fan", ear_at=(-4, -6), inner=PINK, nose=0, over=_trunk_in_profile
        ),
    ),
    Build(hip=46, neck=112, girth=1.35, head=1.06, limb=1.35),
    behind=_tuft,
    feet=None,
)
LION = kind_of(
    Beast(
        ear="round",
        ear_at=(36, -38),
        inner=PINK,
        muzzle="cheeks",
        muzzle_at=(26, 28, 16),
        under=_mane,
        nose=9,
        profile=Profile(snout=14, thick=20, drop=16, ear_at=(-6, -38), under=_mane_in_profile, over=whiskers),
    ),
    Build(hip=44, neck=106, girth=1.12),
    behind=_tuft,
)
TIGER = kind_of(
    Beast(
        inner=PINK,
        muzzle="cheeks",
        muzzle_at=(26, 30, 17),
        over=_stripes,
        nose_colour="#c9706a",
        profile=Profile(snout=12, thick=20, drop=16, inner=PINK, over=_stripes_in_profile),
    ),
    Build(hip=44, neck=106, girth=1.1),
    behind=_ringed_tail,
)
PANDA = kind_of(
    Beast(
        muzzle="none",
        over=_patches,
        inner=None,
        profile=Profile(snout=13, thick=19, drop=18, pale=0, over=_patch_in_profile),
    ),
    Build(hip=42, neck=106, girth=1.25, head=1.04, limb=1.2),
    feet="#33303c",
)
MONKEY = kind_of(
    Beast(
        ear="round",
        ear_at=(50, 0),
        ear_size=0.95,
        inner="#e8c0a0",
        muzzle="none",
        over=_monkey_face,
        nose=5,
        nose_y=16,
        nose_colour="#7a4a3a",
        profile=Profile(snout=10, thick=22, drop=20, ear_at=(-16, 4), inner="#e8c0a0", nose=4, over=_monkey_in_profile),
    ),
    Build(hip=46, neck=106, girth=0.95, limb=0.92),
    behind=_curled,
)
DEER = kind_of(
    Beast(
        half=LONG,
        ear="leaf",
        ear_at=(40, -26),
        inner=PINK,
        muzzle_at=(40, 22, 17),
        nose_y=34,
        mouth_y=43,
        under=_antlers,
        over=_spots,
        eyes=(24, -4, 7),
        profile=Profile(snout=32, thick=17, drop=20, ear="leaf", ear_at=(-14, -28), inner=PINK, under=_antlers),
    ),
    Build(hip=52, neck=116, girth=0.95, limb=0.92),
    -0.24,
    behind=_scut,
)
SQUIRREL = kind_of(
    Beast(
        ear="pointed",
        ear_at=(30, -42),
        ear_size=0.8,
        inner=PINK,
        muzzle="cheeks",
        muzzle_at=(27, 26, 15),
        nose=6,
        profile=Profile(snout=13, thick=16, drop=18, ear="pointed", ear_size=0.7, inner=PINK, nose=6),
    ),
    Build(hip=38, neck=94, girth=0.95, head=1.04),
    behind=_bushy,
)
HEDGEHOG = kind_of(
    Beast(
        ear="round",
        ear_at=(42, -24),
        ear_size=0.62,
        inner=PINK,
        muzzle="oval",
        muzzle_at=(8, 46, 40),
        pale=0.85,
        under=_prickles,
        nose=8,
        nose_y=20,
        profile=Profile(
            snout=28, thick=15, drop=22, pale=0.85, ear_at=(-4, -16), ear_size=0.62, inner=PINK, under=_prickles
        ),
    ),
    Build(hip=32, neck=86, girth=1.12, head=1.02),
    behind=_prickly_back,
)
