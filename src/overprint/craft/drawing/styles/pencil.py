"""Coloured pencil: strokes that leave the paper showing, and a soft graphite line around everything."""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles.lines import contours, cover_of_figures, strokes
from overprint.craft.drawing.styles.paper import texture
from overprint.craft.drawing.styles.storybook import stacked

_PAPER = np.array([232, 244, 250], np.float32)  # blue first
_GRAPHITE = np.array([70, 62, 66], np.float32)


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    unit = lens.scale
    picture = stacked(layers, lens, darkness=0.6)
    height, width = picture.shape[:2]
    line = contours(picture, unit, width=1.5, strength=0.8)
    figures = cover_of_figures(layers, lens)
    grain = strokes(height, width, unit, angle=52, seed=11) * np.float32(0.55)
    grain += strokes(height, width, unit, angle=28, seed=12) * np.float32(0.35)
    tone = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32) / np.float32(255)
    grain *= (np.float32(0.13) - figures * np.float32(0.07)) * (np.float32(0.25) + np.float32(0.75) * tone)
    press = np.clip(np.float32(0.68) + figures * np.float32(0.2) + grain, 0.2, 0.97)
    line *= np.clip(np.float32(0.85) + grain, 0.3, 1)
    factor = texture(height, width, unit, tooth=0.03, grain=0.01)
    out = np.empty_like(picture)
    for channel in range(3):
        plane = picture[..., channel].astype(np.float32)
        laid = _PAPER[channel] + (plane - _PAPER[channel]) * press
        laid += (_GRAPHITE[channel] - laid) * line * np.float32(0.72)
        out[..., channel] = cv2.multiply(laid, factor, dtype=cv2.CV_8U)
    return out
