"""A book as EPUB 3: written file by file, so that every byte is known. Here the reflowable one is put together.

The archive has fixed dates and order, ``mimetype`` first; pictures and sounds are stored, never deflated,
because credentials may be embedded in them. Every character of the book is kept, even those
that no font here has: the reading device brings fonts of its own.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from overprint.core.book import BookDoc
from overprint.core.narration import Narration
from overprint.craft.typesetting.epub_aloud import overlay, pages_aloud
from overprint.craft.typesetting.epub_fonts import fonts_for
from overprint.craft.typesetting.epub_package import Content, Spoken, navigation, package
from overprint.craft.typesetting.epub_pages import parts_of
from overprint.craft.typesetting.pictures import Print, prepare
from overprint.craft.typesetting.plan import check
from overprint.craft.typesetting.words import language_of

_DATE = (2020, 1, 1, 0, 0, 0)
_CSS = Path(__file__).parent / "layout" / "book.css"
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


def epub(doc: BookDoc, pictures: Mapping[str, bytes], narration: Narration | None = None) -> bytes:
    """``pictures`` by content hash; with a ``narration``, its sounds are among them and the book reads itself aloud.

    Raises ``Invalid`` or ``LimitReached``. The same input gives the same bytes.
    """
    check(doc)
    language_of(doc)
    prints = prepare(doc.pages, pictures)
    aloud = pages_aloud(doc, narration, pictures)
    parts = parts_of(doc, prints, aloud)
    heard = {part.name: [aloud[number] for number in part.pages if number in aloud] for part in parts}
    overlays = {name: overlay(name, pages) for name, pages in heard.items() if pages}
    spoken = Spoken(narration.narrator, overlays, tuple(aloud.values())) if narration and overlays else None
    fonts = fonts_for(doc)
    css = ("book.css", fonts.css + _CSS.read_bytes())
    return archived(Content(doc, parts, _unique(prints), fonts.files, css, spoken))


def archived(content: Content) -> bytes:
    """The whole file."""
    spoken = content.spoken
    files: list[tuple[str, bytes]] = [
        ("META-INF/container.xml", _CONTAINER.encode()),
        ("EPUB/package.opf", package(content).encode()),
        ("EPUB/nav.xhtml", navigation(content).encode()),
        (f"EPUB/css/{content.css[0]}", content.css[1]),
        *((f"EPUB/text/{part.name}", part.markup.encode()) for part in content.parts),
        *((f"EPUB/smil/{each.name}", each.markup.encode()) for each in (spoken.overlays.values() if spoken else ())),
        *((f"EPUB/fonts/{name}", data) for name, data in content.fonts.items()),
        *((f"EPUB/pictures/{picture.name}", picture.data) for picture in content.prints),
        *((f"EPUB/audio/{page.name}", page.data) for page in (spoken.pages if spoken else ())),
    ]
    return _archive(files)


def _unique(prints: Mapping[int, Print]) -> list[Print]:
    return list({picture.name: picture for picture in prints.values()}.values())


def _archive(files: list[tuple[str, bytes]]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        _write(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name, data in files:
            stored = name.startswith(("EPUB/pictures/", "EPUB/audio/"))
            _write(archive, name, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _write(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = method
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data, compresslevel=6)
