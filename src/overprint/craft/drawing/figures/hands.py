"""What holds things when it is no paw: fins, wings, claws, tentacles, twigs, the tip of a tail."""

import math

from overprint.craft.drawing.colour import shade
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Look
from overprint.craft.drawing.figures.rig import limb
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, at, ellipse, smooth

_SUCKERS = 4


def draw_arm(g: Group, look: Look, kind: Kind, side: int, shoulder: Point, hand: Point) -> None:
    """From the shoulder (a tail: from between the coils) to the hand, with the hand."""
    size, colour = kind.build.limb, kind.hands(look) if kind.hands else shade(look.body, -0.03)
    if kind.hand == "tail":
        if side > 0:
            root = (18.0 * kind.build.girth, -20.0)
            knee = (max(hand[0], root[0]) + 26, -26.0)
            path = Path().move(*root).cubic(knee[0], -4, knee[0] + 8, (hand[1] + knee[1]) / 2, *hand)
            g.stroke(path, colour, 15 * size)
            draw_hand(g, look, kind, side, hand)
    elif kind.hand == "tentacle":
        limb(g, shoulder, hand, 24 * size, colour, bend=-side * 12, tip=0.55)
        for k in range(1, _SUCKERS):
            u = k / _SUCKERS
            x, y = (a + (b - a) * u for a, b in zip(shoulder, hand, strict=True))
            g.fill(ellipse(x - side * 3, y + 3, 4.2 - 2 * u), look.marking, opacity=0.85)
        draw_hand(g, look, kind, side, hand)
    elif kind.hand == "claw":
        limb(g, shoulder, hand, 13 * size, shade(colour, -0.04), bend=-side * 9, tip=0.9)
        draw_hand(g, look, kind, side, hand)
    elif kind.hand == "twig":
        limb(g, shoulder, hand, 8 * size, colour, bend=-side * 7, tip=0.7)
        draw_hand(g, look, kind, side, hand)
    else:
        _flipper(g, look, kind, side, shoulder, hand)


def _flipper(g: Group, look: Look, kind: Kind, side: int, shoulder: Point, hand: Point) -> None:
    """A fin, broad in the middle; a wing has feathers at its lower edge."""
    (x0, y0), (x1, y1) = shoulder, hand
    long = math.hypot(x1 - x0, y1 - y0)
    turn = math.degrees(math.atan2(y1 - y0, x1 - x0))
    colour = kind.hands(look) if kind.hands else shade(look.body, -0.05)
    broad = 13 * kind.build.limb
    below = 1 if x1 >= x0 else -1
    outline = [(-6.0, -broad * 0.6 * below), (long * 0.5, -broad * 0.8 * below), (long + 9, -3.0 * below)]
    if kind.hand == "wing":
        outline += [
            (long * (1 - 0.3 * k) + 2, (broad * (0.9 + 0.3 * k) if k % 2 else broad * 0.55) * below) for k in range(3)
        ]
    else:
        outline += [(long + 7, 7.0 * below), (long * 0.5, broad * 1.35 * below)]
    outline.append((-4.0, broad * 0.9 * below))
    place = at(x0, y0, turn=turn)
    g.solid(smooth(outline).placed(place), colour, 0.08, light=(-3, -3), soft=3)


def draw_hand(g: Group, look: Look, kind: Kind, side: int, hand: Point) -> None:
    """The end alone, over what it holds."""
    size, colour = kind.build.limb, kind.hands(look) if kind.hands else shade(look.body, -0.03)
    x, y = hand
    if kind.hand == "claw":
        _pincers(g, look, side, x, y, size)
    elif kind.hand == "tail":
        if side > 0:
            g.solid(ellipse(x, y, 8.5 * size), colour, 0.06, light=(-2, -2), soft=2)
            g.fill(smooth([(x - 7, y - 3), (x - 3, y - 14), (x + 5, y - 19), (x + 7, y - 4)]), colour)
    elif kind.hand == "twig":
        for dx, dy in ((-9, -11), (0, -15), (10, -10)):
            g.stroke(Path().move(x, y + 3).line(x + dx, y + dy), colour, 4.2 * size)
    elif kind.hand == "tentacle":
        g.stroke(Path().move(x - side * 2, y + 4).quad(x + side * 11, y + 2, x + side * 7, y - 9), colour, 10 * size)
    else:
        g.solid(ellipse(x, y, 9.5 * size, 8 * size), colour, 0.06, light=(-2, -2), soft=2)


def _pincers(g: Group, look: Look, side: int, x: float, y: float, size: float) -> None:
    k = 1.25 * size
    for turn, shape in (
        (-side * 14, [(-3, 6), (-15, -8), (-11, -30), (4, -38), (3, -24), (0, -12), (5, 4)]),
        (side * 26, [(-4, 4), (-2, -14), (2, -25), (12, -26), (13, -10), (7, 6)]),
    ):
        claw = g.group(matrix=at(x, y + 6, k, flip=side < 0, turn=turn))
        claw.solid(
            smooth([(float(px), float(py)) for px, py in shape]), shade(look.body, 0.02), 0.09, light=(-2, -3), soft=2
        )
    g.solid(ellipse(x, y + 4, 8 * k), look.body, 0.06, light=(-2, -2), soft=2)


__all__ = ["draw_arm", "draw_hand"]
