"""A trembling clip held steady: how it moved from frame to frame, and what it would have done in a calm hand.

Corners are followed by Lucas and Kanade's optical flow, in pyramids; the movement is the similarity (shift, turn,
scale) that most of them agree on (RANSAC). The way of the camera, which is the sum of these, is smoothed by a Gaussian,
and every frame is moved by what lies between the two. The picture is enlarged a little, so that no edge is ever seen,
and no frame is moved farther than that allows: a camera that really goes somewhere still does.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.editing.overlay import Plane

Values = npt.NDArray[np.float64]
ENLARGED = 1.06
_SEEN_PX = 360
"""The longer side of the copy that is looked at."""
_CALM_SECONDS = 0.6
REACH_SECONDS = 3 * _CALM_SECONDS
"""So far from a frame others have a say in how it is moved."""
_CORNERS, _QUALITY, _APART_PX = 240, 0.01, 8
_LEAST = 12
_TURN_MOST = 0.02  # radians


class Tremble:
    """How a clip moves from frame to frame; ``see`` its luma, frame by frame."""

    def __init__(self) -> None:
        self._steps: list[tuple[float, float, float]] = []
        self._before: Plane | None = None

    def see(self, luma: Plane) -> None:
        here = _small(luma)
        self._steps.append((0.0, 0.0, 0.0) if self._before is None else _moved(self._before, here))
        self._before = here

    def corrections(self, fps: int) -> Sequence[Values]:
        """For each frame where to a pixel of the steady one is read from: matrices of 2 × 3, in shares of the longer
        side around the middle."""
        if self._before is None:
            return []
        rows, columns = self._before.shape
        shape = columns / max(rows, columns), rows / max(rows, columns)
        way = np.cumsum(np.array(self._steps), axis=0)
        calm = _smoothed(way, _CALM_SECONDS * fps)
        return [_matrix(offset, shape) for offset in way - calm]


def steady(planes: Plane, height_px: int, correction: Values) -> Plane:
    """A frame as it is in a steady clip: luma rows, then half as many of blueness and redness."""
    width_px = planes.shape[1]
    luma = _warped(planes[:height_px], correction)
    halves = planes[height_px:].reshape(2, height_px // 2, width_px // 2)
    chroma = [_warped(half, correction).reshape(-1, width_px) for half in halves]
    return np.concatenate([luma, *chroma])


def _small(luma: Plane) -> Plane:
    share = min(1.0, _SEEN_PX / max(luma.shape))
    return np.asarray(cv2.resize(luma, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def _moved(before: Plane, here: Plane) -> tuple[float, float, float]:
    """How far what is seen went to the right and down, in shares of the longer side, and turned, in radians; nothing
    where there is nothing to follow."""
    corners = cv2.goodFeaturesToTrack(before, _CORNERS, _QUALITY, _APART_PX)
    if corners is None or len(corners) < _LEAST:
        return 0.0, 0.0, 0.0
    found, seen, _ = cv2.calcOpticalFlowPyrLK(before, here, corners, np.empty_like(corners))
    kept = seen.ravel() == 1
    if kept.sum() < _LEAST:
        return 0.0, 0.0, 0.0
    middle = np.array([here.shape[1] / 2, here.shape[0] / 2], np.float32)
    cv2.setRNGSeed(1)
    matrix, agree = cv2.estimateAffinePartial2D(
        corners.reshape(-1, 2)[kept] - middle, found.reshape(-1, 2)[kept] - middle, ransacReprojThreshold=1.0
    )
    if matrix is None or int(agree.sum()) < _LEAST:
        return 0.0, 0.0, 0.0
    longer = max(here.shape)
    return float(matrix[0, 2]) / longer, float(matrix[1, 2]) / longer, float(np.arctan2(matrix[1, 0], matrix[0, 0]))


def _smoothed(way: Values, deviation: float) -> Values:
    """Each end goes on as it was going, turned around it: a way that leads somewhere is not held back at its ends."""
    reach = max(1, int(REACH_SECONDS / _CALM_SECONDS * deviation))
    count = len(way)
    ahead = np.arange(1, reach + 1)
    first, last = np.minimum(ahead, count - 1), np.maximum(count - 1 - ahead, 0)
    wide = np.concatenate([(2 * way[0] - way[first])[::-1], way, 2 * way[-1] - way[last]])
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    weights /= weights.sum()
    return np.stack([np.convolve(wide[:, n], weights, mode="valid") for n in range(way.shape[1])], axis=1)


def _matrix(offset: Values, shape: tuple[float, float]) -> Values:
    across, down = (side * (1 - 1 / ENLARGED) / 2 for side in shape)
    turn = float(np.clip(offset[2], -_TURN_MOST, _TURN_MOST))
    turn = float(np.clip(turn, -0.5 * min(across, down), 0.5 * min(across, down)))
    # What turning uses up of the margin cannot be used to move.
    across, down = across - abs(turn) * shape[1] / 2, down - abs(turn) * shape[0] / 2
    dx, dy = float(np.clip(offset[0], -across, across)), float(np.clip(offset[1], -down, down))
    cos, sin = np.cos(turn) / ENLARGED, np.sin(turn) / ENLARGED
    return np.array([[cos, -sin, dx], [sin, cos, dy]])


def _warped(plane: Plane, correction: Values) -> Plane:
    height, width = plane.shape
    longer = max(height, width)
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    turned = correction[:, :2]
    shift = middle + correction[:, 2] * longer - turned @ middle
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix = np.hstack([turned, shift[:, None]])
    return np.asarray(
        cv2.warpAffine(
            np.ascontiguousarray(plane), matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )
