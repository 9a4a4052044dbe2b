"""JSON API of jobs: /api/jobs, their events as a stream, by polling and over the documented WebSocket."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Header, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

from overprint.core.principal import Principal
from overprint.core.problems import Invalid, Problem
from overprint.db.database import Database
from overprint.engine.events import Hub
from overprint.engine.job import JobState
from overprint.features.jobs.service import PAGE_MAX, Jobs
from overprint.features.jobs.store import Row
from overprint.http.responses import IdempotencyKey, In, Out, example, next_cursor, read_cursor, sends
from overprint.http.room import Starter
from overprint.http.scope import InScope, is_still, principal_of
from overprint.http.streams import Leave, event_json, event_stream, socket_message

_log = structlog.get_logger(__name__)

SUBSCRIPTIONS_MAX = 50
SEQUENCE_MAX = 2**63 - 1
_CHANNEL = "job:"
After = Annotated[int, Query(ge=0, le=SEQUENCE_MAX)]
StepKey = Annotated[str, Query(max_length=200, pattern=r"^[\w/.-]+$")]


class JobIn(In):
    """``kind`` names a pipeline (``books.make@1``), ``request`` is what it takes."""

    model_config = example(kind="books.make@1", request={"brief": {"premise": "Mira the fox looks for the lost moon"}})

    kind: str
    request: dict[str, Any]
    project_id: UUID | None = None


class StepOut(Out):
    """``possible_cost_microdollars``: what lost calls may have cost, of which nobody knows whether they were billed."""

    key: str
    kind: str
    title: str
    queue: str
    state: str
    attempt: int
    origin: str | None
    progress: float
    note: str
    error_kind: str | None
    error: str | None
    price_credits: int
    provider: str | None
    input_tokens: int
    output_tokens: int
    cost_microdollars: int
    possible_cost_microdollars: int
    started_at: datetime | None
    ended_at: datetime | None


class JobOut(Out):
    """``last_seq`` is the sequence of the newest event. ``quote_credits`` is the most it can cost. ``paused_at``: since
    when nothing more of it begins, until somebody goes on."""

    id: UUID
    kind: str
    title: str
    state: str
    progress: float
    error: str | None
    lineage: UUID
    project_id: UUID | None
    rerun_of: UUID | None
    steps_total: int
    steps_ended: int
    quote_credits: int
    last_seq: int
    created_at: datetime
    started_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None


class OutlookOut(Out):
    """``starts_in_seconds`` is an estimate from how long such steps took lately; null when nobody can tell.

    ``words`` says both to people.
    """

    steps_ahead: int
    starts_in_seconds: float | None
    why: str
    words: str


class JobDetail(JobOut):
    """``waiting`` says what to expect while none of the job's steps runs.

    ``request_id`` and ``traceparent`` (W3C) are of the request that submitted it; logs and spans of its steps carry
    them.
    """

    request_id: str | None
    traceparent: str | None
    waiting: OutlookOut | None
    steps: list[StepOut]


class ForecastOut(Out):
    """Keys of steps. ``quote_credits``: the most that it can cost."""

    will_run: Sequence[str]
    will_reuse: Sequence[str]
    quote_credits: int


class JobPage(Out):
    items: list[JobOut]
    next_cursor: str | None


def router(
    jobs: Jobs, hub: Callable[[], Hub], starters: Callable[[], Mapping[str, Starter]], link: Callable[[str], str]
) -> APIRouter:
    """Routes over ``jobs``.

    ``hub`` answers the process's event hub, ``starters`` how the rooms above begin a work, ``link`` makes a link to a
    stored file.
    """
    api = APIRouter(prefix="/api", tags=["jobs"])

    @api.get("/jobs")
    async def list_jobs(
        scope: InScope,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
        cursor: str | None = None,
        state: JobState | None = None,
    ) -> JobPage:
        rows = await jobs.list_jobs(scope.transaction, limit=limit, before=read_cursor(cursor), state=state)
        return JobPage(items=[JobOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("/jobs", status_code=202)
    async def submit_job(scope: InScope, job: JobIn, idempotency_key: IdempotencyKey = None) -> JobOut:
        begin = starters().get(job.kind)
        if begin is None:
            raise Invalid(f"There is no job of kind {job.kind[:80]!r}.", "See /api/openapi.json.", field="kind")
        made = await begin(scope.transaction, scope.principal, job.request, job.project_id, idempotency_key)
        return JobOut.model_validate(made)

    @api.get("/jobs/{job_id}")
    async def get_job(scope: InScope, job_id: UUID) -> JobDetail:
        job = await jobs.get(scope.transaction, job_id)
        steps = await jobs.list_steps(scope.transaction, job_id)
        waiting = await jobs.find_outlook(scope.transaction, job)
        return JobDetail.model_validate({**job, "waiting": waiting, "steps": steps})

    @api.delete("/jobs/{job_id}", status_code=202)
    @api.post("/jobs/{job_id}/cancel", status_code=202)
    async def cancel_job(scope: InScope, job_id: UUID) -> JobOut:
        """Stop a job that goes on; one that has ended is answered as it is. Its work is what can be deleted."""
        return JobOut.model_validate(await jobs.cancel(scope.transaction, scope.principal, job_id))

    @api.post("/jobs/{job_id}/pause", status_code=202)
    async def pause_job(scope: InScope, job_id: UUID) -> JobOut:
        """Begin nothing more of a job; what runs ends and is kept. What it may cost stays held."""
        return JobOut.model_validate(await jobs.pause(scope.transaction, scope.principal, job_id))

    @api.post("/jobs/{job_id}/resume", status_code=202)
    async def resume_job(scope: InScope, job_id: UUID) -> JobOut:
        """Go on with a paused job; any other is answered as it is."""
        return JobOut.model_validate(await jobs.resume(scope.transaction, scope.principal, job_id))

    @api.post("/jobs/{job_id}/rerun", status_code=202)
    async def rerun_job(scope: InScope, job_id: UUID, step: StepKey | None = None) -> JobOut:
        """Make what is missing of a job's work; with the key of a `step`, that one anew and what comes out differently
        for it."""
        if step is not None:
            return JobOut.model_validate(await jobs.rerun_from(scope.transaction, scope.principal, job_id, step))
        return JobOut.model_validate(await jobs.rerun(scope.transaction, scope.principal, job_id))

    @api.get("/jobs/{job_id}/forecast")
    async def forecast_rerun(scope: InScope, job_id: UUID, step: StepKey | None = None) -> ForecastOut:
        """What `POST …/rerun` would do, without doing it."""
        job = await jobs.get(scope.transaction, job_id)
        found, quote = await jobs.forecast_again(scope.transaction, job, step)
        return ForecastOut(will_run=found.runs, will_reuse=found.reused, quote_credits=quote.credits)

    @api.get("/jobs/{job_id}/logs")
    async def list_logs(scope: InScope, job_id: UUID, step: StepKey | None = None) -> list[dict[str, Any]]:
        await jobs.get(scope.transaction, job_id)
        return await jobs.list_logs(scope.transaction, job_id, step)

    @api.get("/jobs/{job_id}/events", response_class=StreamingResponse, responses=sends("text/event-stream"))
    async def stream_events(
        request: Request,
        scope: InScope,
        job_id: UUID,
        last_event_id: Annotated[str | None, Header()] = None,
        after: After = 0,
    ) -> StreamingResponse:
        """Server-sent events. ``Last-Event-ID`` (or ``after``) is the sequence seen last."""
        await jobs.get(scope.transaction, job_id)
        may_watch = partial(is_still, request, scope.principal)
        return event_stream(hub(), job_id, _sequence(last_event_id, after), may_watch)

    @api.get("/jobs/{job_id}/history")
    async def list_events(scope: InScope, job_id: UUID, after: After = 0) -> list[dict[str, Any]]:
        """The same events by polling, at most 500 a call."""
        return [event_json(event) for event in await jobs.list_events(scope.transaction, job_id, after)]

    @api.websocket("/ws")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await _Socket(websocket, jobs, hub(), link).serve()

    return api


def _sequence(last_event_id: str | None, after: int) -> int:
    if last_event_id is None:
        return after
    if not last_event_id.isascii() or not last_event_id.isdigit() or len(last_event_id) > 18:
        raise Invalid("Last-Event-ID is not an event's sequence.", "Leave it out to read from the start.")
    return int(last_event_id)


class _Socket:
    """One client: its subscriptions, each a task that passes a job's events on."""

    def __init__(self, websocket: WebSocket, jobs: Jobs, hub: Hub, link: Callable[[str], str]) -> None:
        self._websocket = websocket
        self._jobs = jobs
        self._hub = hub
        self._link = link
        self._subscriptions: dict[UUID, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        try:
            while True:
                frame = await self._websocket.receive()
                if frame["type"] == "websocket.disconnect":
                    return
                await self._hear(frame.get("text") or "")
        except WebSocketDisconnect:
            return
        finally:
            for task in self._subscriptions.values():
                task.cancel()
            await asyncio.gather(*self._subscriptions.values(), return_exceptions=True)

    async def _hear(self, text: str) -> None:
        try:
            message = json.loads(text[:10_000])
            kind, channel = message["type"], str(message["channel"])
            if not channel.startswith(_CHANNEL) or kind not in ("subscribe", "unsubscribe"):
                raise ValueError("neither")
            job_id = UUID(channel.removeprefix(_CHANNEL))
        except (ValueError, KeyError, TypeError, RecursionError):
            await self._say({"type": "error", "error": 'Send {"type": "subscribe", "channel": "job:<id>"}.'})
            return
        if kind == "subscribe":
            await self._subscribe(job_id, message.get("after", 0))
        elif kind == "unsubscribe" and job_id in self._subscriptions:
            self._subscriptions.pop(job_id).cancel()

    async def _subscribe(self, job_id: UUID, after: object) -> None:
        if job_id in self._subscriptions:
            return
        if len(self._subscriptions) >= SUBSCRIPTIONS_MAX:
            await self._say({"type": "error", "error": f"At most {SUBSCRIPTIONS_MAX} subscriptions a connection."})
            return
        try:
            principal = await self._check(job_id)
        except Problem as problem:
            await self._say({"type": "error", "error": problem.message, "jobId": str(job_id)})
            return
        start = after if isinstance(after, int) and 0 <= after <= SEQUENCE_MAX else 0
        self._subscriptions[job_id] = asyncio.create_task(self._pass_on(job_id, start, principal))

    async def _check(self, job_id: UUID) -> Principal:
        """Who asks. Raises unless they may see the job."""
        principal = await principal_of(self._websocket)
        database: Database = self._websocket.app.state.database
        async with database.transaction(principal.team_id) as transaction:
            await self._jobs.get(transaction, job_id)
        return principal

    async def _pass_on(self, job_id: UUID, after: int, principal: Principal) -> None:
        events, leave = self._hub.watch(job_id, after), Leave(partial(is_still, self._websocket, principal))
        try:
            async for event in events:
                if not await leave.holds():
                    await self._say({"type": "error", "error": "You may not see this any more.", "jobId": str(job_id)})
                    return
                message = socket_message(event, self._link)
                if message is not None:
                    await self._say(message)
        except Exception:
            _log.exception("a subscription broke off", job_id=str(job_id))
            await self._say({"type": "error", "error": "The events broke off; subscribe again.", "jobId": str(job_id)})
        finally:
            # Not the one that may have taken its place since it was cancelled.
            if self._subscriptions.get(job_id) is asyncio.current_task():
                del self._subscriptions[job_id]
            await events.aclose()

    async def _say(self, message: Row) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._websocket.send_json(message)
