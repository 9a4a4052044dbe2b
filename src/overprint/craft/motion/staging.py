"""What a shot shows, as sprites far to near: the layers of a scene, or a picture that has none."""

import math

import cv2
import numpy as np

from overprint.core.problems import Invalid
from overprint.craft.drawing.drawing import draw
from overprint.craft.drawing.raster import Lens
from overprint.craft.motion.child import LAYERED, ClipOrder
from overprint.craft.motion.moves import OVERSCAN, Path, placed
from overprint.craft.motion.sprites import Sprite, sprites_of, still

_ENLARGED_MAX = 1.35
_ENLARGED_FRAME_MAX_PX = 2_100_000
_WORTH_IT = 1.03


def staged(shot: ClipOrder, picture: bytes, path: Path) -> tuple[Lens, list[Sprite]]:
    """The view, and what is in it. Raises ``Invalid`` where there is no picture and one is needed."""
    if picture or shot.style not in LAYERED:
        return _over_a_picture(shot, picture)
    open_eyed, shut_eyed = (
        draw(
            shot.scene,
            shot.sheets,
            style=shot.style,
            width_px=shot.width_px,
            height_px=shot.height_px,
            seed=shot.seed,
            blinks=blinks,
        )
        for blinks in (False, True)
    )
    return open_eyed.view, sprites_of(open_eyed, shut_eyed, lambda depth: _enlarged(shot, path, depth))


def _enlarged(shot: ClipOrder, path: Path, depth: float) -> float:
    """How much larger than the frame needs it a layer is drawn, so that it stays sharp when the camera goes near."""
    if shot.width_px * shot.height_px > _ENLARGED_FRAME_MAX_PX:
        return 1.0
    scales = [placed(eye, depth).scale for eye in path.looked_at()]
    wanted = math.sqrt(min(scales) * max(scales))
    return min(_ENLARGED_MAX, wanted) if wanted > _WORTH_IT else 1.0


def _over_a_picture(shot: ClipOrder, picture: bytes) -> tuple[Lens, list[Sprite]]:
    """A flat picture, larger than the frame by what the camera may see beyond it."""
    if not picture:
        raise Invalid(f"{shot.style} pictures do not come in layers.", "Give the picture itself.")
    found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise Invalid("This picture cannot be read.", "Use a JPEG, PNG or WebP file.")
    scale = min(shot.width_px, shot.height_px) / 1000
    more = int(OVERSCAN * scale)
    wide = cv2.resize(found, (shot.width_px + 2 * more, shot.height_px + 2 * more), interpolation=cv2.INTER_LANCZOS4)
    sprite = still(np.asarray(cv2.cvtColor(wide, cv2.COLOR_BGR2BGRA), np.uint8), more)
    return Lens(shot.width_px, shot.height_px, scale, 0.0, 0.0), [sprite]
