"""Heads seen from the side, facing right: one skull and snout for all animals, shaped by a few numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import faces
from overprint.craft.drawing.figures.look import INK, Look
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.vector import Path, at, ellipse, smooth

Ear = Literal["round", "pointed", "long", "flop", "leaf", "fan", "large", "none"]
Extra = Callable[[Group, Look], None]
PINK = "#f2b0aa"


@dataclass(frozen=True, slots=True)
class Profile:
    """``snout`` is how far the nose stands out of the face, ``thick`` how high the snout is, ``drop`` how low its tip
    lies; ``pale`` 0 to 1 is how much of the marking colour the muzzle has. ``under`` and ``over`` draw what only this
    kind has, behind and upon the head."""

    snout: float = 16.0
    thick: float = 20.0
    drop: float = 14.0
    pale: float = 1.0
    ear: Ear = "round"
    ear_at: tuple[float, float] = (-12.0, -38.0)
    ear_size: float = 1.0
    inner: Colour | None = None
    nose: float = 8.0
    nose_colour: Colour = INK
    eye: tuple[float, float, float] = (20.0, -3.0, 6.8)
    under: Extra | None = None
    over: Extra | None = None


def draw_profile(g: Group, look: Look, shape: Profile) -> None:
    if shape.under is not None:
        shape.under(g, look)
    far = g.group(matrix=at(9, -3, 0.92))
    draw_ear(far, shade(look.body, -0.05), shape.ear, shape.ear_at, shape.ear_size, inner=None)
    tip = 42 + shape.snout
    y, t = shape.drop, shape.thick
    skull = [(-47.0, 2.0), (-38.0, -32.0), (-8.0, -47.0), (24.0, -39.0), (40.0, -12.0)]
    jaw = [(44 + shape.snout * 0.45, y - t * 0.62), (tip, y - t * 0.3), (tip + 2, y + t * 0.25)]
    chin = [(tip - shape.snout * 0.3, y + t * 0.75), (30.0, y + t + 8), (2.0, 47.0), (-32.0, 36.0)]
    head = g.solid(smooth([*skull, *jaw, *chin]), look.body, 0.08, soft=7)
    if shape.pale:
        patch = [
            (tip + 14, y - t * 0.5),
            (30 + shape.snout * 0.5, y - t * 0.5),
            (20, y + 4),
            (2, 30),
            (10, 60),
            (tip, 60),
        ]
        head.fill(smooth(patch), mix(look.body, look.marking, shape.pale))
    x, ey, r = shape.eye
    faces.cheeks(head, look, gap=x - 8, y=ey + 25, strength=0.45)
    if shape.over is not None:
        shape.over(g, look)
    draw_ear(g, look.body, shape.ear, shape.ear_at, shape.ear_size, inner=shape.inner)
    faces.eyes(g, look, gap=x, y=ey, r=r, skin=shade(look.body, -0.03))
    faces.brows(g, look, gap=x, y=ey - 17, colour=shade(look.body, -0.22))
    faces.tear(g, look, x=x - 4, y=ey + 14)
    if shape.nose:
        faces.nose(
            g.group(matrix=at(tip - shape.nose * 0.35, y - t * 0.28)), look, y=0, w=shape.nose, colour=shape.nose_colour
        )
    mouth = g.group(matrix=at(tip - 12 - shape.snout * 0.3, y + t * 0.42))
    faces.mouth(mouth, look, y=0, w=7 + shape.snout * 0.1)


def draw_ear(
    g: Group, colour: Colour, kind: Ear, where: tuple[float, float], size: float, *, inner: Colour | None
) -> None:
    """One ear, seen from the side; its foot at ``where``."""
    if kind == "none":
        return
    outline = {
        "round": ellipse(0, -2, 19),
        "large": ellipse(-8, -6, 31, 32),
        "pointed": smooth([(-20, 14), (-16, -22), (-2, -46), (14, -20), (20, 10)], ease=1 / 8),
        "long": smooth([(-11, 10), (-18, -34), (-14, -76), (2, -78), (10, -34), (11, 10)]),
        "flop": smooth([(-12, -4), (10, -8), (16, 24), (8, 58), (-8, 58), (-18, 26)]),
        "leaf": smooth([(6, 8), (-14, -10), (-42, -14), (-52, 2), (-30, 16), (-4, 18)]),
        "fan": smooth([(14, -10), (-14, -34), (-58, -26), (-66, 18), (-44, 52), (-14, 42), (10, 18)]),
    }[kind]
    ear = g.group(matrix=at(*where, size))
    ear.solid(outline, colour, 0.08)
    if inner is not None:
        ear.group(matrix=at(0, -1, 0.58)).fill(outline, inner)


def whiskers(g: Group, look: Look) -> None:
    for dy in (-3, 3):
        line = Path().move(44, 22 + dy * 0.6).quad(30, 20 + dy, 12, 20 + dy * 3)
        g.stroke(line, shade(look.body, -0.28), 1.6, opacity=0.6)
