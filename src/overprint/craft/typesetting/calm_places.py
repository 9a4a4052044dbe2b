"""How calm a picture is anywhere, worked out with NumPy. ``calm`` loads this for books that have pictures."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from overprint.core.scene import Area
from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.lying import CalmMap, Lying, Place, Wish

_LONG_SIDE_PX = 160
_STEP_PX = 1
_ROWS = 32
# The bounds of the columns and rows in which a place is looked at.
_COLUMNS, _ROW_BOUNDS = np.linspace(0, 1, 7), np.linspace(0, 1, 5)
_UNEVEN = 0.16  # how much slow changes of light weigh beside quick ones
_AFLOAT = 4.0  # what a place away from the page's edges must be calmer by
_LIVELIEST = 0.62
_ASIDE = 1.5  # the same for a place beside the middle
_CLEAR_PT = 6.0
_BODY_MAX_SHARE = 0.004
_QUIET_SHARE = 0.36
Sums = np.ndarray[Any, np.dtype[np.float64]]


def summed(sample: Image.Image) -> CalmMap:
    scale = min(1.0, _LONG_SIDE_PX / max(sample.size))
    width_px, height_px = (max(_STEP_PX + 1, round(side * scale)) for side in sample.size)
    small = sample.convert("L").resize((width_px, height_px), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float64)
    steps = np.zeros_like(grey)
    steps[:, :-_STEP_PX] += np.abs(grey[:, _STEP_PX:] - grey[:, :-_STEP_PX])
    steps[:-_STEP_PX] += np.abs(grey[_STEP_PX:] - grey[:-_STEP_PX])
    return CalmMap(_summed(np.stack([steps, grey, grey * grey])))


def found(lying: Lying, page: Box, width_pt: float, height_pt: float, edge_pt: float, wish: Wish) -> Place | None:
    """See ``calm.place``."""
    middle = (page.width_pt - width_pt) / 2
    columns = sorted({middle, edge_pt, page.width_pt - edge_pt - width_pt})
    lefts = np.array([left for left in columns if left >= edge_pt - 0.01])
    tops = np.array([top for top in _rows(lying, page, height_pt, edge_pt) if top <= wish.lowest_pt])
    corners = np.stack([np.tile(lefts, len(tops)), np.repeat(tops, len(lefts))], axis=1)
    corners = corners[_is_free(corners, width_pt, height_pt, lying)]
    if not len(corners):
        return None
    afloat = _afloat(corners[:, 1], page, height_pt, edge_pt)
    cleared = Box(0, 0, width_pt, height_pt).grown(_CLEAR_PT)
    restless = _restlessness(lying, corners - _CLEAR_PT, cleared.width_pt, cleared.height_pt)
    cost = restless + _AFLOAT * afloat + _ASIDE * (corners[:, 0] != middle)
    order = np.argsort(cost, kind="stable")
    at = order[0] if wish.unrest is None else order[np.argmin((afloat + wish.unrest * cost)[order])]
    left, top = corners[at]
    return Place(Box(float(left), float(top), width_pt, height_pt), float(cost[at]), float(afloat[at]))


def _is_free(corners: Sums, width_pt: float, height_pt: float, lying: Lying) -> np.ndarray[Any, np.dtype[np.bool]]:
    """Of boxes with these upper left corners: which cover no face, and of figures no more than a toe."""
    sides = np.hstack([corners, corners + np.array([width_pt, height_pt])])
    on_faces = sum((_shared_pt2(sides, face.grown(_CLEAR_PT)) for face in lying.faces), np.zeros(len(corners)))
    on_figures = sum((_shared_pt2(sides, figure) for figure in lying.figures), np.zeros(len(corners)))
    return np.asarray((on_faces == 0) & (on_figures <= _BODY_MAX_SHARE * width_pt * height_pt))


def _shared_pt2(sides: Sums, other: Box) -> Sums:
    wide = np.minimum(sides[:, 2], other.right_pt) - np.maximum(sides[:, 0], other.left_pt)
    tall = np.minimum(sides[:, 3], other.bottom_pt) - np.maximum(sides[:, 1], other.top_pt)
    return np.asarray(np.maximum(wide, 0) * np.maximum(tall, 0), dtype=np.float64)


def _rows(lying: Lying, page: Box, height_pt: float, edge_pt: float) -> Iterator[float]:
    first, last = edge_pt, page.height_pt - edge_pt - height_pt
    if not lying.faces and not lying.figures:
        if lying.quiet is Area.NONE or height_pt + edge_pt > _QUIET_SHARE * page.height_pt:
            return
        slack = (_QUIET_SHARE * page.height_pt - edge_pt - height_pt) / 2
        first, last = (first, first + slack) if lying.quiet is Area.TOP else (last - slack, last)
    if last < first:
        return
    for row in range(_ROWS):
        yield first + (last - first) * row / (_ROWS - 1)


def _afloat(top_pt: Sums, page: Box, height_pt: float, edge_pt: float) -> Sums:
    """0 where words hang from the top of the page or stand at its foot, 1 half way between."""
    room = page.height_pt - 2 * edge_pt - height_pt
    if room <= 0:
        return np.zeros(len(top_pt))
    down = (top_pt - edge_pt) / room
    return np.maximum(0.0, np.minimum(down, 1 - down) * 2 - 0.15)


def _restlessness(lying: Lying, corners: Sums, width_pt: float, height_pt: float) -> Sums:
    """The mean over a box and its liveliest part: one window frame is enough to make words hard to read."""
    wide, tall = lying.calm.size_px
    across, down = wide / lying.placed.width_pt, tall / lying.placed.height_pt
    left, top = corners[:, :1] - lying.placed.left_pt, corners[:, 1:] - lying.placed.top_pt
    x = ((left + width_pt * _COLUMNS) * across).clip(0, wide).astype(np.intp)
    y = ((top + height_pt * _ROW_BOUNDS) * down).clip(0, tall).astype(np.intp)
    count = np.maximum(1, (x[:, None, 1:] - x[:, None, :-1]) * (y[:, 1:, None] - y[:, :-1, None]))

    at = lying.calm.sums[:, y[:, :, None], x[:, None, :]]
    steps, light, squared = (at[..., 1:, 1:] - at[..., :-1, 1:] - at[..., 1:, :-1] + at[..., :-1, :-1]) / count
    uneven = np.sqrt(np.maximum(0.0, squared - light * light))
    cells = (steps + _UNEVEN * uneven).reshape(len(corners), -1)
    spread = light.reshape(len(corners), -1)
    unrest = (1 - _LIVELIEST) * cells.mean(axis=1) + _LIVELIEST * cells.max(axis=1) + _UNEVEN * spread.std(axis=1)
    return np.asarray(unrest, dtype=np.float64)


def _summed(values: Sums) -> Sums:
    kinds, rows, columns = values.shape
    sums = np.zeros((kinds, rows + 1, columns + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:, 1:])
    np.cumsum(sums[:, 1:, 1:], axis=2, out=sums[:, 1:, 1:])
    return sums
