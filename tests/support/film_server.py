"""Providers of films on this machine: Runway's tasks and fal's queue, by their public documentation and clients.

It checks requests as the real ones do, keeps every one, and moves a task on each time somebody asks for it: waiting,
half done, there. ``plan`` says what the next orders get instead, ``plan_at`` what the next ``ask``, ``result``,
``fetch`` or ``cancel`` gets. A behaviour of ``After`` misbehaves once the work is done: the answer is what gets lost.
"""

import base64
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from overprint.core.pixels import picture_size
from tests.support.films import film
from tests.support.model_server import (
    Behaviour,
    Drops,
    Fails,
    Floods,
    Hangs,
    ModelServer,
    Recorded,
    Sends,
    listening,
)

RUNWAY_MODEL, FAL_MODEL = "gen4_turbo", "fal-ai/pika/v2.2/image-to-video"
RUNWAY_VERSION = "2024-11-06"
RATIOS = ("1280:720", "720:1280", "1104:832", "832:1104", "960:960", "1584:672")
DATA_URI_MAX_CHARACTERS = 5 * 1024 * 1024
_FAL_APP = "/fal-ai/pika/requests/"
_TASKS = "/v1/tasks/"
_JPEG = "data:image/jpeg;base64,"
Answer = tuple[int, Mapping[str, Any] | None]


@dataclass(frozen=True)
class After:
    """The work is done, and then this happens to the answer."""

    behaviour: Behaviour


@dataclass
class Task:
    """``asked``: how often. It is there at the third time; ``fate`` is what it comes to instead."""

    id: str
    seconds: int
    picture_px: tuple[int, int]
    asked: int = 0
    fate: Mapping[str, Any] | None = None
    is_cancelled: bool = False


@dataclass(frozen=True)
class ComesToNothing:
    """A task that is taken and comes to nothing: ``failureCode`` and ``failure`` at Runway; at fal, the status, type
    and words of what the model answered."""

    code: str
    said: str = "It did not work."
    status: int = 422


@cache
def film_of(seconds: int) -> bytes:
    return film(frames=8 * seconds, fps=8)


class FilmServer(ModelServer):
    """``tasks`` that were taken, in order. ``film``: what is handed out instead of an honest film."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.tasks: list[Task] = []
        self.film: bytes | None = None
        self.link: str | None = None  # what is answered instead of an honest link
        self.fates: list[ComesToNothing] = []
        self._plans: dict[str, list[Behaviour | After]] = {}

    def plan_at(self, what: str, *behaviours: Behaviour | After) -> None:
        self._plans.setdefault(what, []).extend(behaviours)

    def plan(self, *behaviours: Behaviour) -> None:
        self.plan_at("order", *behaviours)

    def orders(self) -> list[Recorded]:
        return [sent for sent in self.requests if _kind(sent) == "order"]

    def count(self, what: str) -> int:
        return sum(_kind(sent) == what for sent in self.requests)

    async def _answer(self, request: Recorded, reader: Any, writer: Any) -> None:
        what = _kind(request)
        planned = self._plans.get(what, [])
        behaviour = planned.pop(0) if planned else None
        if behaviour is None or isinstance(behaviour, After):
            body, media_type, status = self._work(what, request)
            if behaviour is None:
                await self._whole(writer, status, body, media_type, {})
                return
            behaviour = behaviour.behaviour
        match behaviour:
            case Fails():
                body = _error(request.path, behaviour)
                await self._whole(writer, behaviour.status, body, "application/json", behaviour.headers)
            case Sends():
                await self._whole(writer, 200, behaviour.body, behaviour.media_type, behaviour.headers)
            case Floods():
                await self._flood(writer, behaviour)
            case Hangs():
                await self._wait_for_hang_up(reader)
            case Drops():
                writer.transport.abort()
            case _:
                raise AssertionError(behaviour)

    def _work(self, what: str, request: Recorded) -> tuple[bytes, str, int]:
        if what == "fetch":
            assert "authorization" not in request.headers, "a key went along to where files are"
            task = self._task(request.path.removeprefix("/files/"))
            made = self.film if self.film is not None else film_of(task.seconds if task else 1)
            return made, "video/mp4", 200
        is_runway = request.path.startswith("/v1/")
        wrong = self._stranger(request, is_runway)
        status, told = wrong or (self._runway(what, request) if is_runway else self._fal(what, request))
        return b"" if told is None else json.dumps(told).encode(), "application/json", status

    def _stranger(self, request: Recorded, is_runway: bool) -> Answer | None:
        shown = request.headers.get("authorization", "")
        if shown == f"{'Bearer' if is_runway else 'Key'} {self.key}":
            return None
        told = {"error": "The provided API key is not valid."} if is_runway else {"detail": f"Cannot access: {shown}"}
        return 401, told

    def _runway(self, what: str, request: Recorded) -> Answer:
        if request.headers.get("x-runway-version") != RUNWAY_VERSION:
            return 400, {"error": "The X-Runway-Version header is missing or names no version."}
        if what == "order":
            wrong = _runway_complaint(request.body)
            if wrong:
                return wrong
            return 200, {"id": self._take(request.body["promptImage"], request.body["duration"]).id}
        task = self._task(request.path.removeprefix(_TASKS))
        if task is None or task.is_cancelled:
            return 404, {"error": "This task was not found."}
        if what == "cancel":
            task.is_cancelled = True
            return 204, None
        task.asked += 1
        told: dict[str, Any] = {"id": task.id, "createdAt": "2026-11-22T06:00:00.000Z"}
        if task.asked == 1:
            return 200, {**told, "status": "PENDING"}
        if task.asked == 2:
            return 200, {**told, "status": "RUNNING", "progress": 0.5}
        if task.fate is not None:
            return 200, {**told, "status": "FAILED", **{name: task.fate[name] for name in ("failure", "failureCode")}}
        return 200, {**told, "status": "SUCCEEDED", "output": [self._link(task)]}

    def _fal(self, what: str, request: Recorded) -> Answer:
        if what == "order":
            wrong = _fal_complaint(request.path, request.body)
            if wrong:
                return wrong
            task = self._take(request.body["image_url"], request.body["duration"])
            place = f"{self.url}{_FAL_APP}{task.id}"
            links = {"response_url": place, "status_url": f"{place}/status", "cancel_url": f"{place}/cancel"}
            return 200, {"status": "IN_QUEUE", "request_id": task.id, "queue_position": 0, **links}
        found = self._task(request.path.removeprefix(_FAL_APP).partition("/")[0])
        if found is None:
            return 404, {"detail": "Request not found"}
        if what == "cancel":
            if found.asked >= 3:
                return 400, {"status": "ALREADY_COMPLETED"}
            found.is_cancelled = True
            return 202, {"status": "CANCELLATION_REQUESTED"}
        if what == "ask":
            found.asked += 1
            if found.asked < 3:
                return 202, {"status": ("IN_QUEUE", "IN_PROGRESS")[found.asked - 1], "request_id": found.id}
            error = {"error": found.fate["failure"]} if found.fate else {}
            return 200, {"status": "COMPLETED", "request_id": found.id, "metrics": {"inference_time": 41.2}, **error}
        if found.fate:
            detail = {"loc": ["body"], "msg": found.fate["failure"], "type": found.fate["failureCode"]}
            return int(found.fate["status"]), {"detail": [detail]}
        return 200, {"video": {"url": self._link(found), "content_type": "video/mp4", "file_size": 1}}

    def _take(self, picture: str, seconds: int) -> Task:
        size = picture_size(base64.b64decode(picture.removeprefix(_JPEG)))
        assert size is not None
        task = Task(f"task-{len(self.tasks) + 1}", seconds, size)
        if self.fates:
            fate = self.fates.pop(0)
            task.fate = {"failureCode": fate.code, "failure": fate.said, "status": fate.status}
        self.tasks.append(task)
        return task

    def _task(self, task_id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == task_id), None)

    def _link(self, task: Task) -> str:
        return self.link or f"{self.url}/files/{task.id}"


def _kind(request: Recorded) -> str:
    if request.path.startswith("/files/"):
        return "fetch"
    if request.method in ("DELETE", "PUT"):
        return "cancel"
    if request.method == "POST":
        return "order"
    return "ask" if request.path.startswith(_TASKS) or request.path.endswith("/status") else "result"


def _runway_complaint(body: Mapping[str, Any]) -> Answer | None:
    picture = body.get("promptImage")
    checks = {
        "model": body.get("model") == RUNWAY_MODEL,
        "promptImage": isinstance(picture, str)
        and picture.startswith(_JPEG)
        and len(picture) < DATA_URI_MAX_CHARACTERS,
        "promptText": 0 < len(str(body.get("promptText", "")).encode("utf-16-le")) <= 2000,
        "ratio": body.get("ratio") in RATIOS,
        "duration": isinstance(body.get("duration"), int) and 2 <= body["duration"] <= 10,
        "seed": isinstance(body.get("seed"), int) and 0 <= body["seed"] < 2**32,
    }
    wrong = [name for name, is_right in checks.items() if not is_right]
    return (400, {"error": f"Validation of body failed: {wrong}"}) if wrong else None


def _fal_complaint(path: str, body: Mapping[str, Any]) -> Answer | None:
    if path != f"/{FAL_MODEL}":
        return 404, {"detail": "Application not found"}
    checks = {
        "image_url": re.match(r"data:image/jpeg;base64,|https://", str(body.get("image_url"))) is not None,
        "prompt": isinstance(body.get("prompt"), str) and bool(body["prompt"]),
        "duration": body.get("duration", 5) in (5, 10),
        "resolution": body.get("resolution", "720p") in ("720p", "1080p"),
        "seed": isinstance(body.get("seed", 0), int),
    }
    wrong = [name for name, is_right in checks.items() if not is_right]
    detail = [{"loc": ["body", name], "msg": "Input should be valid", "type": "literal_error"} for name in wrong]
    return (422, {"detail": detail}) if wrong else None


def _error(path: str, behaviour: Fails) -> bytes:
    """As the vendor says it: Runway in words alone, fal with a type where there is one."""
    if path.startswith("/v1/"):
        return json.dumps({"error": behaviour.message}).encode()
    if behaviour.code:
        return json.dumps({"detail": [{"loc": ["body"], "msg": behaviour.message, "type": behaviour.code}]}).encode()
    return json.dumps({"detail": behaviour.message}).encode()


@asynccontextmanager
async def film_server(key: str = "key_0123456789abcdef") -> AsyncIterator[FilmServer]:
    server = FilmServer(key)
    async with listening(server) as origin:
        server.url = origin
        yield server
