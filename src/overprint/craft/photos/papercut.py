"""A photo as sheets of paper laid over each other, the darker on the lighter, each with its shadow and a lit edge.

Sheets are cut by lightness, so that features stay where they are; few flat pieces would melt a face. Over faces the
shadows hold back and more colours are left.
"""

import cv2
import numpy as np

from overprint.craft.drawing.styles.paper import texture
from overprint.craft.photos.filters import (
    Field,
    blended,
    despeckled,
    fewer_colours,
    livelier,
    smoothed,
    times,
    whole_px,
)
from overprint.craft.photos.opening import Picture

_SHARES = (86, 70, 54, 38, 24, 12, 5)
"""How much of the picture, in percent, is darker than where each sheet is cut."""
_OWN_LIGHT = np.float32(0.35)


def papercut(picture: Picture, calm: Field, unit: float) -> Picture:
    """``calm`` is 1 over faces; ``unit`` is a thousandth of the longer side, in pixels."""
    even = smoothed(livelier(picture, 1.2, 1.04), 2)
    face = np.asarray(cv2.GaussianBlur(np.clip(calm * np.float32(3.2), 0, 1), (0, 0), max(1, 5 * unit)), np.float32)
    tone = _tone(even, face, unit)
    cuts = np.unique(np.round(np.percentile(tone, _SHARES), 1))[::-1]
    flat = fewer_colours(np.asarray(cv2.GaussianBlur(even, (0, 0), max(1.0, 2 * unit)), np.uint8), 9, 2.6)
    colours = np.asarray(cv2.cvtColor(_settled(flat, unit), cv2.COLOR_BGR2LAB), np.uint8)
    out = _sheet(colours, tone, float(cuts[0]), 256.0)
    for cut, darkest in zip(cuts, (*cuts[1:], -1.0), strict=True):
        cover = _cut(tone, float(cut), unit)
        out = _laid(out, _sheet(colours, tone, float(darkest), float(cut)), cover, face, unit)
    features = despeckled(fewer_colours(even, 26, 1.6), unit)
    out = blended(out, features, np.asarray(face * np.float32(0.88), np.float32))
    height, width = out.shape[:2]
    return times(out, texture(height, width, unit, tooth=0.038, grain=0.016))


def _tone(even: Picture, face: Field, unit: float) -> Field:
    """Lightness, 0 to 255, without what scissors could not follow."""
    grey = cv2.createCLAHE(1.4, (4, 4)).apply(cv2.cvtColor(even, cv2.COLOR_BGR2GRAY))
    grey = np.asarray(grey, np.float32)
    broad, fine = (cv2.GaussianBlur(grey, (0, 0), max(0.8, width * unit)) for width in (7.0, 2.0))
    return np.asarray(broad * (1 - face) + fine * face, np.float32)


def _settled(picture: Picture, unit: float) -> Picture:
    for _ in range(3):
        picture = despeckled(picture, unit)
    return picture


def _sheet(colours: Picture, tone: Field, darkest: float, lightest: float) -> Picture:
    """The colours of a sheet: nearly as light everywhere as what it is cut for. ``colours`` are CIELAB."""
    inside = (tone >= darkest) & (tone < lightest)
    light = float(np.median(tone[inside])) if inside.any() else (darkest + lightest) / 2
    out = colours.copy()
    own = np.asarray(colours[..., 0], np.float32) * _OWN_LIGHT
    out[..., 0] = np.clip(own + (1 - _OWN_LIGHT) * np.float32(light), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(out, cv2.COLOR_LAB2BGR), np.uint8)


def _cut(tone: Field, level: float, unit: float) -> Field:
    """1 where the sheet is. Its corners are as round as scissors make them, and there are no crumbs."""
    side = 2 * whole_px(5, unit) + 1
    blade = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    rough = (tone < level).astype(np.uint8) * np.uint8(255)
    clean = cv2.morphologyEx(cv2.morphologyEx(rough, cv2.MORPH_OPEN, blade), cv2.MORPH_CLOSE, blade)
    return np.asarray(cv2.GaussianBlur(clean, (0, 0), max(0.7, unit)), np.float32) / np.float32(255)


def _laid(below: Picture, sheet: Picture, cover: Field, face: Field, unit: float) -> Picture:
    """The sheet on what lies there, lit from the upper left."""
    far = cv2.GaussianBlur(_moved(cover, 3 * unit, 5 * unit), (0, 0), max(1, 5 * unit))
    near = cv2.GaussianBlur(cover, (0, 0), max(0.8, 1.6 * unit))
    held = 1 - face * np.float32(0.5)
    shadow = far * (np.float32(0.42) * held) + near * (np.float32(0.14) * held)
    laid = blended(times(below, np.asarray(1 - shadow, np.float32)), sheet, cover)
    edge = np.clip(cover - _moved(cover, 1.2 * unit, 2 * unit), 0, 1) * held
    return np.asarray(cv2.add(laid, cv2.merge([np.asarray(edge * np.float32(30), np.uint8)] * 3)), np.uint8)


def _moved(field: Field, right: float, down: float) -> Field:
    height, width = field.shape
    way = np.array([[1, 0, max(1, round(right))], [0, 1, max(1, round(down))]], np.float32)
    return np.asarray(cv2.warpAffine(field, way, (width, height), borderMode=cv2.BORDER_REPLICATE), np.float32)
