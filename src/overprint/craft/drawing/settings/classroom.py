"""A classroom with a chalkboard, small desks and a window."""

from overprint.core.scene import Area
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements import room
from overprint.craft.drawing.elements.sky import motes
from overprint.craft.drawing.nodes import Group, Layer
from overprint.craft.drawing.settings.bedroom import room_light
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, polygon, smooth, star

_WALLS = ("#e8d9a8", "#b5d0cc", "#e6c0a8", "#c3cfe2")
_CHALK = "#f6f3e8"


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    wall = mix(stage.same("wall").pick(_WALLS), "#3a4068", 0.45 * p.dark)
    wood = mix("#b98755", "#4a3040", 0.35 * p.dark)
    floor = h * dice.between(0.7, 0.74)
    g = stage.layer("wall", 0.1)
    room.wallpaper(stage, g, floor, wall, 1)
    g.fill(box(stage.area.x0, floor - 130, stage.area.width, 132), mix(wood, wall, 0.45))
    g.fill(box(stage.area.x0, floor - 140, stage.area.width, 14), mix(wood, "#fff3dd", 0.3))
    stage.floor_colour = wood
    room.planks(stage, g, floor, wood)
    board_left = dice.chance(0.5)
    board_w = min(470.0, w * 0.46)
    bx = w * 0.07 if board_left else w * 0.93 - board_w
    _board(stage, bx, h * 0.14, board_w, h * 0.34, wood)
    g = stage.layer("window", 0.16, shadow=0.25)
    win_w = min(250.0, w * 0.25)
    win_x = w * (0.76 if board_left else 0.24) - win_w / 2
    room.window(stage, g, win_x, h * 0.13, win_w, h * 0.33)
    decor = stage.layer("decor", 0.22, shadow=0.3)
    if stage.quiet is not Area.TOP:
        room.bunting(decor, -40, w * 0.52, h * 0.035, 48)
        room.bunting(decor, w * 0.52, w + 40, h * 0.035, 48)
    for k in range(3):
        _pinned(stage, decor, (bx - 6 + k * 92) if not board_left else bx + board_w - 260 + k * 92, h * 0.535, k)
    _furniture(stage, floor, wood, board_left)
    room_light(stage, (win_x + win_w / 2, h * 0.3))
    motes(stage, "#fff0c0", 12, top=0.1, low=0.7)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865), front=(_desk_in_front(stage, wood),), indoors=True)


def _board(stage: Stage, x: float, y: float, width: float, height: float, wood: Colour) -> None:
    """A chalkboard with drawings of the day."""
    dice = stage.dice.child("board")
    g = stage.layer("board", 0.2, shadow=0.35)
    g.solid(box(x - 16, y - 16, width + 32, height + 32, 8), wood, 0.09)
    slate = mix("#2f5548", "#1c2c3a", 0.4 * stage.palette.dark)
    g.fill(box(x, y, width, height, 3), slate)
    g.fill(ellipse(x + width * 0.6, y + height * 0.6, width * 0.3, height * 0.2), "#ffffff", opacity=0.05, blur=16)
    lines = Path()
    for k, share in enumerate((0.14, 0.3, 0.46)):
        cx, cy, r = x + width * share, y + height * 0.3, height * 0.09
        (
            lines.join(ellipse(cx, cy, r))
            if k == 0
            else lines.join(star(cx, cy, r))
            if k == 1
            else lines.join(box(cx - r, cy - r, 2 * r, 2 * r))
        )
    house = [(0.66, 0.6), (0.66, 0.36), (0.78, 0.2), (0.9, 0.36), (0.9, 0.6)]
    lines.join(polygon([(x + width * a, y + height * b) for a, b in house]))
    lines.join(box(x + width * 0.75, y + height * 0.44, width * 0.06, height * 0.16))
    wave = Path().move(x + width * 0.08, y + height * 0.74)
    for k in range(6):
        wave.quad(
            x + width * (0.11 + k * 0.07),
            y + height * (0.66 + dice.between(-0.02, 0.02)),
            x + width * (0.15 + k * 0.07),
            y + height * 0.74,
        )
    g.stroke(lines.join(wave), _CHALK, 4, opacity=0.85)
    g.solid(box(x, y + height + 12, width, 12, 4), shade(wood, 0.06), 0.07)
    for k, colour in enumerate(("#f6f3e8", "#f2c46a", "#9fd0e0")):
        g.fill(box(x + 30 + k * 46, y + height + 5, 30, 8, 4), colour)


def _pinned(stage: Stage, g: Group, x: float, y: float, k: int) -> None:
    dice = stage.dice.child("pinned", k)
    g.solid(box(x, y, 76, 60, 2), "#fffaf0", 0.05)
    colour = ("#e07a5a", "#6fa0c9", "#8fb04a")[k]
    kind = dice.whole(0, 2)
    if kind == 0:
        g.fill(ellipse(x + 38, y + 30, 18), colour)
    elif kind == 1:
        g.fill(polygon([(x + 14, y + 50), (x + 38, y + 12), (x + 62, y + 50)]), colour)
    else:
        g.fill(
            smooth([(x + 10, y + 44), (x + 30, y + 18), (x + 46, y + 36), (x + 66, y + 20), (x + 66, y + 50)]), colour
        )
    g.fill(ellipse(x + 38, y + 4, 4), "#d9483f")


def _furniture(stage: Stage, floor: float, wood: Colour, board_left: bool) -> None:
    dice, w = stage.dice.child("furniture"), stage.width
    g = stage.layer("furniture", 0.55, shadow=0.35)
    x = w * 0.86 if board_left else w * 0.14
    g.solid(box(x - 130, floor - 130, 260, 150, 6), shade(wood, -0.02), 0.09)
    for row in range(2):
        room.books(g, x - 116, x + 110, floor - 64 + row * 66, dice, high=0.56)
        g.solid(box(x - 124, floor - 64 + row * 66, 248, 10, 3), shade(wood, 0.04), 0.06)
    room.globe(g, x + 60, floor - 130, 0.9)
    for share in (0.3, 0.52) if not board_left else (0.48, 0.7):
        _desk(g, w * (1 - share if board_left else share + 0.16), floor + 40, 0.62, shade(wood, 0.05))


def _desk(g: Group, x: float, y: float, size: float, wood: Colour) -> None:
    s = size
    for side in (-1, 1):
        g.solid(box(x + side * 92 * s - 9 * s, y - 108 * s, 18 * s, 112 * s, 4), shade(wood, -0.1), 0.08)
    g.solid(box(x - 120 * s, y - 128 * s, 240 * s, 26 * s, 7), wood, 0.08)
    g.solid(box(x - 60 * s, y - 140 * s, 70 * s, 13 * s, 3), "#c9705a", 0.07)
    g.fill(box(x + 34 * s, y - 150 * s, 30 * s, 24 * s, 5), "#6f9ab5")
    for k, colour in enumerate(("#f0c04a", "#d9483f", "#6fa05a")):
        g.stroke(Path().move(x + (40 + k * 8) * s, y - 146 * s).line(x + (36 + k * 13) * s, y - 178 * s), colour, 5 * s)


def _desk_in_front(stage: Stage, wood: Colour) -> Layer:
    """The corner of a desk close to the camera, out of focus."""
    dice, w, h = stage.dice.child("near"), stage.width, stage.height
    layer = Layer("near desk", 1.25, Group("near desk"), softness=3.0)
    side = dice.sign()
    x = -60 if side < 0 else w + 60
    layer.group.solid(box(x - 200, h * 0.975, 400, 120, 14), shade(wood, -0.08), 0.08)
    layer.group.solid(box(x - side * 130 - 40, h * 0.93, 84, h * 0.05, 8), "#6f9ab5", 0.08)
    return layer
