"""Small work on finished pictures, for a child process."""

import io

from overprint.core.files import THUMBNAIL_SIDE_PX
from overprint.core.problems import Invalid

PIXELS_MAX = 64_000_000
# Little more than half of what a JPEG of that look needs, for 25 ms; a slower method saves a tenth of it.
_QUALITY, _METHOD = 78, 2


def thumbnail(data: bytes) -> bytes:
    """A WebP of at most 840 pixels a side. Raises ``Invalid`` for what is no whole picture, or a far too large one."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise ValueError("too many pixels")
            picture.draft(None, (THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX))  # a JPEG is read no larger than is needed
            small = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("The illustrator's picture is damaged or far too large.", "Use another seed.") from None
    small.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=_QUALITY, method=_METHOD)
    return out.getvalue()
