"""Pages of the room. They work without JavaScript."""

from overprint.features.videos.web.board import router as board_router
from overprint.features.videos.web.shared import shared_router
from overprint.features.videos.web.start import router as start_router
from overprint.features.videos.web.work import router

__all__ = ["board_router", "router", "shared_router", "start_router"]
