"""Runway's models: ``image_to_video`` begins a task, ``tasks/{id}`` tells of it."""

import base64
import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from overprint.adapters.hosted.calls import Call, answer_to
from overprint.adapters.hosted.endpoint import Account, Patience, endpoint_of
from overprint.adapters.hosted.failures import AddressUnknown, refusal, said_by
from overprint.adapters.video.answers import object_in
from overprint.adapters.video.tasks import CALL_PATIENCE, PACE, HostedFilms, Offer, Order, Pace, Standing
from overprint.ports.compute import ComputePort
from overprint.ports.errors import Refused
from overprint.ports.video import VideoRequest

RUNWAY_URL = "https://api.dev.runwayml.com"
VERSION = "2024-11-06"
DEFAULT_OFFER = Offer(seconds=tuple(range(2, 11)))
PROMPT_MAX_UNITS = 1000  # of UTF-16
SEED_END = 2**32
_ANSWER_MAX_BYTES = 200_000
_RATIOS = ((1280, 720), (720, 1280), (1104, 832), (832, 1104), (960, 960), (1584, 672))
_TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_WAITING = frozenset({"PENDING", "THROTTLED", "RUNNING"})


class RunwayFilms(HostedFilms):
    """``model`` is one of those that take ``ratio`` and ``duration``: ``gen4_turbo``, ``gen4.5``."""

    def __init__(
        self,
        *,
        model: str,
        compute: ComputePort,
        api_key: str = "",
        base_url: str | None = None,
        offer: Offer = DEFAULT_OFFER,
        task_seconds: float = 1800.0,
        pace: Pace = PACE,
        patience: Patience = CALL_PATIENCE,
    ) -> None:
        address = (base_url or RUNWAY_URL).rstrip("/").removesuffix("/v1")
        account = Account(api_key, headers={"X-Runway-Version": VERSION})
        endpoint = endpoint_of(address, account, patience, ("runway", "Runway"))
        super().__init__(endpoint, model, offer, compute, task_seconds=task_seconds, pace=pace)

    def frame_size_px(self, request: VideoRequest) -> tuple[int, int]:
        wanted = request.width_px / request.height_px
        return min(_RATIOS, key=lambda size: abs(math.log(size[0] / size[1] / wanted)))

    async def cancel(self, task_id: str) -> None:
        """A task that has ended is deleted there, with its film."""
        call = Call(f"v1/tasks/{quote(task_id, safe='')}", f"cancel:{task_id}", _ANSWER_MAX_BYTES, method="DELETE")
        try:
            await answer_to(self.endpoint, call)
        except AddressUnknown:
            return

    async def _order(self, order: Order) -> str:
        body = {
            "model": self.model,
            "promptImage": f"data:image/jpeg;base64,{base64.b64encode(order.picture).decode()}",
            "promptText": _cut(order.prompt),
            "ratio": f"{order.width_px}:{order.height_px}",
            "duration": order.seconds,
            "seed": order.seed % SEED_END,
        }
        answer = object_in(
            self.endpoint,
            await answer_to(self.endpoint, Call("v1/image_to_video", order.idempotency_key, _ANSWER_MAX_BYTES, body)),
        )
        task_id = answer.get("id")
        if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
            raise self.senseless()
        return task_id

    async def _standing(self, task_id: str) -> Standing:
        call = Call(f"v1/tasks/{quote(task_id, safe='')}", f"ask:{task_id}", _ANSWER_MAX_BYTES, method="GET")
        task = object_in(self.endpoint, await answer_to(self.endpoint, call))
        status = task.get("status")
        if status in _WAITING:
            progress = task.get("progress")
            return Standing(progress=min(1.0, max(0.0, progress)) if isinstance(progress, int | float) else 0.0)
        if status == "SUCCEEDED":
            made = task.get("output")
            if isinstance(made, list) and made and isinstance(made[0], str):
                return Standing(link=made[0])
            raise self.senseless()
        if status == "CANCELLED":
            raise self.failed("Somebody cancelled it there.")
        if status == "FAILED":
            raise self._failure(task)
        raise self.senseless()

    def _failure(self, task: Mapping[str, Any]) -> Exception:
        code = str(task.get("failureCode") or "")
        said = said_by(self.endpoint, {"message": task.get("failure")})
        if "SAFETY" in code:
            return refusal(self.endpoint, said)
        if code.startswith("ASSET"):
            return Refused(f"Runway cannot film this picture.{said}", provider=self.endpoint.provider)
        return self.failed(said.strip())


def _cut(prompt: str) -> str:
    """As much as is taken, in whole characters."""
    return prompt.encode("utf-16-le")[: 2 * PROMPT_MAX_UNITS].decode("utf-16-le", "ignore") or "Gentle motion."
