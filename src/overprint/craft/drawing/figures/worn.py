"""Accessories. Those on the head are drawn around the middle of the head, the others on the build."""

from collections.abc import Callable

from overprint.core.scene import View
from overprint.craft.drawing.colour import lightness, mix, shade
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, box, ellipse, smooth, star

PutOn = Callable[[Group, Look, Build], None]


def glasses(g: Group, look: Look, kind: Kind) -> None:
    gap, y = kind.eye_gap, kind.eye_y
    frame = look.accent
    if abs(lightness(frame) - lightness(look.body)) < 0.22:
        frame = "#3a2a2a" if lightness(look.body) > 0.55 else "#f6dfa8"
    r = min(15.0, gap * 0.8)
    if look.view is View.SIDE:
        x = kind.profile_eye
        g.stroke(Path().move(x - r, y).line(-8, y - 2), frame, 3.2)
        g.stroke(ellipse(x, y, r * 0.85, r), frame, 3.4)
        return
    lenses = look.sides(gap)
    for _, x in lenses:
        g.fill(ellipse(x, y, r), "#ffffff", opacity=0.1)
        g.stroke(ellipse(x, y, r), frame, 3.4)
    (_, left), (_, right) = lenses
    g.stroke(Path().move(left + r, y).quad((left + right) / 2, y - 5, right - r, y), frame, 3.2)


def witch_hat(g: Group, look: Look, kind: Kind) -> None:
    y, w = kind.hat_y, kind.hat_half
    felt = shade(mix("#3d2f5c", look.accent, 0.12), 0)
    cone = [
        (-w * 0.78, y),
        (-w * 0.42, y - 46),
        (-4, y - 88),
        (26, y - 104),
        (34, y - 94),
        (18, y - 82),
        (w * 0.5, y - 40),
        (w * 0.8, y),
    ]
    hat = g.solid(smooth(cone, ease=1 / 9), felt, 0.08)
    band = [(-w * 0.8, y - 16), (0, y - 8), (w * 0.8, y - 16), (w * 0.86, y + 2), (0, y + 10), (-w * 0.86, y + 2)]
    hat.fill(smooth(band, ease=1 / 9), look.accent)
    g.solid(
        smooth([(-w * 1.5, y + 2), (0, y - 9), (w * 1.5, y + 2), (w * 0.9, y + 12), (0, y + 9), (-w * 0.9, y + 12)]),
        felt,
        0.06,
    )
    g.stroke(box(-8, y - 18, 16, 15, 3), "#f2c75c", 3.5)


def crown(g: Group, look: Look, kind: Kind) -> None:
    y, w = kind.hat_y + 2, kind.hat_half * 0.74
    gold = "#f5c542"
    points = [
        (-w, y),
        (-w * 1.12, y - 32),
        (-w * 0.5, y - 16),
        (0, y - 40),
        (w * 0.5, y - 16),
        (w * 1.12, y - 32),
        (w, y),
    ]
    outline = Path().move(*points[0])
    for point in points[1:]:
        outline.line(*point)
    g.solid(outline.quad(0, y + 8, -w, y).close(), gold, 0.09, light=(-3, -3), soft=3)
    for x, py in ((-w * 1.12, y - 34), (0, y - 43), (w * 1.12, y - 34)):
        g.fill(ellipse(x, py, 4.5), look.accent)
    g.fill(ellipse(0, y - 9, 5, 6), look.accent)


def cap(g: Group, look: Look, kind: Kind) -> None:
    y, w = kind.hat_y, kind.hat_half
    dome = Path().move(-w, y + 6).cubic(-w * 0.98, y - 40, w * 0.98, y - 40, w, y + 6).quad(0, y - 6, -w, y + 6).close()
    cloth = g.solid(dome, look.accent, 0.09, light=(-5, -5), soft=5)
    for x in (-w * 0.42, w * 0.42):
        cloth.stroke(Path().move(0, y - 34).quad(x, y - 26, x * 1.15, y + 4), shade(look.accent, -0.09), 2.2)
    g.fill(ellipse(0, y - 30, 5, 4), shade(look.accent, 0.08))
    peak = [(-w * 0.7, y + 3), (0, y - 5), (w * 0.7, y + 3), (w * 0.55, y + 13), (0, y + 9), (-w * 0.55, y + 13)]
    ahead = w * 0.95 if look.view is View.SIDE else look.shift
    g.solid(smooth([(x + ahead, py) for x, py in peak]), shade(look.accent, -0.09), 0.07)


def sun_hat(g: Group, look: Look, kind: Kind) -> None:
    y, w = kind.hat_y, kind.hat_half
    straw = "#ecd08c"
    crown_of = smooth([(-w * 0.86, y + 4), (-w * 0.74, y - 32), (0, y - 44), (w * 0.74, y - 32), (w * 0.86, y + 4)])
    top = g.solid(crown_of, straw, 0.08, light=(-4, -5), soft=5)
    top.stroke(Path().move(-w, y - 6).quad(0, y + 2, w, y - 6), look.accent, 11)
    brim = [(-w * 1.6, y + 5), (-w * 0.8, y - 6), (0, y - 2), (w * 0.8, y - 6), (w * 1.6, y + 5), (0, y + 15)]
    g.solid(smooth(brim), shade(straw, -0.02), 0.08, light=(-3, -3), soft=3)


def hijab(g: Group, look: Look, kind: Kind) -> None:
    """A scarf around the face and over the shoulders; hair is not drawn under it."""
    ahead = {View.FRONT: look.shift * 0.4, View.THREE_QUARTER: 11.0, View.SIDE: 22.0}[look.view]
    over = [(-50, 8), (-52, -26), (-30, -55), (0, -62), (30, -55), (52, -26), (50, 8), (56, 44), (38, 66), (0, 74)]
    hole = [(0, -31), (26, -27), (37, -4), (33, 24), (18, 41), (0, 45), (-18, 41), (-33, 24), (-37, -4), (-26, -27)]
    outline = smooth([*over, (-38, 66), (-56, 44)])
    cloth = g.group(clip=outline)
    ring = smooth([*over, (-38, 66), (-56, 44)]).join(smooth([(x + ahead, y) for x, y in hole]))
    cloth.cutout(ring, shade(look.accent, -0.04))
    cloth.cutout(ring.moved(-3, -4), look.accent, blur=3)
    for x0, x1 in ((-34, -8), (36, 12)):
        fold = Path().move(x0, 34).quad((x0 + x1) / 2, 56, x1, 68)
        cloth.stroke(fold, shade(look.accent, -0.12), 2.6, opacity=0.6)


def bow(g: Group, look: Look, kind: Kind) -> None:
    x, y = kind.hat_half * 0.62, kind.hat_y - 6
    for side in (-1, 1):
        loop = [
            (x, y),
            (x + side * 12, y - 15),
            (x + side * 26, y - 12),
            (x + side * 26, y + 11),
            (x + side * 12, y + 12),
        ]
        g.solid(smooth(loop), look.accent, 0.09, light=(-2, -3), soft=3)
    g.solid(ellipse(x, y, 7, 7.5), shade(look.accent, 0.04), 0.08, light=(-1, -2), soft=1.5)


def scarf(g: Group, look: Look, build: Build) -> None:
    w, y = 30 * build.girth, build.down(0) + 2
    stripe = mix(look.accent, "#fffaf0", 0.62)
    tail = smooth([(12, y), (30, y + 6), (42, y + 24), (42, y + 50), (26, y + 50), (24, y + 28), (8, y + 12)])
    end = g.solid(tail, shade(look.accent, -0.03))
    for k in range(4):
        end.stroke(Path().move(-40, y + 14 + k * 11).line(90, y + 19 + k * 11), stripe, 3.6, opacity=0.85)
    wrap = [(-w, y - 8), (0, y + 1), (w, y - 8), (w + 5, y + 7), (0, y + 18), (-w - 5, y + 7)]
    cloth = g.solid(smooth(wrap), look.accent)
    for k in range(-4, 5):
        cloth.stroke(
            Path().move(k * 10 - 2, y - 12).quad(k * 10 + 2, y + 4, k * 10 - 1, y + 24), stripe, 3.4, opacity=0.85
        )


def backpack(g: Group, look: Look, build: Build) -> None:
    w = build.girth
    colour = mix(look.accent, "#8a5a3c", 0.25)
    pack = g.solid(box(-50 * w, build.down(0.08), 100 * w, build.down(1.0) - build.down(0.08), 22), colour, 0.12)
    pack.fill(box(-56 * w, build.down(0.5), 112 * w, 60, 14), shade(colour, -0.05))


def straps(g: Group, look: Look, build: Build) -> None:
    w = build.girth
    colour = shade(mix(look.accent, "#8a5a3c", 0.25), -0.05)
    for side in (-1, 1):
        strap = (
            Path()
            .move(side * 20 * w, build.down(-0.02))
            .quad(side * 32 * w, build.down(0.4), side * 33 * w, build.down(0.85))
        )
        g.stroke(strap, colour, 7.5)
        g.fill(box(side * 30 * w - 5, build.down(0.42), 10, 7, 2), "#f2d28a")


def cape(g: Group, look: Look, build: Build) -> None:
    w, low = build.girth, -10.0
    sheet = [
        (-20 * w, build.down(0)),
        (20 * w, build.down(0)),
        (48 * w, build.down(0.6)),
        (64 * w, low),
        (34 * w, low + 7),
        (0, low),
    ]
    cloth = g.solid(smooth([*sheet, (-34 * w, low + 7), (-64 * w, low), (-48 * w, build.down(0.6))]), look.accent, 0.12)
    for x in (-34, -12, 12, 34):
        cloth.stroke(
            Path().move(x * 0.6 * w, build.down(0.2)).line(x * 1.3 * w, low + 10),
            shade(look.accent, -0.1),
            3,
            opacity=0.6,
        )


def wings(g: Group, look: Look, build: Build) -> None:
    """A fairy's wings: thin as paper, in the accent's colour."""
    w, y = build.girth, build.down(0.25)
    pale = mix(look.accent, "#ffffff", 0.55)
    upper = [(6, 0), (30, -46), (84, -70), (96, -34), (66, -2), (20, 8)]
    lower = [(8, 6), (44, 8), (72, 30), (60, 60), (30, 48)]
    for side in (-1, 1):
        for outline, tint in ((lower, shade(pale, -0.03)), (upper, pale)):
            wing = g.group(opacity=0.9).solid(
                smooth([(side * px * w, y + py) for px, py in outline]), tint, 0.08, light=(-3, -4), soft=5
            )
            vein = Path().move(side * 8 * w, y + 2).line(side * outline[2][0] * w, y + outline[2][1])
            wing.stroke(vein, shade(look.accent, 0.02), 2.4, opacity=0.6)


def clasp(g: Group, look: Look, build: Build) -> None:
    y = build.down(0) + 4
    collar = [(-27 * build.girth, y - 9), (0, y + 2), (27 * build.girth, y - 9), (30 * build.girth, y + 3), (0, y + 14)]
    g.solid(smooth([*collar, (-30 * build.girth, y + 3)]), shade(look.accent, 0.03), 0.08)
    g.fill(star(0, y + 9, 8), "#f5c542")
