"""Claude, by Anthropic's Messages API. The answer is the input of the one tool the model has to call."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, TypeVar

from overprint.adapters.hosted.calls import Call, stream_answer_to
from overprint.adapters.hosted.counting import count_of
from overprint.adapters.hosted.endpoint import PATIENT, Endpoint, Patience, endpoint_of
from overprint.adapters.hosted.events import events_in
from overprint.adapters.hosted.failures import failure_of_code, said_by
from overprint.adapters.text.conversation import STREAM_MAX_BYTES, Tokens, Turn, converse, correction_of
from overprint.adapters.text.schemas import plain_schema
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.provider import Provider
from overprint.ports.text import TextAnswer, TextDelta, TextRequest

T = TypeVar("T")

ANTHROPIC_URL = "https://api.anthropic.com"
API_VERSION = "2023-06-01"
_TOOL = "answer"
_COMPLETE = frozenset({"tool_use", "end_turn", "stop_sequence"})


class AnthropicText:
    """A Claude model. Anthropic has no seeds and keeps no idempotency keys: a lost answer is a new call."""

    def __init__(
        self, *, model: str, api_key: str = "", base_url: str | None = None, patience: Patience = PATIENT
    ) -> None:
        self.model = model
        headers = {"anthropic-version": API_VERSION}
        address = (base_url or ANTHROPIC_URL).rstrip("/").removesuffix("/v1")
        self.endpoint = endpoint_of(address, api_key, headers, "x-api-key", patience)

    def __repr__(self) -> str:
        return f"AnthropicText({self.model!r})"

    @property
    def provider(self) -> Provider:
        return Provider("anthropic", self.model, f"{self.model} via Anthropic")

    def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        return converse(self, request)

    async def say(self, turn: Turn) -> AsyncGenerator[str | Tokens, None]:
        call = Call("v1/messages", turn.idempotency_key, STREAM_MAX_BYTES, request_body(self.model, turn))
        async with aclosing(stream_answer_to(self.endpoint, call)) as pieces:
            async for piece in read_events(self.endpoint, events_in(self.endpoint, pieces)):
                yield piece


def request_body(model: str, turn: Turn) -> dict[str, Any]:
    tool = {
        "name": _TOOL,
        "description": "Hand in the finished answer, whole and in this form.",
        "input_schema": plain_schema(turn.answer),
    }
    return {
        "model": model,
        "max_tokens": turn.max_output_tokens,
        "system": turn.system,
        "messages": _messages(turn),
        "tools": [tool],
        "tool_choice": {"type": "tool", "name": _TOOL, "disable_parallel_tool_use": True},
        "stream": True,
    }


def _messages(turn: Turn) -> list[dict[str, str]]:
    messages = [{"role": "user", "content": turn.user}]
    if turn.correction:
        answered, wrong = turn.correction
        messages.append({"role": "assistant", "content": f"My answer was:\n{answered or 'empty'}".rstrip()})
        messages.append({"role": "user", "content": correction_of(wrong)})
    return messages


async def read_events(endpoint: Endpoint, events: AsyncIterator[str]) -> AsyncIterator[str | Tokens]:
    """Pieces of the tool's input. Raises when the answer is refused, cut for length or unfinished."""
    used = Tokens()
    stop = ""
    async for text in events:
        event = _event(endpoint, text)
        kind = event.get("type")
        if kind == "content_block_delta" and event["delta"].get("type") == "input_json_delta":
            yield str(event["delta"].get("partial_json", ""))
        elif kind == "message_start":
            used = _tokens(event["message"].get("usage"), used)
            yield used
        elif kind == "message_delta":
            used = _tokens(event.get("usage"), used)
            stop = str(event["delta"].get("stop_reason") or stop)
            yield used
        elif kind == "message_stop":
            break
    check_stop(endpoint, stop)


def check_stop(endpoint: Endpoint, stop: str) -> None:
    name = endpoint.provider
    if stop == "refusal":
        raise Refused(f"{name} refused this for its content. Change the wording and try again.", provider=name)
    if stop == "model_context_window_exceeded":
        raise Refused(f"This is too long for the model at {name}; ask for less at once.", provider=name)
    if stop == "max_tokens":
        raise Unavailable(
            f"{name} ran out of room before its answer was complete; ask for less at once.", provider=name
        )
    if stop not in _COMPLETE:
        raise Unavailable(f"{name} broke off before its answer was complete.", provider=name, in_doubt=True)


def _event(endpoint: Endpoint, text: str) -> dict[str, Any]:
    """One event whose parts have the right form. Raises for the ``error`` event and for nonsense."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not all(isinstance(event.get(part, {}), dict) for part in ("delta", "message")):
        message = f"{endpoint.provider} streamed something that makes no sense. It is tried again by itself."
        raise Unavailable(message, provider=endpoint.provider)
    if event.get("type") == "error":
        error = event.get("error")
        told = error if isinstance(error, dict) else {}
        message = f"{endpoint.provider} failed in the middle of its answer. {said_by(endpoint, told)}"
        raise failure_of_code(endpoint, told) or Unavailable(message, provider=endpoint.provider, in_doubt=True)
    return {"delta": {}, "message": {}, **event}


def _tokens(usage: object, before: Tokens) -> Tokens:
    """Counts so far: input includes what was read from or written to a cache; output counts up during the stream."""
    if not isinstance(usage, dict):
        return before
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    read = sum(count_of(usage.get(name)) for name in names)
    return Tokens(max(read, before.read), max(count_of(usage.get("output_tokens")), before.written))
