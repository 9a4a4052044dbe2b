"""Pen and ink: black lines, hatching where it is dark, and thin washes of colour on cream paper."""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles.bands import Field, bands, share
from overprint.craft.drawing.styles.lines import contours, cover_of_figures, cover_of_quiet, hatching
from overprint.craft.drawing.styles.paper import texture
from overprint.craft.drawing.styles.storybook import stacked

_PAPER = np.array([222, 240, 248], np.float32)  # blue first
_INK = np.array([52, 38, 34], np.float32)
_HATCHES = ((35.0, 8.5, 0.6), (-40.0, 8.0, 0.4), (80.0, 7.5, 0.26))
"""Angle, spacing (world units) and the lightness below which each set of lines is drawn."""


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    unit = lens.scale
    picture = stacked(layers, lens, darkness=0.7)
    height, width = picture.shape[:2]
    cover, lines = cover_of_figures(layers, lens), contours(picture, unit, width=1.6, strength=1.7)
    quiet = cover_of_quiet(layers, lens)
    tones = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (0, 0), max(0.8, 5 * unit))
    for rows in bands(height):
        figures, part = share(cover[rows]), picture[rows]
        tone = share(tones[rows]) + figures * np.float32(0.45) + share(quiet[rows]) * np.float32(0.6)
        pen = np.maximum(share(lines[rows]), _shading(tone, unit, rows.start)) * np.float32(0.92)
        wash = np.float32(0.5) + figures * np.float32(0.44)
        factor = texture(part.shape[0], width, unit, tooth=0.022, grain=0.012, top=rows.start)
        for channel in range(3):
            laid = _PAPER[channel] + (part[..., channel] - _PAPER[channel]) * wash
            laid += (_INK[channel] - laid) * pen
            part[..., channel] = cv2.multiply(laid, factor, dtype=cv2.CV_8U)
    return picture


def _shading(tone: Field, unit: float, top: int) -> Field:
    """Hatching by tone: thicker lines where it is darker, hardly any on figures, whose faces stay clean, and
    less where words will stand."""
    dark = np.zeros_like(tone)
    for angle, spacing, below in _HATCHES:
        wave = hatching(tone.shape[0], tone.shape[1], unit, angle=angle, spacing=spacing, top=top)
        thick = np.clip((np.float32(below) - tone) * np.float32(1.5), 0, 0.42)
        line = np.clip((thick - wave) * np.float32(5) + (thick > 0.01) * np.float32(0.35), 0, 1)
        np.maximum(dark, line * np.float32(0.75), out=dark)
    return dark
