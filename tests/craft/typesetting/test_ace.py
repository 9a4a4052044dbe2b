"""Ace, the accessibility checker of the DAISY Consortium, finds nothing in our e-books."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from overprint.core.story import Trim
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.epub_fixed import epub_fixed
from tests.craft.typesetting.conftest import Sample
from tests.support import ace

Make = Callable[..., Sample]


@pytest.mark.parametrize("make", [epub, epub_fixed], ids=["reflowable", "fixed layout"])
def test_ace_finds_nothing(book: Make, tmp_path: Path, make: Callable[..., bytes]) -> None:
    """In a book of one page of each kind: Ace opens them one by one."""
    whole = book(Trim.SQUARE)
    cover, title, dedication, opening, _, bright, noisy, *_, text, colophon = whole.doc.pages
    sample = whole.with_pages(cover, title, dedication, opening, bright, noisy, text, colophon)
    path = tmp_path / "book.epub"
    path.write_bytes(make(sample.doc, sample.pictures))
    assert ace.findings(path) == []


def test_ace_would_find_a_picture_without_words(book: Make, tmp_path: Path) -> None:
    whole = book(Trim.SQUARE)
    sample = whole.with_pages(*[page for page in whole.doc.pages if page.picture][:2])
    path = tmp_path / "book.epub"
    path.write_bytes(epub(sample.doc, sample.pictures))
    _without_alternatives(path)
    assert any("alternative" in found or "alt" in found for found in ace.findings(path))


def _without_alternatives(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in entries:
            kept = re.sub(rb' alt="[^"]*"', b"", data) if info.filename.endswith(".xhtml") else data
            archive.writestr(info, kept)
