"""Inside a spaceship: a great window on the stars, desks of lights, a grated floor."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.sky import draw_disc, motes
from overprint.craft.drawing.elements.space import planet
from overprint.craft.drawing.nodes import Group, glow, linear
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, Rect, box, ellipse, polygon, smooth, sparkle

_SHELLS = ("#c9d3de", "#d8cfe0", "#b9d0d0", "#e0d5c4")
_LIGHTS = ("#ff7a6a", "#ffd25a", "#6fe0b0", "#7ac8ff", "#d89af0")


def build(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice, stage.width, stage.height
    shell = mix(stage.same("shell").pick(_SHELLS), "#2a3060", 0.4 * p.dark)
    stage.wall_colour, stage.is_room = shell, True
    accent = stage.same("accent").pick(("#e8835a", "#4f9ac0", "#6fae8a", "#b07ac8"))
    floor = h * dice.between(0.75, 0.78)
    _space(stage)
    x, y = w * dice.between(0.42, 0.58), h * 0.36
    rx, ry = min(w * 0.4, 430.0), h * 0.27
    g = stage.layer("hull", 0.22, shadow=0.3)
    _hull(stage, g, (x, y, rx, ry), shell, floor)
    g = stage.layer("desks", 0.55, shadow=0.35)
    _desks(stage, g, floor, shell, accent)
    _deck(stage, floor, shell)
    light = stage.layer("light", 0.95, is_light=True)
    glow(light, x, y, max(w, h) * 0.6, "#9ab8ff", 0.16)
    motes(stage, "#cfe6ff", 8, top=0.1, low=0.7)
    return Scenery(Floor(h * 0.95, h * 0.905, h * 0.865), indoors=True)


def _space(stage: Stage) -> None:
    """What lies outside: stars, a planet, the moon or the sun."""
    dice, w, h = stage.dice.child("space"), stage.width, stage.height
    g = stage.layer("space", 0.0)
    g.fill(stage.cover(), linear(0, 0, w, h * 0.7, "#0c0f30", "#2a1f5e", "#4a2f72"))
    for _ in range(4):
        g.fill(
            ellipse(w * dice.between(0.1, 0.9), h * dice.between(0.1, 0.6), 240, 110),
            dice.pick(("#6a4ab0", "#3f6ac0", "#a04a8a")),
            opacity=0.2,
            blur=50,
        )
    if stage.allows("stars"):
        dots, bright = Path(), Path()
        for i in range(stage.count(150)):
            sx, sy = dice.between(0, w), dice.between(0, h * 0.7)
            (bright if i % 12 == 0 else dots).join(
                sparkle(sx, sy, dice.between(6, 11)) if i % 12 == 0 else ellipse(sx, sy, dice.between(1, 2.4))
            )
        g.fill(dots, "#fff8e0", opacity=0.9)
        g.fill(bright, "#fffbe8")
        stage.note("stars")
    side = dice.sign()
    ring = mix("#f0d8a8", "#c98ae0", dice.between(0, 1)) if dice.chance(0.6) else None
    planet(
        g,
        w * (0.5 - side * 0.17),
        h * 0.42,
        dice.between(80, 130),
        dice.pick(("#e09a6a", "#6ac0b8", "#d98ac0", "#7aa0e0")),
        dice,
        ring=ring,
    )
    moon = (stage.is_dark or stage.requires("moon")) and not stage.requires("sun")
    what = "moon" if moon else "sun"
    if stage.allows(what):
        cx, cy, r = w * (0.5 + side * 0.2), h * 0.25, 46.0
        draw_disc(stage, g, cx, cy, r, moon=moon)
        stage.note(what, Rect(cx - r, cy - r, cx + r, cy + r))


def _hull(stage: Stage, g: Group, window: tuple[float, float, float, float], shell: Colour, floor: float) -> None:
    area, (x, y, rx, ry) = stage.area, window
    pane = box(x - rx, y - ry, 2 * rx, 2 * ry, ry * 0.7)
    sheet = box(area.x0, area.y0, area.width, area.height)
    g.cutout(sheet.join(pane), linear(0, area.y0, 0, floor, shade(shell, -0.1), shell, shade(shell, -0.05)))
    seams = Path()
    for k in range(-6, 7):
        seams.move(x + k * 190, area.y0).line(x + k * 150, y - ry - 26 if abs(k) < 3 else floor)
    for share in (0.08, 0.62):
        seams.move(area.x0, stage.height * share).line(x - rx - 40, stage.height * share)
        seams.move(x + rx + 40, stage.height * share).line(area.x1, stage.height * share)
    g.stroke(seams, shade(shell, -0.12), 4, opacity=0.7)
    g.stroke(box(x - rx, y - ry, 2 * rx, 2 * ry, ry * 0.7), shade(shell, -0.16), 44)
    g.stroke(box(x - rx, y - ry, 2 * rx, 2 * ry, ry * 0.7), shade(shell, 0.07), 26)
    rivets = Path()
    for k in range(12):
        rivets.join(ellipse(x - rx * 0.85 + k * rx * 1.7 / 11, y - ry, 5)).join(
            ellipse(x - rx * 0.85 + k * rx * 1.7 / 11, y + ry, 5)
        )
    g.fill(rivets, shade(shell, -0.14))
    gleam = polygon(
        [
            (x - rx * 0.5, y - ry * 0.94),
            (x - rx * 0.3, y - ry * 0.94),
            (x - rx * 0.56, y + ry * 0.94),
            (x - rx * 0.76, y + ry * 0.94),
        ]
    )
    g.group(clip=box(x - rx + 14, y - ry + 14, 2 * rx - 28, 2 * ry - 28, ry * 0.6)).fill(gleam, "#ffffff", opacity=0.1)
    for side in (-1, 1):
        _porthole(stage, g, x + side * (rx + 130), stage.height * 0.3, shell)


def _porthole(stage: Stage, g: Group, x: float, y: float, shell: Colour) -> None:
    g.fill(ellipse(x, y, 62), shade(shell, -0.14))
    g.fill(ellipse(x, y, 50), "#1c1f4a")
    for dx, dy in ((-18, -10), (14, 8), (4, -24), (-8, 22)):
        g.fill(sparkle(x + dx, y + dy, 7), "#fff8e0")


def _desks(stage: Stage, g: Group, floor: float, shell: Colour, accent: Colour) -> None:
    dice, w = stage.dice.child("desks"), stage.width
    metal = shade(mix(shell, "#3a4a78", 0.45), -0.02)
    for side in (-1, 1):
        x0, x1 = (stage.area.x0, w * 0.3) if side < 0 else (w * 0.7, stage.area.x1)
        slope = w * 0.05 * side
        top = [(x0, floor - 150), (x1, floor - 150), (x1 - slope * 0.4 * side, floor - 96), (x0, floor - 96)]
        g.solid(box(x0, floor - 100, x1 - x0, 120, 6), metal, 0.09)
        g.solid(polygon(top), shade(metal, 0.08), 0.07)
        g.fill(box(x0, floor - 40, x1 - x0, 14), accent)
        x = x0 + 20
        while x < x1 - 24:
            colour = dice.pick(_LIGHTS)
            kind = dice.whole(0, 2)
            if kind == 0:
                glow(g, x + 9, floor - 124, 26, colour, 0.5)
                g.fill(ellipse(x + 9, floor - 124, 8), colour)
                x += 30
            elif kind == 1:
                g.fill(box(x, floor - 138, 66, 34, 5), "#18243f")
                line = Path().move(x + 5, floor - 118)
                for k in range(6):
                    line.line(x + 10 + k * 10, floor - 121 + dice.between(-11, 11))
                g.stroke(line, colour, 2.6)
                x += 80
            else:
                g.fill(box(x, floor - 132, 14, 22, 4), shade(metal, -0.15))
                g.stroke(Path().move(x + 7, floor - 122).line(x + 7 + dice.between(-6, 6), floor - 142), colour, 6)
                x += 26
    pipes = smooth(
        [(w * 0.3, floor - 60), (w * 0.4, floor - 30), (w * 0.6, floor - 30), (w * 0.7, floor - 60)], closed=False
    )
    g.stroke(pipes, shade(metal, 0.02), 16)
    g.stroke(pipes.moved(0, -4), shade(metal, 0.12), 4)


def _deck(stage: Stage, floor: float, shell: Colour) -> None:
    area, g = stage.area, stage.layer("deck", 0.7, shadow=0.2)
    metal = shade(mix(shell, "#4a5480", 0.4), -0.02)
    stage.floor_colour = metal
    g.fill(
        box(area.x0, floor, area.width, area.y1 - floor),
        linear(0, floor, 0, stage.height, shade(metal, 0.06), shade(metal, -0.1)),
    )
    lines = Path()
    for k in range(-9, 10):
        lines.move(stage.width / 2 + k * 90, floor).line(stage.width / 2 + k * 170, area.y1)
    y, step = floor, 20.0
    while y < area.y1:
        y += step
        step *= 1.35
        lines.move(area.x0, y).line(area.x1, y)
    g.stroke(lines, shade(metal, -0.1), 3, opacity=0.7)
    g.fill(box(area.x0, floor - 6, area.width, 14), shade(metal, -0.14))
