"""Children, women and men."""

from overprint.core.scene import Expression, Species
from overprint.craft.drawing.colour import Colour, lightness, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.hair import hair_behind, hair_on_top
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Rect, ellipse, smooth

_ROUND = [(0, -44), (34, -32), (46, -4), (43, 20), (26, 39), (0, 44)]
_LONG = [(0, -44), (34, -33), (44, -6), (41, 20), (27, 42), (0, 50)]
_SQUARE = [(0, -44), (35, -33), (45, -6), (43, 22), (32, 43), (0, 50)]


def _head(g: Group, look: Look) -> None:
    lk, skin = look.shift, look.body
    for side in (-1, 1):
        ear = ellipse(side * 45 - lk * 0.4, 6, 8.5, 10)
        g.solid(ear, shade(skin, -0.03), 0.06, light=(-2, -2), soft=2)
    half = {Species.CHILD: _ROUND, Species.WOMAN: _LONG, Species.MAN: _SQUARE}[look.species]
    outline = [*half, *((-x, y) for x, y in half[-2:0:-1])]
    face = g.solid(smooth(outline), skin, 0.06, light=(-4, -6), soft=7)
    faces.cheeks(face, look, gap=28, y=20, strength=0.6 if look.species is not Species.MAN else 0.35)
    _features(g, look)
    hair_on_top(g, look)


def _features(g: Group, look: Look) -> None:
    lk, skin = look.shift, look.body
    grown = look.species is not Species.CHILD
    r = 6.6 if not grown else 5.6
    y = 5 if not grown else 2
    faces.eyes(g, look, gap=18, y=y, r=r, skin=skin, lashes=look.species is Species.WOMAN and not look.asleep)
    brow = shade(look.hair_colour, -0.03) if lightness(look.hair_colour) < 0.8 else "#9a8a7c"
    faces.brows(g, look, gap=18, y=y - 15, colour=brow, width=4.0 if look.species is Species.MAN else 2.8)
    tip = 18 if not grown else 20
    g.stroke(
        Path().move(lk * 1.25 - 4, tip - 2).quad(lk * 1.25, tip + 3, lk * 1.25 + 4, tip - 2), shade(skin, -0.15), 2.7
    )
    faces.mouth(g, look, y=27 if not grown else 31, w=9)
    faces.tear(g, look, x=-19, y=19)
    if look.species is Species.MAN and look.expression is not Expression.SURPRISED:
        _moustache(g, look, brow)


def _moustache(g: Group, look: Look, colour: Colour) -> None:
    x = look.shift * 1.2
    half = [(0, 24), (8, 23), (18, 28), (22, 34), (12, 32), (3, 30)]
    outline = [(x + dx, y) for dx, y in half] + [(x - dx, y) for dx, y in half[:0:-1]]
    g.fill(smooth(outline), colour)


def _shoes(look: Look) -> Colour:
    return shade(mix(look.accent, "#5a3a2c", 0.35), -0.02)


_FACE = Rect(-46, -46, 46, 48)


def _person(build: Build) -> Kind:
    return Kind(build, _head, _FACE, hat_y=-32, hat_half=48, eye_gap=18, eye_y=4, socks=_shoes, hair_behind=hair_behind)


CHILD = _person(Build())
WOMAN = _person(Build(hip=72, neck=148, girth=1.02, head=0.86, limb=0.95))
MAN = _person(Build(hip=72, neck=150, girth=1.2, head=0.86, limb=1.08))
