"""A picture across two pages of A4 at 300 dpi has 18 million pixels: nothing may need many copies of it."""

import tracemalloc
from typing import Any

import pytest

from overprint.core.scene import Actor, Place, Pose, Setting, Time
from overprint.core.story import Style
from overprint.craft.drawing.drawing import draw
from tests.craft.drawing.people import SHEETS, scene

WIDE_PX, TALL_PX = 1110, 400
BYTES_A_PIXEL = 30  # measured: 7 to 19; 18.1 million pixels may take 0.9 GB, of which a process needs 0.1 GB for itself


@pytest.mark.parametrize("style", Style)
def test_no_style_needs_many_copies_of_its_picture(style: Style) -> None:
    pair = (Actor("child", Pose.WAVE, place=Place.LEFT), Actor("fox", place=Place.RIGHT))
    dusk = scene(*pair, setting=Setting.VILLAGE, time=Time.DUSK)
    size: dict[str, Any] = {"width_px": WIDE_PX, "height_px": TALL_PX}
    draw(dusk, SHEETS, style=style, seed=1, **size).raster()  # tiles of paper are made once, whatever the size
    drawing = draw(dusk, SHEETS, style=style, seed=2, is_spread=True, **size)
    tracemalloc.start()
    try:
        drawing.raster()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak / (WIDE_PX * TALL_PX) <= BYTES_A_PIXEL
