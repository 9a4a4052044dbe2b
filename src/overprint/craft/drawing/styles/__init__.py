"""How a picture is made to look: treatments of the same layers, one file a style."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from overprint.core.story import Style
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles import flat, ink, papercut, pencil, pixel, pop, storybook, watercolour

Picture = npt.NDArray[np.uint8]
"""Height × width × 3, blue first."""

STYLES: dict[Style, Callable[[list[Layer], Lens], Picture]] = {
    Style.STORYBOOK: storybook.paint,
    Style.WATERCOLOUR: watercolour.paint,
    Style.PAPERCUT: papercut.paint,
    Style.FLAT: flat.paint,
    Style.PENCIL: pencil.paint,
    Style.INK: ink.paint,
    Style.POP: pop.paint,
    Style.PIXEL: pixel.paint,
}
