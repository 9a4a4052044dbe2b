"""Illustrated books: from one sentence to a PDF and an e-book, and back in to change one thing."""

from overprint.features.books.pipeline import MAKE
from overprint.features.books.portable import Arrival, Portables
from overprint.features.books.service import Books, cleaned
from overprint.features.books.steps import AUDIOBOOK, FIXED, READ_ALOUD, READ_ALOUD_FIXED, MakeBook, Target

__all__ = [
    "AUDIOBOOK",
    "FIXED",
    "MAKE",
    "READ_ALOUD",
    "READ_ALOUD_FIXED",
    "Arrival",
    "Books",
    "MakeBook",
    "Portables",
    "Target",
    "cleaned",
]
