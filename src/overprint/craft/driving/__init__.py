"""Driving clips: how the camera and those it films move in somebody's film, as curves that a picture can follow.

For a child process, like everything that opens a stranger's film. Importing this loads no decoder.
"""

from overprint.craft.driving.child import (
    DRIVING_MEMORY_BYTES,
    DRIVING_SECONDS,
    Driven,
    DrivingOrder,
    driven,
    driving_bytes,
    driving_order,
)

__all__ = [
    "DRIVING_MEMORY_BYTES",
    "DRIVING_SECONDS",
    "Driven",
    "DrivingOrder",
    "driven",
    "driving_bytes",
    "driving_order",
]
