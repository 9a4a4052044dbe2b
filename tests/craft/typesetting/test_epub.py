import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from overprint.core.book import Page, PageKind
from overprint.core.story import Trim
from overprint.craft.typesetting import epub_bytes, payload
from overprint.craft.typesetting.epub_file import epub
from tests.craft.typesetting.conftest import IDENTIFIER, SENTENCE, Sample, story
from tests.craft.typesetting.test_pdf import HOSTILE
from tests.support import epubcheck

Make = Callable[..., Sample]


def test_epubcheck_finds_nothing_in_a_whole_book(book: Make, tmp_path: Path) -> None:
    sample = book()
    _assert_epubcheck_is_silent(epub(sample.doc, sample.pictures), tmp_path)


def test_epubcheck_finds_nothing_in_a_book_of_hostile_words(book: Make, tmp_path: Path) -> None:
    sample = book()
    line = "\n".join(HOSTILE) + "\x00\x0b\ud800\ufffe ]]> <b>&nbsp;"
    pages = (*sample.doc.pages[:3], *(story(page.picture, line, heading=line[:250]) for page in sample.doc.pages[3:6]))
    doc = replace(sample.doc, title=line[:300], author=line[-60:], description=line, pages=pages, language="pt-BR")
    _assert_epubcheck_is_silent(epub(doc, sample.pictures), tmp_path)


def test_epubcheck_finds_nothing_in_a_bare_story_in_arabic(book: Make, tmp_path: Path) -> None:
    doc = replace(book().with_pages(story(None, "مرحبا"), story(None)).doc, language="ar", author="", description="")
    _assert_epubcheck_is_silent(epub(doc, {}), tmp_path)


def test_the_same_book_gives_the_same_archive(book: Make) -> None:
    sample = book()
    assert epub(sample.doc, sample.pictures) == epub_bytes(payload(sample.doc, sample.pictures))


def test_mimetype_comes_first_and_stored_and_no_entry_has_a_date_of_today(book: Make) -> None:
    sample = book()
    with zipfile.ZipFile(io.BytesIO(epub(sample.doc, sample.pictures))) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED
    assert {entry.date_time for entry in entries} == {(2020, 1, 1, 0, 0, 0)}
    pictures = [entry for entry in entries if "/pictures/" in entry.filename]
    assert len(pictures) == len(sample.pictures)
    assert all(entry.compress_type == zipfile.ZIP_STORED for entry in pictures)


def test_the_package_names_book_cover_and_accessibility(book: Make) -> None:
    sample = book()
    package = _read(epub(sample.doc, sample.pictures), "EPUB/package.opf")
    assert f"urn:uuid:{IDENTIFIER}" in package
    assert package.count('properties="cover-image"') == 1
    assert "2020-01-01T00:00:00Z" in package
    for term in ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard"):
        assert f"schema:{term}" in package


def test_every_picture_has_its_alternative_text(book: Make) -> None:
    sample = book()
    made = epub(sample.doc, sample.pictures)
    alts = []
    for name in _names(made):
        if name.endswith(".xhtml"):
            tree = ET.fromstring(_read(made, name))
            alts += [image.get("alt", "") for image in tree.iter("{http://www.w3.org/1999/xhtml}img")]
    expected = [page.picture.alt for page in sample.doc.pages if page.picture]
    assert len(alts) == len(expected)
    assert all(alt.startswith(wanted) for alt, wanted in zip(alts, expected, strict=True))


def test_navigation_lists_chapters_and_every_page(book: Make) -> None:
    sample = book(Trim.NOVEL)
    nav = _read(epub(sample.doc, sample.pictures), "EPUB/nav.xhtml")
    assert "The Lantern</a>" in nav
    assert nav.count("#page-") == len(sample.doc.pages)
    assert 'epub:type="landmarks"' in nav and 'epub:type="bodymatter"' in nav


def test_words_stay_words(book: Make) -> None:
    doc = book().with_pages(Page(PageKind.STORY, ('<img src="x"/> & 漢字 🦊', SENTENCE))).doc
    page = _read(epub(doc, {}), "EPUB/text/001-story.xhtml")
    assert "&lt;img src=&quot;x&quot;/&gt; &amp; 漢字 🦊" in page


def _names(made: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return archive.namelist()


def _read(made: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return archive.read(name).decode()


def _assert_epubcheck_is_silent(made: bytes, folder: Path) -> None:
    path = folder / "book.epub"
    path.write_bytes(made)
    assert epubcheck.findings(path) == []
