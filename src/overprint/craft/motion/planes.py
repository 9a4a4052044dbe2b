"""Pictures as premultiplied planes of YUV 4:2:0 (BT.709, limited range), and where in them there is anything."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from overprint.core.oklab import LUMINANCE
from overprint.craft.drawing.buffers import Pixels
from overprint.craft.drawing.styles.bands import bands
from overprint.craft.motion.forms import BLACK, GREY, Bytes, Floats, Light, Numbers, Shorts
from overprint.craft.motion.seeing import CELL
from overprint.craft.motion.sheets import COLUMNS, ROWS
from overprint.craft.motion.swath import SWATH

EDGE = 2
"""Empty pixels around every picture: it fades out into them."""
_RED, _GREEN, _BLUE = LUMINANCE
# Rows are blue, green, red and cover, 0 to 255; columns are luma, blueness and redness.
_TO_YUV = (
    np.array(
        [
            [219 * _RED, 219 * _GREEN, 219 * _BLUE, BLACK],
            [-112 * _RED / (1 - _BLUE), -112 * _GREEN / (1 - _BLUE), 112, GREY],
            [112, -112 * _GREEN / (1 - _RED), -112 * _BLUE / (1 - _RED), GREY],
        ]
    )[:, [2, 1, 0, 3]].astype(np.float32)
    / 255
)
_NEARLY = 254
_READ_AT_ONCE = 64  # bytes, by the widest registers there are


@dataclass(frozen=True, slots=True)
class Stock:
    """All pictures of a shot in one piece of memory; ``laying`` says what is in ``tables`` and ``cells``."""

    data: Bytes
    cells: Shorts
    tables: Numbers


def stock_of(pictures: Sequence[Pixels]) -> Stock:
    """Premultiplied BGRA pictures, each with an edge of two empty pixels around it. What is read a few bytes before the
    first or after the last weighs nothing, but must be there."""
    widest = max(picture.shape[1] + 4 * EDGE for picture in pictures)
    guard = np.zeros(max(_READ_AT_ONCE, 4 * widest), np.uint8)
    parts, cells, tables = [guard], [np.zeros(0, np.int16)], []
    at, cells_at = guard.size, 0
    for picture in pictures:
        luma, cover, *chroma = _planes(picture)
        squares = _cells(cover)
        starts = []
        for plane in (luma, cover, *chroma):
            starts.append(at)
            parts.append(plane.ravel())
            at += plane.size
        tables.append([*starts, cover.shape[1], cover.shape[0], cells_at, squares.shape[2]])
        cells.append(squares.ravel())
        cells_at += squares.size
    return Stock(np.concatenate([*parts, guard]), np.concatenate(cells), np.array(tables, np.int64))


def tint(red: int, green: int, blue: int, opacity: float) -> tuple[float, float, float, float]:
    """What cover of this colour adds to luma, blueness and redness, and how much of it covers: 0 to 1 each."""
    luma, blueness, redness = _TO_YUV @ np.array([blue, green, red, 255], np.float32) / 255 * opacity
    return float(luma), float(blueness), float(redness), opacity


def _planes(picture: Pixels) -> list[Bytes]:
    """Luma, cover, blueness, redness, and the cover of chroma, each half as large."""
    rows, columns = picture.shape[:2]
    height, width = -(-rows // 2) * 2 + 2 * EDGE, -(-columns // 2) * 2 + 2 * EDGE
    padded = cv2.copyMakeBorder(
        picture, EDGE, height - rows - EDGE, EDGE, width - columns - EDGE, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)
    )
    luma = np.empty((height, width), np.uint8)
    for part in bands(height):
        luma[part] = cv2.transform(padded[part], _TO_YUV[:1])
    half = np.asarray(cv2.resize(padded, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    blueness, redness = (np.asarray(cv2.transform(half, _TO_YUV[n : n + 1]), np.uint8) for n in (1, 2))
    return [luma, np.ascontiguousarray(padded[:, :, 3]), blueness, redness, np.ascontiguousarray(half[:, :, 3])]


def _cells(cover: Bytes) -> Shorts:
    """For every square of 16 pixels what ``laying`` asks of it: a row of each answer for a row of them."""
    rows, columns = -(-cover.shape[0] // CELL), -(-cover.shape[1] // CELL)
    below, right = rows * CELL - cover.shape[0], columns * CELL - cover.shape[1]
    whole = cv2.copyMakeBorder(cover, 0, below, 0, right, cv2.BORDER_REPLICATE).reshape(rows, CELL, columns * CELL)
    # Rows first: along them a processor compares many at once.
    least, most = (end(end(whole, axis=1).reshape(rows, columns, CELL), axis=2) for end in (np.min, np.max))
    here = np.arange(columns)
    filled, broken = (
        np.minimum.accumulate(np.where(found, here, columns)[:, ::-1], axis=1)[:, ::-1]
        for found in (most > 0, least < _NEARLY)
    )
    ended = np.maximum.accumulate(np.where(most > 0, here, -1), axis=1)
    return np.stack([filled, broken, ended], axis=1).astype(np.int16)


def dimmed(light: Floats) -> Light:
    """As ``laying`` takes it, from shares of a frame's pixels."""
    shares = np.rint(light * 255).astype(np.uint8)
    height, width = shares.shape
    half = cv2.resize(shares, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    least = np.minimum.reduceat(shares, range(0, height, ROWS), axis=0)
    is_all = np.minimum.reduceat(least, range(0, width, COLUMNS), axis=1) == 255
    return np.pad(np.asarray(half, np.uint8).ravel(), (0, SWATH)), is_all.astype(np.uint8).ravel()
