"""Pop: comic colours, a screen of printed dots in the half tones and bold black lines."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import surface_on, without_cover
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.flat import flattened
from overprint.craft.drawing.styles.lines import contours, cover_of_figures, cover_of_quiet
from overprint.craft.drawing.styles.paper import Field

_PITCH = 11.0  # world units between two dots
_INK = 26


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    unit = lens.scale
    pixels = lens.empty()
    canvas = surface_on(pixels).getCanvas()
    for layer in layers:
        draw_layer(canvas, layer if layer is layers[0] else flattened(layer), lens)
    plain = without_cover(pixels)
    figures, calm = cover_of_figures(layers, lens), cover_of_quiet(layers, lens)
    line = contours(plain, unit, width=2.1, strength=2.4)
    line *= (np.float32(0.62) + figures * np.float32(0.38)) * (np.float32(1) - calm * np.float32(0.7))
    vivid = _vivid(plain)
    screen = _dots(unit, np.asarray(cv2.cvtColor(plain, cv2.COLOR_BGR2GRAY), np.uint8), figures)
    screen *= np.float32(1) - calm
    out = np.empty_like(plain)
    for channel in range(3):
        plane = vivid[..., channel].astype(np.float32)
        plane *= 1 - screen * np.float32(0.26)
        plane += (np.float32(_INK) - plane) * line
        out[..., channel] = np.clip(plane, 0, 255)
    return out


def _vivid(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Brighter and more colourful, as cheap print is."""
    colours = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    colours[..., 1] = cv2.convertScaleAbs(colours[..., 1], alpha=1.22)
    colours[..., 2] = cv2.convertScaleAbs(colours[..., 2], alpha=1.05, beta=6)
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_HSV2BGR), np.uint8)


def _dots(unit: float, grey: npt.NDArray[np.uint8], figures: Field) -> Field:
    """A screen at 45 degrees: dots grow as the picture darkens; figures get few, so that faces stay clear."""
    height, width = grey.shape
    pitch = max(4.0, _PITCH * unit)
    cos = np.float32(math.cos(math.radians(45)) * 2 * math.pi / pitch)
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    wave = (np.cos((x + y) * cos) + np.cos((x - y) * cos)) * np.float32(0.25) + np.float32(0.5)
    tone = cv2.GaussianBlur(grey, (0, 0), max(0.6, 2.5 * unit)).astype(np.float32) / np.float32(255)
    size = np.clip(np.float32(0.98) - tone, 0.08, 0.62) * (1 - figures * np.float32(0.55))
    edge = np.float32(max(2.0, pitch * 0.45))
    dots: Field = np.clip((wave - (1 - size)) * edge + np.float32(0.5), 0, 1) * (size > np.float32(0.05))
    return dots
