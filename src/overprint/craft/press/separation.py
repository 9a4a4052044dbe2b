"""Colours of the screen as inks: sRGB to CMYK through the profile of a printing condition, never over its ink limit."""

import io
import threading
from functools import cache, lru_cache
from pathlib import Path

import numpy
from PIL import Image, ImageCms

from overprint.craft.press.ink_table import Inks, Table, ink_table, known_colours, look_up
from overprint.craft.press.printers import DATA
from overprint.craft.press.wetness import remember

Rgb = tuple[float, float, float]
Cmyk = tuple[float, float, float, float]

# By the names that the ICC's registry has for them, as PDF/X wants them.
_PROFILES = {"FOGRA39": "FOGRA39L_coated.icc", "CGATS TR 006": "GRACoL_TR006_coated.icc"}
_NAMES = {"FOGRA39": "Coated FOGRA39 (ISO 12647-2:2004)", "CGATS TR 006": "Coated GRACoL 2006 (ISO 12647-2:2004)"}
_JPEG_QUALITY = 92
# Text this dark and this grey is printed in black ink alone: four inks that do not meet exactly would blur it.
_BLACK_MAX, _GREY_MAX_STEP = 60, 20
# A JPEG's values waver a little around what was put in.
_JPEG_MARGIN_PERCENT = 4
_TABLES_MAX, _TABLES = 2, threading.Lock()


class Separation:
    """One printing condition, and the most of all four inks together that it may ask for."""

    def __init__(self, condition: str, ink_limit_percent: int) -> None:
        self.condition = condition
        self.description = _NAMES[condition]
        self.profile = profile_bytes(condition)
        self._most = int(ink_limit_percent * 2.55)
        self._known: dict[tuple[Rgb, bool], Cmyk] = {}

    def colour(self, rgb: Rgb, *, is_text: bool = False) -> Cmyk:
        """Inks, 0 to 1, for sRGB channels, 0 to 1."""
        key = (rgb, is_text)
        if key not in self._known:
            self._known[key] = self._separate(rgb, is_text)
        return self._known[key]

    def picture(self, image: Image.Image) -> bytes:
        """A CMYK JPEG of ``image``; preflight need not read it again. Its values stand as Photoshop writes them, 0 is
        full ink."""
        with _TABLES:  # else threads that begin together would each make it
            table = _table(self.condition, self._most)
        inked = look_up(table, image if image.mode == "RGB" else image.convert("RGB"))
        kept = io.BytesIO()
        inked.save(kept, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        written = kept.getvalue()
        remember(written, inked)
        return written

    def _separate(self, rgb: Rgb, is_text: bool) -> Cmyk:
        red, green, blue = (round(min(1.0, max(0.0, channel)) * 255) for channel in rgb)
        lightest, darkest = max(red, green, blue), min(red, green, blue)
        if is_text and lightest <= _BLACK_MAX and lightest - darkest <= _GREY_MAX_STEP:
            return (0.0, 0.0, 0.0, round(1 - (red + green + blue) / 765 * 0.6, 4))
        limited = _limited(_inks_of(Image.new("RGB", (1, 1), (red, green, blue)), self.condition), self._most)
        cyan, magenta, yellow, black = (round(float(ink) / 255, 4) for ink in limited[0, 0])
        return cyan, magenta, yellow, black


@lru_cache(_TABLES_MAX)
def _table(condition: str, most: int) -> Table:
    """For pictures that will be JPEG."""
    return ink_table(_limited(_inks_of(known_colours(), condition), most - int(_JPEG_MARGIN_PERCENT * 2.55)))


def _inks_of(image: Image.Image, condition: str) -> Inks:
    inked = _transform(condition).apply(image)
    assert inked is not None
    return numpy.asarray(inked)


def _limited(inks: Inks, most: int) -> Inks:
    """The same inks, with cyan, magenta and yellow taken back in proportion where there is too much of all."""
    cyan, magenta, yellow, black = (inks[..., ink].astype(numpy.uint16) for ink in range(4))
    total = cyan + magenta + yellow + black
    over = total > most
    if not over.any():
        return inks
    kept = inks.astype(numpy.float32)
    coloured = kept[..., :3].sum(axis=2)
    share = numpy.where(over, (most - kept[..., 3]) / numpy.maximum(coloured, 1), 1.0)
    kept[..., :3] *= share[..., None]
    return numpy.floor(kept).astype(numpy.uint8)


def profile_bytes(condition: str) -> bytes:
    return _profile_path(condition).read_bytes()


def _profile_path(condition: str) -> Path:
    return DATA / _PROFILES[condition]


@cache
def _transform(condition: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.getOpenProfile(str(_profile_path(condition))),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
