"""Where the reader's eye is: how world units become pixels, and how a setting looks from nearer, lower or the side."""

from dataclasses import replace

from overprint.core.scene import Area, Shot
from overprint.craft.drawing.nodes import Group
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.stage import Floor, Scenery, Stage
from overprint.craft.drawing.vector import Matrix, Point, apply_rect

SHORT_SIDE = 1000.0
LONG_SIDE_MAX = 3000.0
QUIET_SCALE = 0.76
ABOVE_OR_BELOW = (Area.TOP, Area.BOTTOM)
_LOWERED_MAX = 80.0  # less than what settings draw beyond the frame


def lens_for(width_px: int, height_px: int, quiet: Area) -> Lens:
    """World units: the shorter side is 1000, unless the picture is extremely long. Tall pictures are drawn a little
    larger, and room for text above or below is made by drawing everything smaller."""
    unit = max(min(width_px, height_px) / SHORT_SIDE, max(width_px, height_px) / LONG_SIDE_MAX)
    scale = unit * max(1.0, height_px / width_px) ** 0.25 if height_px / width_px < 2 else unit
    share = 1 - QUIET_SCALE if quiet in ABOVE_OR_BELOW else 0.0
    y0 = -share * height_px / (scale * (1 - share)) if quiet is Area.TOP else 0.0
    return Lens(width_px, height_px, scale * (1 - share), 0.0, y0)


def stage_height(view: Lens, quiet: Area) -> float:
    """How much of the picture's height (world units) the scene is composed in; the rest is for text."""
    return view.height_px / view.scale * (QUIET_SCALE if quiet in ABOVE_OR_BELOW else 1.0)


def framed(stage: Stage, scenery: Scenery, shot: Shot, dice: Dice) -> Scenery:
    """The setting as this shot shows it. What is near moves more than what is far."""
    if shot is Shot.CLOSE:
        _enlarge(stage, scenery, 1.5, (stage.width / 2, stage.height * 0.55))
        for layer in stage.layers:
            if 0 < layer.depth < 0.8:
                layer.softness = 1.4
        return scenery
    if shot is Shot.LOW:
        _enlarge(stage, scenery, 1.3, (stage.width * dice.between(0.3, 0.7), stage.height * 0.15))
        return _lowered(stage, scenery)
    if shot is Shot.MEDIUM and scenery.bed is None and not stage.afloat:
        factor = dice.pick((1.0, 1.0, 1.1, 1.2, 1.28))
        _enlarge(stage, scenery, factor, (stage.width * dice.between(0.15, 0.85), scenery.floor.middle))
    return scenery


def _enlarge(stage: Stage, scenery: Scenery, factor: float, around: Point) -> None:
    if factor == 1.0:
        return
    cx, cy = around
    for layer in [*stage.layers, *scenery.front]:
        k = 1 + (factor - 1) * min(1.2, 0.25 + 0.75 * layer.depth)
        layer.group = Group(layer.group.name, matrix=(k, 0, 0, k, cx * (1 - k), cy * (1 - k)), items=[layer.group])
    k = 1 + (factor - 1) * 0.25
    _note_again(stage, (k, 0, 0, k, cx * (1 - k), cy * (1 - k)))


def _lowered(stage: Stage, scenery: Scenery) -> Scenery:
    """From near the ground the horizon sinks, and feet are at the lower edge."""
    fall = min(_LOWERED_MAX, stage.height * 0.09)
    for layer in stage.layers:
        if 0 < layer.depth < 0.8:
            matrix: Matrix = (1, 0, 0, 1, 0, fall * (1 - layer.depth))
            layer.group = Group(layer.group.name, matrix=matrix, items=[layer.group])
    floor, sunk = scenery.floor, stage.height * 0.045
    lower = Floor(floor.near + sunk, floor.middle + sunk, floor.far + sunk, floor.rise)
    return replace(scenery, floor=lower)


def _note_again(stage: Stage, matrix: Matrix) -> None:
    for i, (what, where) in enumerate(stage.shown):
        if where is not None:
            stage.shown[i] = (what, apply_rect(matrix, where))
