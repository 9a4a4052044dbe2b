"""``benchmarks.layout``, set by Overprint. Loads nothing else, because its start counts."""

import hashlib
import io
from pathlib import Path
from typing import Any

from PIL import Image

from overprint.core.book import BookDoc, Page, PageKind, Picture, Spot
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.typesetting.pdf_file import pdf


def set_book(book: dict[str, Any], folder: Path) -> bytes:
    return pdf(*document(book, folder))


def document(book: dict[str, Any], folder: Path) -> tuple[BookDoc, dict[str, bytes]]:
    """The book as Overprint takes it, with its pictures by hash."""
    pictures: dict[str, bytes] = {}
    pages = [Page(PageKind.TITLE)]
    for number, chapter in enumerate(book["chapters"], 1):
        for at, page in enumerate(chapter["pages"]):
            picture = _picture(page, folder, pictures) if page["picture"] else None
            heading = chapter["title"] if at == 0 else ""
            pages.append(Page(PageKind.STORY, tuple(page["paragraphs"]), heading, picture, number))
    doc = BookDoc("urn:bench", book["title"], "Overprint", "en", Trim(book["trim"]), "", tuple(pages))
    return doc, pictures


def _picture(page: dict[str, Any], folder: Path, pictures: dict[str, bytes]) -> Picture:
    data = (folder / page["picture"]).read_bytes()
    content_hash = hashlib.sha256(data).hexdigest()
    pictures[content_hash] = data
    width, height = Image.open(io.BytesIO(data)).size
    spots = tuple(Spot(*spot) for spot in page["spots"])
    return Picture(content_hash, "image/jpeg", width, height, page["alt"], Area.NONE, spots)
