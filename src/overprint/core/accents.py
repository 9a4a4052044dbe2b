"""A colour that a house may wear: whether it can be read on our pages, and the same colour for the dark.

Contrast is WCAG 2.2's ratio of relative luminances; lightness moves in OKLab, so that the hue stays what it was.
"""

import re
from dataclasses import dataclass

from overprint.core.oklab import components, contrast, from_oklab, hexed, luminance, to_oklab

TEXT_RATIO = 4.5
"""Of words, and so of the button that carries them; graphics need 3, which this holds too."""
LIGHT = ("#ebf1f4", "#fcfefe")
DARK = ("#0d151c", "#161f28")
"""What lies under it: ``--ground`` and ``--paper`` of the style sheet."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 100


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
    one = luminance(components(colour))
    return min(contrast(one, luminance(components(ground))) for ground in grounds)


def _moved(colour: str, grounds: tuple[str, ...], towards: int) -> str:
    """The first that can be read, going to the light (1) or the dark (-1); white and black always can."""
    lightness, a, b = to_oklab(components(colour))
    end = 1.0 if towards > 0 else 0.0
    for step in range(_STEPS + 1):
        share = step / _STEPS
        moved = hexed(from_oklab((lightness + (end - lightness) * share, a * (1 - share), b * (1 - share))))
        if least_ratio(moved, grounds) >= TEXT_RATIO:
            return moved
    raise AssertionError("neither black nor white can be read")
