"""PDF/X-4: the pages of a press edition with inks, boxes and the printing condition they are meant for."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from overprint.core.book import BookDoc, PageKind
from overprint.craft.press.inking import ink
from overprint.craft.press.interior import filled, interior
from overprint.craft.press.printers import Printer
from overprint.craft.press.separation import Separation
from overprint.craft.typesetting.compiler import FIXED_TIME_SECONDS
from overprint.craft.typesetting.contrast import Colour
from overprint.craft.typesetting.geometry import POINTS_PER_MM
from overprint.craft.typesetting.pdf_file import Edition, page_count, typeset
from overprint.craft.typesetting.pictures import leading_colour, prepare
from overprint.craft.typesetting.stamp import urn
from overprint.craft.typesetting.words import is_from_right, language_of

_PDFX = "http://www.npes.org/pdfx/ns/id/"
_ADOBE_PDF = "http://ns.adobe.com/pdf/1.3/"


def interior_pdf(doc: BookDoc, pictures: Mapping[str, bytes], printer: Printer) -> bytes:
    """The inside of the book for ``printer``; the same input, the same bytes. Raises what ``typesetting.pdf`` does."""
    inside, edition = interior(doc), replace(press_edition(printer), accent=_accent(doc, pictures))
    whole = filled(inside, page_count(inside, pictures, edition), printer)
    with pikepdf.open(io.BytesIO(typeset(whole, pictures, edition))) as made:
        return to_pdfx(made, doc, Separation(printer.condition, printer.ink_limit_percent))


def _accent(doc: BookDoc, pictures: Mapping[str, bytes]) -> Colour | None:
    """That of the cover, which is printed apart: both editions of a book borrow the same colour."""
    covers = [page for page in doc.pages if page.kind is PageKind.COVER and page.picture]
    return leading_colour(prepare(covers[:1], pictures)[1]) if covers else None


def press_edition(printer: Printer) -> Edition:
    """How Typst sets pages for ``printer``, before their colours are inks."""
    return Edition(("1.6",), bleed_pt=printer.bleed_mm * POINTS_PER_MM, facing=True)


def to_pdfx(made: pikepdf.Pdf, doc: BookDoc, separation: Separation) -> bytes:
    """``made``, which Typst wrote, as a PDF/X-4 file (ISO 15930-7)."""
    ink(made, separation)
    for page in made.pages:
        page.obj.BleedBox = Array(list(page.mediabox))
    made.Root.OutputIntents = Array([made.make_indirect(_intent(made, separation))])
    _say_what_it_is(made, doc)
    _bind(made, doc)
    kept = io.BytesIO()
    made.save(kept, deterministic_id=True, force_version="1.6", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return kept.getvalue()


def _bind(made: pikepdf.Pdf, doc: BookDoc) -> None:
    """Say on which side the book is bound, where that is not the left: readers then turn its pages the other way."""
    if is_from_right(language_of(doc)[0]):
        made.Root.ViewerPreferences = Dictionary(Direction=Name("/R2L"))


def _intent(made: pikepdf.Pdf, separation: Separation) -> Dictionary:
    profile = made.make_stream(separation.profile)
    profile.N = 4
    profile.Alternate = Name.DeviceCMYK
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(separation.condition),
        OutputCondition=String(separation.description),
        RegistryName=String("http://www.color.org"),
        Info=String(separation.description),
        DestOutputProfile=profile,
    )


def _say_what_it_is(made: pikepdf.Pdf, doc: BookDoc) -> None:
    at = datetime.fromtimestamp(FIXED_TIME_SECONDS, UTC)
    made.docinfo[Name.Title] = doc.title
    made.docinfo[Name.Trapped] = Name("/False")
    for entry in (Name.CreationDate, Name.ModDate):
        made.docinfo[entry] = at.strftime("D:%Y%m%d%H%M%SZ")
    with made.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata[f"{{{_PDFX}}}GTS_PDFXVersion"] = "PDF/X-4"
        metadata[f"{{{_ADOBE_PDF}}}Trapped"] = "False"
        metadata["dc:title"] = doc.title
        metadata["dc:identifier"] = urn(doc)
        for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            metadata[name] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata["xmpMM:DocumentID"] = urn(doc).removeprefix("urn:")
        metadata["xmpMM:VersionID"] = "1"
        metadata["xmpMM:RenditionClass"] = "default"
