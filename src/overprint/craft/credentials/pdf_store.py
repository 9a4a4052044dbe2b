"""Content Credentials in a PDF: an associated file with the relationship ``C2PA_Manifest``.

The library's own PDF writer puts the media type where no PDF reader looks for it and leaves out what PDF/A asks of an
associated file, so the place is made here: an embedded file of the right length, whose bytes the signature leaves
out and which is then overwritten. PDF/A-2 allows no such file; PDF/A-3 is PDF/A-2 with any embedded file allowed, so
a file that claims the former claims the latter once it is signed.
"""

import io
from datetime import UTC, datetime

import pikepdf

from overprint.core.problems import Invalid

_NAME = "content_credential.c2pa"
_TYPE = "/application/c2pa"
_RELATIONSHIP = "/C2PA_Manifest"
_UNDATED = datetime(2020, 1, 1, tzinfo=UTC)
_PDFX = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
_UNREADABLE = (pikepdf.PdfError, pikepdf.PasswordError)


def has_store(data: bytes) -> bool:
    """Whether a PDF carries credentials, sound or not. Raises ``Invalid`` for what cannot be opened."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _carries(pdf)
    except _UNREADABLE:
        raise Invalid("This is not a PDF file that can be read.", "Make it again, without a password.") from None


def with_room(data: bytes, room_bytes: int, mark: str, dated: datetime | None) -> tuple[bytes, int]:
    """``data`` with an embedded file of ``room_bytes``, and where in the file those bytes begin.

    ``mark`` is found nowhere in ``data``: the room is filled with it until it is used.
    Raises ``Invalid`` for what is no PDF, needs a password, is a print file or has credentials already.
    """
    filler = (mark * (room_bytes // len(mark) + 1))[:room_bytes].encode()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _refuse(pdf)
            _attach(pdf, filler, dated or _UNDATED)
            _now_pdf_a_3(pdf)
            kept = io.BytesIO()
            pdf.save(
                kept,
                deterministic_id=True,
                compress_streams=False,
                object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            )
    except _UNREADABLE:
        raise Invalid("This is not a PDF file that can be signed.", "Make it again, without a password.") from None
    made = kept.getvalue()
    start = made.find(filler)
    if start < 0:
        raise RuntimeError("the room for credentials was not written as it is")
    return made, start


def _refuse(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if _PDFX in metadata:
            raise Invalid("A print file goes to the printer as it is.", "Sign the screen edition.")
    if _carries(pdf):
        raise Invalid("This PDF file already carries Content Credentials.", "Sign the file that it was made from.")


def _carries(pdf: pikepdf.Pdf) -> bool:
    found = pdf.Root.get("/AF")
    specs = list(found) if isinstance(found, pikepdf.Array) else []
    named = [spec.get("/AFRelationship") for spec in specs if isinstance(spec, pikepdf.Dictionary)]
    return pikepdf.Name(_RELATIONSHIP) in named


def _attach(pdf: pikepdf.Pdf, filler: bytes, dated: datetime) -> None:
    """As ISO 19005-3, 6.8 and ISO 32000-2, tables 43 to 45 ask of an associated file."""
    stream = pdf.make_stream(filler)
    stream.Type = pikepdf.Name.EmbeddedFile
    stream.Subtype = pikepdf.Name(_TYPE)
    when = pikepdf.String(dated.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ"))
    stream.Params = pikepdf.Dictionary(Size=len(filler), ModDate=when)
    spec = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=_NAME,
            UF=_NAME,
            Desc="Content Credentials: who made this file, and with what",
            AFRelationship=pikepdf.Name(_RELATIONSHIP),
            EF=pikepdf.Dictionary(F=stream, UF=stream),
        )
    )
    pdf.Root.AF = pikepdf.Array([*pdf.Root.get("/AF", []), spec])
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pdf.make_indirect(pikepdf.Dictionary())
    if "/EmbeddedFiles" not in pdf.Root.Names:
        pdf.Root.Names.EmbeddedFiles = pikepdf.NameTree.new(pdf).obj
    pikepdf.NameTree(pdf.Root.Names.EmbeddedFiles)[_NAME] = spec


def _now_pdf_a_3(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if str(metadata.get("pdfaid:part", "")) == "2":
            metadata["pdfaid:part"] = "3"
