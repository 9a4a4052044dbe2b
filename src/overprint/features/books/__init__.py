"""Illustrated books: from one sentence to a PDF and an e-book, and back in to change one thing."""

from overprint.features.books.service import Books, cleaned
from overprint.features.books.steps import MakeBook, Target

__all__ = ["Books", "MakeBook", "Target", "cleaned"]
