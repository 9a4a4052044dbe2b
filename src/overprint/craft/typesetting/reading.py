"""What of a page is read aloud, in the order in which it stands there."""

import hashlib

from overprint.core.book import BookDoc, Page, PageKind
from overprint.craft.typesetting.words import cleaned

_READ = frozenset({PageKind.TITLE, PageKind.STORY})


def parts_read(doc: BookDoc, page: Page) -> tuple[str, ...]:
    """The cleaned words of a page in reading order; a line's ``place`` counts these. Empty ones keep their place.

    The heading, then the paragraphs; on the title page the book's title, its paragraphs and the author.
    """
    if page.kind not in _READ:
        return ()
    if page.kind is PageKind.TITLE:
        return tuple(map(cleaned, (doc.title, *page.paragraphs, doc.author)))
    return tuple(map(cleaned, (page.heading, *page.paragraphs)))


def words_hash(doc: BookDoc, page: Page) -> str:
    """SHA-256 of what is read of a page, in hex: a narration of other words does not fit any more."""
    return hashlib.sha256("\n".join((doc.language, *parts_read(doc, page))).encode()).hexdigest()
