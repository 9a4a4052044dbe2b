"""Pages of one size, with the words where the screen PDF has them."""

import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from overprint.core.book import Page, PageKind
from overprint.core.story import Trim
from overprint.craft.typesetting.epub_fixed import epub_fixed
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.pdf_file import pdf
from overprint.main.toolchain import chromium
from tests.craft.typesetting.conftest import SENTENCE, Sample, story
from tests.craft.typesetting.test_epub import _assert_epubcheck_is_silent

Make = Callable[..., Sample]
XHTML = "{http://www.w3.org/1999/xhtml}"
# Run in a browser: how many pixels words stick out of each leaf, and how many blocks of them lie upon others.
_MEASURE = """<script>addEventListener('load', () => document.fonts.ready.then(() => {
  const told = [...document.querySelectorAll('.leaf')].map(leaf => {
    const page = leaf.getBoundingClientRect();
    const boxes = [...leaf.querySelectorAll('.words, .title, .lines')].map(block => block.getBoundingClientRect());
    const sides = b => [page.left - b.left, page.top - b.top, b.right - page.right, b.bottom - page.bottom];
    const meets = (b, i) => boxes.some((o, j) => j < i && b.top < o.bottom - 4 && o.top < b.bottom - 4);
    return [Math.round(Math.max(0, ...boxes.flatMap(sides))), boxes.filter(meets).length, boxes.length];
  });
  document.title = 'measured ' + JSON.stringify(told);
}));</script>"""


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.A4_LANDSCAPE])
def test_epubcheck_finds_nothing_in_pages_of_one_size(book: Make, tmp_path: Path, trim: Trim) -> None:
    _assert_epubcheck_is_silent(_fixed(book(trim)), tmp_path)


def test_epubcheck_finds_nothing_in_pages_of_one_size_from_right_to_left(book: Make, tmp_path: Path) -> None:
    sample = book().with_pages(story(None, "مرحبا"), story(None, "שלום"))
    made = _fixed(replace(sample, doc=replace(sample.doc, language="ar")))
    _assert_epubcheck_is_silent(made, tmp_path)
    assert 'properties="page-spread-left"/>' in _package(made).partition("itemref")[2].partition("/>")[0] + "/>"


def test_a_book_has_the_same_pages_as_its_screen_pdf(book: Make) -> None:
    sample = book()
    pages = _pages(_fixed(sample))
    assert len(pages) == inspect_pdf(pdf(sample.doc, sample.pictures)).page_count
    spread = re.findall(r"page-spread-(left|right)", _package(_fixed(sample)))
    assert spread[:4] == ["right", "left", "right", "left"] and len(spread) == len(pages)


def test_every_word_of_the_book_is_there_to_be_read_and_every_picture_is_described(book: Make) -> None:
    sample = book()
    pages = _pages(_fixed(sample))
    told = " ".join(" ".join(tree.itertext()) for tree in pages).replace("\u00a0", " ")
    for page in sample.doc.pages:
        assert all(paragraph in told for paragraph in page.paragraphs)
    alts = {image.get("alt") for tree in pages for image in tree.iter(f"{XHTML}img")} - {""}
    assert alts == {page.picture.alt for page in sample.doc.pages if page.picture}


def test_the_same_book_gives_the_same_pages_of_one_size(book: Make) -> None:
    assert _fixed(book()) == _fixed(book())


def test_words_that_run_over_pages_have_no_pages_of_one_size(book: Make) -> None:
    sample = book().with_pages(Page(PageKind.TITLE), story(None, *[SENTENCE * 10] * 40))
    assert epub_fixed(sample.doc, {}) is None


@pytest.mark.parametrize("trim", [Trim.SQUARE, Trim.A4_LANDSCAPE, Trim.A5])
def test_a_browser_shows_all_words_on_their_page_and_none_upon_others(book: Make, tmp_path: Path, trim: Trim) -> None:
    with zipfile.ZipFile(io.BytesIO(_fixed(book(trim)))) as archive:
        archive.extractall(tmp_path)
    files = sorted((tmp_path / "EPUB" / "text").glob("*.xhtml"))
    leaves = [file.read_text().partition("<body>")[2].partition("</body>")[0] for file in files]
    head = files[0].read_text().partition("<head>")[2].partition("</head>")[0]
    together = files[0].with_name("all.html")
    together.write_text(f"<!DOCTYPE html><head>{head}{_MEASURE}</head><body>{''.join(leaves)}</body>")
    measured = _measured(together)
    assert len(measured) == len(files) and sum(blocks for _, _, blocks in measured) >= 9
    assert [(out, meet) for out, meet, _ in measured if out > 2 or meet] == []


def _measured(page: Path) -> list[tuple[int, int, int]]:
    command = [chromium() or "", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"]
    shown = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    ).stdout
    found = re.search(r"<title>measured (.*?)</title>", shown)
    assert found, shown[:500]
    return [(out, meet, blocks) for out, meet, blocks in json.loads(found[1])]


def _fixed(sample: Sample) -> bytes:
    made = epub_fixed(sample.doc, sample.pictures)
    assert made is not None
    return made


def _pages(made: bytes) -> list[ET.Element]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("EPUB/text/"))
        return [ET.fromstring(archive.read(name)) for name in names]


def _package(made: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return archive.read("EPUB/package.opf").decode()
