"""Colours as eyes see them, by published values, and their numbers in one place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import overprint
from overprint.core.oklab import components, contrast, from_oklab, hexed, luminance, to_oklab


@pytest.mark.parametrize(
    ("colour", "lab"),
    [
        ("#ffffff", (1.0, 0.0, 0.0)),
        ("#ff0000", (0.6280, 0.2249, 0.1258)),
        ("#00ff00", (0.8664, -0.2339, 0.1795)),
        ("#0000ff", (0.4520, -0.0324, -0.3115)),
    ],
)
def test_known_colours_lie_where_they_were_published(colour: str, lab: tuple[float, float, float]) -> None:
    assert to_oklab(components(colour)) == pytest.approx(lab, abs=1e-3)


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_comes_back_as_it_was(number: int) -> None:
    colour = f"#{number:06x}"
    assert hexed(from_oklab(to_oklab(components(colour)))) == colour


def test_white_on_black_has_the_greatest_contrast_there_is() -> None:
    assert contrast(luminance((1, 1, 1)), luminance((0, 0, 0))) == pytest.approx(21)


def test_the_numbers_stand_nowhere_else() -> None:
    sources = Path(overprint.__file__).parent
    assert [path.name for path in sources.rglob("*.py") if "0.4122214708" in path.read_text()] == ["oklab.py"]
