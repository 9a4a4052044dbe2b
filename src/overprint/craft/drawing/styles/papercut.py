"""Paper-cut: every layer a sheet of paper with a lit edge, standing off the one behind."""

import cv2
import numpy as np
import numpy.typing as npt
import skia

from overprint.craft.drawing.buffers import Pixels, draw_pixels, surface_on, without_cover
from overprint.craft.drawing.nodes import Layer, extent
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.flat import flattened
from overprint.craft.drawing.styles.paper import finish
from overprint.craft.drawing.styles.storybook import cast_shadow

_MARGIN = 40.0  # world units around a sheet: as far as its shadows can be seen


def paint(layers: list[Layer], view: Lens) -> npt.NDArray[np.uint8]:
    pixels = view.empty()
    canvas = surface_on(pixels).getCanvas()
    for number, layer in enumerate(layers):
        sheet_layer = layer if layer.is_light or number == 0 else flattened(layer, keep_light=True)
        if layer.is_light or number == 0 or layer.name in ("quiet", "undergrowth", "fog", "wind", "puddles"):
            draw_layer(canvas, sheet_layer, view)
            continue
        area = extent(sheet_layer.group, lit=True)
        if area is None:
            continue
        part, left, top = view.window(area, _MARGIN + 3 * sheet_layer.softness)
        sheet = part.empty()
        draw_layer(surface_on(sheet).getCanvas(), sheet_layer, part, lifted=0.42)
        canvas.save()
        canvas.translate(left, top)
        strength = 0.5 if layer.is_figure else 0.42
        cast_shadow(canvas, sheet, view, opacity=strength, reach=10, offset=(-4, -2))
        cast_shadow(canvas, sheet, view, opacity=strength * 0.7, reach=3, offset=(-1.5, 2))
        draw_pixels(canvas, sheet)
        _lit_edge(canvas, sheet, view)
        canvas.restore()
    return finish(without_cover(pixels), view.scale, tooth=0.034, grain=0.02, corners=0.18, bloom=0.12)


def _lit_edge(canvas: skia.Canvas, sheet: Pixels, view: Lens) -> None:
    """A line of light along the upper left of the cut: the sheet, less the sheet moved down and right."""
    cover = sheet[..., 3]
    across, down = max(1, round(1.1 * view.scale)), max(1, round(2.0 * view.scale))
    rim = cover.copy()
    if cover.shape[0] > down and cover.shape[1] > across:
        rim[down:, across:] = cv2.subtract(cover[down:, across:], cover[:-down, :-across])
    light = cv2.convertScaleAbs(rim, alpha=0.34)
    draw_pixels(canvas, np.asarray(cv2.merge([light] * 4), np.uint8))
