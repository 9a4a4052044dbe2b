"""The library's manifest."""

from overprint.features.library.api import router
from overprint.features.library.service import Library
from overprint.http.room import Room


def room(library: Library) -> Room:
    return Room("library", routers=(router(library),))
