"""Clips across a process boundary, for the compute port: an order as bytes in, a clip as a file in a folder.

What the work needs is imported when it runs, which is in a child process: importing this module loads no encoder.
"""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from overprint.core.codec import decode, encode
from overprint.core.film import LIVELINESS, Move
from overprint.core.motion import Curves
from overprint.core.problems import Invalid
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Style
from overprint.craft.framing import pack, unpack

CLIP_MEMORY_BYTES = 1_000_000_000
CLIP = "clip.mp4"
FRAMES_MAX = 60 * 180
LAYERED = frozenset({Style.STORYBOOK, Style.FLAT})
"""Styles that are still themselves when their layers are drawn apart; others are one picture by nature, and parted."""
_TOLD_EVERY = 10
_SHORT_PX = 900 * 1920 * 1080
"""Of all frames. Up to so many a clip is encoded as quickly as can be; a longer one must not get too large to keep."""


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """What a clip is made of, but for the picture that it may move over. ``liveliness``: how much stirs by
    itself; ``curves``: how the camera and those who are seen move besides. ``is_drawn``: the picture is of this very
    scene, by our own illustrator, with this seed and at this size."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    move: Move
    width_px: int
    height_px: int
    fps: int
    frames: int
    seed: int
    liveliness: int = LIVELINESS
    curves: Curves | None = None
    is_drawn: bool = False

    @property
    def facing(self) -> int:
        return self.curves.facing if self.curves and self.style in LAYERED else 0

    @property
    def seconds(self) -> float:
        return self.frames / self.fps


def clip_order(order: ClipOrder, picture: bytes) -> bytes:
    """What :func:`film_clip` takes. ``picture``: an encoded flat one to move over; none where the scene is to be drawn
    in layers."""
    return pack({"order": encode(order)}, {"picture": picture})


def clip_timeout_seconds(order: ClipOrder) -> float:
    """Ample: a second for a frame of 1080p, which takes a twentieth of that on a slow machine, and two minutes to draw
    the layers and to compile what lays them, which the first clip of a machine does."""
    return 120.0 + order.frames * order.width_px * order.height_px / 2_000_000


def film_clip(payload: bytes, folder: Path) -> Generator[int, None, bytes]:
    """Leaves ``CLIP`` in the folder, an MP4 file without sound; yields how many frames are done. Raises ``Invalid``."""
    from overprint.craft.motion.encoder import BETWEEN_STEPS, FLEETING, film_writer
    from overprint.craft.motion.frames import laid_on

    try:
        header, blobs = unpack(payload)
        order, picture = decode(ClipOrder, header["order"]), blobs["picture"]
    except (KeyError, json.JSONDecodeError):
        raise Invalid("This order of a clip is damaged.", "Order the clip again.") from None
    if not 1 <= order.frames <= FRAMES_MAX:
        raise Invalid(f"A clip cannot have {order.frames} frames.", f"Ask for 1 to {FRAMES_MAX}.")
    if min(order.width_px, order.height_px) < 2 or order.width_px % 2 or order.height_px % 2:
        raise Invalid(f"A clip cannot have {order.width_px} × {order.height_px} pixels.", "Ask for even sides.")
    is_short = order.frames * order.width_px * order.height_px <= _SHORT_PX
    quality = FLEETING if is_short else BETWEEN_STEPS
    with film_writer(folder / CLIP, order.width_px, order.height_px, order.fps, quality) as writer:
        for _ in laid_on(writer.canvas, order, picture):
            writer.add_canvas()
            if writer.count % _TOLD_EVERY == 0:
                yield writer.count
        writer.close()
    return b""
