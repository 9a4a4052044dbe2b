"""The end of teams for good: some time after a team was closed, all that it had is removed.

The team's own row is the last that goes, and with it in one transaction whatever still refers to it. So a purge that
was stopped anywhere begins once more, and finds less to do. What is left is what others may have to be shown: the
team's audit log, for as long as it is kept, and the amounts of its books.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import asyncpg
import structlog

from overprint.engine.schedule import ScheduleContext
from overprint.features.audit import record_by_system
from overprint.features.teams import store
from overprint.ports.errors import ProviderError

BATCH = 100
_log = structlog.get_logger(__name__)


class Purge(Protocol):
    """Removes what a room has of a closed team. False: not all of it yet; then it is asked again at the next turn."""

    async def __call__(self, context: ScheduleContext, team_id: UUID, /) -> bool: ...


class Farewell(Protocol):
    """What a room does in the transaction in which the team's row goes, after it."""

    async def __call__(self, connection: asyncpg.Connection, team_id: UUID, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Endings:
    """``kept``: how long a closed team waits. ``purges`` are done in their order, each to its end."""

    kept: timedelta
    purges: Sequence[Purge]
    farewells: Sequence[Farewell]

    async def purge(self, context: ScheduleContext) -> None:
        """Remove the teams that are closed for long enough, the longest closed first. Raises the last
        ``ProviderError``, once the others were gone through."""
        failure: ProviderError | None = None
        for team_id in await store.list_closed(context.database.system, context.clock.now() - self.kept, BATCH):
            if not context.has_time:
                break
            try:
                await self._purge(context, team_id)
            except ProviderError as error:
                failure = error
        if failure is not None:
            raise failure

    async def _purge(self, context: ScheduleContext, team_id: UUID) -> None:
        for purge in self.purges:
            if not await purge(context, team_id):
                return
        async with context.database.system_transaction() as connection:
            if not await store.delete_closed(connection, team_id):
                return  # another worker was quicker
            for farewell in self.farewells:
                await farewell(connection, team_id)
            await record_by_system(connection, None, "team.purged", "team", team_id, team_id=team_id)
        _log.info("a closed team was removed for good", team_id=str(team_id))
