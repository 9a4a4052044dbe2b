"""Films: from one sentence to a narrated film with captions, scene by scene."""

from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.service import Film, Videos, cleaned

__all__ = ["MAKE", "Film", "Videos", "cleaned"]
