"""Use cases of the library."""

from overprint.features.library.service import works
from overprint.features.library.service.library import (
    LINK_LIFETIME,
    PAGE_MAX,
    SWEEP_BATCH,
    Library,
    Transactions,
    Upload,
)

__all__ = ["LINK_LIFETIME", "PAGE_MAX", "SWEEP_BATCH", "Library", "Transactions", "Upload", "works"]
