"""What may be asked of a photo, and how large it may be."""

from dataclasses import dataclass
from enum import StrEnum

from overprint.core.scene import Species

PHOTO_MAX_BYTES = 40_000_000
PHOTO_MAX_PIXELS = 60_000_000
PHOTO_SIDE_PX = 1500
"""A photo is worked on at no more than this; a larger one is reduced while it is decoded."""


class PhotoStyle(StrEnum):
    """How a photo is made to look; the names are those of ``core.story.Style`` where the look is the same."""

    WATERCOLOUR = "watercolour"
    INK = "ink"
    POP = "pop"
    CARTOON = "cartoon"
    PENCIL = "pencil"
    PAPERCUT = "papercut"


@dataclass(frozen=True, slots=True)
class PhotoOrder:
    """What to do with a photo; each kind of work looks at what concerns it. ``face`` counts from 0, largest first."""

    species: Species = Species.CHILD
    face: int = 0
    style: PhotoStyle = PhotoStyle.WATERCOLOUR
    seed: int = 0
