"""Use cases of films, and of their storyboards."""

from overprint.features.videos.service.storyboards import Ahead, Board, Storyboards, lasts_seconds
from overprint.features.videos.service.videos import PAGE_MAX, Film, Source, Videos, cleaned

__all__ = ["PAGE_MAX", "Ahead", "Board", "Film", "Source", "Storyboards", "Videos", "cleaned", "lasts_seconds"]
