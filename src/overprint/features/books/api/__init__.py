"""JSON API of the room."""

from overprint.features.books.api.books import printers_router, router
from overprint.features.books.api.editing import editing_router
from overprint.features.books.api.settings import router as settings_router

__all__ = ["editing_router", "printers_router", "router", "settings_router"]
