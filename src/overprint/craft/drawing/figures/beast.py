"""Animals told by numbers: one front view and one profile for all; a species adds what only it has."""

from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.kind import DrawBack, Kind
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.figures.profile import Ear, Extra, Profile, draw_profile
from overprint.craft.drawing.figures.rig import Build
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, Point, Rect, at, ellipse, smooth

ROUND: tuple[Point, ...] = ((0, -47), (36, -38), (53, -8), (51, 22), (30, 43), (0, 48))
LONG: tuple[Point, ...] = ((0, -48), (34, -42), (46, -14), (42, 14), (36, 38), (20, 52), (0, 56))
WIDE: tuple[Point, ...] = ((0, -38), (36, -34), (60, -6), (58, 22), (36, 42), (0, 46))

_EARS: dict[Ear, list[Point]] = {
    "pointed": [(-18, 22), (-8, -8), (12, -34), (22, -6), (16, 26)],
    "long": [(-10, 8), (-12, -34), (-4, -76), (10, -76), (14, -34), (10, 10)],
    "flop": [(-14, -4), (10, 2), (22, 34), (16, 62), (4, 62), (-4, 36)],
    "leaf": [(-8, 6), (8, -14), (36, -18), (48, -4), (30, 12), (4, 14)],
    "fan": [(-14, -22), (14, -40), (56, -36), (64, 8), (44, 42), (14, 34), (-12, 18)],
}


@dataclass(frozen=True, slots=True)
class Beast:
    """``muzzle`` says how the pale part of the face looks: one oval, two cheeks, a broad snout with nostrils, or none.
    ``muzzle_at`` is its y, half width and half height. ``under`` and ``over`` draw behind and upon the front head,
    ``top`` over the features too."""

    half: tuple[Point, ...] = ROUND
    ear: Ear = "round"
    ear_at: Point = (40.0, -36.0)
    ear_size: float = 1.0
    inner: Colour | None = None
    muzzle: Literal["oval", "cheeks", "snout", "none"] = "oval"
    muzzle_at: tuple[float, float, float] = (25.0, 27.0, 21.0)
    pale: float = 1.0
    nose: float = 8.0
    nose_y: float = 17.0
    nose_colour: Colour = INK
    eyes: tuple[float, float, float] = (22.0, -2.0, 6.8)
    mouth_y: float = 28.0
    blush: float = 0.45
    under: Extra | None = None
    over: Extra | None = None
    top: Extra | None = None
    profile: Profile = field(default_factory=Profile)


def draw_front(g: Group, look: Look, beast: Beast) -> None:
    if beast.under is not None:
        beast.under(g, look)
    for side in (-1, 1):
        _ear(g, look, beast, side)
    outline = smooth([*beast.half, *((-x, y) for x, y in beast.half[-2:0:-1])])
    head = g.solid(outline, look.body, 0.08, soft=7)
    _muzzle(head, look, beast)
    gap, y, r = beast.eyes
    if beast.blush:
        faces.cheeks(head, look, gap=gap + 16, y=y + 22, strength=beast.blush)
    if beast.over is not None:
        beast.over(g, look)
    faces.eyes(g, look, gap=gap, y=y, r=r, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=gap, y=y - 17, colour=shade(look.body, -0.22))
    if beast.nose:
        faces.nose(g, look, y=beast.nose_y, w=beast.nose, colour=beast.nose_colour)
    faces.snout_mouth(g, look, y=beast.mouth_y, w=9)
    faces.tear(g, look, x=-gap, y=y + 14)
    if beast.top is not None:
        beast.top(g, look)


def _ear(g: Group, look: Look, beast: Beast, side: int) -> None:
    x, y = beast.ear_at
    place = at(side * x - look.shift * 0.15, y, beast.ear_size, flip=side < 0)
    if beast.ear == "none":
        return
    round_ear = ellipse(0, 0, 30) if beast.ear == "large" else ellipse(0, 0, 20)
    outline = smooth(_EARS[beast.ear], ease=1 / 7) if beast.ear in _EARS else round_ear
    ear = g.group(matrix=place)
    ear.solid(outline, look.body, 0.08)
    if beast.inner is not None:
        ear.group(matrix=at(2, 2, 0.58)).fill(outline, mix(beast.inner, look.body, 0.15))


def _muzzle(head: Group, look: Look, beast: Beast) -> None:
    y, rx, ry = beast.muzzle_at
    x, colour = look.shift, mix(look.body, look.marking, beast.pale)
    if beast.muzzle == "oval":
        head.fill(ellipse(x, y, rx, ry), colour)
    elif beast.muzzle == "cheeks":
        for side in (-1, 1):
            head.fill(ellipse(x * 1.15 + side * rx * 0.42, y, rx * 0.6, ry), colour)
    elif beast.muzzle == "snout":
        head.fill(ellipse(x, y, rx, ry), colour)
        for side in (-1, 1):
            head.fill(ellipse(x * 1.2 + side * rx * 0.36, y - ry * 0.1, 3.6, 4.8), shade(colour, -0.2))


def kind_of(
    beast: Beast,
    build: Build,
    paws: float = -0.09,
    *,
    behind: DrawBack | None = None,
    trunk: DrawBack | None = None,
    feet: Colour | None = None,
    hat_y: float = -35.0,
) -> Kind:
    """``paws``: how much lighter than the body they are, unless ``feet`` names their colour."""
    half = max(x for x, _ in beast.half)
    top, low = min(y for _, y in beast.half), max(y for _, y in beast.half)

    def socks(look: Look) -> Colour:
        return shade(look.body, paws) if feet is None else mix(feet, look.body, 0.1)

    return Kind(
        build, partial(draw_front, beast=beast), Rect(-half, top, half, low), hat_y, min(42.0, half * 0.78),
        beast.eyes[0], beast.eyes[1], socks, behind=behind, trunk=trunk,
        profile=partial(draw_profile, shape=beast.profile), profile_eye=beast.profile.eye[0],
    )  # fmt: skip


def tail_stroke(look: Look, g: Group, curve: Path, width: float, colour: Colour | None = None) -> Group:
    """A tail of one bent line; answers its group for a tuft."""
    tail = g.group("tail")
    tail.stroke(curve, colour or shade(look.body, -0.05), width)
    return tail


__all__ = ["LONG", "ROUND", "WIDE", "Beast", "draw_front", "kind_of", "tail_stroke"]
