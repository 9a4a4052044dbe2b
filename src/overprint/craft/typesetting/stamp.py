"""What a PDF for the screen says beside its pages: which book it is, and how pages lie that were drawn for two."""

import uuid
from collections.abc import Iterator

from overprint.core.book import BookDoc
from overprint.craft.typesetting.splicing import Change, Written

_NAMESPACE = uuid.UUID("6d1e3a52-6f6f-5d0f-9b5e-3f0a6a1c2b77")
_OPEN, _CLOSE = b"<xmpMM:DocumentID>", b"</xmpMM:DocumentID>"


def urn(doc: BookDoc) -> str:
    """``urn:uuid:…`` of the book: its identifier if that is a UUID, else one made from it."""
    try:
        return uuid.UUID(doc.identifier.removeprefix("urn:uuid:")).urn
    except ValueError:
        return uuid.uuid5(_NAMESPACE, doc.identifier).urn


def stamp(written: bytes, doc: BookDoc) -> bytes:
    """``written`` with that."""
    file = Written(written)
    return file.with_changes(list(_changes(file, doc)))


def _changes(file: Written, doc: BookDoc) -> Iterator[Change]:
    at, root = file.dictionary(file.object_named(b"Root", file.trailer))
    if any(page.picture and page.picture.is_spread for page in doc.pages):
        yield Change(at, at, (b"/PageLayout/TwoPageRight",))
    metadata = file.object_named(b"Metadata", root)
    before, _, rest = file.stream(metadata).partition(_OPEN)
    _, _, after = rest.partition(_CLOSE)
    if not after:
        raise RuntimeError("a PDF file that says nothing about itself")
    own, name = urn(doc).removeprefix("urn:").encode(), urn(doc).encode()
    told = b"".join((before, _OPEN, own, _CLOSE, b"<dc:identifier>", name, b"</dc:identifier>", after))
    yield file.with_stream(metadata, told, {})
