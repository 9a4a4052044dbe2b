"""Thunderstorms: when lightning strikes, and what is seen of it. Soft, and seldom: see ``shining``."""

import math
from collections.abc import Sequence
from itertools import pairwise

from overprint.core.scene import ConstraintKind, Mood, Scene, Weather
from overprint.craft.drawing.nodes import Group, linear
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.vector import Path, Rect, box
from overprint.craft.motion.shining import Gleam, Life

_WORDS = frozenset({"lightning", "storm", "thunder"})
_FIRST, _APART, _LAST = (1.7, 2.9), (3.6, 6.5), 2.2
"""Seconds until the first, from one to the next, and from the last to the end of what is filmed. A cut or a flash
between two scenes is a flash, too: within a second of it there is no other, however bright the scenes are."""
_AGAIN = (0.3, 0.42)
_RISE_SECONDS, _FALL_SECONDS = 0.1, 0.17
_LOW = 0.5
"""How far down bolts reach, in heights of the picture."""
_BOLTS = 3
FLASH, VEIL = 0.62, 0.15
"""How much of the sky, and of everything before it, the light of a strike covers at its brightest."""


def is_stormy(scene: Scene) -> bool:
    """Rain in a tense scene, or where lightning is asked for; and nowhere it must not be."""
    if scene.weather is not Weather.RAIN or any(scene.forbids(word) for word in _WORDS):
        return False
    asked = any(c.kind is ConstraintKind.REQUIRE and c.subject in _WORDS for c in scene.constraints)
    return asked or scene.mood is Mood.TENSE


def strikes(seed: int, seconds: float) -> Sequence[float]:
    """When in a shot lightning begins: seconds after the beginning. None in one that is over before that is safe."""
    dice = Dice("lightning", seed)
    at, found = dice.between(*_FIRST), []
    while at < seconds - _LAST:
        found.append(at)
        at += dice.between(*_APART)
    return found


def brightness(seed: int, struck: Sequence[float]) -> Life:
    """Of the sky: each strike lights it up, and once again, half as bright."""
    again = Dice("again", seed).between(*_AGAIN)

    def life(seconds: float) -> Gleam:
        return Gleam(sum(_pulse(seconds - at) + 0.5 * _pulse(seconds - at - again) for at in struck))

    return life


def _pulse(since: float) -> float:
    if since <= 0:
        return 0.0
    if since < _RISE_SECONDS:
        return since / _RISE_SECONDS
    return math.exp((_RISE_SECONDS - since) / _FALL_SECONDS)


def bolts(seed: int, area: Rect, struck: Sequence[float]) -> Sequence[tuple[Group, Life]]:
    """What is seen in the sky above ``area``, and when. There are a few, which take turns."""
    made = []
    for number in range(min(_BOLTS, len(struck))):
        group = _bolt(Dice("bolt", seed, number), area)
        made.append((group, brightness(seed, struck[number::_BOLTS])))
    return made


def sheet(area: Rect, opacity: float) -> Group:
    """The light itself, over all of ``area``; strongest above."""
    group, colour = Group("lightning"), "#e3e8ff"
    stops = (0.0, colour, opacity), (0.6, colour, opacity * 0.55), (1.0, colour, opacity * 0.25)
    group.fill(box(area.x0, area.y0, area.width, area.height), linear(0, area.y0, 0, area.y1, *stops))
    return group


def _bolt(dice: Dice, area: Rect) -> Group:
    group = Group("bolt")
    x, low = area.x0 + area.width * dice.between(0.12, 0.88), area.y0 + area.height * _LOW
    trunk = _jagged(dice, (x, area.y0), (x + dice.between(-0.16, 0.16) * area.width, low), 5)
    ways = [(trunk, 7.0)]
    for _ in range(3):
        begin = trunk[dice.whole(len(trunk) // 4, 3 * len(trunk) // 4)]
        reach = dice.between(0.1, 0.22) * area.height
        end = begin[0] + dice.sign() * reach * dice.between(0.5, 1.1), begin[1] + reach
        ways.append((_jagged(dice, begin, end, 4), 3.5))
    for points, width in ways:
        path = Path().move(*points[0])
        for point in points[1:]:
            path.line(*point)
        group.stroke(path, "#aab8ff", 3.2 * width, opacity=0.5, blur=2 * width)
        group.stroke(path, "#f6f4ff", width)
    return group


def _jagged(
    dice: Dice, begin: tuple[float, float], end: tuple[float, float], times: int
) -> Sequence[tuple[float, float]]:
    """From one point to another, bent in the middle, and so is each half, and so on."""
    points = [begin, end]
    for _ in range(times):
        bent = [points[0]]
        for before, after in pairwise(points):
            far = math.hypot(after[0] - before[0], after[1] - before[1])
            off = dice.between(-0.2, 0.2) * far
            bent += [((before[0] + after[0]) / 2 + off, (before[1] + after[1]) / 2 + off * 0.4), after]
        points = bent
    return points
