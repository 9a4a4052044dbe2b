"""The photos room's manifest."""

from datetime import timedelta

from overprint.engine.schedule import Every, Schedule
from overprint.features.photos.api import router
from overprint.features.photos.service import Photos
from overprint.features.photos.web import router as pages
from overprint.http.room import Room


def room(photos: Photos) -> Room:
    return Room("photos", routers=(router(photos), pages(photos)))


def schedules(photos: Photos) -> tuple[Schedule, ...]:
    return (Schedule("photos.expire", Every(timedelta(minutes=5)), photos.expire),)
