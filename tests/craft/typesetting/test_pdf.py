import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pytest

from overprint.core.book import Page, PageKind, trim_size_mm
from overprint.core.problems import Invalid, LimitReached
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.typesetting import payload, pdf_bytes
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.words import missing_characters
from tests.craft.typesetting.conftest import IDENTIFIER, SENTENCE, Sample, paint, story
from tests.craft.typesetting.reading import letters_of, text_of

Make = Callable[..., Sample]

HOSTILE = (
    '#read("/etc/passwd")',
    "$ sum_(i=0)^n $ and *bold* and _slanted_ and @label <label>",
    "// not a comment /* nor this */ ```raw block``` `code`",
    '#import "@preview/cetz:0.3.0" #sys.inputs #panic(1) \\u{41} ~ -- --- ... \'x\' "y"',
    "= No heading - no list + no number / term: no",
    "https://example.org/#a?b=c&d=<e>]]>&amp;<script>alert(1)</script>",
)


@pytest.mark.parametrize("trim", list(Trim))
def test_a_book_of_every_trim_has_its_size_its_pages_and_its_fonts(book: Make, trim: Trim) -> None:
    sample = book(trim)
    report = inspect_pdf(pdf(sample.doc, sample.pictures))
    assert report.page_size_mm == pytest.approx(trim_size_mm(trim), abs=0.05)
    assert report.one_size
    assert len(sample.doc.pages) <= report.page_count <= len(sample.doc.pages) + 6  # end papers, half-title
    assert report.fonts and report.fonts_embedded
    assert (report.title, report.language) == ("The Lantern Fox", "en")
    assert report.tagged and report.standards == ("PDF/A-2a", "PDF/UA-1")


def test_every_picture_stands_in_the_structure_with_its_alternative_text(book: Make) -> None:
    sample = book()
    shown = [page.picture.alt for page in sample.doc.pages if page.picture]
    assert list(inspect_pdf(pdf(sample.doc, sample.pictures)).alternatives) == shown


def test_the_same_book_gives_the_same_bytes_in_another_process(book: Make) -> None:
    sample = book()
    here = hashlib.sha256(pdf(sample.doc, sample.pictures)).hexdigest()
    program = (
        "import sys, hashlib; from overprint.craft.typesetting import pdf_bytes; "
        "print(hashlib.sha256(pdf_bytes(sys.stdin.buffer.read())).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=payload(sample.doc, sample.pictures),
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert done.stdout.decode().strip() == here


def test_the_file_carries_the_identifier_of_the_book(book: Make) -> None:
    sample = book().with_pages(story(None, SENTENCE))
    made = pdf(sample.doc, {})
    assert f"urn:uuid:{IDENTIFIER}".encode() in made
    assert pdf(replace(sample.doc, identifier="another"), {}) != made


@pytest.mark.parametrize("line", HOSTILE)
def test_what_looks_like_markup_comes_out_as_text(book: Make, line: str) -> None:
    sample = book()
    hostile = replace(sample.doc, title=line[:120], author=line[:60])
    pages = (*sample.doc.pages[:3], story(sample.doc.pages[3].picture, line, line * 3, heading=line[:100]))
    found = text_of(pdf(replace(hostile, pages=pages), sample.pictures))
    assert _letters_only(line) in _letters_only(found)
    assert "root:" not in found


def test_control_characters_are_dropped_and_direction_marks_do_no_harm(book: Make) -> None:
    doc = book().with_pages(story(None, "be\x00fore\x07 \u202eafter\u202c \ufdd0\ue000\U000e0041\ud800end")).doc
    found = text_of(pdf(doc, {}))
    assert "before" in found and "end" in found


def test_characters_that_no_font_has_become_a_sign_and_are_named_beforehand(book: Make) -> None:
    doc = book().with_pages(story(None, "Fox 🦊 ఖక مرحبا שלום Привет ελπίδα e\u0301 x\u0301\u0302 👩\u200d🚀")).doc
    assert missing_characters(doc) == ("క", "ఖ")
    found = text_of(pdf(doc, {}))
    assert "\ufffd" in found and "Привет" in found and "ελπίδα" in found


@pytest.mark.parametrize("language", ["ar", "he", "de-AT", "pt-BR"])
def test_other_languages_can_be_set(book: Make, language: str) -> None:
    doc = replace(book().with_pages(story(None, "مرحبا بالعالم שלום עולם Größe")).doc, language=language)
    assert inspect_pdf(pdf(doc, {})).language.lower().startswith(language[:2])


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.NOVEL, Trim.A4_LANDSCAPE])
def test_ten_thousand_characters_run_over_pages_and_none_is_lost(book: Make, trim: Trim) -> None:
    words = [f"word{number}" for number in range(1150)]
    sample = book(trim).with_pages(story(None, " ".join(words), heading="Long"))
    made = pdf(sample.doc, {})
    assert inspect_pdf(made).page_count >= 3
    found = _letters_only(text_of(made))
    assert all(word in found for word in words)
    _assert_everything_is_on_the_page_and_large_enough(made)


@pytest.mark.parametrize("trim", list(Trim))
@pytest.mark.parametrize("length", [1, 4, 9, 16])
def test_words_never_leave_the_page_nor_get_too_small(book: Make, trim: Trim, length: int) -> None:
    picture, data = paint("dark", trim)
    restless, noise = paint("noisy", trim, Area.NONE)
    text = [SENTENCE * 2] * length
    sample = book(trim).with_pages(
        story(picture, *text), story(picture, *text, heading="A rather long heading " * 3), story(restless, *text)
    )
    made = pdf(sample.doc, {picture.content_hash: data, restless.content_hash: noise})
    _assert_everything_is_on_the_page_and_large_enough(made)


@pytest.mark.parametrize("trim", [Trim.A5, Trim.SQUARE])
def test_endless_words_break_instead_of_leaving_the_page(book: Make, trim: Trim) -> None:
    sample = book(trim)
    doc = replace(sample.doc, title="Donaudampfschifffahrtsgesellschaft" * 3, author="W" * 150)
    pages = (*doc.pages[:3], story(None, "x" * 3000, heading="Y" * 200), story(doc.pages[3].picture, "z" * 400))
    made = pdf(replace(doc, pages=pages), sample.pictures)
    _assert_everything_is_on_the_page_and_large_enough(made)
    assert text_of(made).count("x") == 3000


def test_a_long_chapter_opens_with_a_picture_facing_its_text(book: Make) -> None:
    picture, data = paint("noisy", Trim.SQUARE, Area.NONE)
    sample = book().with_pages(story(None, SENTENCE), story(picture, *[SENTENCE] * 9, heading="The Lantern"))
    with pypdfium2.PdfDocument(pdf(sample.doc, {picture.content_hash: data})) as made:
        assert [bool(letters_of(page)) for page in made] == [True, False, True]


def test_a_title_of_the_longest_length_still_fits_its_pages(book: Make) -> None:
    sample = book(Trim.A5)
    doc = replace(sample.doc, title=("The long way round " * 16)[:300].strip(), author="Somebody " * 12)
    _assert_everything_is_on_the_page_and_large_enough(pdf(doc, sample.pictures))
    with pytest.raises(LimitReached, match="at most 300 characters"):
        pdf(replace(doc, title="x" * 3000), sample.pictures)


def test_a_missing_picture_is_refused_and_a_damaged_one_too(book: Make) -> None:
    sample = book()
    with pytest.raises(Invalid, match="picture of page 1 was not handed over"):
        pdf(sample.doc, {})
    with pytest.raises(Invalid, match="cannot be read"):
        pdf(sample.doc, dict.fromkeys(sample.pictures, b"no picture"))
    cut = {name: data[: len(data) // 2] for name, data in sample.pictures.items()}
    with pytest.raises(Invalid, match="cannot be read"):
        pdf(sample.doc, cut)


def test_books_without_pages_or_without_end_are_refused(book: Make) -> None:
    doc = book().doc
    with pytest.raises(Invalid, match="at least one page"):
        pdf(replace(doc, pages=()), {})
    with pytest.raises(LimitReached, match="more text"):
        pdf(replace(doc, pages=(story(None, "a " * 150_000),)), {})
    with pytest.raises(LimitReached, match="at most 1000 pages"):
        pdf(replace(doc, pages=(Page(PageKind.STORY),) * 1001), {})
    with pytest.raises(Invalid, match="not a language"):
        pdf(replace(doc, language='en"; #panic()'), {})


def test_a_payload_carries_a_whole_book(book: Make) -> None:
    sample = book()
    assert pdf_bytes(payload(sample.doc, sample.pictures)) == pdf(sample.doc, sample.pictures)


def _letters_only(text: str) -> str:
    return "".join(text.replace("\ufffe", "").split())


def _assert_everything_is_on_the_page_and_large_enough(made: bytes) -> None:
    with pypdfium2.PdfDocument(made) as document:
        seen = 0
        for page in document:
            wide, tall = page.get_size()
            for letter in letters_of(page):
                seen += 1
                assert letter.size_pt >= 10.9, letter
                assert letter.left_pt >= 12 and letter.right_pt <= wide - 12, letter
                assert letter.top_pt >= 12 and letter.bottom_pt <= tall - 12, letter
        assert seen > 100
