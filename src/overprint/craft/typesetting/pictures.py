"""Pictures as the pages need them: checked, in a form PDF and EPUB take, and measured."""

import hashlib
import io
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat, UnidentifiedImageError

from overprint.core.book import Page, Spot
from overprint.core.problems import Invalid, LimitReached
from overprint.core.scene import Area
from overprint.craft.typesetting.calm import CalmMap, Extremes, Lying, calm_map, extremes
from overprint.craft.typesetting.contrast import Colour, Tones
from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.recent import Recent
from overprint.craft.typesetting.vectors import svg_size
from overprint.craft.typesetting.words import cleaned

PICTURE_MAX_BYTES = 40 * 1024 * 1024
PICTURE_MAX_PIXELS = 40_000_000
_SAMPLE_MIN_PX = 420
# What a JPEG is at least read at: about 100 dots an inch, where a thin line is still seen.
_DETAIL_MIN_PX = 660
_STAND_IN_PX = 8
# Baseline, extended, progressive. Others are read here, but not by all that show PDF files.
_JPEG_FRAMES = (0xC0, 0xC1, 0xC2)
_NO_ALT = "Illustration"
_VECTOR_SHAPE_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Print:
    """A picture ready to be set. ``data`` is JPEG or PNG; ``sample`` a small RGB copy to measure on,
    ``extremes`` what such a copy loses: the darkest and the brightest.
    ``quiet``, ``spots`` and ``is_spread`` are the page's; see ``core.book.Picture``.
    ``digest`` is of the bytes that came.
    ``stand_in``: what Typst sets in its place, see ``hanging``; nothing where it has to see the picture itself.
    ``vector``: the same as SVG, for PDF files."""

    name: str
    media_type: str
    data: bytes
    digest: bytes
    width_px: int
    height_px: int
    alt: str
    sample: Image.Image
    extremes: Extremes
    stand_in: bytes
    quiet: Area = Area.NONE
    spots: tuple[Spot, ...] = ()
    vector: bytes = b""
    is_spread: bool = False

    @property
    def traits(self) -> tuple[Hashable, ...]:
        """All of it that decides how its page looks, without the pixels."""
        return (
            self.digest,
            self.name,
            self.width_px,
            self.height_px,
            self.alt,
            self.quiet,
            self.spots,
            self.is_spread,
        )

    @property
    def calm(self) -> CalmMap:
        """What it says about calm places."""
        return _CALM.get(self.digest, lambda: calm_map(self.sample))

    @property
    def focus(self) -> Box:
        """The part, in fractions, round everybody who is seen; the whole picture where nobody is known to be."""
        if not self.spots:
            return Box(0, 0, 1, 1)
        left = max(0.0, min(spot.x for spot in self.spots))
        top = max(0.0, min(spot.y for spot in self.spots))
        right = min(1.0, max(spot.x + spot.width for spot in self.spots))
        bottom = min(1.0, max(spot.y + spot.height for spot in self.spots))
        return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))

    def lying(self, placed: Box) -> Lying:
        """It, when the whole of it lies at ``placed``."""
        spots = [(spot.is_face, placed.part(spot.x, spot.y, spot.width, spot.height)) for spot in self.spots]
        faces = tuple(box for is_face, box in spots if is_face)
        return Lying(self.calm, placed, faces, tuple(box for is_face, box in spots if not is_face), self.quiet)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What opening a picture tells. ``converted``: as JPEG, where it came as something that pages do not take.
    ``stand_in``: see ``Print``."""

    kind: str
    size_px: tuple[int, int]
    converted: bytes
    sample: Image.Image
    extremes: Extremes
    stand_in: bytes


# By digest, and for tones by what was looked at: a book that is set again after an edit opens no picture twice.
_LOOKED_AT: Recent[_Looked] = Recent(80)
_CALM: Recent[CalmMap] = Recent(80)
_TONES: Recent[Tones] = Recent(2000)
_LEADING: Recent[Colour] = Recent(80)


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
            alt, picture = cleaned(page.picture.alt) or _NO_ALT, page.picture
            vector = pictures.get(picture.vector_hash, b"")
            if not _has_shape(vector, read[key]):
                vector = b""
            prints[number] = replace(
                read[key],
                alt=alt,
                quiet=picture.quiet,
                spots=picture.spots,
                vector=vector,
                is_spread=picture.is_spread,
            )
    return prints


def put_down(prints: Iterable[Print], folder: str) -> list[str]:
    """Writes the pictures, or what stands in for them, where Typst finds them; answers which lie there as vectors,
    under their name and ``.svg``."""
    vectors = []
    for picture in prints:
        if picture.vector:
            vectors.append(picture.name)
            Path(folder, f"{picture.name}.svg").write_bytes(picture.vector)
        else:
            Path(folder, picture.name).write_bytes(picture.stand_in or picture.data)
    return vectors


def _has_shape(vector: bytes, picture: Print) -> bool:
    """Whether it can stand in the picture's place: a plain SVG that is as wide for its height."""
    size = svg_size(vector)
    if size is None:
        return False
    off = (size[0] / size[1]) / (picture.width_px / picture.height_px)
    return abs(off - 1) <= _VECTOR_SHAPE_TOLERANCE


def _prepare(number: int, data: bytes | None) -> Print:
    if data is None:
        raise Invalid(f"The picture of page {number} was not handed over.", "Draw it again, or set the page without.")
    if len(data) > PICTURE_MAX_BYTES:
        raise LimitReached(f"The picture of page {number} is too big.", "Use one below 40 MB.")
    key = hashlib.blake2b(data, digest_size=16).digest()
    looked = _LOOKED_AT.get(key, lambda: _look_at(number, data, key))
    ending, media_type = ("jpg", "image/jpeg") if looked.kind == "JPEG" else ("png", "image/png")
    name, kept = f"picture-{number}.{ending}", looked.converted or data
    return Print(name, media_type, kept, key, *looked.size_px, _NO_ALT, looked.sample, looked.extremes, looked.stand_in)


def _look_at(number: int, data: bytes, digest: bytes) -> _Looked:
    image, kind, size = _open(number, data)
    converted = stand_in = b""
    is_shown_everywhere = kind == "PNG" or (kind == "JPEG" and _jpeg_frame(data) in _JPEG_FRAMES)
    if not is_shown_everywhere or image.mode not in ("RGB", "L"):
        converted, kind = _as_jpeg(image), "JPEG"
        stand_in = _stand_in("RGB", digest)
    elif kind == "JPEG" and "exif" not in image.info:  # by which Typst turns a picture
        stand_in = _stand_in(image.mode, digest)
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    smaller = max(image.size) // _SAMPLE_MIN_PX
    sample = rgb.reduce(smaller) if smaller > 1 else rgb
    return _Looked(kind, size, converted, sample, extremes(rgb), stand_in)


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


def tones(picture: Print, placed: Box, region: Box) -> Tones:
    """How the part of ``picture`` under ``region`` looks, when the whole of it lies at ``placed``."""
    return _TONES.get((picture.digest, placed, region), lambda: _tones(picture, placed, region))


def _tones(picture: Print, placed: Box, region: Box) -> Tones:
    sample = picture.sample
    scale = sample.width / placed.width_pt
    left = _within((region.left_pt - placed.left_pt) * scale, sample.width)
    top = _within((region.top_pt - placed.top_pt) * scale, sample.height)
    right = max(left + 1, _within((region.right_pt - placed.left_pt) * scale + 1, sample.width))
    bottom = max(top + 1, _within((region.bottom_pt - placed.top_pt) * scale + 1, sample.height))
    part = sample.crop((left, top, right, bottom))
    darkest, brightest = picture.extremes.within(
        (region.left_pt - placed.left_pt) / placed.width_pt,
        (region.top_pt - placed.top_pt) / placed.width_pt,
        (region.right_pt - placed.left_pt) / placed.width_pt,
        (region.bottom_pt - placed.top_pt) / placed.width_pt,
    )
    return Tones(darkest, brightest, _colour(ImageStat.Stat(part).mean), _restlessness(part))


def leading_colour(picture: Print) -> Colour:
    """The strongest hue of a picture: what its book borrows for headings and initials."""
    return _LEADING.get(picture.digest, lambda: _leading_colour(picture.sample))


def _leading_colour(sample: Image.Image) -> Colour:
    small = sample.resize((64, 64), Image.Resampling.BOX).quantize(24).convert("RGB")
    colours = {_colour(colour) for _, colour in small.getcolors(64 * 64) or ()}  # type: ignore[arg-type]
    return max(sorted(colours), key=lambda colour: max(colour) - min(colour) - abs(sum(colour) / 3 - 110) / 2)


def _open(number: int, data: bytes) -> tuple[Image.Image, str, tuple[int, int]]:
    """The picture, its kind and its true size. A JPEG that goes on the page as it is may be read smaller."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        size, kind = image.size, str(image.format)
        if size[0] * size[1] > PICTURE_MAX_PIXELS:
            raise LimitReached(f"The picture of page {number} has too many pixels.", "Use one below 40 megapixels.")
        if kind == "JPEG" and image.mode in ("RGB", "L"):
            image.draft(image.mode, (_DETAIL_MIN_PX, _DETAIL_MIN_PX))
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


def _restlessness(part: Image.Image) -> float:
    grey = part.convert("L").filter(ImageFilter.BoxBlur(2))
    step = ImageChops.difference(grey, ImageChops.offset(grey, 3, 3))
    return ImageStat.Stat(step).mean[0]


def _within(position: float, size: int) -> int:
    return min(max(int(position), 0), size - 1 if size > 1 else 1)


def _colour(channels: tuple[float, ...] | list[float]) -> Colour:
    red, green, blue = (round(channel) for channel in channels)
    return red, green, blue
