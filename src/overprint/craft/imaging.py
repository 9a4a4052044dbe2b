"""Small work on finished pictures, for a child process."""

import io

from overprint.core.files import THUMBNAIL_SIDE_PX
from overprint.core.problems import Invalid

PIXELS_MAX = 64_000_000
# A JPEG is read no larger than this asks for: half as large takes a third of the time and looks the same.
_READ_SIDE_PX = 720


def thumbnail(data: bytes) -> bytes:
    """A JPEG of at most 480 pixels a side. Raises ``Invalid`` for what is no whole picture, or a far too large one."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise ValueError("too many pixels")
            picture.draft(None, (_READ_SIDE_PX, _READ_SIDE_PX))
            small = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("The illustrator's picture is damaged or far too large.", "Use another seed.") from None
    small.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()
