"""Birds that nobody takes for another: parrot, peacock, swan, flamingo."""

from overprint.core.scene import Expression, View
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces, garments
from overprint.craft.drawing.figures.kind import DrawBack, DrawHead, Kind
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, at, ellipse, smooth

_ORANGE = "#f0923a"
_OPEN = (Expression.JOY, Expression.SURPRISED)


def _skull(g: Group, look: Look) -> Group:
    return g.solid(ellipse(0, 0, 46, 44), look.body, 0.08, soft=7)


def _face(g: Group, head: Group, look: Look) -> None:
    """Cheeks, eyes and brows; a beak says the rest."""
    gap = 24 if look.view is View.SIDE else 21
    faces.cheeks(head, look, gap=16 if look.view is View.SIDE else 34, y=20, strength=0.5)
    faces.eyes(g, look, gap=gap, y=-4, r=6.8, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=gap, y=-21, colour=shade(look.body, -0.2))
    faces.tear(g, look, x=-gap if look.view is not View.SIDE else 22, y=11)


def _gape(look: Look) -> float:
    return 8.0 if look.expression in _OPEN and not look.asleep else 0.0


def _parrot(g: Group, look: Look) -> None:
    """A pale mask round the eyes and a great hooked bill."""
    side_on, gape = look.view is View.SIDE, _gape(look)
    x = 2.0 if side_on else look.shift * 0.4
    for turn, long in ((-24, 40.0), (0, 48.0), (22, 40.0)):
        crest = [(-7.0, 8.0), (-6.0, -long * 0.6), (0.0, -long), (7.0, -long * 0.6), (7.0, 8.0)]
        g.group(matrix=at(x, -36, turn=turn)).solid(smooth(crest), look.accent, 0.08)
    head = _skull(g, look)
    for _, eye in look.sides(24 if side_on else 21):
        head.fill(ellipse(eye, 0, 18, 19), mix(look.marking, "#ffffff", 0.6))
    _face(g, head, look)
    if side_on:
        g.fill(smooth([(38, 22), (50, 22 + gape), (46, 34 + gape), (34, 30)]), shade(INK, 0.12))
        hook = [(34, -6), (54, -8), (70, 8), (68, 34), (60, 26), (38, 22)]
        g.solid(smooth(hook, ease=1 / 7), mix(_ORANGE, "#fff3d8", 0.25), 0.1, light=(-2, -3), soft=2)
        return
    beak = look.shift * 1.35
    g.fill(ellipse(beak, 31 + gape, 9, 8), shade(INK, 0.12))
    bill = [(beak - 14, 8), (beak, -1), (beak + 14, 8), (beak + 11, 24), (beak, 40), (beak - 11, 24)]
    g.solid(smooth(bill), mix(_ORANGE, "#fff3d8", 0.25), 0.1, light=(-3, -4), soft=2)
    for side in (-1, 1):
        g.fill(ellipse(beak + side * 5, 7, 1.8, 2.4), INK, opacity=0.5)


def _train(g: Group, look: Look, build: Build) -> None:
    """A parrot's long tail, in all its colours."""
    for turn, colour in ((30, look.outfit), (18, look.accent), (6, look.body)):
        blade = [(-8, 0), (-11, 40), (-4, 84), (4, 84), (11, 40), (8, 0)]
        place = at(16, -46, turn=-58 + turn)
        g.group("tail", matrix=place).solid(smooth(blade), shade(colour, -0.03), 0.09, light=(-2, -3), soft=3)


def _peacock(g: Group, look: Look) -> None:
    side_on, gape = look.view is View.SIDE, _gape(look)
    x = -2.0 if side_on else look.shift * 0.4
    for turn in (-28, -10, 10, 28):
        sprig = g.group(matrix=at(x, -36, turn=turn))
        sprig.stroke(Path().move(0, 4).line(0, -28), shade(look.body, -0.1), 2.6)
        sprig.fill(ellipse(0, -32, 5.5), look.accent)
    head = _skull(g, look)
    for _, eye in look.sides(24 if side_on else 21):
        head.fill(ellipse(eye, -3, 15, 11), mix(look.marking, "#ffffff", 0.5))
    _face(g, head, look)
    _small_bill(g, look, gape)


def _small_bill(g: Group, look: Look, gape: float) -> None:
    if look.view is View.SIDE:
        g.fill(smooth([(38, 16), (58, 20 + gape), (38, 26 + gape)]), shade(_ORANGE, -0.12))
        g.solid(smooth([(38, 2), (54, 10), (66, 17), (38, 21)]), _ORANGE, 0.09, light=(-2, -2), soft=2)
        return
    x = look.shift * 1.35
    g.fill(smooth([(x - 8, 18), (x + 8, 18), (x, 27 + gape)]), shade(_ORANGE, -0.15))
    g.solid(smooth([(x - 11, 15), (x, 6), (x + 11, 15), (x, 25)]), _ORANGE, 0.09, light=(-2, -3), soft=2)


def _fan(g: Group, look: Look, build: Build) -> None:
    """A wheel of feathers, each with its eye."""
    wheel, green = g.group("tail"), mix(look.body, "#3f9a6a", 0.6)
    middle = -62.0
    for reach, size, count in ((150, 17, 11), (108, 14, 9)):
        for k in range(count):
            turn = -82 + 164 * k / (count - 1)
            feather = wheel.group(matrix=at(0, middle, turn=turn))
            tone = shade(green, -0.05 if reach > 120 else 0.04)
            blade = [(-7, 0), (-size, -reach * 0.72), (0, -reach - 8), (size, -reach * 0.72), (7, 0)]
            feather.solid(smooth(blade), tone, 0.08, light=(-2, -3), soft=3)
            feather.fill(ellipse(0, -reach * 0.84, size * 0.62, size * 0.8), look.accent)
            feather.fill(ellipse(0, -reach * 0.82, size * 0.36, size * 0.46), look.body)


def _curved_neck(g: Group, look: Look, build: Build) -> None:
    """Slender, from the breast up to a small head."""
    w, top = build.girth, build.down(0) - build.nape - 6
    ahead = {View.FRONT: 0.0, View.THREE_QUARTER: 4.0, View.SIDE: 8.0}[look.view]
    neck = [(-11 + ahead, top), (11 + ahead, top), (13 + ahead, build.down(-0.3)), (22 * w, build.down(0.25))]
    neck += [(-22 * w, build.down(0.25)), (-13 + ahead, build.down(-0.3))]
    g.solid(smooth(neck), look.body, 0.09, light=(-4, -4), soft=4)
    garments.trunk(g, look, build)


def _swan(g: Group, look: Look) -> None:
    head, gape = _skull(g, look), _gape(look)
    _face(g, head, look)
    if look.view is View.SIDE:
        g.fill(smooth([(36, 18), (74, 24 + gape), (36, 30 + gape)]), shade(_ORANGE, -0.12))
        g.solid(smooth([(34, -2), (58, 8), (86, 20), (80, 27), (36, 24)]), _ORANGE, 0.09, light=(-2, -3), soft=2)
        g.fill(smooth([(22, -4), (40, -8), (50, 6), (38, 14)]), INK)
        return
    x = look.shift * 1.35
    g.fill(ellipse(x, 31 + gape * 0.7, 12, 7), shade(_ORANGE, -0.15))
    bill = [(x - 12, 12), (x, 4), (x + 12, 12), (x + 18, 28), (x, 35), (x - 18, 28)]
    g.solid(smooth(bill), _ORANGE, 0.09, light=(-3, -3), soft=2)
    g.fill(smooth([(x - 12, 12), (x, -3), (x + 12, 12), (x, 17)]), INK)


def _flamingo(g: Group, look: Look) -> None:
    """The bill bends down in the middle, to a black tip."""
    head, gape, pale = _skull(g, look), _gape(look), mix(look.marking, "#fff6ea", 0.5)
    _face(g, head, look)
    if look.view is View.SIDE:
        g.fill(smooth([(38, 20), (58, 26 + gape), (60, 44 + gape), (40, 30)]), shade(pale, -0.1))
        g.solid(smooth([(36, -2), (62, 4), (78, 22), (72, 54), (62, 52), (56, 28), (38, 24)]), pale, 0.08, soft=2)
        g.fill(smooth([(77, 28), (72, 54), (62, 52), (61, 36)]), INK)
        return
    x = look.shift * 1.35
    bill = [(x - 13, 10), (x, 2), (x + 13, 10), (x + 11, 32), (x + 5, 52), (x - 5, 52), (x - 11, 32)]
    g.solid(smooth(bill), pale, 0.08, light=(-3, -3), soft=2)
    g.fill(smooth([(x - 10, 35), (x, 31), (x + 10, 35), (x + 5, 53), (x - 5, 53)]), INK)
    if gape:
        g.fill(ellipse(x, 29, 5, 3), "#8c2f39")


def _bustle(g: Group, look: Look, build: Build) -> None:
    feathers = [(14, -84), (48, -94), (84, -118), (80, -92), (100, -88), (80, -66), (90, -52), (54, -44), (18, -40)]
    g.group("tail").solid(smooth(feathers), shade(look.body, -0.05), 0.09, light=(-4, -5), soft=5)


def _feathered(
    head: DrawHead, build: Build, behind: DrawBack, *, feet: Colour, trunk: DrawBack | None = None, spread: float = 0.0
) -> Kind:
    return Kind(
        build, head, Rect(-46, -44, 46, 44), -32, 38, 21, -4, lambda look: mix(feet, look.body, 0.08), behind=behind,
        profile=head, profile_eye=24, hand="wing", hands=lambda look: shade(look.body, -0.06), trunk=trunk,
        spread=spread,
    )  # fmt: skip


PARROT = _feathered(_parrot, Build(hip=30, neck=90, girth=1.1, head=1.02, limb=1.0), _train, feet="#6a6570")
PEACOCK = _feathered(_peacock, Build(hip=34, neck=94, girth=1.02, head=0.92), _fan, feet="#8a7a5a", spread=120)
SWAN = _feathered(
    _swan,
    Build(hip=28, neck=84, girth=1.24, head=0.82, nape=44, limb=1.15),
    _bustle,
    feet="#4a4650",
    trunk=_curved_neck,
)
FLAMINGO = _feathered(
    _flamingo, Build(hip=70, neck=112, girth=1.0, head=0.8, nape=40, limb=0.62), _bustle, feet="#e58a94",
    trunk=_curved_neck,
)  # fmt: skip
