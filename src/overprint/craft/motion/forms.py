"""What pictures, drops and light look like to the code that lays frames: plain arrays.

``laying`` and ``seeing`` name their columns.
"""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Shorts = npt.NDArray[np.int16]
Wides = npt.NDArray[np.uint16]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.float64]
Canvas = tuple[Bytes, Bytes, Bytes]
"""What a frame is laid on: planes of luma, blueness and redness, each its rows one after another. Rows may be longer in
memory than in the frame, all of a plane as much."""
BLACK, GREY = 16.0, 128.0
"""Of luma and of chroma in films: BT.709, limited range."""
Light = tuple[Bytes, Bytes]
"""What is left of every four pixels, 0 to 255, and for every tile whether that is all. More than 31 bytes follow the
first, for whole swaths are read."""
Kept = tuple[Bytes, Shorts, Numbers]
"""Pictures: their planes, their cells and their tables."""
Fallen = tuple[Floats, Numbers, Wides]
"""Drops; for each curtain of them the first, and the one after the last; tints: what a drop's cover adds to luma,
blueness and redness, and how much of it covers, in 65535ths."""


def canvas_of(frame: Bytes) -> Canvas:
    """The planes of rows of luma, then of blueness and redness, each row half as long."""
    width, flat = frame.shape[1], frame.reshape(-1)
    height = frame.shape[0] * 2 // 3
    whole, quarter = width * height, width * height // 4
    return flat[:whole], flat[whole : whole + quarter], flat[whole + quarter :]
