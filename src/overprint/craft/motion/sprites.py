"""Layers of a drawing as pictures that can be moved over each other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels, draw_pixels, surface_on
from overprint.craft.drawing.drawing import Drawing
from overprint.craft.drawing.nodes import Gait, Layer, extent
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.bands import bands
from overprint.craft.drawing.styles.flat import flattened
from overprint.craft.drawing.styles.paper import texture
from overprint.craft.drawing.styles.storybook import cast_shadow
from overprint.craft.matting import Cover, Picture
from overprint.craft.motion.glimmers import Glimmer, Lighting, as_light
from overprint.craft.motion.moves import OVERSCAN
from overprint.craft.relief import Known, Slice

_MARGIN = 40.0  # world units around a layer: as far as its shadow can be seen
_FALLING = frozenset({"rain", "snow", "wind"})  # drawn anew in every frame


@dataclass(frozen=True, slots=True)
class Slope:
    """What lies rather than stands gets nearer from its row ``top`` to its row ``bottom``, in pixels of the resting
    frame, where it is as deep as ``depth``."""

    top: float
    bottom: float
    depth: float


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture with transparency; ``left`` and ``top`` are where it lies in the resting frame, in its own pixels, of
    which ``enlarged`` are one of the frame.

    ``foot`` is the point that stays where it is when the sprite sways, in pixels of the resting frame. ``shut``: the
    same with closed eyes, for who can blink. ``paces``: the same in the course of two steps, for who goes somewhere.
    ``lights`` go where it goes, before it. ``phase``, 0 to 1, keeps it from stirring as others do.
    """

    name: str
    depth: float
    pixels: Pixels
    left: int
    top: int
    foot: tuple[float, float]
    shut: Pixels | None = None
    enlarged: float = 1.0
    slope: Slope | None = None
    gait: Gait | None = None
    paces: "tuple[Sprite, ...]" = ()
    lights: tuple[Glimmer, ...] = ()
    phase: float = 0.0


def sprites_of(
    open_eyed: Drawing, lighting: Lighting, enlarged: Callable[[float], float] = lambda depth: 1.0
) -> list[Sprite]:
    """A drawing's layers, far to near; what falls from the sky is left out. ``enlarged``: how much larger than the
    frame needs it the layer at a depth is drawn."""
    shut_eyed = open_eyed.again(blinks=True)
    made: list[Sprite] = []
    for place, layer in enumerate(open_eyed.layers):
        if layer.name in _FALLING:
            continue
        times = enlarged(layer.depth)
        sprite = _placed(open_eyed, place, lighting, times)
        if sprite is not None and layer.is_figure:
            sprite = _with_lids(sprite, _placed(shut_eyed, place, lighting, times))
        if sprite is not None:
            made.append(replace(sprite, gait=layer.gait, lights=lighting.glimmers(place, layer, times)))
    return made


def pace_of(open_eyed: Drawing, sprite: Sprite, lighting: Lighting, *, blinks: Drawing | None) -> Sprite:
    """Somebody in another drawing of the same scene; with shut eyes, too, as they are in ``blinks``."""
    place = next(place for place, layer in enumerate(open_eyed.layers) if layer.name == sprite.name)
    pace = _placed(open_eyed, place, lighting, sprite.enlarged)
    if pace is None:
        return sprite
    if blinks is not None:
        pace = _with_lids(pace, _placed(blinks, place, lighting, sprite.enlarged))
    return replace(pace, lights=lighting.carried(place, open_eyed.layers[place], sprite.lights))


def _placed(drawing: Drawing, place: int, lighting: Lighting, enlarged: float) -> Sprite | None:
    layer = lighting.without(place, drawing.layers[place])
    return _sprite(flattened(layer, bands=place == 0) if drawing.style is Style.FLAT else layer, drawing, enlarged)


def slices_of(slices: Iterable[Slice], height_px: int, more_px: tuple[int, int]) -> list[Sprite]:
    """The slices of a flat picture as sprites. ``more_px`` of it lie beyond the left and right and beyond the upper and
    lower edges of a frame that is ``height_px`` high."""
    made: list[Sprite] = []
    for part in slices:
        tall = part.pixels.shape[0]
        cover = np.ones(part.pixels.shape[:2], np.float32) if part.cover is None else part.cover
        rows, columns = np.flatnonzero(cover.max(axis=1)), np.flatnonzero(cover.max(axis=0))
        if not rows.size:
            continue
        window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        left, top = int(columns[0]) - more_px[0], int(rows[0]) - more_px[1]
        slope = None
        if part.low_depth is not None:
            slope = Slope(part.top * tall - more_px[1], height_px + more_px[1], part.low_depth)
        foot = (left + float(columns.size) / 2, float(rows[-1]) - more_px[1])
        made.append(
            Sprite(part.name, part.depth, _covered(part.pixels[window], cover[window]), left, top, foot, slope=slope)
        )
    return made


def known_layers(drawing: Drawing) -> list[Known]:
    """Where each layer of a drawing is in its picture, whatever style that is in. Light is part of what it falls on."""
    made: list[Known] = []
    for place, layer in enumerate(drawing.layers):
        if layer.name in _FALLING or layer.is_light:
            continue
        sheet = drawing.view.empty()
        draw_layer(surface_on(sheet).getCanvas(), layer, drawing.view)
        is_alone = layer.is_figure and not layer.name.startswith("prop-")
        made.append(Known(layer.name, layer.depth, sheet[:, :, 3].copy(), is_alone, place))
    return made


def _covered(pixels: Picture, cover: Cover) -> Pixels:
    """Premultiplied."""
    share = cover[:, :, None]
    return np.asarray(np.rint(np.concatenate([pixels * share, 255 * share], axis=2)), np.uint8)


def wide_lens(view: Lens) -> tuple[Lens, int]:
    """The same view with more around it for the camera to move over, and how many pixels that are at each side."""
    more = int(OVERSCAN * view.scale)
    size = view.width_px + 2 * more, view.height_px + 2 * more
    return Lens(*size, view.scale, view.x0 - more / view.scale, view.y0 - more / view.scale), more


def _sprite(layer: Layer, drawing: Drawing, enlarged: float) -> Sprite | None:
    area = extent(layer.group, lit=True)
    if area is None:
        return None
    view = drawing.view
    near = Lens(
        round(view.width_px * enlarged), round(view.height_px * enlarged), view.scale * enlarged, view.x0, view.y0
    )
    wide, more = wide_lens(near)
    part, left, top = wide.window(area, _MARGIN + 3 * layer.softness)
    sheet = part.empty()
    draw_layer(surface_on(sheet).getCanvas(), layer, part)
    if drawing.style is Style.STORYBOOK:
        sheet = _grained(_shaded(sheet, layer, part), part)
    foot = (area.x0 + area.x1) / 2, area.y1
    return Sprite(
        layer.name,
        layer.depth,
        as_light(sheet) if layer.is_light else sheet,
        left - more,
        top - more,
        ((foot[0] - view.x0) * view.scale, (foot[1] - view.y0) * view.scale),
        enlarged=enlarged,
    )


def _shaded(sheet: Pixels, layer: Layer, part: Lens) -> Pixels:
    """With the shadow that it casts on what is behind it."""
    if not layer.shadow or layer.is_light:
        return sheet
    whole = part.empty()
    canvas = surface_on(whole).getCanvas()
    cast_shadow(canvas, sheet, part, opacity=min(0.9, layer.shadow), reach=11, offset=(-2, -4))
    draw_pixels(canvas, sheet)
    return whole


def _grained(sheet: Pixels, part: Lens) -> Pixels:
    """Paper lies on every layer and moves with it: a grain that stands still looks like a dirty lens."""
    grained = np.empty_like(sheet)
    for rows in bands(sheet.shape[0]):
        own = sheet[rows]
        factor = texture(own.shape[0], own.shape[1], part.scale, tooth=0.014, grain=0.012, top=rows.start)
        lit = cv2.multiply(own, cv2.merge([factor, factor, factor, np.ones_like(factor)]), dtype=cv2.CV_8U)
        cv2.min(lit, cv2.merge([own[:, :, 3]] * 4), dst=grained[rows])
    return grained


def _with_lids(sprite: Sprite, shut: Sprite | None) -> Sprite:
    if shut is None or shut.pixels.shape != sprite.pixels.shape or not cv2.absdiff(sprite.pixels, shut.pixels).any():
        return sprite
    return replace(sprite, shut=shut.pixels)
