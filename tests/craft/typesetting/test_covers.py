"""Where the author's name stands on a cover: where it can be read at a glance, whatever is painted there."""

import hashlib
import io
from collections.abc import Callable

import numpy
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from overprint.core.book import Page, PageKind, Picture, picture_size_px
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.typesetting.pdf_file import pdf
from tests.craft.typesetting.conftest import Sample
from tests.craft.typesetting.reading import Letter, ground_of, letters_of, lowest_contrast

Make = Callable[..., Sample]
_SKY, _WALL, _WINDOW = (205, 225, 232), (176, 140, 120), (250, 240, 190)
_WINDOW_PX = 12
_SCALE = 2


def _cover(book: Make, trim: Trim, sky_share: float) -> bytes:
    """A page whose picture is sky down to ``sky_share`` of its height and small lit windows below."""
    wide, tall = picture_size_px(trim, 100)
    down, across = numpy.mgrid[:tall, :wide]
    lit = (across // _WINDOW_PX + down // _WINDOW_PX) % 2 == 0
    painted = numpy.where(lit[..., None], _WINDOW, _WALL)
    painted = numpy.where((down < sky_share * tall)[..., None], _SKY, painted).astype(numpy.uint8)
    kept = io.BytesIO()
    Image.fromarray(painted).save(kept, "PNG")
    key = hashlib.sha256(kept.getvalue()).hexdigest()
    picture = Picture(key, "image/png", wide, tall, "A town", Area.TOP)
    sample = book(trim).with_pages(Page(PageKind.COVER, picture=picture), Page(PageKind.TITLE))
    return pdf(sample.doc, {key: kept.getvalue()})


def _author_and_title(made: bytes) -> tuple[list[Letter], list[Letter]]:
    with pypdfium2.PdfDocument(made) as opened:
        letters = letters_of(opened[0])
    largest = max(letter.size_pt for letter in letters)
    return [one for one in letters if one.size_pt < largest], [one for one in letters if one.size_pt == largest]


def _unrest_behind(made: bytes, letters: list[Letter]) -> float:
    """How much the ground of a line changes, as a standard deviation of its light, 0 to 127."""
    with pypdfium2.PdfDocument(made) as opened:
        ground = numpy.asarray(ground_of(opened[0], _SCALE).convert("L"), dtype=float)
    top, bottom = min(one.top_pt for one in letters), max(one.bottom_pt for one in letters)
    left, right = min(one.left_pt for one in letters), max(one.right_pt for one in letters)
    return float(ground[int(top * _SCALE) : int(bottom * _SCALE), int(left * _SCALE) : int(right * _SCALE)].std())


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.NOVEL])
def test_the_author_stands_below_the_title_on_a_quiet_sky(book: Make, trim: Trim) -> None:
    author, title = _author_and_title(_cover(book, trim, 0.6))
    assert min(one.top_pt for one in author) > max(one.baseline_pt for one in title)


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.NOVEL])
def test_the_author_moves_above_the_title_where_windows_are_below_it(book: Make, trim: Trim) -> None:
    made = _cover(book, trim, 0.17)
    author, title = _author_and_title(made)
    assert max(one.baseline_pt for one in author) < min(one.top_pt for one in title)
    assert _unrest_behind(made, author) < 2 and lowest_contrast(made) >= 4.5


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.NOVEL])
def test_the_author_has_a_ground_of_their_own_where_windows_are_everywhere(book: Make, trim: Trim) -> None:
    made = _cover(book, trim, 0.0)
    author, _ = _author_and_title(made)
    assert _unrest_behind(made, author) < 4 and lowest_contrast(made) >= 4.5
