"""Edges that run across a picture from side to side: a horizon, ridges, a shore, the foot of a wall.

Each is the strongest way from left to right that never climbs steeply, found by dynamic programming. What is below one
lies before what is above it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Labs = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]

SEAMS_MAX = 3
_TOP, _LOW = 0.1, 0.86
"""Where a seam may run, in shares of the height."""
_APART = 0.11
_CLIMB_PX = 2
_CLIMB_COST = 0.02
_STRONG = 0.035
_STRONG_SHARE = 0.72
_MEAN_LEAST = 0.055
_BESIDE_PX = 5


@dataclass(frozen=True, slots=True)
class Seam:
    """``rows``: in every column, as shares of the height. ``strength``: how far apart the colours on both sides are,
    in OKLab."""

    rows: npt.NDArray[np.float32]
    strength: float

    @property
    def height(self) -> float:
        return float(np.median(self.rows))


def find_seams(labs: Labs, covered: Mask) -> tuple[Seam, ...]:
    """The seams from the top down. ``covered`` is 1 where something stands before them: they go on behind it."""
    edges = _edges(labs)
    known = edges[covered == 0]
    edges[covered == 1] = float(np.median(known)) if known.size else 0.0
    rows, columns = np.arange(edges.shape[0])[:, None], np.arange(edges.shape[1])
    height = edges.shape[0]
    allowed = np.repeat((rows >= _TOP * height) & (rows < _LOW * height), edges.shape[1], axis=1)
    found: list[Seam] = []
    for _ in range(SEAMS_MAX):
        way = _strongest(np.where(allowed, edges, -1.0).astype(np.float32))
        if way is None:
            break
        values = edges[way, columns][covered[way, columns] == 0]
        apart = _apart(labs, way, covered)
        strong = float((values > _STRONG).mean()) if values.size else 0.0
        if values.size < 0.4 * edges.shape[1] or strong < _STRONG_SHARE or apart < _MEAN_LEAST:
            break
        found.append(Seam(((way + 0.5) / height).astype(np.float32), apart))
        allowed &= np.abs(rows - way[None, :]) > _APART * height
    return tuple(sorted(found, key=lambda seam: seam.height))


def _edges(labs: Labs) -> Labs:
    """How far apart the colours above and below every place are."""
    mean = cv2.blur(labs, (3, _BESIDE_PX))
    step = _BESIDE_PX // 2 + 1
    wide = cv2.copyMakeBorder(mean, step, step, 0, 0, cv2.BORDER_REPLICATE)
    return np.asarray(np.linalg.norm(wide[2 * step :] - wide[: -2 * step], axis=2), np.float32)


def _apart(labs: Labs, way: npt.NDArray[np.int64], covered: Mask) -> float:
    """The difference of the mean colours of the strips above and below a way: mere texture has none."""
    rows = np.arange(labs.shape[0])[:, None]
    strip = max(4, labs.shape[0] // 20)
    free = covered == 0
    above, below = (rows < way) & (rows >= way - strip) & free, (rows > way) & (rows <= way + strip) & free
    if not above.any() or not below.any():
        return 0.0
    return float(np.linalg.norm(labs[above].mean(axis=0) - labs[below].mean(axis=0)))


def _strongest(edges: Labs) -> npt.NDArray[np.int64] | None:
    """A row for every column."""
    height, width = edges.shape
    sums = edges[:, 0].copy()
    came = np.zeros((height, width), np.int64)
    steps = range(-_CLIMB_PX, _CLIMB_PX + 1)
    for x in range(1, width):
        wide = np.pad(sums, _CLIMB_PX, constant_values=-1e9)
        options = np.stack([wide[_CLIMB_PX + s : _CLIMB_PX + s + height] - _CLIMB_COST * abs(s) for s in steps])
        best = options.argmax(axis=0)
        came[:, x] = best - _CLIMB_PX
        sums = options[best, np.arange(height)] + edges[:, x]
    row = int(sums.argmax())
    if sums[row] < 0:
        return None
    way = np.zeros(width, np.int64)
    for x in range(width - 1, -1, -1):
        way[x] = row
        row += int(came[row, x])
    return way
