"""The shelf's manifest. What speaks HTTP is loaded for a web process only."""

from datetime import timedelta

from overprint.engine.schedule import Every, Schedule, ScheduleContext
from overprint.features.shelf.service import Shelf
from overprint.http.room import Room


def room(shelf: Shelf, *, kept: timedelta) -> Room:
    """``kept``: how long what is thrown away stays in the trash."""
    from overprint.features.shelf.api import router
    from overprint.features.shelf.web import file_pages, library_pages, project_pages, trash_pages

    return Room(
        "shelf",
        routers=(router(shelf),),
        pages=(library_pages(shelf, kept), trash_pages(shelf, kept), project_pages(shelf), file_pages(shelf)),
    )


def schedules(shelf: Shelf, *, kept: timedelta) -> tuple[Schedule, ...]:
    async def purge(context: ScheduleContext) -> None:
        await shelf.purge_trash(context, kept)

    return (Schedule("shelf.trash", Every(timedelta(hours=1)), purge),)
