"""Pages of the room. They work without JavaScript."""

from overprint.features.books.web.editor import editor_router
from overprint.features.books.web.editor_type import type_router
from overprint.features.books.web.settings import router as settings_router
from overprint.features.books.web.start import router as start_router
from overprint.features.books.web.work import router

__all__ = ["editor_router", "router", "settings_router", "start_router", "type_router"]
