"""Models on fal: Pika, and others that take a picture, words, a length and a resolution. Its queue takes a request and
answers where to ask for it."""

import base64
import re
from typing import Any
from urllib.parse import urlsplit

from overprint.adapters.hosted.calls import Call, answer_to
from overprint.adapters.hosted.endpoint import Account, Patience, endpoint_of
from overprint.adapters.hosted.failures import AddressUnknown, RequestRejected, said_by
from overprint.adapters.video.answers import object_in
from overprint.adapters.video.tasks import CALL_PATIENCE, PACE, HostedFilms, Offer, Order, Pace, Standing
from overprint.ports.compute import ComputePort
from overprint.ports.errors import Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.video import VideoRequest

FAL_URL = "https://queue.fal.run"
DEFAULT_OFFER = Offer(seconds=(5, 10))
PROMPT_MAX_CHARACTERS = 2000
SEED_END = 2**31
SIDE_MAX_PX = 1920
_ANSWER_MAX_BYTES = 1_000_000
# Where the queue keeps a request: owner and app of the model, without the path behind them, and the request's own id.
_TASK = re.compile(r"[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){1,3}/requests/[A-Za-z0-9-]{1,100}")
_MODEL = re.compile(r"[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){1,6}")


class FalFilms(HostedFilms):
    """``model`` is the path of a model, such as ``fal-ai/pika/v2.2/image-to-video``."""

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
        if not _MODEL.fullmatch(model) or ".." in model:
            raise Misconfigured("A model of fal looks like fal-ai/pika/v2.2/image-to-video.", provider="fal")
        account = Account(api_key, form="Key {}")
        endpoint = endpoint_of(base_url or FAL_URL, account, patience, ("fal", "fal"))
        super().__init__(endpoint, model, offer, compute, task_seconds=task_seconds, pace=pace)

    def frame_size_px(self, request: VideoRequest) -> tuple[int, int]:
        """The film has the picture's shape."""
        share = min(1.0, SIDE_MAX_PX / max(request.width_px, request.height_px))
        return round(request.width_px * share), round(request.height_px * share)

    async def cancel(self, task_id: str) -> None:
        call = Call(f"{task_id}/cancel", f"cancel:{task_id}", _ANSWER_MAX_BYTES, method="PUT")
        try:
            await answer_to(self.endpoint, call)
        except (AddressUnknown, RequestRejected):  # it has ended
            return

    async def _order(self, order: Order) -> str:
        body: dict[str, Any] = {
            "image_url": f"data:image/jpeg;base64,{base64.b64encode(order.picture).decode()}",
            "prompt": order.prompt[:PROMPT_MAX_CHARACTERS],
            "duration": order.seconds,
            "seed": order.seed % SEED_END,
        }
        if self.offer.resolution:
            body["resolution"] = self.offer.resolution
        call = Call(self.model, order.idempotency_key, _ANSWER_MAX_BYTES, body)
        return self._task_in(object_in(self.endpoint, await answer_to(self.endpoint, call)))

    def _task_in(self, answer: dict[str, Any]) -> str:
        """The way to the request, as fal says it. Our key goes there, so it has to be at fal."""
        said = answer.get("response_url")
        base = urlsplit(self.endpoint.base_url)
        parts = urlsplit(said if isinstance(said, str) else "")
        place = parts.path.removeprefix(base.path).strip("/")
        is_ours = (parts.scheme, parts.netloc) == (base.scheme, base.netloc) and not parts.query
        if not is_ours or not _TASK.fullmatch(place) or ".." in place:
            raise self.senseless()
        return place

    async def _standing(self, task_id: str) -> Standing:
        call = Call(f"{task_id}/status", f"ask:{task_id}", _ANSWER_MAX_BYTES, method="GET")
        status = object_in(self.endpoint, await answer_to(self.endpoint, call))
        said = status.get("status")
        if said == "IN_QUEUE":
            return Standing()
        if said == "IN_PROGRESS":
            return Standing(progress=0.5)  # it does not say how far
        if said != "COMPLETED":
            raise self.senseless()
        return Standing(link=await self._made(task_id, status))

    async def _made(self, task_id: str, status: dict[str, Any]) -> str:
        """The result has the status that the model answered with, its failures too."""
        call = Call(task_id, f"collect:{task_id}", _ANSWER_MAX_BYTES, method="GET")
        try:
            answer = object_in(self.endpoint, await answer_to(self.endpoint, call))
        except (Refused, AddressUnknown):
            raise
        except (Misconfigured, Unavailable) as failure:
            raise self._ended(status) or failure from failure
        film = answer.get("video")
        link = film.get("url") if isinstance(film, dict) else None
        if isinstance(link, str) and link:
            return link
        raise self._ended(status) or self.senseless()

    def _ended(self, status: dict[str, Any]) -> ProviderError | None:
        """What a task that came to nothing says of itself."""
        if not status.get("error"):
            return None
        return self.failed(said_by(self.endpoint, {"message": status["error"]}).strip())
