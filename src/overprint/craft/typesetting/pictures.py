"""Pictures as the pages need them: checked, in a form PDF and EPUB take, and measured."""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

from overprint.core.book import Page, Spot
from overprint.core.problems import Invalid, LimitReached
from overprint.core.scene import Area
from overprint.craft.typesetting.calm import calm_map
from overprint.craft.typesetting.contrast import Colour, Tones
from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.lying import CalmMap, Lying
from overprint.craft.typesetting.opening import Opened, Sight, look_at, open_picture
from overprint.craft.typesetting.recent import Recent
from overprint.craft.typesetting.vectors import svg_size
from overprint.craft.typesetting.words import cleaned

PICTURE_MAX_BYTES = 40 * 1024 * 1024
_NO_ALT = "Illustration"
_VECTOR_SHAPE_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Print:
    """A picture ready to be set. ``data`` is JPEG or PNG.
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
    def sight(self) -> Sight:
        """Where words stand on it or beside it, it is looked at: not in a print whose words have pages of their own."""
        return _SEEN.get(self.digest, lambda: look_at(self.name, self.data))

    @property
    def calm(self) -> CalmMap:
        """What it says about calm places."""
        return _CALM.get(self.digest, lambda: calm_map(self.sight.sample))

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
        return Lying(self.calm, placed, self.faces(placed), self.figures(placed), self.quiet)

    def faces(self, placed: Box) -> tuple[Box, ...]:
        """Where they are, when the whole of it lies at ``placed``."""
        return self._lying(placed, is_face=True)

    def figures(self, placed: Box) -> tuple[Box, ...]:
        return self._lying(placed, is_face=False)

    def _lying(self, placed: Box, *, is_face: bool) -> tuple[Box, ...]:
        spots = (spot for spot in self.spots if spot.is_face is is_face)
        return tuple(placed.part(spot.x, spot.y, spot.width, spot.height) for spot in spots)


# By digest, and for tones by what was looked at: a book that is set again after an edit opens no picture twice.
_OPENED: Recent[Opened] = Recent(80)
_SEEN: Recent[Sight] = Recent(80)
_CALM: Recent[CalmMap] = Recent(80)
_TONES: Recent[Tones] = Recent(2000)
_RESTLESSNESS: Recent[float] = Recent(500)
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
    key = hashlib.sha256(data).digest()[:16]  # processors have an instruction for it
    opened = _OPENED.get(key, lambda: open_picture(f"of page {number}", data, key))
    if opened.sight:
        _SEEN.keep(key, opened.sight)
    ending, media_type = ("jpg", "image/jpeg") if opened.kind == "JPEG" else ("png", "image/png")
    name, kept = f"picture-{number}.{ending}", opened.converted or data
    return Print(name, media_type, kept, key, *opened.size_px, _NO_ALT, opened.stand_in)


def tones(picture: Print, placed: Box, region: Box) -> Tones:
    """How the part of ``picture`` under ``region`` looks, when the whole of it lies at ``placed``."""
    return _TONES.get((picture.digest, placed, region), lambda: _tones(picture, placed, region))


def _tones(picture: Print, placed: Box, region: Box) -> Tones:
    darkest, brightest = picture.sight.extremes.within(
        (region.left_pt - placed.left_pt) / placed.width_pt,
        (region.top_pt - placed.top_pt) / placed.width_pt,
        (region.right_pt - placed.left_pt) / placed.width_pt,
        (region.bottom_pt - placed.top_pt) / placed.width_pt,
    )
    return Tones(darkest, brightest, _colour(ImageStat.Stat(_sampled(picture, placed, region)).mean))


def restlessness(picture: Print, placed: Box, region: Box) -> float:
    """The mean step between neighbours in the same part of it, 0 to 255."""
    return _RESTLESSNESS.get((picture.digest, placed, region), lambda: _restlessness(picture, placed, region))


def _restlessness(picture: Print, placed: Box, region: Box) -> float:
    grey = _sampled(picture, placed, region).convert("L").filter(ImageFilter.BoxBlur(2))
    step = ImageChops.difference(grey, ImageChops.offset(grey, 3, 3))
    return ImageStat.Stat(step).mean[0]


def _sampled(picture: Print, placed: Box, region: Box) -> Image.Image:
    sample = picture.sight.sample
    scale = sample.width / placed.width_pt
    left = _within((region.left_pt - placed.left_pt) * scale, sample.width)
    top = _within((region.top_pt - placed.top_pt) * scale, sample.height)
    right = max(left + 1, _within((region.right_pt - placed.left_pt) * scale + 1, sample.width))
    bottom = max(top + 1, _within((region.bottom_pt - placed.top_pt) * scale + 1, sample.height))
    return sample.crop((left, top, right, bottom))


def leading_colour(picture: Print) -> Colour:
    """The strongest hue of a picture: what its book borrows for headings and initials."""
    return _LEADING.get(picture.digest, lambda: _leading_colour(picture.sight.sample))


def _leading_colour(sample: Image.Image) -> Colour:
    small = sample.resize((64, 64), Image.Resampling.BOX).quantize(24).convert("RGB")
    colours = {_colour(colour) for _, colour in small.getcolors(64 * 64) or () if isinstance(colour, tuple)}
    return max(sorted(colours), key=lambda colour: max(colour) - min(colour) - abs(sum(colour) / 3 - 110) / 2)


def _within(position: float, size: int) -> int:
    return min(max(int(position), 0), size - 1 if size > 1 else 1)


def _colour(channels: tuple[float, ...] | list[float]) -> Colour:
    red, green, blue = (round(channel) for channel in channels)
    return red, green, blue
