"""Filters that paint: flat patches, few colours, drawn lines. Each takes some hundredths of a second at 1500 pixels."""

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.photos.opening import Picture

Field = npt.NDArray[np.float32]
Number = TypeVar("Number", np.float32, np.uint8)


def smoothed(picture: Picture, rounds: int, colour: float = 28) -> Picture:
    """Bilateral: skin and sky become even, edges stay."""
    for _ in range(rounds):
        picture = np.asarray(cv2.bilateralFilter(picture, 7, colour, 6), np.uint8)
    return picture


def patches(picture: Picture, radius: int) -> Picture:
    """Kuwahara (1976): each pixel takes the mean of the calmest of four squares around it, as a brush would."""
    side = radius + 1
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)
    means = np.asarray(cv2.blur(picture, (side, side)), np.uint8)
    grey_means = cv2.blur(grey, (side, side))
    unrest = cv2.blur(grey * grey, (side, side)) - grey_means * grey_means
    step = (radius + 1) // 2
    best: Field | None = None
    out = picture
    for dy in (-step, step):
        for dx in (-step, step):
            here = _moved(np.asarray(unrest, np.float32), dx, dy)
            patch = _moved(means, dx, dy)
            if best is None:
                best, out = here, patch.copy()
                continue
            calmer = (here < best).astype(np.uint8)
            cv2.copyTo(patch, calmer, out)
            best = np.minimum(best, here)
    return np.asarray(out, np.uint8)


def fewer_colours(picture: Picture, count: int, colourfulness: float) -> Picture:
    """At most ``count`` colours, found on a small copy; ``colourfulness`` above 1 parts hues before tones."""
    weight = np.array([1, colourfulness, colourfulness], np.float32)
    small = cv2.resize(picture, (140, 140), interpolation=cv2.INTER_AREA)
    rows = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.float32).reshape(-1, 3) * weight
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 14, 1.0)
    _, _, centres = cv2.kmeans(rows, count, np.empty((0,), np.int32), stop, 2, cv2.KMEANS_PP_CENTERS)
    steps = np.arange(2, 256, 4, dtype=np.float32)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3) * weight
    gaps = (centres * centres).sum(axis=1)[None, :] - 2 * grid @ centres.T
    colours = np.clip(centres / weight, 0, 255).astype(np.uint8)
    table = cv2.cvtColor(colours[None], cv2.COLOR_LAB2BGR)[0][gaps.argmin(axis=1)]
    cells = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2LAB), np.uint8) >> 2
    index = (cells[..., 0].astype(np.int32) << 12) | (cells[..., 1].astype(np.int32) << 6) | cells[..., 2]
    return np.asarray(np.take(table, index, axis=0), np.uint8)


def lines(picture: Picture, width: float, *, tone: float, threshold: float, softness: float) -> Field:
    """Drawn lines: 1 is paper, 0 is ink. XDoG (Winnemöller, 2011); ``width`` in pixels. ``tone`` 1 fills what is dark
    with ink, 0 draws edges alone."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32) / np.float32(255)
    fine = cv2.GaussianBlur(grey, (0, 0), max(0.5, width))
    broad = cv2.GaussianBlur(grey, (0, 0), max(0.8, width * 1.6))
    sharp = np.asarray(fine * np.float32(18 + tone) - broad * np.float32(18), np.float32)
    sharp += np.float32(0.75 * (1 - tone) - threshold)
    np.minimum(sharp, 0, out=sharp)
    sharp *= np.float32(softness)
    np.tanh(sharp, out=sharp)
    return np.asarray(np.clip(1 + sharp, 0, 1), np.float32)


def livelier(picture: Picture, saturation: float, lightness: float) -> Picture:
    colours = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    colours[..., 1] = cv2.convertScaleAbs(colours[..., 1], alpha=saturation)
    colours[..., 2] = cv2.convertScaleAbs(colours[..., 2], alpha=lightness, beta=4)
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_HSV2BGR), np.uint8)


def times(picture: Picture, factor: Field) -> Picture:
    """Each pixel times its factor."""
    return np.asarray(cv2.multiply(picture, cv2.merge([factor] * 3), dtype=cv2.CV_8U), np.uint8)


def blended(below: Picture, above: Picture, share: Field) -> Picture:
    """``share`` 0 is ``below``, 1 is ``above``."""
    return np.asarray(cv2.add(times(below, 1 - share), times(above, share)), np.uint8)


def _moved(field: npt.NDArray[Number], dx: int, dy: int) -> npt.NDArray[Number]:
    """Shifted, with its border repeated."""
    size = max(abs(dx), abs(dy))
    wide = cv2.copyMakeBorder(field, size, size, size, size, cv2.BORDER_REPLICATE)
    part = wide[size + dy : size + dy + field.shape[0], size + dx : size + dx + field.shape[1]]
    return np.ascontiguousarray(part, field.dtype)


def despeckled(picture: Picture, unit: float) -> Picture:
    """Without specks; corners become round. ``unit`` is a thousandth of the longer side, in pixels."""
    return np.asarray(cv2.medianBlur(picture, min(11, max(3, round(5 * unit) | 1))), np.uint8)


def whole_px(width: float, unit: float) -> int:
    return max(1, round(width * unit))
