"""What a shot shows, as sprites far to near: the layers of a scene, or the slices of a picture that has none."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from overprint.core.problems import Invalid
from overprint.core.story import Style
from overprint.craft.drawing.drawing import Drawing, draw
from overprint.craft.drawing.raster import Lens
from overprint.craft.motion.child import LAYERED, ClipOrder
from overprint.craft.motion.moves import DEEPEST, NEAREST, Path, beyond_frame, placed
from overprint.craft.motion.sprites import Sprite, known_layers, paces_of, slices_of, sprites_of
from overprint.craft.motion.walking import PACES, walk_of
from overprint.craft.relief import GROUND_DEPTH, HORIZON_DEPTH, known_slices, parted

Values = TypeVar("Values", npt.NDArray[np.uint8], npt.NDArray[np.float32])
_UNPAINTED = {Style.WATERCOLOUR: 42.0}
"""How wide the bare paper around a painting is, world units."""
_ENLARGED_MAX = 1.35
_ENLARGED_FRAME_MAX_PX = 2_100_000
_WORTH_IT = 1.03


def is_layered(shot: ClipOrder, picture: bytes) -> bool:
    """Whether the scene is drawn anew, in its layers, in place of a picture: only then does it rain in it."""
    return not picture and shot.style in LAYERED


def staged(shot: ClipOrder, picture: bytes, path: Path) -> tuple[Lens, list[Sprite]]:
    """The view, and what is in it. Raises ``Invalid`` where there is no picture and one is needed."""
    if not is_layered(shot, picture):
        return _over_a_picture(shot, picture, path)
    open_eyed, shut_eyed = (_drawing(shot, blinks=blinks) for blinks in (False, True))
    near = partial(_enlarged, shot, path)
    return open_eyed.view, _going(shot, sprites_of(open_eyed, shut_eyed, near), near)


def _going(shot: ClipOrder, sprites: list[Sprite], near: Callable[[float], float]) -> list[Sprite]:
    """With the steps of those who go somewhere. Where nothing stirs by itself, nobody does."""
    gaits = {sprite.name: sprite.gait for sprite in sprites if sprite.gait is not None}
    going = {name for name, gait in gaits.items() if shot.liveliness and walk_of(gait, shot.seconds)}
    if not going:
        return sprites
    poses = [paces_of(_drawing(shot, stride=n / PACES), going, near) for n in range(PACES)]
    return [
        replace(sprite, paces=tuple(pose[sprite.name] for pose in poses)) if sprite.name in going else sprite
        for sprite in sprites
    ]


def _enlarged(shot: ClipOrder, path: Path, depth: float) -> float:
    """How much larger than the frame needs it a layer is drawn, so that it stays sharp when the camera goes near."""
    if shot.width_px * shot.height_px > _ENLARGED_FRAME_MAX_PX:
        return 1.0
    scales = [placed(eye, depth).scale for eye in path.looked_at()]
    wanted = math.sqrt(min(scales) * max(scales))
    return min(_ENLARGED_MAX, wanted) if wanted > _WORTH_IT else 1.0


def _over_a_picture(shot: ClipOrder, picture: bytes, path: Path) -> tuple[Lens, list[Sprite]]:
    """A flat picture, larger than the frame by what the camera will see beyond it, in as many slices as it has."""
    if not picture:
        raise Invalid(f"{shot.style} pictures do not come in layers.", "Give the picture itself.")
    found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise Invalid("This picture cannot be read.", "Use a JPEG, PNG or WebP file.")
    scale = min(shot.width_px, shot.height_px) / 1000
    depths = (DEEPEST, NEAREST) if shot.is_drawn else (HORIZON_DEPTH, GROUND_DEPTH)
    beyond = beyond_frame(path, shot.width_px / scale, shot.height_px / scale, depths)
    across, down = (math.ceil(world * scale) + 1 for world in beyond)
    size = shot.width_px + 2 * across, shot.height_px + 2 * down
    edge = _UNPAINTED.get(shot.style, 0.0) if shot.is_drawn else 0.0
    wide = _covering(_without_edge(np.asarray(found, np.uint8), edge), *size)
    if shot.is_drawn:
        layers = [replace(layer, cover=_without_edge(layer.cover, edge)) for layer in known_layers(_drawing(shot))]
        slices = known_slices(wide, [replace(layer, cover=_covering(layer.cover, *size)) for layer in layers])
    else:
        slices = parted(wide)
    return Lens(shot.width_px, shot.height_px, scale, 0.0, 0.0), slices_of(slices, shot.height_px, (across, down))


def _drawing(shot: ClipOrder, *, blinks: bool = False, stride: float | None = None) -> Drawing:
    return draw(
        shot.scene,
        shot.sheets,
        style=shot.style,
        width_px=shot.width_px,
        height_px=shot.height_px,
        seed=shot.seed,
        blinks=blinks,
        stride=stride,
    )


def _without_edge(picture: Values, edge: float) -> Values:
    """``edge`` in world units."""
    height, width = picture.shape[:2]
    off = round(edge * min(height, width) / 1000)
    return picture[off : height - off, off : width - off]


def _covering(picture: Values, width_px: int, height_px: int) -> Values:
    """The middle of a picture, as much of it as has this shape, and of this size."""
    picture = _trimmed(picture, width_px / height_px)
    scale = max(width_px / picture.shape[1], height_px / picture.shape[0])
    size = max(width_px, round(picture.shape[1] * scale)), max(height_px, round(picture.shape[0] * scale))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_LANCZOS4 if scale > 1 else cv2.INTER_AREA)
    left, top = (size[0] - width_px) // 2, (size[1] - height_px) // 2
    return np.ascontiguousarray(large[top : top + height_px, left : left + width_px], picture.dtype)


def _trimmed(picture: Values, shape: float) -> Values:
    """No more than twice what is wanted of a strip: made large as a whole, it would be more than memory holds."""
    height, width = picture.shape[:2]
    wide, tall = min(width, math.ceil(2 * height * shape)), min(height, math.ceil(2 * width / shape))
    left, top = (width - wide) // 2, (height - tall) // 2
    return picture[top : top + tall, left : left + wide]
