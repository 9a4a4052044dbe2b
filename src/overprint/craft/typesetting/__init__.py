"""Typesetting: a decided book and its pictures in, PDF and EPUB files out.

Pure: no clock, no network, no system fonts; the same input gives the same bytes. ``pdf_bytes``, ``epub_bytes`` and
``epub_fixed_bytes`` are for a child process and take what ``payload`` packs; nothing here loads what sets until one of
them runs.
"""

from overprint.craft.typesetting.child import (
    epub_bytes,
    epub_fixed_bytes,
    payload,
    pdf_bytes,
    proof_bytes,
    proof_payload,
)
from overprint.craft.typesetting.fontfile import installed_scripts
from overprint.craft.typesetting.words import check_letters, could_be_added, missing_characters, told_character

__all__ = [
    "check_letters",
    "could_be_added",
    "epub_bytes",
    "epub_fixed_bytes",
    "installed_scripts",
    "missing_characters",
    "payload",
    "pdf_bytes",
    "proof_bytes",
    "proof_payload",
    "told_character",
]
