"""Coloured pencil: strokes that leave the paper showing, and a soft graphite line around everything."""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles.bands import bands, share
from overprint.craft.drawing.styles.lines import contours, cover_of_figures, strokes
from overprint.craft.drawing.styles.paper import texture
from overprint.craft.drawing.styles.storybook import stacked

_PAPER = np.array([232, 244, 250], np.float32)  # blue first
_GRAPHITE = np.array([70, 62, 66], np.float32)


def paint(layers: list[Layer], lens: Lens) -> npt.NDArray[np.uint8]:
    unit = lens.scale
    picture = stacked(layers, lens, darkness=0.6)
    height, width = picture.shape[:2]
    lines, cover = contours(picture, unit, width=1.5, strength=0.8), cover_of_figures(layers, lens)
    tones = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    for rows in bands(height):
        figures, part, top = share(cover[rows]), picture[rows], rows.start
        grain = strokes(part.shape[0], width, unit, angle=52, seed=11, top=top) * np.float32(0.55)
        grain += strokes(part.shape[0], width, unit, angle=28, seed=12, top=top) * np.float32(0.35)
        tone = np.float32(0.25) + np.float32(0.75) * share(tones[rows])
        grain *= (np.float32(0.13) - figures * np.float32(0.07)) * tone
        press = np.clip(np.float32(0.68) + figures * np.float32(0.2) + grain, 0.2, 0.97)
        line = share(lines[rows]) * np.clip(np.float32(0.85) + grain, 0.3, 1) * np.float32(0.72)
        factor = texture(part.shape[0], width, unit, tooth=0.03, grain=0.01, top=top)
        for channel in range(3):
            laid = _PAPER[channel] + (part[..., channel] - _PAPER[channel]) * press
            laid += (_GRAPHITE[channel] - laid) * line
            part[..., channel] = cv2.multiply(laid, factor, dtype=cv2.CV_8U)
    return picture
