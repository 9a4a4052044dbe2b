"""``benchmarks.layout``, set by Overprint."""

from pathlib import Path
from typing import Any

from benchmarks.peers.layout_books import document
from overprint.craft.typesetting import pdf


def set_book(book: dict[str, Any], folder: Path) -> bytes:
    return pdf(*document(book, folder))
