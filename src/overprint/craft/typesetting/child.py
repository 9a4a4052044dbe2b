"""Typesetting across a process boundary: bytes in, bytes out, for the compute port."""

from collections.abc import Mapping

from overprint.core.book import BookDoc
from overprint.core.codec import canonical, decode, encode
from overprint.core.narration import Narration
from overprint.craft.framing import pack, unpack


def payload(doc: BookDoc, pictures: Mapping[str, bytes], narration: Narration | None = None) -> bytes:
    """What the functions below take. A narration's sounds are among the ``pictures``."""
    return pack({"book": encode(doc), "narration": encode(narration)}, pictures)


def pdf_bytes(payload: bytes) -> bytes:
    """:func:`pdf` of a packed book."""
    from overprint.craft.typesetting.pdf_file import pdf

    doc, pictures, _ = _read(payload)
    return pdf(doc, pictures)


def epub_bytes(payload: bytes) -> bytes:
    """:func:`epub` of a packed book."""
    from overprint.craft.typesetting.epub_file import epub

    return epub(*_read(payload))


def epub_fixed_bytes(payload: bytes) -> bytes:
    """:func:`epub_fixed` of a packed book; empty where there is none."""
    from overprint.craft.typesetting.epub_fixed import epub_fixed

    return epub_fixed(*_read(payload)) or b""


def proof_bytes(payload: bytes) -> bytes:
    """:func:`proof` of a packed book, as JSON; what :func:`proof_payload` packs."""
    from overprint.craft.typesetting.proof import proof

    header, pictures = unpack(payload)
    made = proof(decode(BookDoc, header.get("book")), pictures, is_print=bool(header.get("is_print")))
    return canonical(made)


def proof_payload(doc: BookDoc, pictures: Mapping[str, bytes], *, is_print: bool) -> bytes:
    """What :func:`proof_bytes` takes."""
    return pack({"book": encode(doc), "is_print": is_print}, pictures)


def _read(payload: bytes) -> tuple[BookDoc, dict[str, bytes], Narration | None]:
    header, pictures = unpack(payload)
    told = header.get("narration")
    return decode(BookDoc, header.get("book")), pictures, decode(Narration, told) if told else None
