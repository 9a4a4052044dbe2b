"""What a shot shows, as sprites far to near: the layers of a scene, or the slices of a picture that has none."""

import math
from collections.abc import Collection
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
from overprint.craft.drawing.rng import Dice
from overprint.craft.motion.child import LAYERED, ClipOrder
from overprint.craft.motion.glimmers import Lighting
from overprint.craft.motion.idle import is_blinking
from overprint.craft.motion.moves import DEEPEST, NEAREST, Path, beyond_frame, placed
from overprint.craft.motion.painting import lit_slices, struck
from overprint.craft.motion.shading import shaded
from overprint.craft.motion.sprites import Sprite, known_layers, pace_of, slices_of, sprites_of
from overprint.craft.motion.storm import is_stormy
from overprint.craft.motion.walking import PACES, Walk, walk_of
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
    drawing = _drawing(shot)
    lighting = Lighting(drawing.layers, shot, drawing.view)
    sprites = _apart(shot, sprites_of(drawing, lighting, partial(_enlarged, shot, path)))
    if is_stormy(shot.scene) and any(layer.name == "rain" for layer in drawing.layers):
        sprites = struck(sprites, shot, drawing.view)
    return drawing.view, shaded(_going(shot, drawing, lighting, sprites))


def _apart(shot: ClipOrder, sprites: list[Sprite]) -> list[Sprite]:
    dice = Dice("idle", shot.seed)
    return [replace(sprite, phase=dice.between(0, 1)) for sprite in sprites]


def _going(shot: ClipOrder, drawing: Drawing, lighting: Lighting, sprites: list[Sprite]) -> list[Sprite]:
    """With the steps of those who go somewhere. Where nothing stirs by itself, nobody does."""
    walks = {
        number: walk
        for number, sprite in enumerate(sprites)
        if sprite.gait and shot.liveliness and (walk := walk_of(sprite.gait, shot.seconds))
    }
    if not walks:
        return sprites
    blinking = {number: _blinking(shot, walk, sprites[number].phase) for number, walk in walks.items()}
    paces: dict[int, list[Sprite]] = {number: [] for number in walks}
    for pace in range(PACES):
        open_eyed = drawing.again(stride=pace / PACES)
        shuts = any(pace in shut for shut in blinking.values())
        shut_eyed = drawing.again(stride=pace / PACES, blinks=True) if shuts else None
        for number, made in paces.items():
            blinks = shut_eyed if pace in blinking[number] else None
            made.append(pace_of(open_eyed, sprites[number], lighting, blinks=blinks))
    return [replace(sprite, paces=tuple(paces.get(number, ()))) for number, sprite in enumerate(sprites)]


def _blinking(shot: ClipOrder, walk: Walk, phase: float) -> Collection[int]:
    """The paces in which somebody is seen with shut eyes: no others are drawn so."""
    moments = (number / shot.fps for number in range(shot.frames))
    return {walk.at(seconds)[0] for seconds in moments if is_blinking(seconds, phase)}


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

    def seen(whole: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        return _covering(_without_edge(whole, edge), *size)

    wide = seen(np.asarray(found, np.uint8))
    view = Lens(shot.width_px, shot.height_px, scale, 0.0, 0.0)
    if not shot.is_drawn:
        return view, _apart(shot, slices_of(parted(wide), shot.height_px, (across, down)))
    drawing = _drawing(shot)
    layers = [replace(layer, cover=seen(layer.cover)) for layer in known_layers(drawing)]
    slices = known_slices(wide, layers, lambda place: seen(drawing.painted(place)))
    seen_by = _seen_by(drawing.view, edge, size, (across, down))
    sprites = _apart(shot, slices_of(slices, shot.height_px, (across, down)))
    return view, shaded(lit_slices(sprites, drawing, shot, seen_by))


def _seen_by(view: Lens, edge: float, size: tuple[int, int], beyond: tuple[int, int]) -> Lens:
    """How a drawing is seen in a frame that its picture, without its edge, reaches ``beyond``."""
    off = round(edge * min(view.width_px, view.height_px) / 1000)
    plain = view.width_px - 2 * off, view.height_px - 2 * off
    times = max(size[0] / plain[0], size[1] / plain[1])
    left, top = (
        off * times + (round(side * times) - whole) // 2 + more
        for side, whole, more in zip(plain, size, beyond, strict=True)
    )
    scale = view.scale * times
    return Lens(view.width_px, view.height_px, scale, view.x0 + left / scale, view.y0 + top / scale)


def _drawing(shot: ClipOrder) -> Drawing:
    return draw(
        shot.scene,
        shot.sheets,
        style=shot.style,
        width_px=shot.width_px,
        height_px=shot.height_px,
        seed=shot.seed,
        facing=shot.facing,
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
