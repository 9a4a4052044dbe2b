"""The library's manifest. What speaks HTTP is loaded for a web process only."""

from datetime import timedelta

from overprint.engine.schedule import Every, Schedule, ScheduleContext
from overprint.features.library.service import Library
from overprint.http.room import Room


def room(library: Library) -> Room:
    from overprint.features.library.api import router

    return Room("library", routers=(router(library),))


def schedules(library: Library, *, deleted_files_kept: timedelta) -> tuple[Schedule, ...]:
    async def sweep(context: ScheduleContext) -> None:
        await library.sweep(context, deleted_files_kept)

    return (
        Schedule("library.sweep", Every(timedelta(minutes=10)), sweep),
        Schedule("library.usage", Every(timedelta(hours=1)), library.note_storage),
    )
