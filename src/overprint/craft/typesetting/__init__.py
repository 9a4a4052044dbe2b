"""Typesetting: a decided book and its pictures in, PDF and EPUB files out.

Pure: no clock, no network, no system fonts; the same input gives the same bytes. ``pdf_bytes`` and ``epub_bytes``
are for a child process: they take what ``payload`` packs.
"""

from overprint.craft.typesetting.child import epub_bytes, epub_fixed_bytes, payload, pdf_bytes
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.epub_fixed import epub_fixed
from overprint.craft.typesetting.fontfile import installed_scripts
from overprint.craft.typesetting.inspect import PdfReport, inspect_pdf
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.words import missing_characters

__all__ = [
    "PdfReport",
    "epub",
    "epub_bytes",
    "epub_fixed",
    "epub_fixed_bytes",
    "inspect_pdf",
    "installed_scripts",
    "missing_characters",
    "payload",
    "pdf",
    "pdf_bytes",
]
