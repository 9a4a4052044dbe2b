"""The print edition across a process boundary: bytes in, bytes out, for the compute port."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from overprint.core.book import BookDoc
from overprint.core.codec import decode, encode
from overprint.craft.framing import pack, unpack
from overprint.craft.press.findings import Finding, Level, told
from overprint.craft.press.printers import get_printer
from overprint.craft.typesetting.words import missing_characters, told_character

_LETTERS_NAMED_MAX = 8
_ONE_FILE = "One file: the cover, an empty page, the inside, an empty page.\n"


@dataclass(frozen=True, slots=True)
class PressReport:
    """What preflight found, and how many pages the inside has."""

    printer: str
    pages: int
    interior: tuple[Finding, ...] = field(default=())
    cover: tuple[Finding, ...] = field(default=())


def told_whole(report: PressReport) -> str:
    """The report on both files as people read it."""
    printer = get_printer(report.printer)
    return (
        f"Print edition for {printer.name}: {report.pages} pages inside.\n{_ONE_FILE if printer.one_file else ''}"
        f"Terms: {printer.source.removesuffix('.')}.\n\n"
        f"Inside\n{told(report.interior)}\nCover\n{told(report.cover)}"
    )


def payload(doc: BookDoc, pictures: Mapping[str, bytes], printer: str) -> bytes:
    """What :func:`press_bytes` takes. Raises ``Invalid`` for a printer that is not known."""
    return pack({"book": encode(doc), "printer": get_printer(printer).key}, pictures)


def press_bytes(payload: bytes) -> bytes:
    """The inside and the cover for one printer, each examined, or both in one file: what :func:`read_press` reads."""
    from overprint.craft.press.one_file import in_one_file
    from overprint.craft.press.preflight import count_pages, preflight_cover, preflight_interior
    from overprint.craft.press.press_file import interior_pdf
    from overprint.craft.press.wrap import wrap_pdf

    header, pictures = unpack(payload)
    doc, printer = decode(BookDoc, header.get("book")), get_printer(str(header.get("printer")))
    inside = interior_pdf(doc, pictures, printer)
    pages = count_pages(inside)
    # The spine of a book that the printer cannot bind is that of the nearest one it can; the report says so.
    bound = min(max(pages, printer.pages_least), printer.pages_most)
    cover = wrap_pdf(doc, pictures, printer, bound)
    report = PressReport(
        printer.key,
        pages,
        (*_letters(doc), *preflight_interior(inside, doc.trim, printer)),
        tuple(preflight_cover(cover, doc.trim, printer, bound)),
    )
    files = {"whole": in_one_file(cover, inside)} if printer.one_file else {"inside": inside, "cover": cover}
    return pack({"report": encode(report)}, files)


def _letters(doc: BookDoc) -> tuple[Finding, ...]:
    missing = ", ".join(map(told_character, missing_characters(doc)[:_LETTERS_NAMED_MAX]))
    if not missing:
        return ()
    said = f"No font here has letters of this book, such as {missing}; a sign is printed in their place."
    return (Finding(Level.ERROR, said, "Spell them in other letters."),)


def read_press(packed: bytes) -> tuple[PressReport, dict[str, bytes]]:
    """The report, and the files: ``inside`` and ``cover``, or ``whole`` for a printer that takes them together."""
    header, files = unpack(packed)
    return decode(PressReport, header["report"]), files
