"""What lies behind something that was taken out of a picture: its surroundings, mirrored at the edge of the hole.

Near the edge, which is all that a camera ever sees of it, the ground goes on with its own texture; farther in it gets
smooth, after the pyramids of Gortler and others (1996).
"""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.matting import Picture

Mask = npt.NDArray[np.uint8]
"""1 where there is a hole."""
_Values = npt.NDArray[np.float32]


def filled(picture: Picture, hole: Mask, reach_px: float) -> Picture:
    """The picture without its hole. ``reach_px``: how far into it the mirrored texture goes."""
    if not hole.any():
        return picture
    if hole.all():
        return picture.copy()
    distance, labels = cv2.distanceTransformWithLabels(hole, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    rows, columns = np.nonzero(hole)
    height, width = hole.shape
    known_rows, known_columns = np.nonzero(hole == 0)
    nearest = np.zeros(labels.max() + 1, np.int64)
    nearest[labels[known_rows, known_columns]] = known_rows * width + known_columns
    edge = nearest[labels[rows, columns]]
    mirrored_rows, mirrored_columns = 2 * (edge // width) - rows, 2 * (edge % width) - columns
    is_there = (mirrored_rows >= 0) & (mirrored_rows < height) & (mirrored_columns >= 0) & (mirrored_columns < width)
    mirrored_rows, mirrored_columns = mirrored_rows.clip(0, height - 1), mirrored_columns.clip(0, width - 1)
    is_there &= hole[mirrored_rows, mirrored_columns] == 0
    share = np.clip(1 - distance[rows, columns] / np.float32(reach_px), 0, 1) * is_there
    smooth = _smooth(picture, hole)[rows, columns]
    texture = picture[mirrored_rows, mirrored_columns].astype(np.float32)
    out = picture.copy()
    out[rows, columns] = np.rint(smooth + (texture - smooth) * share[:, None])
    # Where two edges are as near, their mirror images meet: that seam is softened.
    soft = cv2.GaussianBlur(out, (0, 0), 0.9)
    out[rows, columns] = soft[rows, columns]
    return out


def _smooth(picture: Picture, hole: Mask) -> _Values:
    known = (1 - hole).astype(np.float32)[:, :, None]
    pixels = picture.astype(np.float32)
    return _pulled(np.concatenate([pixels * known, known], axis=2))


def _pulled(weighed: _Values) -> _Values:
    """Colours where there are any, and from a coarser level where there are none."""
    height, width = weighed.shape[:2]
    weight = weighed[:, :, 3:]
    here = weighed[:, :, :3] / np.maximum(weight, np.float32(1e-6))
    if min(height, width) <= 2 or weight.min() >= 1:
        return np.asarray(here, np.float32)
    size = -(-width // 2), -(-height // 2)
    half = np.asarray(cv2.resize(weighed, size, interpolation=cv2.INTER_AREA), np.float32)
    full = np.asarray(np.minimum(1, half[:, :, 3:] * 4), np.float32)
    half[:, :, :3] *= full / np.maximum(half[:, :, 3:], np.float32(1e-6))
    half[:, :, 3:] = full
    coarse = cv2.resize(_pulled(half), (width, height), interpolation=cv2.INTER_LINEAR)
    share = np.minimum(1, weight)
    return np.asarray(coarse + (here - coarse) * share, np.float32)
