"""``GET /api/jobs/{id}/events``: a job's events as they happen.

When a server comes back, everybody who watched comes back at once, so a stream is opened by a short way: one question
to find out who asks, one whether the job is theirs.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request

from overprint.core.principal import Principal
from overprint.core.problems import Invalid
from overprint.db.database import Database
from overprint.engine.events import Hub
from overprint.features.jobs.api.socket import SEQUENCE_MAX
from overprint.features.jobs.service import Jobs
from overprint.features.teams import Action, permit
from overprint.http.quick import quick_route
from overprint.http.responses import sends
from overprint.http.scope import Who, is_still, principal_of
from overprint.http.streams import EventStream

_DIGITS_MAX = 18


def watching_router(jobs: Jobs, hub: Callable[[], Hub]) -> APIRouter:
    """One route; it asks by itself for the right to see the team's work. ``hub`` answers the process's event hub."""

    async def watch(request: Request, who: Principal, job_id: UUID, after: int) -> EventStream:
        permit(who, Action.SEE_WORK)
        database: Database = request.app.state.database
        await jobs.check_there(database, who.team_id, job_id)
        return EventStream(hub(), job_id, after, partial(is_still, request, who))

    async def quickly(request: Request) -> EventStream | None:
        try:
            job_id = UUID(request.path_params["job_id"])
        except ValueError:
            return None  # the framework says what is wrong with it
        seen = request.headers.get("last-event-id")
        seen = request.query_params.get("after", "0") if seen is None else seen
        if not _is_sequence(seen):
            return None
        return await watch(request, await principal_of(request), job_id, int(seen))

    api = APIRouter(prefix="/api", tags=["jobs"], route_class=quick_route(quickly))

    # The status is said here: the description is made of the route, and would look for it in the class.
    @api.get("/jobs/{job_id}/events", status_code=200, response_class=EventStream, responses=sends("text/event-stream"))
    async def stream_events(
        request: Request,
        who: Who,
        job_id: UUID,
        last_event_id: Annotated[str | None, Header()] = None,
        after: Annotated[int, Query(ge=0, le=SEQUENCE_MAX)] = 0,
    ) -> EventStream:
        """Server-sent events. ``Last-Event-ID`` (or ``after``) is the sequence seen last."""
        if last_event_id is not None and not _is_sequence(last_event_id):
            raise Invalid("Last-Event-ID is not an event's sequence.", "Leave it out to read from the start.")
        return await watch(request, who, job_id, after if last_event_id is None else int(last_event_id))

    return api


def _is_sequence(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= _DIGITS_MAX
