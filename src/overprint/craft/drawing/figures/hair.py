"""Hair of people, in two parts: what hangs behind the body and what lies on the head."""

import math

from overprint.core.scene import Accessory, Hair, View
from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, ellipse, smooth

_FRINGE: dict[Hair, list[Point]] = {
    Hair.SHORT: [
        (-48, -2),
        (-51, -32),
        (-24, -57),
        (8, -61),
        (38, -49),
        (51, -20),
        (47, -2),
        (41, -18),
        (24, -25),
        (4, -16),
        (-14, -28),
        (-34, -22),
        (-42, -16),
    ],
    Hair.LONG: [
        (-50, 8),
        (-51, -26),
        (-28, -54),
        (2, -59),
        (32, -52),
        (51, -24),
        (50, 8),
        (43, -12),
        (32, -20),
        (4, -28),
        (-22, -18),
        (-42, -12),
    ],
    Hair.BUN: [
        (-48, 0),
        (-50, -28),
        (-26, -54),
        (0, -58),
        (26, -54),
        (50, -28),
        (48, 0),
        (42, -16),
        (22, -30),
        (0, -33),
        (-22, -30),
        (-42, -16),
    ],
    Hair.BRAIDS: [
        (-49, 4),
        (-51, -28),
        (-26, -55),
        (0, -60),
        (26, -55),
        (51, -28),
        (49, 4),
        (42, -16),
        (20, -27),
        (0, -34),
        (-20, -27),
        (-42, -16),
    ],
}


_CUTS = {Hair.BOB: Hair.LONG, Hair.PONYTAIL: Hair.BUN}


def hair_behind(g: Group, look: Look) -> None:
    if Accessory.HIJAB in look.worn:
        return
    colour = shade(look.hair_colour, -0.05)
    if look.view is View.SIDE:
        _behind_in_profile(g, look, colour)
        return
    if look.hair is not Hair.NONE:
        g.fill(ellipse(0, -14, 49, 43), colour)  # what a turned face leaves uncovered
    if look.hair is Hair.BOB:
        bob = [
            (-50, -10),
            (-36, -48),
            (0, -58),
            (36, -48),
            (50, -10),
            (55, 26),
            (44, 46),
            (0, 48),
            (-44, 46),
            (-55, 26),
        ]
        g.solid(smooth(bob), colour, 0.08)
    elif look.hair is Hair.PONYTAIL:
        tail = [(28, -50), (58, -52), (74, -22), (72, 14), (62, 34), (58, 6), (48, -18)]
        g.solid(smooth([(-x, y) for x, y in tail] if look.view is not View.FRONT else tail), colour, 0.08)
    elif look.hair is Hair.LONG:
        mane = [
            (-47, -12),
            (-36, -48),
            (0, -58),
            (36, -48),
            (47, -12),
            (57, 30),
            (54, 76),
            (30, 84),
            (0, 78),
            (-30, 84),
        ]
        g.solid(smooth([*mane, (-54, 76), (-57, 30)]), colour, 0.08)
    elif look.hair is Hair.CURLY:
        for i in range(15):
            angle = math.radians(150 + i * 240 / 14)
            g.fill(ellipse(47 * math.cos(angle), -6 + 45 * math.sin(angle), 19), colour)
    elif look.hair is Hair.BUN:
        g.solid(ellipse(0, -64, 22, 20), look.hair_colour, 0.08)
        g.stroke(Path().move(-12, -68).quad(0, -80, 12, -70), shade(look.hair_colour, 0.1), 3, opacity=0.6)


def hair_on_top(g: Group, look: Look) -> None:
    if look.hair is Hair.NONE or Accessory.HIJAB in look.worn:
        return
    if look.hair is Hair.CURLY:
        _curls(g, look)
        return
    lk = look.shift * 0.4
    cap = g.solid(
        smooth([(x + lk, y) for x, y in _FRINGE[_CUTS.get(look.hair, look.hair)]], ease=1 / 5.5),
        look.hair_colour,
        0.07,
        soft=5,
    )
    cap.stroke(Path().move(-30, -37).quad(-8, -53, 22, -45), shade(look.hair_colour, 0.12), 5, opacity=0.5)
    if look.hair is Hair.BRAIDS:
        _braids(g, look)
    if look.hair is Hair.LONG:
        for side in (-1, 1):
            lock = [
                (side * 44, -14),
                (side * 52, 10),
                (side * 50, 44),
                (side * 42, 58),
                (side * 40, 24),
                (side * 40, 2),
            ]
            g.solid(smooth(lock), look.hair_colour, 0.06)


def _curls(g: Group, look: Look) -> None:
    crown = [(-38, -20), (-30, -44), (0, -54), (30, -44), (38, -20), (20, -27), (0, -21), (-20, -27)]
    g.fill(smooth(crown), look.hair_colour)
    for i in range(10):
        angle = math.radians(184 + i * 172 / 9)
        x, y = 43 * math.cos(angle), -4 + 45 * math.sin(angle)
        g.fill(ellipse(x, y, 16.5), look.hair_colour)
        g.fill(ellipse(x - 4, y - 5, 7.5), shade(look.hair_colour, 0.05), opacity=0.6)


def _braids(g: Group, look: Look) -> None:
    for side in (-1, 1):
        for i in range(5):
            x, y = side * (51 + 3 * math.sin(i * 1.2)), 10 + i * 13
            g.solid(ellipse(x, y, 11 - i * 0.8, 9.5), look.hair_colour, 0.08, light=(-2, -3), soft=2)
        g.fill(ellipse(side * 51, 73, 7, 4.5), look.accent)
        g.solid(smooth([(side * 46, 76), (side * 56, 76), (side * 54, 92), (side * 50, 88)]), look.hair_colour, 0.08)


def hair_in_profile(g: Group, look: Look) -> None:
    """The hair upon a head that faces right."""
    if look.hair is Hair.NONE or Accessory.HIJAB in look.worn:
        return
    low = {Hair.SHORT: 14.0, Hair.BUN: 10.0, Hair.PONYTAIL: 8.0, Hair.BRAIDS: 14.0}.get(look.hair, 30.0)
    if look.hair is Hair.CURLY:
        for i in range(11):
            angle = math.radians(150 + i * 160 / 10)
            x, y = -4 + 43 * math.cos(angle), -5 + 44 * math.sin(angle)
            g.fill(ellipse(x, y, 17), look.hair_colour)
            g.fill(ellipse(x - 4, y - 5, 7.5), shade(look.hair_colour, 0.05), opacity=0.6)
        g.fill(
            smooth([(-42, 20), (-40, -30), (-4, -46), (26, -36), (22, -22), (0, -18), (-8, 8), (-22, 30)]),
            look.hair_colour,
        )
        return
    outline = [(34, -22), (40, -36), (22, -56), (-10, -61), (-42, -44), (-54, -8), (-48, low), (-30, low + 10)]
    cap = g.solid(
        smooth([*outline, (-14, low - 8), (-12, -10), (8, -22)], ease=1 / 5.5), look.hair_colour, 0.07, soft=5
    )
    cap.stroke(Path().move(-34, -36).quad(-14, -54, 14, -49), shade(look.hair_colour, 0.12), 5, opacity=0.5)
    if look.hair is Hair.BRAIDS:
        for i in range(5):
            x, y = -20 + 3 * math.sin(i * 1.2), 20 + i * 13
            g.solid(ellipse(x, y, 11 - i * 0.8, 9.5), look.hair_colour, 0.08, light=(-2, -3), soft=2)
        g.fill(ellipse(-20, 83, 7, 4.5), look.accent)
        g.solid(smooth([(-25, 86), (-15, 86), (-17, 102), (-21, 98)]), look.hair_colour, 0.08)


def _behind_in_profile(g: Group, look: Look, colour: Colour) -> None:
    if look.hair is Hair.LONG:
        mane = [(-10, -54), (-46, -34), (-58, 10), (-60, 60), (-50, 82), (-24, 80), (-10, 40), (0, 0)]
        g.solid(smooth(mane), colour, 0.08)
    elif look.hair is Hair.BOB:
        g.solid(smooth([(-10, -54), (-46, -34), (-57, 8), (-52, 44), (-26, 50), (-6, 38), (0, 0)]), colour, 0.08)
    elif look.hair is Hair.BUN:
        g.solid(ellipse(-44, -46, 21, 20), look.hair_colour, 0.08)
    elif look.hair is Hair.PONYTAIL:
        tail = [(-38, -44), (-66, -46), (-82, -14), (-76, 26), (-66, 34), (-60, 4), (-46, -16)]
        g.solid(smooth(tail), colour, 0.08)
    elif look.hair is Hair.CURLY:
        for i in range(9):
            angle = math.radians(110 + i * 150 / 8)
            g.fill(ellipse(-4 + 44 * math.cos(angle), -4 + 44 * math.sin(angle), 19), colour)
