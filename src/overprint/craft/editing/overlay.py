"""Laying a picture over frames of planar YUV 4:2:0, BT.709, limited range. Only the part under it is touched."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from overprint.core.oklab import LUMINANCE
from overprint.craft.drawing.styles.bands import share
from overprint.craft.editing.lettering import Lettered
from overprint.craft.motion.forms import BLACK, GREY

Plane = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float32]

_RED, _GREEN, _BLUE = (np.float32(part) for part in LUMINANCE)
_SHARPENED = 0.35


@dataclass(frozen=True, slots=True)
class Veil:
    """A picture as premultiplied planes, each with how much of what is below shows through."""

    luma: Values
    luma_clear: Values
    blueness: Values
    redness: Values
    chroma_clear: Values
    left: int
    top: int


def veil_of(lettering: Lettered) -> Veil:
    blue, green, red, cover = (share(lettering.pixels[:, :, n]) for n in range(4))
    grey: Values = _RED * red + _GREEN * green + _BLUE * blue
    luma: Values = BLACK * cover + 219 * grey
    chroma_cover = _halved(cover)
    blueness: Values = GREY * chroma_cover + np.float32(112 / (1 - _BLUE)) * _halved(blue - grey)
    redness: Values = GREY * chroma_cover + np.float32(112 / (1 - _RED)) * _halved(red - grey)
    return Veil(luma, 1 - cover, blueness, redness, 1 - chroma_cover, lettering.left, lettering.top)


def lay(planes: Plane, height_px: int, veil: Veil, strength: float = 1.0) -> None:
    """Onto ``planes`` as PyAV has them: luma rows, then those of blueness and redness, each row half as long."""
    rows, columns = veil.luma.shape
    width_px = planes.shape[1]
    _blend(planes[veil.top : veil.top + rows, veil.left : veil.left + columns], veil.luma, veil.luma_clear, strength)
    chroma = planes[height_px:].reshape(2, height_px // 2, width_px // 2)
    top, left = veil.top // 2, veil.left // 2
    for plane, values in zip(chroma, (veil.blueness, veil.redness), strict=True):
        _blend(plane[top : top + rows // 2, left : left + columns // 2], values, veil.chroma_clear, strength)


def fade(planes: Plane, height_px: int, light: float, rest: float = BLACK) -> None:
    """Towards black, or another grey; ``light`` 1 leaves everything as it is."""
    for part, end in ((planes[:height_px], rest), (planes[height_px:], GREY)):
        part[:] = cv2.convertScaleAbs(part, alpha=light, beta=end * (1 - light))


def enlarged(planes: Plane, filmed_px: tuple[int, int], size_px: tuple[int, int]) -> Plane:
    """Smoothly, and sharpened a little: what is made of few pixels has no fine detail."""
    filmed_width, filmed_height = filmed_px
    width, height = size_px
    luma = cv2.resize(planes[:filmed_height], size_px, interpolation=cv2.INTER_CUBIC)
    luma = cv2.addWeighted(luma, 1 + _SHARPENED, cv2.GaussianBlur(luma, (0, 0), height / filmed_height), -_SHARPENED, 0)
    halves = planes[filmed_height:].reshape(2, filmed_height // 2, filmed_width // 2)
    chroma = [cv2.resize(half, (width // 2, height // 2), interpolation=cv2.INTER_LINEAR) for half in halves]
    return np.concatenate([np.clip(luma, 16, 235), *(half.reshape(-1, width) for half in chroma)])


def _blend(part: Plane, values: Values, clear: Values, strength: float) -> None:
    covered = values + part * clear
    part[:] = np.rint(covered if strength >= 1 else part + (covered - part) * np.float32(strength))


def _halved(values: Values) -> Values:
    return np.asarray(cv2.resize(values, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
