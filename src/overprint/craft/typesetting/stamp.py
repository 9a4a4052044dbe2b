"""The last touch on a PDF: the book's own identifier, and file ids that never change by themselves."""

import io
import uuid

import pikepdf

from overprint.core.book import BookDoc
from overprint.craft.typesetting.words import is_from_right, language_of

_NAMESPACE = uuid.UUID("6d1e3a52-6f6f-5d0f-9b5e-3f0a6a1c2b77")


def urn(doc: BookDoc) -> str:
    """``urn:uuid:…`` of the book: its identifier if that is a UUID, else one made from it."""
    try:
        return uuid.UUID(doc.identifier.removeprefix("urn:uuid:")).urn
    except ValueError:
        return uuid.uuid5(_NAMESPACE, doc.identifier).urn


def bind(made: pikepdf.Pdf, doc: BookDoc) -> None:
    """Say on which side the book is bound, where that is not the left: readers then turn its pages the other way."""
    if is_from_right(language_of(doc)[0]):
        made.Root.ViewerPreferences = pikepdf.Dictionary(Direction=pikepdf.Name("/R2L"))


def stamp(made: pikepdf.Pdf, doc: BookDoc) -> bytes:
    """The finished file of ``made``."""
    with made.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["xmpMM:DocumentID"] = urn(doc).removeprefix("urn:")
        metadata["dc:identifier"] = urn(doc)
    bind(made, doc)
    if any(page.picture and page.picture.is_spread for page in doc.pages):
        made.Root.PageLayout = pikepdf.Name.TwoPageRight
    kept = io.BytesIO()
    # Typst says the version rightly; to have it looked after reads the whole file once more.
    made.save(
        kept,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        fix_metadata_version=False,
    )
    return kept.getvalue()
