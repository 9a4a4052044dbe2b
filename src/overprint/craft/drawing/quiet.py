"""The part of a picture where text will stand: what shows through there is calmed without being hidden."""

from overprint.core.scene import Area, Shot
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.nodes import Layer, linear
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.stage import Stage
from overprint.craft.drawing.vector import box, smooth

BESIDE_SHARE = 0.4
_END_SHARE = 1 / 3
_FADE_SHARE = 0.12  # of the picture's height, beyond the part
_NAME = "quiet"


def quiet_layers(stage: Stage, view: Lens, shot: Shot) -> list[Layer]:
    """None, one veil, or in a close-up over text a rise of near ground that the figures stand behind."""
    if stage.quiet is Area.NONE:
        return []
    if stage.quiet is Area.BOTTOM and shot is Shot.CLOSE:
        return [_bank(stage, view)]
    return [_veil(stage, view)]


def _veil(stage: Stage, view: Lens) -> Layer:
    layer = Layer(_NAME, 1.4)
    area, wide, tall = stage.area, view.width_px / view.scale, view.height_px / view.scale
    top, bottom = view.y0, view.y0 + tall
    if stage.quiet is Area.TOP:
        colour, line = _above(stage), (0.0, area.y0, 0.0, top + tall * (_END_SHARE + _FADE_SHARE))
        hold = (top + tall * _END_SHARE * 0.8 - area.y0) / (line[3] - line[1])
        strength = 0.34
    elif stage.quiet is Area.BOTTOM:
        colour, line = _below(stage), (0.0, area.y1, 0.0, bottom - tall * (_END_SHARE + _FADE_SHARE * 0.3))
        hold, strength = 0.72, 0.5
    else:
        start, end = (
            (area.x0, wide * (BESIDE_SHARE + 0.08))
            if stage.quiet is Area.LEFT
            else (
                area.x1,
                wide * (1 - BESIDE_SHARE - 0.08),
            )
        )
        colour, line, hold, strength = _beside(stage), (start, 0.0, end, 0.0), 0.7, 0.8
    stops = ((0.0, colour, strength), (max(0.05, hold), colour, strength * 0.95), (1.0, colour, 0.0))
    x0, x1 = (min(line[0], line[2]), max(line[0], line[2])) if line[1] == line[3] else (area.x0, area.x1)
    y0, y1 = (min(line[1], line[3]), max(line[1], line[3])) if line[1] != line[3] else (area.y0, area.y1)
    layer.group.fill(box(x0, y0, x1 - x0, y1 - y0), linear(*line, *stops))
    return layer


def _bank(stage: Stage, view: Lens) -> Layer:
    """Near ground, out of focus, across the lower third: nobody's feet stand on words."""
    layer = Layer(_NAME, 1.4, shadow=0.2)
    area, tall = stage.area, view.height_px / view.scale
    top, dice = view.y0 + tall * (1 - _END_SHARE), stage.dice.child("bank")
    if stage.is_room:  # the edge of a table
        rise = box(area.x0, top, area.width, area.y1 - top)
    else:
        line = [(area.x0 + area.width * i / 5, top + dice.between(-0.028, 0.012) * tall) for i in range(6)]
        rise = smooth([*line, (area.x1 + 200, area.y1 + 200), (area.x0 - 200, area.y1 + 200)])
    colour = _below(stage)
    layer.group.fill(rise, linear(0, top - 0.03 * tall, 0, area.y1, shade(colour, 0.035), colour, shade(colour, -0.03)))
    if stage.is_room:
        layer.group.fill(box(area.x0, top, area.width, 0.012 * tall), shade(colour, 0.09))
    layer.softness = 1.6
    return layer


def _above(stage: Stage) -> Colour:
    return stage.wall_colour or mix(stage.palette.sky[0], stage.palette.sky[1], 0.5)


def _below(stage: Stage) -> Colour:
    return stage.floor_colour or stage.palette.ground


def _beside(stage: Stage) -> Colour:
    return stage.wall_colour or mix(stage.palette.sky[1], stage.palette.sky[2], 0.5)
