"""The documented WebSocket: one connection, the events of many jobs."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

import structlog
from fastapi import WebSocket, WebSocketDisconnect

from overprint.core.principal import Principal
from overprint.core.problems import Problem
from overprint.db.database import Database
from overprint.engine.events import Hub
from overprint.features.jobs.service import Jobs
from overprint.features.jobs.store import Row
from overprint.http.room import Teller
from overprint.http.scope import is_still, principal_of
from overprint.http.streams import Leave, socket_message

_log = structlog.get_logger(__name__)

SUBSCRIPTIONS_MAX = 50
SEQUENCE_MAX = 2**63 - 1
_CHANNEL = "job:"


class Socket:
    """One client: its subscriptions, each a task that passes a job's events on."""

    def __init__(
        self,
        websocket: WebSocket,
        jobs: Jobs,
        hub: Hub,
        link: Callable[[str], str],
        tellers: Mapping[str, Teller],
    ) -> None:
        self._websocket = websocket
        self._jobs = jobs
        self._hub = hub
        self._link = link
        self._tellers = tellers
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
                message = socket_message(event, self._link, self._jobs.queue_of)
                if message is not None and event.type == "job.completed":
                    message |= await self._results(job_id, principal)
                if message is not None:
                    await self._say(message)
        except Exception:
            _log.exception("a subscription broke off", job_id=str(job_id))
            await self._say({"type": "error", "error": "The events broke off; subscribe again.", "jobId": str(job_id)})
        finally:
            # Not the one that may have taken its place since it was cancelled.
            if self._subscriptions.get(job_id) is asyncio.current_task():
                del self._subscriptions[job_id]
            leave.end()
            await events.aclose()

    async def _results(self, job_id: UUID, principal: Principal) -> dict[str, str | None]:
        database: Database = self._websocket.app.state.database
        async with database.transaction(principal.team_id) as transaction:
            job = await self._jobs.get(transaction, job_id)
            if job["kind"] not in self._tellers:
                return {}
            results = await self._tellers[job["kind"]](transaction, job["lineage"])
        return {"videoUrl": results.video_url, "thumbnailUrl": results.thumbnail_url}

    async def _say(self, message: Row) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._websocket.send_json(message)
