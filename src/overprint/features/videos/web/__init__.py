"""Pages of the room. They work without JavaScript."""

from overprint.features.videos.web.board import router as board_router
from overprint.features.videos.web.start import router as start_router
from overprint.features.videos.web.work import router

__all__ = ["board_router", "router", "start_router"]
