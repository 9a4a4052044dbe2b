"""Captions as pictures: a few lines inside the part of the frame that no player covers, readable on any ground."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import skia

from overprint.core.film import CaptionStyle
from overprint.craft.drawing.buffers import Pixels, surface_on
from overprint.craft.typesetting.fontfile import DISPLAY_FILE, FONTS, TEXT_FILE

_TYPE_SHARE = 0.052  # of the shorter side
_LINE, _PAD_X, _PAD_Y = 1.28, 0.62, 0.34  # of the type size
_WIDTH_SHARE = 0.84
# Players lay their buttons over the lower part of tall films, so there words stand in the upper part.
_TALL, _TALL_TOP_SHARE, _LOW_EDGE_SHARE = 1.5, 0.13, 0.07
_ROUND = 0.5  # of the type size


@dataclass(frozen=True, slots=True)
class Treatment:
    """Colours are Skia's. ``ground``: what lies under the words; ``rim``: a line around that; ``edge``: one around each
    letter, so wide (of the type size); ``lit``: the ink of the word that is being said."""

    ink: int = skia.ColorWHITE
    ground: int = 0
    rim: int = 0
    edge: int = 0
    edge_share: float = 0.0
    lit: int = 0
    font_file: str = DISPLAY_FILE
    size: float = 1.0


TREATMENTS: Mapping[CaptionStyle, Treatment] = {
    CaptionStyle.BAR: Treatment(ground=skia.Color(18, 16, 34, 158)),
    CaptionStyle.OUTLINE: Treatment(edge=skia.Color(14, 12, 26, 235), edge_share=0.22, size=1.08),
    CaptionStyle.SPOKEN: Treatment(ground=skia.Color(18, 16, 34, 196), lit=skia.Color(255, 209, 92)),
    CaptionStyle.STORYBOOK: Treatment(
        ink=skia.Color(58, 40, 26),
        ground=skia.Color(255, 247, 228, 238),
        rim=skia.Color(176, 138, 92, 210),
        font_file=TEXT_FILE,
        size=1.16,
    ),
}


@dataclass(frozen=True, slots=True)
class Lettered:
    """A picture (premultiplied BGRA) and where it lies in the frame; all four numbers are even."""

    pixels: Pixels
    left: int
    top: int


def lettered(
    words: str, width_px: int, height_px: int, style: CaptionStyle = CaptionStyle.BAR, lit: int | None = None
) -> Lettered | None:
    """None for words that the typeface cannot write: half a word is worse than none, and the track has them all.
    ``lit``: which word is being said, from 0; only some styles show it."""
    treatment = TREATMENTS[style]
    font = font_of(treatment.font_file, treatment.size * _TYPE_SHARE * min(width_px, height_px))
    if 0 in font.textToGlyphs(words):
        return None
    lines = _fitted(words, font, _WIDTH_SHARE * width_px)
    size = font.getSize()
    across = max(map(font.measureText, lines)) + 2 * _PAD_X * size
    down = (len(lines) - 1) * _LINE * size + size + 2 * _PAD_Y * size
    wide, tall = even(across), even(down)
    pixels = np.zeros((tall, wide, 4), np.uint8)
    canvas = surface_on(pixels).getCanvas()
    _draw_ground(canvas, treatment, wide, tall, size)
    for number, (line, first) in enumerate(_numbered(lines)):
        x, y = (wide - font.measureText(line)) / 2, (_PAD_Y + 0.82 + number * _LINE) * size
        if treatment.edge:
            canvas.drawString(line, x, y, font, _edge_of(treatment, size))
        canvas.drawString(line, x, y, font, skia.Paint(AntiAlias=True, Color=treatment.ink))
        if treatment.lit and lit is not None:
            _light(canvas, line, lit - first, x, y, font, treatment.lit)
    return Lettered(pixels, even((width_px - wide) / 2), _top(width_px, height_px, tall))


def font_of(file: str, size_px: float) -> skia.Font:
    font = skia.Font(skia.Typeface.MakeFromFile(str(FONTS / file)), size_px)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    font.setSubpixel(True)
    return font


def _draw_ground(canvas: skia.Canvas, treatment: Treatment, wide: int, tall: int, size: float) -> None:
    if treatment.ground:
        paint = skia.Paint(AntiAlias=True, Color=treatment.ground)
        canvas.drawRoundRect(skia.Rect.MakeWH(wide, tall), size * _ROUND, size * _ROUND, paint)
    if treatment.rim:
        inset = size * 0.12
        box = skia.Rect.MakeLTRB(inset, inset, wide - inset, tall - inset)
        line = skia.Paint(AntiAlias=True, Color=treatment.rim, Style=skia.Paint.kStroke_Style, StrokeWidth=size * 0.05)
        canvas.drawRoundRect(box, size * 0.4, size * 0.4, line)


def _edge_of(treatment: Treatment, size: float) -> skia.Paint:
    return skia.Paint(
        AntiAlias=True,
        Color=treatment.edge,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=treatment.edge_share * size,
        StrokeJoin=skia.Paint.kRound_Join,
    )


def _numbered(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each line, and the number of its first word."""
    first = 0
    for line in lines:
        yield line, first
        first += len(line.split())


def _light(canvas: skia.Canvas, line: str, number: int, x: float, y: float, font: skia.Font, colour: int) -> None:
    words = line.split()
    if 0 <= number < len(words):
        before = " ".join([*words[:number], ""])
        paint = skia.Paint(AntiAlias=True, Color=colour)
        canvas.drawString(words[number], x + font.measureText(before), y, font, paint)


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
        return even(_TALL_TOP_SHARE * height_px)
    return even(height_px * (1 - _LOW_EDGE_SHARE) - tall)


def even(value: float) -> int:
    """The next even number, up."""
    return max(0, int(value + 1) // 2 * 2)
