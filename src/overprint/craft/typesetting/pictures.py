"""Pictures as the pages need them: checked, in a form PDF and EPUB take, and measured."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageFilter, ImageStat, UnidentifiedImageError

from overprint.core.book import Page
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.typesetting.contrast import Colour, Tones
from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.words import cleaned

PICTURE_MAX_BYTES = 40 * 1024 * 1024
PICTURE_MAX_PIXELS = 40_000_000
_SAMPLE_MAX_PX = 900
_DRAFT_MIN_PX = 700
_NO_ALT = "Illustration"


@dataclass(frozen=True, slots=True)
class Print:
    """A picture ready to be set. ``data`` is JPEG or PNG; ``sample`` a small RGB copy to measure on."""

    name: str
    media_type: str
    data: bytes
    width_px: int
    height_px: int
    alt: str
    sample: Image.Image


def prepare(pages: Sequence[Page], pictures: Mapping[str, bytes]) -> dict[int, Print]:
    """The pictures of ``pages`` by page number, from 1; one that is used twice is one file, read once.

    Raises ``Invalid`` when bytes are missing or no picture, ``LimitReached`` when they are too big.
    """
    read: dict[str, Print] = {}
    prints: dict[int, Print] = {}
    for number, page in enumerate(pages, 1):
        if page.picture is not None:
            key = page.picture.content_hash
            if key not in read:
                read[key] = _prepare(number, pictures.get(key))
            prints[number] = replace(read[key], alt=cleaned(page.picture.alt) or _NO_ALT)
    return prints


def _prepare(number: int, data: bytes | None) -> Print:
    if data is None:
        raise Invalid(f"The picture of page {number} was not handed over.", "Draw it again, or set the page without.")
    if len(data) > PICTURE_MAX_BYTES:
        raise LimitReached(f"The picture of page {number} is too big.", "Use one below 40 MB.")
    image, kind, size = _open(number, data)
    if kind not in ("JPEG", "PNG") or image.mode not in ("RGB", "L"):
        data, kind = _as_jpeg(image), "JPEG"
    sample = image.convert("RGB")
    sample.thumbnail((_SAMPLE_MAX_PX, _SAMPLE_MAX_PX), Image.Resampling.BOX)
    ending, media_type = ("jpg", "image/jpeg") if kind == "JPEG" else ("png", "image/png")
    return Print(f"picture-{number}.{ending}", media_type, data, *size, _NO_ALT, sample)


def tones(picture: Print, placed: Box, region: Box) -> Tones:
    """How the part of ``picture`` under ``region`` looks, when the whole of it lies at ``placed``."""
    sample = picture.sample
    scale = sample.width / placed.width_pt
    left = _within((region.left_pt - placed.left_pt) * scale, sample.width)
    top = _within((region.top_pt - placed.top_pt) * scale, sample.height)
    right = max(left + 1, _within((region.right_pt - placed.left_pt) * scale + 1, sample.width))
    bottom = max(top + 1, _within((region.bottom_pt - placed.top_pt) * scale + 1, sample.height))
    part = sample.crop((left, top, right, bottom))
    low, high = zip(*_extremes(part), strict=True)
    return Tones(_colour(low), _colour(high), _colour(ImageStat.Stat(part).mean), _restlessness(part))


def leading_colour(picture: Print) -> Colour:
    """The strongest hue of a picture: what its book borrows for headings and initials."""
    small = picture.sample.resize((64, 64), Image.Resampling.BOX).quantize(24).convert("RGB")
    colours = {_colour(small.getpixel((x, y))) for x in range(64) for y in range(64)}  # type: ignore[arg-type]
    return max(sorted(colours), key=lambda colour: max(colour) - min(colour) - abs(sum(colour) / 3 - 110) / 2)


def _open(number: int, data: bytes) -> tuple[Image.Image, str, tuple[int, int]]:
    """The picture, its kind and its true size. A JPEG that goes on the page as it is may be read at half size."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        size, kind = image.size, str(image.format)
        if size[0] * size[1] > PICTURE_MAX_PIXELS:
            raise LimitReached(f"The picture of page {number} has too many pixels.", "Use one below 40 megapixels.")
        if kind == "JPEG" and image.mode in ("RGB", "L"):
            image.draft(image.mode, (_DRAFT_MIN_PX, _DRAFT_MIN_PX))
        image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid(f"The picture of page {number} cannot be read.", "Use a JPEG, PNG or WebP file.") from None
    return image, kind, size


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


def _extremes(part: Image.Image) -> list[tuple[int, int]]:
    return [band.getextrema() for band in part.split()]  # type: ignore[misc]


def _restlessness(part: Image.Image) -> float:
    grey = part.convert("L").filter(ImageFilter.BoxBlur(2))
    step = ImageChops.difference(grey, ImageChops.offset(grey, 3, 3))
    return ImageStat.Stat(step).mean[0]


def _within(position: float, size: int) -> int:
    return min(max(int(position), 0), size - 1 if size > 1 else 1)


def _colour(channels: tuple[float, ...] | list[float]) -> Colour:
    red, green, blue = (round(channel) for channel in channels)
    return red, green, blue
