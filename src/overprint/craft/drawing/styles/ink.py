"""Pen and ink: black lines, hatching where it is dark, and thin washes of colour on cream paper."""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles.lines import contours, cover_of_figures, hatching
from overprint.craft.drawing.styles.paper import Field, texture
from overprint.craft.drawing.styles.storybook import stacked

_PAPER = np.array([222, 240, 248], np.float32)  # blue first
_INK = np.array([52, 38, 34], np.float32)
_HATCHES = ((35.0, 8.5, 0.6), (-40.0, 8.0, 0.4), (80.0, 7.5, 0.26))
"""Angle, spacing (world units) and the lightness below which each set of lines is drawn."""


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    unit = lens.scale
    picture = stacked(layers, lens, darkness=0.7)
    height, width = picture.shape[:2]
    figures = cover_of_figures(layers, lens)
    pen = np.maximum(contours(picture, unit, width=1.6, strength=1.7), _shading(picture, figures, unit))
    wash = np.float32(0.5) + figures * np.float32(0.44)
    factor = texture(height, width, unit, tooth=0.022, grain=0.012)
    out = np.empty_like(picture)
    for channel in range(3):
        plane = picture[..., channel].astype(np.float32)
        laid = _PAPER[channel] + (plane - _PAPER[channel]) * wash
        laid += (_INK[channel] - laid) * pen * np.float32(0.92)
        out[..., channel] = cv2.multiply(laid, factor, dtype=cv2.CV_8U)
    return out


def _shading(picture: npt.NDArray[np.uint8], figures: Field, unit: float) -> Field:
    """Hatching by tone: thicker lines where it is darker, hardly any on figures, whose faces stay clean."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    tone = cv2.GaussianBlur(grey, (0, 0), max(0.8, 5 * unit)).astype(np.float32) / np.float32(255)
    tone += figures * np.float32(0.45)
    dark = np.zeros_like(tone)
    for angle, spacing, below in _HATCHES:
        wave = hatching(grey.shape[0], grey.shape[1], unit, angle=angle, spacing=spacing)
        thick = np.clip((np.float32(below) - tone) * np.float32(1.5), 0, 0.42)
        line = np.clip((thick - wave) * np.float32(5) + (thick > 0.01) * np.float32(0.35), 0, 1)
        np.maximum(dark, line * np.float32(0.75), out=dark)
    return dark
