"""The sea: sailed on when somebody is in a boat, else seen from a beach or a jetty."""

from overprint.core.scene import Weather
from overprint.craft.drawing.colour import mix, shade
from overprint.craft.drawing.elements.ground import hill, ridge, rock
from overprint.craft.drawing.elements.houses import lighthouse
from overprint.craft.drawing.elements.sky import birds, clouds, motes, sky
from overprint.craft.drawing.elements.trees import conifer
from overprint.craft.drawing.elements.water import fish, glitter, waves
from overprint.craft.drawing.nodes import Group, Layer, linear
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Path, box, ellipse, smooth, star


def build(stage: Stage) -> Scenery:
    p, dice, h = stage.palette, stage.dice, stage.height
    horizon = dice.between(0.5, 0.6)
    sky(stage, horizon=0.62, stars=220, disc=dice.between(100, 150) if stage.is_dark else dice.between(64, 96))
    clouds(
        stage, mix(p.sky[2], p.sky[3] if stage.is_dark else "#ffffff", 0.45), number=5, low=horizon - 0.04, opacity=0.95
    )
    _isle(stage, horizon)
    rough = 1.5 if stage.weather in (Weather.WIND, Weather.RAIN) else 1.0
    last = 0.82 if stage.afloat else 0.74
    for i in range(4):
        y = horizon + (last - horizon) * (i / 3) ** 1.25
        g = stage.layer(f"wave-{i}", 0.24 + 0.14 * i, shadow=0.2)
        waves(
            stage,
            g,
            h * y,
            mix(p.water[0], p.water[1], i / 4),
            swell=(4 + 2.4 * i) * rough,
            length=60 + 26 * i,
            phase=dice.between(0, 90),
        )
        if stage.allows("sun", "moon"):
            glitter(stage, g, stage.light[0], h * y + 6, h * y + 55, near=40 + i * 26, wide=110 + i * 34, number=24)
    birds(stage, stage.layer("gulls", 0.3), dice.whole(2, 5), mix("#ffffff", p.sky[0], 0.2 + 0.4 * p.dark))
    motes(stage, "#ffe9b0" if stage.is_dark else "#ffffff", 10)
    stage.floor_colour = p.water[-1]
    if stage.afloat:
        return Scenery(Floor(h * 0.86, h * 0.84, h * 0.8), front=_front_waves(stage, rough), water=True)
    if dice.chance(0.55):
        return _beach(stage)
    return _jetty(stage)


def _isle(stage: Stage, horizon: float) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("isle"), stage.width, stage.height
    if dice.chance(0.2):
        return
    g = stage.layer("isle", 0.2, shadow=0.2)
    x = w * dice.pick((dice.between(0.08, 0.24), dice.between(0.76, 0.92)))
    y = h * horizon
    k = dice.between(0.8, 1.25)
    outline = [(-220, 20), (-130, -12), (-40, -42), (30, -52), (110, -22), (260, 20), (260, 70), (-220, 70)]
    g.fill(
        smooth([(x + px * k, y + py * k) for px, py in outline], ease=1 / 7),
        linear(0, y - 60, 0, y + 40, p.mid, p.near),
    )
    if stage.allows("lighthouse") and dice.chance(0.7):
        lighthouse(g, x + 6 * k, y - 42 * k, 0.62 * k, lit=stage.is_dark)
        stage.note("lighthouse")
    for dx, size in ((70, 74), (108, 56), (-66, 52), (-100, 40)):
        if dice.chance(0.75):
            conifer(g, x + dx * k, y - 24 * k, size * k, dice.pick(p.conifer), dice, snowy=stage.is_snowy)


def _front_waves(stage: Stage, rough: float) -> tuple[Layer, ...]:
    p, dice, w, h = stage.palette, stage.dice.child("front"), stage.width, stage.height
    layers = []
    for i, (y, swell, length) in enumerate(((0.875, 13, 170), (0.945, 17, 220))):
        layer = Layer(f"front-{i}", 1.05 + 0.15 * i, Group("water"), shadow=0.28)
        waves(
            stage,
            layer.group,
            h * y,
            mix(p.water[0], p.water[1], 0.78 + 0.2 * i),
            swell=swell * rough,
            length=length,
            phase=dice.between(0, 160),
        )
        if stage.allows("sun", "moon"):
            glitter(stage, layer.group, stage.light[0], h * y + 12, h * y + 70, near=120, wide=240, number=18)
        if i == 0 and stage.allows("fish"):
            for _ in range(dice.whole(1, 3)):
                fish(
                    layer.group,
                    w * dice.between(0.06, 0.94),
                    h * (y + 0.035),
                    dice.between(18, 28),
                    mix("#a9dbe8", p.water[1], 0.35 + 0.3 * p.dark),
                    flip=dice.chance(0.5),
                )
        layers.append(layer)
    return tuple(layers)


def _beach(stage: Stage) -> Scenery:
    p, dice, w, h = stage.palette, stage.dice.child("beach"), stage.width, stage.height
    sand = mix("#f3dfb0", p.ground, 0.12 + 0.45 * p.dark)
    if stage.is_snowy:
        sand = mix(sand, "#f4f7ff", 0.6)
    stage.floor_colour = sand
    shore = ridge(stage, h * 0.79, 12, "shore", slope=dice.between(-70, 70))
    g = stage.layer("beach", 0.85, shadow=0.18)
    g.stroke(smooth(shore, closed=False), "#ffffff", 26, opacity=0.75)
    ground = hill(stage, g, shore, sand, shade(sand, -0.06))
    ground.stroke(smooth([(x, y + 14) for x, y in shore], closed=False), shade(sand, -0.1), 22, opacity=0.5)
    for i in range(stage.count(16)):
        x, y = dice.between(stage.area.x0, stage.area.x1), h * dice.between(0.87, 1.02)
        if i % 4 == 0:
            ground.fill(
                star(x, y, dice.between(9, 15), inner=0.5, turn=dice.between(0, 72)), mix("#f0876a", sand, 0.25)
            )
        elif i % 4 == 1:
            rock(ground, x, y, dice.between(10, 24), mix("#a89a8c", sand, 0.4))
        else:
            ground.fill(ellipse(x, y, dice.between(5, 9), 5), shade(sand, dice.pick((0.07, -0.07))))
    for x in (w * dice.between(-0.02, 0.08), w * dice.between(0.92, 1.02)):
        blades = Path()
        for _ in range(16):
            bx, tall = x + dice.around(0, 26), dice.between(40, 90)
            blades.join(
                Path()
                .move(bx - 3, h * 0.9)
                .quad(bx, h * 0.9 - tall * 0.6, bx + dice.between(-24, 24), h * 0.9 - tall)
                .line(bx + 3, h * 0.9)
                .close()
            )
        g.fill(blades, mix("#8aa56a", p.ground, 0.4))
    return Scenery(Floor(h * 0.945, h * 0.9, h * 0.86))


def _jetty(stage: Stage) -> Scenery:
    p, dice, h, area = stage.palette, stage.dice.child("jetty"), stage.height, stage.area
    wood = mix("#a97c55", p.ground, 0.15 + 0.4 * p.dark)
    stage.floor_colour = wood
    g = stage.layer("jetty", 0.85, shadow=0.3)
    top = h * 0.83
    for post in range(int(area.x0), int(area.x1), 190):
        g.solid(box(post + 60, top - 54, 26, 140, 8), shade(wood, -0.08), 0.1)
        g.fill(ellipse(post + 73, top - 54, 13, 5), shade(wood, 0.06))
    rope = Path().move(area.x0, top - 40)
    for post in range(int(area.x0), int(area.x1), 190):
        rope.quad(post + 168, top + 4, post + 263, top - 40)
    g.stroke(rope, mix("#e8d5a8", wood, 0.3), 6)
    g.fill(box(area.x0, top, area.width, area.y1 - top), shade(wood, -0.04))
    y, step = top, 15.0
    while y < area.y1:
        g.fill(box(area.x0, y, area.width, step - 3), shade(wood, dice.between(-0.02, 0.03)))
        for _ in range(stage.count(3)):
            x = dice.between(area.x0, area.x1)
            g.fill(box(x, y, 3, step - 3), shade(wood, -0.12))
        y, step = y + step, step * 1.32
    return Scenery(Floor(h * 0.945, h * 0.905, h * 0.87))
