"""The ``text`` port: words, streamed while they are written, ending in an answer of the asked type."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from overprint.core.story import StoryTask
from overprint.ports.provider import Provider, Usage

T = TypeVar("T")

PROMPT_MAX_CHARACTERS = 200_000
ANSWER_MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """The task in words, for models that read words."""

    system: str
    user: str


def _anything(value: object) -> None:
    """Finds nothing wrong."""


@dataclass(frozen=True, slots=True)
class TextRequest(Generic[T]):
    """One thing to write. ``answer`` is the dataclass the answer must decode to.

    The embedded writer reads only ``task``; hosted models get only ``prompt`` and the JSON Schema of
    ``answer``. ``idempotency_key`` is passed on to providers that honour one. ``max_output_tokens`` is ample room for
    the answer. ``check`` raises ``Invalid`` for an answer that has the form and makes no sense, so that a model can be
    told what is wrong with it.
    """

    task: StoryTask
    prompt: Prompt
    answer: type[T]
    seed: int
    idempotency_key: str
    max_output_tokens: int = 8_000
    check: Callable[[T], None] = _anything


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer as it is written; for people to watch, never to parse."""

    text: str


@dataclass(frozen=True, slots=True)
class TextAnswer(Generic[T]):
    """The whole answer, decoded and valid. Always the last item of a stream."""

    value: T
    usage: Usage


class TextPort(Protocol):
    """Writes. Raises ``ports.errors`` only; an answer that does not fit the type is ``Unavailable``, one that was cut
    off for its length ``CutShort``."""

    @property
    def provider(self) -> Provider: ...

    def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]: ...
