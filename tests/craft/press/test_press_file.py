import io
from dataclasses import replace

import numpy
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from overprint.core.book import trim_size_mm
from overprint.core.story import Trim
from overprint.craft.press import Level, Printer, get_printer, payload, press_bytes, read_press, told_whole
from overprint.craft.press.placements import placements, rgb_shadings
from overprint.craft.press.preflight import preflight_interior
from overprint.craft.press.press_file import interior_pdf
from overprint.craft.typesetting.inspect import inspect_pdf
from tests.craft.press.conftest import picture_book
from tests.craft.typesetting.conftest import Sample

POINTS_PER_MM = 72 / 25.4
LULU = get_printer("lulu-paperback")
GELATO = get_printer("gelato-softcover")


@pytest.fixture(scope="module")
def inside() -> bytes:
    sample = picture_book(story_pages=12)
    return interior_pdf(sample.doc, sample.pictures, LULU)


def test_twelve_pages_become_a_book_of_thirty_two_that_a_paperback_can_hold(inside: bytes) -> None:
    report = inspect_pdf(inside)
    assert report.page_count == 32
    assert "PDF/X-4" in report.standards
    assert report.fonts_embedded


def test_the_story_opens_on_a_left_hand_page_so_that_pictures_face_their_words(inside: bytes) -> None:
    with pikepdf.open(io.BytesIO(inside)) as made:
        pictured = [number for number, page in enumerate(made.pages, 1) if placements(page).pictures]
    assert len(pictured) == 12
    assert all(number % 2 == 0 for number in pictured)


@pytest.mark.parametrize(("trim", "printer"), [(Trim.A4_LANDSCAPE, GELATO), *((trim, LULU) for trim in LULU.trims)])
def test_every_page_has_its_trim_and_enough_bleed_and_pictures_reach_into_it(trim: Trim, printer: Printer) -> None:
    sample = picture_book(trim, 3)
    with pikepdf.open(io.BytesIO(interior_pdf(sample.doc, sample.pictures, printer))) as made:
        for page in made.pages:
            left, bottom, right, top = (float(side) for side in page.trimbox)
            assert (right - left, top - bottom) == pytest.approx(
                tuple(side * POINTS_PER_MM for side in trim_size_mm(trim)), abs=0.1
            )
            assert left == pytest.approx(printer.bleed_mm * POINTS_PER_MM, abs=0.01)
            assert list(map(float, page.obj.BleedBox)) == list(map(float, page.mediabox))
        full = [p for page in made.pages for p in placements(page).pictures if p.right_pt - p.left_pt > right - left]
        assert len(full) == 3
        assert all(p.left_pt <= 0.1 and p.bottom_pt <= 0.1 for p in full)


def test_gelato_gets_its_cover_and_the_inside_in_one_file_of_sheets_like_its_template() -> None:
    sample = picture_book(Trim.SQUARE_20, 3)
    report, files = read_press(press_bytes(payload(sample.doc, sample.pictures, "gelato-hardcover")))
    assert set(files) == {"whole"} and report.pages == 28
    assert {one.message for one in (*report.interior, *report.cover) if one.level is Level.ERROR} == {
        one.message for one in (*report.interior, *report.cover) if "pixels an inch" in one.message
    }
    assert "the cover, an empty page, the inside, an empty page" in told_whole(report)
    with pikepdf.open(io.BytesIO(files["whole"])) as made:
        sizes = [tuple(round(float(side) / POINTS_PER_MM, 1) for side in page.mediabox[2:]) for page in made.pages]
        assert all(list(page.trimbox) == list(page.mediabox) == list(page.obj.BleedBox) for page in made.pages)
        empty = [number for number, page in enumerate(made.pages, 1) if not page.obj.get("/Contents")]
        assert "/OutputIntents" in made.Root
    assert sizes == [(458.0, 246.0), *[(206.0, 206.0)] * 30]
    assert empty == [2, 31]
    assert "PDF/X-4" in inspect_pdf(files["whole"]).standards


def test_a_file_for_gelato_is_meant_for_gracol_and_names_where_its_profile_is_from() -> None:
    sample = picture_book(Trim.A4_LANDSCAPE, 3)
    made = interior_pdf(sample.doc, sample.pictures, GELATO)
    with pikepdf.open(io.BytesIO(made)) as opened:
        (intent,) = list(opened.Root.OutputIntents)  # type: ignore[call-overload]
        assert str(intent.OutputConditionIdentifier) == "CGATS TR 006"
        assert b"TR 006-2007" in intent.DestOutputProfile.read_bytes()
        assert len(opened.pages) == 28
        inks = [sum(inks) for page in opened.pages for inks in placements(page).inks]
    assert max(inks) * 100 <= 280
    told = {finding.message for finding in preflight_interior(made, Trim.A4_LANDSCAPE, GELATO)}
    assert not any("bleed" in message or "has no book in" in message for message in told)
    (refused,) = [one for one in preflight_interior(made, Trim.SQUARE, GELATO) if "has no book in" in one.message]
    assert refused.level is Level.ERROR
    assert "a4-landscape" in refused.next_step and "--" not in refused.next_step


def test_nothing_of_the_screens_colours_is_left_and_no_ink_runs_over_the_limit(inside: bytes) -> None:
    with pikepdf.open(io.BytesIO(inside)) as made:
        pages = [placements(page) for page in made.pages]
        assert not any(page.rgb for page in pages)
        assert not list(rgb_shadings(made))
        inks = [sum(inks) for page in pages for inks in page.inks]
    assert inks
    assert max(inks) * 100 <= LULU.ink_limit_percent


def test_words_stay_words_and_only_pictures_are_pixels(inside: bytes) -> None:
    with pypdfium2.PdfDocument(inside) as made:
        text = "".join(made[n].get_textpage().get_text_bounded() for n in range(len(made)))
    assert text.count("Who is there?") == 12


def test_the_same_book_gives_the_same_print_file(sample: Sample) -> None:
    first = interior_pdf(sample.doc, sample.pictures, LULU)
    assert first == interior_pdf(sample.doc, sample.pictures, LULU)


def test_a_dedication_keeps_the_story_on_left_hand_pages() -> None:
    sample = picture_book(story_pages=2, dedication="for Ada")
    with pikepdf.open(io.BytesIO(interior_pdf(sample.doc, sample.pictures, LULU))) as made:
        assert [n % 2 for n, page in enumerate(made.pages, 1) if placements(page).pictures] == [0, 0]


def test_preflight_finds_nothing_wrong_but_the_coarse_pictures_of_this_test(inside: bytes) -> None:
    findings = preflight_interior(inside, Trim.SQUARE, LULU)
    assert [(finding.level, len(finding.pages)) for finding in findings] == [(Level.ERROR, 12)]
    assert "50 pixels an inch" in findings[0].message


def test_the_inside_borrows_the_colour_of_the_cover_that_is_printed_apart() -> None:
    sample = picture_book(story_pages=3)
    cover, *rest = sample.doc.pages
    others = [page.picture for page in rest if page.picture and page.picture != cover.picture]
    recovered = replace(sample.doc, pages=(replace(cover, picture=others[0]), *rest))
    first, second = (interior_pdf(doc, sample.pictures, LULU) for doc in (sample.doc, recovered))
    papers = [pypdfium2.PdfDocument(made)[0].render(scale=0.1).to_numpy().mean(axis=(0, 1)) for made in (first, second)]
    assert numpy.abs(papers[0] - papers[1]).max() > 5


@pytest.mark.parametrize(("share", "advice"), [(0.995, "nothing has to be done"), (0.5, "Draw them again at ")])
def test_only_pictures_that_drawing_again_would_mend_are_to_be_drawn_again(share: float, advice: str) -> None:
    sample = picture_book(Trim.A4_LANDSCAPE, 3)
    made = interior_pdf(sample.doc, sample.pictures, GELATO)
    with pikepdf.open(io.BytesIO(made)) as opened:
        least_ppi = min(picture.ppi for page in opened.pages for picture in placements(page).pictures)
    asking = replace(GELATO, picture_least_ppi=round(least_ppi / share))
    findings = [f for f in preflight_interior(made, sample.doc.trim, asking) if "pixels an inch" in f.message]
    assert findings and all(advice in finding.next_step for finding in findings)
