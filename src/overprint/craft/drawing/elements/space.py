"""Planets, rockets and comets."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.nodes import Group, glow, linear, radial
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.vector import Path, at, box, ellipse, smooth, sparkle, turned


def planet(
    g: Group, x: float, y: float, radius: float, colour: Colour, dice: Dice, *, ring: Colour | None = None
) -> None:
    r = radius
    g.fill(
        ellipse(x, y, r * 1.5),
        radial(x, y, r * 1.5, (0.55, shade(colour, 0.1), 0.35), (1.0, colour, 0.0)),
        blend="screen",
    )
    if ring:
        g.stroke(ellipse(x, y, r * 1.9, r * 0.42, -18), ring, r * 0.13, opacity=0.75)
    outline = ellipse(x, y, r)
    ball = g.group("planet", clip=outline)
    ball.fill(outline, colour)
    for i in range(5):
        by = y - r + 2 * r * (i + 0.5) / 5
        band = [
            (x - r * 1.2, by),
            (x - r * 0.4, by - r * 0.1 + dice.between(-4, 4)),
            (x + r * 0.4, by + r * 0.06),
            (x + r * 1.2, by - r * 0.03),
        ]
        band += [(x + r * 1.2, by + r * 0.15), (x, by + r * 0.2), (x - r * 1.2, by + r * 0.17)]
        ball.fill(smooth(band).placed(turned(-18, x, y)), shade(colour, 0.07 if i % 2 else -0.07), opacity=0.7)
    ball.cutout(
        ellipse(x, y, r * 1.6).join(ellipse(x - r * 0.3, y - r * 0.3, r * 1.05)),
        shade(colour, -0.22),
        opacity=0.6,
        blur=r * 0.08,
    )
    if ring:
        near = (
            Path()
            .move(x - r * 1.8, y + r * 0.58)
            .cubic(x - r * 0.9, y + r * 0.72, x + r * 1.2, y + r * 0.1, x + r * 1.81, y - r * 0.58)
        )
        g.stroke(near, ring, r * 0.13, opacity=0.95)


def earth(g: Group, x: float, y: float, radius: float) -> None:
    """Our blue planet, seen from afar."""
    r = radius
    glow(g, x, y, r * 1.9, "#9fd4ff", 0.5)
    outline = ellipse(x, y, r)
    ball = g.group("earth", clip=outline)
    ball.fill(outline, radial(x - r * 0.3, y - r * 0.3, r * 1.5, "#7cc4ee", "#3f8fd0", "#2a5fa8"))
    lands = [
        [(-0.7, -0.5), (-0.2, -0.7), (0.1, -0.3), (-0.2, 0.0), (-0.5, 0.1), (-0.8, -0.1)],
        [(0.2, 0.1), (0.6, -0.1), (0.8, 0.3), (0.5, 0.7), (0.2, 0.5)],
        [(-0.5, 0.5), (-0.1, 0.45), (0.0, 0.75), (-0.35, 0.85)],
    ]
    for land in lands:
        ball.fill(smooth([(x + px * r, y + py * r) for px, py in land]), "#74b56a")
    for cx, cy, w in ((-0.3, -0.35, 0.5), (0.35, -0.5, 0.4), (0.1, 0.25, 0.55), (-0.55, 0.35, 0.35)):
        ball.fill(ellipse(x + cx * r, y + cy * r, w * r, r * 0.08, -8), "#ffffff", opacity=0.75)
    ball.cutout(
        ellipse(x, y, r * 1.6).join(ellipse(x - r * 0.25, y - r * 0.25, r * 1.06)),
        "#16244f",
        opacity=0.6,
        blur=r * 0.08,
    )


def rocket(g: Group, x: float, y: float, size: float, turn: float) -> None:
    q = g.group("rocket", matrix=at(x, y, size, turn=turn))
    q.fill(
        smooth([(-16, 84), (16, 84), (10, 130), (0, 168), (-10, 130)]),
        radial(0, 90, 70, "#fff6c8", "#ffc04a", "#f0663c"),
    )
    glow(q, 0, 110, 90, "#ffb84a", 0.7)
    for side in (-1, 1):
        q.solid(
            smooth([(side * 28, 30), (side * 58, 66), (side * 56, 100), (side * 24, 78)], ease=1 / 9), "#e0505a", 0.09
        )
    outline = [(0, -110), (26, -70), (36, -10), (32, 46), (20, 84), (-20, 84), (-32, 46), (-36, -10), (-26, -70)]
    body = q.solid(smooth(outline), "#f4efe6", 0.12, light=(-8, -4), soft=7)
    body.fill(box(-60, -120, 120, 54), "#e0505a")
    q.fill(ellipse(0, -20, 19), "#e0a03c")
    q.fill(ellipse(0, -20, 14), linear(-10, -34, 10, -6, "#bff3ff", "#4a9ac0"))
    q.fill(box(-6, 40, 12, 58, 6), shade("#e0505a", -0.05))


def comet(g: Group, x: float, y: float, length: float, turn: float) -> None:
    q = g.group("comet", matrix=at(x, y, turn=turn))
    tail = smooth([(0, 0), (-length * 0.5, -3), (-length, 0), (-length * 0.5, 3)])
    q.fill(tail, linear(0, 0, -length, 0, (0.0, "#ffffff", 0.9), (1.0, "#bcd0ff", 0.0)), blend="screen")
    q.fill(sparkle(0, 0, 13), "#fffbe8")
    glow(q, 0, 0, 40, "#cfe0ff", 0.6)


def crater(g: Group, x: float, y: float, width: float, colour: Colour) -> None:
    g.fill(ellipse(x, y, width, width * 0.3), shade(colour, -0.03))
    g.fill(ellipse(x, y + width * 0.06, width * 0.88, width * 0.23), shade(colour, -0.1))
    g.fill(ellipse(x, y + width * 0.13, width * 0.7, width * 0.13), shade(colour, -0.02), opacity=0.7)
