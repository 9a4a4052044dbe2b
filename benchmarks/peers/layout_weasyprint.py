"""``benchmarks.layout``, set by WeasyPrint: the same words and pictures, justified and hyphenated by its own means."""

from pathlib import Path
from typing import Any

from weasyprint import HTML  # type: ignore[import-not-found]

from benchmarks.peers.layout_html import as_html


def set_book(book: dict[str, Any], folder: Path) -> bytes:
    made: bytes = HTML(string=as_html(book), base_url=str(folder)).write_pdf(pdf_variant="pdf/ua-1")
    return made
