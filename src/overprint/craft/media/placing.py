"""Where a picture lies in a frame of another shape, so that nothing of it is lost on the way there and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a frame, in shares of its width and height, 0 to 1."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


WHOLE = Box()


def placed(width_px: int, height_px: int, frame_width_px: int, frame_height_px: int) -> Box:
    """The middle of a frame that a picture fills when it is made as large as fits."""
    shape, frame = width_px / height_px, frame_width_px / frame_height_px
    if abs(shape / frame - 1) < 0.005:  # a pixel of border would help nobody
        return WHOLE
    width, height = min(1.0, shape / frame), min(1.0, frame / shape)
    return Box((1 - width) / 2, (1 - height) / 2, width, height)
