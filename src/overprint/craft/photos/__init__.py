"""Photos without weights: opened safely, read into a character's sheet, cut out, painted over.

Pure: no clock, no network, nothing kept; the same photo gives the same answer. The ``…_bytes`` functions are for a
child process and take what ``photo_payload`` packs; nothing here loads what opens a photo until one of them runs.
"""

from overprint.craft.photos.child import (
    PHOTO_MEMORY_BYTES,
    PHOTO_SECONDS,
    clean_photo_bytes,
    cut_out_bytes,
    person_reading,
    photo_payload,
    read_person_bytes,
    restyle_bytes,
)
from overprint.craft.photos.order import PHOTO_MAX_BYTES, PHOTO_MAX_PIXELS, PHOTO_SIDE_PX, PhotoOrder, PhotoStyle
from overprint.craft.photos.person import PersonReading, Trait, blush
from overprint.craft.photos.swatches import CLOTHES, HAIRS, SKINS

__all__ = [
    "CLOTHES",
    "HAIRS",
    "PHOTO_MAX_BYTES",
    "PHOTO_MAX_PIXELS",
    "PHOTO_MEMORY_BYTES",
    "PHOTO_SECONDS",
    "PHOTO_SIDE_PX",
    "SKINS",
    "PersonReading",
    "PhotoOrder",
    "PhotoStyle",
    "Trait",
    "blush",
    "clean_photo_bytes",
    "cut_out_bytes",
    "person_reading",
    "photo_payload",
    "read_person_bytes",
    "restyle_bytes",
]
