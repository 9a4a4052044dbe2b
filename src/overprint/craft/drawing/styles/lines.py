"""Drawn lines, found in a painted picture; the strokes of a pencil; and where the figures are."""

import functools
import math

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import surface_on
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.bands import Field, Plane

Picture = npt.NDArray[np.uint8]
_TILE = 1024


def contours(picture: Picture, unit: float, *, width: float, strength: float) -> Plane:
    """0 where there is no line to 255 where it is darkest: the dark side of every edge. ``width`` in world units."""
    edge = np.zeros(picture.shape[:2], np.uint8)
    for channel in range(3):
        plane = cv2.extractChannel(picture, channel)
        broad = cv2.GaussianBlur(plane, (0, 0), max(0.9, width * unit * 1.25))
        fine = cv2.GaussianBlur(plane, (0, 0), max(0.5, width * unit * 0.55))
        cv2.max(edge, cv2.subtract(broad, fine, dst=broad), dst=edge)
    strength *= min(1.0, max(0.45, 1.3 * unit))  # a pixel is thicker than a pen: small pictures get fainter lines
    dark = np.clip((np.arange(256) - 5) * (strength / 12), 0, 1) * 255 + 0.5
    return np.asarray(cv2.LUT(edge, dark.astype(np.uint8)), np.uint8)


def cover_of_figures(layers: list[Layer], lens: Lens) -> Plane:
    """255 where somebody or something of the cast is drawn, 0 elsewhere; soft at the edge."""
    return _cover([layer for layer in layers if layer.is_figure], lens)


def cover_of_quiet(layers: list[Layer], lens: Lens) -> Plane:
    """255 where the picture is kept calm for text, 0 elsewhere; soft at the edge."""
    cover = _cover([layer for layer in layers if layer.name == "quiet"], lens)
    return np.asarray(cv2.convertScaleAbs(cover, alpha=2.5), np.uint8)


def _cover(layers: list[Layer], lens: Lens) -> Plane:
    """Where ``layers`` are, drawn small."""
    shrink = 4
    small = Lens(
        max(1, lens.width_px // shrink),
        max(1, lens.height_px // shrink),
        lens.scale * max(1, lens.width_px // shrink) / lens.width_px,
        lens.x0,
        lens.y0,
    )
    pixels = small.empty()
    canvas = surface_on(pixels).getCanvas()
    for layer in layers:
        draw_layer(canvas, layer, small)
    alpha = np.ascontiguousarray(pixels[..., 3])
    return np.asarray(cv2.resize(alpha, (lens.width_px, lens.height_px), interpolation=cv2.INTER_LINEAR), np.uint8)


@functools.lru_cache(maxsize=8)
def _stroke_tile(length: float, thickness: float, angle: float, seed: int) -> Field:
    generator = np.random.Generator(np.random.PCG64(seed))
    rough = generator.standard_normal((_TILE, _TILE), dtype=np.float32)
    wrapped = cv2.copyMakeBorder(rough, 256, 256, 256, 256, cv2.BORDER_WRAP)
    drawn = cv2.GaussianBlur(wrapped, (0, 0), sigmaX=max(0.6, length), sigmaY=max(0.5, thickness))
    turn = cv2.getRotationMatrix2D((_TILE / 2 + 256, _TILE / 2 + 256), angle, 1.0)
    turned = cv2.warpAffine(drawn, turn, (_TILE + 512, _TILE + 512), borderMode=cv2.BORDER_REFLECT)
    tile = turned[256:-256, 256:-256]
    scaled: Field = (tile / tile.std()).astype(np.float32)
    return scaled


def strokes(height: int, width: int, unit: float, *, angle: float, seed: int, top: int = 0) -> Field:
    """Noise drawn out into strokes along ``angle`` degrees; deviation about 1. ``top`` is the first row, of a band.

    Every second tile is turned over half a turn, so that no seam repeats in a line."""
    size = min(3.0, max(0.5, unit))
    tile = _stroke_tile(round(10 * size, 1), round(0.95 * size, 1), angle, seed)
    whole = np.empty((height, width), np.float32)
    y = 0
    while y < height:
        row, inside = divmod(top + y, _TILE)
        tall = min(height - y, _TILE - inside)
        for column, x in enumerate(range(0, width, _TILE)):
            turned = tile if (row + column) % 2 == 0 else tile[::-1, ::-1]
            whole[y : y + tall, x : x + _TILE] = turned[inside : inside + tall, : width - x]
        y += tall
    return whole


def hatching(height: int, width: int, unit: float, *, angle: float, spacing: float, top: int = 0) -> Field:
    """Parallel pen lines as a wave from 0 (on a line) to 1 (between two), a little unsteady. ``top``: see above."""
    pitch, radians, rate = max(3.0, spacing * unit), math.radians(angle), max(unit, 0.2)
    x, y = np.arange(width, dtype=np.float64), np.arange(top, top + height, dtype=np.float64)
    across = (x * math.cos(radians) + np.sin(x * (0.013 / rate)) * 0.7 * unit) / pitch
    down = (y * math.sin(radians) + np.sin(y * (0.017 / rate)) * unit) / pitch
    phase = (across % 1).astype(np.float32)[None, :] + (down % 1).astype(np.float32)[:, None]
    phase -= np.floor(phase)
    phase *= np.float32(2)
    phase -= np.float32(1)
    return np.asarray(np.abs(phase, out=phase), np.float32)
