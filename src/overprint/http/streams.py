"""A job's events on the wire: server-sent events, the documented WebSocket messages, plain JSON."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from overprint.core.tasks import end_tasks
from overprint.engine.events import Event, Hub

KEEP_ALIVE_SECONDS = 15.0
AHEAD_SECONDS = 3.0
ENCODED_MAX = 1000
# The documented four, whatever queue a step waits in: words come before pictures, and all that follows moving pictures
# is post-processing.
_STEP_TYPES = {
    "text-generation": "IMAGE_GENERATION",
    "image-generation": "IMAGE_GENERATION",
    "video-synthesis": "VIDEO_SYNTHESIS",
    "motion-transfer": "MOTION_TRANSFER",
}


def step_type(queue: str) -> str:
    """What a step that waits in this queue is called in the documented messages."""
    return _STEP_TYPES.get(queue, "POST_PROCESSING")


def event_json(event: Event) -> dict[str, Any]:
    """An event as polling answers it."""
    return {"seq": event.seq, "at": event.at.isoformat(), "type": event.type, "data": event.data}


@lru_cache(maxsize=ENCODED_MAX)  # thousands may watch one job
def encode_event(event: Event) -> bytes:
    """One server-sent event. ``id`` is the sequence, so ``Last-Event-ID`` says where a browser was."""
    body = json.dumps(event_json(event), ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.seq}\nevent: {event.type}\ndata: {body}\n\n".encode()


MayWatch = Callable[[], Awaitable[bool]]


class Leave:
    """Whether somebody may still watch, by an answer that is never older than ``KEEP_ALIVE_SECONDS``.

    It is asked for a little earlier, so that who is told something now and then is never kept waiting for it.
    """

    def __init__(self, may_watch: MayWatch) -> None:
        self._may_watch = may_watch
        self._asked_at = time.monotonic()
        self._asking: asyncio.Task[bool] | None = None

    async def holds(self) -> bool:
        if self._asking is not None and self._asking.done() and not await self._take():
            return False
        age_seconds = time.monotonic() - self._asked_at
        if age_seconds < KEEP_ALIVE_SECONDS - AHEAD_SECONDS:
            return True
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return age_seconds < KEEP_ALIVE_SECONDS or await self._take()

    async def _take(self) -> bool:
        assert self._asking is not None
        asking, self._asking = self._asking, None
        return await asking

    async def _ask(self) -> bool:
        began_at = time.monotonic()
        holds = await self._may_watch()
        self._asked_at = began_at
        return holds

    def end(self) -> None:
        """Nobody wants to know any more."""
        if self._asking is not None:
            self._asking.cancel()


class EventStream(Response):
    """Everything behind ``after``, then live, until the job ends, or who watches leaves or may not any more."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, job_id: UUID, after: int, may_watch: MayWatch) -> None:
        self.status_code, self.background = 200, None
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._batches = hub.watch_together(job_id, after, quiet_seconds=KEEP_ALIVE_SECONDS)
        self._leave = Leave(may_watch)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        telling, leaving = asyncio.create_task(self._tell(send)), asyncio.create_task(_left(receive))
        try:
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            has_told = telling.done()
            await end_tasks(telling, leaving)
        if has_told:
            telling.result()

    async def _tell(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
        try:
            async for batch in self._batches:
                if not await self._leave.holds():
                    break
                frames = b"".join(map(encode_event, batch)) or b": still here\n\n"
                await send({"type": "http.response.body", "body": frames, "more_body": True})
        finally:
            self._leave.end()
            await self._batches.aclose()
        await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive) -> None:
    """Until who asked has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def socket_message(event: Event, link: Callable[[str], str], queue_of: Callable[[str], str]) -> dict[str, Any] | None:
    """The documented WebSocket message for an event; None for events it has no message for.

    ``link`` makes a link to a stored file from its key; ``queue_of`` names the queue of a kind of steps.
    """
    job_id, data = str(event.job_id), event.data
    progress = round(float(data.get("progress", 0)) * 100)
    if event.type == "job.completed":
        return {"type": "job.completed", "jobId": job_id, "seq": event.seq}
    if event.type in ("job.failed", "job.cancelled"):
        error = data.get("error") or "It was cancelled."
        return {"type": "job.failed", "jobId": job_id, "seq": event.seq, "error": error}
    if event.type in ("step.completed", "step.reused"):
        files = data.get("files", [])
        return {
            "type": "step.completed",
            "jobId": job_id,
            "seq": event.seq,
            "stepId": data["key"],
            "stepType": step_type(queue_of(data.get("kind", ""))),
            "resultUrl": link(files[0]["key"]) if files else None,
            "progress": progress,
        }
    if event.type in ("step.started", "step.progress"):
        return {
            "type": "job.progress",
            "jobId": job_id,
            "seq": event.seq,
            "progress": progress,
            "currentStep": step_type(queue_of(data.get("kind", ""))),
            "status": "RUNNING",
            "stepId": data["key"],
        }
    return None
