"""Foreign films across a process boundary: bytes in, bytes or a file in a folder out, for the compute port.

What the work needs is imported when it runs, which is in a child process. What is wrong with a film arrives as
``ComputeFailed`` of kind ``Invalid`` or ``LimitReached``, with words for whoever sent it.
"""

import json
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

from overprint.core.codec import canonical, decode, encode
from overprint.core.problems import Invalid
from overprint.craft.framing import pack, unpack
from overprint.craft.media.order import Conforming, FilmBounds, FilmFacts, FirstFrame

T = TypeVar("T")

MEDIA_MEMORY_BYTES = 1_000_000_000
CLIP = "clip.mp4"
PROBE_SECONDS = FIRST_FRAME_SECONDS = 30.0
"""Time to allow: an honest film of a minute, or picture, takes a fraction of a second."""


def probe_order(film: bytes, bounds: FilmBounds) -> bytes:
    """What :func:`probe_bytes` takes."""
    return pack({"order": encode(bounds)}, {"media": film})


def probe_bytes(payload: bytes) -> bytes:
    """What there is to know of a film; read the answer with :func:`probed`."""
    from overprint.craft.media.opening import probe

    bounds, film = _opened(FilmBounds, payload)
    return canonical(probe(film, bounds))


def probe_file_order(name: str, bounds: FilmBounds) -> bytes:
    """What :func:`probe_file` takes of a film that has this ``name`` in its folder."""
    return pack({"order": encode(bounds), "name": name}, {})


def probe_file(payload: bytes, folder: Path) -> bytes:
    """As :func:`probe_bytes`, of a film that is never held as a whole."""
    from overprint.craft.media.opening import probe

    header, _ = unpack(payload)
    return canonical(probe(folder / str(header["name"]), decode(FilmBounds, header["order"])))


def probed(answer: bytes) -> FilmFacts:
    return decode(FilmFacts, json.loads(answer))


def conform_order(film: bytes, order: Conforming) -> bytes:
    """What :func:`conform_film` takes."""
    return pack({"order": encode(order)}, {"media": film})


def conform_timeout_seconds(order: Conforming) -> float:
    """Ample: a film of 60 seconds in 1080p takes about as long as it lasts."""
    return 120.0 + order.frames * order.width_px * order.height_px / 2_000_000


def conform_film(payload: bytes, folder: Path) -> Generator[int, None, bytes]:
    """Leaves the film as a clip of ours, ``CLIP`` in the folder, an MP4 file; yields how many frames are done."""
    from overprint.craft.media.conforming import conform

    order, film = _opened(Conforming, payload)
    yield from conform(film, folder / CLIP, order)
    return b""


def first_frame_order(picture: bytes, order: FirstFrame) -> bytes:
    """What :func:`first_frame_bytes` takes."""
    return pack({"order": encode(order)}, {"media": picture})


def first_frame_bytes(payload: bytes) -> bytes:
    """A JPEG of exactly the asked size."""
    from overprint.craft.media.framing import first_frame

    order, picture = _opened(FirstFrame, payload)
    return first_frame(picture, order)


def _opened(kind: type[T], payload: bytes) -> tuple[T, bytes]:
    header, blobs = unpack(payload)
    try:
        return decode(kind, header["order"]), blobs["media"]
    except KeyError:
        raise Invalid("This order is damaged.", "Order it again.") from None
