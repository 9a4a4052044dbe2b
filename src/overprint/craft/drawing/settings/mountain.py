"""High mountains above a valley."""

from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.elements.ground import flower, grass, height_at, hill, path_down, ridge, rock
from overprint.craft.drawing.elements.houses import house
from overprint.craft.drawing.elements.sky import birds, clouds, motes, scattered, sky
from overprint.craft.drawing.elements.trees import SNOW, conifer, conifer_row
from overprint.craft.drawing.elements.water import glitter
from overprint.craft.drawing.nodes import Group, linear
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Point, ellipse, polygon, smooth


def build(stage: Stage) -> Scenery:
    p, dice, h = stage.palette, stage.dice, stage.height
    horizon = dice.between(0.56, 0.62)
    sky(stage, horizon=0.66, stars=190, disc=dice.between(48, 72))
    clouds(stage, mix("#ffffff", p.sky[1], 0.2 + 0.55 * p.dark), number=4, low=0.3)
    stone = mix(mix("#8795ad", p.far, 0.4), p.shadow, 0.3 * p.dark)
    for i, (depth, share, haze) in enumerate(((0.1, 0.62, 0.5), (0.2, 0.86, 0.2))):
        g = stage.layer(f"range-{i}", depth, shadow=0.22)
        _peaks(stage, g, i, h * horizon, share, mix(stone, p.sky[2], haze))
    birds(stage, stage.layer("eagles", 0.22), dice.whole(1, 3), mix(p.shadow, p.sky[1], 0.3))
    _valley(stage, horizon)
    _alp(stage)
    motes(stage, p.glow, 8)
    return Scenery(Floor(h * 0.945, h * 0.885, h * 0.84))


def _peaks(stage: Stage, g: Group, row: int, foot: float, share: float, colour: Colour) -> None:
    """Jagged peaks with snow on top; the light side is brighter."""
    dice, area = stage.dice.child("peaks", row), stage.area
    count = stage.count(3.6 if row else 4.6)
    for x in scattered(dice, count, area.x0, area.x1):
        tall = stage.height * share * dice.between(0.42, 0.62)
        half = tall * dice.between(0.62, 0.85)
        top = foot - tall
        left = _edge(x - half, foot + 60, x, top, dice.many(3, -16, 16))
        right = _edge(x, top, x + half * dice.between(0.9, 1.15), foot + 60, dice.many(3, -16, 16))
        body = g.group(clip=polygon([*left, *right[1:]]))
        body.fill(polygon([*left, *right[1:]]), linear(0, top, 0, foot, shade(colour, 0.03), shade(colour, -0.02)))
        keel = [
            (x, top),
            (x + half * 0.08, top + tall * 0.3),
            (x - half * 0.1, top + tall * 0.55),
            (x + half * 0.12, foot + 60),
        ]
        dim = [
            *keel,
            *(
                [(x + 2 * half, foot + 60), (x + 2 * half, top)]
                if stage.side < 0
                else [(x - 2 * half, foot + 60), (x - 2 * half, top)]
            ),
        ]
        body.fill(polygon(dim), shade(colour, -0.075))
        _snow_cap(
            body,
            x,
            top,
            tall,
            half,
            0.42 if stage.is_snowy else dice.between(0.24, 0.36),
            dice.many(6, 0.6, 1.15),
            stage.side,
        )


def _edge(x0: float, y0: float, x1: float, y1: float, jitter: list[float]) -> list[Point]:
    points: list[Point] = [(x0, y0)]
    for i, offset in enumerate(jitter):
        u = (i + 1) / (len(jitter) + 1)
        points.append((x0 + (x1 - x0) * u + offset, y0 + (y1 - y0) * u - offset * 0.4))
    return [*points, (x1, y1)]


def _snow_cap(
    g: Group, x: float, top: float, tall: float, half: float, share: float, wave: list[float], side: int
) -> None:
    low, reach = top + tall * share, half * share
    hem = [
        (x + reach * 1.5 - reach * 3 * i / 6, low * 1.0 + (tall * 0.07 if i % 2 else -tall * 0.05) * wave[i % 6])
        for i in range(7)
    ]
    g.fill(
        polygon([(x, top - 20), (x + reach * 2.4, low - tall * 0.1), *hem, (x - reach * 2.4, low - tall * 0.1)]),
        mix(SNOW, "#ffffff", 0.3),
    )
    dim = polygon(
        [
            (x, top - 10),
            (x + half * 0.08, top + tall * 0.3),
            (x - half * 0.1, top + tall * 0.5),
            (x - side * half * 2, top + tall * 0.5),
            (x - side * half * 2, top),
        ]
    )
    g.fill(dim, "#5a70a8", opacity=0.2)


def _valley(stage: Stage, horizon: float) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("valley"), stage.width, stage.height
    line = ridge(stage, h * horizon, 24, "valley", slope=dice.between(-60, 60))
    g = stage.layer("valley", 0.36, shadow=0.22)
    conifer_row(stage, g, line, mix(p.mid, p.conifer[0], 0.5), 40, 84, 60)
    ground = hill(stage, g, line, p.mid, mix(p.mid, p.near, 0.7))
    if dice.chance(0.55):
        x, y = w * dice.between(0.3, 0.7), h * (horizon + 0.1)
        lake = [(-240, 0), (-120, -22), (60, -18), (230, -4), (250, 14), (90, 28), (-130, 26)]
        water = smooth([(x + px, y + py) for px, py in lake])
        ground.group(clip=water).fill(water, linear(0, y - 26, 0, y + 30, p.water[0], p.water[1]))
        glitter(stage, ground.group(clip=water), x, y - 18, y + 22, near=60, wide=130, number=14)
    elif stage.allows("house", "cottage"):
        x = w * dice.between(0.2, 0.8)
        wall, roof = mix("#c9a27a", p.shadow, 0.35 * p.dark), mix("#8a5a45", p.shadow, 0.35 * p.dark)
        house(ground, x, height_at(line, x) + 46, 0.55, wall, roof, lit=stage.is_dark, snowy=stage.is_snowy)


def _alp(stage: Stage) -> None:
    p, dice, w, h = stage.palette, stage.dice.child("alp"), stage.width, stage.height
    mid = ridge(stage, h * 0.72, 22, "slope", slope=dice.sign() * dice.between(60, 150))
    g = stage.layer("slope", 0.55, shadow=0.26)
    for x in scattered(dice, stage.count(9), stage.area.x0, stage.area.x1):
        if abs(x - w / 2) > w * 0.26:
            conifer(
                g,
                x,
                height_at(mid, x) + 14,
                dice.between(130, 260),
                mix(dice.pick(p.conifer), p.mid, 0.1),
                dice,
                side=stage.side,
                snowy=stage.is_snowy,
            )
    hill(stage, g, mid, p.near, mix(p.near, p.ground, 0.5))
    front = ridge(stage, h * 0.79, 14, "front", slope=dice.between(-40, 40))
    g = stage.layer("alp", 0.85, shadow=0.3)
    ground = hill(stage, g, front, p.ground, shade(p.ground, -0.07))
    grass(stage, g, front, p.ground, 160, low=8, high=18)
    if dice.chance(0.6):
        path_down(
            stage,
            ground,
            w * dice.between(0.35, 0.65),
            h * 0.78,
            h * 1.05,
            260,
            mix("#cbb796", p.ground, 0.35 + 0.2 * p.dark),
            dice.between(-140, 140),
        )
    grey = mix("#98a0ac", p.ground, 0.25 + 0.2 * p.dark)
    for _ in range(stage.count(10)):
        x, y = dice.pick((dice.between(-0.05, 0.25), dice.between(0.75, 1.05))) * w, h * dice.between(0.83, 1.02)
        rock(g, x, y, dice.between(20, 58), grey)
        if stage.is_snowy:
            g.fill(ellipse(x, y - 24, 18, 6), SNOW, opacity=0.9)
    if not stage.is_snowy and stage.allows("flower", "flowers"):
        for _ in range(stage.count(22)):
            x, y = dice.between(0, 1) * w, h * dice.between(0.85, 1.02)
            flower(
                g,
                x,
                y,
                dice.between(5, 9),
                mix(dice.pick(("#f3f0ff", "#8f9be8", "#f6d365", "#e58aa8")), p.ground, 0.3 * p.dark),
                shade(p.ground, 0.08),
                dice.whole(0, 1),
            )
