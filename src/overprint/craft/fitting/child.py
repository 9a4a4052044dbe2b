"""A picture from elsewhere made exactly the asked one: right size, plain sRGB JPEG, nothing hidden in it.

``fit`` runs in a child process: the bytes come from outside and decoders have had their bugs.
"""

import io
from typing import TYPE_CHECKING

from overprint.craft.framing import unpack

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_MAX = 64_000_000
JPEG_QUALITY = 95
_BLANK = (255, 255, 255)


def fit(payload: bytes) -> bytes:
    """The blob ``picture``, cropped to its middle and scaled to ``width_px`` × ``height_px``; always the same bytes.

    Raises ``ValueError`` for what is no PNG, JPEG or WebP, is damaged, or has too many pixels.
    """
    from PIL import ImageOps
    from PIL.Image import Resampling

    header, blobs = unpack(payload)
    size = (int(header["width_px"]), int(header["height_px"]))
    opaque = _decoded(blobs["picture"])
    fitted = opaque if opaque.size == size else ImageOps.fit(opaque, size, Resampling.LANCZOS)
    out = io.BytesIO()
    # Full colour resolution: print enlarges what chroma subsampling smears.
    fitted.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


def _decoded(data: bytes) -> "Image":
    """Upright and opaque RGB, without metadata."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
        if picture.width * picture.height > PIXELS_MAX:
            raise ValueError(f"the picture has more than {PIXELS_MAX} pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    plain = Image.new("RGB", upright.size, _BLANK)
    plain.paste(upright, mask=upright.getchannel("A"))
    return plain
