"""The audit room's manifest. What speaks HTTP is loaded for a web process only."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from overprint.core.principal import Principal
from overprint.engine.schedule import Daily, Schedule, ScheduleContext
from overprint.features.audit.service import Audit
from overprint.http.room import Room

if TYPE_CHECKING:
    from overprint.features.audit.web import Names

Permits = Callable[[Principal], None]


def room(audit: Audit, permit: Permits, permit_all: Permits, names: "Names") -> Room:
    """``permit`` raises ``Denied`` for who may not see their team's lines, ``permit_all`` for who may not see all.

    ``names`` tells what people are called.
    """
    from overprint.features.audit.api import router
    from overprint.features.audit.web import router as pages

    return Room(
        "audit",
        routers=(router(audit, permit, permit_all),),
        pages=(pages(audit, permit, permit_all, names),),
    )


def schedules(audit: Audit, *, kept: timedelta) -> tuple[Schedule, ...]:
    async def cut(context: ScheduleContext) -> None:
        await audit.cut_old(context, kept)

    return (Schedule("audit.retention", Daily(hour=3, minute=40), cut),)
