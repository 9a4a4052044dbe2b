"""Moving pictures: a scene in layers, a camera and a clock; a clip out.

Pure but for a file that the encoder writes and reads back: no clock, no network; the same order gives the same bytes.
``clip_bytes`` is for a child process; nothing here loads what draws or encodes until it runs.
"""

from overprint.craft.motion.child import (
    CLIP_MEMORY_BYTES,
    FRAMES_MAX,
    LAYERED,
    ClipOrder,
    clip_bytes,
    clip_order,
    clip_timeout_seconds,
)

__all__ = [
    "CLIP_MEMORY_BYTES",
    "FRAMES_MAX",
    "LAYERED",
    "ClipOrder",
    "clip_bytes",
    "clip_order",
    "clip_timeout_seconds",
]
