"""Photos across a process boundary: bytes in, bytes out, for the compute port.

A hostile picture is opened in a child that has bounded memory and time and can be killed; nothing of it but the
answer comes back. What goes wrong arrives as ``ComputeFailed`` with the problem's class and words.
"""

import json

from overprint.core.codec import canonical, decode, encode
from overprint.core.problems import Invalid
from overprint.craft.framing import pack, unpack
from overprint.craft.photos.order import PhotoOrder
from overprint.craft.photos.person import PersonReading

PHOTO_SECONDS = 30.0
"""Time to allow: an honest photo takes one or two seconds."""
PHOTO_MEMORY_BYTES = 1_500_000_000
_AS_IT_IS = PhotoOrder()


def photo_payload(photo: bytes, order: PhotoOrder = _AS_IT_IS) -> bytes:
    """What each function below takes."""
    return pack(encode(order), {"photo": photo})


def clean_photo_bytes(payload: bytes) -> bytes:
    """A JPEG of the same picture for keeping, without metadata or anything hidden in the file."""
    from overprint.craft.photos.opening import encoded_jpeg, open_photo

    photo, _ = _opened(payload)
    return encoded_jpeg(open_photo(photo))


def read_person_bytes(payload: bytes) -> bytes:
    """A :class:`PersonReading` as JSON; see :func:`person_reading`. No pixel of the photo is in it."""
    from overprint.craft.photos.reading import read_person

    photo, order = _opened(payload)
    return canonical(read_person(photo, order.species, order.face))


def person_reading(answer: bytes) -> PersonReading:
    """What :func:`read_person_bytes` answered."""
    return decode(PersonReading, json.loads(answer))


def cut_out_bytes(payload: bytes) -> bytes:
    """A PNG of the person with the largest face, on nothing."""
    from overprint.craft.photos.faces import get_faces
    from overprint.craft.photos.matte import cut_out, person_cover
    from overprint.craft.photos.opening import open_photo

    photo, _ = _opened(payload)
    picture = open_photo(photo)
    face, *_ = get_faces(picture)
    return cut_out(picture, person_cover(picture, face))


def restyle_bytes(payload: bytes) -> bytes:
    """A JPEG of the photo in the order's style."""
    from overprint.craft.photos.opening import encoded_jpeg, open_photo
    from overprint.craft.photos.restyling import restyled

    photo, order = _opened(payload)
    return encoded_jpeg(restyled(open_photo(photo), order.style, order.seed))


def _opened(payload: bytes) -> tuple[bytes, PhotoOrder]:
    header, blobs = unpack(payload)
    if "photo" not in blobs:
        raise Invalid("There is no photo in this message.", "Send it again.")
    return blobs["photo"], decode(PhotoOrder, header)
