"""JSON API of films and their storyboards."""

from overprint.features.videos.api.portables import portable_router
from overprint.features.videos.api.storyboards import storyboard_router
from overprint.features.videos.api.videos import router

__all__ = ["portable_router", "router", "storyboard_router"]
