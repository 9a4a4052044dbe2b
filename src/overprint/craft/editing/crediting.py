"""Credits: a few lines over the end of a film, whose picture goes out of focus and dark behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import skia

from overprint.craft.drawing.buffers import surface_on
from overprint.craft.editing.lettering import Lettered, even, font_of, wrapped
from overprint.craft.editing.overlay import Plane, fade
from overprint.craft.typesetting.fontfile import DISPLAY_FILE, TEXT_FILE

LINES_MAX = 8
APPEAR_SECONDS = 0.5
_TITLE_SHARE, _LINE_SHARE = 0.088, 0.048  # of the shorter side
_WIDTH_SHARE, _LEADING, _GAP = 0.8, 1.34, 0.8
_LIGHT = 0.34
_BLUR_SHARE = 0.02
_INK, _SOFT_INK = skia.ColorWHITE, skia.Color(236, 230, 216)


@dataclass(frozen=True, slots=True)
class _Row:
    words: str
    font: skia.Font
    colour: int
    below: float


def credited(title: str, lines: Sequence[str], width_px: int, height_px: int) -> Lettered | None:
    """The words, in the middle of the frame. Lines that our typefaces cannot write are left out; None if all are."""
    rows = [
        row
        for words, is_title in [(title, True), *((line, False) for line in lines[:LINES_MAX])]
        for row in _rows(words, is_title, width_px, height_px)
    ]
    if not rows:
        return None
    wide = even(max(row.font.measureText(row.words) for row in rows) + 8)
    tall = even(sum(row.font.getSize() * (_LEADING + row.below) for row in rows))
    pixels = np.zeros((tall, wide, 4), np.uint8)
    canvas = surface_on(pixels).getCanvas()
    y = 0.0
    for row in rows:
        size = row.font.getSize()
        x = (wide - row.font.measureText(row.words)) / 2
        canvas.drawString(row.words, x, y + size, row.font, skia.Paint(AntiAlias=True, Color=row.colour))
        y += size * (_LEADING + row.below)
    return Lettered(pixels, even((width_px - wide) / 2), even((height_px - tall) / 2))


def _rows(words: str, is_title: bool, width_px: int, height_px: int) -> list[_Row]:
    share, file = (_TITLE_SHARE, DISPLAY_FILE) if is_title else (_LINE_SHARE, TEXT_FILE)
    font = font_of(file, share * min(width_px, height_px))
    if not words.strip() or 0 in font.textToGlyphs(words):
        return []
    lines = wrapped(words, font.measureText, _WIDTH_SHARE * width_px)
    widest = max(map(font.measureText, lines))
    if widest > _WIDTH_SHARE * width_px:
        font.setSize(font.getSize() * _WIDTH_SHARE * width_px / widest)
    colour = _INK if is_title else _SOFT_INK
    last = len(lines) - 1
    return [_Row(line, font, colour, _GAP if is_title and n == last else 0.0) for n, line in enumerate(lines)]


def set_back(planes: Plane, height_px: int, share: float) -> None:
    """In place: dark and out of focus; ``share`` 0 leaves it as it is, 1 is as far as it goes."""
    luma = planes[:height_px]
    rows, columns = luma.shape
    small = cv2.resize(luma, (max(1, columns // 4), max(1, rows // 4)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.5, _BLUR_SHARE * rows / 4))
    luma[:] = cv2.addWeighted(luma, 1 - share, cv2.resize(soft, (columns, rows)), share, 0)
    fade(planes, height_px, 1 - share * (1 - _LIGHT))
