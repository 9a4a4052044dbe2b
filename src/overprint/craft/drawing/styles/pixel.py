"""Pixel: large square dots from a small box of colours, with a dark line around the figures."""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import draw_pixels, surface_on
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.flat import flattened

_BLOCK = 4.2  # world units
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.47
_LEVELS = 9
_LINE = (58, 36, 44)  # blue first


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    columns = max(1, round(lens.width_px / max(1.0, _BLOCK * lens.scale)))
    rows = max(1, round(lens.height_px * columns / lens.width_px))
    small = Lens(columns, rows, lens.scale * columns / lens.width_px, lens.x0, lens.y0)
    pixels = small.empty()
    canvas = surface_on(pixels).getCanvas()
    for number, layer in enumerate(layers):
        plain = layer if number == 0 else flattened(layer, keep_light=True)
        if not layer.is_figure:
            draw_layer(canvas, plain, small)
            continue
        sheet = small.empty()
        draw_layer(surface_on(sheet).getCanvas(), plain, small)
        draw_pixels(canvas, _outlined(sheet))
    boxed = _few_colours(pixels[..., :3])
    return np.asarray(cv2.resize(boxed, (lens.width_px, lens.height_px), interpolation=cv2.INTER_NEAREST), np.uint8)


def _outlined(sheet: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Hard edges, and one dot of line around them."""
    solid = sheet.copy()
    cover = (sheet[..., 3] > 120).astype(np.uint8) * 255
    share = np.maximum(sheet[..., 3:4].astype(np.float32), 1)
    solid[..., :3] = np.clip(sheet[..., :3].astype(np.float32) * 255 / share, 0, 255)
    solid[..., 3] = 255
    solid[cover == 0] = 0
    ring = (cv2.dilate(cover, np.ones((3, 3), np.uint8)) > 0) & (cover == 0)
    solid[ring] = (*_LINE, 255)
    return solid


def _few_colours(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Each channel in a few steps, ordered dither between them."""
    height, width = picture.shape[:2]
    pattern = np.tile(_BAYER, (-(-height // 4), -(-width // 4)))[:height, :width, None]
    step = np.float32(255 / (_LEVELS - 1))
    levels = np.round(picture.astype(np.float32) / step + pattern * np.float32(0.5))
    return np.clip(levels * step, 0, 255).astype(np.uint8)
