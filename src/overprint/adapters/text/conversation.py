"""Asking a model for a typed answer: what every hosted writer does the same, whatever its wire format.

The answer is listened to as it comes. One that does not fit is sent back once with what is wrong, and one that ran
out of room is asked for once more with twice the room, because the engine's retry asks the very same thing again and a
model would answer the very same.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from overprint.adapters.hosted.counting import Tokens
from overprint.adapters.hosted.endpoint import Endpoint
from overprint.adapters.hosted.failures import RequestRejected
from overprint.adapters.hosted.prices import TokenPrice, usage_of
from overprint.adapters.text.answers import fitted
from overprint.adapters.text.prose import ProseReader
from overprint.core.problems import Invalid
from overprint.ports.errors import CutShort, ProviderError, Refused, Unavailable
from overprint.ports.provider import Usage
from overprint.ports.text import ANSWER_MAX_BYTES, PROMPT_MAX_CHARACTERS, TextAnswer, TextDelta, TextRequest

T = TypeVar("T")

# What models that think aloud may use of their limit before they answer; only what is used is paid.
THINKING_TOKENS = 16_000
ROOM_FACTOR = 2
# A streamed answer comes in events of some 300 bytes for a token each; the longest answers have 50 000 tokens.
STREAM_MAX_BYTES = 12 * ANSWER_MAX_BYTES
_TOKENS_MIN = 256
_NUMBER = re.compile(r"\b\d{3,7}\b")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator allows a model and pays for it. ``temperature`` is the model's own where it is ``None``."""

    max_output_tokens: int = 32_000
    temperature: float | None = None
    price: TokenPrice | None = None

    @property
    def settings(self) -> dict[str, str]:
        """Those that change what is written."""
        return {} if self.temperature is None else {"temperature": f"{self.temperature:g}"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What a model is asked. ``correction`` is its first answer and what was wrong with it, on the second turn."""

    system: str
    user: str
    answer: type
    seed: int
    idempotency_key: str
    max_output_tokens: int
    correction: tuple[str, str] | None = None


class Speaker(Protocol):
    """One wire format."""

    @property
    def endpoint(self) -> Endpoint: ...

    @property
    def model(self) -> str: ...

    @property
    def terms(self) -> Terms: ...

    def room_tokens(self, turn: Turn) -> int:
        """The most that may be written in ``turn``: its own limit with room to think, bounded by terms and model."""
        ...

    def say(self, turn: Turn) -> AsyncGenerator[str | Tokens, None]:
        """The answer's JSON piece by piece, and token counts whenever they are known (the last one counts).

        Raises ``ports.errors``, also when the answer breaks off, is refused or cut for length.
        """
        ...


@dataclass(slots=True)
class _Bill:
    """What all turns of a conversation have used."""

    speaker: Speaker
    usage: Usage = field(default_factory=Usage)

    def add(self, tokens: Tokens) -> None:
        if tokens != Tokens():
            speaker = self.speaker
            self.usage += usage_of(speaker.endpoint.base_url, speaker.model, tokens, speaker.terms.price)


async def converse(speaker: Speaker, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
    """Words as they come, then the answer and the cost of all turns. Failures carry what was used until then."""
    turn = _first_turn(speaker, request)
    bill = _Bill(speaker)
    written: list[str] = []
    reader = ProseReader()
    try:
        try:
            async with aclosing(_listen(speaker, turn, bill)) as heard:
                async for piece in heard:
                    written.append(piece)
                    if words := reader.feed(piece):
                        yield TextDelta(words)
        except CutShort:
            turn = _roomier(speaker, turn)
            if turn.idempotency_key == request.idempotency_key:
                raise
            written = [await _whole(speaker, turn, bill)]
        value = await _sound(speaker, request, turn, "".join(written), bill)
    except ProviderError as failure:
        failure.usage = bill.usage
        raise
    yield TextAnswer(value, bill.usage)


def _first_turn(speaker: Speaker, request: TextRequest[T]) -> Turn:
    prompt = request.prompt
    if len(prompt.system) + len(prompt.user) > PROMPT_MAX_CHARACTERS:
        raise Refused("This is too much to ask at once; shorten the text.", provider=speaker.endpoint.provider)
    return Turn(
        _sendable(prompt.system),
        _sendable(prompt.user),
        request.answer,
        request.seed,
        request.idempotency_key,
        request.max_output_tokens,
    )


def _sendable(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode()


def _roomier(speaker: Speaker, turn: Turn) -> Turn:
    """``turn`` with more room and a key of its own; the same turn where there is no more."""
    more = replace(
        turn,
        max_output_tokens=ROOM_FACTOR * turn.max_output_tokens,
        idempotency_key=f"{turn.idempotency_key}:room",
    )
    return more if speaker.room_tokens(more) > speaker.room_tokens(turn) else turn


async def _listen(speaker: Speaker, turn: Turn, bill: _Bill) -> AsyncGenerator[str, None]:
    """The words of one turn; what they cost is put on the bill however it ends."""
    size_bytes, tokens = 0, Tokens()
    try:
        async with aclosing(speaker.say(turn)) as said:
            async for piece in said:
                if isinstance(piece, Tokens):
                    tokens = piece
                    continue
                size_bytes += len(piece.encode("utf-8", "surrogatepass"))
                if size_bytes > ANSWER_MAX_BYTES:
                    raise Unavailable(
                        f"{speaker.endpoint.provider} wrote more than {ANSWER_MAX_BYTES} bytes, far too much for this.",
                        provider=speaker.endpoint.provider,
                    )
                yield piece
    finally:
        bill.add(tokens)


async def _whole(speaker: Speaker, turn: Turn, bill: _Bill) -> str:
    async with aclosing(_listen(speaker, turn, bill)) as heard:
        return "".join([piece async for piece in heard])


async def _sound(speaker: Speaker, request: TextRequest[T], turn: Turn, text: str, bill: _Bill) -> T:
    """``text`` as the asked answer, after a second turn if it does not fit or makes no sense."""
    try:
        return _checked(request, text)
    except Invalid as problem:
        again = replace(
            turn,
            correction=(text, problem.message),
            idempotency_key=f"{request.idempotency_key}:correction",
            max_output_tokens=ROOM_FACTOR * request.max_output_tokens,
        )
    try:
        return _checked(request, await _whole(speaker, again, bill))
    except Invalid as problem:
        message = f"{speaker.endpoint.provider} answered in the wrong form twice ({problem.message[:200].rstrip('.')})."
        raise Unavailable(message, provider=speaker.endpoint.provider) from None


def _checked(request: TextRequest[T], text: str) -> T:
    value = fitted(request.answer, text)
    request.check(value)
    return value


def correction_of(wrong: str) -> str:
    """What a model is told about an answer that does not fit."""
    return (
        f"That answer cannot be used: {wrong[:500]} Give the whole answer again, corrected, as JSON and nothing else."
    )


def cut_short(endpoint: Endpoint) -> CutShort:
    name = endpoint.provider
    return CutShort(
        f"{name} ran out of room before its answer was complete. Ask for fewer pages at once, or raise the limit of "
        "output tokens in the settings.",
        provider=name,
    )


def ceiling_told(rejected: RequestRejected, asked_tokens: int) -> int | None:
    """The most output tokens a model takes, where a rejection is about that and says the number.

    "max_tokens is too large: 32000. This model supports at most 16384 completion tokens." The length of a prompt
    and its answer together is another matter: only the person can ask for less.
    """
    about = f"{rejected.param} {rejected.said}".lower()
    if "context" in about or not any(name in about for name in ("max_tokens", "max_completion_tokens")):
        return None
    numbers = (int(number) for number in _NUMBER.findall(rejected.said.replace(",", "")))
    return max((number for number in numbers if _TOKENS_MIN <= number < asked_tokens), default=None)
