"""What a printer would find wrong with a file, in plain words and with the pages named. Read from the file itself."""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pikepdf

from overprint.core.book import MM_PER_INCH, trim_size_mm
from overprint.core.problems import Invalid
from overprint.core.story import Trim
from overprint.craft.press.findings import Finding, Level
from overprint.craft.press.placements import PlacedPicture, Placements, placements, rgb_shadings
from overprint.craft.press.printers import Printer
from overprint.craft.press.wetness import wettest_percent
from overprint.craft.typesetting.geometry import POINTS_PER_MM
from overprint.craft.typesetting.inspect import inspect_pdf

_TOLERANCE_MM = 0.1
_NEARLY = 0.99
_POOR_PPI = 150
_INK_TOLERANCE_PERCENT = 5
_THREADS = 2
_EMPTY_PAGES_MAX = 8
_SHAPES_OF_PAPER_MAX = 2


def preflight_interior(data: bytes, trim: Trim, printer: Printer) -> list[Finding]:
    """Raises ``Invalid`` when ``data`` is no PDF that can be read."""
    with _opened(data) as pdf:
        pages = [placements(page) for page in pdf.pages]
        found = [*_file(data, pdf, pages), *_count(len(pages), printer), *_offered(trim, printer)]
        found += _boxes(pdf, trim_size_mm(trim), printer.bleed_mm)
        found += _pictures(pages, printer)
        found += _inks(pages, printer)
        found += _empty(pages, printer)
        found += _words(pdf, pages, max(printer.safety_mm - 3, 0), printer)
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def count_pages(data: bytes) -> int:
    """Raises ``Invalid`` when ``data`` is no PDF that can be read."""
    with _opened(data) as pdf:
        return len(pdf.pages)


def preflight_cover(data: bytes, trim: Trim, printer: Printer, page_count: int) -> list[Finding]:
    """The same for the cover of an inside of ``page_count`` pages."""
    width_mm, height_mm = printer.cover.side_mm(trim)
    spine_mm = printer.spine.width_mm(page_count)
    with _opened(data) as pdf:
        pages = [placements(page) for page in pdf.pages]
        found = [*_file(data, pdf, pages)]
        if len(pages) != 1:
            found.append(Finding(Level.ERROR, f"A cover is one page, this has {len(pages)}.", "Make it again."))
        found += _boxes(pdf, (2 * width_mm + spine_mm, height_mm), printer.cover.outside_mm)
        found += _pictures(pages, printer)
        found += _inks(pages, printer)
        found += _barcode(pages[0], (width_mm, height_mm), printer)
        if page_count < printer.cover.spine_text_from_page:
            found.append(Finding(Level.NOTE, f"The spine of {spine_mm:.1f} mm is too thin for words, so it has none."))
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def _opened(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PdfError:
        raise Invalid("This is not a PDF file that can be read.", "Make it again.") from None


def _file(data: bytes, pdf: pikepdf.Pdf, pages: Sequence[Placements]) -> Iterator[Finding]:
    report = inspect_pdf(data)
    again = "Make the print edition again."
    loose = [name for name, embedded in report.fonts.items() if not embedded]
    if loose:
        yield Finding(Level.ERROR, f"These fonts are not in the file: {', '.join(loose)}.", again)
    intents: list[Any] = list(pdf.Root.get("/OutputIntents", []))
    if not any(intent.get("/S") == "/GTS_PDFX" and "/DestOutputProfile" in intent for intent in intents):
        yield Finding(Level.ERROR, "The file does not say for which paper and inks it was made.", again)
    if "PDF/X-4" not in report.standards:
        yield Finding(Level.ERROR, "The file does not say that it is PDF/X-4.", again)
    if pdf.is_encrypted:
        yield Finding(Level.ERROR, "The file is locked with a password.", again)
    coloured = tuple(number for number, page in enumerate(pages, 1) if page.rgb)
    if coloured or any(True for _ in rgb_shadings(pdf)):
        yield Finding(
            Level.ERROR, "There are colours of the screen (RGB) that are not separated into inks.", again, coloured
        )


def _count(count: int, printer: Printer) -> Iterator[Finding]:
    if not printer.pages_least <= count <= printer.pages_most:
        yield Finding(
            Level.ERROR,
            f"{printer.name} binds {printer.pages_least} to {printer.pages_most} pages, this has {count}.",
            "Make the book longer or shorter, or choose another binding.",
        )
    if count % printer.pages_multiple:
        yield Finding(
            Level.ERROR, f"The number of pages must be a multiple of {printer.pages_multiple}.", "Make it again."
        )


def _offered(trim: Trim, printer: Printer) -> Iterator[Finding]:
    if not printer.takes(trim):
        yield Finding(
            Level.ERROR,
            f"{printer.name} has no book in {trim}.",
            f"Make the book in {' or '.join(printer.trims)}, or choose another printer.",
        )


def _empty(pages: Sequence[Placements], printer: Printer) -> Iterator[Finding]:
    """Pages of bare paper are paid for too. The backs of a few leaves are no news."""
    empty = tuple(number for number, page in enumerate(pages, 1) if _is_bare(page))
    if len(empty) > _EMPTY_PAGES_MAX:
        yield Finding(
            Level.WARNING,
            f"{len(empty)} pages are empty, because {printer.name} binds at least {printer.pages_least}.",
            "Make the book longer, or choose another binding.",
            empty,
        )


def _is_bare(page: Placements) -> bool:
    """Neither words nor pictures, be they of pixels or of shapes."""
    return not page.words and not page.pictures and page.shapes <= _SHAPES_OF_PAPER_MAX


def _boxes(pdf: pikepdf.Pdf, trim_mm: tuple[float, float], bleed_mm: float) -> Iterator[Finding]:
    wrong_size, thin = [], []
    for number, page in enumerate(pdf.pages, 1):
        trim, bleed = _box_mm(page.trimbox), _box_mm(page.obj.get("/BleedBox", page.trimbox))
        size = (trim[2] - trim[0], trim[3] - trim[1])
        if any(abs(one - other) > _TOLERANCE_MM for one, other in zip(size, trim_mm, strict=True)):
            wrong_size.append(number)
        edges = (trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3])
        if min(edges) < bleed_mm - _TOLERANCE_MM:
            thin.append(number)
    if wrong_size:
        wide, tall = trim_mm
        yield Finding(
            Level.ERROR, f"The trimmed size is not {wide:.1f} × {tall:.1f} mm.", "Make it again.", tuple(wrong_size)
        )
    if thin:
        yield Finding(Level.ERROR, f"There is less than {bleed_mm:g} mm of bleed.", "Make it again.", tuple(thin))


def _box_mm(box: pikepdf.Object) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(side) / POINTS_PER_MM for side in box)
    return left, bottom, right, top


def _pictures(pages: Sequence[Placements], printer: Printer) -> Iterator[Finding]:
    soft: dict[int, float] = {}
    for number, page in enumerate(pages, 1):
        if page.pictures:
            soft[number] = min(picture.ppi for picture in page.pictures)
    wanted = printer.picture_least_ppi
    poor = {n: ppi for n, ppi in soft.items() if ppi < _POOR_PPI}
    below = {n: ppi for n, ppi in soft.items() if _POOR_PPI <= ppi < wanted - 1}
    for level, found in ((Level.ERROR, poor), (Level.WARNING, below)):
        if found:
            yield Finding(
                level,
                f"Pictures have {min(found.values()):.0f} pixels an inch; {printer.name} asks for {wanted}.",
                _advice_on(min(found.values()), wanted),
                tuple(found),
            )


def _advice_on(ppi: float, wanted: int) -> str:
    """Pictures of the right resolution are enlarged a little where a printer's bleed is wider than they allow for."""
    if ppi >= _NEARLY * wanted:
        return "That little comes of the printer's wide bleed: nothing has to be done."
    return f"Draw them again at {wanted} dpi."


def _inks(pages: Sequence[Placements], printer: Printer) -> Iterator[Finding]:
    most = printer.ink_limit_percent + _INK_TOLERANCE_PERCENT
    wettest = dict(enumerate(_wettest_percent(pages), 1))
    over = {number: percent for number, percent in wettest.items() if percent > most}
    if over:
        yield Finding(
            Level.ERROR,
            f"There is up to {max(over.values()):.0f} % of ink, where {printer.ink_limit_percent} % is allowed.",
            "Make the print edition again.",
            tuple(over),
        )


def _wettest_percent(pages: Sequence[Placements]) -> Iterator[float]:
    """Of each page, in per cent. A picture that stands on several is looked at once."""
    jpegs = {one.image.objgen: one.image for page in pages for one in page.pictures if _is_jpeg(one)}
    with ThreadPoolExecutor(_THREADS) as threads:
        wettest = threads.map(wettest_percent, [jpeg.read_raw_bytes() for jpeg in jpegs.values()])
        inks = dict(zip(jpegs, wettest, strict=True))
    for page in pages:
        drawn = [sum(asked) * 100 for asked in page.inks]
        yield max([*drawn, *(inks.get(picture.image.objgen, 0.0) for picture in page.pictures)], default=0.0)


def _is_jpeg(picture: PlacedPicture) -> bool:
    return str(picture.image.get("/Filter", "")) == "/DCTDecode"


def _words(pdf: pikepdf.Pdf, pages: Sequence[Placements], edge_mm: float, printer: Printer) -> Iterator[Finding]:
    """Where a line begins or stands too near to the cut or to the binding (page 1 is a right-hand page)."""
    close, bound = [], []
    gutter_mm = printer.gutter_mm(len(pages))
    for number, (page, placed) in enumerate(zip(pdf.pages, pages, strict=True), 1):
        left, bottom, right, top = _box_mm(page.trimbox)
        words = [(x / POINTS_PER_MM, y / POINTS_PER_MM) for x, y in placed.words]
        inside = [(x, y) for x, y in words if left <= x <= right and bottom <= y <= top]
        if any(y - bottom < edge_mm or top - y < edge_mm or right - x < edge_mm for x, y in inside):
            close.append(number)
        if number % 2 and any(x - left < gutter_mm for x, _ in inside):
            bound.append(number)
    if close:
        yield Finding(
            Level.WARNING, f"Words stand nearer than {edge_mm:.0f} mm to the cut.", "Shorten that page.", tuple(close)
        )
    if bound:
        yield Finding(
            Level.WARNING,
            f"Words begin in the {gutter_mm:.0f} mm at the binding.",
            "Choose a larger trim.",
            tuple(bound),
        )


def _barcode(page: Placements, side_mm: tuple[float, float], printer: Printer) -> Iterator[Finding]:
    wide_mm, tall_mm = printer.cover.barcode_mm
    outside, edge = printer.cover.outside_mm, printer.cover.safety_mm
    right = (outside + side_mm[0] - edge) * POINTS_PER_MM
    bottom = (outside + edge) * POINTS_PER_MM
    left, top = right - wide_mm * POINTS_PER_MM, bottom + tall_mm * POINTS_PER_MM
    on_words = any(left <= x <= right and bottom <= y <= top for x, y in page.words)
    on_pictures = any(
        picture.left_pt < right and picture.right_pt > left and picture.bottom_pt < top and picture.top_pt > bottom
        for picture in page.pictures
    )
    if on_words or on_pictures:
        size = f"{wide_mm / MM_PER_INCH:g} × {tall_mm / MM_PER_INCH:g} in"
        yield Finding(Level.ERROR, f"The place of the bar code ({size}) is not free.", "Make the cover again.", (1,))
