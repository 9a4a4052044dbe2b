"""A picture across two facing pages: its halves meet, nobody lies on the fold, the words in one half can be read."""

import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from numpy.typing import NDArray
from PIL import Image

from overprint.core.book import BookDoc, Picture, Spot, spread_size_px
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.press.placements import placements
from overprint.craft.press.preflight import preflight_interior
from overprint.craft.press.press_file import interior_pdf
from overprint.craft.press.printers import get_printer
from overprint.craft.typesetting.compiler import measure_all, shared_by_all
from overprint.craft.typesetting.contrast import PROMISE, Veil, worst
from overprint.craft.typesetting.dressing import dressed
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.epub_fixed import epub_fixed
from overprint.craft.typesetting.epub_leaves import PX_PER_PT
from overprint.craft.typesetting.geometry import format_of
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.leaves import Ask, Leaf, Room, SetPicture
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.pictures import Print, prepare, tones
from overprint.craft.typesetting.plan import Wishes, plan
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story
from tests.craft.typesetting.test_epub import _assert_epubcheck_is_silent

Make = Callable[..., Sample]
DPI = 60
ALT = "A fox at the sea"
# A fox in the right half: its face and all of it.
FOX = (Spot(0.7, 0.5, 0.1, 0.16, is_face=True), Spot(0.66, 0.48, 0.2, 0.46))
ON_THE_FOLD = (Spot(0.44, 0.5, 0.1, 0.16, is_face=True), Spot(0.4, 0.48, 0.2, 0.46))
LULU = get_printer("lulu-paperback")


def _wide(trim: Trim, spots: tuple[Spot, ...] = FOX, *, slow: bool = False) -> tuple[Picture, bytes]:
    """Every column another colour, so that one that is missing, doubled or moved is seen; rows hardly differ.
    ``slow``: neighbours differ less, and words on it need a shade."""
    width, height = spread_size_px(trim, DPI)
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    waves = [numpy.sin(x / 9) * 30, numpy.sin(x / 23 + 1) * 40, numpy.cos(x / 51) * 40]
    if slow:
        waves = [0 + 60 * numpy.sin(x / width * 20)] * 3
    painted = numpy.stack([90 + wave - y * 20 / height for wave in waves], axis=2).astype(numpy.uint8)
    kept = io.BytesIO()
    Image.fromarray(painted).save(kept, "PNG")
    data = kept.getvalue()
    key = hashlib.sha256(data).hexdigest()
    return Picture(key, "image/png", width, height, ALT, Area.TOP, spots, is_spread=True), data


def _with_spread(
    make: Make,
    trim: Trim = Trim.SQUARE,
    *,
    pages_before: int = 2,
    spots: tuple[Spot, ...] = FOX,
    words: int = 2,
    slow: bool = False,
) -> Sample:
    whole = make(trim)
    single, data = paint("dark", trim)
    wide, wide_data = _wide(trim, spots, slow=slow)
    before = [story(single, SENTENCE, heading="" if n else "One Night") for n in range(pages_before)]
    pages = (*whole.doc.pages[:3], *before, story(wide, *[SENTENCE] * words), story(single, SENTENCE))
    pictures = {**whole.pictures, single.content_hash: data, wide.content_hash: wide_data}
    return Sample(replace(whole.doc, pages=(*pages, whole.doc.pages[-1])), pictures)


@pytest.mark.parametrize("trim", list(Trim))
@pytest.mark.parametrize("pages_before", [1, 2])
def test_the_halves_lie_on_facing_pages_and_meet_exactly(book: Make, trim: Trim, pages_before: int) -> None:
    sample = _with_spread(book, trim, pages_before=pages_before, words=0)
    leaves = _leaves(sample.doc, sample.pictures)
    first, second = _spread_at(leaves)
    assert (first + 1) % 2 == 0 and second == first + 1
    left, right = (_shown(pdf(sample.doc, sample.pictures), page, trimmed=False) for page in (first, second))
    _assert_they_meet(left, right, sample, trim)


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.A4_LANDSCAPE])
def test_in_print_the_picture_is_parted_at_the_fold_and_goes_on_into_the_bleed(book: Make, trim: Trim) -> None:
    sample = _with_spread(book, trim, words=0)
    made = interior_pdf(sample.doc, sample.pictures, LULU)
    shape, form = spread_size_px(trim, DPI), format_of(trim)
    with pikepdf.open(io.BytesIO(made)) as opened:
        pages = list(opened.pages)
        found = [
            (number, placed)
            for number, page in enumerate(pages)
            for placed in placements(page).pictures
            if int(placed.image.Width) == shape[0] and placed.right_pt - placed.left_pt > form.width_pt
        ]
        bled_pt = [float(side) for side in pages[0].mediabox]
    (first, one), (second, other) = found
    assert (first + 1) % 2 == 0 and second == first + 1
    assert all(placed.bottom_pt <= 0.1 and placed.top_pt >= bled_pt[3] - 0.1 for placed in (one, other))
    assert one.left_pt <= 0.1 and one.right_pt >= bled_pt[2] - 0.1  # over the fold too: printers trim all four sides
    assert other.left_pt <= 0.1 and other.right_pt >= bled_pt[2] - 0.1
    left, right = (_shown(made, page, trimmed=True) for page in (first, second))
    assert numpy.abs(left[:, -2:].mean(axis=(0, 1)) - right[:, :2].mean(axis=(0, 1))).max() < 12


def test_a_printer_takes_a_book_with_a_spread(book: Make) -> None:
    sample = _with_spread(book, pages_before=3)
    made = interior_pdf(sample.doc, sample.pictures, LULU)
    told = [finding.message for finding in preflight_interior(made, Trim.SQUARE, LULU)]
    assert not [message for message in told if "pixels an inch" not in message and "empty" not in message], told
    assert made == interior_pdf(sample.doc, sample.pictures, LULU)


@pytest.mark.parametrize("trim", list(Trim))
@pytest.mark.parametrize("facing", [False, True])
def test_words_keep_to_one_half_off_fold_and_faces_and_can_be_read(book: Make, trim: Trim, facing: bool) -> None:
    sample = _with_spread(book, trim, words=4)
    leaves = _leaves(sample.doc, sample.pictures, facing=facing)
    first, second = _spread_at(leaves)
    (worded,) = [leaf for leaf in leaves[first : second + 1] if leaf.text is not None]
    assert worded.text and worded.picture
    form, picture = format_of(trim), _print(sample)
    assert form.page.grown(-form.margin_pt + 0.1).holds(worded.text.box)
    lying = picture.lying(worded.picture.placed)
    assert all(worded.text.box.shared_pt2(face) == 0 for face in lying.faces)
    for leaf in leaves[first : second + 1]:
        assert leaf.picture
        faces = picture.lying(leaf.picture.placed).faces
        assert all(veil.box.shared_pt2(face) == 0 for veil in leaf.veils for face in faces)
    under = worded.veils[0] if worded.veils else None
    veil = Veil(worded.text.ink, under.colour if under else (0, 0, 0), under.alpha if under else 0.0)
    assert worst(veil, tones(picture, worded.picture.placed, worded.text.box)) >= PROMISE


def test_a_shade_behind_the_words_does_not_show_the_fold(book: Make) -> None:
    sample = _with_spread(book, words=2, slow=True)
    leaves = _leaves(sample.doc, sample.pictures)
    first, second = _spread_at(leaves)
    shades = [[veil for veil in leaves[n].veils if veil.shape == "shade"] for n in (first, second)]
    assert shades[0] and shades[0] == shades[1]
    left, right = (_shown(pdf(sample.doc, sample.pictures), page, trimmed=False) for page in (first, second))
    assert numpy.abs(left[:, -2:].mean(axis=1) - right[:, :2].mean(axis=1)).max() < 25


def test_nobody_is_bound_into_the_book(book: Make) -> None:
    sample = _with_spread(book, spots=ON_THE_FOLD)
    leaves = _leaves(sample.doc, sample.pictures)
    assert not [leaf for leaf in leaves if leaf.template == "spread"]
    (single,) = [leaf for leaf in leaves if leaf.picture and leaf.picture.alt == ALT]
    assert single.picture
    _assert_faces_are_whole(_print(sample), single.picture)


def test_the_page_before_a_spread_makes_way_so_that_it_lies_open(book: Make) -> None:
    for before in (1, 2, 3):
        sample = _with_spread(book, pages_before=before)
        made = [leaf.template for leaf in _leaves(sample.doc, sample.pictures)]
        at = made.index("spread")
        assert at % 2 == 1 and made[at : at + 2] == ["spread"] * 2  # the first leaf is a right-hand page
        assert (made[at - 2 : at] == ["picture", "text"]) == (before % 2 == 1), made


def test_a_wide_picture_that_cannot_lie_open_stands_on_one_page_with_everybody_in_it(book: Make) -> None:
    sample = _with_spread(book, pages_before=0)
    wide, wordless = sample.doc.pages[3], story(None, SENTENCE)
    doc = replace(sample.doc, pages=(*sample.doc.pages[:3], wordless, wide, *sample.doc.pages[4:]))
    leaves = _leaves(doc, sample.pictures)
    assert not [leaf for leaf in leaves if leaf.template == "spread"]
    (single,) = [leaf for leaf in leaves if leaf.picture and leaf.picture.alt == ALT]
    assert single.picture
    _assert_faces_are_whole(_print(sample), single.picture)


def test_in_print_a_page_without_a_picture_costs_no_spread_and_pictures_stay_on_the_left(book: Make) -> None:
    sample = _with_spread(book, pages_before=1)
    *front, before, wide, after, imprint = sample.doc.pages
    doc = replace(sample.doc, pages=(*front, before, story(None, SENTENCE), wide, after, imprint))
    leaves = _leaves(doc, sample.pictures, facing=True)
    first, second = _spread_at(leaves)
    assert (first + 1) % 2 == 0 and second == first + 1
    pictures = [number for number, leaf in enumerate(leaves, 1) if leaf.template == "picture"]
    assert len(pictures) == 2 and not any(number % 2 for number in pictures)
    (made_up,) = [leaf for leaf in leaves if leaf.template == "blank"]
    assert made_up.ornaments


@pytest.mark.parametrize(("trim", "size_pt"), [(Trim.A5, 11.5), (Trim.SQUARE, 15.0)])
def test_in_print_the_words_of_a_spread_beside_long_pages_are_as_large_as_theirs(
    book: Make, trim: Trim, size_pt: float
) -> None:
    sample = _with_spread(book, trim, pages_before=4)
    long = [
        replace(page, paragraphs=(SENTENCE,) * 24) if page.picture and not page.picture.is_spread else page
        for page in sample.doc.pages
    ]
    leaves = _leaves(replace(sample.doc, pages=(*sample.doc.pages[:3], *long[3:])), sample.pictures, facing=True)
    first, second = _spread_at(leaves)
    assert first < second
    sizes = {leaf.text.size for leaf in leaves if leaf.text and leaf.template in ("spread", "text")}
    assert sizes == {size_pt}


def test_words_that_leave_a_picture_no_room_take_it_to_one_page(book: Make) -> None:
    sample = _with_spread(book, words=24)
    assert not [leaf for leaf in _leaves(sample.doc, sample.pictures) if leaf.template == "spread"]


def test_in_a_book_read_from_the_right_its_right_half_comes_first(book: Make) -> None:
    sample = _with_spread(book)
    doc = replace(sample.doc, language="ar")
    leaves = _leaves(doc, sample.pictures)
    first, second = _spread_at(leaves)
    one, other = leaves[first].picture, leaves[second].picture
    assert one and other and one.placed.left_pt < other.placed.left_pt
    made = epub_fixed(doc, sample.pictures)
    assert made is not None
    sides = re.findall(r"page-spread-(left|right)", _package(made))
    assert (sides[first], sides[second]) == ("right", "left")


def test_a_spread_is_described_once_everywhere(book: Make) -> None:
    sample = _with_spread(book)
    made = pdf(sample.doc, sample.pictures)
    assert inspect_pdf(made).alternatives.count(ALT) == 1
    assert "" not in inspect_pdf(made).alternatives
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.Root.PageLayout == "/TwoPageRight"
    fixed, flowing = epub_fixed(sample.doc, sample.pictures), epub(sample.doc, sample.pictures)
    assert fixed is not None
    form = format_of(Trim.SQUARE)
    both = f"width:{(form.width_pt + form.bleed_pt) * 2 * PX_PER_PT:g}px"
    halves = [tag for tag in re.findall(r"<img[^>]*>", _texts(fixed)) if both in tag]
    assert len(halves) == 2 and _texts(fixed).count(f'alt="{ALT}"') == 1
    assert f'alt="{ALT}"' in halves[0] and 'alt="" role="presentation"' in halves[1]
    assert _texts(flowing).count(f'alt="{ALT}"') == 1
    assert _texts(flowing).count("<img") == sum(1 for page in sample.doc.pages if page.picture)


def test_epubcheck_finds_nothing_in_a_book_with_a_spread_and_two_builds_are_the_same(
    book: Make, tmp_path: Path
) -> None:
    sample = _with_spread(book)
    made = epub_fixed(sample.doc, sample.pictures)
    assert made is not None and made == epub_fixed(sample.doc, sample.pictures)
    _assert_epubcheck_is_silent(made, tmp_path)
    sides = re.findall(r"page-spread-(left|right)", _package(made))
    first, second = _spread_at(_leaves(sample.doc, sample.pictures))
    assert (sides[first], sides[second]) == ("left", "right")
    assert pdf(sample.doc, sample.pictures) == pdf(sample.doc, sample.pictures)


def _assert_they_meet(left: NDArray[numpy.float64], right: NDArray[numpy.float64], sample: Sample, trim: Trim) -> None:
    """Side by side they are the picture, column for column, as far as anti-aliasing lets one see."""
    form = format_of(trim)
    data = sample.pictures[next(p.picture.content_hash for p in sample.doc.pages if p.picture and p.picture.is_spread)]
    whole = Image.open(io.BytesIO(data)).convert("RGB")
    per_pt = whole.width / (2 * (form.width_pt + form.bleed_pt))
    scale = left.shape[1] / form.width_pt
    both = numpy.concatenate([left, right], axis=1).mean(axis=0)
    columns = numpy.asarray(whole, dtype=numpy.float64).mean(axis=0)
    for column in range(left.shape[1] - 12, left.shape[1] + 12):
        at = (form.bleed_pt + (column + 0.5) / scale) * per_pt - 0.5
        wanted = [numpy.interp(at, numpy.arange(len(columns)), columns[:, channel]) for channel in range(3)]
        assert numpy.abs(both[column] - wanted).max() < 6, column - left.shape[1]


def _assert_faces_are_whole(picture: Print, seen: SetPicture) -> None:
    faces = picture.lying(seen.placed).faces
    assert faces and all(seen.clip.holds(face) for face in faces)


def _shown(made: bytes, page: int, *, trimmed: bool) -> NDArray[numpy.float64]:
    """A page as it looks, ``page`` from 0, cut to its trim if asked to."""
    with pypdfium2.PdfDocument(made) as document:
        shown = document[page].render(scale=1.0).to_pil().convert("RGB")
        if trimmed:
            left, bottom, right, top = document[page].get_trimbox()
            tall = document[page].get_height()
            shown = shown.crop((round(left), round(tall - top), round(right), round(tall - bottom)))
    return numpy.asarray(shown, dtype=numpy.float64)


def _spread_at(leaves: Sequence[Leaf]) -> tuple[int, int]:
    first, second = (number for number, leaf in enumerate(leaves) if leaf.template == "spread")
    return first, second


def _leaves(doc: BookDoc, pictures: dict[str, bytes], *, facing: bool = False) -> Sequence[Leaf]:
    book = dressed(doc)
    shared = shared_by_all(book, format_of(book.trim), text_face_only=False)
    with tempfile.TemporaryDirectory() as folder:

        def measure(asks: Sequence[Ask]) -> list[Room]:
            return measure_all(asks, shared, folder)

        return plan(book, pictures, measure, Wishes(facing=facing)).leaves


def _print(sample: Sample) -> Print:
    return next(one for one in prepare(dressed(sample.doc).pages, sample.pictures).values() if one.is_spread)


def _package(made: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return archive.read("EPUB/package.opf").decode()


def _texts(made: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("EPUB/text/"))
        return "".join(archive.read(name).decode() for name in names)
