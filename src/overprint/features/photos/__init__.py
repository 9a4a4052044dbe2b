"""Photos of people: read into a look that a person confirms, and deleted after a while, with a receipt.

The picture itself is kept for hours, the look that was confirmed for as long as the person wants. Products take looks;
no product ever sees a photo.
"""

from overprint.craft.photos import PHOTO_MAX_BYTES, PersonReading, PhotoStyle
from overprint.features.photos.rules import SWATCHES, Confirmed, Consent, Handling, confirmed, consent_to, proposed
from overprint.features.photos.service import Photos, Reader

__all__ = [
    "PHOTO_MAX_BYTES",
    "SWATCHES",
    "Confirmed",
    "Consent",
    "Handling",
    "PersonReading",
    "PhotoStyle",
    "Photos",
    "Reader",
    "confirmed",
    "consent_to",
    "proposed",
]
