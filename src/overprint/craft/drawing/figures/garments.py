"""What is worn on the trunk, over the shared build."""

from overprint.core.scene import Garment
from overprint.craft.drawing.colour import Colour, lightness, mix, shade
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, box, ellipse, smooth

_TROUSERS = "#46507e"


def sleeve_colour(look: Look) -> Colour:
    if look.garment in (Garment.COAT, Garment.STRIPES, Garment.DRESS):
        return look.outfit
    if look.is_person:
        return _shirt(look)
    return look.body


def leg_colour(look: Look) -> Colour:
    if look.garment is Garment.DUNGAREES:
        return shade(look.outfit, -0.03)
    if look.garment is Garment.DRESS and look.is_person:
        return mix(look.body, look.accent, 0.25)
    return mix(_TROUSERS, look.outfit, 0.22) if look.is_person else shade(look.body, -0.04)


def _shirt(look: Look) -> Colour:
    """What people wear under a vest or dungarees; with no garment named, a plain shirt in the outfit's colour."""
    return look.outfit if look.garment is Garment.NONE else mix(look.accent, "#fff8ea", 0.62)


def trunk(g: Group, look: Look, build: Build) -> None:
    if look.is_person:
        _dressed(g, look, build)
    else:
        _furred(g, look, build)


def _furred(g: Group, look: Look, build: Build) -> None:
    body = g.solid(_pear(build), look.body, 0.1)
    w, top, low = build.girth, build.down(0), build.down(1)
    middle = look.front * w
    belly = [
        (-14 * w, top - 4),
        (14 * w, top - 4),
        (24 * w, build.down(0.5)),
        (24 * w, build.down(0.95)),
        (0, low + 12),
    ]
    patch = smooth([*belly, (-24 * w, build.down(0.95)), (-24 * w, build.down(0.5))])
    body.fill(patch.moved(middle, 0), look.marking)
    if look.garment in (Garment.COAT, Garment.STRIPES, Garment.DRESS):
        _dressed(g, look, build)
    elif look.garment is Garment.VEST:
        _vest(g, look, build)
    elif look.garment is Garment.DUNGAREES:
        _bib(g, look, build)


def _dressed(g: Group, look: Look, build: Build) -> None:
    plain = look.garment in (Garment.NONE, Garment.VEST, Garment.DUNGAREES)
    flare = {Garment.DRESS: 1.25, Garment.COAT: 1.12}.get(look.garment, 0.92)
    colour = _shirt(look) if plain else look.outfit
    cloth = g.solid(
        _cut(build, flare, 1.24 if look.garment is Garment.DRESS else 1.08), colour, 0.1, light=(-6, -7), soft=6
    )
    hem = build.down(1.02)
    if look.garment is Garment.COAT:
        _coat(cloth, look, build)
    elif look.garment is Garment.STRIPES:
        stripe = mix(look.accent, "#fff6e6", 0.55) if _close(look.accent, look.outfit) else look.accent
        for i in range(6):
            y = build.down(0.16 + 0.19 * i)
            cloth.stroke(Path().move(-60, y).quad(0, y + 6, 60, y), stripe, 6)
    elif look.garment is Garment.DRESS:
        _dots(cloth, look, build)
    if look.garment is Garment.VEST:
        _vest(g, look, build)
    elif look.garment is Garment.DUNGAREES:
        _bib(g, look, build)
    else:
        cloth.stroke(Path().move(-60, hem - 5).quad(0, hem + 6, 60, hem - 5), shade(colour, -0.1), 3.5, opacity=0.6)


def _cut(build: Build, flare: float, length: float) -> Path:
    w, top, low = build.girth, build.down(0), build.down(length)
    mid = build.down(0.53)
    path = Path().move(-18 * w, top - 4).cubic(-34 * w, top, -38 * w, top + 10, -42 * w, mid)
    path.line(-42 * w * flare, low).cubic(-26 * w, low + 10, 26 * w, low + 10, 42 * w * flare, low).line(42 * w, mid)
    return path.cubic(38 * w, top + 10, 34 * w, top, 18 * w, top - 4).close()


def _pear(build: Build) -> Path:
    w, top = build.girth, build.down(0)
    half = [(18 * w, top - 6), (31 * w, build.down(0.38)), (37 * w, build.down(0.86)), (25 * w, build.down(1.2))]
    return smooth([*half, *((-x, y) for x, y in reversed(half))])


def _coat(cloth: Group, look: Look, build: Build) -> None:
    dark, cloth = shade(look.outfit, -0.11), cloth.group(matrix=(1, 0, 0, 1, look.front * build.girth, 0))
    cloth.stroke(Path().move(0, build.down(-0.05)).line(0, build.down(1.3)), dark, 2.2)
    button = mix(look.accent, "#fff3d0", 0.35)
    for i in range(3):
        cloth.fill(ellipse(8, build.down(0.28 + 0.27 * i), 4.2), button)
    for side in (-1, 1):
        y = build.down(0.64)
        cloth.fill(box(side * 26 - 12, y, 24, 20, 6), shade(look.outfit, -0.05))
        cloth.fill(box(side * 26 - 13, y - 2, 26, 7, 3.5), dark)
        collar = [
            (0, build.down(-0.06)),
            (side * 20, build.down(-0.1)),
            (side * 24, build.down(0.1)),
            (side * 8, build.down(0.16)),
        ]
        cloth.fill(smooth(collar, ease=1 / 10), shade(look.outfit, 0.045))


def _dots(cloth: Group, look: Look, build: Build) -> None:
    dots = Path()
    for row in range(6):
        for column in range(-4, 5):
            dots.join(ellipse(column * 13 + (row % 2) * 6.5, build.down(0.22 + 0.18 * row), 2.6))
    tint = mix(look.accent, "#ffffff", 0.7) if _close(look.accent, look.outfit) else mix(look.accent, "#ffffff", 0.25)
    cloth.fill(dots, tint, opacity=0.9)
    y = build.down(0.62)
    cloth.stroke(Path().move(-50, y).quad(0, y + 7, 50, y), look.accent, 6)
    front = cloth.group(matrix=(1, 0, 0, 1, look.front * build.girth, 0))
    for side in (-1, 1):
        collar = [
            (0, build.down(-0.04)),
            (side * 20, build.down(-0.08)),
            (side * 22, build.down(0.12)),
            (side * 6, build.down(0.16)),
        ]
        front.fill(smooth(collar), "#fff8ee")


def _vest(g: Group, look: Look, build: Build) -> None:
    w = build.girth
    g = g.group(matrix=(1, 0, 0, 1, look.front * w * 0.4, 0))
    for side in (-1, 1):
        half = [(7, -0.07), (22, -0.03), (35, 0.42), (40, 0.92), (29, 1.12), (14, 1.02), (12, 0.44)]
        cloth = g.solid(smooth([(side * x * w, build.down(v)) for x, v in half]), look.outfit, 0.08)
        cloth.stroke(
            Path().move(side * 9 * w, build.down(0)).line(side * 14 * w, build.down(1.1)), shade(look.outfit, -0.1), 2
        )
        g.fill(ellipse(side * 16 * w, build.down(0.62), 3), mix(look.accent, "#ffe9a8", 0.3))


def _bib(g: Group, look: Look, build: Build) -> None:
    w = build.girth
    low = [(-38, 0.72), (0, 0.68), (38, 0.72), (39, 1.12), (20, 1.26), (0, 1.2), (-20, 1.26), (-39, 1.12)]
    g.solid(smooth([(x * w, build.down(v)) for x, v in low], ease=1 / 8), look.outfit, 0.09)
    top = build.down(0.3)
    g = g.group(matrix=(1, 0, 0, 1, look.front * w * 0.4, 0))
    bib = g.solid(box(-21 * w, top, 42 * w, build.down(0.86) - top, 6), look.outfit, 0.08)
    bib.fill(box(-11, build.down(0.5), 22, 14, 4), shade(look.outfit, -0.06))
    for side in (-1, 1):
        g.stroke(Path().move(side * 16 * w, top + 5).line(side * 23 * w, build.down(-0.04)), look.outfit, 8)
        g.fill(ellipse(side * 16 * w, top + 6, 3.6), mix(look.accent, "#ffe9a8", 0.4))


def _close(one: Colour, two: Colour) -> bool:
    return abs(lightness(one) - lightness(two)) < 0.12
