"""Whale, narwhal, dolphin, shark, fish, seal and walrus, who stand on their tails; and the mermaid's tail."""

from collections.abc import Callable
from functools import partial

from overprint.core.scene import Garment, View
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import DrawBack, DrawHead, Kind
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, Rect, ellipse, polygon, smooth

Extra = Callable[[Group, Look], None]
_DOME: tuple[Point, ...] = ((0, -46), (38, -38), (58, -6), (54, 26), (34, 44), (0, 50))
_BROAD: tuple[Point, ...] = ((0, -50), (50, -42), (76, -4), (70, 34), (44, 50), (0, 54))
_EYE_BESIDE = 0.5  # where the eye is in profile, of half the head's width
_SLIM: tuple[Point, ...] = ((0, -54), (30, -40), (48, -8), (47, 22), (30, 42), (0, 48))


def _head(
    g: Group, look: Look, *, half: tuple[Point, ...], pale: float, over: Extra | None, snout: float, eye_y: float
) -> None:
    """``pale`` is the y below which the belly's colour begins; ``snout`` how far a beak stands out in profile."""
    side_on = look.view is View.SIDE
    outline = [*half, *((-x, y) for x, y in half[-2:0:-1])]
    head = g.solid(smooth(outline), look.body, 0.09, light=(-6, -8), soft=8)
    wide = max(x for x, _ in half)
    if snout and side_on:
        beak = [(34, 2), (48 + snout * 0.5, 8), (50 + snout, 16), (48 + snout, 24), (30, 32)]
        g.solid(smooth(beak), look.body, 0.07, light=(-2, -4), soft=3)
        g.fill(smooth([(32, 22), (48 + snout, 21), (46 + snout, 27), (28, 36)]), look.marking)
    elif snout:
        g.solid(ellipse(look.shift * 1.3, 24, 26, 17), shade(look.body, 0.03), 0.07, light=(-2, -4), soft=4)
        g.fill(
            smooth(
                [
                    (look.shift * 1.3 - 22, 30),
                    (look.shift * 1.3, 25),
                    (look.shift * 1.3 + 22, 30),
                    (look.shift * 1.3, 42),
                ]
            ),
            look.marking,
        )
    head.fill(ellipse(look.shift * 0.6 + (22 if side_on else 0), pale + 40, wide * 0.86, 40), look.marking)
    if over is not None:
        over(head, look)
    beside = wide * _EYE_BESIDE, wide * 0.68 + snout * 0.5
    faces.features(g, head, look, gap=wide * 0.42, y=eye_y, r=7.2, mouth_y=27, mouth_w=11, beside=beside)


def _grooves(head: Group, look: Look) -> None:
    for k in range(-3, 4):
        x = look.shift * 0.6 + k * 15
        head.stroke(Path().move(x, 40).line(x * 1.05, 60), shade(look.marking, -0.09), 2.4, opacity=0.8)


def _spout(g: Group, look: Look) -> None:
    x = -6.0 if look.view is View.SIDE else 0.0
    for side in (-1, 1):
        g.stroke(Path().move(x, -48).cubic(x + side * 3, -70, x + side * 22, -78, x + side * 27, -60), "#bfe4f5", 6)
    g.fill(ellipse(x, -47, 8, 3), shade(look.body, -0.12))


def _gills(head: Group, look: Look) -> None:
    for side in (-1.0, 1.0) if look.view is not View.SIDE else (-1.0,):
        for k in range(3):
            x = side * (52.0 - 7 * k) if look.view is not View.SIDE else -14.0 - 8 * k
            head.stroke(Path().move(x, 4).quad(x - side * 3, 13, x, 22), shade(look.body, -0.12), 2.6)
    if look.view is not View.SIDE:
        for k in range(-2, 3):
            x = look.shift * 1.15 + k * 6
            head.fill(polygon([(x - 3, 30 - abs(k) * 0.8), (x + 3, 30 - abs(k) * 0.8), (x, 36)]), "#fffdf6")


def _whiskered(head: Group, look: Look) -> None:
    side_on = look.view is View.SIDE
    x: float = 40.0 if side_on else look.shift * 1.2
    for side in (-1, 1) if not side_on else (1,):
        head.fill(ellipse(x + side * 9 * (not side_on), 24, 13, 10), mix(look.body, look.marking, 0.8))
    faces.nose(head, look, y=15, w=8) if not side_on else head.fill(ellipse(50, 13, 7, 6), INK)
    for side in (-1, 1) if not side_on else (-1,):
        for dy in (0, 6):
            start = x + side * 10
            head.stroke(Path().move(start, 22 + dy).line(start + side * 22, 20 + dy * 1.6), shade(look.body, -0.3), 1.6)


def _tusked(head: Group, look: Look) -> None:
    """A walrus: a great bristly lip, and two tusks out of it."""
    side_on = look.view is View.SIDE
    x: float = 40.0 if side_on else look.shift * 1.2
    for side in (-1, 1) if not side_on else (1,):
        root = x + side * 13 * (not side_on)
        tusk = [(root - 6, 30), (root + 6, 30), (root + 4 + side, 58), (root + side * 3, 74), (root - 4 + side, 58)]
        head.solid(smooth(tusk), "#fffaf0", 0.07, light=(-2, -2), soft=2)
    for side in (-1, 1) if not side_on else (1,):
        lip = x + side * 14 * (not side_on)
        head.solid(ellipse(lip, 24, 22, 17), mix(look.body, look.marking, 0.7), 0.07, light=(-3, -4), soft=3)
        for dx, dy in ((-7, -2), (1, 2), (9, -2), (-3, 8), (6, 8)):
            head.fill(ellipse(lip + side * dx, 24 + dy, 1.8), shade(look.body, -0.25))
    faces.nose(head, look, y=11, w=9) if not side_on else head.fill(ellipse(52, 10, 8, 7), INK)
    if not side_on:
        faces.mouth(head, look, y=42, w=7)


def _spiral_horn(g: Group, look: Look) -> None:
    """A narwhal's, straight out of the brow."""
    x, lean = (22.0, 34.0) if look.view is View.SIDE else (look.shift * 0.5, 8.0)
    horn = g.solid(polygon([(x - 10, -40), (x + lean, -124), (x + 10, -38)]), "#f6ecd2", 0.08)
    for k in range(6):
        y = -48 - k * 12
        horn.stroke(Path().move(x - 20, y + 6).line(x + 50, y - 6), "#cdb890", 2.6, opacity=0.8)


def _scales(g: Group, look: Look, build: Build) -> None:
    for row in range(3):
        for k in range(-2 + row % 2, 3):
            x, y = (k * 18 - (row % 2) * 9) * build.girth, build.down(0.25 + 0.27 * row)
            if abs(x) < 32 * build.girth:
                g.stroke(Path().move(x - 8, y).quad(x, y + 10, x + 8, y), shade(look.body, -0.1), 2.4, opacity=0.7)


def _body(g: Group, look: Look, build: Build, *, scaled: bool) -> None:
    """Round above, narrow where the tail begins."""
    w, top = build.girth, build.down(0)
    half = [(20 * w, top - 8), (36 * w, build.down(0.4)), (33 * w, build.down(0.85)), (16 * w, -6)]
    trunk = g.solid(smooth([*half, *((-x, y) for x, y in reversed(half))]), look.body, 0.1, light=(-6, -7), soft=7)
    trunk.fill(ellipse(look.front * w, build.down(0.6), 24 * w, 40), look.marking)
    if scaled:
        _scales(trunk, look, build)
    if look.garment is not Garment.NONE:
        garments.trunk(g, look, build)


def _flukes(g: Group, look: Look, build: Build, *, upright: bool, fin: float) -> None:
    """The tail lies behind and turns up: two flukes side by side, a fish's one above the other. ``fin`` on the back."""
    tail, colour = g.group("tail"), shade(look.body, -0.05)
    w = build.girth
    stalk = [(-14 * w, -18), (20, -34), (56, -26), (78, -48), (88, -42), (74, -12), (40, 0), (-10 * w, -2)]
    tail.solid(smooth(stalk), colour, 0.09, light=(-4, -5), soft=5)
    flukes = [(80, -50), (62, -76), (70, -92), (86, -74), (108, -84), (112, -66), (94, -46)]
    if upright:
        flukes = [(78, -50), (70, -84), (92, -78), (108, -90), (114, -64), (124, -48), (102, -40), (88, -40)]
    tail.solid(smooth(flukes), mix(colour, look.accent, 0.55 if upright else 0.0), 0.08)
    if fin and look.view is not View.FRONT:
        y = build.down(0.35)
        tail.solid(
            smooth([(18, y - 24), (40 + fin, y - 34), (34 + fin * 0.5, y), (20, y + 18)], ease=1 / 8), colour, 0.08
        )


def _crest(g: Group, look: Look, build: Build, *, upright: bool, fin: float, above: float) -> None:
    """With a fin on top of the head, seen from the front."""
    _flukes(g, look, build, upright=upright, fin=fin)
    top = -(build.neck + 38 * build.head) - above
    x = 0.0 if look.view is View.FRONT else 14.0
    shape = [(x - 20, top + 40), (x - 4, top - 2), (x + 12, top - 16), (x + 8, top + 8), (x + 20, top + 40)]
    tint = mix(shade(look.body, -0.05), look.accent, 0.55 if upright else 0.0)
    g.solid(smooth(shape, ease=1 / 8), tint, 0.08)


def _swimmer(
    build: Build, half: tuple[Point, ...], behind: DrawBack, *, pale: float = 22, over: Extra | None = None,
    crown: DrawHead | None = None, snout: float = 0, scaled: bool = False, eye_y: float = -4,
    top: Extra | None = None,
) -> Kind:  # fmt: skip
    wide, low = max(x for x, _ in half), max(y for _, y in half)

    def head(g: Group, look: Look) -> None:
        if crown is not None:
            crown(g, look)
        _head(g, look, half=half, pale=pale, over=over, snout=snout, eye_y=eye_y)
        if top is not None:
            top(g, look)

    def fins(look: Look) -> Colour:
        return shade(mix(look.body, look.accent, 0.4 if scaled else 0.0), -0.06)

    return Kind(
        build, head, Rect(-wide, half[0][1], wide, low), -34, min(46.0, wide * 0.72), wide * 0.42, eye_y, fins,
        behind=behind, profile=head, profile_eye=wide * _EYE_BESIDE, legs=False, trunk=partial(_body, scaled=scaled),
        hands=fins, hand="fin",
    )  # fmt: skip


def mermaid_tail(g: Group, look: Look, build: Build) -> None:
    """From the waist down a tail in the outfit's colour; above it what the character wears."""
    w, waist = build.girth, build.down(0.85)
    fin = mix(look.accent, look.outfit, 0.35)
    g.solid(smooth([(30, -16), (50, -48), (72, -42), (90, -56), (88, -30), (96, -14), (70, -6), (44, 0)]), fin, 0.08)
    half = [(-32 * w, waist), (32 * w, waist), (34 * w, -30), (48, -22), (46, -4), (10, 0), (-22 * w, -14)]
    tail = g.solid(smooth(half), look.outfit, 0.1, light=(-5, -6), soft=6)
    for row in range(4):
        for k in range(-3, 4):
            x, y = k * 16 + (row % 2) * 8, waist + 12 + row * 11
            tail.stroke(Path().move(x - 8, y).quad(x, y + 9, x + 8, y), shade(look.outfit, -0.1), 2.2, opacity=0.8)
    garments.trunk(g, look, build)


WHALE = _swimmer(
    Build(hip=16, neck=62, girth=1.5, head=1.22, limb=1.1), _BROAD, partial(_flukes, upright=False, fin=0.0),
    pale=16, over=_grooves, crown=_spout, eye_y=0,
)  # fmt: skip
DOLPHIN = _swimmer(
    Build(hip=16, neck=84, girth=1.06, head=1.02), _DOME, partial(_flukes, upright=False, fin=16.0), snout=22
)
SHARK = _swimmer(
    Build(hip=16, neck=84, girth=1.18, head=1.06), _SLIM, partial(_crest, upright=False, fin=14.0, above=62),
    over=_gills, pale=14,
)  # fmt: skip
FISH = _swimmer(
    Build(hip=14, neck=66, girth=1.0, head=1.1, limb=0.9), _DOME, partial(_crest, upright=True, fin=10.0, above=56),
    pale=30, scaled=True,
)  # fmt: skip
SEAL = _swimmer(
    Build(hip=16, neck=84, girth=1.22, head=1.0, limb=1.1), _DOME, partial(_flukes, upright=False, fin=0.0),
    pale=60, over=_whiskered,
)  # fmt: skip
WALRUS = _swimmer(
    Build(hip=16, neck=88, girth=1.5, head=1.08, limb=1.2), _BROAD, partial(_flukes, upright=False, fin=0.0),
    pale=70, eye_y=-12, top=_tusked,
)  # fmt: skip
NARWHAL = _swimmer(
    Build(hip=16, neck=64, girth=1.36, head=1.12, limb=1.1), _BROAD, partial(_flukes, upright=False, fin=0.0),
    pale=22, crown=_spiral_horn, eye_y=0,
)  # fmt: skip
