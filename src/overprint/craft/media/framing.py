"""A picture becomes the first frame of a film of another shape. What is added mirrors the picture's edges: a model goes
on with it as with any ground, and it is cut off again."""

import cv2
import numpy as np

from overprint.core.pixels import picture_size
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.imaging import PIXELS_MAX
from overprint.craft.media.order import FirstFrame
from overprint.craft.media.placing import placed

_QUALITIES = (95, 90, 82, 70, 55)


def first_frame(picture: bytes, order: FirstFrame) -> bytes:
    """Raises ``Invalid`` for what is no PNG, JPEG or WebP picture, ``LimitReached`` for one that is far too large."""
    size = picture_size(picture)
    if size is None:
        raise _unreadable()
    if size[0] * size[1] > PIXELS_MAX:
        raise LimitReached(
            f"This picture has more than {PIXELS_MAX // 1_000_000} million pixels.", "Send a smaller one."
        )
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise _unreadable()
    box = placed(size[0], size[1], order.width_px, order.height_px)
    wide, tall = max(1, round(box.width * order.width_px)), max(1, round(box.height * order.height_px))
    is_smaller = pixels.shape[1] > wide
    scaled = cv2.resize(pixels, (wide, tall), interpolation=cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC)
    top, left = (order.height_px - tall) // 2, (order.width_px - wide) // 2
    frame = cv2.copyMakeBorder(
        scaled, top, order.height_px - tall - top, left, order.width_px - wide - left, cv2.BORDER_REFLECT
    )
    for quality in _QUALITIES:
        encoded = bytes(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
        if len(encoded) <= order.bytes_max:
            return encoded
    raise LimitReached("This picture cannot be made small enough.", "Send a plainer one.")


def _unreadable() -> Invalid:
    return Invalid("This picture cannot be read.", "Send it as PNG, JPEG or WebP.")
