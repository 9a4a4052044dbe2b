"""Films that others made: what they claim is checked before anything is decoded, and what is decoded is bounded.

For a child process, like everything that opens a stranger's bytes (pictures: ``craft.photos``): its memory and time are
bounded too, and it can be killed. Importing this loads no decoder.
"""

from overprint.craft.media.child import (
    CLIP,
    FIRST_FRAME_SECONDS,
    MEDIA_MEMORY_BYTES,
    PROBE_SECONDS,
    conform_film,
    conform_order,
    conform_timeout_seconds,
    first_frame_bytes,
    first_frame_order,
    probe_bytes,
    probe_file,
    probe_file_order,
    probe_order,
    probed,
)
from overprint.craft.media.order import CONFORMED, SPEED_LEAST, Conforming, FilmBounds, FilmFacts, FirstFrame
from overprint.craft.media.placing import Box, placed

__all__ = [
    "CLIP",
    "CONFORMED",
    "FIRST_FRAME_SECONDS",
    "MEDIA_MEMORY_BYTES",
    "PROBE_SECONDS",
    "SPEED_LEAST",
    "Box",
    "Conforming",
    "FilmBounds",
    "FilmFacts",
    "FirstFrame",
    "conform_film",
    "conform_order",
    "conform_timeout_seconds",
    "first_frame_bytes",
    "first_frame_order",
    "placed",
    "probe_bytes",
    "probe_file",
    "probe_file_order",
    "probe_order",
    "probed",
]
