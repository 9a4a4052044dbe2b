"""A colour that a house may wear: whether it can be read on our pages, and the same colour for the dark.

Contrast is WCAG 2.2's ratio of relative luminances; lightness moves in OKLab (Björn Ottosson, "A perceptual color space
for image processing", 2020), so that the hue stays what it was.
"""

import re
from dataclasses import dataclass

TEXT_RATIO = 4.5
"""Of words, and so of the button that carries them; graphics need 3, which this holds too."""
LIGHT = ("#ebf1f4", "#fcfefe")
DARK = ("#0d151c", "#161f28")
"""What lies under it: ``--ground`` and ``--paper`` of the style sheet."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 100

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour as ``#rrggbb`` on light pages and on dark ones."""

    light: str
    dark: str


def accent_of(colour: str) -> Accent:
    """``colour`` as it is on light pages, as light as it has to be on dark ones.

    Raises ``ValueError`` for what is no colour, or cannot be read on light pages; it names one that can.
    """
    if not _HEX.fullmatch(colour):
        raise ValueError("a colour is # and six digits, such as #0b6e4f")
    given = colour.lower()
    ratio = least_ratio(given, LIGHT)
    if ratio < TEXT_RATIO:
        near = _moved(given, LIGHT, -1)
        raise ValueError(
            f"its contrast on light pages is {ratio:.1f}:1, and words need {TEXT_RATIO}:1 (graphics 3:1); "
            f"the nearest that has it is {near}"
        )
    return Accent(given, _moved(given, DARK, 1))


def least_ratio(colour: str, grounds: tuple[str, ...]) -> float:
    """The contrast where it is worst, 1 to 21."""
    one = _luminance(colour)
    return min(_ratio(one, _luminance(ground)) for ground in grounds)


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _moved(colour: str, grounds: tuple[str, ...], towards: int) -> str:
    """The first that can be read, going to the light (1) or the dark (-1); white and black always can."""
    lightness, a, b = _lab(colour)
    end = 1.0 if towards > 0 else 0.0
    for step in range(_STEPS + 1):
        share = step / _STEPS
        moved = _hex(lightness + (end - lightness) * share, a * (1 - share), b * (1 - share))
        if least_ratio(moved, grounds) >= TEXT_RATIO:
            return moved
    raise AssertionError("neither black nor white can be read")


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _opened(red), _opened(green), _opened(blue)


def _opened(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _closed(value: float) -> int:
    value = min(1.0, max(0.0, value))
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(colour: str) -> Triple:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    )


def _hex(lightness: float, a: float, b: float) -> str:
    """The nearest colour that a screen can show."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    return "#" + "".join(f"{_closed(channel):02x}" for channel in channels)
