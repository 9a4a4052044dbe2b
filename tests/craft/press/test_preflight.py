"""What is wrong is done to a sound file here, one thing at a time, and must be found."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from overprint.core.problems import Invalid
from overprint.core.story import Trim
from overprint.craft.press import Level, get_printer, payload, press_bytes, read_press, told
from overprint.craft.press.placements import placements
from overprint.craft.press.preflight import preflight_interior
from overprint.craft.press.press_file import interior_pdf
from overprint.craft.typesetting.pdf_file import pdf
from tests.craft.press.conftest import picture_book
from tests.craft.typesetting.conftest import Sample

LULU = get_printer("lulu-paperback")


@pytest.fixture(scope="module")
def sound() -> bytes:
    book = picture_book(story_pages=1)
    return interior_pdf(book.doc, book.pictures, LULU)


def _errors(data: bytes) -> list[str]:
    return [f.message for f in preflight_interior(data, Trim.SQUARE, LULU) if f.level is Level.ERROR]


def _harmed(data: bytes, harm: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as made:
        harm(made)
        kept = io.BytesIO()
        made.save(kept)
    return kept.getvalue()


def _drop_intent(made: pikepdf.Pdf) -> None:
    del made.Root.OutputIntents


def _paint_rgb(made: pikepdf.Pdf) -> None:
    made.pages[2].contents_add(b"q 1 0 0 rg 0 0 10 10 re f Q")


def _paint_too_wet(made: pikepdf.Pdf) -> None:
    made.pages[3].contents_add(b"q 1 1 1 1 k 0 0 10 10 re f Q")


def _wet_a_picture(made: pikepdf.Pdf) -> None:
    image = next(placed.image for page in made.pages for placed in placements(page).pictures)
    soaked = io.BytesIO()
    Image.new("CMYK", (int(image.Width), int(image.Height)), (255, 255, 255, 200)).save(soaked, "JPEG")
    image.write(soaked.getvalue(), filter=pikepdf.Name.DCTDecode)


def _shrink_bleed(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.BleedBox = made.pages[0].trimbox


def _add_page(made: pikepdf.Pdf) -> None:
    made.pages.append(made.pages[-1])


def _another_size(made: pikepdf.Pdf) -> None:
    made.pages[1].trimbox = [9, 9, 500, 500]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_drop_intent, "for which paper"),
        (_paint_rgb, "RGB"),
        (_paint_too_wet, "400 % of ink"),
        (_wet_a_picture, "378 % of ink"),
        (_shrink_bleed, "of bleed"),
        (_add_page, "multiple of 2"),
        (_another_size, "trimmed size"),
    ],
)
def test_harm_is_found(sound: bytes, harm: Callable[[pikepdf.Pdf], None], said: str) -> None:
    assert not any(said in message for message in _errors(sound))
    assert any(said in message for message in _errors(_harmed(sound, harm)))


def test_pages_are_named(sound: bytes) -> None:
    found = preflight_interior(_harmed(sound, _paint_rgb), Trim.SQUARE, LULU)
    assert [f.pages for f in found if "RGB" in f.message] == [(3,)]
    assert "page 3: There are colours" in told(found)


def test_a_short_book_filled_up_with_empty_pages_is_told_so(sound: bytes) -> None:
    found = [f for f in preflight_interior(sound, Trim.SQUARE, LULU) if "empty" in f.message]
    assert [f.level for f in found] == [Level.WARNING]
    assert len(found[0].pages) > 20
    assert not {1, 2} & set(found[0].pages)  # end papers: what is drawn in shapes is no bare paper


def test_the_screen_edition_is_no_print_file(sample: Sample) -> None:
    messages = " ".join(_errors(pdf(sample.doc, sample.pictures)))
    assert "PDF/X-4" in messages
    assert "bleed" in messages


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Invalid):
        preflight_interior(b"%PDF-1.6 no", Trim.SQUARE, LULU)


def test_a_book_goes_to_the_press_and_back_across_a_process_boundary(sample: Sample) -> None:
    report, files = read_press(press_bytes(payload(sample.doc, sample.pictures, "lulu-casewrap")))
    inside, cover = files["inside"], files["cover"]
    assert (report.printer, report.pages) == ("lulu-casewrap", 24)
    assert inside.startswith(b"%PDF-1.6")
    assert cover.startswith(b"%PDF-1.6")
    assert any("pixels an inch" in finding.message for finding in report.interior)
    assert not any("multiple" in finding.message for finding in report.interior)


def test_a_report_with_nothing_in_it_says_so() -> None:
    assert "Nothing to report" in told([])


def test_a_picture_stands_where_its_frames_let_it_be_seen() -> None:
    """On a cover the front's picture goes on under the back, unseen: the bar code's place is free all the same."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(1000, 500))
        image = made.make_stream(b"\x00", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=600, Height=300)
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
        framed = b"q 2 0 0 1 0 0 cm 250 0 200 400 re W n q 0 100 m 500 100 l 500 300 l 0 300 l h W* n %s Q Q"
        page.contents_add(framed % b"q 300 0 0 500 200 0 cm /Im Do Q" + b" q 300 0 0 150 0 0 cm /Im Do Q")
        seen = [(one.left_pt, one.bottom_pt, one.right_pt, one.top_pt) for one in placements(page).pictures]
    assert seen == [(500, 100, 900, 300), (0, 0, 300, 150)]
