"""Pictures as they come: checked, turned into what pages take, and looked at."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from overprint.core.problems import Invalid, LimitReached
from overprint.craft.typesetting.calm import extremes
from overprint.craft.typesetting.lying import Extremes

PICTURE_MAX_PIXELS = 40_000_000
_SAMPLE_MIN_PX = 420
# What a JPEG is at least read at: about 100 dots an inch, where a thin line is still seen.
_DETAIL_MIN_PX = 660
_STAND_IN_PX = 8
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_JPEG_END_MAX_BYTES = 4096  # what some cameras write behind it
# Baseline, extended, progressive. Others are read here, but not by all that show PDF files.
_JPEG_FRAMES = (0xC0, 0xC1, 0xC2)


@dataclass(frozen=True, slots=True)
class Sight:
    """``sample``: a small RGB copy to measure on; ``extremes``: what it loses, the darkest and the brightest."""

    sample: Image.Image
    extremes: Extremes


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a picture tells. ``converted``: as JPEG, where it came as something that pages do not take.
    ``stand_in``: see ``Print``. ``sight``: nothing where it was not read for that."""

    kind: str
    size_px: tuple[int, int]
    converted: bytes
    stand_in: bytes
    sight: Sight | None


def open_picture(which: str, data: bytes, digest: bytes) -> Opened:
    """A usual JPEG goes on the page as it is, and is read when somebody wants to know how it looks; others are read
    here. Raises ``Invalid`` for what is no whole picture, ``LimitReached`` for one that is too large."""
    if data.startswith(_JPEG) and _jpeg_frame(data) in _JPEG_FRAMES and _JPEG_END in data[-_JPEG_END_MAX_BYTES:]:
        with _readable(which), Image.open(io.BytesIO(data), formats=("JPEG",)) as usual:
            _check_size(which, usual)
            if usual.mode in ("RGB", "L"):
                # By what EXIF says Typst turns a picture.
                stand_in = b"" if "exif" in usual.info else _stand_in(usual.mode, digest)
                return Opened("JPEG", usual.size, b"", stand_in, None)
    image = _read(which, data)
    if image.format == "PNG" and image.mode in ("RGB", "L"):
        return Opened("PNG", image.size, b"", b"", _seen(image))
    return Opened("JPEG", image.size, _as_jpeg(image), _stand_in("RGB", digest), _seen(image))


def look_at(which: str, data: bytes) -> Sight:
    """How it looks. A JPEG may be read smaller."""
    return _seen(_read(which, data, _DETAIL_MIN_PX))


def _seen(image: Image.Image) -> Sight:
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    smaller = max(image.size) // _SAMPLE_MIN_PX
    return Sight(rgb.reduce(smaller) if smaller > 1 else rgb, extremes(rgb))


def _jpeg_frame(data: bytes) -> int:
    """The marker of a JPEG's frame, which says how it is coded; 0 where there is none in the usual order."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return marker
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0


def _stand_in(mode: str, digest: bytes) -> bytes:
    """A small JPEG like no other, with as many channels as the true one: Typst reads their colour space from it."""
    kept = io.BytesIO()
    Image.new(mode, (_STAND_IN_PX, _STAND_IN_PX)).save(kept, "JPEG", comment=digest.hex())
    return kept.getvalue()


def _read(which: str, data: bytes, least_px: int = PICTURE_MAX_PIXELS) -> Image.Image:
    """``least_px``: how long its sides must be at least; a JPEG may come smaller than it is."""
    with _readable(which):
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        _check_size(which, image)
        if image.mode in ("RGB", "L"):
            image.draft(image.mode, (least_px, least_px))
        image.load()
    return image


def _check_size(which: str, image: Image.Image) -> None:
    if image.width * image.height > PICTURE_MAX_PIXELS:
        raise LimitReached(f"The picture {which} has too many pixels.", "Use one below 40 megapixels.")


@contextmanager
def _readable(which: str) -> Iterator[None]:
    try:
        yield
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid(f"The picture {which} cannot be read.", "Use a JPEG, PNG or WebP file.") from None


def _as_jpeg(image: Image.Image) -> bytes:
    """On white, because a page has no transparency to show."""
    flat = Image.new("RGB", image.size, (255, 255, 255))
    if image.mode in ("RGBA", "LA", "P", "PA"):
        layer = image.convert("RGBA")
        flat.paste(layer, mask=layer.getchannel("A"))
    else:
        flat = image.convert("RGB")
    kept = io.BytesIO()
    flat.save(kept, "JPEG", quality=92, subsampling=0)
    return kept.getvalue()
