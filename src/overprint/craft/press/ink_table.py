"""The inks of every colour of the screen, in one table: a picture is separated by looking its pixels up.

A profile is asked for the inks of some colours and the ways between are straight, as colour management does it; but the
ink limit is then kept once, for all pictures, instead of for every pixel of each. A mixture of inks within the limit is
within it too.
"""

import numpy
from numpy.typing import NDArray
from PIL import Image

# Steps of each channel between colours whose inks are known: 51 spans from 0 to 255, so that both ends are exact.
SPAN = 5
KNOWN = 255 // SPAN + 1
# So many pixels and their inks stay near the processor while they are looked up.
_PIXELS_AT_ONCE = 1 << 16

Inks = NDArray[numpy.uint8]
Table = NDArray[numpy.uint32]
Planes = NDArray[numpy.int16]


def known_colours() -> Image.Image:
    """The colours whose inks :func:`ink_table` wants, blue changing slowest, red fastest."""
    steps = numpy.arange(0, 256, SPAN, dtype=numpy.uint8)
    blue, green, red = numpy.meshgrid(steps, steps, steps, indexing="ij")
    return Image.fromarray(numpy.stack([red, green, blue], axis=-1).reshape(KNOWN * KNOWN, KNOWN, 3), "RGB")


def ink_table(known: Inks) -> Table:
    """Four inks, a byte each, for all 16.7 million colours (64 MB), from those of :func:`known_colours`.

    Whole numbers throughout, so that it is the same everywhere.
    """
    # In 128ths of a step of ink, once both finer ways have made them SPAN times as large.
    coarse = (known.reshape(KNOWN, KNOWN, KNOWN, 4).astype(numpy.int32) * 128 + SPAN * SPAN // 2) // (SPAN * SPAN)
    table = numpy.empty((256, 256, 256, 4), numpy.uint8)
    following = _plane(coarse[0])
    for near in range(KNOWN):
        here, following = following, _plane(coarse[min(near + 1, KNOWN - 1)])
        step = (following - here) // SPAN
        here += 64
        for blue in range(near * SPAN, min((near + 1) * SPAN, 256)):
            table[blue] = here >> 7
            here += step
    return table.view("<u4").ravel()


def look_up(table: Table, image: Image.Image) -> Image.Image:
    """``image``, which is RGB, in inks."""
    wide, tall = image.size
    inks = numpy.empty((tall, wide), "<u4")
    rows = max(1, _PIXELS_AT_ONCE // wide)
    for top in range(0, tall, rows):
        strip = image.crop((0, top, wide, min(top + rows, tall)))
        pixels = numpy.frombuffer(strip.tobytes("raw", "RGBX"), "<u4") & 0xFFFFFF
        numpy.take(table, pixels, out=inks[top : top + rows].ravel(), mode="clip")
    return Image.frombuffer("CMYK", image.size, inks, "raw", "CMYK", 0, 1)


def _plane(known: NDArray[numpy.int32]) -> Planes:
    """All greens and reds of one blue."""
    return _finer(_finer(known.astype(numpy.int16), 1), 0)


def _finer(planes: Planes, axis: int) -> Planes:
    """All 256 values along ``axis`` for the known ones, ``SPAN`` times as large."""
    finer = numpy.empty((*planes.shape[:axis], 256, *planes.shape[axis + 1 :]), planes.dtype)
    known, wanted = numpy.moveaxis(planes, axis, 0), numpy.moveaxis(finer, axis, 0)
    here, step = known[:-1] * SPAN, known[1:] - known[:-1]
    for place in range(SPAN):
        wanted[place:-1:SPAN] = here
        here += step
    wanted[-1] = known[-1] * SPAN
    return finer
