"""A castle: its towers over the courtyard, banners and a gate."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import bush, grass, hill, path_down, ridge
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.elements.trees import SNOW, conifer_row
from overprint.craft.drawing.nodes import Group, Shine, glow
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, polygon, smooth

_STONES = ("#cfc4b4", "#c2bccb", "#d9c3a8", "#b9c4c2")
_ROOFS = ("#5a6fb0", "#b5523f", "#3f8a8a", "#8a5aa0")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    horizon = dice.between(0.5, 0.56)
    sky(stage, horizon=0.7, stars=170, disc=dice.between(56, 84))
    clouds(stage, mix("#ffffff", p.sky[2 if not stage.is_dark else 1], 0.2 + 0.55 * p.dark), number=4, low=0.36)
    far = ridge(stage, h * horizon, 40, "far", slope=dice.between(-60, 60))
    g = stage.layer("far", 0.14, shadow=0.14)
    birds(stage, g, dice.whole(2, 5), mix(p.shadow, p.sky[1], 0.4))
    hill(stage, g, far, p.far, mix(p.far, p.sky[3], 0.5))
    conifer_row(stage, g, far, mix(p.far, p.conifer[0], 0.3), 26, 56, 50)
    stone = mix(stage.same("stone").pick(_STONES), p.ambient, p.ambient_share)
    roof = mix(stage.same("roof").pick(_ROOFS), p.ambient, p.ambient_share)
    g = stage.layer("castle", 0.42, shadow=0.3)
    _castle(stage, g, w * dice.between(0.4, 0.6), h * 0.79, dice.between(0.92, 1.12) * min(1.2, h / 1000), stone, roof)
    front = ridge(stage, h * 0.78, 12, "front", slope=dice.between(-24, 24))
    g = stage.layer("yard", 0.82, shadow=0.26)
    ground = hill(stage, g, front, p.ground, shade(p.ground, -0.07))
    tone = mix("#e6d6b8", p.ground, 0.3 + 0.35 * p.dark)
    path_down(stage, ground, w * 0.5, h * 0.775, h * 1.06, 420, tone, dice.between(-50, 50))
    grass(stage, g, front, p.ground, 150, low=8, high=18)
    for share in (0.05, 0.17, 0.83, 0.95):
        bush(
            g,
            w * share,
            h * dice.between(0.81, 0.85),
            dice.between(34, 58),
            p.leaf[1] if not stage.is_snowy else SNOW,
            dice,
        )
    _torches(stage, g)
    motes(stage, p.glow, 10)
    return Scenery(Floor(h * 0.945, h * 0.89, h * 0.84))


def _castle(stage: Stage, g: Group, x: float, y: float, size: float, stone: Colour, roof: Colour) -> None:
    dice, s, lit = stage.same("towers"), size, stage.is_dark
    for dx, wide, tall in ((-210, 90, 400), (210, 90, 430), (-70, 110, 520), (84, 96, 460)):
        high = tall * s * dice.between(0.85, 1.15)
        _tower(stage, g, x + dx * s, y, wide * s, high, shade(stone, -0.04), roof, lit=lit)
    for dx, wide, tall in ((-330, 118, 330), (330, 118, 320)):
        _tower(stage, g, x + dx * s, y, wide * s, tall * s, stone, roof, lit=lit)
    wall = g.solid(box(x - 300 * s, y - 210 * s, 600 * s, 230 * s), stone, 0.08, light=(-6, -4), soft=5)
    _blocks(stage, wall, x - 300 * s, y - 210 * s, 600 * s, 220 * s, stone)
    _battlements(g, x - 300 * s, x + 300 * s, y - 210 * s, 30 * s, stone)
    gate = Path().move(x - 66 * s, y + 10).line(x - 66 * s, y - 86 * s)
    gate.cubic(x - 60 * s, y - 164 * s, x + 60 * s, y - 164 * s, x + 66 * s, y - 86 * s).line(
        x + 66 * s, y + 10
    ).close()
    g.stroke(gate, shade(stone, -0.12), 18 * s)
    g.fill(gate, "#3a2c34")
    bars = Path()
    for k in range(-2, 3):
        bars.move(x + k * 24 * s, y - 134 * s).line(x + k * 24 * s, y - 40 * s)
    g.stroke(bars, "#6a5a52", 6 * s)
    for side in (-1, 1):
        _banner(g, x + side * 150 * s, y - 190 * s, s, roof)


def _tower(
    stage: Stage, g: Group, x: float, y: float, wide: float, tall: float, stone: Colour, roof: Colour, *, lit: bool
) -> None:
    body = g.solid(box(x - wide / 2, y - tall, wide, tall + 10), stone, 0.1, light=(-wide * 0.14, 0), soft=wide * 0.1)
    _blocks(stage, body, x - wide / 2, y - tall, wide, tall, stone)
    g.solid(box(x - wide * 0.6, y - tall - 22, wide * 1.2, 34, 3), shade(stone, 0.02), 0.08)
    cone = [(x - wide * 0.7, y - tall - 18), (x, y - tall - wide * 1.5), (x + wide * 0.7, y - tall - 18)]
    tiles = g.solid(polygon(cone), roof, 0.1, light=(-wide * 0.14, -4), soft=8)
    if stage.is_snowy:
        tiles.fill(
            polygon(
                [
                    (x - wide * 0.34, y - tall - wide * 0.8),
                    (x, y - tall - wide * 1.6),
                    (x + wide * 0.34, y - tall - wide * 0.8),
                ]
            ),
            SNOW,
        )
    tip = y - tall - wide * 1.5
    g.stroke(Path().move(x, tip + 4).line(x, tip - 46), "#6a5a52", 4)
    g.fill(
        smooth(
            [
                (x, tip - 46),
                (x + 22, tip - 42),
                (x + 44, tip - 48),
                (x + 40, tip - 28),
                (x + 20, tip - 24),
                (x, tip - 27),
            ]
        ),
        "#f0b03c",
    )
    for k in (0.24, 0.52):
        window = box(x - wide * 0.13, y - tall * (1 - k), wide * 0.26, wide * 0.44, wide * 0.13)
        if lit:
            glow(g, x, y - tall * (1 - k) + wide * 0.2, wide * 0.9, "#ffc870", 0.5, shine=Shine.CANDLE)
        g.fill(window, "#ffd98a" if lit else "#4a5070")


def _blocks(stage: Stage, g: Group, x: float, y: float, width: float, height: float, stone: Colour) -> None:
    dice = stage.dice.child("blocks", round(x), round(y))
    for _ in range(max(3, int(width * height / 5200))):
        bx, by = x + dice.between(0, width), y + dice.between(0, height)
        g.fill(box(bx, by, dice.between(22, 40), 15, 4), shade(stone, dice.pick((-0.05, 0.04))), opacity=0.6)


def _battlements(g: Group, x0: float, x1: float, y: float, size: float, stone: Colour) -> None:
    count = int((x1 - x0) / (size * 1.7))
    for k in range(count):
        g.solid(box(x0 + k * (x1 - x0) / count, y - size, size, size + 6, 2), shade(stone, 0.02), 0.07)


def _banner(g: Group, x: float, y: float, size: float, colour: Colour) -> None:
    s = size
    cloth = g.solid(
        polygon(
            [(x - 28 * s, y), (x + 28 * s, y), (x + 28 * s, y + 110 * s), (x, y + 88 * s), (x - 28 * s, y + 110 * s)]
        ),
        colour,
        0.08,
    )
    cloth.fill(ellipse(x, y + 42 * s, 14 * s), "#f5d06a")
    g.fill(box(x - 36 * s, y - 7 * s, 72 * s, 9 * s, 4), "#6a5a52")


def _torches(stage: Stage, g: Group) -> None:
    if not stage.is_dark:
        return
    for share in (0.24, 0.76):
        x, y = stage.width * share, stage.height * 0.8
        g.stroke(Path().move(x, y + 30).line(x, y - 70), "#5a4038", 9)
        glow(g, x, y - 92, 210, "#ffb45a", 0.6, shine=Shine.FIRE)
        tongue = smooth([(x - 13, y - 74), (x - 8, y - 100), (x, y - 122), (x + 9, y - 98), (x + 13, y - 74)])
        g.group(shine=Shine.FLAME).fill(tongue, "#ffc04a")
