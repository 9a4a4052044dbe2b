"""Asking a model for a typed answer: what every hosted writer does the same, whatever its wire format.

The answer is listened to as it comes. One that does not fit is sent back once with what is wrong, because the
engine's retry asks the very same thing again and a small model would answer the very same.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from overprint.adapters.hosted.endpoint import Endpoint
from overprint.adapters.text.answers import fitted
from overprint.adapters.text.prices import usage_of
from overprint.adapters.text.prose import ProseReader
from overprint.core.problems import Invalid
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.text import ANSWER_MAX_BYTES, PROMPT_MAX_CHARACTERS, TextAnswer, TextDelta, TextRequest

T = TypeVar("T")

# What models that think aloud may use of their limit before they answer; only what is used is paid.
THINKING_TOKENS = 16_000
# A streamed answer comes in events of some 300 bytes for a token each; the longest answers have 50 000 tokens.
STREAM_MAX_BYTES = 12 * ANSWER_MAX_BYTES


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


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a turn has used, as far as the provider has said."""

    read: int = 0
    written: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.read + other.read, self.written + other.written)


class Speaker(Protocol):
    """One wire format."""

    @property
    def endpoint(self) -> Endpoint: ...

    @property
    def model(self) -> str: ...

    def say(self, turn: Turn) -> AsyncGenerator[str | Tokens, None]:
        """The answer's JSON piece by piece, and token counts whenever they are known (the last one counts).

        Raises ``ports.errors``, also when the answer breaks off, is refused or cut for length.
        """
        ...


async def converse(speaker: Speaker, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
    """Words as they come, then the answer and the cost of all turns."""
    turn = _first_turn(speaker, request)
    written: list[str] = []
    used = Tokens()
    reader = ProseReader()
    async with aclosing(_listen(speaker, turn)) as heard:
        async for piece in heard:
            if isinstance(piece, Tokens):
                used = piece
                continue
            written.append(piece)
            if words := reader.feed(piece):
                yield TextDelta(words)
    text = "".join(written)
    try:
        value = fitted(request.answer, text)
    except Invalid as problem:
        again = replace(
            turn, correction=(text, problem.message), idempotency_key=f"{request.idempotency_key}:correction"
        )
        value, more = await _corrected(speaker, again, request.answer)
        used += more
    yield TextAnswer(value, usage_of(speaker.endpoint.base_url, speaker.model, used.read, used.written))


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


async def _listen(speaker: Speaker, turn: Turn) -> AsyncGenerator[str | Tokens, None]:
    size_bytes = 0
    async with aclosing(speaker.say(turn)) as said:
        async for piece in said:
            if isinstance(piece, str):
                size_bytes += len(piece.encode("utf-8", "surrogatepass"))
            if size_bytes > ANSWER_MAX_BYTES:
                raise Unavailable(
                    f"{speaker.endpoint.provider} wrote more than {ANSWER_MAX_BYTES} bytes, far too much for this.",
                    provider=speaker.endpoint.provider,
                )
            yield piece


async def _corrected(speaker: Speaker, turn: Turn, kind: type[T]) -> tuple[T, Tokens]:
    written: list[str] = []
    used = Tokens()
    async with aclosing(_listen(speaker, turn)) as heard:
        async for piece in heard:
            if isinstance(piece, Tokens):
                used = piece
            else:
                written.append(piece)
    try:
        return fitted(kind, "".join(written)), used
    except Invalid as problem:
        message = f"{speaker.endpoint.provider} answered in the wrong form twice ({problem.message[:200]})."
        raise Unavailable(message, provider=speaker.endpoint.provider) from None


def correction_of(wrong: str) -> str:
    """What a model is told about an answer that does not fit."""
    return (
        f"That answer cannot be used: {wrong[:500]} Give the whole answer again, corrected, as JSON and nothing else."
    )
