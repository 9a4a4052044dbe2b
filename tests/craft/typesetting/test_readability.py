"""Contrast, measured on the rendered page: the words are taken off, and what lay behind them is looked at."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from overprint.core.book import Page, PageKind, Picture, picture_size_px
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.pictures import prepare, tones
from tests.craft.typesetting.conftest import PAINTERS, SENTENCE, Sample, paint, story
from tests.craft.typesetting.reading import lowest_contrast

Make = Callable[..., Sample]
_SKIES = {"day": ((205, 225, 232), (40, 44, 48)), "night": ((12, 16, 40), (255, 255, 255))}
_DETAIL_EVERY_PX, _DETAIL_PX = 60, 2


def _sky_with_fine_detail(trim: Trim, light: str, kind: str = "JPEG") -> tuple[Picture, bytes]:
    """At 200 dpi: lines and dots of two pixels, which a smaller copy shows as a breath of grey."""
    sky, detail = _SKIES[light]
    image = Image.new("RGB", picture_size_px(trim, 200), sky)
    pen = ImageDraw.Draw(image)
    for at in range(_DETAIL_EVERY_PX, image.height, _DETAIL_EVERY_PX):
        if light == "day":
            pen.line((0, at, image.width, at), detail, _DETAIL_PX)
        else:
            for x in range(at % 50, image.width, _DETAIL_EVERY_PX):
                pen.rectangle((x, at, x + _DETAIL_PX, at + _DETAIL_PX), detail)
    kept = io.BytesIO()
    image.save(kept, kind)
    key = hashlib.sha256(kept.getvalue()).hexdigest()
    return Picture(key, f"image/{kind.lower()}", *image.size, "A sky", Area.TOP), kept.getvalue()


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


@pytest.mark.parametrize("light", _SKIES)
@pytest.mark.parametrize("trim", [Trim.NOVEL, Trim.SQUARE])
def test_words_stand_out_from_details_that_a_smaller_copy_of_the_picture_loses(
    book: Make, trim: Trim, light: str
) -> None:
    picture, data = _sky_with_fine_detail(trim, light)
    sample = book(trim).with_pages(Page(PageKind.COVER, picture=picture), story(picture, SENTENCE, SENTENCE))
    assert lowest_contrast(pdf(sample.doc, {picture.content_hash: data})) >= 4.5


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_star_counts_with_its_own_light_and_only_where_it_stands(kind: str) -> None:
    picture, data = _sky_with_fine_detail(Trim.NOVEL, "night", kind)
    print_ = prepare([Page(PageKind.STORY, picture=picture)], {picture.content_hash: data})[1]
    placed = Box(0, 0, picture.width_px, picture.height_px)
    with_stars = tones(print_, placed, Box(200, 200, 300, 300))
    between = tones(print_, placed, Box(0, 10, picture.width_px, 30))
    assert min(with_stars.brightest) > 200
    assert max(between.brightest) < 60
