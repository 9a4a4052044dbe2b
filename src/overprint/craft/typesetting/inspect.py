"""What a PDF file is, read from the file itself: evidence, not memory of how it was made."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from overprint.core.problems import Invalid
from overprint.craft.typesetting.geometry import POINTS_PER_MM

PDF_MAX_BYTES = 1024 * 1024 * 1024
_TAGS_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class PdfReport:
    """``fonts`` maps a font's name to whether it is embedded; ``alternatives`` are the alternative texts of all
    figures in reading order, empty where a figure has none. ``standards``: what the file claims to be."""

    page_count: int
    page_size_mm: tuple[float, float]
    one_size: bool
    title: str
    language: str
    tagged: bool
    fonts: dict[str, bool]
    image_count: int
    alternatives: tuple[str, ...]
    standards: tuple[str, ...]

    @property
    def fonts_embedded(self) -> bool:
        return all(self.fonts.values())


def inspect_pdf(data: bytes) -> PdfReport:
    """Raises ``Invalid`` when ``data`` is no PDF that can be read."""
    if len(data) > PDF_MAX_BYTES:
        raise Invalid("This PDF file is too big to look into.", "Use one below 1 GB.")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _report(pdf)
    except pikepdf.PdfError:
        raise Invalid("This is not a PDF file that can be read.", "Make it again.") from None


def _report(pdf: pikepdf.Pdf) -> PdfReport:
    sizes = {_size_mm(page) for page in pdf.pages}
    marks = pdf.Root.get("/MarkInfo")
    return PdfReport(
        page_count=len(pdf.pages),
        page_size_mm=_size_mm(pdf.pages[0]) if len(pdf.pages) else (0.0, 0.0),
        one_size=len(sizes) == 1,
        title=str(pdf.docinfo.get("/Title", "")),
        language=str(pdf.Root.get("/Lang", "")),
        tagged=marks is not None and bool(marks.get("/Marked", False)),
        fonts=_fonts(pdf),
        image_count=sum(1 for _ in _images(pdf)),
        alternatives=tuple(str(tag.get("/Alt", "")) for tag in _tags(pdf) if tag.get("/S") == "/Figure"),
        standards=_standards(pdf),
    )


def _size_mm(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.trimbox)
    return round((right - left) / POINTS_PER_MM, 2), round((top - bottom) / POINTS_PER_MM, 2)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    return (found for found in pdf.objects if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)))


def _fonts(pdf: pikepdf.Pdf) -> dict[str, bool]:
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return {
        str(found.get("/FontName", "")).lstrip("/"): any(name in found for name in files)
        for found in _dictionaries(pdf)
        if found.get("/Type") == "/FontDescriptor"
    }


def _images(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Pictures, not the masks that belong to them."""
    found = [item for item in _dictionaries(pdf) if item.get("/Subtype") == "/Image"]
    masks = {item.SMask.objgen for item in found if "/SMask" in item}
    return (item for item in found if item.objgen not in masks)


def _tags(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Elements of the structure tree in reading order."""
    root = pdf.Root.get("/StructTreeRoot")
    waiting = [root.get("/K")] if root is not None else []
    for _ in range(_TAGS_MAX):
        if not waiting:
            return
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            waiting += reversed(list(here))
        elif isinstance(here, pikepdf.Dictionary):
            if "/S" in here:
                yield here
            if "/K" in here:
                waiting.append(here.K)


def _standards(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    claims = []
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if "pdfaid:part" in metadata:
            claims.append(f"PDF/A-{metadata['pdfaid:part']}{str(metadata.get('pdfaid:conformance', '')).lower()}")
        if "{http://www.aiim.org/pdfua/ns/id/}part" in metadata:
            claims.append(f"PDF/UA-{metadata['{http://www.aiim.org/pdfua/ns/id/}part']}")
        if "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion" in metadata:
            claims.append(str(metadata["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"]))
    return tuple(claims)
