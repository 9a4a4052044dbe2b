"""Illustrators that speak OpenAI's images protocol: ``images/generations``, or ``images/edits`` with references.

Models offer a few sizes; the nearest is asked for, then cropped and scaled to exactly the asked one.
"""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from overprint.adapters.hosted.calls import Call, answer_to
from overprint.adapters.hosted.counting import Tokens, count_of, counts_in
from overprint.adapters.hosted.endpoint import PATIENT, Account, Patience, endpoint_of
from overprint.adapters.hosted.failures import AddressUnknown, RequestRejected, failure_in_body
from overprint.adapters.hosted.prices import usage_of
from overprint.core.problems import Invalid
from overprint.craft.fitting import fit
from overprint.craft.framing import pack
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort
from overprint.ports.errors import Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.image import (
    PICTURE_MAX_BYTES,
    REFERENCES_MAX,
    SIDE_MAX_PX,
    ImageAnswer,
    ImageRequest,
)
from overprint.ports.provider import Provider, Usage

OPENAI_URL = "https://api.openai.com/v1"
PROMPT_MAX_CHARACTERS = 32_000
Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((1024, 1024), (1536, 1024), (1024, 1536))

# Base64 makes four letters of three bytes; the rest of the answer is small.
_ANSWER_MAX_BYTES = PICTURE_MAX_BYTES * 4 // 3 + 256 * 1024
_FIT_TIMEOUT_SECONDS = 60
_FIT_MEMORY_BYTES = 1_500_000_000
_MICRODOLLARS = Decimal(1_000_000)
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": ("png", "image/png"), b"\xff\xd8\xff": ("jpg", "image/jpeg")}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the model offers and what is wanted of it.

    ``sizes`` are those it draws, ``quality`` and ``output_format`` its own words, empty for its defaults.
    ``references_max`` is how many pictures it takes along with a prompt. ``dollars_per_picture`` is the operator's
    price; without it the price list decides by tokens.
    """

    sizes: tuple[Size, ...] = SIZES
    quality: str = ""
    output_format: str = ""
    references_max: int = REFERENCES_MAX
    dollars_per_picture: Decimal | None = None

    @property
    def settings(self) -> dict[str, str]:
        """Those that change what is drawn."""
        sizes = "" if self.sizes == SIZES else ",".join(f"{width}x{height}" for width, height in self.sizes)
        said = {"quality": self.quality, "output_format": self.output_format, "sizes": sizes}
        return {name: value for name, value in said.items() if value}


DEFAULT_OFFER = Offer()


class OpenAICompatibleImages:
    """A model behind OpenAI's images protocol."""

    def __init__(
        self,
        *,
        model: str,
        compute: ComputePort,
        api_key: str = "",
        base_url: str | None = None,
        offer: Offer = DEFAULT_OFFER,
        patience: Patience = PATIENT,
    ) -> None:
        self.model = model
        self.offer = offer
        self.endpoint = endpoint_of(base_url or OPENAI_URL, Account(api_key), patience)
        self._compute = compute
        # OpenAI's own models always answer with the picture itself and reject being asked to.
        self._asks_for_base64 = self.endpoint.provider != "openai"

    def __repr__(self) -> str:
        return f"OpenAICompatibleImages({self.model!r} at {self.endpoint.provider})"

    @property
    def provider(self) -> Provider:
        label = f"{self.model} via {self.endpoint.label}"
        return Provider(self.endpoint.provider, self.model, label, self.offer.settings)

    @property
    def references_max(self) -> int:
        return self.offer.references_max

    def kept_share(self, width_px: int, height_px: int) -> float:
        width, height = nearest_size((width_px, height_px), self.offer.sizes)
        off = (width / height) / (width_px / height_px)
        return min(off, 1 / off)

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        name = self.endpoint.provider
        if not (0 < request.width_px <= SIDE_MAX_PX and 0 < request.height_px <= SIDE_MAX_PX):
            raise Refused(f"A picture can have at most {SIDE_MAX_PX} pixels a side.", provider=name)
        if len(request.references) > self.references_max:
            raise Refused(f"A picture can follow at most {self.references_max} others.", provider=name)
        answer = self._answer_in(await self._ask(request))
        used = self.usage_in(answer)
        try:
            data = await self._fitted(self._picture_in(answer), request)
        except ProviderError as failure:
            failure.usage = used
            raise
        return ImageAnswer(data, "image/jpeg", request.width_px, request.height_px, used)

    async def _ask(self, request: ImageRequest) -> bytes:
        """A rejected option costs nothing, so asking again without it is no retry."""
        try:
            return await answer_to(self.endpoint, self._call(request))
        except AddressUnknown:
            if not request.references:
                raise
            name = self.endpoint.provider
            message = f"{name} does not draw after other pictures (images/edits). Set references to 0 in the settings."
            raise Misconfigured(message, provider=name) from None
        except RequestRejected as rejected:
            if not self._asks_for_base64 or "response_format" not in f"{rejected.param} {rejected.said}":
                raise
            self._asks_for_base64 = False
        return await answer_to(self.endpoint, self._call(request))

    def _call(self, request: ImageRequest) -> Call:
        width, height = nearest_size((request.width_px, request.height_px), self.offer.sizes)
        prompt = request.prompt.encode("utf-8", "replace").decode()[:PROMPT_MAX_CHARACTERS]
        fields = {"model": self.model, "prompt": prompt, "size": f"{width}x{height}"}
        if self.offer.quality:
            fields["quality"] = self.offer.quality
        if self.offer.output_format:
            fields["output_format"] = self.offer.output_format
        if self._asks_for_base64:
            fields["response_format"] = "b64_json"
        if not request.references:
            return Call("images/generations", request.idempotency_key, _ANSWER_MAX_BYTES, {**fields, "n": 1})
        files = tuple(("image[]", self._part(n, data)) for n, data in enumerate(request.references, 1))
        form = {**fields, "n": "1"}
        return Call("images/edits", request.idempotency_key, _ANSWER_MAX_BYTES, form=form, files=files)

    def _part(self, number: int, data: bytes) -> tuple[str, bytes, str]:
        kind = _kind_of(data)
        if kind is None or len(data) > PICTURE_MAX_BYTES:
            raise Refused(f"Reference {number} is no PNG, JPEG or WebP picture.", provider=self.endpoint.provider)
        extension, media_type = kind
        return f"reference-{number}.{extension}", data, media_type

    def _answer_in(self, body: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or answer.get("error"):
            raise failure_in_body(self.endpoint, body)
        return answer

    def usage_in(self, answer: dict[str, Any]) -> Usage:
        """What it cost. A server that does not say which output tokens are a picture's means all of them."""
        told = counts_in(answer.get("usage"))
        read, written = count_of(told.get("input_tokens")), count_of(told.get("output_tokens"))
        in_pictures = count_of(counts_in(told.get("input_tokens_details")).get("image_tokens"))
        about_output = counts_in(told.get("output_tokens_details"))
        out_pictures = count_of(about_output.get("image_tokens")) if about_output else written
        if self.offer.dollars_per_picture is not None:
            cost = (self.offer.dollars_per_picture * _MICRODOLLARS).to_integral_value(ROUND_CEILING)
            return Usage(read, written, int(cost))
        tokens = Tokens(read, written, pictures_read=in_pictures, pictures_written=out_pictures)
        return usage_of(self.endpoint.base_url, self.model, tokens)

    def _picture_in(self, answer: dict[str, Any]) -> bytes:
        data = answer.get("data")
        first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
        encoded = first.get("b64_json")
        if not isinstance(encoded, str):
            if isinstance(first.get("url"), str):
                # Following a link of the provider's choosing could reach into our own network.
                message = f"{self.endpoint.provider} answers with links. Set the model up to answer with b64_json."
                raise Misconfigured(message, provider=self.endpoint.provider)
            raise self._senseless()
        try:
            picture = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise self._senseless() from None
        if _kind_of(picture) is None or len(picture) > PICTURE_MAX_BYTES:
            raise self._senseless()
        return picture

    async def _fitted(self, picture: bytes, request: ImageRequest) -> bytes:
        size = {"width_px": request.width_px, "height_px": request.height_px}
        try:
            payload = pack(size, {"picture": picture})
            return await self._compute.run(
                fit, payload, timeout_seconds=_FIT_TIMEOUT_SECONDS, memory_bytes=_FIT_MEMORY_BYTES
            )
        except (ComputeFailed, ComputeLimit, Invalid):
            raise self._senseless() from None

    def _senseless(self) -> Unavailable:
        message = f"{self.endpoint.provider} answered with something that is no usable picture. It is tried again."
        return Unavailable(message, provider=self.endpoint.provider)


def size_of(text: str) -> Size:
    """``1536x1024`` as width and height. Raises ``ValueError``."""
    width, _, height = text.partition("x")
    return int(width), int(height)


def nearest_size(wanted: Size, offered: tuple[Size, ...]) -> Size:
    """The offered size whose shape is nearest; among equals the smallest that is large enough, else the largest."""

    def strangeness(size: Size) -> tuple[float, bool, int]:
        off = abs(math.log((size[0] / size[1]) / (wanted[0] / wanted[1])))
        is_too_small = size[0] < wanted[0] or size[1] < wanted[1]
        pixels = size[0] * size[1]
        return round(off, 3), is_too_small, -pixels if is_too_small else pixels

    return min(offered, key=strangeness)


def _kind_of(data: bytes) -> tuple[str, str] | None:
    """Extension and media type by the first bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp", "image/webp"
    return next((kind for signature, kind in _SIGNATURES.items() if data.startswith(signature)), None)
