"""Flat: plain areas of colour, no blur and no gradients; still vectors, for print and for SVG."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import surface_on, without_cover
from overprint.craft.drawing.colour import Colour, mix
from overprint.craft.drawing.nodes import Gradient, Group, Layer, Paint, Shape
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.vector import box, ellipse

_BANDS = 7


def paint(layers: list[Layer], view: Lens) -> npt.NDArray[np.uint8]:
    pixels = view.empty()
    canvas = surface_on(pixels).getCanvas()
    for number, layer in enumerate(layers):
        draw_layer(canvas, flattened(layer, bands=number == 0), view)
    return without_cover(pixels)


def flattened(layer: Layer, *, keep_light: bool = False, bands: bool = False) -> Layer:
    """The same layer in plain colours. ``keep_light`` leaves glows as they are; ``bands`` draws the first large
    gradient (the sky) as bands instead of one colour."""
    group = _flat_group(layer.group, keep_light or layer.name == "quiet")  # a veil that ends in an edge is no veil
    if bands:
        _band_backdrop(group, layer.group)
    return replace(layer, group=group, softness=layer.softness if keep_light else 0.0)


def _flat_group(group: Group, keep_light: bool) -> Group:
    flat = replace(group, items=[])
    for item in group.items:
        if isinstance(item, Group):
            flat.items.append(_flat_group(item, keep_light))
        elif keep_light and _is_light(item):
            flat.items.append(item)
        else:
            shape = _flat_shape(item)
            if shape is not None:
                flat.items.append(shape)
    return flat


def _is_light(shape: Shape) -> bool:
    return shape.blend == "screen" or (isinstance(shape.fill, Gradient) and not shape.fill.is_opaque)


def _flat_shape(shape: Shape) -> Shape | None:
    """A soft shadow gets a hard edge; light that fades out becomes a smaller, paler disc."""
    fill = shape.fill
    if isinstance(fill, Gradient) and not fill.is_opaque:
        return _disc(shape, fill)
    if shape.blur > 0 and shape.opacity < 0.5 and shape.blend == "normal" and not shape.even_odd:
        return replace(shape, blur=0.0, fill=_plain(fill), opacity=shape.opacity * 0.6)
    return replace(shape, fill=_plain(fill), stroke=_plain(shape.stroke), blur=0.0, blend="normal")


def _disc(shape: Shape, fill: Gradient) -> Shape | None:
    colour = fill.stops[0][1]
    strongest = max(opacity for _, _, opacity in fill.stops)
    if fill.kind == "linear":
        return replace(shape, fill=colour, opacity=strongest * 0.3, blur=0.0, blend="normal")
    cx, cy, radius = fill.geometry
    if fill.stops[0][2] < strongest * 0.5 or radius > 900:
        return None
    size = 0.34 if radius > 40 else 0.6
    path = ellipse(cx, cy, radius * size) if radius > 14 else shape.path
    return replace(
        shape, path=path, fill=colour, opacity=strongest * (0.2 if radius > 40 else 0.4), blur=0.0, blend="normal"
    )


def _plain(paint: Paint | None) -> Colour | None:
    if isinstance(paint, Gradient):
        return paint.stops[len(paint.stops) // 2][1]
    return paint


def _band_backdrop(flat: Group, original: Group) -> None:
    """Replaces the first shape, when it was one large upright gradient, by bands of its colours."""
    if not original.items or not isinstance(original.items[0], Shape) or not isinstance(flat.items[0], Shape):
        return
    shape = original.items[0]
    area, fill = shape.path.extent(), shape.fill
    if area is None or not isinstance(fill, Gradient) or fill.kind != "linear":
        return
    _, y0, _, y1 = fill.geometry
    bands: list[Shape | Group] = []
    for i in range(_BANDS):
        top = area.y0 if i == 0 else y0 + (y1 - y0) * i / _BANDS
        bands.append(
            Shape(box(area.x0, top, area.width, max(1.0, area.y1 - top)), fill=_colour_at(fill, (i + 0.5) / _BANDS))
        )
    flat.items[0:1] = bands


def _colour_at(fill: Gradient, place: float) -> Colour:
    before = fill.stops[0]
    for stop in fill.stops:
        if stop[0] >= place:
            span = stop[0] - before[0]
            return mix(before[1], stop[1], round((place - before[0]) / span, 4) if span > 0 else 0.0)
        before = stop
    return before[1]
