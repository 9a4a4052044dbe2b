"""Pages of the room. They work without JavaScript."""

from overprint.features.books.web.books import router
from overprint.features.books.web.settings import router as settings_router

__all__ = ["router", "settings_router"]
