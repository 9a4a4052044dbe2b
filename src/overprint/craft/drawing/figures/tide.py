"""What the tide brings, and what the winter does: jellyfish, starfish, axolotl; and the snowman."""

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, ellipse, smooth

_CARROT = "#ee8a34"


def _jellyfish(g: Group, look: Look) -> None:
    """A glassy bell with a frill."""
    bell = [(0, -66), (44, -56), (68, -16), (66, 30), (44, 38), (22, 32), (0, 40), (-22, 32), (-44, 38), (-66, 30)]
    head = g.solid(smooth([*bell, (-68, -16), (-44, -56)]), look.body, 0.09, light=(-7, -9), soft=9)
    head.fill(ellipse(-24, -42, 20, 10, -28), "#ffffff", opacity=0.35)
    for x in (-44, -22, 0, 22, 44):
        rib = Path().move(x * 0.4, -62).quad(x * 1.1, -20, x, 36)
        head.stroke(rib, mix(look.body, look.marking, 0.6), 2.6, opacity=0.5)
    for x in (-54, -33, -11, 11, 33, 54):
        g.solid(ellipse(x, 35, 13, 9), mix(look.body, look.marking, 0.55), 0.06, light=(-2, -2), soft=2)
    faces.features(g, head, look, gap=22, y=0, r=7.6, mouth_y=20, beside=(32, 42))


def _streamers(g: Group, look: Look, build: Build) -> None:
    """Tentacles that hang and wave, the middle ones broad and frilled."""
    w, top = build.girth, build.down(-0.1)
    for n, x in enumerate((-50, -32, 32, 50, -14, 14)):
        sway, thick = (10 if n % 2 else -10), (15 if abs(x) < 20 else 7)
        path = (
            Path().move(x * w, top - 12).cubic(x * w + sway, top + 22, x * w - sway, top + 40, x * w + sway * 0.6, -12)
        )
        g.stroke(path, shade(mix(look.body, look.marking, 0.25), -0.03 * (n % 3)), thick)
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)


def _starfish(g: Group, look: Look) -> None:
    """The upper point of the star, with the face below it."""
    half = [(0, -104), (14, -78), (27, -44), (64, -38), (96, -24), (88, -4), (56, 20), (36, 42), (0, 48)]
    head = g.solid(smooth([*half, *((-x, y) for x, y in half[-2:0:-1])]), look.body, 0.09, light=(-6, -8), soft=7)
    for x, y, r in (
        (0, -84, 4),
        (-6, -66, 5),
        (9, -58, 4),
        (-72, -22, 5),
        (72, -22, 5),
        (-50, -26, 4),
        (52, -25, 4),
        (0, -44, 5),
    ):
        head.fill(ellipse(x, y, r), mix(look.body, look.marking, 0.7), opacity=0.9)
    faces.features(g, head, look, gap=21, y=0, r=7.6, mouth_y=22, beside=(28, 36))


def _two_points(g: Group, look: Look, build: Build) -> None:
    """The lower points, on which it stands."""
    w, top = build.girth, build.down(0)
    star = [(-36 * w, top - 6), (36 * w, top - 6), (40 * w, -44), (66 * w, -8), (54 * w, -1), (24 * w, -14), (0, -28)]
    body = g.solid(
        smooth([*star, (-24 * w, -14), (-54 * w, -1), (-66 * w, -8), (-40 * w, -44)]), look.body, 0.09, soft=6
    )
    for x, y, r in ((-48, -14, 4.5), (48, -14, 4.5), (-34, -28, 4), (34, -28, 4)):
        body.fill(ellipse(x * w, y, r), mix(look.body, look.marking, 0.7), opacity=0.9)
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)


def _axolotl(g: Group, look: Look) -> None:
    """Wide and smiling, with three feathery gills on each side."""
    side_on = look.view is View.SIDE
    frill = mix(look.accent, "#e2597c", 0.65)
    for side in (-1, 1) if not side_on else (-1,):
        for x, y, dx, dy in ((44, -22, 34, -34), (54, 0, 44, -6), (50, 20, 38, 18)):
            shift = 14.0 if side_on else 0.0
            root, tip = (side * (x - shift), y), (side * (x + dx - shift), y + dy)
            g.stroke(
                Path().move(*root).quad(root[0] + side * dx * 0.4, root[1] + dy * 0.9, *tip), shade(look.body, -0.03), 9
            )
            for u in (0.35, 0.6, 0.85, 1.0):
                at_x, at_y = root[0] + (tip[0] - root[0]) * u, root[1] + (tip[1] - root[1]) * u
                g.fill(ellipse(at_x, at_y + 6, 4.5, 10 - 2 * u), frill)
                g.fill(ellipse(at_x, at_y - 6, 4.5, 10 - 2 * u), frill)
    half = [(0, -36), (36, -34), (60, -8), (60, 16), (42, 36), (0, 42)]
    head = g.solid(smooth([*half, *((-x, y) for x, y in half[-2:0:-1])]), look.body, 0.08, soft=8)
    head.fill(ellipse(look.shift, 44, 46, 20), mix(look.body, look.marking, 0.7))
    faces.features(g, head, look, gap=33, y=-4, r=6.2, mouth_y=14, mouth_w=19, beside=(36, 44), blush=0.7)


def _finned_tail(g: Group, look: Look, build: Build) -> None:
    fin = [(6, -50), (42, -54), (84, -46), (120, -18), (112, -4), (66, 0), (6, -8)]
    tail = g.group("tail")
    tail.solid(smooth(fin), mix(look.body, look.marking, 0.45), 0.08, soft=5)
    tail.fill(smooth([(6, -36), (60, -30), (112, -12), (60, -10), (6, -14)]), look.body)


def _snow_head(g: Group, look: Look) -> None:
    """Coals for eyes and mouth, a carrot between."""
    side_on = look.view is View.SIDE
    head = g.solid(ellipse(0, 0, 48, 46), look.body, 0.08, light=(-6, -8), soft=8)
    faces.cheeks(head, look, gap=16 if side_on else 33, y=18, strength=0.4)
    faces.eyes(g, look, gap=24 if side_on else 18, y=-8, r=6.8, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=24 if side_on else 18, y=-25, colour=shade(look.body, -0.4))
    faces.mouth(g, look, y=22, w=15)
    x = 44.0 if side_on else look.shift * 1.3
    tip = (x + 46, 12.0) if side_on else (x + 30 * (1 if look.shift >= 0 else -1), 15.0)
    carrot = g.solid(
        smooth([(x - 5, -2), (x + 4, -1), tip, (x + 2, 14), (x - 6, 11)], ease=1 / 9), _CARROT, 0.09, soft=2
    )
    for k in (0.25, 0.5):
        at_x = x + (tip[0] - x) * k
        carrot.stroke(Path().move(at_x, 0).line(at_x + 1, 6), shade(_CARROT, -0.1), 1.8)


def _two_balls(g: Group, look: Look, build: Build) -> None:
    low = g.solid(ellipse(0, -40, 58, 46), look.body, 0.1, light=(-7, -8), soft=9)
    low.fill(ellipse(0, 6, 60, 20), shade(look.body, -0.06), opacity=0.6, blur=6)
    middle = -(40 + build.neck) / 2 - 18
    g.solid(ellipse(0, middle, 42, 36), look.body, 0.09, light=(-6, -7), soft=7)
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)
        return
    for k in range(3):
        g.solid(ellipse(look.front * 0.8, middle - 10 + 20 * k, 5.6), shade(INK, 0.06), 0.05, light=(-1, -1), soft=1)


JELLYFISH = Kind(
    Build(hip=26, neck=74, girth=0.94, head=1.12, limb=0.7), _jellyfish, Rect(-66, -64, 66, 42), -48, 42, 22, 0,
    lambda look: look.body, profile=_jellyfish, profile_eye=32, floats=True, trunk=_streamers, hand="tentacle",
    hands=lambda look: mix(look.body, look.marking, 0.25),
)  # fmt: skip
STARFISH = Kind(
    Build(hip=28, neck=66, girth=1.06, head=1.06, limb=1.2), _starfish, Rect(-52, -60, 52, 48), -40, 34, 21, 0,
    lambda look: look.body, profile=_starfish, profile_eye=28, legs=False, trunk=_two_points, hand="fin",
    hands=lambda look: look.body,
)  # fmt: skip
AXOLOTL = Kind(
    Build(hip=30, neck=92, girth=1.08, head=1.06, limb=0.92), _axolotl, Rect(-60, -38, 60, 42), -32, 40, 33, -4,
    lambda look: shade(look.body, -0.05), behind=_finned_tail, profile=_axolotl, profile_eye=36, spread=96,
)  # fmt: skip
SNOWMAN = Kind(
    Build(hip=26, neck=116, girth=1.06, head=0.94, limb=1.0), _snow_head, Rect(-48, -46, 48, 46), -34, 40, 18, -8,
    lambda look: look.body, profile=_snow_head, profile_eye=24, legs=False, trunk=_two_balls, hand="twig",
    hands=lambda look: "#6b4a34",
)  # fmt: skip
