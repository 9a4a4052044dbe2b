"""Pictures some rows at a time: what a band needs stays in the processor's cache, and a large picture needs little more
memory than itself."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Plane = npt.NDArray[np.uint8]

_ROWS = 64


def bands(height: int) -> Iterator[slice]:
    """The rows of a picture from top to bottom, a band at a time."""
    return (slice(top, min(height, top + _ROWS)) for top in range(0, height, _ROWS))


def share(plane: npt.NDArray[Any]) -> Field:
    """A plane of 0 to 255 as 0 to 1."""
    return np.asarray(np.multiply(plane, np.float32(1 / 255), dtype=np.float32), np.float32)


class Stretched:
    """A small field as large as a picture, smoothly: made for the rows that are asked for."""

    def __init__(self, small: Field, height: int, width: int) -> None:
        self._wide = cv2.resize(small, (width, small.shape[0]), interpolation=cv2.INTER_LINEAR)
        last = small.shape[0] - 1
        at = np.clip((np.arange(height, dtype=np.float32) + 0.5) * (small.shape[0] / height) - 0.5, 0, last)
        self._above = np.minimum(at.astype(np.intp), max(0, last - 1))
        self._below = np.minimum(self._above + 1, last)
        self._share = (at - self._above).astype(np.float32)[:, None]

    def __getitem__(self, rows: slice) -> Field:
        upper, lower = self._wide[self._above[rows]], self._wide[self._below[rows]]
        lower -= upper
        lower *= self._share[rows]
        lower += upper
        return np.asarray(lower, np.float32)
