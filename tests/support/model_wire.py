"""The wire formats of ``model_server``: what a request must have, and the bytes of answers and errors. Pure."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.adapters.image.fake import plain_png
from overprint.adapters.speech.fake import tone
from overprint.craft.narration.wave_file import write_wave

REFUSED = "(refused)"
CHAT, MESSAGES, IMAGES = "/v1/chat/completions", "/v1/messages", "/v1/images/"
SPEECH, TIMED_SPEECH, VOICES = "/v1/audio/speech", "/v1/text-to-speech/", "/v1/voices"
MODELS = ("gpt-test", "claude-test", "claude-unforced", "gpt-image-test", "tts-test", "eleven-test")
ANTHROPIC_VERSIONS = ("2023-06-01", "2026-10-21")
INPUT_TOKENS, OUTPUT_TOKENS = 1000, 200
PICTURE_INPUT_TOKENS, PICTURE_OUTPUT_TOKENS = 50, 4160
PICTURES_MAX = 16
_QUALITIES = ("low", "medium", "high", "xhigh", "max", "auto", "standard")
PICTURE_COLOUR = b"\x30\x80\xc0"
SPOKEN_RATE_HZ = 24_000
SECONDS_A_CHARACTER = 0.02
_ELEVENLABS_VOICES = (("JBFqnCBsd6RMkjVDRZzb", "George", "male"), ("EXAVITQu4vr4xnSDxMaL", "Sarah", "female"))

# What strict structured output takes, by the vendors' guides; anything else is an invalid schema.
_CLAUDE_KEYWORDS = {
    *("type", "enum", "anyOf", "$ref", "$defs", "properties", "required", "additionalProperties", "items"),
    *("description", "format"),
}
_OPENAI_KEYWORDS = _CLAUDE_KEYWORDS | {"minItems", "maxItems", "minimum", "maximum", "pattern"}
Complaint = tuple[int, str, str]


@dataclass(frozen=True)
class Counts:
    """Whether tokens are counted, and how many of the prompt's came from a cache."""

    are_told: bool = True
    cached: int = 0


def complaint(path: str, headers: Mapping[str, str], body: Mapping[str, Any], key: str) -> Complaint | None:
    """Status, code and message for a request that the real provider would not take."""
    # Anthropic's guide sends x-api-key, its clients since 2026-10-21 a bearer token; OpenAI knows bearer tokens only.
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    sent = headers.get("x-api-key", bearer) if path == MESSAGES else bearer
    if _is_elevenlabs(path):
        return _elevenlabs_complaint(path, headers, body, key)
    if sent != key:
        return 401, "invalid_api_key", f"Incorrect API key provided: {sent}."
    if body.get("model") not in MODELS:
        return 404, "model_not_found", f"The model {body.get('model')!r} does not exist."
    if path == CHAT:
        return _chat_complaint(body)
    if path == MESSAGES:
        return _messages_complaint(headers, body)
    if path == SPEECH and not body.get("input"):
        return 400, "invalid_request_error", "Missing required parameter: 'input'."
    return None if path == SPEECH else _image_complaint(body)


def length_complaint(path: str, body: Mapping[str, Any], most: int) -> Complaint | None:
    """In the vendors' own words, for a model that writes at most so many tokens."""
    name = next((name for name in ("max_tokens", "max_completion_tokens") if name in body), "")
    asked = body.get(name, 0)
    if asked <= most:
        return None
    if path == MESSAGES:
        said = f"{name}: {asked} > {most}, which is the maximum allowed number of output tokens for {body['model']}"
    else:
        said = f"{name} is too large: {asked}. This model supports at most {most} completion tokens."
    return 400, "invalid_request_error", said


def files_complaint(path: str, files: Sequence[tuple[str, bytes]]) -> Complaint | None:
    if path != f"{IMAGES}edits":
        return None
    if not files:
        return 400, "missing_required_parameter", "Missing required parameter: 'image'."
    too_many = len(files) > PICTURES_MAX
    return (400, "invalid_request_error", f"At most {PICTURES_MAX} images.") if too_many else None


def _image_complaint(body: Mapping[str, Any]) -> Complaint | None:
    if not body.get("prompt"):
        return 400, "missing_required_parameter", "Missing required parameter: 'prompt'."
    if body.get("quality", "auto") not in _QUALITIES:
        return 400, "invalid_value", f"Invalid value: '{body['quality']}'. Supported values are: {_QUALITIES}."
    if body.get("output_format", "png") not in ("png", "jpeg", "webp"):
        return 400, "invalid_value", "Invalid value for output_format."
    return None


def _is_elevenlabs(path: str) -> bool:
    return path == VOICES or path.startswith(TIMED_SPEECH)


def _elevenlabs_complaint(path: str, headers: Mapping[str, str], body: Mapping[str, Any], key: str) -> Complaint | None:
    if headers.get("xi-api-key") != key:
        return 401, "invalid_api_key", "Invalid API key"
    if path == VOICES:
        return None
    if path.removeprefix(TIMED_SPEECH).partition("/")[0] not in {voice for voice, _, _ in _ELEVENLABS_VOICES}:
        return 404, "voice_not_found", "A voice with that ID was not found."
    if body.get("model_id") not in MODELS:
        return 400, "model_not_found", f"A model with that ID does not exist: {body.get('model_id')}."
    speed = body.get("voice_settings", {}).get("speed", 1)
    if not body.get("text") or not 0.7 <= speed <= 1.2:
        return 422, "invalid_request", "Invalid text or voice settings."
    return None


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
    told: dict[str, Any]
    if path == MESSAGES:
        told = {"type": "error", "error": {"type": code or "api_error", "message": message}}
    elif _is_elevenlabs(path):
        told = {"detail": {"status": code, "message": message}}
    else:
        kind = "invalid_request_error"
        told = {"error": {"message": message, "type": kind, "param": param, "code": code or None}}
    return json.dumps(told).encode()


def picture_body(body: Mapping[str, Any], picture: bytes | None) -> bytes:
    width, _, height = str(body.get("size", "1024x1024")).partition("x")
    data = plain_png(int(width), int(height), PICTURE_COLOUR) if picture is None else picture
    usage = {
        "input_tokens": PICTURE_INPUT_TOKENS,
        "input_tokens_details": {"text_tokens": PICTURE_INPUT_TOKENS, "image_tokens": 0},
        "output_tokens": PICTURE_OUTPUT_TOKENS,
        "total_tokens": PICTURE_INPUT_TOKENS + PICTURE_OUTPUT_TOKENS,
    }
    made = {"created": 1_790_000_000, "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}
    return json.dumps(made).encode()


def spoken_body(path: str, body: Mapping[str, Any], sound: bytes | None) -> tuple[bytes, str]:
    """The answer of a voice and its media type: a tone as long as the text, or ``sound``."""
    if path == VOICES:
        listed = [
            {"voice_id": voice, "name": name, "category": "premade", "labels": {"gender": gender}}
            for voice, name, gender in _ELEVENLABS_VOICES
        ]
        return json.dumps({"voices": listed}).encode(), "application/json"
    if path == SPEECH:
        pcm = tone(330, len(body["input"]) * SECONDS_A_CHARACTER / body.get("speed", 1), SPOKEN_RATE_HZ)
        return write_wave(pcm, SPOKEN_RATE_HZ) if sound is None else sound, "audio/wav"
    text, seconds = body["text"], SECONDS_A_CHARACTER / body["voice_settings"]["speed"]
    pcm = tone(330, len(text) * seconds, SPOKEN_RATE_HZ) if sound is None else sound
    times = {
        "characters": list(text),
        "character_start_times_seconds": [n * seconds for n in range(len(text))],
        "character_end_times_seconds": [(n + 1) * seconds for n in range(len(text))],
    }
    told = {"audio_base64": base64.b64encode(pcm).decode(), "alignment": times, "normalized_alignment": times}
    return json.dumps(told).encode(), "application/json"


def is_spoken(path: str) -> bool:
    return path == SPEECH or _is_elevenlabs(path)


def events(
    path: str, body: Mapping[str, Any], pieces: Sequence[str], finish: str, error: str, counts: "Counts"
) -> Iterator[tuple[str, bool]]:
    """The events of a streamed answer, each with whether it carries a piece of it."""
    model = str(body["model"])
    if path == MESSAGES:
        return _message_events(model, pieces, finish, error, bool(body.get("tools")), counts)
    asked = bool(body.get("stream_options", {}).get("include_usage"))
    return _chat_events(model, pieces, finish, error, Counts(counts.are_told and asked, counts.cached))


def _chat_events(
    model: str, pieces: Sequence[str], finish: str, error: str, counts: "Counts"
) -> Iterator[tuple[str, bool]]:
    def chunk(delta: dict[str, Any], finished: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finished, "logprobs": None}
        return _chat_event(model, [choice], {"usage": None} if counts.are_told else {})

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
    if counts.are_told:
        used = {
            "prompt_tokens": INPUT_TOKENS,
            "prompt_tokens_details": {"cached_tokens": counts.cached, "audio_tokens": 0},
            "completion_tokens": OUTPUT_TOKENS,
            "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
        }
        yield _chat_event(model, [], {"usage": used}), False
    yield "data: [DONE]\n\n", False


def _chat_event(model: str, choices: list[dict[str, Any]], more: Mapping[str, Any]) -> str:
    told = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": model}
    return f"data: {json.dumps({**told, 'choices': choices, **more}, ensure_ascii=False)}\n\n"


def _message_events(
    model: str, pieces: Sequence[str], finish: str, error: str, has_tool: bool, counts: "Counts"
) -> Iterator[tuple[str, bool]]:
    begun = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": []}
    plain = INPUT_TOKENS - counts.cached
    usage = {"input_tokens": plain, "cache_read_input_tokens": counts.cached, "output_tokens": 1}
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
