"""The inside of a printed book: another order of pages than on a screen, and as many as the printer binds."""

from collections.abc import Sequence
from dataclasses import replace

from overprint.core.book import BookDoc, Page, PageKind
from overprint.craft.press.printers import Printer

_BLANK = Page(PageKind.BLANK)
_END_PAPER = Page(PageKind.END_PAPER)
_END_PAPERS = 4


def interior(doc: BookDoc) -> BookDoc:
    """``doc`` without its cover, as a printed book begins and ends.

    Page 1 is a right-hand page: half-title, imprint behind it, title page; then the dedication, and the story from a
    left-hand page on, so that a picture and its words face each other.
    """
    kinds = {kind: [page for page in doc.pages if page.kind is kind] for kind in PageKind}
    imprint = kinds[PageKind.COLOPHON] or [_BLANK]
    front = [Page(PageKind.HALF_TITLE), imprint[0], *kinds[PageKind.TITLE][:1]]
    if kinds[PageKind.DEDICATION]:
        front += [_BLANK] * (len(front) % 2) + kinds[PageKind.DEDICATION]
    front += [_BLANK] * ((len(front) + 1) % 2)
    return replace(doc, pages=(*front, *kinds[PageKind.STORY], *imprint[1:]))


def filled(doc: BookDoc, pages_made: int, printer: Printer) -> BookDoc:
    """``doc`` with as many pages more as the printer needs: end papers at both ends if there is room, blank ones else.

    ``pages_made`` is how many pages ``doc`` takes when it is set.
    """
    wanted = max(printer.pages_least, -(-pages_made // printer.pages_multiple) * printer.pages_multiple)
    missing = wanted - pages_made
    if missing < _END_PAPERS:
        return replace(doc, pages=(*doc.pages, *_blank(missing)))
    half = _END_PAPERS // 2
    papers = (_END_PAPER,) * half
    return replace(doc, pages=(*papers, *doc.pages, *_blank(missing - _END_PAPERS), *papers))


def _blank(count: int) -> Sequence[Page]:
    return (_BLANK,) * count
