"""Typesetting across a process boundary: bytes in, bytes out, for the compute port."""

from collections.abc import Mapping

from overprint.core.book import BookDoc
from overprint.core.codec import decode, encode
from overprint.craft.framing import pack, unpack
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.pdf_file import pdf


def payload(doc: BookDoc, pictures: Mapping[str, bytes]) -> bytes:
    """What :func:`pdf_bytes` and :func:`epub_bytes` take."""
    return pack({"book": encode(doc)}, pictures)


def pdf_bytes(payload: bytes) -> bytes:
    """:func:`pdf` of a packed book."""
    return pdf(*_read(payload))


def epub_bytes(payload: bytes) -> bytes:
    """:func:`epub` of a packed book."""
    return epub(*_read(payload))


def _read(payload: bytes) -> tuple[BookDoc, dict[str, bytes]]:
    header, pictures = unpack(payload)
    return decode(BookDoc, header.get("book")), pictures
