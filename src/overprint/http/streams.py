"""A job's events on the wire: server-sent events, the documented WebSocket messages, plain JSON."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from fastapi.responses import StreamingResponse

from overprint.engine.events import Event, Hub

KEEP_ALIVE_SECONDS = 15.0
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
    """Whether somebody may still watch, asked again at most once in ``KEEP_ALIVE_SECONDS``."""

    def __init__(self, may_watch: MayWatch) -> None:
        self._may_watch = may_watch
        self._asked_at = time.monotonic()

    async def holds(self) -> bool:
        if time.monotonic() - self._asked_at < KEEP_ALIVE_SECONDS:
            return True
        self._asked_at = time.monotonic()
        return await self._may_watch()


async def _frames(hub: Hub, job_id: UUID, after: int, leave: Leave) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    batches = hub.watch_together(job_id, after, quiet_seconds=KEEP_ALIVE_SECONDS)
    try:
        async for batch in batches:
            if not await leave.holds():
                return
            yield b"".join(map(encode_event, batch)) or b": still here\n\n"
    finally:
        await batches.aclose()


def event_stream(hub: Hub, job_id: UUID, after: int, may_watch: MayWatch) -> StreamingResponse:
    """Everything behind ``after``, then live, until the job ends or who watches may not any more."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    frames = _frames(hub, job_id, after, Leave(may_watch))
    return StreamingResponse(frames, media_type="text/event-stream", headers=headers)


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
