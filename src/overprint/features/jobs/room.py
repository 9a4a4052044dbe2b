"""The jobs room's manifest."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from overprint.engine.events import Hub
from overprint.engine.schedule import Every, Schedule
from overprint.features.jobs.service import Jobs
from overprint.features.library import Library
from overprint.http.room import Room, Starter, Teller

Names = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, str]]]


def schedules(jobs: Jobs) -> tuple[Schedule, ...]:
    return (
        Schedule("jobs.closed", Every(timedelta(minutes=1)), jobs.stop_closed),
        Schedule("jobs.paused", Every(timedelta(hours=1)), jobs.stop_long_paused),
    )


def room(
    jobs: Jobs,
    hub: Callable[[], Hub],
    starters: Callable[[], Mapping[str, Starter]],
    tellers: Mapping[str, Teller],
    link: Callable[[str], str],
    *,
    library: Library,
    names: Names,
) -> Room:
    """``names``: what people are called, by their ids."""
    from overprint.features.jobs.api import router
    from overprint.features.jobs.api.status import status_router
    from overprint.features.jobs.api.watching import watching_router
    from overprint.features.jobs.web import router as pages

    return Room(
        "jobs",
        quick_routers=(status_router(jobs, tellers), watching_router(jobs, hub)),
        routers=(router(jobs, hub, starters, tellers, link),),
        pages=(pages(jobs, library, names),),
    )
