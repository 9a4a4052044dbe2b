"""Paper: a height field with tooth and fibres, and what it does to a picture."""

import functools
import math

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

_TILE = 512
_ROWS = 32


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


def texture(height: int, width: int, unit: float, *, tooth: float, grain: float) -> Field:
    """A factor around 1 for every pixel: ``tooth`` is the light from the side, ``grain`` the blotches. ``unit`` is
    pixels per world unit."""
    tile = _lit_tile(round(min(4.0, max(0.4, unit)), 1), tooth, grain)
    return np.tile(tile, (-(-height // _TILE), -(-width // _TILE)))[:height, :width]


def vignette(height: int, width: int, strength: float) -> Field:
    """A factor that darkens the corners."""
    y = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, 64, dtype=np.float32)[None, :]
    small = 1 - strength * 1.3 * np.clip((x * x + y * y) / 2 - 0.22, 0, 1)
    return np.asarray(cv2.resize(small.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def finish(picture: Pixels, unit: float, *, tooth: float, grain: float, corners: float, bloom: float) -> Pixels:
    """Soft bloom of the lights, then paper and corners over everything. ``picture`` is blue-green-red."""
    height, width = picture.shape[:2]
    if bloom > 0 and min(height, width) >= 16:
        small = cv2.resize(picture, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
        bright = cv2.convertScaleAbs(cv2.max(small, np.full_like(small, 158)) - 158, alpha=1.5 * bloom)
        bright = cv2.GaussianBlur(bright, (0, 0), max(0.5, 9 * unit))
        halo = cv2.resize(bright, (width, height), interpolation=cv2.INTER_LINEAR)
        picture = np.asarray(cv2.add(picture, cv2.multiply(halo, cv2.bitwise_not(picture), scale=1 / 255)), np.uint8)
    factor = cv2.multiply(texture(height, width, unit, tooth=tooth, grain=grain), vignette(height, width, corners))
    return multiplied(picture, np.asarray(factor, np.float32))


def multiplied(picture: Pixels, factor: Field) -> Pixels:
    """``picture`` with every pixel times its factor; some rows at a time, which stay in the processor's cache."""
    out = np.empty_like(picture)
    for top in range(0, picture.shape[0], _ROWS):
        rows = slice(top, top + _ROWS)
        cv2.multiply(picture[rows], cv2.merge([factor[rows]] * 3), dst=out[rows], dtype=cv2.CV_8U)
    return out
