import io

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from overprint.craft.press.separation import Rgb, Separation

SHARE = st.floats(0, 1)


CONDITIONS = ("FOGRA39", "CGATS TR 006")


@pytest.mark.parametrize("condition", CONDITIONS)
@given(red=SHARE, green=SHARE, blue=SHARE, limit=st.sampled_from((240, 270, 300)))
def test_no_colour_asks_for_more_ink_than_is_allowed(
    red: float, green: float, blue: float, limit: int, condition: str
) -> None:
    assert sum(Separation(condition, limit).colour((red, green, blue))) * 100 <= limit + 0.5


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize(
    ("rgb", "strongest"),
    [((0.0, 1.0, 1.0), 0), ((1.0, 0.0, 1.0), 1), ((1.0, 1.0, 0.0), 2), ((0.0, 0.0, 0.0), 3)],
)
def test_the_primaries_land_on_their_inks(rgb: Rgb, strongest: int, condition: str) -> None:
    inks = Separation(condition, 300).colour(rgb)
    assert max(range(4), key=lambda ink: inks[ink]) == strongest


@pytest.mark.parametrize("condition", CONDITIONS)
def test_paper_stays_bare_where_the_screen_is_white(condition: str) -> None:
    assert sum(Separation(condition, 300).colour((1, 1, 1))) == 0


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_light_skin_has_hardly_any_black_in_it(condition: str) -> None:
    assert Separation(condition, 280).colour((0.9, 0.78, 0.67))[3] < 0.06


def test_dark_words_are_printed_in_black_alone_and_dark_shapes_are_not() -> None:
    separation = Separation("FOGRA39", 300)
    dark = (29 / 255, 26 / 255, 22 / 255)
    assert separation.colour(dark, is_text=True)[:3] == (0, 0, 0)
    assert sum(separation.colour(dark)[:3]) > 0


def test_a_picture_of_night_stays_under_the_limit_and_dark() -> None:
    separation = Separation("FOGRA39", 240)
    night = numpy.random.default_rng(7).integers(0, 40, (300, 400, 3), dtype=numpy.uint8)
    printed = Image.open(io.BytesIO(separation.picture(Image.fromarray(night))))
    assert printed.mode == "CMYK"
    assert printed.size == (400, 300)
    total = numpy.asarray(printed).astype(int).sum(axis=2) / 2.55
    assert numpy.percentile(total, 99.9) <= 240 + 5  # a JPEG wavers
    assert numpy.median(total) > 200  # and as dark as that allows
