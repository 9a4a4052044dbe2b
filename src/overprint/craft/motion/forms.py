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
