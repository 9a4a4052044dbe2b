"""Keeps secrets out of logs and spans.

A value is hidden when its key names a secret (``password``, ``api_key``, ``accessToken``). Inside any text, passwords
in addresses, ``key=value`` secrets, authorization headers and well-known forms of keys are. Patterns are bounded, so
that hostile text costs linear time.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

HIDDEN = "[hidden]"
TEXT_MAX_CHARACTERS = 20_000
ITEMS_MAX = 200
DEPTH_MAX = 6

_SECRET_WORDS = frozenset(
    {
        *("password", "passwd", "passphrase", "pwd", "token", "secret", "signature", "apikey"),
        *("authorization", "credential", "credentials", "cookie"),
    }
)
_SECRET_KEYS = frozenset((kind, "key") for kind in ("api", "access", "secret", "private", "signing"))
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+")

_URL_PASSWORD = re.compile(r"://([^\s/:@]{0,256}):([^\s/]{1,512})@")
_NAMED_SECRET = re.compile(
    r"(?i)\b((?:[a-z]{1,20}_){0,3}(?:password|passwd|token|secret|api_?key|secret_key|access_key|signature))"
    r"(\"?'?\s?[=:]\s?)(\"?'?)[^\s&,;\"']{1,2000}"
)
_HEADER = re.compile(r"(?i)\b(bearer|authorization:?\s?basic)\s{1,4}[a-z0-9._~+/=-]{8,4000}")
_VENDOR_KEY = re.compile(r"\b(sk|rk|whsec|ghp)([-_])[A-Za-z0-9_-]{12,400}")


def is_secret_name(name: str) -> bool:
    """Whether values of this name are hidden. ``token`` is; ``tokens``, a count, is not."""
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    return not _SECRET_WORDS.isdisjoint(words) or not _SECRET_KEYS.isdisjoint(pairwise(words))


def clean_text(text: str) -> str:
    """``text`` without secrets, cut when very long."""
    if len(text) > TEXT_MAX_CHARACTERS:
        text = f"{text[:TEXT_MAX_CHARACTERS]}… ({len(text)} characters)"
    text = _URL_PASSWORD.sub(rf"://\1:{HIDDEN}@", text)
    text = _VENDOR_KEY.sub(rf"\1\2{HIDDEN}", text)
    text = _HEADER.sub(rf"\1 {HIDDEN}", text)
    return _NAMED_SECRET.sub(rf"\1\2\3{HIDDEN}", text)


def clean(value: Any, depth: int = 0) -> Any:
    """A copy of ``value`` made of plain types, without secrets, bounded in length and depth."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if depth >= DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        return clean_mapping(value, depth)
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(item, depth + 1) for item in list(value)[:ITEMS_MAX]]
    return clean_text(_text_of(value))


def clean_mapping(mapping: Mapping[Any, Any], depth: int = 0) -> dict[str, Any]:
    items = list(mapping.items())[:ITEMS_MAX]
    return {str(key): HIDDEN if is_secret_name(str(key)) else clean(value, depth + 1) for key, value in items}


def _text_of(value: object) -> str:
    try:
        return str(value)
    except Exception:
        # A log line must never fail because of what it describes.
        return f"<{type(value).__name__}>"
