"""Hosted models that film: a picture and words in, a task's id out, and minutes later a link to a film.

What vendors have in common is here; what they say on the wire is theirs. A film is fetched, and made a clip of ours in
a child process, because its bytes come from outside. Neither vendor documents keys that make an order idempotent, so an
order whose answer got lost may have been taken: the call ledger books that.
"""

import asyncio
import math
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from overprint.adapters.hosted.endpoint import Endpoint, Patience
from overprint.adapters.hosted.failures import AddressUnknown
from overprint.adapters.hosted.links import fetched
from overprint.adapters.video.prices import microdollars_per_second, usage_of
from overprint.adapters.video.requests import check_request
from overprint.craft.media import (
    CLIP,
    CONFORMED,
    FIRST_FRAME_SECONDS,
    MEDIA_MEMORY_BYTES,
    SPEED_LEAST,
    Conforming,
    FilmBounds,
    FirstFrame,
    conform_film,
    conform_order,
    conform_timeout_seconds,
    first_frame_bytes,
    first_frame_order,
    placed,
)
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort
from overprint.ports.errors import Busy, Refused, TaskFailed, Unavailable
from overprint.ports.provider import Lengths, Provider, Usage
from overprint.ports.video import Told, VideoAnswer, VideoRequest

# What an HTTP call of an order or of a question takes; making the film itself takes none.
CALL_PATIENCE = Patience(silence_seconds=60.0, total_seconds=180.0)
# What a vendor's film may have: one of ten seconds in 1080p has a tenth of it.
FILM_MAX_BYTES = 100_000_000
# In base64 within five mebibytes, which is the least that a vendor takes.
PICTURE_MAX_BYTES = 3_700_000
_TROUBLES_IN_A_ROW_MAX = 8
_UNKNOWN_IN_A_ROW_MAX = 3
_LENGTH_LEAST_SHARE = 0.8  # models give a little more or less than they were asked for
_FETCHED_SHARE = 0.9  # of the progress that is told
_MEDIA_FAULTS = ("Invalid", "LimitReached")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a task is asked for: at first, and at most so seldom. Vendors ask for five seconds or more."""

    first_seconds: float = 5.0
    most_seconds: float = 20.0

    def after(self, seconds: float) -> float:
        return min(seconds * 1.3, self.most_seconds)


PACE = Pace()


@dataclass(frozen=True, slots=True)
class Offer:
    """What the model offers and what is wanted of it. ``seconds``: the lengths that it films.

    ``dollars_per_second`` is the operator's price; without it the price list decides.
    """

    seconds: tuple[int, ...]
    resolution: str = ""
    dollars_per_second: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a vendor is sent: ``picture`` is a JPEG of this size, with which the film begins."""

    picture: bytes
    prompt: str
    width_px: int
    height_px: int
    seconds: int
    seed: int
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task does: ``link`` leads to the film once there is one; ``progress`` is 0 to 1."""

    link: str = ""
    progress: float = 0.0


class HostedFilms(ABC):
    """A ``TaskVideoPort`` over one vendor. ``task_seconds``: how long a film is waited for."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        offer: Offer,
        compute: ComputePort,
        *,
        task_seconds: float,
        pace: Pace,
    ) -> None:
        self.endpoint = endpoint
        self.model = model
        self.offer = offer
        price = microdollars_per_second(endpoint.provider, model, offer.resolution, offer.dollars_per_second)
        self.lengths = Lengths(offer.seconds, max(offer.seconds) / SPEED_LEAST, price or 0)
        self._compute = compute
        self._task_seconds = task_seconds
        self._pace = pace

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model!r})"

    @property
    def provider(self) -> Provider:
        seconds = ",".join(map(str, self.offer.seconds))
        said = {"conform": CONFORMED, "seconds": seconds, "resolution": self.offer.resolution}
        label = f"{self.model} via {self.endpoint.label}"
        settings = {name: value for name, value in said.items() if value}
        return Provider(self.endpoint.provider, self.model, label, settings, lengths=self.lengths)

    async def film(self, request: VideoRequest, told: Told, folder: Path) -> VideoAnswer:
        return await self.collect(await self.submit(request), request, told, folder)

    async def submit(self, request: VideoRequest) -> str:
        self._check(request)
        width_px, height_px = self.frame_size_px(request)
        return await self._order(
            Order(
                await self._first_frame(request.picture, width_px, height_px),
                request.prompt.encode("utf-8", "replace").decode(),
                width_px,
                height_px,
                self.lengths.ordered(request.seconds),
                request.seed,
                request.idempotency_key,
            )
        )

    async def collect(self, task_id: str, request: VideoRequest, told: Told, folder: Path) -> VideoAnswer:
        link = await self._link(task_id, request, told)
        film = await fetched(self.endpoint, link, most_bytes=FILM_MAX_BYTES)
        ordered_seconds = self.lengths.ordered(request.seconds)
        usage = usage_of(self.model, ordered_seconds, self.lengths.microdollars_per_second)
        return VideoAnswer(await self._conformed(film, folder, request, ordered_seconds, usage), usage)

    @abstractmethod
    async def cancel(self, task_id: str) -> None: ...

    @abstractmethod
    def frame_size_px(self, request: VideoRequest) -> tuple[int, int]:
        """Width and height of what the model films for this request."""

    @abstractmethod
    async def _order(self, order: Order) -> str:
        """The id of the task. Raises ``ports.errors``."""

    @abstractmethod
    async def _standing(self, task_id: str) -> Standing:
        """Raises ``TaskFailed`` or ``Refused`` when there will be no film."""

    def _check(self, request: VideoRequest) -> None:
        check_request(request, self.endpoint.provider)
        most = self.lengths.most_seconds
        if request.seconds > most:
            raise Refused(
                f"{self.endpoint.label} films at most {max(self.offer.seconds)} seconds at once, which last {most:g} "
                f"slowed down; this scene lasts {request.seconds:.1f}. Make two scenes of it.",
                provider=self.endpoint.provider,
            )

    async def _first_frame(self, picture: bytes, width_px: int, height_px: int) -> bytes:
        try:
            return await self._compute.run(
                first_frame_bytes,
                first_frame_order(picture, FirstFrame(width_px, height_px, PICTURE_MAX_BYTES)),
                timeout_seconds=FIRST_FRAME_SECONDS,
                memory_bytes=MEDIA_MEMORY_BYTES,
            )
        except ComputeFailed as failure:
            if failure.kind in _MEDIA_FAULTS:
                raise Refused(failure.message, provider=self.endpoint.provider) from failure
            raise self._unfinished() from failure
        except ComputeLimit as limit:
            raise Refused("This picture is too large to be filmed.", provider=self.endpoint.provider) from limit

    async def _link(self, task_id: str, request: VideoRequest, told: Told) -> str:
        """Asks until there is a film; a vendor that is in trouble for a while is asked again."""
        wait_seconds, troubles, unknown = self._pace.first_seconds, 0, 0
        try:
            async with asyncio.timeout(self._task_seconds):
                while True:
                    pause_seconds = 0.0
                    try:
                        standing = await self._standing(task_id)
                        if standing.link:
                            return standing.link
                        troubles = unknown = 0
                        await told(int(standing.progress * _FETCHED_SHARE * request.frames))
                    except AddressUnknown as gone:
                        unknown += 1
                        if unknown >= _UNKNOWN_IN_A_ROW_MAX:
                            raise self.failed("It does not know the task any more.") from gone
                    except (Busy, Unavailable) as trouble:
                        troubles += 1
                        if isinstance(trouble, TaskFailed) or troubles >= _TROUBLES_IN_A_ROW_MAX:
                            raise
                        pause_seconds = trouble.retry_after_seconds if isinstance(trouble, Busy) else 0.0
                    await asyncio.sleep(max(pause_seconds, wait_seconds * random.uniform(0.8, 1.2)))
                    wait_seconds = self._pace.after(wait_seconds)
        except TimeoutError:
            message = f"{self.endpoint.provider} still works on this film. It is asked for again."
            raise Unavailable(message, provider=self.endpoint.provider) from None

    async def _conformed(
        self, film: bytes, folder: Path, request: VideoRequest, ordered_seconds: int, usage: Usage
    ) -> Path:
        frame_width_px, frame_height_px = self.frame_size_px(request)
        order = Conforming(
            request.width_px,
            request.height_px,
            request.fps,
            request.frames,
            seconds_least=_LENGTH_LEAST_SHARE * ordered_seconds,
            kept=placed(request.width_px, request.height_px, frame_width_px, frame_height_px),
            bounds=FilmBounds(bytes_max=FILM_MAX_BYTES, seconds_max=math.ceil(ordered_seconds * 1.5) + 1),
        )
        try:
            await self._compute.run(
                conform_film,
                conform_order(film, order),
                timeout_seconds=conform_timeout_seconds(order),
                memory_bytes=MEDIA_MEMORY_BYTES,
                folder=folder,
            )
        except ComputeFailed as failure:
            if failure.kind not in _MEDIA_FAULTS:
                raise self._unfinished() from failure
            raise self._unusable(usage, failure.message) from failure
        except ComputeLimit as limit:
            raise self._unusable(usage) from limit
        return folder / CLIP

    def failed(self, said: str) -> TaskFailed:
        message = f"{self.endpoint.provider} could not make this film. {said}".strip()
        return TaskFailed(message, provider=self.endpoint.provider)

    def senseless(self) -> Unavailable:
        message = f"{self.endpoint.provider} answered with something that makes no sense. It is asked again."
        return Unavailable(message, provider=self.endpoint.provider)

    def _unusable(self, usage: Usage, said: str = "") -> Unavailable:
        message = f"{self.endpoint.provider} answered with a film that cannot be used. {said}".strip()
        return Unavailable(message, provider=self.endpoint.provider, usage=usage)

    def _unfinished(self) -> Unavailable:
        message = "A film could not be made ready to its end. It will be tried again."
        return Unavailable(message, provider=self.endpoint.provider)
