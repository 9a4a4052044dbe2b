"""Eyes, brows and mouths, by expression. Shared by every figure with a face of its own."""

from overprint.core.scene import Expression, View
from overprint.craft.drawing.colour import Colour, lightness, mix, shade
from overprint.craft.drawing.figures.look import BLUSH, INK, Look
from overprint.craft.drawing.nodes import Group, radial
from overprint.craft.drawing.vector import Path, at, box, ellipse, smooth

_LIDS = {Expression.SLEEPY: 0.55, Expression.SAD: 0.3, Expression.BRAVE: 0.2}
# How far the inner end of a brow rises above the outer one, and how far the whole brow rises.
_BROWS = {
    Expression.SAD: (6.0, 0.0),
    Expression.WORRIED: (6.5, 2.0),
    Expression.SURPRISED: (0.0, 7.0),
    Expression.BRAVE: (-6.0, -2.5),
    Expression.JOY: (0.0, 3.0),
    Expression.CALM: (0.5, 1.5),
    Expression.SLEEPY: (2.0, -1.0),
}


def eyes(g: Group, look: Look, *, gap: float, y: float, r: float, skin: Colour, lashes: bool = False) -> None:
    for side, x in look.sides(gap):
        if look.eyes_are_shut:
            arc = Path().move(x - r * 1.25, y).quad(x, y + r * 1.4, x + r * 1.25, y)
            g.stroke(arc, INK, r * 0.5)
        elif look.expression is Expression.JOY:
            g.stroke(
                Path().move(x - r * 1.25, y + r * 0.5).quad(x, y - r * 1.7, x + r * 1.25, y + r * 0.5), INK, r * 0.55
            )
        else:
            _open_eye(g, look, x, y, r, skin, side)
        if lashes:
            for k in (0.3, 1.0):
                lash = Path().move(x + side * r * 0.8, y - r * 0.7 * k)
                g.stroke(lash.line(x + side * r * 1.6, y - r * (1.1 * k + 0.2)), INK, r * 0.28)


def features(
    g: Group,
    head: Group,
    look: Look,
    *,
    gap: float,
    y: float,
    r: float,
    mouth_y: float,
    mouth_w: float = 9.0,
    beside: tuple[float, float] = (26.0, 34.0),
    blush: float = 0.5,
) -> None:
    """A plain face on any round head, from every side. ``beside`` is the x of the eye and of the mouth in profile;
    ``head`` is the group clipped to the head, for the cheeks."""
    side_on = look.view is View.SIDE
    eye = beside[0] if side_on else gap
    skin = shade(look.body, -0.03)
    cheeks(head, look, gap=eye - 8 if side_on else gap + 15, y=y + 22, strength=blush)
    eyes(g, look, gap=eye, y=y, r=r, skin=skin)
    brows(g, look, gap=eye, y=y - 17, colour=shade(look.body, -0.22 if lightness(look.body) > 0.35 else 0.25))
    place = g.group(matrix=at(beside[1], mouth_y)) if side_on else g
    mouth(place, look, y=0 if side_on else mouth_y, w=mouth_w * 0.8 if side_on else mouth_w)
    tear(g, look, x=eye - 4 if side_on else -gap, y=y + 15)


def _open_eye(g: Group, look: Look, x: float, y: float, r: float, skin: Colour, side: int) -> None:
    size = 1.25 if look.expression is Expression.SURPRISED else 1.0
    outline = ellipse(x, y, r * 0.96 * size, r * 1.22 * size)
    eye = g.group(clip=outline)
    eye.fill(outline, INK)
    if lightness(look.eye_colour) > 0.36:
        eye.fill(ellipse(x, y + r * 0.35, r * 0.86 * size, r * 0.95 * size), look.eye_colour)
        eye.fill(ellipse(x + look.gaze * r * 0.15, y, r * 0.56, r * 0.72), INK)
    else:
        eye.fill(ellipse(x, y + r * 0.9, r * 0.8, r * 0.6), mix(INK, look.eye_colour, 0.5))
        eye.fill(ellipse(x, y + r * 0.95, r * 0.6, r * 0.4), shade(mix(INK, look.eye_colour, 0.6), 0.14), opacity=0.7)
    g.fill(ellipse(x + r * 0.28, y - r * 0.45, r * 0.38 * size), "#ffffff")
    g.fill(ellipse(x - r * 0.32, y + r * 0.45, r * 0.18), "#ffffff", opacity=0.75)
    lid = _LIDS.get(look.expression, 0.0)
    if lid:
        slant = (
            side
            * r
            * (0.5 if look.expression is Expression.SAD else -0.5 if look.expression is Expression.BRAVE else 0)
        )
        edge = y - r * 1.3 + 2.6 * r * lid
        cover = Path().move(x - r * 1.5, y - r * 1.7).line(x + r * 1.5, y - r * 1.7)
        cover.line(x + r * 1.5, edge + slant).line(x - r * 1.5, edge - slant).close()
        g.group(clip=ellipse(x, y, r * 1.1, r * 1.35)).fill(cover, skin)
        g.stroke(Path().move(x - r * 0.98, edge - slant * 0.7).line(x + r * 0.98, edge + slant * 0.7), INK, r * 0.3)


def brows(g: Group, look: Look, *, gap: float, y: float, colour: Colour, width: float = 2.8) -> None:
    inner, up = _BROWS.get(look.expression, (0.0, 0.0))
    if look.asleep:
        inner, up = 0.0, -1.0
    for side, x in look.sides(gap):
        arc = Path().move(x - side * 8, y + 0.4 - inner - up)
        arc.quad(x, y - 5 - inner * 0.3 - up, x + side * 8.5, y + 1.2 + inner * 0.35 - up)
        g.stroke(arc, colour, width)


def mouth(g: Group, look: Look, *, y: float, w: float) -> None:
    x = look.shift * 1.15
    kind = Expression.CALM if look.asleep else look.expression
    if kind is Expression.JOY:
        lips = Path().move(x - w, y - 1).quad(x, y + 1.5, x + w, y - 1)
        lips.quad(x + w * 0.85, y + w * 1.35, x, y + w * 1.35).quad(x - w * 0.85, y + w * 1.35, x - w, y - 1).close()
        inside = g.group(clip=lips)
        inside.fill(lips, "#8c2f39")
        inside.fill(ellipse(x, y + w * 1.35, w * 0.65, w * 0.55), "#f08a8a")
        inside.fill(box(x - w * 0.6, y - 3, w * 1.2, 4.5, 2), "#fffaf2")
    elif kind is Expression.SURPRISED:
        g.fill(ellipse(x, y + w * 0.45, w * 0.42, w * 0.58), "#8c2f39")
        g.fill(ellipse(x, y + w * 0.75, w * 0.26, w * 0.22), "#f08a8a")
    else:
        g.stroke(_lips(kind, x, y, w), INK, w * 0.28)


def _lips(kind: Expression, x: float, y: float, w: float) -> Path:
    if kind is Expression.SAD:
        return Path().move(x - w * 0.75, y + w * 0.55).quad(x, y - w * 0.3, x + w * 0.75, y + w * 0.55)
    if kind is Expression.WORRIED:
        line = Path().move(x - w * 0.8, y + w * 0.35).quad(x - w * 0.4, y - w * 0.15, x, y + w * 0.25)
        return line.quad(x + w * 0.4, y + w * 0.6, x + w * 0.8, y + w * 0.2)
    if kind is Expression.BRAVE:
        return Path().move(x - w * 0.8, y + w * 0.2).quad(x + w * 0.3, y + w * 0.75, x + w * 0.95, y - w * 0.15)
    if kind in (Expression.CALM, Expression.SLEEPY):
        return Path().move(x - w * 0.6, y).quad(x, y + w * 0.55, x + w * 0.6, y)
    return Path().move(x - w, y).quad(x, y + w * 1.1, x + w, y)


def cheeks(g: Group, look: Look, *, gap: float, y: float, strength: float = 0.55, r: float = 11) -> None:
    for _, x in look.sides(gap):
        g.fill(ellipse(x, y, r, r * 0.73), radial(x, y, r, (0.0, BLUSH, strength), (1.0, BLUSH, 0.0)))


def tear(g: Group, look: Look, *, x: float, y: float) -> None:
    if look.expression is Expression.SAD and not look.asleep:
        left = look.across(x)
        g.fill(smooth([(left, y - 6), (left + 4, y + 3), (left, y + 7), (left - 4, y + 3)]), "#bfe6fb", opacity=0.9)


def nose(g: Group, look: Look, *, y: float, w: float, colour: Colour = INK) -> None:
    """The nose of an animal: a soft triangle with a gleam."""
    x = look.shift * 1.35
    outline = [
        (x - w, y - w * 0.25),
        (x, y - w * 0.55),
        (x + w, y - w * 0.25),
        (x + w * 0.4, y + w * 0.55),
        (x, y + w * 0.75),
    ]
    g.fill(smooth([*outline, (x - w * 0.4, y + w * 0.55)]), colour)
    g.fill(ellipse(x - w * 0.3, y - w * 0.18, w * 0.3, w * 0.16), "#ffffff", opacity=0.7)


def snout_mouth(g: Group, look: Look, *, y: float, w: float) -> None:
    """An animal's mouth: two small curves under the nose, or whatever the expression asks for."""
    quiet = (Expression.HAPPY, Expression.CALM, Expression.SLEEPY)
    if look.asleep or look.expression in quiet:
        x = look.shift * 1.25
        k = 0.75 if look.expression is not Expression.HAPPY else 1.0
        line = Path().move(x - w * k, y).quad(x - w * 0.5, y + w * 0.7 * k, x, y - 1)
        g.stroke(line.quad(x + w * 0.5, y + w * 0.7 * k, x + w * k, y), INK, 2.5)
    else:
        mouth(g, look, y=y, w=w * 0.85)
