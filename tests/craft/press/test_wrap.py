import io
from dataclasses import replace

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from overprint.core.story import Trim
from overprint.craft.press import Level, get_printer, printers
from overprint.craft.press.preflight import preflight_cover
from overprint.craft.press.wrap import wrap_pdf
from tests.craft.press.conftest import BLURB, picture_book
from tests.craft.typesetting.conftest import Sample

POINTS_PER_MM = 72 / 25.4


@pytest.mark.parametrize(
    ("key", "trim"),
    [
        *(("lulu-paperback", trim) for trim in get_printer("lulu-paperback").trims),
        *((key, printer.trims[0] if printer.trims else Trim.SQUARE) for key, printer in printers().items()),
        ("gelato-hardcover", Trim.PORTRAIT_21),
    ],
)
def test_a_cover_is_back_spine_and_front_with_what_is_folded_or_cut_around_it(key: str, trim: Trim) -> None:
    printer, sample = get_printer(key), picture_book(trim, 2)
    cover = wrap_pdf(sample.doc, sample.pictures, printer, 120)
    wide, tall = printer.cover.side_mm(trim)
    outside = 2 * printer.cover.outside_mm
    with pikepdf.open(io.BytesIO(cover)) as made:
        (page,) = made.pages
        sides = [float(side) / POINTS_PER_MM for side in page.mediabox]
    assert sides[2:] == pytest.approx([2 * wide + printer.spine.width_mm(120) + outside, tall + outside], abs=0.1)
    findings = preflight_cover(cover, trim, printer, 120)
    assert [finding.message for finding in findings if finding.level is Level.ERROR] == [
        message for message in [f.message for f in findings] if "pixels an inch" in message
    ]


def test_title_and_author_stand_on_the_front_and_on_a_spine_that_is_wide_enough(sample: Sample) -> None:
    printer = get_printer("lulu-paperback")
    assert _text(wrap_pdf(sample.doc, sample.pictures, printer, 32)).count("TheLanternFox") == 1
    thick = _text(wrap_pdf(sample.doc, sample.pictures, printer, 200))
    assert thick.count("TheLanternFox") == 2
    assert thick.count("AdaMachine") == 2


def test_the_back_says_what_the_book_is_about(sample: Sample) -> None:
    cover = wrap_pdf(sample.doc, sample.pictures, get_printer("lulu-paperback"), 32)
    assert "".join(BLURB.split()) in _text(cover)


def test_a_long_blurb_still_ends_above_the_bar_code(sample: Sample) -> None:
    printer = get_printer("lulu-paperback")
    long = replace(sample.doc, description=BLURB * 5)
    cover = wrap_pdf(long, sample.pictures, printer, 32)
    assert not [f for f in preflight_cover(cover, Trim.SQUARE, printer, 32) if "bar code" in f.message]


def test_a_cover_for_the_wrong_number_of_pages_is_found_out(sample: Sample) -> None:
    printer = get_printer("lulu-paperback")
    cover = wrap_pdf(sample.doc, sample.pictures, printer, 200)
    assert [f for f in preflight_cover(cover, Trim.SQUARE, printer, 32) if "trimmed size" in f.message]


def test_something_on_the_bar_codes_place_is_found_out(sample: Sample) -> None:
    printer = get_printer("lulu-paperback")
    cover = wrap_pdf(sample.doc, sample.pictures, printer, 32)
    with pikepdf.open(io.BytesIO(cover)) as made:
        page = made.pages[0]
        page.contents_add(b"q BT /f0 9 Tf 1 0 0 1 480 60 Tm ET Q")
        kept = io.BytesIO()
        made.save(kept)
    assert [f for f in preflight_cover(kept.getvalue(), Trim.SQUARE, printer, 32) if "bar code" in f.message]


def test_a_book_without_a_cover_picture_or_a_blurb_has_a_cover_all_the_same(sample: Sample) -> None:
    bare = replace(sample.doc, description="", pages=tuple(replace(page, picture=None) for page in sample.doc.pages))
    printer = get_printer("lulu-casewrap")
    cover = wrap_pdf(bare, {}, printer, 32)
    assert "TheLanternFox" in _text(cover)
    assert not [f for f in preflight_cover(cover, Trim.SQUARE, printer, 32) if f.level is Level.ERROR]


def _text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as made:
        return "".join(made[0].get_textpage().get_text_bounded().split())
