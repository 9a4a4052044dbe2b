"""Storybook: soft light, volume, a breath of shadow behind every layer, paper grain."""

import cv2
import numpy as np
import numpy.typing as npt
import skia

from overprint.craft.drawing.buffers import Pixels, draw_pixels, enlarged, surface_on, without_cover
from overprint.craft.drawing.nodes import Layer, extent
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.paper import finish

_SHRINK = 6
_MARGIN = 40.0  # world units around a layer: as far as its shadow can be seen
_SHADE = (0.18, 0.1, 0.11)  # the colour of shadows, blue first


def paint(layers: list[Layer], view: Lens) -> npt.NDArray[np.uint8]:
    picture = stacked(layers, view)
    return finish(picture, view.scale, tooth=0.017, grain=0.016, corners=0.16, bloom=0.22)


def stacked(layers: list[Layer], view: Lens, *, darkness: float = 1.0) -> npt.NDArray[np.uint8]:
    """All layers over each other, each with its shadow on those behind. Blue-green-red."""
    pixels = view.empty()
    canvas = surface_on(pixels).getCanvas()
    for layer in layers:
        if layer.shadow and not layer.is_light:
            _with_shadow(canvas, layer, view, darkness)
        else:
            draw_layer(canvas, layer, view)
    return without_cover(pixels)


def _with_shadow(canvas: skia.Canvas, layer: Layer, view: Lens, darkness: float) -> None:
    area = extent(layer.group, lit=True)
    if area is None:
        return
    part, left, top = view.window(area, _MARGIN + 3 * layer.softness)
    sheet = part.empty()
    draw_layer(surface_on(sheet).getCanvas(), layer, part)
    canvas.save()
    canvas.translate(left, top)
    cast_shadow(canvas, sheet, view, opacity=min(0.9, layer.shadow * darkness), reach=11, offset=(-2, -4))
    draw_pixels(canvas, sheet)
    canvas.restore()


def cast_shadow(
    canvas: skia.Canvas, sheet: Pixels, view: Lens, *, opacity: float, reach: float, offset: tuple[float, float]
) -> None:
    """The blurred silhouette of ``sheet``; blurred small, which is several times faster and looks the same."""
    height, width = sheet.shape[:2]
    size = max(1, width // _SHRINK), max(1, height // _SHRINK)
    small = cv2.resize(cv2.extractChannel(sheet, 3), size, interpolation=cv2.INTER_AREA)
    cover = cv2.GaussianBlur(small, (0, 0), max(0.4, reach * view.scale / _SHRINK)).astype(np.float32) * opacity
    dark = np.stack([cover * share for share in (*_SHADE, 1.0)], axis=-1).astype(np.uint8)
    draw_pixels(canvas, enlarged(dark, width, height), round(offset[0] * view.scale), round(offset[1] * view.scale))
