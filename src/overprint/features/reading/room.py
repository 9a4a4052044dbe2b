"""The reading room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.features.reading.service import Reading
from overprint.http.room import Room


def room(reading: Reading) -> Room:
    from overprint.features.reading.api import router
    from overprint.features.reading.web import router as pages

    return Room("reading", routers=(router(reading),), pages=(pages(reading),))
