"""Colours are ``#rrggbb`` strings everywhere; they are mixed in OKLab, which keeps gradients clean."""

import re
from functools import lru_cache

from overprint.core.oklab import Triple, components, from_oklab, hexed, to_oklab

Colour = str
Lab = Triple

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


def known_colour(text: str | None, otherwise: Colour) -> Colour:
    """``text`` when it is a colour, else ``otherwise``: sheets may come from a model's answer."""
    return text.lower() if text is not None and _HEX.match(text) else otherwise


@lru_cache(maxsize=8192)
def rgb(colour: Colour) -> Triple:
    """sRGB components, 0 to 1."""
    return components(colour)


@lru_cache(maxsize=8192)
def lab(colour: Colour) -> Lab:
    return to_oklab(rgb(colour))


def from_lab(lightness: float, a: float, b: float) -> Colour:
    """The nearest colour that a screen can show."""
    return hexed(from_oklab((lightness, a, b)))


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
