"""Photos without weights: opened safely, read into a character's sheet, cut out, painted over.

Pure: no clock, no network, nothing kept; the same photo gives the same answer. The ``…_bytes`` functions are for a
child process and take what ``photo_payload`` packs.
"""

from overprint.craft.photos.child import (
    PHOTO_MEMORY_BYTES,
    PHOTO_SECONDS,
    PhotoOrder,
    clean_photo_bytes,
    cut_out_bytes,
    person_reading,
    photo_payload,
    read_person_bytes,
    restyle_bytes,
)
from overprint.craft.photos.faces import Face, find_faces, get_faces
from overprint.craft.photos.matte import cut_out, person_cover
from overprint.craft.photos.opening import (
    PHOTO_MAX_BYTES,
    PHOTO_MAX_PIXELS,
    PHOTO_SIDE_PX,
    Picture,
    encoded_jpeg,
    open_photo,
)
from overprint.craft.photos.reading import PersonReading, Trait, blush, read_person
from overprint.craft.photos.restyling import PhotoStyle, restyled
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
    "Face",
    "PersonReading",
    "PhotoOrder",
    "PhotoStyle",
    "Picture",
    "Trait",
    "blush",
    "clean_photo_bytes",
    "cut_out",
    "cut_out_bytes",
    "encoded_jpeg",
    "find_faces",
    "get_faces",
    "open_photo",
    "person_cover",
    "person_reading",
    "photo_payload",
    "read_person",
    "read_person_bytes",
    "restyle_bytes",
    "restyled",
]
