"""What stands before a light keeps it from us: the shapes of nearer sprites, softly cut out of it.

They are cut out where they are at rest. Soft as light is, nobody sees that by some pixels they have moved since.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from overprint.craft.motion.forms import Floats
from overprint.craft.motion.glimmers import Glimmer
from overprint.craft.motion.sprites import Sprite

_SOFT_PX = 3.0
_DARK = 0.08
"""Of which less is left anywhere, that light is not worth its while."""


def shaded(sprites: Sequence[Sprite]) -> list[Sprite]:
    """Sprites far to near, without what is hidden of their lights. Those who go are not where they were drawn: they
    hide nothing, and their own light is not hidden."""
    made = []
    for number, sprite in enumerate(sprites):
        nearer = [other for other in sprites[number + 1 :] if not other.paces]
        if sprite.lights and not sprite.paces:
            left = (_behind(light, nearer) if light.tint else light for light in sprite.lights)
            sprite = replace(sprite, lights=tuple(light for light in left if light is not None))
        made.append(sprite)
    return made


def _behind(light: Glimmer, nearer: Sequence[Sprite]) -> Glimmer | None:
    seen = np.ones(light.pixels.shape, np.float32)
    for sprite in nearer:
        cover = _cover(sprite, light)
        if cover is not None:
            seen *= 1 - cover
    if float(seen.max()) < _DARK:
        return None
    if float(seen.min()) > 1 - _DARK:
        return light
    soft = cv2.GaussianBlur(seen, (0, 0), _SOFT_PX * light.enlarged)
    return replace(light, pixels=np.rint(light.pixels * np.minimum(seen, soft)).astype(np.uint8))


def _cover(sprite: Sprite, light: Glimmer) -> Floats | None:
    """How much of each pixel of the light a sprite covers, 0 to 1; ``None`` where they are apart."""
    height, width = light.pixels.shape
    times = sprite.enlarged / light.enlarged
    left, top = light.left * times - sprite.left, light.top * times - sprite.top
    rows, columns = sprite.pixels.shape[:2]
    if left >= columns or top >= rows or left + width * times <= 0 or top + height * times <= 0:
        return None
    x, y = max(0, int(left) - 2), max(0, int(top) - 2)
    part = sprite.pixels[y : int(top + height * times) + 3, x : int(left + width * times) + 3, 3]
    if not part.any():
        return None
    way = np.array([[times, 0, left - x + (times - 1) / 2], [0, times, top - y + (times - 1) / 2]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(np.ascontiguousarray(part), way, (width, height), flags=flags)
    return np.asarray(seen, np.float32) / np.float32(255)
