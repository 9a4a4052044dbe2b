"""Colours of many pixels at once: OKLab arrays, a careful white balance, and medians that shadows do not move."""

import numpy as np
import numpy.typing as npt

from overprint.core.oklab import OPENED_STRAIGHT_TO, TO_CONES, TO_LAB
from overprint.craft.drawing.colour import Colour, Lab, from_lab
from overprint.craft.photos.opening import Picture

Labs = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_GAIN_MOST = 1.15
_PIXELS_MAX = 40_000
_TO_CONES, _TO_LAB = np.array(TO_CONES, np.float32), np.array(TO_LAB, np.float32)
_LEVELS = np.arange(256, dtype=np.float32) / np.float32(255)
_CURVED = ((_LEVELS + 0.055) / 1.055) ** 2.4
_LINEAR = np.where(_LEVELS <= OPENED_STRAIGHT_TO, _LEVELS / 12.92, _CURVED).astype(np.float32)


def labs(pixels: Picture) -> Labs:
    """OKLab of blue-first sRGB pixels, in the same shape."""
    cones = _LINEAR[pixels[..., ::-1]] @ _TO_CONES.T
    return np.asarray(np.cbrt(cones) @ _TO_LAB.T, np.float32)


def balanced(picture: Picture) -> Picture:
    """Half of the cast that the light gave is taken away, and never much: a coloured wall must not tint a face.

    The light is estimated as shades of grey (Finlayson and Trezzi, 2004; norm 6) over pixels that are not clipped.
    """
    small = picture[:: max(1, picture.shape[0] // 200), :: max(1, picture.shape[1] // 200)].reshape(-1, 3)
    usable = small[(small.max(axis=1) < 250) & (small.max(axis=1) > 20)]
    if len(usable) < 100:
        return picture
    linear = _LINEAR[usable].astype(np.float64)
    light = np.power(np.power(linear, 6).mean(axis=0), 1 / 6)
    gains = np.clip(np.sqrt(light[1] / np.maximum(light, 1e-4)), 1 / _GAIN_MOST, _GAIN_MOST)
    steps = np.arange(256, dtype=np.float64)[:, None] / 255
    table = np.clip(np.power(steps, 1.0) * np.power(gains, 1 / 2.2)[None, :] * 255 + 0.5, 0, 255).astype(np.uint8)
    return np.stack([table[picture[..., channel], channel] for channel in range(3)], axis=-1)


def middle(tones: Labs, low: float, high: float) -> Lab:
    """The median of the pixels whose lightness lies between two percentiles. ``tones`` is not empty."""
    light = tones[:, 0]
    bottom, top = np.percentile(light, (low, high))
    chosen = tones[(light >= bottom) & (light <= top)]
    lightness, a, b = (float(value) for value in np.median(chosen, axis=0))
    return lightness, a, b


def thinned(tones: Labs) -> Labs:
    """At most some ten thousand of them, evenly taken: enough for a median."""
    return tones[:: max(1, len(tones) // _PIXELS_MAX)]


def hexed(tone: Lab) -> Colour:
    return from_lab(*tone)


def distance(one: Lab, two: Lab) -> float:
    """In OKLab; 0.02 can just be seen, 0.1 is another colour."""
    return float(np.linalg.norm(np.subtract(one, two)))
