"""Children, grown-ups and grandparents."""

from overprint.core.scene import Accessory, Expression, Hair, Species
from overprint.craft.drawing.colour import Colour, lightness, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.hair import hair_behind, hair_in_profile, hair_on_top
from overprint.craft.drawing.figures.kind import DrawBack, Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.figures.sea import mermaid_tail
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, at, ellipse, smooth

_ROUND = [(0, -44), (34, -32), (46, -4), (43, 20), (26, 39), (0, 44)]
_LONG = [(0, -44), (34, -33), (44, -6), (41, 20), (27, 42), (0, 50)]
_SQUARE = [(0, -44), (35, -33), (45, -6), (43, 22), (32, 43), (0, 50)]


_JAWS = {
    Species.CHILD: _ROUND,
    Species.MERMAID: _ROUND,
    Species.WOMAN: _LONG,
    Species.MAN: _SQUARE,
    Species.GRANDMOTHER: _LONG,
    Species.GRANDFATHER: _SQUARE,
}
_MEN = (Species.MAN, Species.GRANDFATHER)
_OLD = (Species.GRANDMOTHER, Species.GRANDFATHER)
_WOMEN = (Species.WOMAN, Species.GRANDMOTHER, Species.MERMAID)
_YOUNG = (Species.CHILD, Species.MERMAID)


def _head(g: Group, look: Look) -> None:
    lk, skin = look.shift, look.body
    for side in (-1, 1):
        ear = ellipse(side * 45 - lk * 0.4, 6, 8.5, 10)
        g.solid(ear, shade(skin, -0.03), 0.06, light=(-2, -2), soft=2)
    half = _JAWS[look.species]
    outline = [*half, *((-x, y) for x, y in half[-2:0:-1])]
    face = g.solid(smooth(outline), skin, 0.06, light=(-4, -6), soft=7)
    faces.cheeks(face, look, gap=28, y=20, strength=0.6 if look.species not in _MEN else 0.35)
    _features(g, look)
    hair_on_top(g, look)


def _features(g: Group, look: Look) -> None:
    lk, skin = look.shift, look.body
    grown = look.species not in _YOUNG
    r = 6.6 if not grown else 5.6
    y = 5 if not grown else 2
    faces.eyes(g, look, gap=18, y=y, r=r, skin=skin, lashes=look.species in _WOMEN and not look.asleep)
    brow = shade(look.hair_colour, -0.03) if lightness(look.hair_colour) < 0.8 else "#9a8a7c"
    faces.brows(g, look, gap=18, y=y - 15, colour=brow, width=4.0 if look.species in _MEN else 2.8)
    tip = 18 if not grown else 20
    g.stroke(
        Path().move(lk * 1.25 - 4, tip - 2).quad(lk * 1.25, tip + 3, lk * 1.25 + 4, tip - 2), shade(skin, -0.15), 2.7
    )
    faces.mouth(g, look, y=27 if not grown else 31, w=9)
    faces.tear(g, look, x=-19, y=19)
    if look.species in _OLD:
        _wrinkles(g, look)
    if look.species is Species.GRANDFATHER:
        _beard(g, look)
    elif look.species is Species.MAN and look.hair is not Hair.LONG and look.expression is not Expression.SURPRISED:
        _moustache(g, look, brow)


def _wrinkles(g: Group, look: Look) -> None:
    line = shade(look.body, -0.12)
    for side, x in look.sides(18):
        g.stroke(Path().move(x - 6, 14).quad(x, 18, x + 6, 14), line, 1.8, opacity=0.7)
        g.stroke(
            Path().move(x + side * 11, 1).line(x + side * 16, -2).move(x + side * 11, 4).line(x + side * 16, 6),
            line,
            1.6,
        )


def _beard(g: Group, look: Look) -> None:
    x, white = look.shift, mix(look.hair_colour, "#f4f0ea", 0.5)
    half = [(8, 27), (22, 24), (40, 4), (43, 26), (32, 54), (14, 68)]
    outline = [(x * 0.7, 29), *((x * 0.7 + dx, y) for dx, y in half), (x * 0.7, 72)]
    g.solid(smooth([*outline, *((x * 0.7 - dx, y) for dx, y in reversed(half))]), white, 0.07)
    faces.mouth(g, look, y=38, w=8)
    _moustache(g, look, shade(white, 0.03))


def _profile(g: Group, look: Look) -> None:
    """A face that looks right, with a small nose."""
    skin = look.body
    deep = 44.0 if look.species in _YOUNG else 49.0
    outline = [(-46, -4), (-34, -34), (0, -45), (30, -36), (43, -10), (44, 4), (52, 14), (44, 20), (42, 32), (28, deep)]
    face = g.solid(smooth([*outline, (0, deep), (-32, 34)], ease=1 / 6.5), skin, 0.06, light=(-4, -6), soft=7)
    faces.cheeks(face, look, gap=20, y=21, strength=0.55)
    brow = shade(look.hair_colour, -0.03) if lightness(look.hair_colour) < 0.8 else "#9a8a7c"
    lashes = look.species in _WOMEN and not look.asleep
    faces.eyes(g, look, gap=26, y=4, r=6.4 if look.species in _YOUNG else 5.5, skin=skin, lashes=lashes)
    faces.brows(g, look, gap=26, y=-11, colour=brow, width=4.0 if look.species in _MEN else 2.8)
    faces.tear(g, look, x=24, y=19)
    if look.species is Species.GRANDFATHER:
        white = mix(look.hair_colour, "#f4f0ea", 0.5)
        beard = [(46, 26), (30, 25), (4, 2), (-6, 26), (8, 54), (30, 68), (46, 58), (50, 40)]
        g.solid(smooth(beard), white, 0.07)
    faces.mouth(g.group(matrix=at(33, 30)), look, y=0, w=7)
    if look.species is Species.MAN and look.hair is not Hair.LONG:
        g.fill(smooth([(47, 22), (34, 23), (24, 32), (38, 31), (48, 28)]), brow)
    hair_in_profile(g, look)
    if Accessory.HIJAB not in look.worn:
        g.solid(ellipse(-5, 8, 9, 11), shade(skin, -0.03), 0.06, light=(-2, -2), soft=2)


def _moustache(g: Group, look: Look, colour: Colour) -> None:
    x = look.shift * 1.2
    half = [(0, 24), (8, 23), (18, 28), (22, 34), (12, 32), (3, 30)]
    outline = [(x + dx, y) for dx, y in half] + [(x - dx, y) for dx, y in half[:0:-1]]
    g.fill(smooth(outline), colour)


def _shoes(look: Look) -> Colour:
    return shade(mix(look.accent, "#5a3a2c", 0.35), -0.02)


_FACE = Rect(-46, -46, 46, 48)


def _person(build: Build, trunk: DrawBack | None = None) -> Kind:
    return Kind(build, _head, _FACE, hat_y=-32, hat_half=48, eye_gap=18, eye_y=4, socks=_shoes,
                hair_behind=hair_behind, profile=_profile, profile_eye=26, legs=trunk is None, trunk=trunk)  # fmt: skip


CHILD = _person(Build())
MERMAID = _person(Build(hip=50, neck=112), mermaid_tail)
WOMAN = _person(Build(hip=72, neck=148, girth=1.02, head=0.86, limb=0.95))
MAN = _person(Build(hip=72, neck=150, girth=1.2, head=0.86, limb=1.08))
GRANDMOTHER = _person(Build(hip=60, neck=130, girth=1.1, head=0.88, limb=0.95))
GRANDFATHER = _person(Build(hip=64, neck=136, girth=1.16, head=0.88, limb=1.0))
