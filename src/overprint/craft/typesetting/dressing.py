"""A book as it lies on a screen: between its end papers, with the front matter in the order of a printed book."""

from dataclasses import replace

from overprint.core.book import BookDoc, Page, PageKind

_END_PAPER = Page(PageKind.END_PAPER)


def dressed(doc: BookDoc) -> BookDoc:
    """``doc`` with an end paper after its cover and at its end. With a dedication there is a half-title too:
    half-title, dedication behind it, title page. What has no cover is no whole book and stays as it is."""
    if doc.pages[0].kind is not PageKind.COVER or not any(page.kind is PageKind.STORY for page in doc.pages):
        return doc
    cover, *inside = doc.pages
    titles = [page for page in inside if page.kind is PageKind.TITLE]
    dedications = [page for page in inside if page.kind is PageKind.DEDICATION]
    rest = [page for page in inside if page.kind not in (PageKind.TITLE, PageKind.DEDICATION)]
    front = [Page(PageKind.HALF_TITLE), *dedications, *titles] if dedications and titles else [*titles, *dedications]
    return replace(doc, pages=(cover, _END_PAPER, *front, *rest, _END_PAPER))
