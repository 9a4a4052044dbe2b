"""Claude, by Anthropic's Messages API.

The answer is the input of the one tool the model has to call. The newest models cannot be forced to call a tool
(Opus 5.5, Sonnet 5.5); they reject that (status 400) and are asked for a reply in the form of a schema, or, where the
schema is too much for that, to call the tool by themselves. The writer remembers what a model takes.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Literal, TypeVar

from overprint.adapters.hosted.calls import Call, stream_answer_to
from overprint.adapters.hosted.counting import Tokens, count_of, counts_in
from overprint.adapters.hosted.endpoint import PATIENT, Account, Endpoint, Patience, base_of, endpoint_of
from overprint.adapters.hosted.events import events_in
from overprint.adapters.hosted.failures import RequestRejected, failure_in_answer, refusal
from overprint.adapters.text.conversation import (
    STREAM_MAX_BYTES,
    THINKING_TOKENS,
    Terms,
    Turn,
    ceiling_told,
    converse,
    correction_of,
    cut_short,
)
from overprint.adapters.text.schemas import plain_schema, strict_schema
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.provider import Provider
from overprint.ports.text import TextAnswer, TextDelta, TextRequest

T = TypeVar("T")
Form = Literal["forced tool", "reply", "offered tool"]

ANTHROPIC_URL = "https://api.anthropic.com"
API_VERSION = "2026-10-21"
DEFAULT_TERMS = Terms()
_TOOL = "answer"
_COMPLETE = frozenset({"tool_use", "end_turn", "stop_sequence"})
# By form: the next one to try, and words of which a rejection has one if it is about the form.
_SIMPLER: dict[Form, tuple[Form, tuple[str, ...]]] = {
    "forced tool": ("reply", ("tool_choice", "tool use")),
    "reply": ("offered tool", ("output_config", "output format", "schema", "grammar")),
}


class AnthropicText:
    """A Claude model. Anthropic has no seeds and keeps no idempotency keys: a lost answer is a new call."""

    def __init__(
        self,
        *,
        model: str,
        api_key: str = "",
        base_url: str | None = None,
        terms: Terms = DEFAULT_TERMS,
        patience: Patience = PATIENT,
    ) -> None:
        self.model = model
        self.terms = terms
        self._ceiling_tokens = terms.max_output_tokens
        address = base_of(base_url or ANTHROPIC_URL).removesuffix("/v1")
        account = Account(api_key, "x-api-key", "{}", {"anthropic-version": API_VERSION})
        self.endpoint = endpoint_of(address, account, patience, ("anthropic", "Anthropic"))
        self._form: Form = "forced tool"

    def __repr__(self) -> str:
        return f"AnthropicText({self.model!r})"

    @property
    def provider(self) -> Provider:
        label = f"{self.model} via {self.endpoint.label}"
        return Provider(self.endpoint.provider, self.model, label, self.terms.settings)

    def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        return converse(self, request)

    def room_tokens(self, turn: Turn) -> int:
        # A model that cannot be forced thinks first, and its thoughts count.
        thinking = 0 if self._form == "forced tool" else THINKING_TOKENS
        return min(turn.max_output_tokens + thinking, self._ceiling_tokens)

    async def say(self, turn: Turn) -> AsyncGenerator[str | Tokens, None]:
        async with aclosing(self._ask(turn)) as events:
            async for piece in read_events(self.endpoint, events):
                yield piece

    async def _ask(self, turn: Turn) -> AsyncGenerator[str, None]:
        """The data of each event. A rejected form costs nothing, so asking again in another is no retry."""
        while True:
            form = self._form
            body = request_body(self.model, turn, form, self.room_tokens(turn))
            if self.terms.temperature is not None:
                body["temperature"] = self.terms.temperature
            call = Call("v1/messages", turn.idempotency_key, STREAM_MAX_BYTES, body)
            try:
                async with aclosing(stream_answer_to(self.endpoint, call)) as pieces:
                    async for event in events_in(self.endpoint, pieces):
                        yield event
                return
            except RequestRejected as rejected:
                ceiling = ceiling_told(rejected, self.room_tokens(turn))
                if ceiling is not None and self._ceiling_tokens == self.terms.max_output_tokens:
                    self._ceiling_tokens = ceiling
                    continue
                simpler, words = _SIMPLER.get(form, (form, ()))
                if not any(word in rejected.said.lower() for word in words):
                    raise
                self._form = simpler


def request_body(model: str, turn: Turn, form: Form, room_tokens: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": room_tokens,
        "system": turn.system,
        "messages": _messages(turn),
        "stream": True,
    }
    if form == "reply":
        schema = strict_schema(turn.answer, knows_bounds=False)
        return body | {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
    tool = {
        "name": _TOOL,
        "description": "Hand in the finished answer, whole and in this form.",
        "input_schema": plain_schema(turn.answer),
    }
    if form == "forced tool":
        choice = {"type": "tool", "name": _TOOL, "disable_parallel_tool_use": True}
        return body | {"tools": [tool], "tool_choice": choice}
    asked = f"{turn.system}\n\nHand the answer in by calling the tool `{_TOOL}` once; say nothing else."
    choice = {"type": "auto", "disable_parallel_tool_use": True}
    return body | {"system": asked, "tools": [tool], "tool_choice": choice}


def _messages(turn: Turn) -> list[dict[str, str]]:
    messages = [{"role": "user", "content": turn.user}]
    if turn.correction:
        answered, wrong = turn.correction
        messages.append({"role": "assistant", "content": f"My answer was:\n{answered or 'empty'}".rstrip()})
        messages.append({"role": "user", "content": correction_of(wrong)})
    return messages


async def read_events(endpoint: Endpoint, events: AsyncIterator[str]) -> AsyncIterator[str | Tokens]:
    """Pieces of the tool's input or of the reply. Raises when the answer is refused, cut for length or unfinished."""
    used = Tokens()
    stop = ""
    async for text in events:
        event = _event(endpoint, text)
        kind = event.get("type")
        if kind == "content_block_delta":
            yield _words(event["delta"])
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


def _words(delta: dict[str, Any]) -> str:
    """What a delta adds to the answer; thoughts and signatures add nothing."""
    field = {"input_json_delta": "partial_json", "text_delta": "text"}.get(str(delta.get("type")), "")
    return str(delta.get(field, ""))


def check_stop(endpoint: Endpoint, stop: str) -> None:
    name = endpoint.provider
    if stop == "refusal":
        raise refusal(endpoint)
    if stop == "model_context_window_exceeded":
        raise Refused(f"This is too long for the model at {name}; ask for less at once.", provider=name)
    if stop == "max_tokens":
        raise cut_short(endpoint)
    if stop not in _COMPLETE:
        raise Unavailable(f"{name} broke off before its answer was complete.", provider=name, in_doubt=True)


def _event(endpoint: Endpoint, text: str) -> dict[str, Any]:
    """One event whose parts have the right form. Raises for the ``error`` event and for nonsense."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not all(isinstance(event.get(part, {}), dict) for part in ("delta", "message")):
        message = f"{endpoint.provider} streamed something that makes no sense."
        raise Unavailable(message, provider=endpoint.provider)
    if event.get("type") == "error":
        error = event.get("error")
        raise failure_in_answer(endpoint, error if isinstance(error, dict) else {})
    return {"delta": {}, "message": {}, **event}


def _tokens(usage: object, before: Tokens) -> Tokens:
    """Counts so far: Anthropic counts input beside what was read from or written to a cache; all counts only grow."""
    told = counts_in(usage)
    from_cache, to_cache = (
        count_of(told.get("cache_read_input_tokens")),
        count_of(told.get("cache_creation_input_tokens")),
    )
    return Tokens(
        max(count_of(told.get("input_tokens")) + from_cache + to_cache, before.read),
        max(count_of(told.get("output_tokens")), before.written),
        from_cache=max(from_cache, before.from_cache),
        to_cache=max(to_cache, before.to_cache),
    )
