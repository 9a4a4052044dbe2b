"""Captions as pictures: two or three lines on a dark pill, inside the part of the frame that no player covers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import skia

from overprint.craft.drawing.buffers import Pixels, surface_on
from overprint.craft.typesetting.fontfile import DISPLAY_FILE, FONTS

_TYPE_SHARE = 0.052  # of the shorter side
_LINE, _PAD_X, _PAD_Y = 1.28, 0.62, 0.34  # of the type size
_WIDTH_SHARE = 0.84
# Players lay their buttons over the lower part of tall films, so there words stand in the upper part.
_TALL, _TALL_TOP_SHARE, _LOW_EDGE_SHARE = 1.5, 0.13, 0.07
_PILL, _INK = skia.Color(18, 16, 34, 158), skia.ColorWHITE


@dataclass(frozen=True, slots=True)
class Lettered:
    """A picture (premultiplied BGRA) and where it lies in the frame; all four numbers are even."""

    pixels: Pixels
    left: int
    top: int


def lettered(words: str, width_px: int, height_px: int) -> Lettered | None:
    """None for words that the typeface cannot write: half a word is worse than none, and the track has them all."""
    font = skia.Font(skia.Typeface.MakeFromFile(str(FONTS / DISPLAY_FILE)), _TYPE_SHARE * min(width_px, height_px))
    font.setEdging(skia.Font.Edging.kAntiAlias)
    if 0 in font.textToGlyphs(words):
        return None
    lines = _fitted(words, font, _WIDTH_SHARE * width_px)
    size = font.getSize()
    across = max(map(font.measureText, lines)) + 2 * _PAD_X * size
    down = (len(lines) - 1) * _LINE * size + size + 2 * _PAD_Y * size
    wide, tall = _even(across), _even(down)
    pixels = np.zeros((tall, wide, 4), np.uint8)
    canvas = surface_on(pixels).getCanvas()
    canvas.drawRoundRect(skia.Rect.MakeWH(wide, tall), size * 0.5, size * 0.5, skia.Paint(AntiAlias=True, Color=_PILL))
    for number, line in enumerate(lines):
        x = (wide - font.measureText(line)) / 2
        canvas.drawString(
            line, x, (_PAD_Y + 0.82 + number * _LINE) * size, font, skia.Paint(AntiAlias=True, Color=_INK)
        )
    return Lettered(pixels, _even((width_px - wide) / 2), _top(width_px, height_px, tall))


def _fitted(words: str, font: skia.Font, width: float) -> Sequence[str]:
    """Lines within ``width``; the type gets smaller for a word that is longer than a line."""
    lines = wrapped(words, font.measureText, width)
    widest = max(map(font.measureText, lines))
    if widest > width:
        font.setSize(font.getSize() * width / widest)
    return lines


def wrapped(words: str, measure: Callable[[str], float], width: float) -> Sequence[str]:
    """Lines no longer than ``width`` and as even as can be with the fewest lines; a longer word has its own."""
    count = len(_filled(words, measure, width))
    low, high = width / 2 if count > 1 else width, width
    while high - low > width / 64:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(words, measure, middle)) <= count else (middle, high)
    return _filled(words, measure, high)


def _filled(words: str, measure: Callable[[str], float], width: float) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _top(width_px: int, height_px: int, tall: int) -> int:
    if height_px >= _TALL * width_px:
        return _even(_TALL_TOP_SHARE * height_px)
    return _even(height_px * (1 - _LOW_EDGE_SHARE) - tall)


def _even(value: float) -> int:
    return max(0, int(value + 1) // 2 * 2)
