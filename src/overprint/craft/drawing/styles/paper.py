"""Paper: a height field with tooth and fibres, and what it does to a picture."""

import functools
import math

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.styles.bands import Field, Stretched, bands

Pixels = npt.NDArray[np.uint8]

_TILE = 512


def noise(height: int, width: int, cell: float, seed: int, octaves: int = 3) -> Field:
    """Smooth noise of deviation about 1; ``cell`` is the size of its largest blots in pixels."""
    generator = np.random.Generator(np.random.PCG64(seed))
    total = np.zeros((height, width), np.float32)
    weight, power = 1.0, 0.0
    for octave in range(octaves):
        step = max(1.5, cell / 2**octave)
        rows, columns = max(3, int(height / step) + 3), max(3, int(width / step) + 3)
        grid = generator.standard_normal((rows, columns), dtype=np.float32)
        total += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        power += weight * weight
        weight *= 0.55
    return total / np.float32(math.sqrt(power))


@functools.lru_cache(maxsize=4)
def _tile(grain: float) -> Field:
    """One square of paper, repeatable without a seam; ``grain`` is the size of its tooth in pixels."""
    generator = np.random.Generator(np.random.PCG64(3))
    field = np.zeros((_TILE, _TILE), np.float32)
    for width, height, share in ((3.2, 3.2, 1.0), (9.0, 9.0, 0.7), (9.6, 1.0, 0.8)):
        rough = generator.standard_normal((_TILE, _TILE), dtype=np.float32)
        wrapped = cv2.copyMakeBorder(rough, 64, 64, 64, 64, cv2.BORDER_WRAP)
        soft = cv2.GaussianBlur(
            wrapped, (0, 0), sigmaX=max(0.4, width * grain / 2), sigmaY=max(0.4, height * grain / 2)
        )
        soft = soft[64:-64, 64:-64]
        field += np.float32(share) * soft / soft.std()
    tile: Field = (field / field.std()).astype(np.float32)
    return tile


@functools.lru_cache(maxsize=8)
def _lit_tile(size: float, tooth: float, grain: float) -> Field:
    field = _tile(size)
    lit = field - np.roll(field, (1, 1), (0, 1))
    factor: Field = np.float32(1) + np.float32(tooth) * lit + np.float32(grain) * field
    return factor


def texture(height: int, width: int, unit: float, *, tooth: float, grain: float, top: int = 0) -> Field:
    """A factor around 1 for every pixel: ``tooth`` is the light from the side, ``grain`` the blotches. ``unit`` is
    pixels per world unit; ``top`` the first row, of a band."""
    tile = _lit_tile(round(min(4.0, max(0.4, unit)), 1), tooth, grain)
    rows = tile.take(np.arange(top, top + height), axis=0, mode="wrap")
    return np.tile(rows, (1, -(-width // _TILE)))[:, :width]


def vignette(height: int, width: int, strength: float) -> Stretched:
    """A factor that darkens the corners."""
    y = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, 64, dtype=np.float32)[None, :]
    small = 1 - strength * 1.3 * np.clip((x * x + y * y) / 2 - 0.22, 0, 1)
    return Stretched(small.astype(np.float32), height, width)


def finish(picture: Pixels, unit: float, *, tooth: float, grain: float, corners: float, bloom: float) -> Pixels:
    """Soft bloom of the lights, then paper and corners over everything. ``picture`` is blue-green-red, and changed."""
    height, width = picture.shape[:2]
    halo = _halo(picture, unit, bloom) if bloom > 0 and min(height, width) >= 16 else None
    shade = vignette(height, width, corners)
    for rows in bands(height):
        part = picture[rows]
        if halo is not None:
            part = np.asarray(screened(part, halo[rows]), np.uint8)
        factor = texture(part.shape[0], width, unit, tooth=tooth, grain=grain, top=rows.start) * shade[rows]
        cv2.multiply(part, cv2.merge([factor] * 3), dst=picture[rows], dtype=cv2.CV_8U)
    return picture


def _halo(picture: Pixels, unit: float, bloom: float) -> Pixels:
    """What the bright parts of a picture spread around themselves."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    bright = cv2.convertScaleAbs(cv2.max(small, np.full_like(small, 158)) - 158, alpha=1.5 * bloom)
    bright = cv2.GaussianBlur(bright, (0, 0), max(0.5, 9 * unit))
    return np.asarray(cv2.resize(bright, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def screened(picture: Pixels, light: Pixels) -> Pixels:
    """``picture`` with ``light`` added, less where it is bright already."""
    return np.asarray(cv2.add(picture, cv2.multiply(light, cv2.bitwise_not(picture), scale=1 / 255)), np.uint8)
