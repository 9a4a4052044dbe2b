"""Pixels in memory, and how they get onto a canvas. Premultiplied BGRA, 8 bits: Skia's fast path on little-endian
machines."""

import cv2
import numpy as np
import numpy.typing as npt
import skia

Pixels = npt.NDArray[np.uint8]


def surface_on(pixels: Pixels) -> skia.Surface:
    """A surface that draws into ``pixels``, which must outlive it."""
    return skia.Surface(
        pixels, colorType=skia.ColorType.kBGRA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType
    )


def draw_pixels(
    canvas: skia.Canvas, pixels: Pixels, x: float = 0, y: float = 0, *, paint: skia.Paint | None = None
) -> None:
    """Draws ``pixels`` without copying them. The image borrows their memory, so it never leaves this function."""
    image = skia.Image.fromarray(
        pixels, skia.ColorType.kBGRA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType, copy=False
    )
    canvas.drawImage(image, x, y, skia.SamplingOptions(), paint)


def enlarged(pixels: Pixels, width: int, height: int) -> Pixels:
    """Smoothly stretched; several times faster than letting the canvas do it."""
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def without_cover(pixels: Pixels) -> Pixels:
    """Blue, green and red of a picture that covers everything."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)
