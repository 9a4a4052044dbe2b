import io

import numpy
import pytest
from PIL import Image

from overprint.craft.press.separation import Separation
from overprint.craft.press.wetness import remember, wettest_percent

_ANOTHER_END = b"\0"  # the same picture, but no longer the bytes that were separated


def _jpeg(inks: tuple[int, int, int, int]) -> bytes:
    kept = io.BytesIO()
    Image.new("CMYK", (64, 64), inks).save(kept, "JPEG")
    return kept.getvalue()


def test_what_went_into_a_picture_tells_what_reading_it_tells() -> None:
    dark = numpy.random.default_rng(7).integers(0, 40, (300, 400, 3), dtype=numpy.uint8)
    soft = Image.fromarray(dark).resize((1200, 900), Image.Resampling.BICUBIC)
    written = Separation("FOGRA39", 240).picture(soft)
    assert wettest_percent(written) == pytest.approx(wettest_percent(written + _ANOTHER_END), abs=4)


def test_only_the_very_bytes_that_were_separated_are_known() -> None:
    written = _jpeg((255, 0, 0, 0))
    remember(written, Image.new("CMYK", (64, 64), (255, 255, 0, 0)))
    assert wettest_percent(written) == 200
    assert wettest_percent(written + _ANOTHER_END) == pytest.approx(100, abs=2)


def test_a_picture_in_the_colours_of_a_screen_has_no_ink_to_be_told() -> None:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8)).save(kept, "JPEG")
    assert wettest_percent(kept.getvalue()) == 0
