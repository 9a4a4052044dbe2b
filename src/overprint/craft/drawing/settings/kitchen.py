"""A kitchen: a stove, a counter under the window, shelves of jars."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements import room
from overprint.craft.drawing.elements.houses import smoke
from overprint.craft.drawing.elements.sky import motes
from overprint.craft.drawing.nodes import Group, Shine, glow, radial
from overprint.craft.drawing.settings.bedroom import room_light
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, smooth

_WALLS = ("#e9cfa2", "#b9d2c4", "#e6b8a2", "#bcd0e0", "#e8dcc0")
_DOORS = ("#5f8f9a", "#c9785a", "#6f9a6a", "#8a7ab0", "#d9a24a")
_JARS = ("#c9573f", "#e0a83c", "#7f9a4a", "#b0688a", "#efe3cc")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    wall = mix(stage.same("wall").pick(_WALLS), "#3a4068", 0.45 * p.dark)
    cupboard = mix(stage.same("door").pick(_DOORS), "#2f3050", 0.35 * p.dark)
    wood = mix("#b98755", "#4a3040", 0.35 * p.dark)
    floor = h * dice.between(0.74, 0.78)
    g = stage.layer("wall", 0.1)
    room.wallpaper(stage, g, floor, wall, stage.same("paper").whole(1, 2))
    _tiles(stage, g, h * 0.4, floor, mix("#fbf6ea", wall, 0.25))
    stage.floor_colour = wood
    room.planks(stage, g, floor, wood)
    mirrored = dice.chance(0.5)

    def at_x(share: float) -> float:
        return w * (1 - share if mirrored else share)

    win_w = dice.between(230, 300)
    win_x = at_x(dice.between(0.42, 0.5)) - win_w / 2
    g = stage.layer("window", 0.16, shadow=0.25)
    room.window(stage, g, win_x, h * 0.08, win_w, h * 0.3)
    shelves = stage.layer("shelves", 0.3, shadow=0.35)
    for left in (at_x(0.02) - (270 if mirrored else 0), at_x(0.78) - (270 if mirrored else 0)):
        _shelf(stage, shelves, left, h * dice.between(0.25, 0.3), 270, wood)
    counter = stage.layer("counter", 0.55, shadow=0.35)
    top = floor - h * 0.2
    _counter(stage, counter, top, floor, cupboard, wood)
    stove_x = at_x(0.82) - 110
    _stove(stage, counter, stove_x, top, floor)
    _on_counter(stage, counter, at_x(0.12), top)
    room_light(stage, (stove_x + 110, top))
    motes(stage, "#ffe3a0", 8, top=0.1, low=0.7)
    rug = stage.layer("rug", 0.7)
    room.rug(
        rug,
        w * 0.5,
        h * 0.93,
        min(380.0, w * 0.38),
        stage.same("rug").pick((("#c9573f", "#f3e0c0"), ("#5f8f9a", "#f0e6d0"))),
    )
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865), indoors=True)


def _tiles(stage: Stage, g: Group, top: float, low: float, colour: Colour) -> None:
    area = stage.area
    g.fill(box(area.x0, top, area.width, low - top), colour)
    joints = Path()
    y, row = top, 0
    while y < low:
        joints.move(area.x0, y).line(area.x1, y)
        x = area.x0 + (row % 2) * 28
        while x < area.x1:
            joints.move(x, y).line(x, y + 38)
            x += 56
        y, row = y + 38, row + 1
    g.stroke(joints, shade(colour, -0.07), 2.4, opacity=0.8)


def _shelf(stage: Stage, g: Group, x: float, y: float, width: float, wood: Colour) -> None:
    dice = stage.dice.child("shelf", round(x))
    for level in (0.0, 118.0):
        g.solid(box(x, y + level, width, 15, 5), wood, 0.08)
        px = x + 14
        while px < x + width - 44:
            wide, tall = dice.between(28, 44), dice.between(42, 76)
            colour = mix(dice.pick(_JARS), stage.palette.ambient, stage.palette.ambient_share)
            if dice.chance(0.3):
                for k in range(3):
                    g.solid(ellipse(px + 22, y + level - 8 - k * 7, 24 - k, 8), mix(colour, "#ffffff", 0.5), 0.07)
                px += 58
                continue
            g.solid(box(px, y + level - tall, wide, tall, 8), colour, 0.08)
            g.fill(box(px + 3, y + level - tall - 8, wide - 6, 11, 4), "#8a6a4a")
            g.fill(box(px + 5, y + level - tall * 0.6, wide - 10, tall * 0.34, 3), "#fff6e6", opacity=0.85)
            px += wide + dice.between(8, 16)
    for k in range(4):
        hook = x + 36 + k * (width - 72) / 3
        g.stroke(Path().move(hook, y + 133).line(hook, y + 150), "#7a6a5a", 4)
        g.solid(ellipse(hook, y + 166, 17), mix("#8f98a4", "#c98a4f", 0.5 if k % 2 else 0.0), 0.1)


def _counter(stage: Stage, g: Group, top: float, floor: float, colour: Colour, wood: Colour) -> None:
    area = stage.area
    g.solid(box(area.x0, top, area.width, floor - top + 6), colour, 0.06, light=(0, -4), soft=3)
    g.fill(box(area.x0, floor - 16, area.width, 24), shade(colour, -0.16))
    x = area.x0 + 20
    while x < area.x1:
        g.solid(box(x, top + 30, 128, floor - top - 60, 10), shade(colour, 0.03), 0.07)
        g.stroke(box(x + 14, top + 44, 100, floor - top - 88, 6), shade(colour, -0.06), 3)
        g.fill(ellipse(x + 110, top + (floor - top) * 0.46, 6), "#f0cf8a")
        x += 142
    g.solid(box(area.x0, top - 16, area.width, 26, 6), shade(wood, 0.06), 0.07, light=(0, -3), soft=3)


def _stove(stage: Stage, g: Group, x: float, top: float, floor: float) -> None:
    iron = mix("#4a4a58", stage.palette.ambient, stage.palette.ambient_share)
    g.solid(box(x, top - 22, 220, floor - top + 26, 10), iron, 0.09)
    g.fill(box(x + 30, top + 34, 160, 84, 12), "#2a2028")
    g.fill(box(x + 38, top + 42, 144, 68, 10), radial(x + 110, top + 92, 90, "#ffd27a", "#f08a3c", "#7a2f28"))
    glow(g.group(opacity=0, shine=Shine.FIRE), x + 110, top + 86, 150, "#ff9a4a", 0.8)
    for k in range(4):
        g.fill(ellipse(x + 50 + k * 40, top + 6, 8), "#d9b98a")
    pot = mix("#c9573f", stage.palette.ambient, stage.palette.ambient_share)
    g.solid(
        smooth([(x + 58, top - 22), (x + 50, top - 84), (x + 160, top - 84), (x + 152, top - 22)], ease=1 / 9), pot, 0.1
    )
    g.solid(ellipse(x + 105, top - 86, 60, 12), shade(pot, 0.07), 0.06)
    g.fill(ellipse(x + 105, top - 100, 10, 8), shade(pot, -0.1))
    smoke(g, x + 120, top - 104, 0.7, "#ffffff", stage.dice.child("steam"))


def _on_counter(stage: Stage, g: Group, x: float, top: float) -> None:
    """A bowl of fruit and a loaf."""
    y = top - 16
    for dx, dy, colour in ((-24, -34, "#d9483f"), (4, -42, "#f0b03c"), (28, -34, "#8fb04a")):
        g.solid(ellipse(x + dx, y + dy, 21), mix(colour, stage.palette.ambient, stage.palette.ambient_share), 0.08)
    g.solid(smooth([(x - 62, y - 30), (x + 62, y - 30), (x + 34, y), (x - 34, y)], ease=1 / 8), "#6f9ab5", 0.09)
    loaf = [(x + 120, y), (x + 112, y - 30), (x + 140, y - 50), (x + 200, y - 48), (x + 218, y - 24), (x + 210, y)]
    crust = g.solid(smooth(loaf, ease=1 / 8), "#c98a4a", 0.09)
    for k in range(3):
        crust.stroke(Path().move(x + 140 + k * 24, y - 46).line(x + 150 + k * 24, y - 24), "#f3d9a8", 4)
