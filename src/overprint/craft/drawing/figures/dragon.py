"""A small friendly dragon."""

from functools import partial

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.profile import Profile, draw_profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, Rect, at, ellipse, polygon, smooth

_HEAD: list[Point] = [(0, -46), (34, -40), (50, -14), (48, 8), (56, 24), (44, 42), (20, 49), (0, 50)]


def _head(g: Group, look: Look) -> None:
    lk = look.shift
    spikes = mix(look.accent, look.body, 0.1)
    for side in (-1, 1):
        horn = [(side * 20, -38), (side * 26, -64), (side * 42, -82), (side * 44, -62), (side * 40, -32)]
        g.solid(smooth(horn, ease=1 / 8), mix(look.marking, "#f3e2b8", 0.5), 0.09)
        frill = [
            (side * 44, -8),
            (side * 74, -26),
            (side * 70, -6),
            (side * 80, 8),
            (side * 62, 12),
            (side * 66, 26),
            (side * 46, 18),
        ]
        g.solid(smooth(frill, ease=1 / 10), spikes, 0.08)
    for x, h in ((-13, 13), (0, 19), (13, 13)):
        g.fill(polygon([(x - 9 + lk * 0.3, -40), (x + lk * 0.4, -44 - h), (x + 9 + lk * 0.3, -40)]), spikes)
    outline = [*_HEAD, *((-x, y) for x, y in _HEAD[-2:0:-1])]
    head = g.solid(smooth(outline), look.body, 0.09, soft=7)
    head.fill(ellipse(lk * 1.1, 34, 36, 21), mix(look.body, look.marking, 0.42))
    faces.cheeks(head, look, gap=40, y=22, strength=0.45)
    faces.eyes(g, look, gap=22, y=-3, r=7.4, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=22, y=-21, colour=shade(look.body, -0.2))
    for side in (-1, 1):
        g.fill(ellipse(lk * 1.2 + side * 10, 23, 3.4, 2.6, side * 20), shade(look.body, -0.28))
    faces.mouth(g, look, y=33, w=12)
    faces.tear(g, look, x=-22, y=11)


def _crest(g: Group, look: Look) -> None:
    """What a dragon wears in profile: horn, spikes down the neck, a frill and a nostril."""
    spikes = mix(look.accent, look.body, 0.1)
    for x, y, turn in ((10, -46, 10), (-16, -48, -14), (-38, -32, -48), (-48, -6, -80)):
        g.group(matrix=at(x, y, turn=turn)).fill(polygon([(-9, 4), (0, -20), (9, 4)]), spikes)
    g.solid(
        smooth([(4, -38), (-4, -64), (-20, -78), (-18, -58), (-14, -34)], ease=1 / 8),
        mix(look.marking, "#f3e2b8", 0.5),
        0.09,
    )
    frill = [(-8, -4), (-34, -18), (-30, -2), (-40, 12), (-24, 16), (-26, 30), (-6, 22)]
    g.solid(smooth(frill, ease=1 / 10), spikes, 0.08)
    g.fill(ellipse(56, 12, 3.4, 2.6, -20), shade(look.body, -0.28))


def _wings_and_tail(g: Group, look: Look, build: Build) -> None:
    skin = mix(look.accent, look.body, 0.25)
    for side in (-1, 1):
        wing = [
            (side * 18, -92),
            (side * 52, -138),
            (side * 96, -150),
            (side * 92, -122),
            (side * 104, -100),
            (side * 82, -92),
        ]
        wing += [(side * 84, -70), (side * 60, -74), (side * 24, -60)]
        web = g.group("wing").solid(smooth(wing, ease=1 / 10), skin, 0.09, soft=6)
        for x, y in ((92, -122), (82, -92)):
            web.stroke(
                Path().move(side * 20, -86).quad(side * 56, -114, side * x, y), shade(skin, -0.1), 3, opacity=0.7
            )
    outline = [
        (6, -44),
        (40, -30),
        (72, -28),
        (92, -50),
        (100, -78),
        (108, -76),
        (106, -42),
        (84, -10),
        (44, -6),
        (8, -16),
    ]
    tail = g.group("tail")
    tail.solid(smooth(outline), look.body, 0.1, light=(-4, -5), soft=5)
    tail.solid(smooth([(90, -76), (104, -106), (120, -72), (104, -80)], ease=1 / 9), look.accent, 0.08)


def _claws(look: Look) -> Colour:
    return shade(look.body, -0.07)


DRAGON = Kind(
    Build(hip=44, neck=106, girth=1.15, head=1.02, limb=1.1),
    _head,
    Rect(-54, -46, 54, 50),
    -34,
    30,
    22,
    -3,
    _claws,
    behind=_wings_and_tail,
    profile=partial(
        draw_profile, shape=Profile(snout=24, thick=23, drop=18, pale=0.42, ear="none", nose=0, over=_crest)
    ),
)
