"""What a picture is parted into: each piece with a soft edge of its own, and with what was hidden behind others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np

from overprint.craft.matting import Cover, Picture, guided
from overprint.craft.relief.filling import Mask, filled

_REACH = 0.09  # of the shorter side: farther behind an edge nothing is ever seen
_GROWN, _HIDDEN, _UNSURE = 0.0035, 0.006, 0.02  # of the longer side


@dataclass(frozen=True, slots=True)
class Slice:
    """``depth`` of all of it, or, where it lies, of its row ``top``; then ``low_depth`` is that of the picture's lower
    edge. ``cover``: where there is anything of it; ``None``: everywhere."""

    name: str
    depth: float
    pixels: Picture
    cover: Cover | None = None
    low_depth: float | None = None
    top: float = 0.0


def behind(picture: Picture, nearer: Sequence[Cover], within: Cover | None = None) -> Picture:
    """The picture without what is nearer, and without its outlines. Only what is ``within`` is wanted."""
    if not nearer:
        return picture
    hole = _hole(picture, nearer)
    if within is not None and not (hole * within).any():
        return picture
    return filled(picture, hole, _REACH * min(picture.shape[:2]))


def swapped(picture: Picture, nearer: Sequence[Cover], stage: Picture) -> Picture:
    """The picture with ``stage`` in place of what is nearer, and of its outlines."""
    return np.asarray(np.where(_hole(picture, nearer)[:, :, None] > 0, stage, picture), np.uint8)


def _hole(picture: Picture, nearer: Sequence[Cover]) -> Mask:
    hidden = reduce(np.maximum, nearer) > 0.02
    return np.asarray(cv2.dilate(hidden.astype(np.uint8), _disc(picture, _HIDDEN)), np.uint8)


def fitted(picture: Picture, rough: Cover) -> Cover:
    """``rough``, of any size, with the edges of the picture, and a little more: a drawn outline belongs to what it
    is around."""
    height, width = picture.shape[:2]
    large = np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    fine = guided(picture, large, max(2, round(max(height, width) / 110)))
    # Well inside and far outside there is nothing to find out.
    fine[cv2.erode(large, _disc(picture, _UNSURE)) > 0.9] = 1
    fine[cv2.dilate(large, _disc(picture, _UNSURE)) < 0.1] = 0
    wider = cv2.dilate(fine, _disc(picture, _GROWN))
    return np.asarray(cv2.GaussianBlur(wider, (0, 0), max(0.6, _GROWN * 0.35 * max(height, width))), np.float32)


def with_thin(picture: Picture, fine: Cover, rough: Cover) -> Cover:
    """``fine``, and what is thin in ``rough``, such as a flag's pole: edges of the picture are found of larger things
    only. Both have the picture's shape."""
    thin = rough - cv2.morphologyEx(rough, cv2.MORPH_OPEN, _disc(picture, _HIDDEN))
    return np.asarray(np.maximum(fine, cv2.dilate(thin, _disc(picture, 0))), np.float32)


def _disc(picture: Picture, share: float) -> Mask:
    """A radius of that share of the longer side."""
    side = 2 * max(1, round(share * max(picture.shape[:2]))) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
