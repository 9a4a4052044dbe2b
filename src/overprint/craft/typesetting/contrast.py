"""Which colour text gets on a picture, and what must lie between them so that it can be read.

Contrast is WCAG 2.2's ratio of relative luminances. ``AIM`` is above the 4.5 that is promised, because
rendering rounds and sharpens.
"""

from dataclasses import dataclass

from overprint.core.oklab import LUMINANCE, contrast, opened

Colour = tuple[int, int, int]

PROMISE = 4.5
AIM = 5.2
INK: Colour = (29, 26, 22)
CREAM: Colour = (255, 250, 240)
PAPER: Colour = (251, 246, 234)

# Mean luminance below which a picture counts as dark, and how much thinner a shade against its light must be: by night
# and by day; at dusk the thinner one is taken.
_DUSK, _MUCH = 0.3, 0.35


@dataclass(frozen=True, slots=True)
class Tones:
    """A part of a picture in numbers. ``darkest`` and ``brightest`` bound every channel."""

    darkest: Colour
    brightest: Colour
    mean: Colour


@dataclass(frozen=True, slots=True)
class Veil:
    """Text colour and what lies behind it."""

    ink: Colour
    colour: Colour
    alpha: float


_LINEAR = tuple(opened(channel / 255) for channel in range(256))


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    red, green, blue = colour
    return LUMINANCE[0] * _LINEAR[red] + LUMINANCE[1] * _LINEAR[green] + LUMINANCE[2] * _LINEAR[blue]


def ratio(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21."""
    return contrast(luminance(one), luminance(other))


def mix(over: Colour, under: Colour, alpha: float) -> Colour:
    """``over`` painted on ``under``, in sRGB as PDF viewers do it."""
    rest = 1 - alpha
    return (
        round(over[0] * alpha + under[0] * rest),
        round(over[1] * alpha + under[1] * rest),
        round(over[2] * alpha + under[2] * rest),
    )


def worst(veil: Veil, tones: Tones) -> float:
    """The lowest contrast anywhere in the region under ``veil``."""
    return min(ratio(veil.ink, mix(veil.colour, seen, veil.alpha)) for seen in (tones.darkest, tones.brightest))


def veil_for(tones: Tones) -> Veil:
    """The lightest shade, or none, by which words can be read everywhere.

    A night stays a night: the shade follows the picture's own light, even where the other would be thinner.
    """
    dark = _shade(CREAM, mix((8, 8, 16), tones.mean, 0.82), tones)
    light = _shade(INK, mix(CREAM, tones.mean, 0.86), tones)
    seen = luminance(tones.mean)
    natural, other = (dark, light) if seen < _DUSK else (light, dark)
    much = _MUCH * min(1.0, abs(seen - _DUSK) / _DUSK)
    return other if other.alpha < natural.alpha - much else natural


def readable(colour: Colour, ground: Colour, aim: float = AIM) -> Colour:
    """``colour``, moved towards black (or white, on a dark ground) until it can be read on ``ground``."""
    end: Colour = (0, 0, 0) if luminance(ground) > 0.18 else (255, 255, 255)
    for step in range(21):
        moved = mix(end, colour, step / 20)
        if ratio(moved, ground) >= aim:
            return moved
    return end


def _shade(ink: Colour, colour: Colour, tones: Tones) -> Veil:
    """With the least alpha, in steps of 0.02, that reaches ``AIM``; fully opaque when none does."""
    light = luminance(ink)
    for step in range(51):
        alpha = step / 50
        grounds = (mix(colour, seen, alpha) for seen in (tones.darkest, tones.brightest))
        if all(contrast(light, luminance(ground)) >= AIM for ground in grounds):
            return Veil(ink, colour, alpha)
    return Veil(ink, colour, 1.0)
