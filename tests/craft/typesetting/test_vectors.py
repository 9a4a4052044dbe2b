"""A picture made of shapes goes into PDF files as shapes; into an EPUB, and where it is not plain, as pixels."""

import hashlib
import io
import zipfile
from dataclasses import replace

import pikepdf
import pytest

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.scene import Actor, Setting
from overprint.core.story import Style, Trim
from overprint.craft.drawing.drawing import draw
from overprint.craft.press import get_printer
from overprint.craft.press.press_file import interior_pdf
from overprint.craft.press.wrap import wrap_pdf
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.vectors import is_plain_svg
from tests.craft.drawing.people import SHEETS, scene
from tests.craft.typesetting.conftest import IDENTIFIER, SENTENCE, Sample, paint, story

SHAPES = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">'
LULU = get_printer("lulu-paperback")


def book_with(vector: bytes) -> Sample:
    picture, data = paint("bright", Trim.SQUARE)
    key = hashlib.sha256(vector).hexdigest()
    shown = replace(picture, vector_hash=key)
    pages = (Page(PageKind.COVER, picture=shown), Page(PageKind.TITLE), story(shown, SENTENCE))
    doc = BookDoc(IDENTIFIER, "The Fox", "Ada Machine", "en", Trim.SQUARE, "A picture book.", pages)
    return Sample(doc, {picture.content_hash: data, key: vector})


@pytest.fixture(scope="module")
def fox() -> bytes:
    pictured = scene(Actor("fox"), setting=Setting.VILLAGE)
    return draw(pictured, SHEETS, style=Style.FLAT, width_px=400, height_px=400, seed=1).svg().encode()


def pictures_in(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as made:
        streams = [found for found in made.objects if isinstance(found, pikepdf.Stream)]
        return sum(1 for found in streams if found.get("/Subtype") == "/Image")


def test_the_screen_edition_has_shapes_and_a_description(fox: bytes) -> None:
    sample = book_with(fox)
    report = inspect_pdf(pdf(sample.doc, sample.pictures))
    assert report.image_count == 0
    assert report.alternatives and all(report.alternatives)


def test_the_print_edition_has_shapes_in_inks_inside_and_on_the_cover(fox: bytes) -> None:
    sample = book_with(fox)
    inside = interior_pdf(sample.doc, sample.pictures, LULU)
    cover = wrap_pdf(sample.doc, sample.pictures, LULU, inspect_pdf(inside).page_count)
    assert pictures_in(inside) == pictures_in(cover) == 0
    assert b"/DeviceRGB" not in inside


def test_an_epub_keeps_the_pixels(fox: bytes) -> None:
    sample = book_with(fox)
    with zipfile.ZipFile(io.BytesIO(epub(sample.doc, sample.pictures))) as archive:
        assert [name for name in archive.namelist() if "/pictures/" in name and not name.endswith(".svg")]
        assert not [name for name in archive.namelist() if "/pictures/" in name and name.endswith(".svg")]


@pytest.mark.parametrize(
    "hostile",
    [
        b'<svg xmlns="x"><image href="file:///etc/passwd"/></svg>',
        b'<svg xmlns="x"><script>1</script></svg>',
        b'<svg xmlns="x"><path d="M0 0" xlink:href="y"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="x">&a;</svg>',
        b'<svg xmlns="x"><foreignObject/></svg>',
        b'<svg xmlns="x"><style>@import "y"</style></svg>',
        b'<svg xmlns="x">' + b" " * 5_000_000 + b"</svg>",
        b"not a picture",
        b"",
        b"<svg ><g>",
        SHAPES + b"<path",
        SHAPES.replace(b'"4"', b'"0"') + b"</svg>",
        SHAPES.replace(b'"4"', b'"1e30"') + b"</svg>",
        SHAPES + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</svg>",
        SHAPES + b"<g/>" * 60_000 + b"</svg>",
        SHAPES + b'<g filter="url(#a)"/>' * 501 + b"</svg>",
        SHAPES + b'<filter id="a" x="-100" width="1000"/></svg>',
        SHAPES + b'<g style="filter:blur(9px)"/></svg>',
        SHAPES + SHAPES + b"</svg></svg>",
    ],
)
def test_what_is_not_plain_is_set_from_its_pixels(hostile: bytes) -> None:
    assert not is_plain_svg(hostile)
    sample = book_with(hostile)
    assert inspect_pdf(pdf(sample.doc, sample.pictures)).image_count > 0


def test_a_drawing_of_another_shape_than_its_picture_is_set_from_its_pixels() -> None:
    tall = SHAPES.replace(b'height="4"', b'height="40"') + b'<path d="M0 0 L4 4 L0 4 Z"/></svg>'
    assert is_plain_svg(tall)
    sample = book_with(tall)
    assert inspect_pdf(pdf(sample.doc, sample.pictures)).image_count > 0


@pytest.mark.parametrize("style", Style)
def test_what_the_illustrator_writes_is_plain(style: Style) -> None:
    crowd = [Actor(who) for who in SHEETS][:4]
    for setting in (Setting.FOREST, Setting.VILLAGE):
        drawn = draw(scene(*crowd, setting=setting), SHEETS, style=style, width_px=400, height_px=400, seed=1)
        assert is_plain_svg(drawn.svg().encode())
