"""Small work on finished pictures."""

import io

from PIL import Image

from overprint.core.problems import Invalid

THUMBNAIL_SIDE_PX = 480
PIXELS_MAX = 64_000_000


def thumbnail(data: bytes) -> bytes:
    """A JPEG of at most 480 pixels a side. Raises ``Invalid`` for what is no whole picture, or a far too large one."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise ValueError("too many pixels")
            small = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("The illustrator's picture is damaged or far too large.", "Use another seed.") from None
    small.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()
