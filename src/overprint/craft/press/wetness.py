"""How much ink a picture asks for, all four together, as it stands in a print file.

Of a picture that was separated here lately it is known from the inks that went into it, and need not be read again: it
is known by all its bytes, so that whatever else lies in the file is read.
"""

import hashlib
import io
import threading

import numpy
from PIL import Image

from overprint.craft.typesetting.recent import Recent

# A stray pixel is no pool of ink: what the wettest thousandth of a picture carries counts.
_WETTEST_SHARE = 0.001
# Every fourth pixel of every fourth row of what goes in is counted: a pool of ink is larger than that.
_STRIDE = 4
_KNOWN: Recent[float] = Recent(2000)
_KNOWN_LOCK = threading.Lock()  # pictures are separated and examined in threads


def remember(jpeg: bytes, inks: Image.Image) -> None:
    """``jpeg`` is what was written of ``inks``, a CMYK picture; it wavers by a few per cent around what went in."""
    wide, tall = inks.size
    some = inks.resize((-(-wide // _STRIDE), -(-tall // _STRIDE)), Image.Resampling.NEAREST)
    percent, digest = _percent(some), _digest(jpeg)
    with _KNOWN_LOCK:
        _KNOWN.keep(digest, percent)


def wettest_percent(jpeg: bytes) -> float:
    """What the wettest part asks for, to 400; 0 for a picture that is not CMYK, which preflight tells elsewhere.

    Raises ``OSError`` for what is no picture.
    """
    digest = _digest(jpeg)
    with _KNOWN_LOCK:
        known = _KNOWN.recall(digest)
    return _read(jpeg) if known is None else known


def _read(jpeg: bytes) -> float:
    image = Image.open(io.BytesIO(jpeg))
    if image.mode != "CMYK":
        return 0.0
    image.draft("CMYK", (image.width // 2, image.height // 2))
    return _percent(image)


def _percent(image: Image.Image) -> float:
    inks = numpy.asarray(image)
    total = inks[..., 0].astype(numpy.uint16) + inks[..., 1] + inks[..., 2] + inks[..., 3]
    drier = numpy.cumsum(numpy.bincount(total.ravel()))  # how many pixels carry so much or less
    return float(numpy.searchsorted(drier, drier[-1] * (1 - _WETTEST_SHARE))) / 2.55


def _digest(jpeg: bytes) -> bytes:
    return hashlib.sha256(jpeg).digest()
