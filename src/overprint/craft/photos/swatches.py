"""The colours in which the illustrator draws people well, by the names that people would say."""

from collections.abc import Mapping

from overprint.craft.drawing.colour import Colour, lab

SKINS: Mapping[str, Colour] = {
    "very light": "#f9e0cc",
    "light": "#f6d7bd",
    "fair": "#f2c9a5",
    "rosy": "#f0c0a0",
    "golden": "#e3b387",
    "olive": "#d6a77c",
    "tan": "#c08e63",
    "brown": "#a8714a",
    "dark brown": "#875639",
    "deep": "#6f4630",
    "very deep": "#543426",
}
HAIRS: Mapping[str, Colour] = {
    "black": "#1f1a1a",
    "very dark brown": "#2f231e",
    "dark brown": "#47301f",
    "brown": "#63432b",
    "light brown": "#866040",
    "dark blond": "#a6824f",
    "blond": "#cba562",
    "light blond": "#e2c68a",
    "auburn": "#7c3a22",
    "ginger": "#b4572a",
    "grey": "#8f8a86",
    "light grey": "#b9b5ae",
    "white": "#dedad3",
}
CLOTHES: Mapping[str, Colour] = {
    "red": "#c8452f",
    "dark red": "#8c2f2c",
    "orange": "#dd7a2b",
    "yellow": "#e9b83a",
    "cream": "#f0e2c4",
    "white": "#f3efe6",
    "light green": "#a5c58c",
    "green": "#5f8f55",
    "dark green": "#34583f",
    "turquoise": "#3fa0a0",
    "light blue": "#8fb8d8",
    "blue": "#3f6fa8",
    "dark blue": "#2f3d5e",
    "purple": "#7a5a9c",
    "pink": "#e08ba0",
    "beige": "#cdb48f",
    "brown": "#8a5a38",
    "grey": "#8f9299",
    "dark grey": "#55575e",
    "charcoal": "#44444a",
    "black": "#33303a",
}


def nearest(swatches: Mapping[str, Colour], colour: Colour, count: int = 1) -> tuple[str, ...]:
    """Names of the swatches, the nearest first. Hue counts more than lightness, which the light of a photo changes."""

    def gap(name: str) -> float:
        light, a, b = (one - other for one, other in zip(lab(swatches[name]), lab(colour), strict=True))
        return 0.36 * light**2 + a**2 + b**2

    return tuple(sorted(swatches, key=gap)[:count])
