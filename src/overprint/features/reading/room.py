"""The reading room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.features.reading.service import Reading
from overprint.features.sharing import Sharing
from overprint.http.room import Room


def room(reading: Reading, sharing: Sharing) -> Room:
    from overprint.features.reading.api import router
    from overprint.features.reading.web import router as pages
    from overprint.features.reading.web import shared_router

    return Room(
        "reading",
        routers=(router(reading),),
        pages=(pages(reading),),
        open_pages=(shared_router(reading, sharing),),
    )
