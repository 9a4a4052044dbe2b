"""Use cases of books, of editing them, and of what new ones begin with."""

from overprint.features.books.service.books import (
    CHAPTER_TITLE_MAX_CHARACTERS,
    PAGE_MAX,
    Books,
    cleaned,
    shortened,
)
from overprint.features.books.service.changes import Ahead, Change, Changes, What
from overprint.features.books.service.editing import Editing, PageNow, Story, changed, look_tag
from overprint.features.books.service.offers import Offer, offer_of
from overprint.features.books.service.places import COVER_PAGE, Place
from overprint.features.books.service.proofs import Doc, Proofs, doc_now
from overprint.features.books.service.samples import Sample, Samples

__all__ = [
    "CHAPTER_TITLE_MAX_CHARACTERS",
    "COVER_PAGE",
    "PAGE_MAX",
    "Ahead",
    "Books",
    "Change",
    "Changes",
    "Doc",
    "Editing",
    "Offer",
    "PageNow",
    "Place",
    "Proofs",
    "Sample",
    "Samples",
    "Story",
    "What",
    "changed",
    "cleaned",
    "doc_now",
    "look_tag",
    "offer_of",
    "shortened",
]
