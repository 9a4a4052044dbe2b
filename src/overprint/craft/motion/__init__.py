"""Moving pictures: a scene in layers, a camera and a clock; a clip out.

Pure but for the file that it leaves: no clock, no network; the same order gives the same bytes.
``film_clip`` is for a child process; nothing here loads what draws or encodes until it runs.
"""

from overprint.craft.motion.child import (
    CLIP,
    CLIP_MEMORY_BYTES,
    FRAMES_MAX,
    LAYERED,
    ClipOrder,
    clip_order,
    clip_timeout_seconds,
    film_clip,
)

__all__ = [
    "CLIP",
    "CLIP_MEMORY_BYTES",
    "FRAMES_MAX",
    "LAYERED",
    "ClipOrder",
    "clip_order",
    "clip_timeout_seconds",
    "film_clip",
]
