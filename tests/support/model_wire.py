"""The wire formats of ``model_server``: what a request must have, and the bytes of answers and errors. Pure."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from overprint.adapters.image.fake import plain_png

REFUSED = "(refused)"
CHAT, MESSAGES, IMAGES = "/v1/chat/completions", "/v1/messages", "/v1/images/"
MODELS = ("gpt-test", "claude-test", "claude-unforced", "gpt-image-test")
ANTHROPIC_VERSIONS = ("2023-06-01", "2026-10-21")
INPUT_TOKENS, OUTPUT_TOKENS = 1000, 200
PICTURE_COLOUR = b"\x30\x80\xc0"

# What strict structured output takes, by the vendors' guides; anything else is an invalid schema.
_CLAUDE_KEYWORDS = {
    *("type", "enum", "anyOf", "$ref", "$defs", "properties", "required", "additionalProperties", "items"),
    *("description", "format"),
}
_OPENAI_KEYWORDS = _CLAUDE_KEYWORDS | {"minItems", "maxItems", "minimum", "maximum", "pattern"}
Complaint = tuple[int, str, str]


def complaint(path: str, headers: Mapping[str, str], body: Mapping[str, Any], key: str) -> Complaint | None:
    """Status, code and message for a request that the real provider would not take."""
    # Anthropic's guide sends x-api-key, its clients since 2026-10-21 a bearer token; OpenAI knows bearer tokens only.
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    sent = headers.get("x-api-key", bearer) if path == MESSAGES else bearer
    if sent != key:
        return 401, "invalid_api_key", f"Incorrect API key provided: {sent}."
    if body.get("model") not in MODELS:
        return 404, "model_not_found", f"The model {body.get('model')!r} does not exist."
    if path == CHAT:
        return _chat_complaint(body)
    if path == MESSAGES:
        return _messages_complaint(headers, body)
    return None if body.get("prompt") else (400, "invalid_request_error", "Missing required parameter: 'prompt'.")


def _chat_complaint(body: Mapping[str, Any]) -> Complaint | None:
    roles = [message["role"] for message in body.get("messages", [])]
    if not roles or roles[-1] != "user":
        return 400, "invalid_request_error", "Invalid 'messages'."
    form = body.get("response_format", {"type": "text"})
    if form["type"] == "json_object" and "json" not in json.dumps(body["messages"]).lower():
        return 400, "invalid_request_error", "'messages' must contain the word 'json'."
    if form["type"] == "json_schema":
        wrong = next(_strict_faults(form["json_schema"]["schema"], _OPENAI_KEYWORDS, is_root=True), None)
        return (400, "invalid_request_error", f"Invalid schema for response_format: {wrong}") if wrong else None
    return None


def _strict_faults(node: Mapping[str, Any], known: set[str], *, is_root: bool = False) -> Iterator[str]:
    yield from (f"'{name}' is not permitted" for name in set(node) - known)
    if "$ref" in node and len(node) > 1:
        yield "$ref cannot have keywords beside it"
    if is_root and node.get("type") != "object":
        yield "the root must be an object"
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            yield "'additionalProperties' is required to be false"
        if set(node.get("required", ())) != set(node.get("properties", {})):
            yield "'required' must include every property"
    below = [*node.get("properties", {}).values(), *node.get("$defs", {}).values(), *node.get("anyOf", ())]
    for child in [*below, *([node["items"]] if "items" in node else [])]:
        yield from _strict_faults(child, known)


def _messages_complaint(headers: Mapping[str, str], body: Mapping[str, Any]) -> Complaint | None:
    if headers.get("anthropic-version") not in ANTHROPIC_VERSIONS:
        return 400, "invalid_request_error", "anthropic-version: header is required"
    missing = [name for name in ("max_tokens", "messages") if not body.get(name)]
    if missing:
        return 400, "invalid_request_error", f"{missing[0]}: Field required"
    if any(tool["input_schema"].get("type") != "object" for tool in body.get("tools", [])):
        return 400, "invalid_request_error", "tools.0.input_schema.type: Input should be 'object'"
    if body["model"] == "claude-unforced" and body.get("tool_choice", {}).get("type") in ("any", "tool"):
        return 400, "invalid_request_error", "tool_choice: this model does not support forced tool use"
    form = body.get("output_config", {}).get("format")
    wrong = next(_strict_faults(form["schema"], _CLAUDE_KEYWORDS, is_root=True), None) if form else None
    return (400, "invalid_request_error", f"output_config.format.schema: {wrong}") if wrong else None


def error_body(path: str, code: str, message: str, param: str | None) -> bytes:
    if path == MESSAGES:
        told: dict[str, Any] = {"type": "error", "error": {"type": code or "api_error", "message": message}}
    else:
        kind = "invalid_request_error"
        told = {"error": {"message": message, "type": kind, "param": param, "code": code or None}}
    return json.dumps(told).encode()


def picture_body(body: Mapping[str, Any], picture: bytes | None) -> bytes:
    width, _, height = str(body.get("size", "1024x1024")).partition("x")
    data = plain_png(int(width), int(height), PICTURE_COLOUR) if picture is None else picture
    usage = {"input_tokens": 50, "output_tokens": 4160, "total_tokens": 4210}
    made = {"created": 1_790_000_000, "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}
    return json.dumps(made).encode()


def events(
    path: str, body: Mapping[str, Any], pieces: Sequence[str], finish: str, error: str, counts_tokens: bool
) -> Iterator[tuple[str, bool]]:
    """The events of a streamed answer, each with whether it carries a piece of it."""
    model = str(body["model"])
    if path == MESSAGES:
        return _message_events(model, pieces, finish, error, bool(body.get("tools")))
    asked = bool(body.get("stream_options", {}).get("include_usage"))
    return _chat_events(model, pieces, finish, error, counts_tokens and asked)


def _chat_events(
    model: str, pieces: Sequence[str], finish: str, error: str, counts_tokens: bool
) -> Iterator[tuple[str, bool]]:
    def chunk(delta: dict[str, Any], finished: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finished, "logprobs": None}
        return _chat_event(model, [choice], {"usage": None} if counts_tokens else {})

    yield ": a comment, as proxies send to keep a connection open\n\n", False
    yield chunk({"role": "assistant", "content": ""}), False
    if finish == REFUSED:
        yield chunk({"refusal": "I cannot help with that."}), True
        yield chunk({}, "stop"), False
    else:
        for piece in pieces:
            yield chunk({"content": piece}), True
        if error:
            yield f"data: {json.dumps({'error': {'type': error, 'message': 'It broke.'}})}\n\n", False
            return
        yield chunk({}, finish or "stop"), False
    if counts_tokens:
        used = {"prompt_tokens": INPUT_TOKENS, "completion_tokens": OUTPUT_TOKENS}
        yield _chat_event(model, [], {"usage": {**used, "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS}}), False
    yield "data: [DONE]\n\n", False


def _chat_event(model: str, choices: list[dict[str, Any]], more: Mapping[str, Any]) -> str:
    told = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": model}
    return f"data: {json.dumps({**told, 'choices': choices, **more}, ensure_ascii=False)}\n\n"


def _message_events(
    model: str, pieces: Sequence[str], finish: str, error: str, has_tool: bool
) -> Iterator[tuple[str, bool]]:
    begun = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": []}
    usage = {"input_tokens": INPUT_TOKENS, "cache_read_input_tokens": 0, "output_tokens": 1}
    yield _event("message_start", message={**begun, "stop_reason": None, "stop_sequence": None, "usage": usage}), False
    yield _event("ping"), False
    tool = {"type": "tool_use", "id": "toolu_1", "name": "answer", "input": {}}
    block = tool if has_tool else {"type": "text", "text": ""}
    kind, field = ("input_json_delta", "partial_json") if has_tool else ("text_delta", "text")
    yield _event("content_block_start", index=0, content_block=block), False
    for piece in [] if finish == REFUSED else ["", *pieces]:
        yield _event("content_block_delta", index=0, delta={"type": kind, field: piece}), bool(piece)
    if error:
        yield _event("error", error={"type": error, "message": "It broke."}), False
        return
    yield _event("content_block_stop", index=0), False
    stop = "refusal" if finish == REFUSED else finish or ("tool_use" if has_tool else "end_turn")
    used = {"output_tokens": OUTPUT_TOKENS}
    yield _event("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage=used), False
    yield _event("message_stop"), False


def _event(kind: str, **fields: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields}, ensure_ascii=False)}\n\n"
