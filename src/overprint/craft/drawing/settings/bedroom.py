"""A child's bedroom with a window on the weather."""

from overprint.core.scene import Area
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements import room
from overprint.craft.drawing.elements.sky import motes
from overprint.craft.drawing.nodes import Group, radial
from overprint.craft.drawing.props import teddy
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import at, box, smooth, star

_WALLS = ("#5b74ad", "#6f9a92", "#b98a86", "#8a80b5", "#c9a06a", "#7f9ab5")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    base = stage.same("wall").pick(_WALLS)
    wall = mix(base, "#33406e", 0.5 * p.dark) if p.dark > 0.3 else mix(base, "#fff1d8", 0.42)
    skirting = h * dice.between(0.7, 0.75)
    g = stage.layer("wall", 0.1)
    room.wallpaper(stage, g, skirting, wall, stage.same("paper").whole(0, 2))
    g.fill(box(stage.area.x0, skirting - 20, stage.area.width, 22), mix("#f1e6d4", wall, 0.15))
    wood = mix("#a8714c", "#4a3040", 0.35 * p.dark)
    stage.floor_colour = wood
    room.planks(stage, g, skirting, wood)
    bed_left = stage.bed_side < 0 if stage.bed_side else dice.chance(0.5)
    win_w, win_h = dice.between(230, 290), dice.between(290, 350)
    win_x = (
        w * (dice.between(0.56, 0.62) if bed_left else dice.between(0.38, 0.44)) - win_w / 2 + (60 if bed_left else -60)
    )
    g = stage.layer("window", 0.16, shadow=0.3)
    room.window(stage, g, win_x, h * 0.1, win_w, win_h)
    room.curtains(
        g, win_x, h * 0.1, win_w, win_h, stage.same("curtain").pick(("#c9665a", "#5f8f9a", "#c98a4f", "#8a6fa8"))
    )
    _decor(stage, bed_left, win_x, win_w)
    bed = _bed(stage, bed_left, wood)
    lamp = _bedside(stage, bed_left, wood)
    room_light(stage, lamp)
    motes(stage, "#ffe3a0", 10, top=0.1, low=0.8)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865), bed=bed, indoors=True)


def room_light(stage: Stage, lamp: tuple[float, float]) -> None:
    """Lamplight over the room at night; by day only a touch of warmth."""
    p = stage.palette
    if p.dark < 0.3:
        return
    g = stage.layer("light", 0.95, is_light=True)
    stops = ((0.0, "#ffb45a", 0.24 * p.dark), (0.5, "#8a4a6a", 0.06), (1.0, "#0a1038", 0.0))
    g.fill(stage.cover(), radial(*lamp, 1150, *stops))


def _decor(stage: Stage, bed_left: bool, win_x: float, win_w: float) -> None:
    dice, w, h = stage.dice.child("decor"), stage.width, stage.height
    g = stage.layer("decor", 0.22, shadow=0.35)
    x = w * 0.06 if bed_left else w * 0.94 - 290
    if win_x < x + 300 + 80 and win_x + win_w + 80 > x:
        return
    kind = dice.whole(0, 2)
    if kind == 0:
        y = h * dice.between(0.3, 0.37)
        g.solid(box(x, y, 290, 18, 6), "#8a5a40", 0.08)
        room.books(g, x + 12, x + 205, y, dice)
        room.globe(g, x + 246, y, 0.75)
    elif kind == 1:
        for i in range(2):
            room.picture_frame(g, x + i * 150, h * dice.between(0.2, 0.28), 124, 150 - i * 26, dice)
    if (kind != 1 or dice.chance(0.5)) and stage.quiet is not Area.TOP:
        room.bunting(g, x - 70 if bed_left else x - 60, x + 330, h * 0.04, 70)


def _bed(stage: Stage, left: bool, wood: Colour) -> tuple[float, float, float]:
    """Draws the bed; answers where a sleeper lies: x, y and scale."""
    w, h = stage.width, stage.height
    g = stage.layer("bed", 0.6, shadow=0.4)
    room.rug(
        g,
        w * (0.62 if left else 0.38),
        h * 0.945,
        min(430.0, w * 0.43),
        stage.same("rug").pick((("#c9785a", "#e9c9a0"), ("#5f8fa0", "#dfe6d8"), ("#8a6fa8", "#e9d3e0"))),
    )
    side = 1 if left else -1
    x, y, long = (w * 0.04 if left else w * 0.96), h * 0.86, min(560.0, w * 0.56)
    oak = shade(wood, 0.04)
    board = [(0, -60), (0, -250), (40, -305), (120, -305), (150, -250), (150, -60)]
    g.solid(smooth([(x + side * px, y + py) for px, py in board], ease=1 / 10), oak, 0.09)
    if stage.allows("star", "stars"):
        g.fill(star(x + side * 76, y - 246, 26), mix("#f3d9a8", wood, 0.1))
    g.solid(box(min(x, x + side * long), y - 66, long, 66, 12), shade(oak, -0.03), 0.09)
    for px in (0, long - 34):
        g.solid(box(min(x + side * px, x + side * (px + 34)), y - 150, 34, 168, 12), oak, 0.1)
    g.fill(box(min(x + side * 12, x + side * (long - 24)), y - 112, long - 36, 60, 20), "#f3ead9")
    pillow = [(26, -120), (50, -168), (140, -176), (176, -140), (166, -100), (90, -94), (34, -98)]
    g.solid(smooth([(x + side * px, y + py) for px, py in pillow]), "#fffaf0", 0.06, light=(-7, -8), soft=9)
    if not stage.bed_side:
        _quilt(g, x, y, side, long, stage.same("quilt").pick(("#4f8f93", "#a8605a", "#6f6fa8")))
    return x + side * 216, y - 78, float(side)


def _quilt(g: Group, x: float, y: float, side: int, long: float, colour: Colour) -> None:
    k = long / 640
    outline = [
        (84, -100),
        (150, -136),
        (300, -150),
        (460, -142),
        (600, -118),
        (640, -20),
        (560, -8),
        (440, -18),
        (320, -6),
        (180, -16),
        (96, -10),
    ]
    cloth = g.solid(
        smooth([(x + side * px * k, y + py) for px, py in outline], ease=1 / 7), colour, 0.1, light=(-8, -12), soft=12
    )
    patches = ("#e8c27a", "#d9806a", "#7fb0a0", "#efe0c4", "#5a7ab0", "#c98aa0")
    for i in range(13):
        for j in range(4):
            px, py = 70 + i * 46 + j * 6, -160 + j * 42
            x0 = x + side * px * k if side > 0 else x - px * k - 44 * k
            cloth.fill(box(x0, y + py, 44 * k, 40, 3), patches[(i * 2 + j * 3 + (i * j) % 2) % 6], opacity=0.9)
            cloth.stroke(box(x0 + 4, y + py + 4, 44 * k - 8, 32, 2), "#fff6e0", 1.5, opacity=0.5)
    fold = [(70, -40), (80, -112), (150, -146), (260, -166), (290, -146), (200, -116), (136, -80), (124, -10), (80, -8)]
    g.fill(smooth([(x + side * px * k, y + py) for px, py in fold]), "#fff3df", opacity=0.97)


def _bedside(stage: Stage, bed_left: bool, wood: Colour) -> tuple[float, float]:
    dice, w, h = stage.dice.child("bedside"), stage.width, stage.height
    g = stage.layer("bedside", 0.7, shadow=0.35)
    x, y = (w * 0.86 if bed_left else w * 0.14), h * 0.85
    g.solid(box(x - 70, y - 150, 140, 150, 10), shade(wood, -0.03), 0.1)
    g.solid(box(x - 80, y - 162, 160, 20, 7), shade(wood, 0.03), 0.08)
    for j in range(2):
        g.solid(box(x - 56, y - 132 + j * 64, 112, 50, 8), wood, 0.07)
        g.fill(
            star(x, y - 107 + j * 64, 7) if stage.allows("star") else box(x - 5, y - 112 + j * 64, 10, 10, 5), "#f0cf8a"
        )
    lit = stage.is_dark or stage.palette.dark > 0.3
    room.table_lamp(g, x - 20, y - 160, 0.95, lit=lit)
    room.books(g, x + 30, x + 66, y - 162, dice, high=0.45)
    toys = stage.layer("toys", 0.72, shadow=0.3)
    tx = w * (0.95 if bed_left else 0.05)
    if dice.chance(0.5):
        room.blocks(toys, tx, h * 0.93, 0.85)
    elif stage.allows("bear"):
        teddy.ART.standing(toys.group(matrix=at(tx, h * 0.93)), teddy.ART.colour)
    return x - 20, y - 270
