"""Contrast, measured on the rendered page: the words are taken off, and what lay behind them is looked at."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from overprint.core.book import Page, PageKind
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.typesetting.pdf_file import pdf
from tests.craft.typesetting.conftest import PAINTERS, SENTENCE, Sample, paint, story
from tests.craft.typesetting.reading import lowest_contrast

Make = Callable[..., Sample]


@pytest.mark.parametrize("look", PAINTERS)
@pytest.mark.parametrize("quiet", [Area.TOP, Area.BOTTOM])
def test_words_on_a_picture_stand_out_everywhere(book: Make, look: str, quiet: Area) -> None:
    picture, data = paint(look, Trim.SQUARE, quiet)
    sample = book().with_pages(Page(PageKind.COVER, picture=picture), story(picture, SENTENCE, SENTENCE * 2))
    assert lowest_contrast(pdf(sample.doc, {picture.content_hash: data})) >= 4.5


def test_words_on_a_picture_stand_out_with_a_heading_too(book: Make) -> None:
    picture, data = paint("bright", Trim.PORTRAIT)
    sample = book(Trim.PORTRAIT).with_pages(story(picture, SENTENCE, heading="The Lantern"))
    assert lowest_contrast(pdf(sample.doc, {picture.content_hash: data})) >= 4.5


def test_a_cover_without_a_picture_can_be_read(book: Make) -> None:
    sample = book().with_pages(Page(PageKind.COVER, ("A story for the evening",)), Page(PageKind.TITLE))
    assert lowest_contrast(pdf(sample.doc, {})) >= 4.5


def test_a_cover_picture_of_quite_another_shape_is_shown_whole(book: Make) -> None:
    picture, data = paint("dark", Trim.A4_LANDSCAPE)
    sample = book(Trim.NOVEL).with_pages(Page(PageKind.COVER, picture=replace(picture, quiet=Area.NONE)))
    assert lowest_contrast(pdf(sample.doc, {picture.content_hash: data})) >= 4.5
