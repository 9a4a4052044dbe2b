"""A stranger's photo becomes plain pixels: what it claims is checked before anything is decoded.

The kind is told by content, never by name, and the size by the header. What comes out are upright sRGB pixels and
nothing else: place, camera, thumbnail, profile and whatever was hidden behind the picture stay behind.
"""

import io
import struct

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from overprint.core.pixels import picture_size
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.photos.order import PHOTO_MAX_BYTES, PHOTO_MAX_PIXELS, PHOTO_SIDE_PX

Picture = npt.NDArray[np.uint8]
"""Height × width × 3, blue first, sRGB."""

PHOTO_SIDE_MAX_PX = 2600
_SIDE_LEAST_PX = 64
_SCANS_MAX = 64  # a progressive JPEG of a camera has about ten; thousands would keep a decoder busy for minutes
_PROFILE_MAX_BYTES = 4_000_000
_ORIENTATION = 0x0112
_SEND = "Send the photo as JPEG, PNG or WebP."


def open_photo(data: bytes, *, side_px: int = PHOTO_SIDE_PX) -> Picture:
    """The photo, upright, its longer side at most ``side_px``.

    Raises ``Invalid`` for what is no still JPEG, PNG or WebP picture or is damaged, ``LimitReached`` for more than
    ``PHOTO_MAX_BYTES`` or ``PHOTO_MAX_PIXELS``.
    """
    if not _SIDE_LEAST_PX <= side_px <= PHOTO_SIDE_MAX_PX:
        raise ValueError(f"side_px is {_SIDE_LEAST_PX} to {PHOTO_SIDE_MAX_PX}")
    if len(data) > PHOTO_MAX_BYTES:
        raise LimitReached(
            f"This photo is larger than {PHOTO_MAX_BYTES // 1_000_000} MB.", "Save it smaller and send it again."
        )
    kind = _kind(data)
    _check_size(picture_size(data))
    if kind == "JPEG" and data.count(b"\xff\xda") > _SCANS_MAX:
        raise _damaged()
    try:
        return _decoded(data, kind, side_px)
    except (Invalid, LimitReached, MemoryError):
        raise
    except Exception:  # decoders raise nearly anything for hostile bytes
        raise _damaged() from None


def encoded_jpeg(picture: Picture, *, quality: int = 90) -> bytes:
    """A JPEG that holds these pixels and nothing else."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    return bytes(cv2.imencode(".jpg", picture, options)[1])


def _kind(data: bytes) -> str:
    """What the first bytes say it is."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if not data:
        raise Invalid("This file is empty.", _SEND)
    if data[4:8] == b"ftyp":
        raise Invalid(
            "This is a HEIC, AVIF or film file, which cannot be opened here.",
            "Export it as JPEG. On a phone, choose “Most compatible” in the camera's settings.",
        )
    if data[:6] in (b"GIF87a", b"GIF89a"):
        raise Invalid("This is a GIF, not a photo.", _SEND)
    if b"<svg" in data[:4096].lower():
        raise Invalid("This is an SVG drawing, not a photo.", _SEND)
    raise Invalid("This file is no photo that can be opened here.", _SEND)


def _check_size(size: tuple[int, int] | None) -> None:
    if size is None:
        raise _damaged()
    width, height = size
    if width * height > PHOTO_MAX_PIXELS:
        raise LimitReached(
            f"This photo has {width} × {height} pixels; at most {PHOTO_MAX_PIXELS // 1_000_000} million can be opened.",
            "Save it smaller and send it again.",
        )
    if min(width, height) < _SIDE_LEAST_PX or max(width, height) > 12 * min(width, height):
        raise Invalid(
            f"This picture has {width} × {height} pixels: too small or too narrow for a photo of somebody.",
            "Send a larger one.",
        )


def _decoded(data: bytes, kind: str, side_px: int) -> Picture:
    with Image.open(io.BytesIO(data), formats=("JPEG", "MPO") if kind == "JPEG" else (kind,)) as image:
        _check_size(image.size)  # again, as the decoder understands it
        if image.format in ("PNG", "WEBP") and getattr(image, "n_frames", 1) > 1:
            raise Invalid("This picture moves.", "Send a still photo.")
        turn = _orientation(image)
        profile = image.info.get("icc_profile")
        if kind == "JPEG":
            # libjpeg reduces while it decodes, by 2, 4 or 8; never below twice what is wanted.
            image.draft(None, (2 * side_px, 2 * side_px))
        small = _reduced(_plain(image), side_px)
    pixels = np.asarray(_in_srgb(small, profile), np.uint8)
    return _turned(np.ascontiguousarray(pixels[..., ::-1]), turn)


def _orientation(image: Image.Image) -> int:
    """1 to 8 as EXIF counts; 1, upright, when it does not say or cannot be read."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _plain(image: Image.Image) -> Image.Image:
    """One of the modes L, RGB, RGBA and CMYK; what can be seen through gets white behind it when it is in sRGB."""
    if image.mode.startswith("I"):
        deep = np.asarray(image)
        return Image.fromarray((np.clip(deep, 0, 65535) >> 8).astype(np.uint8))
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image.load()
        return image
    if image.mode in ("1", "YCbCr", "RGBX"):
        return image.convert("RGB")
    raise Invalid("The colours of this picture are stored in an unusual way.", _SEND)


def _reduced(image: Image.Image, side_px: int) -> Image.Image:
    longer = max(image.size)
    if longer <= side_px:
        return image
    width, height = (max(1, round(side * side_px / longer)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """RGB. A profile that is damaged, or does not belong to such a picture, is left out."""
    cover = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    converted = None
    if isinstance(profile, bytes) and 128 < len(profile) <= _PROFILE_MAX_BYTES:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
    seen = converted if converted is not None else colours.convert("RGB")
    if cover is None:
        return seen
    return Image.composite(seen, Image.new("RGB", seen.size, "white"), cover)


def _turned(picture: Picture, orientation: int) -> Picture:
    """Upright, from one of EXIF's eight ways to hold a camera."""
    if orientation in (2, 4, 5, 7):
        picture = picture[:, ::-1]
    turns = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}.get(orientation, 0)
    return np.ascontiguousarray(np.rot90(picture, turns))


def _damaged() -> Invalid:
    return Invalid("This photo is damaged or incomplete.", "Send it again, or save it once more as JPEG first.")
