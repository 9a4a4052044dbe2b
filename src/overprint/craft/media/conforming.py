"""A foreign film becomes one of our clips: exact size, rate and length, H.264 in yuv420p, BT.709, and nothing else."""

from collections.abc import Generator, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

from overprint.core.problems import Invalid
from overprint.craft.media.opening import damaged, film_frames, probe
from overprint.craft.media.order import SPEED_LEAST, Conforming, FilmFacts
from overprint.craft.media.placing import Box
from overprint.craft.motion.encoder import BETWEEN_STEPS, film_writer

Pixels = npt.NDArray[np.uint8]
_TOLD_EVERY = 10
_HD_HEIGHT_PX = 720
_UNSAID = (0, 2)  # colour spaces by number: RGB, which no H.264 of a model is, and unspecified


def conform(film: bytes, clip: Path, order: Conforming) -> Generator[int, None, None]:
    """Writes an MP4 file without sound to ``clip``; yields how many frames are done.

    Raises ``Invalid`` for what is no film, damaged, or shorter than was ordered, ``LimitReached`` for more than the
    order's bounds.
    """
    facts = probe(film, order.bounds)
    speed = _speed(facts, order)
    with film_writer(clip, order.width_px, order.height_px, order.fps, BETWEEN_STEPS) as writer:
        for pixels in _shown(film, order, speed):
            writer.add_bgra(pixels)
            if writer.count % _TOLD_EVERY == 0:
                yield writer.count
        writer.close()


def _speed(facts: FilmFacts, order: Conforming) -> float:
    """1, or slower for a film that is shorter than the clip."""
    if facts.seconds < order.seconds_least:
        raise Invalid(
            f"This film lasts {facts.seconds:.1f} s instead of {order.seconds_least:.1f}.", "Send one that is longer."
        )
    speed = min(1.0, facts.seconds / (order.frames / order.fps))
    if speed < SPEED_LEAST:
        raise Invalid(f"This film lasts {facts.seconds:.1f} s, which is too short here.", "Send one that is longer.")
    return speed


def _shown(film: bytes, order: Conforming, speed: float) -> Iterator[Pixels]:
    """The clip's frames: the film's at that time, or, in a film that is slowed down, a blend of the two nearest."""
    frames = ((at, _fitted(frame, order)) for at, frame in film_frames(film, order.bounds))
    before = after = next(frames, None)
    if before is None or after is None:
        raise damaged()
    for number in range(order.frames):
        at = number / order.fps * speed
        while after[0] < at and (following := next(frames, None)) is not None:
            before, after = after, following
        yield _between(before, after, at, is_blended=speed < 1)


def _between(before: tuple[float, Pixels], after: tuple[float, Pixels], at: float, *, is_blended: bool) -> Pixels:
    span = after[0] - before[0]
    share = min(1.0, max(0.0, (at - before[0]) / span)) if span > 0 else 1.0
    if not is_blended:
        return after[1] if share > 0.5 else before[1]
    return np.asarray(cv2.addWeighted(before[1], 1 - share, after[1], share, 0), np.uint8)


def _fitted(frame: VideoFrame, order: Conforming) -> Pixels:
    """Upright, the kept part of it, as large as the clip; what then stands over at two sides is cut."""
    plain = frame.reformat(
        format="bgra",
        src_colorspace=_colours_of(frame),
        src_color_range=_range_of(frame),
        dst_color_range=ColorRange.JPEG,
    ).to_ndarray()
    upright = np.rot90(plain, round(frame.rotation / 90) % 4) if frame.rotation else plain
    part = _middle(_cut(np.asarray(upright, np.uint8), order.kept), order.width_px / order.height_px)
    is_smaller = part.shape[1] > order.width_px
    scaled = cv2.resize(
        part, (order.width_px, order.height_px), interpolation=cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC
    )
    return np.ascontiguousarray(scaled, np.uint8)


def _colours_of(frame: VideoFrame) -> Colorspace:
    """What the film says; else what films of its size have."""
    said = int(frame.colorspace)
    if said in _UNSAID:
        return Colorspace.ITU709 if frame.height >= _HD_HEIGHT_PX else Colorspace.ITU601
    return Colorspace(said) if said in {int(each) for each in Colorspace} else Colorspace.ITU709


def _range_of(frame: VideoFrame) -> ColorRange:
    return ColorRange.JPEG if int(frame.color_range) == int(ColorRange.JPEG) else ColorRange.MPEG


def _cut(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    top, left = round(box.top * height), round(box.left * width)
    return pixels[
        top : max(top + 1, round((box.top + box.height) * height)),
        left : max(left + 1, round((box.left + box.width) * width)),
    ]


def _middle(pixels: Pixels, shape: float) -> Pixels:
    """As much of its middle as has this shape, width to height."""
    height, width = pixels.shape[:2]
    wide, tall = min(width, max(1, round(height * shape))), min(height, max(1, round(width / shape)))
    left, top = (width - wide) // 2, (height - tall) // 2
    return pixels[top : top + tall, left : left + wide]
