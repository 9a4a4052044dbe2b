"""Writers that speak OpenAI's chat completions: OpenAI itself, Groq, OpenRouter, Ollama, vLLM, llama.cpp.

They differ in what they know of the protocol. A server that rejects an option (status 400) is asked again without
it, and the writer remembers that for as long as it lives.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from overprint.adapters.hosted.calls import Call, stream_answer_to
from overprint.adapters.hosted.counting import Tokens, count_of, counts_in
from overprint.adapters.hosted.endpoint import PATIENT, Account, Endpoint, Patience, endpoint_of
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
from overprint.ports.errors import Unavailable
from overprint.ports.provider import Provider
from overprint.ports.text import TextAnswer, TextDelta, TextRequest

T = TypeVar("T")
Structured = Literal["auto", "schema", "object", "prompt"]

OPENAI_URL = "https://api.openai.com/v1"
_SIMPLER: dict[str, Structured] = {"schema": "object", "object": "prompt"}
_DONE = "[DONE]"
DEFAULT_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server knows. ``structured``: a JSON Schema, any JSON object, or only words about the form."""

    structured: Structured = "schema"
    sends_seed: bool = True
    counts_tokens: bool = True
    length_option: str = "max_tokens"


class OpenAICompatibleText:
    """``structured`` is how answers are asked for; ``auto`` begins with a JSON Schema and steps down when rejected."""

    def __init__(
        self,
        *,
        model: str,
        api_key: str = "",
        base_url: str | None = None,
        structured: Structured = "auto",
        terms: Terms = DEFAULT_TERMS,
        patience: Patience = PATIENT,
    ) -> None:
        self.model = model
        self.terms = terms
        self._ceiling_tokens = terms.max_output_tokens
        self.endpoint = endpoint_of(base_url or OPENAI_URL, Account(api_key), patience)
        self._may_step_down = structured == "auto"
        is_openai = self.endpoint.provider == "openai"
        self._dialect = Dialect(
            structured="schema" if structured == "auto" else structured,
            length_option="max_completion_tokens" if is_openai else "max_tokens",
        )

    def __repr__(self) -> str:
        return f"OpenAICompatibleText({self.model!r} at {self.endpoint.provider})"

    @property
    def provider(self) -> Provider:
        label = f"{self.model} via {self.endpoint.label}"
        return Provider(self.endpoint.provider, self.model, label, self.terms.settings)

    def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        return converse(self, request)

    def room_tokens(self, turn: Turn) -> int:
        counts_thinking = self._dialect.length_option == "max_completion_tokens"
        wanted = turn.max_output_tokens + (THINKING_TOKENS if counts_thinking else 0)
        return min(wanted, self._ceiling_tokens)

    async def say(self, turn: Turn) -> AsyncGenerator[str | Tokens, None]:
        async with aclosing(self._ask(turn)) as events:
            async for piece in read_chunks(self.endpoint, events):
                yield piece

    async def _ask(self, turn: Turn) -> AsyncGenerator[str, None]:
        """The data of each event. A rejected option costs nothing, so asking again without it is no retry."""
        while True:
            try:
                async with aclosing(stream_answer_to(self.endpoint, self._call(turn))) as pieces:
                    async for event in events_in(self.endpoint, pieces):
                        yield event
                return
            except RequestRejected as rejected:
                ceiling = ceiling_told(rejected, self.room_tokens(turn))
                if ceiling is not None and self._ceiling_tokens == self.terms.max_output_tokens:
                    self._ceiling_tokens = ceiling
                    continue
                simpler = simpler_dialect(self._dialect, rejected, self._may_step_down)
                if simpler is None:
                    raise
                self._dialect = simpler

    def _call(self, turn: Turn) -> Call:
        body = request_body(self.model, turn, self._dialect, self.room_tokens(turn))
        if self.terms.temperature is not None:
            body["temperature"] = self.terms.temperature
        return Call("chat/completions", turn.idempotency_key, STREAM_MAX_BYTES, body)


def request_body(model: str, turn: Turn, dialect: Dialect, room_tokens: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": _messages(turn, dialect),
        "stream": True,
        dialect.length_option: room_tokens,
    }
    if dialect.counts_tokens:
        body["stream_options"] = {"include_usage": True}
    if dialect.sends_seed:
        body["seed"] = turn.seed
    if dialect.structured == "schema":
        form = {"name": turn.answer.__name__[:64], "strict": True, "schema": strict_schema(turn.answer)}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    elif dialect.structured == "object":
        body["response_format"] = {"type": "json_object"}
    return body


def _messages(turn: Turn, dialect: Dialect) -> list[dict[str, str]]:
    system = turn.system
    if dialect.structured != "schema":
        schema = json.dumps(plain_schema(turn.answer), separators=(",", ":"))
        system = f"{system}\n\nAnswer with one JSON object and nothing else. It fits this JSON Schema:\n{schema}"
    messages = [{"role": "system", "content": system}, {"role": "user", "content": turn.user}]
    if turn.correction:
        answered, wrong = turn.correction
        messages.append({"role": "assistant", "content": answered or "{}"})
        messages.append({"role": "user", "content": correction_of(wrong)})
    return messages


def simpler_dialect(dialect: Dialect, rejected: RequestRejected, may_step_down: bool) -> Dialect | None:
    """``dialect`` without what the server rejects, or ``None`` when the rejection is about something else."""
    about = f"{rejected.param} {rejected.said}".lower()
    if dialect.length_option == "max_tokens" and "max_completion_tokens" in about:
        return replace(dialect, length_option="max_completion_tokens")
    if dialect.sends_seed and "seed" in about:
        return replace(dialect, sends_seed=False)
    if dialect.counts_tokens and "stream_options" in about:
        return replace(dialect, counts_tokens=False)
    is_about_form = any(word in about for word in ("response_format", "json_schema", "json_object", "schema"))
    if may_step_down and is_about_form and dialect.structured in _SIMPLER:
        return replace(dialect, structured=_SIMPLER[dialect.structured])
    return None


async def read_chunks(endpoint: Endpoint, events: AsyncIterator[str]) -> AsyncIterator[str | Tokens]:
    """Chat completion chunks as pieces of text. Raises when the answer is refused, cut for length or unfinished."""
    finish, is_refused = "", False
    async for event in events:
        if event.strip() == _DONE:
            finish = finish or "stop"
            break
        chunk = _chunk(endpoint, event)
        if isinstance(used := chunk.get("usage"), dict):
            yield _tokens(used)
        delta, finished = _choice(chunk)
        is_refused = is_refused or bool(delta.get("refusal"))  # what it cost comes last
        finish = finished or finish
        if isinstance(delta.get("content"), str):
            yield delta["content"]
    check_finish(endpoint, "content_filter" if is_refused else finish)


def check_finish(endpoint: Endpoint, finish: str) -> None:
    if finish == "content_filter":
        raise refusal(endpoint)
    if finish == "length":
        raise cut_short(endpoint)
    if not finish:
        name = endpoint.provider
        raise Unavailable(f"{name} broke off before its answer was complete.", provider=name, in_doubt=True)


def _chunk(endpoint: Endpoint, event: str) -> dict[str, Any]:
    try:
        chunk = json.loads(event)
    except (ValueError, RecursionError):
        chunk = None
    if not isinstance(chunk, dict):
        message = f"{endpoint.provider} streamed something that makes no sense."
        raise Unavailable(message, provider=endpoint.provider)
    if error := chunk.get("error"):
        raise failure_in_answer(endpoint, error if isinstance(error, dict) else {"message": str(error)})
    return chunk


def _tokens(used: dict[str, Any]) -> Tokens:
    """The prompt's count includes what was read from or written to a cache."""
    about_prompt = counts_in(used.get("prompt_tokens_details"))
    return Tokens(
        count_of(used.get("prompt_tokens")),
        count_of(used.get("completion_tokens")),
        from_cache=count_of(about_prompt.get("cached_tokens")),
        to_cache=count_of(about_prompt.get("cache_write_tokens")),
    )


def _choice(chunk: dict[str, Any]) -> tuple[dict[str, Any], str]:
    choices = chunk.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    delta = first.get("delta")
    return delta if isinstance(delta, dict) else {}, str(first.get("finish_reason") or "")
