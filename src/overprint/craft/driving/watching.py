"""What moves between two frames of a film: how the camera went, and what went otherwise.

Dense optical flow (Kroeger et al., "Fast optical flow using dense inverse search", 2016) of small grey frames says
where each point went. The camera is the one turn, growth and shift that most of them agree on (Rousseeuw's least median
of squares, 1984: up to half of the picture may do something else). What is left is who moves by themselves.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from overprint.core.motion import RATE, SECONDS_MAX, check_length
from overprint.craft.media.opening import film_frames
from overprint.craft.media.order import FilmBounds

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_LONG_SIDE_PX = 320
_STRIDE_PX = 6
_TEXTURE_PX = 7
_TEXTURE_LEAST = 1e-4
_SQUARE_POINTS, _OF_A_SQUARE = 4, 3
_POINTS_LEAST = 20
_AGREE_LEAST, _AGREE_WELL, _AGREE_PX = 0.3, 0.6, 0.75
"""Where near and far go at different paces fewer and fewer agree: then the frame is compared with a nearer one."""
_ALIKE_PX, _ALIKE_LEAST = 25, 0.3
"""Of a wall without marks mere noise is found again here and there: what is seen where points went must look like what
was there."""
_FOUND_PX, _FOUND_LEAST = 9, 0.7
"""A point was found again where its closest surroundings look the same: not where words gave way to others."""
_MIDDLE_SHARE = 0.6
_SHIFT_MAX = 0.4  # of the shorter side: more is another shot
_BASE_SHIFT, _BASE_FRAMES = 0.1, 15
_TOLD_EVERY = 10
_NO_FLOW: Floats = np.zeros((0, 0, 2), np.float32)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a film's frames.

    Each but the first is compared with a frame before it, its *base* (by number): the first one for a while, then a
    nearer one. What is a little off then does not add up with every frame. ``cameras`` are matrices from the base to
    the frame, 2 by 3, around the middle and in shares of the shorter side; ``others``: what points of a grid on the
    base did beside, in the same unit; ``is_known``: of which of them anything can be said; ``is_found``: which of these
    were found again beyond doubt.
    """

    times: Doubles
    bases: Numbers
    cameras: Doubles
    others: Floats
    is_known: Mask
    is_found: Mask


def watched(film: bytes, bounds: FilmBounds) -> Generator[int, None, Seen]:
    """Looks at the first seconds; yields how many frames it has seen. Raises as ``craft.media`` does, and ``Invalid``
    for a film of a moment."""
    cv2.setNumThreads(1)  # else what flows where would depend on the number of processors
    flows = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    times: list[float] = []
    steps: list[_Step] = []
    base: Grey | None = None
    base_at, flow, before = 0, _NO_FLOW, np.eye(2, 3)
    for number, (at, grey) in enumerate(_greys(film, bounds)):
        times.append(at)
        if base is None:
            base, flow = grey, np.zeros((*grey.shape, 2), np.float32)
            continue
        flow = np.asarray(flows.calc(base, grey, flow), np.float32)  # where points went on from before
        step = _step(base, base_at, grey, flow, before)
        steps.append(step)
        before = step.camera
        if step.is_far or number - base_at >= _BASE_FRAMES:
            base, base_at, flow, before = grey, number, np.zeros_like(flow), np.eye(2, 3)
        if number % _TOLD_EVERY == 0:
            yield number
    check_length(times[-1] if steps else 0.0)
    return Seen(
        np.array(times),
        np.array([step.base for step in steps]),
        np.array([step.camera for step in steps]),
        np.array([step.others for step in steps]),
        np.array([step.is_known for step in steps]),
        np.array([step.is_found for step in steps]),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One frame as in ``Seen``. ``is_far``: the next one is better compared with this."""

    base: int
    camera: Doubles
    others: Floats
    is_known: Mask
    is_found: Mask
    is_far: bool


def _greys(film: bytes, bounds: FilmBounds) -> Iterator[tuple[float, Grey]]:
    """Small and upright, about ``RATE`` a second, each as large as the first: a recorded call changes its size."""
    last = -1.0
    shape: tuple[int, ...] = ()
    for at, frame in film_frames(film, bounds):
        if at > SECONDS_MAX:
            return
        if at - last >= 0.75 / RATE:
            last, grey = at, _small(frame)
            shape = shape or grey.shape
            if grey.shape != shape:
                size = shape[1], shape[0]
                grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
            yield at, grey


def _small(frame: VideoFrame) -> Grey:
    times = min(1.0, _LONG_SIDE_PX / max(frame.width, frame.height))
    size = max(16, round(frame.width * times)), max(16, round(frame.height * times))
    plain = frame.reformat(width=size[0], height=size[1], format="gray", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(plain, round(frame.rotation / 90) % 4), np.uint8)


def _step(base: Grey, base_at: int, grey: Grey, flow: Floats, before: Doubles) -> _Step:
    """``before``: the camera of the frame before, which stays where it is while nothing can be said of it."""
    height, width = base.shape
    unit = min(width, height)
    rows, columns = np.mgrid[_STRIDE_PX // 2 : height : _STRIDE_PX, _STRIDE_PX // 2 : width : _STRIDE_PX]
    starts = np.dstack([columns - (width - 1) / 2, rows - (height - 1) / 2]).astype(np.float32)
    ends = starts + flow[rows, columns]
    texture = cv2.cornerMinEigenVal(base, _TEXTURE_PX)[rows, columns]
    is_there = (np.abs(ends) < np.array([width, height]) / 2 - _STRIDE_PX).all(axis=2)
    is_known = is_there & (texture > _TEXTURE_LEAST)
    camera, share = _camera(starts, ends, is_known, _spread(np.where(is_known, texture, 0)), (width, height))
    one, other = np.asarray(base, np.float32), _gone(grey, flow)
    if camera is None or float(_likeness(one, other, _ALIKE_PX)[rows, columns][is_known].mean()) < _ALIKE_LEAST:
        # Another shot, or nothing to go by.
        nothing = np.zeros_like(is_known)
        return _Step(base_at, before, np.zeros_like(starts), nothing, nothing, is_far=True)
    is_found = np.asarray(is_known & (_likeness(one, other, _FOUND_PX)[rows, columns] > _FOUND_LEAST))
    carried = _carried(starts, camera)
    is_far = share < _AGREE_WELL or float(np.abs(carried - starts).max()) > _BASE_SHIFT * unit
    camera[:, 2] /= unit
    return _Step(base_at, camera, np.asarray((ends - carried) / unit, np.float32), is_known, is_found, is_far)


def _gone(grey: Grey, flow: Floats) -> Floats:
    """What is seen where each place of the base went."""
    rows, columns = np.indices(grey.shape, np.float32)
    there = columns + flow[..., 0], rows + flow[..., 1]
    gone = cv2.remap(grey, *there, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(gone, np.float32)


def _likeness(one: Floats, other: Floats, side_px: int) -> Floats:
    """How much what is around each place looks the same in both, in squares of this side: the correlation of both, 1
    for the same, about 0 for noise."""

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values, (side_px, side_px)), np.float32)

    both = mean(one * other) - mean(one) * mean(other)
    spread = (mean(one * one) - mean(one) ** 2) * (mean(other * other) - mean(other) ** 2)
    return np.asarray(both / np.sqrt(np.maximum(spread, 1e-3)), np.float32)


def _camera(
    starts: Floats, ends: Floats, is_known: Mask, spread: Mask, size: tuple[int, int]
) -> tuple[Doubles | None, float]:
    """In pixels, and how many of those that were asked agree; none where nothing can be said. Points that are
    ``spread`` towards the edges decide, for who is filmed is seldom there; then it is fitted to all that agree."""
    is_edge = spread & ((np.abs(starts) / (np.array(size) / 2)).max(axis=2) > _MIDDLE_SHARE)
    asked = next((points for points in (is_edge, spread, is_known) if int(points.sum()) >= _POINTS_LEAST), None)
    camera = _agreed(starts, ends, asked) if asked is not None else None
    if asked is None or camera is None or np.hypot(*camera[:, 2]) > _SHIFT_MAX * min(size):
        return None, 0.0
    agrees = np.abs(ends - _carried(starts, camera)).max(axis=2) < _AGREE_PX
    share = float((agrees & asked).sum() / asked.sum())
    return (_agreed(starts, ends, agrees & is_known) if share >= _AGREE_LEAST else None), share


def _spread(texture: Floats) -> Mask:
    """The best points of every square of the grid, as many of each: a wall with few marks says no less than somebody in
    a chequered coat."""
    rows, columns = (-(-side // _SQUARE_POINTS) * _SQUARE_POINTS for side in texture.shape)
    whole = np.zeros((rows, columns), np.float32)
    whole[: texture.shape[0], : texture.shape[1]] = texture
    shape = rows // _SQUARE_POINTS, _SQUARE_POINTS, columns // _SQUARE_POINTS, _SQUARE_POINTS
    squares = whole.reshape(shape).swapaxes(1, 2).reshape(-1, _SQUARE_POINTS**2)
    best = np.sort(squares, axis=1)[:, -_OF_A_SQUARE, None]
    chosen = (squares >= best) & (squares > 0)
    back = chosen.reshape(shape[0], shape[2], _SQUARE_POINTS, _SQUARE_POINTS).swapaxes(1, 2).reshape(rows, columns)
    return np.asarray(back[: texture.shape[0], : texture.shape[1]])


def _agreed(starts: Floats, ends: Floats, points: Mask) -> Doubles | None:
    """What most of these points did."""
    found, _ = cv2.estimateAffinePartial2D(starts[points], ends[points], method=cv2.LMEDS, maxIters=500, refineIters=10)
    return np.asarray(found, np.float64) if found is not None and np.isfinite(found).all() else None


def _carried(starts: Floats, camera: Doubles) -> Floats:
    """Where points go with the camera alone."""
    return np.asarray(starts @ camera[:, :2].T + camera[:, 2], np.float32)
