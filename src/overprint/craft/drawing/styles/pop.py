"""Pop: comic colours, a screen of printed dots in the half tones and bold black lines."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import surface_on, without_cover
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.bands import Field, bands, share
from overprint.craft.drawing.styles.flat import flattened
from overprint.craft.drawing.styles.lines import contours, cover_of_figures, cover_of_quiet

_PITCH = 11.0  # world units between two dots
_INK = 26


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    unit = lens.scale
    pixels = lens.empty()
    canvas = surface_on(pixels).getCanvas()
    for layer in layers:
        draw_layer(canvas, layer if layer is layers[0] else flattened(layer), lens)
    plain = without_cover(pixels)
    del canvas, pixels
    cover, quiet = cover_of_figures(layers, lens), cover_of_quiet(layers, lens)
    lines = contours(plain, unit, width=2.1, strength=2.4)
    tones = cv2.GaussianBlur(cv2.cvtColor(plain, cv2.COLOR_BGR2GRAY), (0, 0), max(0.6, 2.5 * unit))
    for rows in bands(plain.shape[0]):
        figures, calm, part = share(cover[rows]), share(quiet[rows]), plain[rows]
        line = share(lines[rows]) * (np.float32(0.62) + figures * np.float32(0.38))
        line *= np.float32(1) - calm * np.float32(0.7)
        dots = _dots(unit, share(tones[rows]), figures, rows.start) * (np.float32(1) - calm)
        vivid, lit = _vivid(part), np.float32(1) - dots * np.float32(0.26)
        for channel in range(3):
            plane = vivid[..., channel] * lit
            plane += (np.float32(_INK) - plane) * line
            part[..., channel] = np.clip(plane, 0, 255)
    return plain


def _vivid(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Brighter and more colourful, as cheap print is."""
    colours = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    colours[..., 1] = cv2.convertScaleAbs(colours[..., 1], alpha=1.22)
    colours[..., 2] = cv2.convertScaleAbs(colours[..., 2], alpha=1.05, beta=6)
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_HSV2BGR), np.uint8)


def _dots(unit: float, tone: Field, figures: Field, top: int) -> Field:
    """A screen at 45 degrees: dots grow as the picture darkens; figures get few, so that faces stay clear."""
    height, width = tone.shape
    pitch = max(4.0, _PITCH * unit)
    turn = math.cos(math.radians(45)) * 2 * math.pi / pitch
    across = np.cos(np.arange(width) * turn).astype(np.float32)[None, :]
    down = np.cos(np.arange(top, top + height) * turn).astype(np.float32)[:, None]
    wave = across * down * np.float32(0.5) + np.float32(0.5)
    size = np.clip(np.float32(0.98) - tone, 0.08, 0.62) * (1 - figures * np.float32(0.55))
    edge = np.float32(max(2.0, pitch * 0.45))
    dots: Field = np.clip((wave - (1 - size)) * edge + np.float32(0.5), 0, 1) * (size > np.float32(0.05))
    return dots
