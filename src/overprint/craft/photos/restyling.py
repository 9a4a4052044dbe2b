"""A photo as a picture made by hand. A *treatment*: what is seen stays where it is, faces keep their features."""

import math
from collections.abc import Callable, Mapping

import cv2
import numpy as np

from overprint.craft.drawing.styles.lines import hatching, strokes
from overprint.craft.drawing.styles.paper import noise, texture
from overprint.craft.photos.faces import Face, find_faces
from overprint.craft.photos.filters import (
    Field,
    blended,
    despeckled,
    fewer_colours,
    lines,
    livelier,
    patches,
    smoothed,
    times,
    whole_px,
)
from overprint.craft.photos.opening import Picture
from overprint.craft.photos.order import PhotoStyle
from overprint.craft.photos.papercut import papercut


def restyled(picture: Picture, style: PhotoStyle, seed: int) -> Picture:
    """The photo in ``style``, of the same size. The same photo, style and seed give the same pixels."""
    calm = _calm(picture, find_faces(picture, thorough=False))
    return _TREATMENTS[style](picture, calm, max(0.25, max(picture.shape[:2]) / 1000), seed % 2**31)


def _calm(picture: Picture, faces: tuple[Face, ...]) -> Field:
    """1 over faces, 0 elsewhere, soft between: there a treatment holds back."""
    height, width = picture.shape[:2]
    small = np.zeros((max(1, height // 4), max(1, width // 4)), np.float32)
    for face in faces:
        middle = (int(face.x + face.side / 2) // 4, int(face.y + face.side * 0.55) // 4)
        cv2.ellipse(small, middle, (int(face.side * 0.1), int(face.side * 0.14)), 0, 0, 360, 1.0, -1)
        small = np.asarray(cv2.GaussianBlur(small, (0, 0), max(1.0, face.side / 40)), np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _watercolour(picture: Picture, calm: Field, unit: float, seed: int) -> Picture:
    height, width = picture.shape[:2]
    even = smoothed(livelier(picture, 1.12, 1.06), 1)
    broad = patches(patches(even, whole_px(8, unit)), whole_px(5, unit))
    fine = patches(even, whole_px(3, unit))
    broad = despeckled(broad, unit)  # rounds the corners of the squares
    painted = _wobbled(blended(broad, fine, calm * np.float32(0.85)), calm, unit, seed)
    grey = np.asarray(cv2.cvtColor(painted, cv2.COLOR_BGR2GRAY), np.float32) / np.float32(255)
    pooled = np.clip(cv2.GaussianBlur(grey, (0, 0), max(0.8, 3.5 * unit)) - grey, 0, 1)
    wash = noise(height, width, 120 * unit, seed + 3, 4) * np.float32(0.13) * (1 - np.float32(0.6) * calm)
    density = np.asarray(np.float32(0.84) + wash + np.float32(1.5) * pooled, np.float32)
    glazed = _glazed(painted, density)
    drawn = lines(even, 0.9 * unit, tone=0.4, threshold=0.56, softness=6)
    glazed = times(glazed, np.float32(0.7) + np.float32(0.3) * drawn)
    inside = _torn_edge(height, width, unit, seed)
    paper = np.full_like(glazed, (238, 248, 253))
    return times(blended(paper, glazed, inside), texture(height, width, unit, tooth=0.035, grain=0.014))


def _ink(picture: Picture, calm: Field, unit: float, seed: int) -> Picture:
    height, width = picture.shape[:2]
    even = smoothed(picture, 2)
    grey = _evened(np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2GRAY), np.uint8))
    tone = np.asarray(cv2.GaussianBlur(grey, (0, 0), max(0.6, 1.5 * unit)), np.float32) / np.float32(255)
    tone += calm * np.float32(0.12)
    drawn = lines(even, 1.15 * unit, tone=0.45, threshold=0.6, softness=14)
    ink = 1 - drawn
    angle = 40 + seed % 11
    for turn, below in ((0, 0.66), (52, 0.46), (-38, 0.28)):
        wave = hatching(height, width, unit, angle=angle + turn, spacing=6.4)
        depth = np.clip((np.float32(below) - tone) * np.float32(2.6), 0, 0.75)
        ink = np.maximum(ink, np.clip((depth - wave) * np.float32(3.2 * max(unit, 0.6)), 0, 1) * np.float32(0.92))
    ink = np.maximum(ink, np.clip((np.float32(0.1) - tone) * 14, 0, 1))
    paper = np.full_like(picture, (228, 240, 247))
    black = np.full_like(picture, (46, 34, 30))
    return times(
        blended(paper, black, np.asarray(ink, np.float32)), texture(height, width, unit, tooth=0.02, grain=0.01)
    )


def _pop(picture: Picture, calm: Field, unit: float, seed: int) -> Picture:
    height, width = picture.shape[:2]
    even = smoothed(picture, 2)
    flat = livelier(despeckled(fewer_colours(even, 14, 2.4), unit), 1.38, 1.1)
    tone = np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2GRAY), np.float32) / np.float32(255)
    tone = np.asarray(cv2.GaussianBlur(tone, (0, 0), max(0.8, 2.5 * unit)), np.float32)
    dots = _dots(height, width, max(4.0, 9 * unit), np.clip(np.float32(0.66) - np.float32(0.72) * tone, 0, 0.5), seed)
    screened = times(flat, 1 - dots * (np.float32(0.5) - np.float32(0.2) * calm))
    return times(
        screened, np.float32(0.1) + np.float32(0.9) * lines(even, 1.3 * unit, tone=0.2, threshold=0.56, softness=9)
    )


def _cartoon(picture: Picture, calm: Field, unit: float, seed: int) -> Picture:
    even = smoothed(picture, 3)
    flat = despeckled(fewer_colours(even, 24, 2.0), unit)
    soft = blended(flat, even, calm * np.float32(0.55))
    drawn = lines(even, 1.2 * unit, tone=0.15, threshold=0.56, softness=8)
    return times(livelier(soft, 1.22, 1.05), np.float32(0.22) + np.float32(0.78) * drawn)


def _pencil(picture: Picture, calm: Field, unit: float, seed: int) -> Picture:
    height, width = picture.shape[:2]
    even = smoothed(picture, 1)
    grey = _evened(np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2GRAY), np.uint8))
    away = cv2.GaussianBlur(255 - grey, (0, 0), max(2.0, 9 * unit))
    outline = np.asarray(cv2.divide(grey, 255 - away, scale=256), np.float32) / np.float32(255)
    tone = np.asarray(cv2.GaussianBlur(grey, (0, 0), max(0.6, 1.2 * unit)), np.float32) / np.float32(255)
    lead = np.clip(np.float32(0.92) - tone, 0, 1) * np.float32(0.85)
    grain = strokes(height, width, unit, angle=38, seed=seed % 97) * (1 - np.float32(0.45) * calm)
    shading = lead * np.clip(np.float32(0.72) + np.float32(0.42) * grain, 0, 1.5)
    light = np.power(np.clip(outline, 0, 1), np.float32(1.5)) * (1 - np.clip(shading, 0, 0.86))
    paper = np.full_like(picture, (236, 244, 249))
    graphite = np.full_like(picture, (58, 52, 50))
    drawn = blended(graphite, paper, np.asarray(light, np.float32))
    return times(drawn, texture(height, width, unit, tooth=0.025, grain=0.012))


_TREATMENTS: Mapping[PhotoStyle, Callable[[Picture, Field, float, int], Picture]] = {
    PhotoStyle.WATERCOLOUR: _watercolour,
    PhotoStyle.INK: _ink,
    PhotoStyle.POP: _pop,
    PhotoStyle.CARTOON: _cartoon,
    PhotoStyle.PENCIL: _pencil,
    PhotoStyle.PAPERCUT: lambda picture, calm, unit, seed: papercut(picture, calm, unit),
}


def _wobbled(picture: Picture, calm: Field, unit: float, seed: int) -> Picture:
    """Edges that no lens drew; hardly at all over faces."""
    height, width = picture.shape[:2]
    reach = np.float32(2.2 * unit) * (1 - np.float32(0.8) * calm)
    x = noise(height, width, 26 * unit, seed + 1, 2) * reach + np.arange(width, dtype=np.float32)[None, :]
    y = noise(height, width, 26 * unit, seed + 2, 2) * reach + np.arange(height, dtype=np.float32)[:, None]
    return np.asarray(cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _glazed(picture: Picture, density: Field) -> Picture:
    """The colours to the power of the pigment's density, as layers of glaze do. Tabulated: 64 densities."""
    levels = np.linspace(0.3, 2.2, 64, dtype=np.float32)
    tones = np.clip(np.arange(256, dtype=np.float32) / 255, 0.03, 1)
    table = np.power(tones[None, :], levels[:, None]) * np.float32(0.94) + np.float32(0.06)
    lookup = np.clip(table * 255 + 0.5, 0, 255).astype(np.uint8).reshape(-1)
    index = np.clip((density - 0.3) * np.float32(63 / 1.9), 0, 63).astype(np.uint16) << 8
    return np.asarray(cv2.merge([np.take(lookup, index + picture[..., channel]) for channel in range(3)]), np.uint8)


def _torn_edge(height: int, width: int, unit: float, seed: int) -> Field:
    """1 inside, 0 on the unpainted border of the sheet, ragged between."""
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    away = np.minimum(np.minimum(x, width - x)[None, :], np.minimum(y, height - y)[:, None])
    ragged = noise(height, width, 60 * unit, seed + 7, 4) * np.float32(8 * unit)
    return np.asarray(np.clip((away - np.float32(26 * unit) + ragged) / np.float32(3.5 * unit), 0, 1), np.float32)


def _dots(height: int, width: int, pitch: float, size: Field, seed: int) -> Field:
    """A screen at 45 degrees; ``size`` 0 to 0.5 is the radius of the dots in pitches."""
    turn = np.float32(1 / (pitch * math.sqrt(2)))
    shift = np.float32(seed % 7 / 7)
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    u, v = (x + y) * turn + shift, (x - y) * turn
    away = np.hypot(u - np.floor(u) - np.float32(0.5), v - np.floor(v) - np.float32(0.5))
    return np.asarray(np.clip((size - away) * np.float32(pitch) + np.float32(0.5), 0, 1), np.float32)


def _evened(grey: Picture) -> Picture:
    """Contrast that fits the paper, in dark corners too."""
    return np.asarray(cv2.createCLAHE(1.6, (6, 6)).apply(grey), np.uint8)
