"""Colours in words: a model that paints from words knows "rust orange" better than ``#b5532a``."""

import re
from functools import cache

from overprint.core.oklab import Triple, components, to_oklab

_HEX = re.compile(r"#[0-9a-fA-F]{6}")

# Names that image models know, spread over OKLab so that every colour has one near it.
_NAMES = {
    "black": "#141414",
    "charcoal": "#36363a",
    "slate grey": "#66707a",
    "grey": "#8c8c8c",
    "silver grey": "#bcc0c4",
    "white": "#fafafa",
    "ivory": "#fbf3dc",
    "cream": "#f4e3bd",
    "beige": "#dcc7a1",
    "pale peach": "#f8d7bf",
    "peach": "#f2b48c",
    "tan": "#c89b6c",
    "warm brown": "#8d5a34",
    "chestnut brown": "#6f3b22",
    "dark brown": "#402718",
    "near-black brown": "#241813",
    "rust orange": "#b8532a",
    "fox orange": "#d9722c",
    "orange": "#f28c28",
    "amber": "#f2b136",
    "golden yellow": "#f2cb4a",
    "pale yellow": "#f9ecA0",
    "olive green": "#78803a",
    "lime green": "#a6c94a",
    "leaf green": "#4f9a4a",
    "forest green": "#27583a",
    "mint green": "#a9dcc0",
    "teal": "#2a8a88",
    "turquoise": "#4cc3c4",
    "pale blue": "#bcdcf0",
    "sky blue": "#6fb3e6",
    "royal blue": "#3763c4",
    "denim blue": "#49688f",
    "navy blue": "#1f2c56",
    "violet": "#7a55b8",
    "lavender": "#c4b1e4",
    "plum purple": "#6a2f63",
    "magenta": "#c43a8e",
    "pink": "#f09ab8",
    "pale pink": "#f8d3dc",
    "coral": "#f0705c",
    "red": "#cf2f2f",
    "crimson": "#9c1f36",
    "maroon": "#5c1a22",
}


def colour_word(colour: str) -> str:
    """``#b5532a`` as "rust orange (#b5532a)". What is no ``#rrggbb`` is given back as it is."""
    if not _HEX.fullmatch(colour):
        return " ".join(colour.split())[:40]
    wanted = _oklab(colour)
    name = min(_NAMES, key=lambda word: _distance(_oklab(_NAMES[word]), wanted))
    return f"{name} ({colour.lower()})"


def _distance(one: Triple, other: Triple) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


@cache
def _oklab(colour: str) -> Triple:
    return to_oklab(components(colour))
