"""Small work on finished pictures."""

import io

from PIL import Image

THUMBNAIL_SIDE_PX = 480
PIXELS_MAX = 64_000_000


def thumbnail(data: bytes) -> bytes:
    """A JPEG of at most 480 pixels a side. Raises ``ValueError`` for what is no picture, or a far too large one."""
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
        if picture.width * picture.height > PIXELS_MAX:
            raise ValueError(f"the picture has more than {PIXELS_MAX} pixels")
        small = picture.convert("RGB")
        small.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()
