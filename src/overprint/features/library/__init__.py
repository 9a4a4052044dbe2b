"""What a team keeps: projects and assets, each with its recipe. Bytes lie in storage, metadata in the database."""

from overprint.features.library.projection import LibraryProjection
from overprint.features.library.rules import SEARCH_MAX_CHARACTERS, UPLOAD_MAX_BYTES, Room, Wanted, is_signed
from overprint.features.library.service import PAGE_MAX, Library, Transactions, Upload, works
from overprint.features.library.store import WorkRows

__all__ = [
    "PAGE_MAX",
    "SEARCH_MAX_CHARACTERS",
    "UPLOAD_MAX_BYTES",
    "Library",
    "LibraryProjection",
    "Room",
    "Transactions",
    "Upload",
    "Wanted",
    "WorkRows",
    "is_signed",
    "works",
]
