"""Typst sets stand-ins; what a reader gets are the pictures that came, to the byte."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from PIL import Image

from overprint.core.book import Page
from overprint.core.problems import Invalid
from overprint.core.story import Trim
from overprint.craft.typesetting.geometry import Box
from overprint.craft.typesetting.hanging import hang
from overprint.craft.typesetting.leaves import Leaf, SetPicture
from overprint.craft.typesetting.pdf_file import SCREEN, Edition, page_count, pdf, typeset
from overprint.craft.typesetting.pictures import Print, prepare
from overprint.craft.typesetting.splicing import pages_in
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story

Make = Callable[..., Sample]


def _pictured(book: Make, *saved: Mapping[str, Any], mode: str = "RGB") -> Sample:
    """A book of a page for each of ``saved``: what its JPEG is saved with."""
    pages: list[Page] = []
    pictures: dict[str, bytes] = {}
    painted, png = paint("starry", Trim.SQUARE)
    for number, options in enumerate(saved):
        kept = io.BytesIO()
        with Image.open(io.BytesIO(png)) as image:
            image.convert(mode).save(kept, "JPEG", quality=80 + number, **options)
        picture = replace(painted, content_hash=f"{number:064}", media_type="image/jpeg")
        pictures[picture.content_hash] = kept.getvalue()
        pages.append(story(picture, SENTENCE))
    return Sample(book().with_pages(*pages).doc, pictures)


def _prints(sample: Sample) -> list[Print]:
    return list(prepare(sample.doc.pages, sample.pictures).values())


def _images(made: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    for found in made.objects:
        if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image":
            yield found


def test_each_picture_is_in_the_file_as_it_came_and_as_large(book: Make) -> None:
    sample = _pictured(book, {}, {}, {"progressive": True})
    with pikepdf.open(io.BytesIO(pdf(sample.doc, sample.pictures))) as made:
        found = {image.read_raw_bytes(): (int(image.Width), int(image.Height)) for image in _images(made)}
    assert found == {picture.data: (picture.width_px, picture.height_px) for picture in _prints(sample)}


@pytest.mark.parametrize("edition", [SCREEN, replace(SCREEN, facing=True)])
def test_half_a_picture_is_refused_where_nobody_has_to_look_at_it_too(book: Make, edition: Edition) -> None:
    sample = _pictured(book, {}, {"progressive": True})
    for name, data in sample.pictures.items():
        with pytest.raises(Invalid, match="cannot be read"):
            typeset(sample.doc, {**sample.pictures, name: data[: len(data) // 2]}, edition)


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3)])
def test_a_picture_keeps_its_channels(book: Make, mode: str, channels: int) -> None:
    sample = _pictured(book, {}, mode=mode)
    with pikepdf.open(io.BytesIO(typeset(sample.doc, sample.pictures, SCREEN))) as made:
        (image,) = _images(made)
        assert int(image.ColorSpace[1].N) == channels


def test_a_picture_that_says_how_it_lies_is_turned_by_typst_as_before(book: Make) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    sample = _pictured(book, {"exif": turned.tobytes()})
    assert [picture.stand_in for picture in _prints(sample)] == [b""]
    assert pdf(sample.doc, sample.pictures)


def test_a_jpeg_of_a_rare_kind_is_written_anew(book: Make) -> None:
    sample = _pictured(book, {})
    ((name, usual),) = sample.pictures.items()
    rare = usual.replace(b"\xff\xc0\x00\x11", b"\xff\xc9\x00\x11")  # it says that it is coded arithmetically
    assert rare != usual
    (picture,) = prepare(sample.doc.pages, {name: rare}).values()
    assert picture.data.count(b"\xff\xc0\x00\x11") == 1 and b"\xff\xc9\x00\x11" not in picture.data


def test_a_file_in_which_a_picture_has_no_place_is_no_book(book: Make) -> None:
    sample = _pictured(book, {})
    (picture,) = _prints(sample)
    here = Box(0, 0, 100, 100)
    leaf = Leaf("picture", SetPicture(picture.name, picture.alt, here, here))
    written = typeset(sample.doc, sample.pictures, SCREEN)
    with pytest.raises(RuntimeError, match="found no place"):
        hang(written, [replace(picture, stand_in=b"of another")], [leaf])


@pytest.mark.parametrize("words", [1, 900])
def test_pages_are_counted_before_they_are_set(book: Make, words: int) -> None:
    doc = book().with_pages(story(None, SENTENCE), story(None, " ".join(["lantern"] * words))).doc
    with pikepdf.open(io.BytesIO(typeset(doc, {}, SCREEN))) as made:
        assert page_count(doc, {}, SCREEN) == pages_in(typeset(doc, {}, SCREEN)) == len(made.pages)
