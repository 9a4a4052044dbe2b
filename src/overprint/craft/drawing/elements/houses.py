"""Houses, towers and street furniture."""

from overprint.craft.drawing.colour import Colour, shade
from overprint.craft.drawing.elements.trees import SNOW
from overprint.craft.drawing.nodes import Group, Shine, glow, linear, radial
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.vector import Path, blob, box, ellipse, polygon, smooth

_COMING_HOME = 3
"""About so many windows of a town house may be lit in the course of a film."""


def house(
    g: Group,
    x: float,
    y: float,
    size: float,
    wall: Colour,
    roof: Colour,
    *,
    lit: bool,
    snowy: bool = False,
    door: Colour = "#7a4a3a",
    tall: float = 1.0,
) -> None:
    """A cottage, 120 wide at size 1, its threshold at ``(x, y)``; ``tall`` stretches the walls."""
    s, w, h = size, 120 * size, 92 * size * tall
    ridge = h + 70 * s
    g.solid(box(x + w * 0.2, y - ridge + 4 * s, 18 * s, 44 * s, 2), shade(roof, -0.08), 0.08)
    g.solid(box(x - w / 2, y - h, w, h + 6, 3), wall, 0.08, light=(-10 * s, -4 * s), soft=8 * s)
    outline = [(-0.64, 0.06), (-0.3, -0.56), (0, -0.76), (0.3, -0.56), (0.64, 0.06), (0, 0.0)]
    tiles = g.solid(
        smooth([(x + px * w, y - h + py * 92 * s) for px, py in outline], ease=1 / 14),
        roof,
        0.09,
        light=(-8 * s, -5 * s),
        soft=5 * s,
    )
    rows = Path()
    for row in range(4):
        for column in range(-6, 7):
            tx, ty = x + (column + (row % 2) * 0.5) * 13 * s, y - h - 4 * s - row * 15 * s
            rows.join(Path().move(tx - 6.5 * s, ty).quad(tx, ty + 8 * s, tx + 6.5 * s, ty))
    tiles.stroke(rows, shade(roof, -0.08), 2 * s, opacity=0.6)
    if snowy:
        snow = [
            (-0.66, 0.03),
            (-0.31, -0.6),
            (0, -0.82),
            (0.31, -0.6),
            (0.66, 0.03),
            (0.48, -0.1),
            (0.3, -0.24),
            (0.1, -0.32),
            (-0.1, -0.24),
            (-0.3, -0.28),
            (-0.48, -0.08),
        ]
        g.fill(smooth([(x + px * w, y - h + py * 92 * s) for px, py in snow], ease=1 / 9), SNOW)
    arch = (
        Path()
        .move(x - 11 * s, y + 4)
        .line(x - 11 * s, y - 36 * s)
        .cubic(x - 11 * s, y - 52 * s, x + 11 * s, y - 52 * s, x + 11 * s, y - 36 * s)
    )
    g.solid(arch.line(x + 11 * s, y + 4).close(), door, 0.06)
    g.fill(ellipse(x + 6 * s, y - 20 * s, 2 * s), "#ffd98a")
    for side in (-1, 1):
        for up in range(max(1, round(tall))):
            _window(g, x + side * 37 * s, y - 48 * s - up * 56 * s, s, wall, lit)
    g.fill(ellipse(x, y - h - 26 * s, 11 * s), shade(wall, -0.2))
    g.fill(ellipse(x, y - h - 26 * s, 9 * s), "#ffd98a" if lit else "#bfe3ee")


def _window(g: Group, x: float, y: float, s: float, wall: Colour, lit: bool) -> None:
    if lit:
        glow(g, x, y, 64 * s, "#ffc766", 0.65, shine=Shine.CANDLE)
    g.fill(box(x - 14 * s, y - 16 * s, 28 * s, 32 * s, 3), shade(wall, -0.2))
    pane = (
        radial(x, y + 6 * s, 26 * s, "#fff3c0", "#ffc95a", "#f0a040")
        if lit
        else linear(x, y - 14 * s, x + 20 * s, y + 14 * s, "#dff3fa", "#9fcfe0")
    )
    g.fill(box(x - 12 * s, y - 14 * s, 24 * s, 28 * s, 2), pane)
    g.stroke(
        Path().move(x, y - 14 * s).line(x, y + 14 * s).move(x - 12 * s, y).line(x + 12 * s, y),
        shade(wall, -0.2),
        2.4 * s,
    )


def smoke(g: Group, x: float, y: float, size: float, colour: Colour, dice: Dice) -> None:
    for i in range(6):
        drift = dice.between(-6, 6) * size + i * 7 * size
        g.fill(
            blob(x + drift, y - i * 24 * size, (8 + 5 * i) * size, (7 + 4.4 * i) * size, dice),
            colour,
            opacity=0.34 - 0.045 * i,
            blur=3 * size,
        )


def fence(g: Group, x0: float, x1: float, heights: list[float], colour: Colour, *, size: float = 1.0) -> None:
    """Pickets from ``x0`` to ``x1`` at the given ground heights."""
    count = len(heights)
    tops: list[tuple[float, float]] = []
    for i, y in enumerate(heights):
        x = x0 + (x1 - x0) * i / max(1, count - 1)
        g.fill(
            polygon(
                [
                    (x - 4 * size, y + 4),
                    (x - 4 * size, y - 27 * size),
                    (x, y - 33 * size),
                    (x + 4 * size, y - 27 * size),
                    (x + 4 * size, y + 4),
                ]
            ),
            colour,
        )
        tops.append((x, y))
    for rise in (10, 21):
        g.stroke(smooth([(x, y - rise * size) for x, y in tops], closed=False), shade(colour, -0.03), 4.5 * size)


def street_lamp(g: Group, x: float, y: float, size: float, *, lit: bool, snowy: bool) -> None:
    post = "#2f334d"
    s = size
    g.stroke(Path().move(x, y).line(x, y - 330 * s), post, 10 * s)
    g.fill(box(x - 16 * s, y - 14 * s, 32 * s, 16 * s, 5), post)
    if lit:
        glow(g, x, y - 352 * s, 250 * s, "#ffd07a", 0.5)
    pane = polygon(
        [(x - 22 * s, y - 372 * s), (x + 22 * s, y - 372 * s), (x + 15 * s, y - 326 * s), (x - 15 * s, y - 326 * s)]
    )
    g.fill(pane, radial(x, y - 346 * s, 34 * s, "#fffbe0", "#ffd674", "#f2a840") if lit else "#dfeef2")
    g.fill(polygon([(x - 28 * s, y - 370 * s), (x + 28 * s, y - 370 * s), (x, y - 396 * s)]), post)
    g.fill(box(x - 17 * s, y - 328 * s, 34 * s, 6 * s, 3), post)
    if snowy:
        g.fill(
            smooth(
                [(x - 28 * s, y - 372 * s), (x, y - 402 * s), (x + 28 * s, y - 372 * s), (x, y - 380 * s)], ease=1 / 9
            ),
            SNOW,
        )


def building(
    g: Group,
    x: float,
    y: float,
    width: float,
    height: float,
    colour: Colour,
    dice: Dice,
    *,
    lit: bool,
    share: float,
    roof: int,
    foot: float,
) -> None:
    """A town house from ``x`` to ``x + width``; ``share`` of its windows are bright; it reaches down to ``foot``."""
    g.solid(box(x, y - height, width, height + foot - y, 2), colour, 0.05, light=(-width * 0.12, 0), soft=width * 0.08)
    if roof == 1:
        g.solid(
            polygon(
                [(x - 6, y - height + 2), (x + width / 2, y - height - width * 0.45), (x + width + 6, y - height + 2)]
            ),
            shade(colour, -0.06),
            0.06,
        )
    elif roof == 2:
        g.solid(
            box(x + width * 0.2, y - height - width * 0.22, width * 0.28, width * 0.24, 2), shade(colour, -0.05), 0.05
        )
        g.stroke(
            Path().move(x + width * 0.72, y - height).line(x + width * 0.72, y - height - width * 0.4),
            shade(colour, -0.05),
            3,
        )
    elif roof == 3:
        dome = (
            Path()
            .move(x, y - height + 1)
            .cubic(x, y - height - width * 0.7, x + width, y - height - width * 0.7, x + width, y - height + 1)
        )
        g.solid(dome.close(), shade(colour, -0.04), 0.07)
    bright, dim = Path(), Path()
    dark: list[Path] = []
    columns = max(2, int(width / 30))
    step = width / columns
    for row in range(min(14, int(height / 40))):
        for column in range(columns):
            pane = box(x + step * (column + 0.27), y - height + 18 + row * 40, step * 0.46, 22, 2)
            if dice.chance(share):
                bright.join(pane)
            else:
                dim.join(pane)
                dark.append(pane)
    if lit:
        g.fill(bright, "#ffb84a", blur=8, opacity=0.6, blend="screen")
    g.fill(bright, "#ffdf8f" if lit else "#e3f3f7")
    g.fill(dim, shade(colour, -0.055 if lit else 0.06))
    for pane in dark[:: max(1, len(dark) // _COMING_HOME)] if lit else ():
        home = g.group(opacity=0, shine=Shine.WINDOW)
        home.fill(pane, "#ffb84a", blur=8, opacity=0.6, blend="screen")
        home.fill(pane, "#ffdf8f")


def lighthouse(g: Group, x: float, y: float, size: float, *, lit: bool) -> None:
    s = size
    if lit:
        light = g.group(shine=Shine.BEAM)
        for side in (-1, 1):
            beam = polygon([(x, y - 196 * s), (x + side * 620 * s, y - 270 * s), (x + side * 620 * s, y - 140 * s)])
            light.fill(
                beam,
                linear(x, 0, x + side * 600 * s, 0, (0.0, "#fff1b8", 0.5), (1.0, "#fff1b8", 0.0)),
                blend="screen",
                blur=8,
            )
    tower = polygon([(x - 30 * s, y), (x - 19 * s, y - 176 * s), (x + 19 * s, y - 176 * s), (x + 30 * s, y)])
    body = g.solid(tower, "#f6efe3", 0.1, light=(-9 * s, 0), soft=6 * s)
    for row in range(2):
        body.fill(box(x - 60 * s, y - 66 * s - row * 72 * s, 120 * s, 32 * s), "#d24b45")
    g.fill(box(x - 26 * s, y - 182 * s, 52 * s, 8 * s, 3), "#3d3a4a")
    g.fill(box(x - 13 * s, y - 210 * s, 26 * s, 29 * s, 3), "#ffe9a0" if lit else "#cfe8ef")
    if lit:
        glow(g, x, y - 196 * s, 80 * s, "#ffe9a0", 0.9, shine=Shine.LENS)
    g.solid(
        smooth([(x - 20 * s, y - 208 * s), (x, y - 236 * s), (x + 20 * s, y - 208 * s), (x, y - 206 * s)], ease=1 / 9),
        "#d24b45",
        0.08,
    )
