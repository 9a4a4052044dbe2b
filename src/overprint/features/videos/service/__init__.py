"""Use cases of films, and of their storyboards."""

from overprint.features.videos.service.storyboards import Ahead, Board, Storyboards
from overprint.features.videos.service.streams import find_stream, stream_path
from overprint.features.videos.service.videos import ORIGIN, PAGE_MAX, Film, Source, Videos, cleaned, request_of

__all__ = [
    "ORIGIN",
    "PAGE_MAX",
    "Ahead",
    "Board",
    "Film",
    "Source",
    "Storyboards",
    "Videos",
    "cleaned",
    "find_stream",
    "request_of",
    "stream_path",
]
