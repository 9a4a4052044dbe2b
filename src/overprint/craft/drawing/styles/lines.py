"""Drawn lines, found in a painted picture; the strokes of a pencil; and where the figures are."""

import functools
import math

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import surface_on
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.paper import Field

Picture = npt.NDArray[np.uint8]
_TILE = 1024


def contours(picture: Picture, unit: float, *, width: float, strength: float) -> Field:
    """0 where there is no line to 1 where it is darkest: the dark side of every edge. ``width`` in world units."""
    fine = cv2.GaussianBlur(picture, (0, 0), max(0.5, width * unit * 0.55))
    broad = cv2.GaussianBlur(picture, (0, 0), max(0.9, width * unit * 1.25))
    difference = cv2.subtract(broad, fine)
    edge = np.maximum(np.maximum(difference[..., 0], difference[..., 1]), difference[..., 2]).astype(np.float32)
    strength *= min(1.0, max(0.45, 1.3 * unit))  # a pixel is thicker than a pen: small pictures get fainter lines
    line: Field = np.clip((edge - np.float32(5)) * np.float32(strength / 12), 0, 1)
    return line


def cover_of_figures(layers: list[Layer], lens: Lens) -> Field:
    """1 where somebody or something of the cast is drawn, 0 elsewhere; soft at the edge."""
    return _cover([layer for layer in layers if layer.is_figure], lens)


def cover_of_quiet(layers: list[Layer], lens: Lens) -> Field:
    """1 where the picture is kept calm for text, 0 elsewhere; soft at the edge."""
    cover = _cover([layer for layer in layers if layer.name == "quiet"], lens)
    return np.asarray(np.minimum(cover * np.float32(2.5), np.float32(1)), np.float32)


def _cover(layers: list[Layer], lens: Lens) -> Field:
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
    grown = cv2.resize(alpha, (lens.width_px, lens.height_px), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown, np.float32) / np.float32(255)


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


def strokes(height: int, width: int, unit: float, *, angle: float, seed: int) -> Field:
    """Noise drawn out into strokes along ``angle`` degrees; deviation about 1. Tiles mirror at their borders."""
    size = min(3.0, max(0.5, unit))
    tile = _stroke_tile(round(10 * size, 1), round(0.95 * size, 1), angle, seed)
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    whole = np.vstack([np.hstack([_flipped(tile, r, c) for c in range(columns)]) for r in range(rows)])
    return whole[:height, :width]


def _flipped(tile: Field, row: int, column: int) -> Field:
    """Every second tile is turned over half a turn: no seam repeats in a line."""
    return tile if (row + column) % 2 == 0 else np.ascontiguousarray(tile[::-1, ::-1])


def hatching(height: int, width: int, unit: float, *, angle: float, spacing: float) -> Field:
    """Parallel pen lines as a wave from 0 (on a line) to 1 (between two), a little unsteady."""
    pitch = max(3.0, spacing * unit)
    radians = math.radians(angle)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wobble = np.sin(x * np.float32(0.013 / max(unit, 0.2))) * np.float32(0.7) + np.sin(
        y * np.float32(0.017 / max(unit, 0.2))
    )
    phase = (x * np.float32(math.cos(radians)) + y * np.float32(math.sin(radians)) + wobble * unit) / np.float32(pitch)
    wave: Field = np.abs((phase - np.floor(phase)) * np.float32(2) - np.float32(1))
    return wave
