"""Grades: the colours of a film, changed in OKLab by a few numbers and applied to YUV frames through tables.

A table is worked out once for a clip. Lightness goes through a curve of 256 values; colour through a table over
blueness, redness and a coarse lightness, so that shadows and lights can lean to different hues. BT.709, limited range.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from overprint.core.film import AMOUNT_MAX, Grade, Look
from overprint.core.oklab import CLOSED_STRAIGHT_TO, LUMINANCE, OPENED_STRAIGHT_TO, TO_CONES, TO_LAB
from overprint.craft.editing.overlay import Plane

Values = npt.NDArray[np.float64]

_LEVELS, _STEPS = 32, 64
_RED, _GREEN, _BLUE = LUMINANCE
# What a step of redness is of red, and one of blueness of blue.
_REDNESS, _BLUENESS = 2 * (1 - _RED), 2 * (1 - _BLUE)
_GRAIN_LUMA = 1.3  # standard deviation at full amount, times ten
_GRAIN_SLACK = 64
_VIGNETTE_DARK = 0.62


@dataclass(frozen=True, slots=True)
class Recipe:
    """``contrast`` around the middle, ``lift`` raises black, ``gain`` scales white, ``chroma`` scales colour;
    ``shadows`` and ``lights`` are added to OKLab's a and b at the dark and at the bright end. ``glow``: how much of the
    blurred lights is laid over."""

    contrast: float = 1.0
    lift: float = 0.0
    gain: float = 1.0
    chroma: float = 1.0
    shadows: tuple[float, float] = (0.0, 0.0)
    lights: tuple[float, float] = (0.0, 0.0)
    glow: float = 0.0


RECIPES: Mapping[Grade, Recipe] = {
    Grade.NATURAL: Recipe(),
    Grade.WARM: Recipe(1.03, 0.0, 1.01, 1.05, (0.006, 0.010), (0.010, 0.032)),
    Grade.COOL: Recipe(1.04, 0.0, 1.0, 0.94, (-0.008, -0.028), (-0.010, -0.016)),
    Grade.GOLDEN: Recipe(1.08, 0.01, 1.03, 1.12, (0.012, 0.004), (0.022, 0.058), 0.10),
    Grade.MOONLIT: Recipe(1.06, 0.0, 0.80, 0.62, (-0.010, -0.046), (-0.016, -0.034)),
    Grade.VIVID: Recipe(1.12, -0.01, 1.02, 1.34),
    Grade.FADED: Recipe(0.82, 0.09, 0.97, 0.74, (-0.006, 0.010), (0.006, 0.014)),
    Grade.DREAM: Recipe(0.92, 0.05, 1.03, 0.96, (0.012, -0.014), (0.014, 0.006), 0.34),
    Grade.SEPIA: Recipe(1.02, 0.03, 0.98, 0.0, (0.012, 0.030), (0.014, 0.052)),
    Grade.NOIR: Recipe(1.32, -0.02, 1.03, 0.0),
}


class Grader:
    """``apply`` changes a frame in place: luma rows, then half as many of blueness and redness, as PyAV has them."""

    def __init__(self, look: Look, width_px: int, height_px: int, seed: int) -> None:
        self._height_px = height_px
        self._recipe = RECIPES[look.grade]
        is_graded = look.grade is not Grade.NATURAL
        self._curve = _curve(self._recipe) if is_graded else None
        self._colours = _colours(self._recipe) if is_graded else None
        self._shade = _shade(look.vignette, width_px, height_px) if look.vignette else None
        self._grain = _noise(look.grain, width_px, height_px, seed) if look.grain else None
        self._seed = seed

    def apply(self, planes: Plane, number: int) -> None:
        """``number`` of the frame: its grain is its own."""
        luma = planes[: self._height_px]
        if self._curve is not None and self._colours is not None:
            self._tint(planes, self._colours)
            luma[:] = cv2.LUT(luma, self._curve)
        if self._recipe.glow:
            _glow(luma, self._recipe.glow)
        if self._shade is not None:
            factor, base = self._shade
            luma[:] = cv2.add(cv2.multiply(luma, factor, scale=1 / 255), base)
        if self._grain is not None:
            self._add_grain(luma, self._grain, number)

    def _tint(self, planes: Plane, table: npt.NDArray[np.uint16]) -> None:
        width_px = planes.shape[1]
        chroma = planes[self._height_px :].reshape(2, self._height_px // 2, width_px // 2)
        luma = cv2.resize(
            planes[: self._height_px], (width_px // 2, self._height_px // 2), interpolation=cv2.INTER_AREA
        )
        place = (luma.astype(np.uint32) >> 3 << 16) | (chroma[0].astype(np.uint32) << 8) | chroma[1]
        found = table[place]
        chroma[0] = found >> 8
        chroma[1] = found & 0xFF

    def _add_grain(self, luma: Plane, noise: npt.NDArray[np.int16], number: int) -> None:
        chance = np.random.default_rng((self._seed, number))
        top, left = chance.integers(0, _GRAIN_SLACK, 2)
        rows, columns = luma.shape
        luma[:] = cv2.add(luma, noise[top : top + rows, left : left + columns], dtype=cv2.CV_8U)


def _curve(recipe: Recipe) -> Plane:
    """Of grey."""
    grey = (np.arange(256) - 16) / 219
    graded = _graded(np.stack([_linear(np.clip(grey, 0, 1))] * 3, -1), recipe)
    return np.asarray(np.rint(np.clip(16 + 219 * _luma(_gamma(graded)), 16, 235)), np.uint8)


def _colours(recipe: Recipe) -> npt.NDArray[np.uint16]:
    """Blueness and redness, a byte each, by lightness in eighths, blueness and redness. Worked out for every fourth
    value; between them it is smooth."""
    levels = (np.arange(_LEVELS) * 8 + 4 - 16) / 219
    steps = (np.arange(_STEPS) * 4 + 1.5 - 128) / 224  # where cv2.resize takes its pixels to lie
    luma, blue, red = np.meshgrid(np.clip(levels, 0, 1), steps, steps, indexing="ij")
    red_part, blue_part = luma + _REDNESS * red, luma + _BLUENESS * blue
    green_part = (luma - _RED * red_part - _BLUE * blue_part) / _GREEN
    rgb = np.clip(np.stack([red_part, green_part, blue_part], -1), 0, 1)
    changed = _gamma(_graded(_linear(rgb), recipe))
    grey = _luma(changed)
    both = np.stack([(changed[..., 2] - grey) / _BLUENESS, (changed[..., 0] - grey) / _REDNESS], -1)
    whole = [cv2.resize(level, (256, 256), interpolation=cv2.INTER_LINEAR) for level in both]
    byte = np.rint(np.clip(128 + 224 * np.stack(whole), 16, 240)).astype(np.uint16)
    return np.ascontiguousarray((byte[..., 0] << 8 | byte[..., 1]).reshape(-1))


_TO_CONES, _TO_LAB = np.array(TO_CONES), np.array(TO_LAB)
_FROM_LAB, _FROM_CONES = np.linalg.inv(_TO_LAB), np.linalg.inv(_TO_CONES)


def _graded(linear: Values, recipe: Recipe) -> Values:
    lab = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    light = np.clip((lab[..., 0] - 0.5) * recipe.contrast + 0.5, 0, 1)
    light = recipe.lift + light * (recipe.gain - recipe.lift)
    share = light[..., np.newaxis]
    # What is nearly black or white keeps no hue: there is no room for it.
    room = np.clip(np.minimum(share, 1.02 - share) * 4, 0, 1)
    colour = lab[..., 1:] * recipe.chroma
    colour = colour + room * (np.array(recipe.shadows) * (1 - share) + np.array(recipe.lights) * share)
    cones = np.concatenate([share, colour], -1) @ _FROM_LAB.T
    return np.asarray(cones**3 @ _FROM_CONES.T)


def _linear(values: Values) -> Values:
    return np.asarray(np.where(values <= OPENED_STRAIGHT_TO, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def _gamma(values: Values) -> Values:
    kept = np.clip(values, 0, 1)
    return np.asarray(np.where(kept <= CLOSED_STRAIGHT_TO, kept * 12.92, 1.055 * kept ** (1 / 2.4) - 0.055))


def _luma(rgb: Values) -> Values:
    return np.asarray(rgb @ np.array(LUMINANCE))


def _glow(luma: Plane, share: float) -> None:
    rows, columns = luma.shape
    small = cv2.resize(luma, (max(2, columns // 8), max(2, rows // 8)), interpolation=cv2.INTER_AREA)
    lights = cv2.subtract(small, np.full_like(small, 110))
    soft = cv2.resize(cv2.GaussianBlur(lights, (0, 0), max(1.0, rows / 180)), (columns, rows))
    luma[:] = np.minimum(cv2.addWeighted(luma, 1.0, soft, share, 0), 235)


def _shade(amount: int, width_px: int, height_px: int) -> tuple[Plane, Plane]:
    """A factor (of 255) for every place, and what keeps black black."""
    down, across = np.ogrid[-1 : 1 : height_px * 1j, -1 : 1 : width_px * 1j]
    distance = np.sqrt((across**2 + down**2) / 2)
    dark = np.clip((distance - 0.35) / 0.65, 0, 1) ** 2 * (_VIGNETTE_DARK * amount / AMOUNT_MAX)
    factor = np.rint(255 * (1 - dark))
    return factor.astype(np.uint8), np.rint(16 * (1 - factor / 255)).astype(np.uint8)


def _noise(amount: int, width_px: int, height_px: int, seed: int) -> npt.NDArray[np.int16]:
    chance = np.random.default_rng(seed)
    noise = chance.standard_normal((height_px + _GRAIN_SLACK, width_px + _GRAIN_SLACK), np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), max(0.5, height_px / 1080))  # grain has a size
    return np.asarray(np.rint(soft / soft.std() * (_GRAIN_LUMA * amount)), np.int16)
