"""Light over what has none of its own layers: slices of a painted picture; and that of a storm, over everything."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from overprint.craft.drawing.drawing import Drawing
from overprint.craft.drawing.nodes import Group, Layer, extent
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.vector import Rect
from overprint.craft.motion.child import ClipOrder
from overprint.craft.motion.glimmers import Glimmer, Lighting, drawn, soft
from overprint.craft.motion.moves import NEAREST, OVERSCAN
from overprint.craft.motion.shining import Gleam, Life
from overprint.craft.motion.sprites import Sprite
from overprint.craft.motion.storm import FLASH, VEIL, bolts, brightness, is_stormy, sheet, strikes

_COARSE = 0.25
"""Light without edges needs a quarter of the pixels each way."""


def lit_slices(slices: Sequence[Sprite], drawing: Drawing, shot: ClipOrder, view: Lens) -> list[Sprite]:
    """With the lights of ``drawing``, which was painted, each over the slice that its layer is in. ``view``: how the
    drawing is seen in the frame."""
    lighting = Lighting(drawing.layers, shot, view, is_painted=True)
    made = list(slices)
    for place, layer in enumerate(drawing.layers):
        lights = lighting.glimmers(place, layer)
        if lights:
            number = _slice_of(layer, made)
            made[number] = replace(made[number], lights=(*made[number].lights, *lights))
    if is_stormy(shot.scene) and any(layer.name == "rain" for layer in drawing.layers):
        return struck(made, shot, view)
    return made


def _slice_of(layer: Layer, slices: Sequence[Sprite]) -> int:
    """Its own one, or else the one that is about as deep."""
    own = [number for number, part in enumerate(slices) if part.name == layer.name]
    return own[0] if own else min(range(len(slices)), key=lambda number: abs(slices[number].depth - layer.depth))


def struck(sprites: Sequence[Sprite], shot: ClipOrder, view: Lens) -> list[Sprite]:
    """With lightning in what is farthest, and its light on everything. Where nothing stirs by itself there is none."""
    when = strikes(shot.seed, shot.seconds)
    if not when or not shot.liveliness:
        return list(sprites)
    size = view.width_px / view.scale, view.height_px / view.scale
    frame = Rect(view.x0, view.y0, view.x0 + size[0], view.y0 + size[1])
    wide, bright = frame.grown(OVERSCAN), brightness(shot.seed, when)
    far, *nearer = sprites
    sky = [*_glimmers(sheet(wide, FLASH), bright, view, _COARSE)]
    for group, life in bolts(shot.seed, frame, when):
        sky += _glimmers(group, _sharper(life), view, 1.0)
    veil = _glimmers(sheet(wide, VEIL), bright, view, _COARSE)
    nothing = np.zeros((1, 1, 4), np.uint8)
    air = Sprite("lightning", NEAREST, nothing, 0, 0, (view.width_px / 2, view.height_px / 2), lights=tuple(veil))
    return [replace(far, lights=(*far.lights, *sky)), *nearer, air]


def _sharper(life: Life) -> Life:
    """A bolt is gone before its light is."""
    return lambda seconds: Gleam(min(1.0, max(0.0, 1.4 * life(seconds).opacity - 0.15)))


def _glimmers(group: Group, life: Life, view: Lens, enlarged: float) -> Iterator[Glimmer]:
    """One; none where the picture is too small for it."""
    area = extent(group, lit=True)
    if area is None:
        return
    pixels, left, top = drawn(Layer(group.name, 0.0, group), view, enlarged, area)
    x, y = area.centre
    foot = (x - view.x0) * view.scale, (y - view.y0) * view.scale
    glimmer = soft(Glimmer(0, pixels, (), left, top, foot, enlarged, life), faint=0)
    if glimmer is not None:
        yield glimmer
