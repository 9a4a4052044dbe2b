"""Colours are ``#rrggbb`` strings everywhere; they are mixed in OKLab, which keeps gradients clean.

Conversion: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

import re
from functools import lru_cache

Colour = str
Lab = tuple[float, float, float]

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


def known_colour(text: str | None, otherwise: Colour) -> Colour:
    """``text`` when it is a colour, else ``otherwise``: sheets may come from a model's answer."""
    return text.lower() if text is not None and _HEX.match(text) else otherwise


@lru_cache(maxsize=8192)
def rgb(colour: Colour) -> tuple[float, float, float]:
    """sRGB components, 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


@lru_cache(maxsize=8192)
def lab(colour: Colour) -> Lab:
    r, g, b = (_linear(value) for value in rgb(colour))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    )


def from_lab(lightness: float, a: float, b: float) -> Colour:
    """The nearest colour that a screen can show."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return _hex(
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
    )


@lru_cache(maxsize=8192)
def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``share`` 0 is ``first``, 1 is ``second``."""
    one, two = lab(first), lab(second)
    return from_lab(*(x + (y - x) * share for x, y in zip(one, two, strict=True)))


@lru_cache(maxsize=8192)
def shade(colour: Colour, step: float) -> Colour:
    """Darker (``step`` below 0) or lighter, by OKLab lightness."""
    lightness, a, b = lab(colour)
    return from_lab(min(1.0, max(0.0, lightness + step)), a, b)


@lru_cache(maxsize=8192)
def vivid(colour: Colour, factor: float) -> Colour:
    """More (above 1) or less colourful."""
    lightness, a, b = lab(colour)
    return from_lab(lightness, a * factor, b * factor)


def lightness(colour: Colour) -> float:
    """0 black to 1 white, as the eye sees it."""
    return lab(colour)[0]


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _hex(r: float, g: float, b: float) -> Colour:
    return f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"
