"""Indoors: windows, shelves, lamps, rugs."""

import math

from overprint.core.scene import Time, Weather
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.sky import draw_disc
from overprint.craft.drawing.elements.trees import conifer
from overprint.craft.drawing.nodes import Group, glow, linear, radial
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import Path, Rect, box, ellipse, polygon, smooth, sparkle, star

BOOK_COLOURS = ("#d9705a", "#e0a84f", "#5f9a8a", "#7a86c0", "#c98aa0", "#efe0c4", "#4a7a9a", "#8a5a6a")


def window(stage: Stage, g: Group, x: float, y: float, width: float, height: float) -> None:
    """A window from its top left corner, with the hour and the weather outside."""
    dice, palette = stage.dice.child("window"), stage.palette
    g.fill(box(x - 20, y - 20, width + 40, height + 40, 26), "#f1e6d4")
    view = g.group(clip=box(x, y, width, height, 16))
    view.fill(box(x, y, width, height), linear(0, y, 0, y + height, *palette.sky))
    if stage.is_dark and stage.allows("stars") and stage.weather in (Weather.CLEAR, Weather.WIND, Weather.CLOUDY):
        for i in range(36):
            sx, sy = x + dice.between(0, width), y + dice.between(0, height * 0.75)
            view.fill(
                sparkle(sx, sy, dice.between(6, 11)) if i % 9 == 0 else ellipse(sx, sy, dice.between(0.8, 2.2)),
                "#fff8e0",
                opacity=0.9,
            )
        stage.note("stars", Rect(x, y, x + width, y + height))
    what = (
        "moon"
        if (stage.time in (Time.NIGHT, Time.DUSK) or stage.requires("moon")) and not stage.requires("sun")
        else "sun"
    )
    clear = stage.weather in (Weather.CLEAR, Weather.WIND) or stage.requires(what)
    if clear and stage.allows(what):
        cx, cy, r = x + width * dice.between(0.3, 0.7), y + height * dice.between(0.22, 0.36), min(width, height) * 0.15
        draw_disc(stage, view, cx, cy, r, moon=what == "moon")
        stage.note(what, Rect(cx - r, cy - r, cx + r, cy + r))
    hills = [
        (x - 20, y + height * 0.82),
        (x + width * 0.3, y + height * 0.7),
        (x + width * 0.65, y + height * 0.82),
        (x + width + 20, y + height * 0.72),
    ]
    view.fill(smooth([*hills, (x + width + 20, y + height + 30), (x - 20, y + height + 30)]), palette.mid)
    for share, h in ((0.1, 0.28), (0.25, 0.2), (0.82, 0.34), (0.95, 0.25)):
        conifer(view, x + width * share, y + height * 0.86, height * h, palette.near, dice)
    _weather_outside(stage, view, x, y, width, height, dice)
    bars = (
        Path()
        .move(x + width / 2, y)
        .line(x + width / 2, y + height)
        .move(x, y + height * 0.5)
        .line(x + width, y + height * 0.5)
    )
    g.stroke(bars, "#f1e6d4", 11)
    g.solid(box(x - 38, y + height + 14, width + 76, 24, 8), "#f7eddd", 0.08)


def _weather_outside(stage: Stage, view: Group, x: float, y: float, width: float, height: float, dice: Dice) -> None:
    area = Rect(x, y, x + width, y + height)
    if stage.weather is Weather.RAIN:
        drops = Path()
        for _ in range(46):
            dx, dy = x + dice.between(0, width), y + dice.between(-10, height)
            drops.join(Path().move(dx, dy).line(dx - 6, dy + 22))
        view.stroke(drops, "#dcecf7", 2, opacity=0.75)
        stage.note("rain", area)
    elif stage.weather is Weather.SNOW:
        flakes = Path()
        for _ in range(60):
            flakes.join(ellipse(x + dice.between(0, width), y + dice.between(0, height), dice.between(1.5, 4)))
        view.fill(flakes, "#ffffff", opacity=0.9)
        stage.note("snow", area)
    elif stage.weather is Weather.FOG:
        view.fill(box(x, y, width, height), "#e8ecf0", opacity=0.55)
        stage.note("fog", area)


def curtains(g: Group, x: float, y: float, width: float, height: float, colour: Colour) -> None:
    """Drawn back on both sides of a window."""
    for side, x0 in ((1, x - 70), (-1, x + width + 70)):
        outline = [
            (0, -46),
            (118, -46),
            (100, height * 0.35),
            (52, height * 0.62),
            (60, height + 56),
            (-16, height + 56),
        ]
        cloth = g.solid(
            smooth([(x0 + side * px, y + py) for px, py in outline], ease=1 / 8), colour, 0.1, light=(-8, -2), soft=8
        )
        for j in range(5):
            fold = Path().move(x0 + side * (6 + j * 20), y - 50)
            cloth.stroke(
                fold.quad(x0 + side * (2 + j * 16), y + height * 0.4, x0 + side * (-8 + j * 12), y + height + 60),
                shade(colour, -0.1),
                4,
                opacity=0.55,
            )
        tie = [(-14, height * 0.6), (56, height * 0.6), (56, height * 0.65), (-14, height * 0.65)]
        g.fill(smooth([(x0 + side * px, y + py) for px, py in tie]), "#f0c05a")
    g.fill(box(x - 110, y - 62, width + 220, 14, 7), "#6a4433")
    for cx in (x - 112, x + width + 112):
        g.fill(ellipse(cx, y - 55, 13), "#8a5a40")


def books(
    g: Group, x0: float, x1: float, y: float, dice: Dice, *, high: float = 1.0, dim: Colour | None = None
) -> None:
    """A row of books standing on a shelf at ``y``, some leaning or lying."""
    x = x0
    while x < x1 - 16:
        colour = dice.pick(BOOK_COLOURS)
        colour = mix(colour, dim, 0.3) if dim else colour
        if dice.chance(0.08) and x < x1 - 80:
            for i in range(dice.whole(2, 3)):
                tint = shade(dice.pick(BOOK_COLOURS), -0.03)
                g.solid(
                    box(x + i * 3, y - 14 * (i + 1) * high, 58 - i * 6, 14 * high, 3),
                    mix(tint, dim, 0.3) if dim else tint,
                    0.06,
                )
            x += 66
            continue
        w, h = dice.between(14, 26), dice.between(62, 100) * high
        w = min(w, x1 - x)
        g.solid(box(x, y - h, w, h, 3), colour, 0.07, light=(-3, 0), soft=2)
        g.fill(box(x + 3, y - h + 10, max(1.0, w - 6), 5, 2), "#fff3d6", opacity=0.75)
        if dice.chance(0.4):
            g.fill(box(x + 3, y - 16, max(1.0, w - 6), 3, 1), "#fff3d6", opacity=0.6)
        x += w + 2


def bunting(g: Group, x0: float, x1: float, y: float, sag: float) -> None:
    colours = ("#e8746a", "#f2bf5a", "#6fb3a3", "#8f9be0", "#f3e4cc")
    for i in range(12):
        u = (i + 0.5) / 12
        x, py = x0 + (x1 - x0) * u, y + 4 * sag * u * (1 - u)
        g.fill(polygon([(x - 19, py), (x + 19, py + 2), (x, py + 44)]), colours[i % 5])
    g.stroke(Path().move(x0, y).quad((x0 + x1) / 2, y + 2 * sag, x1, y), "#f3e4cc", 3)


def rug(g: Group, x: float, y: float, half: float, colours: tuple[Colour, Colour]) -> None:
    for i, share in enumerate((1.0, 0.88, 0.74, 0.6, 0.42)):
        g.fill(ellipse(x, y, half * share, half * 0.175 * share), colours[i % 2])


def table_lamp(g: Group, x: float, y: float, size: float, *, lit: bool) -> None:
    """Its foot at ``(x, y)``, 150 high at size 1."""
    s = size
    if lit:
        glow(g, x, y - 112 * s, 460 * s, "#ffc56a", 0.6)
    foot = [(-26, 0), (-30, -24), (-8, -52), (8, -52), (30, -24), (26, 0)]
    g.solid(smooth([(x + px * s, y + py * s) for px, py in foot]), "#5f9a8a")
    cone = Path().move(x - 36 * s, y - 150 * s).line(x + 36 * s, y - 150 * s)
    cone.cubic(x + 50 * s, y - 110 * s, x + 64 * s, y - 80 * s, x + 72 * s, y - 56 * s).quad(
        x, y - 42 * s, x - 72 * s, y - 56 * s
    )
    cone.cubic(x - 64 * s, y - 80 * s, x - 50 * s, y - 110 * s, x - 36 * s, y - 150 * s).close()
    cloth = g.group(clip=cone)
    cloth.fill(cone, radial(x, y - 88 * s, 100 * s, "#fffbe0", "#ffe3a0", "#f6b860") if lit else "#f3e2c0")
    for j in range(-2, 3):
        cloth.stroke(
            Path().move(x + j * 15 * s, y - 152 * s).quad(x + j * 26 * s, y - 100 * s, x + j * 31 * s, y - 46 * s),
            "#e9a44a",
            2 * s,
            opacity=0.6,
        )


def planks(stage: Stage, g: Group, y: float, colour: Colour) -> None:
    """A wooden floor from ``y`` down."""
    area = stage.area
    g.fill(
        box(area.x0, y, area.width, area.y1 - y),
        linear(0, y, 0, stage.height * 1.05, shade(colour, 0.05), shade(colour, -0.08)),
    )
    dice = stage.dice.child("planks")
    py, i = y, 0
    while py < area.y1:
        py += 14 + i * 7
        i += 1
        g.stroke(Path().move(area.x0, py).line(area.x1, py), shade(colour, -0.13), 2, opacity=0.6)
        for _ in range(stage.count(4)):
            x = dice.between(area.x0, area.x1)
            g.stroke(
                Path().move(x, py - 8 - i * 5).line(x + (x - stage.width / 2) * 0.02, py),
                shade(colour, -0.13),
                2,
                opacity=0.5,
            )


def wallpaper(stage: Stage, g: Group, low: float, colour: Colour, pattern: int) -> None:
    """A wall down to ``low``; ``pattern`` 0 stars and dots, 1 stripes, 2 small leaves."""
    area, stage.wall_colour, stage.is_room = stage.area, colour, True
    g.fill(
        box(area.x0, area.y0, area.width, low - area.y0),
        linear(0, area.y0, 0, low, shade(colour, -0.05), colour, shade(colour, 0.06)),
    )
    marks = Path()
    for i in range(int(area.width / 78) + 1):
        x0 = area.x0 + i * 78
        if pattern == 1:
            marks.join(box(x0, area.y0, 34, low - area.y0))
            continue
        for j in range(int((low - area.y0) / 72)):
            x, y = x0 + (j % 2) * 39, area.y0 + 20 + j * 72
            if pattern == 0 and stage.allows("stars", "star"):
                marks.join(star(x, y, 7.5) if (i + j) % 3 else ellipse(x, y, 3))
            else:
                marks.join(ellipse(x - 4, y, 7, 3, 40)).join(ellipse(x + 5, y - 3, 7, 3, -40))
    g.fill(marks, shade(colour, 0.12), opacity=0.18 if pattern == 1 else 0.38)


def picture_frame(g: Group, x: float, y: float, width: float, height: float, dice: Dice) -> None:
    g.solid(box(x, y, width, height, 6), "#a8714c", 0.08)
    inside = g.group(clip=box(x + 10, y + 10, width - 20, height - 20))
    inside.fill(box(x, y, width, height), linear(0, y, 0, y + height, "#bfe0e6", "#f6ead0"))
    tone = dice.pick(("#7fb08a", "#8fa0c9", "#c9a06a"))
    inside.fill(
        smooth(
            [
                (x, y + height * 0.7),
                (x + width * 0.4, y + height * 0.45),
                (x + width, y + height * 0.7),
                (x + width, y + height + 9),
                (x, y + height + 9),
            ]
        ),
        tone,
    )
    inside.fill(ellipse(x + width * 0.7, y + height * 0.32, min(width, height) * 0.1), "#f6c75a")


def blocks(g: Group, x: float, y: float, size: float) -> None:
    for dx, dy, colour in ((-29, 0, "#e8746a"), (29, 0, "#5fa3b0"), (0, -54, "#f2bf5a")):
        bx, by, s = x + dx * size, y + dy * size, 52 * size
        g.solid(box(bx - s / 2, by - s, s, s, 7 * size), colour)
        g.fill(box(bx - s * 0.34, by - s * 0.84, s * 0.68, s * 0.68, 4), "#fff6e6", opacity=0.85)
        g.fill(
            polygon(
                [(bx + 13 * size * math.cos(a), by - s / 2 + 13 * size * math.sin(a)) for a in (-1.57, 0.52, 2.62)]
            ),
            colour,
        )


def globe(g: Group, x: float, y: float, size: float) -> None:
    s = size
    g.stroke(Path().move(x, y).line(x, y - 20 * s), "#6a4433", 6 * s)
    g.fill(ellipse(x, y - 3 * s, 22 * s, 6 * s), "#6a4433")
    ball = g.solid(ellipse(x, y - 54 * s, 33 * s), "#5aa0c4", 0.1)
    ball.fill(
        smooth([(x - 24 * s, y - 70 * s), (x - 4 * s, y - 76 * s), (x + 2 * s, y - 56 * s), (x - 12 * s, y - 40 * s)]),
        "#86b86f",
    )
    ball.fill(smooth([(x + 10 * s, y - 50 * s), (x + 28 * s, y - 58 * s), (x + 24 * s, y - 34 * s)]), "#86b86f")
    g.stroke(
        Path().move(x - 10 * s, y - 92 * s).cubic(x + 50 * s, y - 92 * s, x + 50 * s, y - 18 * s, x, y - 18 * s),
        "#b8894a",
        4 * s,
    )
