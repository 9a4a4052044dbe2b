"""JSON API of jobs: /api/jobs, their events as a stream, by polling and over the documented WebSocket."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, WebSocket
from pydantic import AliasChoices, Field

from overprint.core.problems import Invalid
from overprint.core.story import PREMISE_MAX_CHARACTERS
from overprint.engine.events import Hub
from overprint.engine.job import JobState
from overprint.features.jobs.api.shapes import JobOut
from overprint.features.jobs.api.socket import SEQUENCE_MAX, Socket
from overprint.features.jobs.service import PAGE_MAX, Jobs
from overprint.http.once import Once
from overprint.http.responses import IdempotencyKey, In, Out, example, next_cursor, read_cursor
from overprint.http.room import PROMPTED, Starter, Teller
from overprint.http.routes import Router
from overprint.http.scope import InScope
from overprint.http.streams import event_json

After = Annotated[int, Query(ge=0, le=SEQUENCE_MAX)]
StepKey = Annotated[str, Query(max_length=200, pattern=r"^[\w/.-]+$")]


class JobIn(In):
    """``kind`` names a pipeline (``books.make@1``), ``request`` is what it takes. Or a film of a ``prompt``: in the
    look of a preset (``presetId``: its id, key or name), with ``settings`` (``aspectRatio``, ``duration`` in seconds,
    ``resolution``, ``style``, and whatever else a film's brief has; ``driving_id``: a clip in the library that it
    follows, ``picture_id`` and ``lut_id``: a picture and a ``.cube`` file of one's own)."""

    model_config = example(kind="books.make@1", request={"brief": {"premise": "Mira the fox looks for the lost moon"}})

    kind: str = ""
    request: dict[str, Any] = Field(default_factory=dict)
    project_id: UUID | None = Field(None, validation_alias=AliasChoices("project_id", "projectId"))
    prompt: str = Field("", max_length=PREMISE_MAX_CHARACTERS)
    presetId: str | None = Field(None, max_length=80)
    settings: dict[str, Any] = Field(default_factory=dict, max_length=40)

    @property
    def asked(self) -> tuple[str, dict[str, Any]]:
        """Which starter begins it, and what that is asked."""
        if self.kind or not self.prompt:
            return self.kind, self.request
        return PROMPTED, {"prompt": self.prompt, "preset": self.presetId, "settings": self.settings}


class ForecastOut(Out):
    """Keys of steps. ``quote_credits``: the most that it can cost."""

    will_run: Sequence[str]
    will_reuse: Sequence[str]
    quote_credits: int


class JobPage(Out):
    items: list[JobOut]
    next_cursor: str | None


def router(
    jobs: Jobs,
    hub: Callable[[], Hub],
    starters: Callable[[], Mapping[str, Starter]],
    tellers: Mapping[str, Teller],
    link: Callable[[str], str],
) -> APIRouter:
    """Routes over ``jobs``.

    ``hub`` answers the process's event hub, ``starters`` how the rooms above begin a work, ``tellers`` what
    it came to, ``link`` makes a link to a
    stored file.
    """
    api = Router(prefix="/api", tags=["jobs"])

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
        kind, request = job.asked
        begin = starters().get(kind)
        if begin is None:
            raise Invalid(f"There is no job of kind {kind[:80]!r}.", "See /api/openapi.json.", field="kind")
        made = await begin(scope.transaction, scope.principal, request, job.project_id, idempotency_key)
        return JobOut.model_validate(made)

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
    async def rerun_job(scope: InScope, once: Once, job_id: UUID, step: StepKey | None = None) -> JobOut:
        """Make what is missing of a job's work; with the key of a `step`, that one anew and what comes out differently
        for it."""

        async def rerun() -> JobOut:
            if step is not None:
                return JobOut.model_validate(await jobs.rerun_from(scope.transaction, scope.principal, job_id, step))
            return JobOut.model_validate(await jobs.rerun(scope.transaction, scope.principal, job_id))

        return await once.answer(scope.transaction, JobOut, step, rerun)

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

    @api.get("/jobs/{job_id}/history")
    async def list_events(scope: InScope, job_id: UUID, after: After = 0) -> list[dict[str, Any]]:
        """The same events by polling, at most 500 a call."""
        return [event_json(event) for event in await jobs.list_events(scope.transaction, job_id, after)]

    @api.websocket("/ws")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await Socket(websocket, jobs, hub(), link, tellers).serve()

    return api
