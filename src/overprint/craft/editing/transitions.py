"""Transitions: the end of one scene and the beginning of the next in one frame of planar YUV 4:2:0."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
import numpy.typing as npt

from overprint.core.film import Transition
from overprint.craft.editing.overlay import Plane, fade
from overprint.craft.motion.forms import BLACK

WHITE = 235.0
_SOFT_SHARE = 0.12  # how wide a wipe's edge is, of the frame
_BLUR_SHARE = 0.035  # of the frame's height

Mix = Callable[[Plane, Plane, int, float], Plane]


def between(kind: Transition, before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    """``share`` 0 is all of ``before``, 1 all of ``after``; both as PyAV has them, and of one size."""
    return _MIXES[kind](before, after, height_px, _eased(share) if kind in _EASED else share)


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)


def _dissolve(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    return np.asarray(cv2.addWeighted(before, 1 - share, after, share, 0), np.uint8)


def _through(rest: float) -> Mix:
    def mix(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
        shown, light = (before, 1 - 2 * share) if share < 0.5 else (after, 2 * share - 1)
        made = shown.copy()
        fade(made, height_px, light, rest)
        return made

    return mix


def _slide(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    width_px = before.shape[1]
    at = round(width_px * (1 - share) / 2) * 2
    made = np.empty_like(before)
    made[:height_px, :at] = before[:height_px, width_px - at :]
    made[:height_px, at:] = after[:height_px, : width_px - at]
    old, new, out = (_halves(planes, height_px) for planes in (before, after, made))
    half = at // 2
    out[:, :, :half] = old[:, :, width_px // 2 - half :]
    out[:, :, half:] = new[:, :, : width_px // 2 - half]
    return made


def _wipe(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    across = np.linspace(0, 1, before.shape[1], dtype=np.float32)
    edge = np.clip((share * (1 + _SOFT_SHARE) - across) / _SOFT_SHARE, 0, 1)
    return _masked(before, after, height_px, np.tile(edge, (height_px, 1)))


def _iris(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    width_px = before.shape[1]
    down, across = np.ogrid[:height_px, :width_px]
    middle = np.hypot(width_px, height_px) / 2
    distance = np.hypot(across - width_px / 2, down - height_px / 2) / middle
    edge = np.clip((share * (1 + _SOFT_SHARE / 3) - distance) / (_SOFT_SHARE / 3), 0, 1)
    return _masked(before, after, height_px, edge.astype(np.float32))


def _blur(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    far = 1 - abs(2 * share - 1)
    mixed = _dissolve(before, after, height_px, _eased(min(1.0, max(0.0, share * 2 - 0.5))))
    size = _BLUR_SHARE * height_px * far
    if size < 0.4:
        return mixed
    halves = np.stack([_unsharp(part, size / 2) for part in _halves(mixed, height_px)])
    return np.concatenate([_unsharp(mixed[:height_px], size), halves.reshape(-1, mixed.shape[1])])


def _unsharp(plane: Plane, size: float) -> Plane:
    """Blurred at a quarter of the size, where that costs little and shows no difference."""
    rows, columns = plane.shape
    small = cv2.resize(plane, (max(1, columns // 4), max(1, rows // 4)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.3, size / 4), borderType=cv2.BORDER_REPLICATE)
    share = min(1.0, size / 4)
    return np.asarray(cv2.addWeighted(plane, 1 - share, cv2.resize(soft, (columns, rows)), share, 0), np.uint8)


def _masked(before: Plane, after: Plane, height_px: int, cover: npt.NDArray[np.float32]) -> Plane:
    made = np.empty_like(before)
    made[:height_px] = cv2.blendLinear(after[:height_px], before[:height_px], cover, 1 - cover)
    half = cv2.resize(cover, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    for new, old, out in zip(*(_halves(planes, height_px) for planes in (after, before, made)), strict=True):
        out[:] = cv2.blendLinear(np.ascontiguousarray(new), np.ascontiguousarray(old), half, 1 - half)
    return made


def _halves(planes: Plane, height_px: int) -> Plane:
    """Blueness and redness."""
    return planes[height_px:].reshape(2, height_px // 2, planes.shape[1] // 2)


def _cut(before: Plane, after: Plane, height_px: int, share: float) -> Plane:
    return after


_EASED = frozenset({Transition.SLIDE, Transition.WIPE, Transition.IRIS, Transition.DISSOLVE})
_MIXES: Mapping[Transition, Mix] = {
    Transition.CUT: _cut,
    Transition.DISSOLVE: _dissolve,
    Transition.DIP: _through(BLACK),
    Transition.FLASH: _through(WHITE),
    Transition.SLIDE: _slide,
    Transition.WIPE: _wipe,
    Transition.IRIS: _iris,
    Transition.BLUR: _blur,
}
