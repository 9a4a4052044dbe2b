import io

import numpy
import pytest
from PIL import Image

from overprint.craft.press.ink_table import Inks, Table, ink_table, known_colours, look_up
from overprint.craft.press.separation import Separation

RNG = numpy.random.default_rng(5)


@pytest.fixture(scope="module")
def known() -> Inks:
    """Some inks for each known colour: by chance, which no table could guess."""
    many = known_colours().width * known_colours().height
    return RNG.integers(0, 170, (many, 4), dtype=numpy.uint8)


@pytest.fixture(scope="module")
def table(known: Inks) -> Table:
    return ink_table(known)


def test_a_known_colour_has_its_own_inks(known: Inks, table: Table) -> None:
    assert (numpy.asarray(look_up(table, known_colours())).reshape(-1, 4) == known).all()


def test_a_colour_between_two_has_inks_between_theirs(known: Inks, table: Table) -> None:
    inks = numpy.asarray(look_up(table, Image.new("RGB", (1, 1), (2, 0, 0))))[0, 0]
    dark, light = known[0].astype(float), known[1].astype(float)
    assert numpy.abs(inks - (dark * 3 + light * 2) / 5).max() <= 1


def test_no_mixture_has_more_ink_than_the_wettest_known_colour(known: Inks, table: Table) -> None:
    most = known.astype(int).sum(axis=1).max()
    assert table.view(numpy.uint8).reshape(-1, 4)[::7].astype(int).sum(axis=1).max() <= most + 2  # rounding


@pytest.mark.parametrize("condition", ["FOGRA39", "CGATS TR 006"])
def test_pictures_are_separated_as_single_colours_are(condition: str) -> None:
    separation = Separation(condition, 300)
    for _ in range(40):
        red, green, blue = (int(channel) for channel in RNG.integers(0, 256, 3))
        with Image.open(io.BytesIO(separation.picture(Image.new("RGB", (16, 16), (red, green, blue))))) as printed:
            inks = numpy.asarray(printed)[8, 8] / 255
        alone = separation.colour((red / 255, green / 255, blue / 255))
        assert numpy.abs(inks - alone).max() < 0.05, (red, green, blue)
