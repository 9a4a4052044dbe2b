"""Snake, lizard, crocodile and dinosaur."""

from functools import partial

from overprint.core.scene import Expression, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import Profile, draw_profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, ellipse, polygon, smooth

_FANGS = "#fffdf2"


def _snake(g: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    x = 54.0 if side_on else look.shift * 1.2
    if not look.asleep and look.expression in (Expression.HAPPY, Expression.CALM, Expression.BRAVE):
        tip = x + (22 if side_on else 3)
        tongue = (
            Path()
            .move(x, 27)
            .quad(x + 2, 38, tip, 44)
            .move(tip - 3, 42)
            .line(tip - 7, 52)
            .move(tip, 44)
            .line(tip + 7, 51)
        )
        g.stroke(tongue, "#d9485a", 3.4)
    outline = [(0, -40), (34, -34), (54, -6), (50, 18), (30, 34), (0, 38), (-30, 34), (-50, 18), (-54, -6), (-34, -34)]
    if side_on:
        outline = [(-46, -4), (-30, -34), (6, -40), (38, -24), (66, 4), (68, 20), (44, 32), (0, 38), (-34, 28)]
    head = g.solid(smooth(outline), look.body, 0.08, soft=7)
    head.fill(ellipse(look.shift + (16 if side_on else 0), 40, 44, 18), look.marking)
    for dx, dy in ((-12, -28), (6, -32), (20, -24)):
        head.fill(ellipse(dx + look.shift * 0.4, dy, 6, 4.5), shade(look.body, -0.1), opacity=0.8)
    faces.features(g, head, look, gap=24, y=-4, r=7.4, mouth_y=19, mouth_w=15, beside=(30, 50))


def _coils(g: Group, look: Look, build: Build) -> None:
    """Three turns on the ground, and the neck that rises out of them."""
    w = build.girth
    for y, half in ((-13.0, 66), (-33.0, 50)):
        turn = g.solid(ellipse(0, y, half * w, 18), shade(look.body, -0.03), 0.11, light=(-4, -6), soft=5)
        for k in range(-3, 4):
            turn.fill(ellipse(k * 19, y + 2, 6.5, 9), mix(look.body, look.outfit, 0.65), opacity=0.85)
    neck = [
        (-19 * w, build.down(-0.25)),
        (19 * w, build.down(-0.25)),
        (22 * w, build.down(0.4)),
        (30 * w, -34),
        (-30 * w, -34),
    ]
    column = g.solid(smooth([*neck, (-22 * w, build.down(0.4))]), look.body, 0.09, light=(-5, -5), soft=5)
    x = look.front * 0.5
    column.fill(smooth([(x - 11, -130), (x + 11, -130), (x + 14, -30), (x - 14, -30)]), look.marking)
    for k in range(5):
        y = build.down(0.05 + 0.28 * k)
        column.stroke(Path().move(x - 13, y).quad(x, y + 4, x + 13, y), mix(look.body, look.marking, 0.45), 2.4)


def _crocodile(g: Group, look: Look) -> None:
    lk = look.shift
    for _, x in look.sides(24):
        g.solid(ellipse(x, -34, 17), look.body, 0.08, soft=3)
        if not look.eyes_are_shut:
            g.fill(ellipse(x, -34, 12), "#fffdf2")
    crown = [(0, -32), (34, -28), (48, -2), (60, 22), (50, 42), (0, 52), (-50, 42), (-60, 22), (-48, -2), (-34, -28)]
    head = g.solid(smooth(crown), look.body, 0.08, soft=7)
    snout = g.solid(ellipse(lk * 1.2, 20, 48, 23), shade(look.body, 0.03), 0.07, light=(-3, -5), soft=5)
    snout.fill(ellipse(lk * 1.2, 44, 46, 16), look.marking)
    for side in (-1, 1):
        g.fill(ellipse(lk * 1.3 + side * 13, 8, 4.4, 3.2), shade(look.body, -0.22))
        for dx in (16, 32):
            at_x = lk * 1.2 + side * dx
            g.fill(polygon([(at_x - 4, 30 - dx * 0.07), (at_x + 4, 30 - dx * 0.07), (at_x, 38)]), _FANGS)
    faces.cheeks(head, look, gap=40, y=8, strength=0.45)
    faces.eyes(g, look, gap=24, y=-34, r=7, skin=look.body)
    faces.brows(g, look, gap=24, y=-54, colour=shade(look.body, -0.2))
    faces.mouth(g, look, y=28, w=17)
    faces.tear(g, look, x=-24, y=-18)


def _long_jaw(g: Group, look: Look) -> None:
    """In profile: the long snout with its teeth, the eye on top of the head."""
    g.solid(ellipse(8, -36, 17), look.body, 0.08, soft=3)
    skull = [(-46, 6), (-32, -26), (6, -34), (34, -14), (78, 0), (88, 12), (80, 24), (36, 34), (0, 44), (-32, 36)]
    head = g.solid(smooth(skull), look.body, 0.08, soft=7)
    head.fill(smooth([(88, 20), (40, 24), (6, 34), (-10, 60), (60, 60)]), look.marking)
    for x in (46, 58, 70):
        g.fill(polygon([(x - 4, 21), (x + 4, 20), (x, 28)]), _FANGS)
    g.fill(ellipse(80, 4, 3.4, 2.6), shade(look.body, -0.25))
    faces.cheeks(head, look, gap=16, y=14, strength=0.45)
    if not look.eyes_are_shut:
        g.fill(ellipse(13, -37, 12), "#fffdf2")
    faces.eyes(g, look, gap=15, y=-37, r=7, skin=look.body)
    faces.brows(g, look, gap=15, y=-57, colour=shade(look.body, -0.2))
    faces.mouth(g.group(matrix=(1, 0, 0, 1, 44, 24)), look, y=0, w=14)


def _plated(g: Group, look: Look, build: Build) -> None:
    garments.trunk(g, look, build)
    w, x = build.girth, look.front * build.girth
    for k in range(4):
        y = build.down(0.2 + 0.24 * k)
        g.stroke(
            Path().move(x - 18 * w, y).quad(x, y + 5, x + 18 * w, y),
            mix(look.body, look.marking, 0.5),
            2.4,
            opacity=0.7,
        )


def _great_tail(g: Group, look: Look, build: Build, *, plates: bool) -> None:
    outline = [(4, -58), (44, -50), (86, -30), (120, -40), (134, -58), (138, -36), (112, -8), (60, 0), (6, -8)]
    tail = g.group("tail")
    spots = ((40, -52), (66, -42), (92, -33), (116, -40))
    for n, (x, y) in enumerate(spots):
        size = (17 if plates else 11) - 2 * n
        tail.fill(
            polygon([(x - size, y + 7), (x + 2, y - size * 1.25), (x + size, y + 7)]),
            look.accent if plates else shade(look.body, -0.1),
        )
    tail.solid(smooth(outline), look.body, 0.1, light=(-4, -5), soft=5)


def _dinosaur(g: Group, look: Look) -> None:
    """A big soft jaw and a row of round plates over the head: nobody's dragon."""
    lk = look.shift
    for x, y, r in ((-24, -40, 12), (0, -48, 15), (24, -40, 12)):
        g.solid(ellipse(x * 0.9 + lk * 0.2, y, r, r * 1.15), look.accent, 0.08, light=(-2, -3), soft=2)
    half = [(0, -42), (34, -36), (46, -10), (54, 18), (44, 42), (0, 52)]
    head = g.solid(smooth([*half, *((-x, y) for x, y in half[-2:0:-1])]), look.body, 0.09, soft=7)
    head.fill(ellipse(lk, 50, 46, 22), look.marking)
    for dx, dy, r in ((-26, -22, 5), (26, -24, 6), (-36, -6, 4)):
        head.fill(ellipse(dx + lk * 0.3, dy, r), shade(look.body, -0.08), opacity=0.8)
    for side in (-1, 1):
        g.fill(ellipse(lk * 1.25 + side * 9, 14, 3.2, 2.6), shade(look.body, -0.22))
    faces.features(g, head, look, gap=25, y=-8, r=7.4, mouth_y=27, mouth_w=18)


def _head_plates(g: Group, look: Look) -> None:
    for x, y, r in ((14, -46, 11), (-10, -50, 14), (-34, -38, 13), (-50, -14, 11)):
        g.solid(ellipse(x, y, r, r * 1.1), look.accent, 0.08, light=(-2, -3), soft=2)


def _nostril(g: Group, look: Look) -> None:
    g.fill(ellipse(60, 6, 3.2, 2.6), shade(look.body, -0.22))


def _lizard(g: Group, look: Look) -> None:
    """A flat head with eyes on turrets, a low crest and a wide mouth."""
    side_on = look.view is View.SIDE
    half = [(0, -34), (32, -32), (54, -8), (56, 16), (36, 36), (0, 42)]
    outline = [*half, *((-x, y) for x, y in half[-2:0:-1])]
    if side_on:
        outline = [(-50, -14), (-34, -44), (0, -36), (40, -18), (70, 6), (70, 22), (44, 34), (0, 40), (-36, 28)]
    else:
        g.solid(smooth([(-16, -26), (0, -58), (16, -26)], ease=1 / 8), shade(look.body, -0.06), 0.08)
    head = g.solid(smooth(outline), look.body, 0.09, soft=7)
    head.fill(ellipse(look.shift + (18 if side_on else 0), 42, 48, 20), look.marking)
    for dx, dy, r in ((-22, -22, 4.5), (0, -26, 5), (22, -22, 4.5), (-40, 4, 4), (40, 4, 4)):
        head.fill(ellipse(dx + look.shift * 0.4, dy, r), mix(look.body, look.accent, 0.6), opacity=0.9)
    gap = 24 if side_on else 36
    for _, x in look.sides(gap):
        g.solid(ellipse(x, -14, 18, 17), shade(look.body, 0.04), 0.07, light=(-3, -3), soft=3)
        if not look.eyes_are_shut:
            g.fill(ellipse(x, -14, 11), "#fffdf2")
    faces.cheeks(head, look, gap=40 if not side_on else 18, y=18, strength=0.45)
    faces.eyes(g, look, gap=gap, y=-14, r=6.2, skin=look.body)
    faces.brows(g, look, gap=gap, y=-35, colour=shade(look.body, -0.2))
    faces.mouth(g.group(matrix=(1, 0, 0, 1, 44, 18)) if side_on else g, look, y=0 if side_on else 16, w=14)
    faces.tear(g, look, x=-gap, y=6)


def _rolled_tail(g: Group, look: Look, build: Build) -> None:
    curve = Path().move(14, -34).cubic(60, -4, 112, -26, 104, -66).cubic(98, -96, 58, -92, 62, -66)
    tail = g.group("tail")
    tail.stroke(curve.cubic(64, -50, 86, -52, 82, -68), shade(look.body, -0.04), 13)
    for x, y in ((52, -18), (80, -24), (100, -46), (96, -80), (72, -84)):
        tail.fill(ellipse(x, y, 4), mix(look.body, look.accent, 0.6))


LIZARD = Kind(
    Build(hip=36, neck=96, girth=1.0, head=1.0, limb=0.86), _lizard, Rect(-56, -40, 56, 42), -34, 34, 36, -14,
    lambda look: shade(look.body, -0.07), behind=_rolled_tail, profile=_lizard, profile_eye=24,
)  # fmt: skip
SNAKE = Kind(
    Build(hip=30, neck=104, girth=1.0, head=1.0, limb=1.0), _snake, Rect(-54, -40, 54, 38), -30, 38, 24, -4,
    lambda look: look.body, profile=_snake, profile_eye=30, legs=False, trunk=_coils, hand="tail",
)  # fmt: skip
CROCODILE = Kind(
    Build(hip=38, neck=100, girth=1.14, limb=1.05), _crocodile, Rect(-58, -50, 58, 52), -44, 34, 24, -34,
    lambda look: shade(look.body, -0.07), behind=partial(_great_tail, plates=False), profile=_long_jaw, profile_eye=15,
    trunk=_plated,
)  # fmt: skip
DINOSAUR = Kind(
    Build(hip=42, neck=104, girth=1.2, limb=1.0), _dinosaur, Rect(-52, -44, 52, 52), -36, 36, 25, -8,
    lambda look: shade(look.body, -0.07), behind=partial(_great_tail, plates=True), profile=partial(
        draw_profile,
        shape=Profile(snout=22, thick=24, drop=14, pale=1.0, ear="none", nose=0, under=_head_plates, over=_nostril),
    ),
)  # fmt: skip
