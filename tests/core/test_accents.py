"""A colour of the house is readable on every page, or is refused with one that is."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.accents import DARK, LIGHT, TEXT_RATIO, accent_of, least_ratio
from overprint.core.oklab import from_oklab, hexed
from overprint.http.assets import FOLDER

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_every_colour_is_readable_in_the_light_and_the_dark_or_refused_with_one_that_is(colour: str) -> None:
    try:
        accent = accent_of(colour)
    except ValueError as refused:
        offered = re.search(r"is (#[0-9a-f]{6})$", str(refused))
        assert offered and least_ratio(colour, LIGHT) < TEXT_RATIO
        accent = accent_of(offered[1])
    assert least_ratio(accent.light, LIGHT) >= TEXT_RATIO and least_ratio(accent.dark, DARK) >= TEXT_RATIO


def test_a_colour_that_can_be_read_stays_as_it_was_given() -> None:
    assert accent_of("#0B6E4F").light == "#0b6e4f"


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#0b6e4f;}", "#0b6e4g"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        accent_of(colour)


def test_contrast_is_measured_against_the_pages_own_grounds() -> None:
    css = (FOLDER / "css" / "tokens.css").read_text("utf-8")
    for name, light, dark in (("ground", LIGHT[0], DARK[0]), ("paper", LIGHT[1], DARK[1])):
        found = re.search(rf"--{name}: light-dark\(oklch\((.+?)\), oklch\((.+?)\)\)", css)
        assert found
        for said, known in zip(found.groups(), (light, dark), strict=True):
            lightness, chroma, hue = map(float, said.split())
            turned = math.radians(hue)
            assert hexed(from_oklab((lightness, chroma * math.cos(turned), chroma * math.sin(turned)))) == known
