"""Films: from one sentence to a narrated film with captions, scene by scene."""

from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.portable import Judged, Portables, holds_film, results_of
from overprint.features.videos.rules.sources import script_of
from overprint.features.videos.service import Film, Source, Storyboards, Videos, cleaned
from overprint.features.videos.steps import Target

__all__ = [
    "MAKE",
    "Film",
    "Judged",
    "Portables",
    "Source",
    "Storyboards",
    "Target",
    "Videos",
    "cleaned",
    "holds_film",
    "results_of",
    "script_of",
]
