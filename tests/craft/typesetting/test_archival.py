"""A screen PDF keeps the rules of PDF/A and PDF/UA, before it is signed and after; each broken rule is told."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from overprint.craft.typesetting.pdf_file import pdf
from tests.craft.typesetting.archival import departures
from tests.craft.typesetting.conftest import Sample

Make = Callable[..., Sample]


@pytest.fixture(scope="module")
def made(book: Make) -> bytes:
    sample = book()
    return pdf(sample.doc, sample.pictures)


def test_a_whole_book_departs_from_no_rule(made: bytes) -> None:
    assert departures(made) == []


def _untagged(book: pikepdf.Pdf) -> None:
    del book.Root.StructTreeRoot


def _unmarked(book: pikepdf.Pdf) -> None:
    page = book.pages[0]
    page.contents_add(book.make_stream(b"0 0 10 10 re f"))


def _acting(book: pikepdf.Pdf) -> None:
    book.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _mute(book: pikepdf.Pdf) -> None:
    for found in book.objects:
        if isinstance(found, pikepdf.Dictionary) and found.get("/Subtype") == "/Type0":
            del found.ToUnicode


def _undescribed(book: pikepdf.Pdf) -> None:
    for found in book.objects:
        if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/Figure":
            found.Alt = " "


def _colourless(book: pikepdf.Pdf) -> None:
    del book.Root.OutputIntents


def _retitled(book: pikepdf.Pdf) -> None:
    book.docinfo.Title = "Another book"


def _of_another_language(book: pikepdf.Pdf) -> None:
    del book.Root.Lang


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_untagged, "it has no tags"),
        (_unmarked, "page 1: 1 things are painted outside of all tags"),
        (_acting, "it acts by itself"),
        (_mute, "a font's letters mean nothing"),
        (_undescribed, "a figure has no description"),
        (_colourless, "what its colours mean"),
        (_retitled, "its two titles differ"),
        (_of_another_language, "its language"),
    ],
)
def test_a_rule_that_is_broken_is_told(made: bytes, spoil: Callable[[pikepdf.Pdf], None], told: str) -> None:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as opened:
        spoil(opened)
        opened.save(kept)
    assert any(told in fault for fault in departures(kept.getvalue()))
