"""A library: shelves up to the ceiling, a tall window, a reading corner."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements import room
from overprint.craft.drawing.elements.sky import motes
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.settings.bedroom import room_light
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, polygon, smooth


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    wood = mix(stage.same("wood").pick(("#8f5f40", "#7a5038", "#a06a48")), "#2a2038", 0.34 * p.dark)
    wall = mix(stage.same("wall").pick(("#7f9a86", "#b9945f", "#8a7f9c", "#a8736a")), "#2a2a4a", 0.42 * p.dark)
    floor = h * dice.between(0.735, 0.765)
    g = stage.layer("wall", 0.1)
    room.wallpaper(stage, g, floor, wall, dice.pick((1, 2)))
    stage.floor_colour = shade(wood, -0.03)
    room.planks(stage, g, floor, shade(wood, -0.03))
    window_x = w * dice.pick((0.5, 0.3, 0.7)) + dice.between(-30, 30)
    half = dice.between(95, 120)
    g = stage.layer("window", 0.16, shadow=0.25)
    room.window(stage, g, window_x - half, h * 0.09, half * 2, h * 0.42)
    g = stage.layer("shelves", 0.3, shadow=0.35)
    for left, right in ((stage.area.x0, window_x - half - 50), (window_x + half + 50, stage.area.x1)):
        _bookcases(stage, g, left, right, floor, wood)
    _below(stage, g, window_x, half, floor, wood)
    if dice.chance(0.7):
        _ladder(
            g,
            w * dice.pick((dice.between(0.06, 0.2), dice.between(0.8, 0.94))),
            floor,
            h * 0.2,
            shade(wood, 0.1),
            dice.sign(),
        )
    lamp = _reading_corner(stage, wood)
    room_light(stage, lamp)
    motes(stage, "#ffe7b0", 18, top=0.05, low=0.85)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865), indoors=True)


def _bookcases(stage: Stage, g: Group, left: float, right: float, floor: float, wood: Colour) -> None:
    dice, top = stage.dice.child("cases", round(left)), stage.ceiling
    if right - left < 60:
        return
    count = max(1, round((right - left) / 270))
    step = (right - left) / count
    back = shade(wood, -0.13)
    for i in range(count):
        x0 = left + i * step
        g.fill(box(x0, top, step, floor - top), back)
        y = floor - 14
        while y - 100 > top or (y > top and top == stage.area.y0):
            room.books(g, x0 + 16, x0 + step - 14, y, dice, high=0.95, dim=back)
            g.solid(box(x0 + 6, y, step - 12, 14, 2), wood, 0.07, light=(0, -3), soft=2)
            y -= 122
        for x in (x0, x0 + step - 14):
            g.solid(box(x, top, 14, floor - top), shade(wood, 0.02), 0.07, light=(-3, 0), soft=2)
        g.solid(box(x0 - 4, top - 14, step + 8, 20, 4), shade(wood, 0.04), 0.07, light=(0, -3), soft=2)


def _below(stage: Stage, g: Group, x: float, half: float, floor: float, wood: Colour) -> None:
    """A window seat with cushions."""
    dice, h = stage.dice.child("seat"), stage.height
    top = h * 0.62
    g.solid(box(x - half - 50, top, half * 2 + 100, floor - top, 4), wood, 0.08)
    for i in range(3):
        g.stroke(
            box(x - half - 34 + i * (half * 2 + 70) / 3, top + 26, (half * 2 + 40) / 3, floor - top - 44, 4),
            shade(wood, -0.1),
            3,
        )
    g.solid(
        box(x - half - 46, top - 20, half * 2 + 92, 26, 12),
        stage.same("seat").pick(("#b5534a", "#4f7f8a", "#c99a4a")),
        0.08,
    )
    for side in (-1, 1):
        cushion = [(-40, 0), (-44, -50), (0, -58), (44, -50), (40, 0)]
        g.solid(
            smooth([(x + side * half * 0.7 + px, top - 16 + py) for px, py in cushion]),
            dice.pick(("#e8c27a", "#d9806a", "#7fb0a0")),
            0.07,
        )


def _ladder(g: Group, x: float, floor: float, top: float, colour: Colour, side: int) -> None:
    lean = side * 54
    for dx in (-34, 34):
        g.stroke(Path().move(x + dx, floor + 16).line(x + dx * 0.8 + lean, top), colour, 11)
    for i in range(1, 10):
        u = i / 10
        cx, y, half = x + lean * u, floor + 16 + (top - floor - 16) * u, 34 - 7 * u
        g.stroke(Path().move(cx - half, y).line(cx + half, y), shade(colour, -0.05), 9)


def _reading_corner(stage: Stage, wood: Colour) -> tuple[float, float]:
    dice, w, h = stage.dice.child("corner"), stage.width, stage.height
    g = stage.layer("corner", 0.72, shadow=0.32)
    room.rug(
        g,
        w * 0.5,
        h * 0.935,
        min(440.0, w * 0.44),
        dice.pick((("#8f3f45", "#d9b07a"), ("#3f5f86", "#c9b48a"), ("#4f7a62", "#d9c79a"))),
    )
    left = dice.chance(0.5)
    x = w * (0.09 if left else 0.91)
    y = h * 0.87
    table = polygon([(x - 90, y - 118), (x + 90, y - 118), (x + 82, y - 100), (x - 82, y - 100)])
    for dx in (-68, 60):
        g.solid(box(x + dx, y - 104, 13, 104, 3), shade(wood, -0.02), 0.08)
    g.solid(table, shade(wood, 0.05), 0.07)
    room.table_lamp(g, x + (24 if left else -24), y - 116, 0.9, lit=True)
    for i in range(dice.whole(2, 4)):
        g.solid(box(x - 74 + i * 4, y - 134 - i * 16, 66 - i * 6, 16, 3), dice.pick(room.BOOK_COLOURS), 0.07)
    other = w * (0.93 if left else 0.07)
    if dice.chance(0.6):
        room.globe(g, other, h * 0.885, 1.5)
    else:
        for i in range(dice.whole(4, 7)):
            g.solid(
                box(other - 60 + dice.between(-10, 10), h * 0.885 - 18 * (i + 1), 110 - i * 6, 18, 3),
                dice.pick(room.BOOK_COLOURS),
                0.07,
            )
    _chandelier(stage, w * 0.5)
    return x, y - 220


def _chandelier(stage: Stage, x: float) -> None:
    if not stage.is_dark:
        return
    h = stage.height
    g = stage.layer("chandelier", 0.5, shadow=0.2)
    y = max(h * 0.1, stage.area.y0 * 0.2 + h * 0.1)
    g.stroke(Path().move(x, stage.area.y0).line(x, y), "#6a4a2c", 4)
    g.stroke(Path().move(x - 110, y).quad(x, y + 70, x + 110, y), "#c99a4a", 7)
    for dx in (-110, -56, 0, 56, 110):
        cy = y + 35 * (1 - (dx / 110) ** 2)
        glow(g, x + dx, cy - 22, 80, "#ffd27a", 0.5, shine=Shine.CANDLE)
        g.fill(box(x + dx - 5, cy - 20, 10, 20, 2), "#fff6e0")
        g.group(shine=Shine.FLAME).fill(ellipse(x + dx, cy - 27, 4, 8), "#ffb84a")
